"""One record of an extract as it was received, from the raw Parquet files of a snapshot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from dashboard.errors import DashboardError
from dashboard.model.tables import canonical_tables
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot

OWN_COLUMNS = ("source_table", "source_row")
NAMED = """
with identifier as (
    select patient_id, patient_id as identifier from patient
    union all
    select patient_id, laboratory_id from sample_link
    union all
    select patient_id, unnest([sample_id, laboratory_id]) from ctdna_sample
)

select distinct patient_id
from identifier
where list_contains($cells::varchar[], identifier)
order by patient_id
"""


class RecordNotFound(DashboardError):
    """The snapshot keeps no record of this file and row."""


def raw_record(snapshot: Snapshot, source_file: str, source_row: int) -> dict[str, Any]:
    """Every column of one record with the text of the file; an empty cell is None.

    Columns that identify people were never stored, personal numbers are masked. The raw files know nothing of
    sites: ask only for rows that a Reader has given. Raises RecordNotFound, also for a line that could not be
    split into columns, which is not kept.
    """
    for path in sorted((snapshot.path / "raw").glob("*.parquet")):
        found = _record_of(path, source_file, source_row)
        if found is not None:
            return found
    raise RecordNotFound(f"{snapshot.snapshot_id} keeps no record of {source_file}, row {source_row}")


def _record_of(path: Path, source_file: str, source_row: int) -> dict[str, Any] | None:
    with duckdb.connect() as connection:
        result = connection.execute(
            "select * from read_parquet(?) where source_table = ? and source_row = ?",
            [str(path), source_file, source_row],
        )
        names = [column[0] for column in result.description or ()]
        row = result.fetchone()
    if row is None:
        return None
    return {name: cell for name, cell in zip(names, row, strict=True) if name not in OWN_COLUMNS}


def source_of(reader: Reader, table_name: str, row_key: str) -> tuple[str, int] | None:
    """File and row a canonical row comes from; None for a row the reader may not see.

    Raises KeyError for a table that is not canonical.
    """
    table = canonical_tables()[table_name].name
    rows = reader.records(f'select source_file, source_row from "{table}" where row_key = ?', [row_key])
    return (str(rows[0]["source_file"]), int(rows[0]["source_row"])) if rows else None


def patients_named(reader: Reader, record: Mapping[str, Any]) -> list[str]:
    """Patients whose study, laboratory or sample identifier stands in a cell of the record, in order.

    For the audit trail: whoever sees the record sees data of these patients.
    """
    cells = [str(cell).strip() for cell in record.values() if cell is not None]
    return [str(row["patient_id"]) for row in reader.records(NAMED, {"cells": cells})]
