"""What a data cut says about the rows that queries ask about: is the data issue there, is the row."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from dashboard.model.tables import canonical_tables
from dashboard.quality.run import catalogue
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot

# No check of a build: whether a patient of an earlier data cut is still in this one (clinical-rules 7.2).
VANISHED_CHECK = "DQ68"
RowState = Literal["there", "excluded", "absent"]
# Where a row stands in its file says nothing about the patient.
NOT_CONTENT = {"source_file", "source_row"}
ASKED = """
with asked as (
    select
        unnest($ids::bigint[]) as query_id,
        unnest($checks::varchar[]) as check_id,
        unnest($tables::varchar[]) as table_name,
        unnest($keys::varchar[]) as row_key,
        unnest($columns::varchar[]) as column_name
)
"""
FOUND = f"""{ASKED}
select distinct asked.query_id
from asked
join data_issue as issue
    on issue.check_id = asked.check_id
    and issue.table_name = asked.table_name
    and coalesce(issue.row_key, '') = asked.row_key
    and coalesce(issue.column_name, '') = asked.column_name
"""
EXCLUDED = f"""{ASKED}
select distinct asked.query_id
from asked
join data_issue as issue
    on issue.table_name = asked.table_name
    and issue.row_key = asked.row_key
    and (
        issue.excludes = 'row'
        or issue.excludes = 'value' and coalesce(issue.column_name, '') = asked.column_name
    )
"""
SYSTEMATIC = "select distinct check_id from data_issue where is_systematic"
# A withdrawal counts from its day on; one without a date counts too (clinical-decisions A23).
WITHDRAWN = """
select patient_id, min(happened_on) as withdrew_on
from disposition
where kind = 'withdrawal_of_consent' and (happened_on is null or happened_on <= $cut_off)
group by patient_id
"""
SITES = "select patient_id, site_id from patient where patient_id in (select unnest($ids::varchar[]))"


class Asked(Protocol):
    """What a query asks about: a data issue of a check, or a row (and column) somebody pointed at."""

    @property
    def query_id(self) -> int:
        """Id of the query."""

    @property
    def check_id(self) -> str | None:
        """The check; None where somebody pointed at a datum."""

    @property
    def table_name(self) -> str:
        """Canonical table."""

    @property
    def row_key(self) -> str:
        """Row of that table; empty where a whole check is meant."""

    @property
    def column_name(self) -> str:
        """Column, or what the check says in its place."""

    @property
    def patient_id(self) -> str | None:
        """The patient, if it is about one."""

    @property
    def is_systematic(self) -> bool:
        """Whether it is about all data issues of the check."""

    @property
    def row_values(self) -> Mapping[str, str | None] | None:
        """The row as it was when somebody asked, as text."""


@dataclass(frozen=True)
class Fact:
    """What the data cut says about one query.

    `is_found`: the data issue is there, or the datum is as it was when somebody asked. `row` is "excluded"
    where a check leaves the row or value out, so that no later check could see it. `check_version` is None
    where the check did not run. `changes` names the columns with another value, as (before, now).
    `withdrew_on` is None for a withdrawal of consent without a day. `is_patient_absent`: the patient it is
    about is not in the data cut at all.
    """

    is_found: bool
    row: RowState
    check_version: str | None
    site_id: str | None
    changes: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    is_patient_absent: bool = False
    is_consent_withdrawn: bool = False
    withdrew_on: dt.date | None = None


def withdrawn_patients(reader: Reader) -> dict[str, dt.date | None]:
    """Patients who withdrew consent by the cut-off, with the day; None where no day is recorded."""
    rows = reader.records(WITHDRAWN, {"cut_off": reader.snapshot.cut_off})
    return {str(row["patient_id"]): row["withdrew_on"] for row in rows}


def check_version(snapshot: Snapshot, check_id: str) -> str | None:
    """The definition of the check that ran on this data cut; None where it is not one of its checks.

    A data cut that does not state them has one version of all its checks: that of its rules as a whole.
    """
    if check_id == VANISHED_CHECK:
        return VANISHED_CHECK
    stated = snapshot.manifest.get("checks")
    if stated is None:
        return str(snapshot.manifest.get("rules") or snapshot.snapshot_id)
    return stated.get(check_id)


def row_values(reader: Reader, table_name: str, row_key: str) -> dict[str, str | None] | None:
    """The values of one canonical row as text, by column; None for a row the reader may not see."""
    return _rows(reader, table_name, [row_key]).get(row_key)


def look_up(reader: Reader, asked: Sequence[Asked]) -> dict[int, Fact]:
    """What the reader's data cut says about each query, by query id. The reader sees all sites."""
    bound = _bound(asked)
    found = {int(row["query_id"]) for row in reader.records(FOUND, bound)}
    excluded = {int(row["query_id"]) for row in reader.records(EXCLUDED, bound)}
    systematic = {str(row["check_id"]) for row in reader.records(SYSTEMATIC)}
    patients = sorted({one.patient_id for one in asked if one.patient_id is not None})
    sites = {row["patient_id"]: row["site_id"] for row in reader.records(SITES, {"ids": patients})}
    withdrawn = withdrawn_patients(reader)
    rows = _rows_asked_about(reader, asked)
    late = {check.check_id for check in catalogue() if check.stage == "marts"}
    facts = {}
    for one in asked:
        row = rows.get((one.table_name, one.row_key))
        changes = _changes(one, row)
        is_absent = one.patient_id is not None and one.patient_id not in sites
        if one.check_id is None:
            is_found = row is not None and not changes
        elif one.check_id == VANISHED_CHECK:
            is_found = is_absent
        else:
            is_found = one.query_id in found or (one.is_systematic and one.check_id in systematic)
        is_hidden = one.query_id in excluded and one.check_id in late
        facts[one.query_id] = Fact(
            is_found=is_found,
            row=_row_state(one, row, is_hidden=is_hidden),
            check_version=None if one.check_id is None else check_version(reader.snapshot, one.check_id),
            site_id=sites.get(one.patient_id),
            changes=changes,
            is_patient_absent=is_absent,
            is_consent_withdrawn=one.patient_id in withdrawn,
            withdrew_on=withdrawn.get(one.patient_id or ""),
        )
    return facts


