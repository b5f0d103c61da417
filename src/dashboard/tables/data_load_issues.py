"""Data issues as a list and by group: what was found, where, what is left out because of it."""

import contextlib
import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.tables.formats import NOTHING, NameDay, format_date, format_ppm

NUMBER = re.compile(r"\d+(?:\.\d+)?")
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
# Groups of clinical-decisions A40, most urgent first; the last is never in a count.
GROUPS = {
    "blocks_primary": "Blocks the primary result",
    "please_check": "Please check",
    "for_information": "For information",
}
NOT_COUNTED = "for_information"
EXCLUDED = {
    "none": "Nothing is left out because of it.",
    "row": "The row is left out of every analysis until it is corrected.",
    "value": "The value is left out of every analysis until it is corrected; the rest of the row stays.",
}


@dataclass(frozen=True)
class CheckWords:
    """Words of one check: title, message with the columns of the data issue in braces, why it matters.

    In the message `values` are the parts of value_text between " | ", and the format ppm gives in per cent
    what is kept in parts per million: {value_text:ppm}, {values[1]:ppm}.
    """

    title: str
    message: str
    why_it_matters: str


def to_check(issues: pd.DataFrame, *, chased: Collection[str] = ()) -> pd.DataFrame:
    """The data issues that count: not those for information; of a systematic check its first alone.

    `chased`: checks counted on the page Follow-up, and so not here.
    """
    counted = issues[(issues["issue_group"] != NOT_COUNTED) & ~issues["check_id"].isin(list(chased))]
    return first_of_systematic(counted)


def first_of_systematic(issues: pd.DataFrame) -> pd.DataFrame:
    """The data issues with the first alone of those a systematic check found; its single ones stay."""
    is_systematic = issues["is_systematic"].astype(bool)
    return issues[~(is_systematic & issues.duplicated(["check_id", "is_systematic"]))]


def n_blocking(by_check: pd.DataFrame, *, chased: Collection[str] = ()) -> int:
    """Data issues that block the primary result, a systematic check counted once; rows as in checks_table.

    `chased`: checks counted on the page Follow-up, and so not here.
    """
    is_here = (by_check["issue_group"] == "blocks_primary") & ~by_check["check_id"].isin(list(chased))
    blocking = by_check[is_here]
    return int(blocking["n_issues"].where(~blocking["is_systematic"].astype(bool), 1).sum())


