"""Runs the checks and applies what they exclude.

A check is one SELECT in `checks/<id>.sql` that gives one row per data issue: table_name, row_key, column_name
(empty where the whole row is meant), patient_id, value_text. `catalogue.toml` says how loud it is, what it
excludes, in which group people see it, which patients it can apply to, who is asked and where it is counted.
A check never raises for bad data, and finds nothing where a table that it reads is not there. Checks run on
DuckDB only.
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
Page = Literal["data", "follow_up"]
FOLDER = Path(__file__).parent / "checks"
CATALOGUE = Path(__file__).parent / "catalogue.toml"
DATA_ISSUE_COLUMNS = """
    check_id varchar, severity varchar, excludes varchar, table_name varchar, row_key varchar,
    column_name varchar, patient_id varchar, value_text varchar, issue_group varchar, is_systematic boolean
"""
CHECK_RUN_COLUMNS = "check_id varchar, table_name varchar, column_name varchar, n_patients bigint"
# More of the patients a check can apply to: the cause is the mapping or the plan of the study, and the check
# is shown as one row (A40).
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
    """One check of the catalogue.

    `applies_to`: table and condition of the patients that it can find something of. `counted_on`: the page
    whose count has its data issues; what the follow-up list chases is counted there alone. `gives_severity`:
    its SELECT says the severity of each row, which `severity` is at the least.
    """

    check_id: str
    stage: Stage
    severity: Literal["error", "warning", "information"]
    group: Group
    excludes: Literal["none", "row", "value", "date"]
    title: str
    message: str
    why_it_matters: str
    applies_to: str = "patient"
    asked_of: Literal["site", "laboratory"] = "site"
    counted_on: Page = "data"
    gives_severity: bool = False
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


@dataclass(frozen=True)
class Pass:
    """One statement of a check, what it leaves out and whom it applies to; `column` of a check of dates."""

    excludes: str
    select: str
    applies_to: str
    table: str | None = None
    column: str | None = None


def _passes(check: Check) -> Iterable[Pass]:
    """One statement; a check of dates has one per date column of the model."""
    if not check.is_per_date_column:
        yield Pass(check.excludes, check.sql, check.applies_to)
        return
    for table in canonical_tables().values():
        for field in table.fields:
            if field.type == "date":
                place = {"table": table.name, "column": field.name}
                applies_to = check.applies_to.format(**place)
                yield Pass(_excluded_date(table, field), check.sql.format(**place), applies_to, **place)


def _excluded_date(table: Table, field: Field) -> str:
    """A wrong date is left out, its row only where the row stands on that date, and never a patient."""
    return "row" if field.is_required and table.name != "patient" else "value"


@cache
def chased_checks() -> frozenset[str]:
    """Checks whose data issues the page Follow-up lists and counts; no other page counts them again."""
    return frozenset(one.check_id for one in catalogue() if one.counted_on == "follow_up")


def run_checks(connection: duckdb.DuckDBPyConnection, *, stage: Stage) -> int:
    """Add one row to `data_issue` per issue of the checks of this stage; returns how many."""
    return sum(run_check(connection, check) for check in catalogue() if check.stage == stage)


def run_check(connection: duckdb.DuckDBPyConnection, check: Check) -> int:
    """Add the issues of one check to `data_issue`; returns how many.

    There are none where a table that the check reads is not there.
    """
    connection.execute(EARLIEST_DAY_MACRO)
    connection.execute(f"create table if not exists data_issue ({DATA_ISSUE_COLUMNS})")
    connection.execute(f"create table if not exists check_run ({CHECK_RUN_COLUMNS})")
    before = _count(connection)
    there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    for one in _passes(check):
        of_patients = f"select count(distinct patient_id) from {one.applies_to}"
        if connection.get_table_names(one.select) | connection.get_table_names(of_patients) <= there:
            _run_pass(connection, check, one, of_patients=of_patients)
    return _count(connection) - before


def _run_pass(connection: duckdb.DuckDBPyConnection, check: Check, one: Pass, *, of_patients: str) -> None:
    """Add the issues of one statement, how many patients it could apply to, and what is systematic."""
    found = "table_name, row_key, column_name, patient_id, value_text"
    severity = "severity" if check.gives_severity else f"'{check.severity}'"
    connection.execute(
        f"insert into data_issue select distinct ?, {severity}, ?, {found}, ?, false from ({one.select})",
        [check.check_id, one.excludes, check.group],
    )
    connection.execute(
        f"insert into check_run select ?, ?, ?, ({of_patients})", [check.check_id, one.table, one.column]
    )
    if check.counted_on == "follow_up":  # The list asks for each of them from its own row.
        return
    connection.execute(
        f"""
        update data_issue set is_systematic = true
        where check_id = $check_id and ($table is null or table_name = $table) and (
            select count(distinct patient_id) >= $fewest
                and 100 * count(distinct patient_id) > $percent * ({of_patients})
            from data_issue as same
            where
                same.check_id = $check_id and ($table is null or same.table_name = $table)
                and same.column_name is not distinct from data_issue.column_name
        )
        """,
        {
            "check_id": check.check_id,
            "table": one.table,
            "fewest": SYSTEMATIC_FEWEST,
            "percent": SYSTEMATIC_PERCENT,
        },
    )


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
