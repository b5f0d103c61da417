"""Data issues as a list: what was found, where, what is left out because of it."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.tables.formats import format_date
from dashboard.tables.overview_words import SEVERITIES

NameDay = Callable[[dt.date], str]
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
EXCLUDED = {
    "none": "Nothing is left out because of it.",
    "row": "The row is left out of every analysis until it is corrected.",
    "value": "The value is left out of every analysis until it is corrected; the rest of the row stays.",
}


@dataclass(frozen=True)
class CheckWords:
    """Words of one check: title, message with the columns of the data issue in braces, why it matters."""

    title: str
    message: str
    why_it_matters: str


def issues_table(
    issues: pd.DataFrame, *, checks: Mapping[str, CheckWords], name_day: NameDay = format_date
) -> pd.DataFrame:
    """One row per data issue, in the order of `issues`; `name_day` writes the dates."""
    lines = issues.to_dict("records")
    return pd.DataFrame(
        {
            "Severity": [SEVERITIES.get(str(line["severity"]), str(line["severity"])) for line in lines],
            "Check": [_title(line, checks) for line in lines],
            "Patient": [_text(line["patient_id"]) or "none" for line in lines],
            "Table": [_text(line["table_name"]).replace("_", " ") for line in lines],
            "What was found": [issue_words(line, checks=checks, name_day=name_day) for line in lines],
        }
    )


def _title(line: Mapping[Any, Any], checks: Mapping[str, CheckWords]) -> str:
    words = checks.get(str(line["check_id"]))
    return f"{words.title} ({line['check_id']})" if words else str(line["check_id"])


def issue_words(
    line: Mapping[Any, Any], *, checks: Mapping[str, CheckWords], name_day: NameDay = format_date
) -> str:
    """The message of one data issue with its values; a value the issue does not have is "not recorded"."""
    words = checks.get(str(line["check_id"]))
    known = {name: _text(value) or "not recorded" for name, value in line.items()}
    known["column_name"] = known["column_name"].replace("_", " ")
    said = f"{known['row_key']}: {known['value_text']}" if words is None else words.message.format(**known)
    return ISO_DATE.sub(lambda found: _named(found.group(), name_day), said)


def _named(text: str, name_day: NameDay) -> str:
    try:
        return name_day(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
