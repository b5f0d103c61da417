"""From a file of an extract to tables of text: decode, drop what identifies people, keep row numbers."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from dashboard.extracts.delimited import filled_down, layout_of, load_delimited
from dashboard.extracts.identifying import identifying_columns
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.source import FileOptions, SourceTable, column_names
from dashboard.extracts.storage import forget, prepare, store_records, store_rejects
from dashboard.extracts.transport import parquet_columns, parquet_view, read_xpt
from dashboard.extracts.workbook import OLD_FORMAT, read_workbook
from dashboard.model.tables import canonical_tables

UTF_8 = ("utf-8", "utf-8-sig")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")

__all__ = ["FileOptions", "SourceTable", "read_source"]


def read_source(
    path: Path,
    *,
    options: FileOptions,
    identifying: frozenset[str],
    connection: duckdb.DuckDBPyConnection,
) -> list[SourceTable]:
    """One table per sheet of a workbook, else one table, in the schema `raw` of the connection.

    Records that cannot be split go to `structural_reject`. `identifying` names columns of this study
    that are dropped besides the built-in ones. Raises `ExtractError` with every problem of the file.
    """
    prepare(connection)
    if not path.is_file():
        raise ExtractError([Problem(path.name, "There is no such file in the extract.")])
    reader = _reader_of(path)
    return reader(path, options, identifying, connection)


Reader = Callable[[Path, FileOptions, frozenset[str], duckdb.DuckDBPyConnection], list[SourceTable]]


def _reader_of(path: Path) -> Reader:
    """By the first bytes where they tell, because an export is often named after another format."""
    with path.open("rb") as file:
        head = file.read(80)
    if head.startswith((b"PK\x03\x04", OLD_FORMAT)):
        return _read_workbook
    if head.startswith(b"PAR1"):
        return _read_parquet
    if head.startswith(b"HEADER RECORD*******LIB"):
        return _read_xpt
    if head.lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        message = "This is a web page with the name of a table. Open it in Excel and save it as .xlsx."
        raise ExtractError([Problem(path.name, message)])
    known = {".xlsx": _read_workbook, ".xlsm": _read_workbook, ".parquet": _read_parquet, ".xpt": _read_xpt}
    by_name = known.get(path.suffix.lower())
    if by_name is None and not path.name.lower().endswith(TEXT_SUFFIXES):
        allowed = ", ".join([*TEXT_SUFFIXES, *known])
        raise ExtractError([Problem(path.name, "Unknown kind of file.", value=path.suffix, allowed=allowed)])
    return by_name or _read_delimited


def _read_delimited(
    path: Path, options: FileOptions, identifying: frozenset[str], connection: duckdb.DuckDBPyConnection
) -> list[SourceTable]:
    layout = layout_of(path, options)
    dropped = _identifying(path, layout.columns, options, identifying)
    keep = [column for column in layout.columns if column not in dropped]
    forget(connection, path.name)
    stored = load_delimited(connection, path.name, layout=layout, keep=keep, options=options)
    store_rejects(connection, path.name, stored.rejects, withhold_text=bool(dropped))
    n_records = stored.n_rows + len(stored.rejects)
    notes = () if options.encoding else _encoding_notes(layout.encoding, keep)
    about = {"encoding": layout.encoding, "is_trimmed": stored.is_trimmed, "notes": notes}
    return [_table(path, path.name, keep, dropped, n_records, **about)]


def _encoding_notes(encoding: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Three headers by which a person sees whether an encoding found out is right (A19)."""
    if encoding in UTF_8:
        return ()
    telling = [column for column in columns if not column.isascii()] or list(columns)
    shown = ", ".join(f"“{column}”" for column in telling[:3])
    return (f"Encoding found out from the file; it is right if these headers read well: {shown}.",)


def _read_workbook(
    path: Path, options: FileOptions, identifying: frozenset[str], connection: duckdb.DuckDBPyConnection
) -> list[SourceTable]:
    sheets = read_workbook(path, options)
    dropped = [_identifying(path, sheet.columns, options, identifying) for sheet in sheets]
    problems = [
        problem
        for sheet, names in zip(sheets, dropped, strict=True)
        for problem in sheet.problems
        if problem.column not in names
    ]
    if problems:
        raise ExtractError(problems)
    tables = []
    for sheet, names in zip(sheets, dropped, strict=True):
        name = f"{path.name}#{sheet.title}"
        keep = tuple(column for column in sheet.columns if column not in names)
        positions = [sheet.columns.index(column) for column in options.fill_down if column in sheet.columns]
        records = filled_down(sheet.records, positions)
        forget(connection, name)
        n_rows, _ = store_records(connection, name, _kept(sheet.columns, keep), records)
        tables.append(_table(path, name, keep, names, n_rows, notes=sheet.notes))
    return tables


def _read_xpt(
    path: Path, options: FileOptions, identifying: frozenset[str], connection: duckdb.DuckDBPyConnection
) -> list[SourceTable]:
    found = read_xpt(path)
    dropped = _identifying(path, found.columns, options, identifying)
    keep = tuple(column for column in found.columns if column not in dropped)
    forget(connection, path.name)
    n_rows, _ = store_records(connection, path.name, _kept(found.columns, keep), found.records)
    return [_table(path, path.name, keep, dropped, n_rows, labels=found.labels)]


def _read_parquet(
    path: Path, options: FileOptions, identifying: frozenset[str], connection: duckdb.DuckDBPyConnection
) -> list[SourceTable]:
    columns = column_names(parquet_columns(connection, path))
    dropped = _identifying(path, columns, options, identifying)
    keep = tuple(column for column in columns if column not in dropped)
    forget(connection, path.name)
    n_rows = parquet_view(connection, path.name, path, columns, keep)
    return [_table(path, path.name, keep, dropped, n_rows)]


def _identifying(
    path: Path, columns: Sequence[str], options: FileOptions, also: frozenset[str]
) -> tuple[str, ...]:
    """The columns to drop; a canonical name stays in the file of its table (`measurement.name` is a test)."""
    table = canonical_tables().get(path.name.split(".")[0])
    canonical = {field.name for field in table.fields} if table else set()
    return tuple(
        column
        for column in identifying_columns(columns, also=also)
        if column not in options.keep and (column not in canonical or column in also)
    )


def _kept(columns: Sequence[str], keep: Sequence[str]) -> list[str | None]:
    return [column if column in keep else None for column in columns]


def _table(
    path: Path,
    name: str,
    keep: Sequence[str],
    dropped: tuple[str, ...],
    n_records: int,
    **more: Any,
) -> SourceTable:
    return SourceTable(
        source_file=name,
        raw_table=name,
        columns=tuple(keep),
        encoding=more.pop("encoding", None),
        n_records=n_records,
        dropped_columns=dropped,
        sha256=sha256(path),
        header_samples=tuple(keep[:3]),
        **more,
    )


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