def checks_table(
    by_check: pd.DataFrame,
    *,
    titles: Mapping[str, str],
    n_patients: int,
    n_applies_to: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """One row per check that found something: group, check, data issues, patients, remark; most urgent first.

    `by_check` has check_id, issue_group, is_systematic, n_issues, n_patients. A systematic check is one data
    issue: one wrong mapping and not many wrong records (clinical-decisions A40). `n_applies_to`: patients a
    check can find something of; `n_patients`, all of them, where it does not say.
    """
    known = n_applies_to or {}
    order = {group: place for place, group in enumerate(GROUPS)}
    rows = sorted(
        by_check.to_dict("records"),
        key=lambda row: (order.get(row["issue_group"], 9), -row["n_patients"], row["check_id"]),
    )
    lines = [
        {
            "Group": GROUPS.get(row["issue_group"], str(row["issue_group"])),
            "Check": f"{titles.get(row['check_id'], 'check without title')} ({row['check_id']})",
            "Data issues": 1 if row["is_systematic"] else int(row["n_issues"]),
            "Patients": _patients_of(row, known.get(row["check_id"], n_patients)),
            "Remark": systematic_words(int(row["n_patients"])) if row["is_systematic"] else "",
        }
        for row in rows
    ]
    return pd.DataFrame(lines, columns=["Group", "Check", "Data issues", "Patients", "Remark"])


def _patients_of(row: Mapping[Any, Any], n_patients: int) -> str:
    """Patients concerned of those the check can find something of; a dash where it is about a file."""
    n = int(row["n_patients"])
    return f"{n} of {n_patients}" if n else NOTHING


def systematic_words(n_patients: int, *, n_applies_to: int | None = None) -> str:
    """What stands for all data issues of a systematic check; `n_applies_to`: patients it can apply to."""
    of = "" if n_applies_to is None else f" of the {n_applies_to} it can apply to"
    return f"systematic: {n_patients} patients{of}, by the mapping or by the plan of the study"


def by_check(issues: pd.DataFrame) -> pd.DataFrame:
    """One row per check of these data issues, as checks_table takes it."""
    return issues.groupby(["check_id", "issue_group", "is_systematic"], as_index=False).agg(
        n_issues=("row_key", "size"), n_patients=("patient_id", "nunique")
    )


def issues_table(
    issues: pd.DataFrame,
    *,
    checks: Mapping[str, CheckWords],
    name_day: NameDay = format_date,
    n_patients: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """One row per data issue, in the order of `issues`; `name_day` writes the dates.

    `n_patients` names the checks of which one row stands for all, with the patients they concern.
    """
    lines = issues.to_dict("records")
    many = n_patients or {}
    return pd.DataFrame(
        {
            "Group": [GROUPS.get(str(line["issue_group"]), str(line["issue_group"])) for line in lines],
            "Check": [_title(line, checks) for line in lines],
            "Patient": [
                f"{many[line['check_id']]} patients"
                if _stands_for_all(line, many)
                else _text(line["patient_id"]) or "none"
                for line in lines
            ],
            "Table": [_text(line["table_name"]).replace("_", " ") for line in lines],
            "What was found": [_found(line, many, checks=checks, name_day=name_day) for line in lines],
        }
    )


def _found(
    line: Mapping[Any, Any], many: Mapping[str, int], *, checks: Mapping[str, CheckWords], name_day: NameDay
) -> str:
    said = issue_words(line, checks=checks, name_day=name_day)
    if not _stands_for_all(line, many):
        return said
    return f"{systematic_words(many[str(line['check_id'])])}; the first: {said}"


def _stands_for_all(line: Mapping[Any, Any], many: Mapping[str, int]) -> bool:
    """Whether a row stands for all: systematic in one table, a check may find single rows in another."""
    return bool(line["is_systematic"]) and str(line["check_id"]) in many


def _title(line: Mapping[Any, Any], checks: Mapping[str, CheckWords]) -> str:
    words = checks.get(str(line["check_id"]))
    return f"{words.title} ({line['check_id']})" if words else str(line["check_id"])


def issue_words(
    line: Mapping[Any, Any], *, checks: Mapping[str, CheckWords], name_day: NameDay = format_date
) -> str:
    """The message of one data issue with its values; a value the issue does not have is "not recorded"."""
    words = checks.get(str(line["check_id"]))
    known = {name: _Value(_text(value) or "not recorded") for name, value in line.items()}
    known["column_name"] = _Value(known["column_name"].replace("_", " "))
    known["row_key"] = _Value(known["row_key"].replace(" | ", ", "))
    values = [_Value(part) for part in known["value_text"].split(" | ")]
    said = f"{known['row_key']}: {known['value_text']}"
    if words is not None:
        # An older data cut wrote its numbers into a sentence, which then stands as it is.
        with contextlib.suppress(IndexError):
            said = words.message.format(**known, values=values)
    return _days_named(said, name_day)


class _Value(str):
    """A value in a message; the format ppm says a number of parts per million in per cent."""

    def __format__(self, spec: str) -> str:
        if spec != "ppm":
            return super().__format__(spec)
        return f"{format_ppm(Decimal(self))} %" if NUMBER.fullmatch(self) else str(self)


def key_words(row_key: str, *, name_day: NameDay = format_date) -> str:
    """What a row is about, from its key: "K1 | her2 | 2022-07-26" is "K1, her2, 26 Jul 2022"."""
    return _days_named(row_key.replace(" | ", ", "), name_day)


def _days_named(text: str, name_day: NameDay) -> str:
    return ISO_DATE.sub(lambda found: _named(found.group(), name_day), text)


def _named(text: str, name_day: NameDay) -> str:
    try:
        return name_day(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
