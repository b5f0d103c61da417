"""Sheets of an XLSX workbook as records of text: titles, joined headers, merged cells, footer notes."""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from dashboard.extracts.decode import check_header
from dashboard.extracts.misread import check_cells
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.source import FileOptions, column_names, is_note, joined_header, spread_right
from dashboard.extracts.storage import Record
from dashboard.extracts.texts import text_of

OLD_FORMAT = b"\xd0\xcf\x11\xe0"
Grid = list[list[str | None]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns and records, and the cells that cannot be read as a value."""

    title: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def read_workbook(path: Path, options: FileOptions) -> list[Sheet]:
    """Every visible sheet with anything in it, or the one named in the options, hidden or not.

    Raises `ExtractError` for a file that is no XLSX workbook and for a sheet that is not there.
    """
    with _opened(path) as book:
        chosen = _chosen_sheets(path, book, options)
        formulas = _formula_cells(path)
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        unread = [title for title in hidden if title != options.sheet]
        notes = [f"Hidden sheets not read: {', '.join(unread)}."] if unread else []
        if book.epoch.year == 1904:
            notes.append("Day numbers of this workbook count from 1904-01-01.")
        sheets = [_sheet(path, sheet, options, formulas.get(sheet.title, frozenset())) for sheet in chosen]
    return [replace(sheet, notes=tuple(notes)) for sheet in sheets]


def _chosen_sheets(path: Path, book: Any, options: FileOptions) -> list[Any]:
    if options.sheet is None:
        filled = [s for s in book.worksheets if s.sheet_state == "visible" and _has_values(s)]
        if not filled:
            raise ExtractError([Problem(path.name, "No visible sheet holds anything.")])
        return filled
    named = [sheet for sheet in book.worksheets if sheet.title == options.sheet]
    if not named:
        allowed = ", ".join(sheet.title for sheet in book.worksheets)
        raise ExtractError(
            [Problem(path.name, "There is no such sheet.", value=options.sheet, allowed=allowed)]
        )
    return named


def _has_values(sheet: Any) -> bool:
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


@contextmanager
def _opened(path: Path, *, values: bool = True) -> Iterator[Any]:
    with path.open("rb") as file:
        if file.read(4) == OLD_FORMAT:
            message = "This is an old .xls file or a workbook with a password. Save it as .xlsx without one."
            raise ExtractError([Problem(path.name, message)])
    try:
        book = _parsed(path, _stamp(path), values)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, EOFError) as error:
        raise ExtractError([Problem(path.name, "This is not a readable XLSX workbook.")]) from error
    try:
        yield book
    finally:
        book.close()


def _stamp(path: Path) -> tuple[int, int]:
    return path.stat().st_mtime_ns, path.stat().st_size


@lru_cache(maxsize=2)
def _parsed(path: Path, stamp: tuple[int, int], values: bool) -> Any:
    """The workbook in memory: a mapping that reads twenty sheets of one file asks twenty times for it."""
    with warnings.catch_warnings():
        # openpyxl warns of drop-down lists and themes it does not keep; they hold no values.
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path, data_only=values)


def forget_workbooks() -> None:
    """Let go of the workbooks kept for the next sheet."""
    _parsed.cache_clear()


def _formula_cells(path: Path) -> dict[str, frozenset[tuple[int, int]]]:
    """Row and column of every formula, per sheet; the workbook is read again only where there is one."""
    with zipfile.ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<f" in parts.read(name) for name in sheets):
            return {}
    with _opened(path, values=False) as book:
        return {
            sheet.title: frozenset(
                (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
            )
            for sheet in book.worksheets
        }


def _sheet(path: Path, sheet: Any, options: FileOptions, formulas: frozenset[tuple[int, int]]) -> Sheet:
    name = f"{path.name}#{sheet.title}"
    grid = _grid(sheet)
    header = _header(name, sheet, grid, options)
    columns = column_names(header)
    check_header(name, "\n".join(columns))
    records = []
    for row, cells in enumerate(grid[options.first_data_row - 1 :], start=options.first_data_row):
        if options.footer_pattern and is_note(cells, options.footer_pattern):
            break
        if any(cells):
            check_cells(name, row, cells, columns=columns)
            records.append(Record(row, cells[: len(columns)]))
    read = frozenset(record.source_row for record in records)
    problems = _unreadable_cells(name, sheet, columns, read, formulas)
    return Sheet(sheet.title, columns, tuple(records), tuple(problems), ())


def _grid(sheet: Any) -> Grid:
    """The sheet as text, row 1 first, each cell of a merged range with the text of the whole range."""
    grid = [
        [text_of(cell.value, number_format=cell.number_format or "") for cell in row]
        for row in sheet.iter_rows()
    ]
    for merged in sheet.merged_cells.ranges:
        text = grid[merged.min_row - 1][merged.min_col - 1]
        for row in grid[merged.min_row - 1 : merged.max_row]:
            row[merged.min_col - 1 : merged.max_col] = [text] * (merged.max_col - merged.min_col + 1)
    return grid


def _header(name: str, sheet: Any, grid: Grid, options: FileOptions) -> Sequence[str | None]:
    """The header's cells, up to the last column with a name or a value below it."""
    if max(options.header) > len(grid):
        raise ExtractError([Problem(name, "The sheet ends above its header.", row=max(options.header))])
    rows = [grid[row - 1] for row in options.header]
    merged_rows = {
        row for merged in sheet.merged_cells.ranges for row in range(merged.min_row, merged.max_row + 1)
    }
    if not merged_rows & set(options.header):
        rows = [*(spread_right(row) for row in rows[:-1]), rows[-1]]
    header = list(joined_header(rows))
    below = grid[options.first_data_row - 1 :]
    while header and header[-1] is None and not any(row[len(header) - 1] for row in below):
        header.pop()
    if not header or (not options.header_rows and len(header) > 2 and len(set(filter(None, header))) == 1):
        message = "Row 1 does not look like a header (a title?). State header_rows in mapping.toml."
        raise ExtractError([Problem(name, message, row=1, value=next(filter(None, header), None))])
    return header


def _unreadable_cells(
    name: str, sheet: Any, columns: Sequence[str], rows: frozenset[int], formulas: frozenset[tuple[int, int]]
) -> Iterator[Problem]:
    """Error values (#N/A) and formulas whose value was never saved, in the rows that are records."""
    for cells in sheet.iter_rows(max_col=len(columns)):
        for cell in cells:
            if cell.row not in rows:
                continue
            column = columns[cell.column - 1]
            if cell.data_type == "e":
                allowed = "a value or an empty cell"
                yield Problem(name, "The cell holds an error.", cell.row, column, str(cell.value), allowed)
            elif cell.value is None and cell.data_type != "s" and (cell.row, cell.column) in formulas:
                message = (
                    "The value of a formula was not saved. Open the file in Excel, save it and send it again."
                )
                yield Problem(name, message, cell.row, column)
