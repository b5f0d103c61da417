"""Sentences for rule codes: every derived row carries a code, and this package has the words for it.

The TOML files beside this module hold one table per code: `sentence`, with the columns of the row in braces,
and `source`.
"""

import datetime as dt
import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from string import Formatter
from typing import Any

FOLDER = Path(__file__).parent
MISSING = "not recorded"
NO_SENTENCE = "Rule {code}: no explanation on record."
MISSING_TYPES = {"NAType", "NaTType"}  # pandas, which this layer does not import
# What a sentence asks for, what the row has, and how many of those make one.
STORED_UNITS = (("_mm", "_tenth_mm", 10), ("_percent", "_ppm", 10_000))
# A count of one with the plural of the sentence: 1 days, 1 valid samples.
ONE_OF_MANY = re.compile(
    r"(?<![\d.,])1 ((?:(?:working|valid|consecutive|target|new|tracked) )?"
    r"(?:day|week|month|sample|scan|variant|lesion))s\b"
)
CODED = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|[A-Z0-9]+(_[A-Z0-9]+)+")


@dataclass(frozen=True)
class Rule:
    """The words for one code, where they come from, and the group (file) they stand in."""

    sentence: str
    source: str
    group: str = ""


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, group by group in the order of the files."""
    return {
        code: Rule(entry["sentence"], entry["source"], path.stem)
        for path in sorted(FOLDER.glob("*.toml"))
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def format_day(day: dt.date) -> str:
    """A date that no country reads differently, for instance 12 Feb 2026."""
    return f"{day.day} {day:%b %Y}"


def sentence(code: str, row: Mapping[str, Any], *, name_day: Callable[[dt.date], str] = format_day) -> str:
    """The sentence of a code with the numbers of its row.

    A number the row does not have is "not recorded"; {x_mm} is also found as x_tenth_mm and {x_percent} as
    x_ppm, the units rows are kept in. `name_day` writes the dates, in a study without calendar
    dates as study time. A code without an entry says so.
    """
    rule = rules().get(code)
    if rule is None:
        return NO_SENTENCE.format(code=code)
    return ONE_OF_MANY.sub(r"1 \1", _Words(name_day).vformat(rule.sentence, (), row))


def outline(code: str) -> str:
    """The sentence of a code without a row: each number as its name in brackets. KeyError names the code.

    >>> outline("LINE_FIRST")[:11]
    'Line ‹line›'
    """
    parts = Formatter().parse(rules()[code].sentence)
    return "".join(text + (f"‹{name.replace('_', ' ')}›" if name else "") for text, name, _, _ in parts)


class _Words(Formatter):
    """str.format for people: no nan, no None, no time of day, no code."""

    def __init__(self, name_day: Callable[[dt.date], str]) -> None:
        self.name_day = name_day

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        name = str(key)
        for ending, stored, per_unit in STORED_UNITS:
            if name not in kwargs and name.endswith(ending):
                value = kwargs.get(name.removesuffix(ending) + stored)
                return None if is_missing(value) else Decimal(str(value)) / per_unit
        return kwargs.get(name)

    def format_field(self, value: Any, format_spec: str) -> str:
        if is_missing(value):
            return MISSING
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dt.date):
            return self.name_day(value)
        if isinstance(value, Integral | Real | Decimal):
            return format(value, format_spec) if format_spec else _number(value)
        return _text(str(value))


def is_missing(value: Any) -> bool:
    """Whether a value stands for nothing: None, NaN, NaT, NA, infinite or empty."""
    if value is None or type(value).__name__ in MISSING_TYPES:
        return True
    if isinstance(value, Decimal | Real):
        return not math.isfinite(value)
    return isinstance(value, str) and not value.strip()


def _number(value: Any) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    shown = format(exact, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _text(value: str) -> str:
    return value.replace("_", " ").lower() if CODED.fullmatch(value) else value
