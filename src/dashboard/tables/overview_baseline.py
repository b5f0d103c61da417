"""The baseline table: who is in the study. Missing values are a row of their own."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from dashboard.studies import vocabulary
from dashboard.tables.shares import count_words

MISSING = "Not recorded"
MISSING_VALUES = {"unknown", ""}


@dataclass(frozen=True)
class Variable:
    """One characteristic: where its values come from, its name on screen, and the words for its values.

    Values in `words` come in that order; others after them, sorted where `is_ordered`, else by frequency.
    `missing` is the word where there is no value; `is_treatment` says that a physician chose it.
    """

    source: str
    name: str
    label: str
    words: Mapping[str, str] = field(default_factory=dict)
    is_ordered: bool = False
    missing: str = MISSING
    is_treatment: bool = False

    @property
    def by(self) -> str:
        """What the groups of a figure are of, for its title and files: "by CDK4/6 inhibitor of line 1"."""
        return f"by {self.label}"

    @property
    def caution(self) -> str:
        """What every figure by a treatment says (clinical-decisions A42); empty for other groups."""
        return vocabulary.WORDS["no_comparison"] if self.is_treatment else ""


@dataclass(frozen=True)
class Column:
    """One column of the table: its name and the patients it counts."""

    name: str
    patient_ids: tuple[str, ...]


def baseline_table(
    rows: pd.DataFrame, *, variables: Sequence[Variable], columns: Sequence[Column], counts_only_below: int
) -> pd.DataFrame:
    """One row per characteristic and value: count and per cent of all patients of the column.

    `rows` has patient_id, source, name and value, one row per patient and recorded characteristic. Headings
    say n; per cents are left out where a column has fewer than `counts_only_below` patients.
    """
    lines: list[dict[str, str]] = []
    places = rows.groupby(["source", "name"]).indices
    values_of = rows.set_index("patient_id")["value"]
    for variable in variables:
        values = values_of.iloc[np.asarray(places.get((variable.source, variable.name), []), dtype=int)]
        if variable.source == "number":
            own_lines = _number_lines(values, variable=variable, columns=columns)
        else:
            own_lines = _count_lines(
                values, variable=variable, columns=columns, counts_only_below=counts_only_below
            )
        lines += _told_once(own_lines, columns=columns)
    return pd.DataFrame(lines, columns=["Characteristic", "Value", *[heading(column) for column in columns]])


def _told_once(lines: list[dict[str, str]], *, columns: Sequence[Column]) -> list[dict[str, str]]:
    """The lines of one characteristic; where none is missing, the first line says so and the last goes."""
    if any(lines[-1][heading(column)] != "0" for column in columns) or len(lines) == 1:
        return lines
    lines[0]["Characteristic"] += " (none missing)"
    return lines[:-1]


def heading(column: Column) -> str:
    """Name of a column with its number of patients."""
    return f"{column.name}, n = {len(column.patient_ids)}"


def _number_lines(
    values: pd.Series, *, variable: Variable, columns: Sequence[Column]
) -> list[dict[str, str]]:
    titles = ("Median (quartiles)", "Range", MISSING)
    lines = [
        {"Characteristic": variable.label if not place else "", "Value": title}
        for place, title in enumerate(titles)
    ]
    for column in columns:
        known = pd.to_numeric(values[values.index.isin(column.patient_ids)]).astype("float64")
        for line, text in zip(lines, _number_words(known, n=len(column.patient_ids)), strict=True):
            line[heading(column)] = text
    return lines


def _number_words(known: pd.Series, *, n: int) -> tuple[str, str, str]:
    missing = str(n - len(known))
    if known.empty:
        return "not recorded", "not recorded", missing
    quartiles = known.quantile([0.25, 0.5, 0.75])
    is_whole = bool((known == known.round()).all())
    low, middle, high = (_whole(value) if is_whole else f"{value:.1f}" for value in quartiles)
    return f"{middle} ({low}–{high})", f"{known.min():g}–{known.max():g}", missing


def _whole(value: float) -> str:
    """A quartile of whole numbers, such as completed years, as a whole number; halves go up."""
    return f"{math.floor(value + 0.5)}"


def _count_lines(
    values: pd.Series, *, variable: Variable, columns: Sequence[Column], counts_only_below: int
) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = []
    words = {value: value_words(str(value), variable=variable) for value in values.unique()}
    named = values.map(words)
    counted = {heading(column): _counts(named, column, missing=variable.missing) for column in columns}
    for value in [*_order(named, variable=variable), variable.missing]:
        line = {"Characteristic": variable.label if not lines else "", "Value": value}
        for column in columns:
            line[heading(column)] = count_words(
                counted[heading(column)][value],
                n=len(column.patient_ids),
                counts_only_below=counts_only_below,
            )
        lines.append(line)
    return lines


def _counts(named: pd.Series, column: Column, *, missing: str) -> Counter[str]:
    """Patients of the column by the words of their value; without a row they count as missing."""
    inside = named[named.index.isin(column.patient_ids)]
    found = Counter(map(str, inside))
    found[missing] += len(column.patient_ids) - len(inside)
    return found


def value_words(value: str, *, variable: Variable) -> str:
    """The words for one value; a value that says nothing is missing."""
    if value.strip().lower() in MISSING_VALUES:
        return variable.missing
    parts = [variable.words.get(part, part.replace("_", " ")) for part in value.split(" + ")]
    return " + ".join(
        [parts[0], *[part[:1].lower() + part[1:] if part[1:2].islower() else part for part in parts[1:]]]
    )


def _order(named: pd.Series, *, variable: Variable) -> list[str]:
    listed = [words for words in dict.fromkeys(variable.words.values()) if words != variable.missing]
    counts = named[(named != variable.missing) & ~named.isin(listed)].value_counts()
    others = sorted(counts.index) if variable.is_ordered else list(counts.index)
    present = set(named)
    return [words for words in listed if words in present] + [str(value) for value in others]
