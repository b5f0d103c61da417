"""The words in which a site or laboratory is asked for what is owed, in English, Vietnamese or Chinese.

The texts are data (texts/requests.toml). A language without a text for an item is offered the English one:
nothing is translated here.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from dashboard.rules import MISSING, format_day, is_missing

FILE = Path(__file__).parent / "texts" / "requests.toml"
LANGUAGES: dict[str, str] = {"en": "English", "vi": "Vietnamese", "zh": "Chinese"}
ENGLISH = "en"
# The texts for responses name CT; other examinations have the same text with their own name.
SCANS: dict[str, str] = {"pet_ct": "PET-CT", "mri": "MRI"}
NO_NAME = "imaging"
PLANNED = ("ctdna", "imaging")
NAME_DAY: dict[str, Callable[[dt.date], str]] = {
    "en": format_day,
    "vi": lambda day: f"{day:%d/%m/%Y}",
    "zh": lambda day: f"{day.year}年{day.month}月{day.day}日",
}


@dataclass(frozen=True)
class Request:
    """A text ready to be copied, and the language it is in."""

    text: str
    language: str


@cache
def request_texts() -> dict[str, dict[str, str]]:
    """Every entry of the file by its key: `date` (a column), `en`, and `vi`, `zh` where there is a text."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def place_holders(text: str) -> set[str]:
    """Names of the place-holders of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def request_key(row: Mapping[str, Any]) -> str:
    """Which entry asks for an item of the table follow_up.

    A planned draw or scan has its own entry, else that of its kind; before it is overdue, and where the
    protocol states no interval, another. Everything else is asked for in the words of its item.
    """
    if row["state"] == "CANNOT_TELL" and row["item"] != "laboratory_result":
        return "cannot_tell"
    if row["kind"] not in PLANNED:
        other = row["item"] == "response" and row.get("modality") != "ct"
        return "response_other" if other else row["item"]
    return _planned_key(row)


def _planned_key(row: Mapping[str, Any]) -> str:
    own = row["item"] if row["item"] in request_texts() else row["kind"]
    if row["state"] == "CLOSES_SOON" and f"{own}_due" in request_texts():
        return f"{own}_due"
    if row["state"] != "OVERDUE":
        return f"{row['kind']}_due"
    if not row["is_protocol"]:
        has_none = is_missing(row.get("last_done_on")) and not is_missing(row.get("began"))
        return f"{row['kind']}_assumed{'_never' if has_none else ''}"
    return own


def request(row: Mapping[str, Any], *, language: str = ENGLISH) -> Request:
    """The text that asks for an item, in the language asked for, else in English.

    `row` is one of the table follow_up with the `modality` of a response, `died_on` of a patient who died,
    and `began`: in words since when one is expected. Raises KeyError for a language that is none of
    LANGUAGES.
    """
    entry = request_texts()[request_key(row)]
    has_text = language in entry and not is_missing(row.get(entry["date"]))
    used = language if has_text or language not in LANGUAGES else ENGLISH
    name_day = NAME_DAY[used]

    def day(column: str) -> str:
        value = row.get(column)
        return MISSING if is_missing(value) else name_day(value)  # type: ignore[arg-type]

    values = {
        "id": _patient(row, language=used),
        "date": day(entry["date"]),
        "opens": day("opens_on"),
        "drug": row["label"],
        "label": _in_a_sentence(str(row["label"])),
        "scan": SCANS.get(row.get("modality") or "", NO_NAME),
        "days": _number(row.get("days_without")),
        "missing": row.get("missing_date") or MISSING,
        "began": row.get("began") or MISSING,
    }
    return Request(text=entry[used].format(**values), language=used)


def _patient(row: Mapping[str, Any], *, language: str) -> str:
    died_on = row.get("died_on")
    if is_missing(died_on):
        return str(row["patient_id"])
    words = request_texts()["died"][language]
    return words.format(id=row["patient_id"], date=NAME_DAY[language](died_on))  # type: ignore[arg-type]


def _in_a_sentence(label: str) -> str:
    """A label that begins with a word in small letters, one that begins with an abbreviation as it is."""
    return f"{label[:1].lower()}{label[1:]}" if label[1:2].islower() else label


def _number(value: Any) -> str:
    return MISSING if is_missing(value) else str(int(value))
