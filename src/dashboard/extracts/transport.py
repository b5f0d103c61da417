"""SAS transport (XPT) and Parquet files as tables of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat

from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.source import column_names
from dashboard.extracts.storage import Record, literal, quoted
from dashboard.extracts.texts import text_of


@dataclass(frozen=True)
class Transport:
    """The columns and records of a SAS transport file, with the labels of its columns."""

    columns: tuple[str, ...]
    records: Iterator[Record]
    labels: tuple[tuple[str, str], ...]


def read_xpt(path: Path) -> Transport:
    """A SAS transport file; its first record is row 1. Raises `ExtractError` where it is none."""
    try:
        frame, meta = pyreadstat.read_xport(str(path))
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        raise ExtractError([Problem(path.name, "This is not a readable SAS transport file.")]) from error
    columns = column_names(list(frame.columns))
    labels = tuple(
        (column, label) for column, label in zip(columns, meta.column_labels, strict=True) if label
    )
    return Transport(columns, _records(frame), labels)


def _records(frame: pd.DataFrame) -> Iterator[Record]:
    for row, cells in enumerate(frame.itertuples(index=False, name=None), start=1):
        texts = [None if cell is pd.NaT else text_of(cell) for cell in cells]
        if any(texts):
            yield Record(row, texts)


def parquet_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """Names of the columns of a Parquet file. Raises `ExtractError` where it is none."""
    try:
        described = connection.execute(f"describe select * from {_parquet(path)}").fetchall()
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise ExtractError([Problem(path.name, "This is not a readable Parquet file.")]) from error
    return tuple(row[0] for row in described)


def parquet_view(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: Path,
    columns: tuple[str, ...],
    keep: tuple[str, ...],
) -> int:
    """Make the view `raw.<name>` of a Parquet file's columns as text; gives its number of rows."""
    stored = parquet_columns(connection, path)
    cells = "".join(
        f"nullif(nfc_normalize(cast({quoted(old)} as varchar)), '') as {quoted(new)}, "
        for old, new in zip(stored, columns, strict=True)
        if new in keep
    )
    connection.execute(
        f"create view raw.{quoted(name)} as select {cells}file_row_number + 1 as source_row "
        f"from read_parquet({literal(str(path))}, file_row_number = true)"
    )
    counted = connection.execute(f"select count(*) from {_parquet(path)}").fetchone()
    return int(counted[0]) if counted else 0


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"
