"""What became of the records of an extract, in words and tables."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.tables.formats import NOTHING, format_count, format_date, format_days

CTDNA = re.compile(r"\bctdna\b")
SET_ASIDE_RULES = {
    "amended": "earlier version of a laboratory report; the latest is loaded",
    "unlinked_laboratory_id": "laboratory ID not linked to a patient",
    "no_value": "no value in the columns that are read",
    "other_instrument": "row of another form",
    "other_event": "row of another event",
    "looked_up_only": "file only looked things up in",
    "not_selected": "not taken by the study's own query",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "gb18030": "GB18030",
    "cp1258": "Windows-1258",
    "utf-16": "UTF-16",
}
COUNTS = {
    "n_records": "Records in",
    "n_loaded": "Loaded",
    "n_rejected": "Not loaded",
    "n_set_aside": "Set aside",
    "n_data_issues": "Data issues",
}


@dataclass(frozen=True)
class Balance:
    """Records of all files, and the files whose records do not add up."""

    n_records: int
    n_loaded: int
    n_rejected: int
    n_set_aside: int
    wrong_files: tuple[str, ...]

    @property
    def words(self) -> str:
        """Whether every record is accounted for, with the numbers."""
        if self.wrong_files:
            return "The counts do not balance in: " + ", ".join(self.wrong_files)
        return (
            f"Every record is accounted for: {self.n_records:,} in = {self.n_loaded:,} loaded "
            f"+ {self.n_rejected:,} not loaded + {self.n_set_aside:,} set aside by a rule."
        )


def balance(ledger: pd.DataFrame) -> Balance:
    """The balance of a ledger. Each file and each table it feeds must add up by itself."""
    parts = ledger[["n_loaded", "n_rejected", "n_set_aside"]].sum(axis="columns")
    wrong = ledger.loc[parts != ledger["n_records"], "source_file"]
    whole = ledger[ledger["canonical_table"] == ""]
    sums = {
        column: int(whole[column].sum()) for column in ("n_records", "n_loaded", "n_rejected", "n_set_aside")
    }
    return Balance(**sums, wrong_files=tuple(dict.fromkeys(str(file) for file in wrong)))


def ledger_table(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row per file, and below it one per table it feeds."""
    lines = ledger.to_dict("records")
    return pd.DataFrame(
        {
            "File": [line["source_file"] for line in lines],
            "Feeds": [_words(line["canonical_table"]) or "whole file" for line in lines],
            **{
                title: [int(line[name]) for line in lines] for name, title in COUNTS.items() if name in ledger
            },
            "Rows made": [int(line["n_rows"]) for line in lines],
        }
    )


def _words(name: Any) -> str:
    if name is None or pd.isna(name):
        return ""
    return CTDNA.sub("ctDNA", str(name).replace("_", " "))


def identifying_words(n_dropped: int, *, n_files: int) -> str:
    """How many files had columns that identify people, and what became of those."""
    if not n_dropped:
        return "No file has a column that identifies people."
    has = "has" if n_dropped == 1 else "have"
    return (
        f"{n_dropped} of {format_count(n_files, 'file')} {has} columns that identify people; they were "
        "dropped at reading, before anything was stored."
    )


def files_table(files: pd.DataFrame) -> pd.DataFrame:
    """One row per file or sheet: how it was read, what it feeds, which columns identify people."""
    lines = files.to_dict("records")
    notes = [_text(line["notes"]) for line in lines]
    table = pd.DataFrame(
        {
            "File": [line["source_file"] for line in lines],
            "Encoding": [encoding_words(line["encoding"]) for line in lines],
            "Records": _counts([line["n_records"] for line in lines]),
            "Feeds": [_words(line["feeds"]) or "nothing" for line in lines],
            "Not kept, identify people": [_words_or_none(line["dropped_columns"]) for line in lines],
            "Columns not used": [int(line["n_unmapped"]) for line in lines],
            "SHA-256": [_text(line["sha256"])[:12] for line in lines],
        }
    )
    return table.assign(Notes=notes) if any(notes) else table


def _counts(values: Sequence[Any]) -> list[int] | list[str]:
    """Numbers; where a file was not read and so has none, texts with a dash for it."""
    if any(pd.isna(value) for value in values):
        return [NOTHING if pd.isna(value) else str(value) for value in values]
    return [int(value) for value in values]


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _words_or_none(value: Any) -> str:
    return _text(value) or "none"


def encoding_words(encoding: Any) -> str:
    """Name of an encoding as Excel calls it; a workbook has none to choose."""
    text = _text(encoding)
    return ENCODINGS.get(text.lower(), text) if text else "workbook"


def unmapped_table(files: pd.DataFrame) -> pd.DataFrame:
    """One row per column that no mapping rule names: the column and the files it stands in."""
    found: dict[str, list[str]] = {}
    for line in files.to_dict("records"):
        for column in filter(None, _text(line["unmapped"]).split(", ")):
            found.setdefault(column, []).append(str(line["source_file"]))
    return pd.DataFrame(
        [
            {"Column": column, "Files": len(names), "First file": names[0]}
            for column, names in sorted(found.items())
        ],
        columns=["Column", "Files", "First file"],
    )


