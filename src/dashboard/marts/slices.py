"""The marts of very many patients, some thousands at a time, so that memory does not grow with the study.

Every row of a mart but OF_ALL follows from what is known of one patient and from the study definition, so the
marts of all are those of each slice one below the other.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import duckdb

from dashboard.marts.build import ORDER, build_marts
from dashboard.model.tables import Table, canonical_tables, definition_tables

# At about 50 dated things a patient the widest mart, timeline_event, takes 2 GB to derive for as many.
PATIENTS_PER_SLICE = 10_000
SLICE = "patient_slice"
# A drug the class table does not know is found in a list by another course that names it alone; a term the
# reference list does not know has one organ class in the study; whether any adverse event is recorded under a
# line or a drug is asked of everybody. The marts up to these are narrow.
OF_ALL = ORDER[: ORDER.index("adverse_event_denominator") + 1]


def build_in_slices(
    connection: duckdb.DuckDBPyConnection,
    *,
    on_built: Callable[[str], None] = lambda name: None,
    patients_per_slice: int = PATIENTS_PER_SLICE,
) -> None:
    """Create one table per mart; of one slice of the patients after the other where there are several.

    `on_built` hears of a mart each time a slice of it is there.
    """
    slices = list(_slices(connection, patients_per_slice))
    if len(slices) <= 1:
        build_marts(connection, on_built=on_built)
        return
    whole = _current_database(connection)
    build_marts(connection, names=OF_ALL, on_built=on_built)
    for number, condition in enumerate(slices):
        with connection.cursor() as part:
            part.execute(f"attach ':memory:' as {SLICE}")
            try:
                part.execute(f"use {SLICE}")
                _take(part, whole=whole, condition=condition)
                for name in ORDER[len(OF_ALL) :]:
                    build_marts(part, names=[name])
                    _add(part, name, whole=whole, is_first=number == 0)
                    on_built(name)
            finally:
                part.execute(f'use "{whole}"')
                part.execute(f"detach {SLICE}")


def _slices(connection: duckdb.DuckDBPyConnection, patients_per_slice: int) -> Iterator[str]:
    """Conditions on patient_id: every id, of a known patient or not, meets exactly one."""
    first_patients = connection.execute(
        """
        with numbered as (
            select patient_id, row_number() over (order by patient_id) - 1 as place
            from (select distinct patient_id from usable_patient)
        )
        select patient_id from numbered where place > 0 and place % ? = 0 order by patient_id
        """,
        [patients_per_slice],
    ).fetchall()
    limits = [None, *(_literal(patient) for (patient,) in first_patients), None]
    for first, end in pairwise(limits):
        parts = [f"patient_id >= {first}" if first else "", f"patient_id < {end}" if end else ""]
        yield " and ".join(filter(None, parts)) or "true"


def _take(part: duckdb.DuckDBPyConnection, *, whole: str, condition: str) -> None:
    """The records of one slice, in the database of the slice, and the study definition."""
    for name, table in canonical_tables().items():
        rows = f'from "{whole}"."usable_{name}" where {_of_slice(table, condition)}'
        part.execute(f'create table "usable_{name}" as {rows}')
    for name in OF_ALL:
        part.execute(f'create table "{name}" as from "{whole}"."{name}" where {condition}')
    for name in definition_tables():
        part.execute(f'create table "{name}" as from "{whole}"."{name}"')


def _of_slice(table: Table, condition: str) -> str:
    names = {field.name for field in table.fields}
    if "patient_id" in names:
        return condition
    # The samples of the slice are there before their variants; what names neither belongs to all.
    return "sample_id in (select sample_id from usable_ctdna_sample)" if "sample_id" in names else "true"


def _add(part: duckdb.DuckDBPyConnection, name: str, *, whole: str, is_first: bool) -> None:
    into = f'create or replace table "{whole}"."{name}" as' if is_first else f'insert into "{whole}"."{name}"'
    part.execute(f'{into} from "{name}"')


def _current_database(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
