"""Runs the checks and applies what they exclude.

A check is one SELECT in `checks/<id>.sql` that gives one row per data issue: table_name, row_key, column_name
(empty where the whole row is meant), patient_id, value_text. `catalogue.toml` says how loud it is, what it
excludes and in which group people see it. A check never raises for bad data, and finds nothing where a table
that it reads is not there. Checks run on DuckDB only.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

from dashboard.model.tables import Field, Table, canonical_tables

Stage = Literal["canonical", "marts"]
Group = Literal["blocks_primary", "please_check", "for_information"]
FOLDER = Path(__file__).parent / "checks"
CATALOGUE = Path(__file__).parent / "catalogue.toml"
DATA_ISSUE_COLUMNS = """
    check_id varchar, severity varchar, excludes varchar, table_name varchar, row_key varchar,
    column_name varchar, patient_id varchar, value_text varchar, issue_group varchar, is_systematic boolean
"""
# More patients than this: the cause is the mapping or the plan of the study, shown as one row (A40).
SYSTEMATIC_PERCENT = 20
SYSTEMATIC_FEWEST = 5
# A partial date is stored as its last possible day (design.md section 10); this is its first.
EARLIEST_DAY_MACRO = """
    create or replace macro earliest_day(d, date_precision) as case
        when date_precision = 'year' then cast(date_trunc('year', d) as date)
        when date_precision = 'month' then cast(date_trunc('month', d) as date)
        else d
    end
"""


@dataclass(frozen=True)
class Check:
    """One check of the catalogue."""

    check_id: str
    stage: Stage
    severity: Literal["error", "warning", "information"]
    group: Group
    excludes: Literal["none", "row", "value", "date"]
    title: str
    message: str
    why_it_matters: str
    is_per_date_column: bool = False

    @property
    def sql(self) -> str:
        """Text of the check."""
        return (FOLDER / f"{self.check_id.lower()}.sql").read_text(encoding="utf-8").rstrip().rstrip(";")


@cache
def catalogue() -> tuple[Check, ...]:
    """All checks, in the order of the catalogue."""
    raw = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return tuple(Check(check_id=check_id, **entry) for check_id, entry in raw.items())


def _selects(check: Check) -> Iterable[tuple[str, str]]:
    """What is excluded, and the statement; a check of dates gives one pair per date column of the model."""
    if not check.is_per_date_column:
        yield check.excludes, check.sql
        return
    for table in canonical_tables().values():
        for field in table.fields:
            if field.type == "date":
                yield _excluded_date(table, field), check.sql.format(table=table.name, column=field.name)


def _excluded_date(table: Table, field: Field) -> str:
    """A wrong date is left out, its row only where the row stands on that date, and never a patient."""
    return "row" if field.is_required and table.name != "patient" else "value"


def run_checks(connection: duckdb.DuckDBPyConnection, *, stage: Stage) -> int:
    """Add one row to `data_issue` per issue of the checks of this stage; returns how many."""
    return sum(run_check(connection, check) for check in catalogue() if check.stage == stage)


def run_check(connection: duckdb.DuckDBPyConnection, check: Check) -> int:
    """Add the issues of one check to `data_issue`; returns how many.

    There are none where a table that the check reads is not there.
    """
    connection.execute(EARLIEST_DAY_MACRO)
    connection.execute(f"create table if not exists data_issue ({DATA_ISSUE_COLUMNS})")
    before = _count(connection)
    there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    for excludes, select in _selects(check):
        if not connection.get_table_names(select) <= there:
            continue
        found = "table_name, row_key, column_name, patient_id, value_text"
        connection.execute(
            f"insert into data_issue select distinct ?, ?, ?, {found}, ?, false from ({select})",
            [check.check_id, check.severity, excludes, check.group],
        )
    connection.execute(
        """
        update data_issue set is_systematic = true
        where check_id = $check_id and (
            select count(distinct patient_id) >= $fewest
                and 100 * count(distinct patient_id) > $percent * (select count(*) from patient)
            from data_issue as same
            where same.check_id = $check_id and same.column_name is not distinct from data_issue.column_name
        )
        """,
        {"check_id": check.check_id, "fewest": SYSTEMATIC_FEWEST, "percent": SYSTEMATIC_PERCENT},
    )
    return _count(connection) - before


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select count(*) from data_issue").fetchone()
    return int(row[0]) if row else 0


def create_usable_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `usable_<table>`: the canonical table minus the rows and values that a check excludes.

    Never a patient: what is left out is a row or a single value, and `data_issue` says which and why.
    """
    for table in canonical_tables().values():
        connection.execute(_usable_view(connection, table))


def _usable_view(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    columns = connection.execute(
        "select distinct column_name from data_issue where table_name = ? and excludes = 'value' order by 1",
        [table.name],
    ).fetchall()
    excluded = "select row_key from data_issue where table_name = '{t}' and excludes = '{e}'"
    rows = excluded.format(t=table.name, e="row")
    values = excluded.format(t=table.name, e="value")
    blank = (
        "case when row_key in ({values} and column_name = '{column}') then null else {column} end as {column}"
    )
    blanked = ", ".join(blank.format(values=values, column=column) for (column,) in columns)
    replacing = f" replace ({blanked})" if blanked else ""
    return (
        f'create or replace view "usable_{table.name}" as '
        f'select *{replacing} from "{table.name}" where row_key not in ({rows})'
    )