def _bound(asked: Sequence[Asked]) -> dict[str, list[Any]]:
    return {
        "ids": [one.query_id for one in asked],
        "checks": [one.check_id for one in asked],
        "tables": [one.table_name for one in asked],
        "keys": [one.row_key for one in asked],
        "columns": [one.column_name for one in asked],
    }


def _row_state(one: Asked, row: Mapping[str, Any] | None, *, is_hidden: bool) -> RowState:
    if one.is_systematic or one.check_id == VANISHED_CHECK:
        return "there"
    if row is None:
        return "absent"
    return "excluded" if is_hidden else "there"


def _changes(one: Asked, row: Mapping[str, str | None] | None) -> dict[str, tuple[str | None, str | None]]:
    """Columns with another value than when somebody asked; of one column if the query is about one."""
    if row is None or one.row_values is None:
        return {}
    columns = [one.column_name] if one.column_name in one.row_values else list(one.row_values)
    pairs = {name: (one.row_values[name], row[name]) for name in columns if name in row}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _rows_asked_about(reader: Reader, asked: Sequence[Asked]) -> dict[tuple[str, str], dict[str, str | None]]:
    keys = defaultdict(list)
    for one in asked:
        keys[one.table_name].append(one.row_key)
    return {
        (table_name, row_key): values
        for table_name, row_keys in keys.items()
        for row_key, values in _rows(reader, table_name, row_keys).items()
    }


def _rows(reader: Reader, table_name: str, row_keys: Sequence[str]) -> dict[str, dict[str, str | None]]:
    """Rows of a canonical table as text, by row_key; none for a table that is not canonical."""
    table = canonical_tables().get(table_name)
    if table is None:
        return {}
    sql = f'select * from "{table.name}" where row_key in (select unnest($keys::varchar[]))'
    return {
        str(row["row_key"]): {
            name: None if value is None else str(value)
            for name, value in row.items()
            if name not in NOT_CONTENT
        }
        for row in reader.records(sql, {"keys": list(row_keys)})
    }
