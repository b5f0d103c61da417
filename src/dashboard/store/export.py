"""All tables of a snapshot as files, for programs that do not read DuckDB."""

import shutil
from enum import StrEnum
from pathlib import Path

import duckdb

from dashboard.errors import DashboardError
from dashboard.store.snapshot import Snapshot


class FileFormat(StrEnum):
    """Formats a snapshot can be written in."""

    CSV = "csv"
    PARQUET = "parquet"


class FolderNotEmpty(DashboardError):
    """A snapshot is written into an empty folder, so that files of two snapshots never mix."""


def export_snapshot(snapshot: Snapshot, folder: Path, *, file_format: FileFormat) -> list[Path]:
    """One file per canonical table, derived table and ledger under its own name, and the snapshot's manifest.

    Rows stand in the order of the snapshot, dates as ISO 8601, an empty value as an empty cell.
    Raises FolderNotEmpty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(
            f"{folder} holds files already; name a folder that is empty or does not exist yet"
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        names = "select table_name from duckdb_tables() where schema_name = 'main' order by table_name"
        for (name,) in connection.execute(names).fetchall():
            path = folder / f"{name}.{file_format}"
            connection.execute(f'copy "{name}" to $path (format {file_format})', {"path": str(path)})
            written.append(path)
    manifest = folder / "manifest.json"
    shutil.copy(snapshot.path / manifest.name, manifest)
    return [*written, manifest]
