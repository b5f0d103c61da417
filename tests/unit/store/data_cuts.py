"""Data cuts from a few rows: canonical tables only, no files read and nothing derived."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from dashboard.model.tables import canonical_tables, stored_columns
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot

Row = Mapping[str, Any]
P1 = {"patient_id": "P1", "site_id": "01", "tumour_type": "lung", "stage": "IVA"}
P2 = {"patient_id": "P2", "site_id": "02", "tumour_type": "breast"}


def data_cut(
    folder: Path,
    cut_off: str,
    tables: Mapping[str, Iterable[Row]],
    *,
    sites: tuple[str, ...] | None = None,
    without: Mapping[str, Iterable[str]] | None = None,
    **manifest: Any,
) -> Reader:
    """A reader of a data cut with these rows; row_key is the natural key, other columns are empty.

    Patients P1 (site 01) and P2 (site 02) are there where `tables` has no patients. `without` names columns
    by table that this data cut does not have.
    """
    path = folder / cut_off
    path.mkdir()
    with duckdb.connect(str(path / "store.duckdb")) as connection:
        connection.execute("begin")
        for name, table in canonical_tables().items():
            columns = ", ".join(f'"{column}" {sql_type}' for column, sql_type in stored_columns(table))
            connection.execute(f'create table "{name}" ({columns})')
            rows = tables.get(name, (P1, P2) if name == "patient" else ())
            for number, row in enumerate(rows, start=2):
                key = " | ".join("" if row.get(part) is None else str(row[part]) for part in table.key)
                filled = {"row_key": key, "source_file": f"{name}.csv", "source_row": number, **row}
                names = ", ".join(f'"{column}"' for column in filled)
                marks = ", ".join("?" for _ in filled)
                connection.execute(f'insert into "{name}" ({names}) values ({marks})', [*filled.values()])
        for name, columns in (without or {}).items():
            for column in columns:
                connection.execute(f'alter table "{name}" drop column "{column}"')
        connection.execute("commit")
    day = dt.date.fromisoformat(cut_off[:10])
    return Reader(Snapshot("small", cut_off, day, path, manifest=manifest), sites)