def rejected_table(rejected: pd.DataFrame) -> pd.DataFrame:
    """One row per problem: where it stands, what was found, what is allowed."""
    lines = rejected.to_dict("records")
    return pd.DataFrame(
        {
            "File": [line["source_file"] for line in lines],
            "Row": [_row(line["source_row"]) for line in lines],
            "Table": [_words(line["canonical_table"]) for line in lines],
            "Column": [_text(line["column_name"]) for line in lines],
            "Found": [_found(line) for line in lines],
            "Allowed": [_text(line["allowed"]) or _text(line["message"]) for line in lines],
        }
    )


def _row(value: Any) -> str:
    return NOTHING if value is None or pd.isna(value) else str(int(value))


def _found(line: Mapping[Any, Any]) -> str:
    if not _text(line["column_name"]):
        return _text(line["row_text"]) or "a line that could not be read"
    return _text(line["value"]) or "missing"


def rejected_counts(rejected: pd.DataFrame) -> pd.DataFrame:
    """One row per file, table, column and what is allowed: rows not loaded, without a value of theirs."""
    named = pd.DataFrame(
        {
            "File": rejected["source_file"],
            "Table": rejected["canonical_table"].map(_words),
            "Column": rejected["column_name"].map(_text),
            "Allowed": [
                _text(allowed) or "a line that can be read as a record" for allowed in rejected["allowed"]
            ],
        }
    )
    return named.value_counts(sort=False).rename("Rows").reset_index()


def set_aside_table(set_aside: pd.DataFrame) -> pd.DataFrame:
    """One row per file and rule: records that feed no table, with the rows they stand in."""
    lines = set_aside.to_dict("records")
    return pd.DataFrame(
        {
            "File": [line["source_file"] for line in lines],
            "Why": [set_aside_words(str(line["rules"])) for line in lines],
            "Records": [int(line["n_records"]) for line in lines],
            "Rows": [_span(int(line["first_row"]), int(line["last_row"])) for line in lines],
        }
    )


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def set_aside_words(rules: str) -> str:
    """The words for one or several rules; a rule of the study stands as its mapping names it.

    >>> set_aside_words("amended"), set_aside_words("tissue_sequencing")
    ('earlier version of a laboratory report; the latest is loaded', 'tissue sequencing')
    """
    return ", ".join(SET_ASIDE_RULES.get(rule, rule.replace("_", " ")) for rule in rules.split(" + "))


def unlinked_table(unlinked: pd.DataFrame) -> pd.DataFrame:
    """One row per laboratory result without a patient, with what helps to match it by hand."""
    lines = unlinked.to_dict("records")
    return pd.DataFrame(
        {
            "Laboratory ID": [_text(line["laboratory_id"]) or "missing" for line in lines],
            "Collected": [_day(line["collected_on"]) for line in lines],
            "Sex, as written": [_text(line["sex"]) or "not recorded" for line in lines],
            "Year of birth": [_text(line["birth_year"]) or "not recorded" for line in lines],
            "File": [line["source_file"] for line in lines],
            "Row": [_row(line["source_row"]) for line in lines],
        }
    )


def _day(value: Any) -> str:
    return NOTHING if value is None or pd.isna(value) else format_date(value)


def cuts_table(cuts: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per data cut, newest first. Each item is a manifest with `is_current` and `is_shown`."""
    return pd.DataFrame(
        [
            {
                "Data cut": format_date(dt.date.fromisoformat(str(cut["cut_off"])[:10])),
                "Serves": "current" if cut["is_current"] else "",
                "On this page": "yes" if cut["is_shown"] else "",
                "Extract received": format_date(received_on(cut)),
                **{title: _row(cut.get(name)) for name, title in COUNTS.items()},
                "Layout": _text(cut.get("layout")) or "study's own",
                "Built": _moment(cut.get("built_at")),
            }
            for cut in cuts
        ]
    )


def _moment(value: Any) -> str:
    try:
        built = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return NOTHING
    return f"{format_date(built.date())}, {built:%H:%M} UTC"


def received_words(manifest: Mapping[str, Any]) -> str:
    """When the extract was received, and how long after the data cut, from the manifest of a data cut."""
    received = received_on(manifest)
    if received is None:
        return "extract date not recorded"
    days = (received - dt.date.fromisoformat(str(manifest["cut_off"])[:10])).days
    later = f", {format_days(days)} after the data cut" if days > 0 else ""
    return f"extract received {format_date(received)}{later}"


def received_on(manifest: Mapping[str, Any]) -> dt.date | None:
    """Day the extract was received; None where the manifest does not say."""
    text = str(manifest.get("extracted_at") or "")[:10]
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
