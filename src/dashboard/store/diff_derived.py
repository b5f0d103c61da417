"""Derived rows of two data cuts: what a change of study rules or of software did to a patient."""

from dataclasses import replace
from functools import lru_cache

from dashboard.model.tables import definition_tables, mart_tables
from dashboard.store.diff_rows import RowChange, columns_of, differing_rows
from dashboard.store.reader import Reader

SOFTWARE = "software"
# What a reader of the patient page sees of the derived rows. None of these changes because time goes by.
COMPARED = (
    "line_of_therapy",
    "line_baseline",
    "overall_response",
    "best_response",
    "ctdna_level",
    "ctdna_state",
    "molecular_response",
    "variant_course",
    "time_to_event",
)
# Last dose of a line that goes on is the last day read; where a derived row came from is no value of it.
IGNORED = {("line_of_therapy", "last_dose_on")}
ORIGINS = {
    "source_table",
    "source_key",
    "origin_source_table",
    "origin_source_key",
    "end_source_table",
    "end_source_key",
    "objective_response_source_table",
    "objective_response_source_key",
}


@lru_cache(maxsize=64)
def changed_rules(before: Reader, after: Reader) -> tuple[str, ...]:
    """What decides derived rows and changed: names of definition tables, and "software"."""
    names = [name for name in definition_tables() if _definition(before, name) != _definition(after, name)]
    software = [reader.snapshot.manifest.get("rules") for reader in (before, after)]
    return (*names, *([SOFTWARE] if software[0] != software[1] else []))


def _definition(reader: Reader, name: str) -> list[str] | None:
    if name not in columns_of(reader):
        return None
    return sorted(repr(row) for row in reader.records(f'select * from "{name}"'))


def derived_differences(
    before: Reader, after: Reader, *, patient_id: str | None = None
) -> dict[str, list[RowChange]]:
    """Derived rows that differ, by patient; none while study rules and software are the same."""
    if not changed_rules(before, after):
        return {}
    found: dict[str, list[RowChange]] = {}
    for name in COMPARED:
        for row in differing_rows(before, after, mart_tables()[name], patient_id=patient_id):
            values = tuple(value for value in row.values if _counts(name, value.column))
            if row.is_whole_row or values:
                found.setdefault(row.patient_id, []).append(replace(row, values=values))
    return found


def _counts(mart: str, column: str) -> bool:
    return column not in ORIGINS and (mart, column) not in IGNORED
