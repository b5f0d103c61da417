"""CSV, TSV and semicolon files as tables of text, each record with its physical row.

A plain UTF-8 file becomes a view over the file itself, so that loading costs one pass; any other file is
read line by line into a table. Both give the same rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import duckdb

from dashboard.extracts.decode import (
    byte_blocks,
    check_header,
    decoded_blocks,
    detect_encoding,
    named_encoding,
)
from dashboard.extracts.misread import check_cells, is_suspect
from dashboard.extracts.problems import ExtractError, Problem
from dashboard.extracts.records import MAX_LINES_PER_RECORD, lines_of, records_of
from dashboard.extracts.scan import Scan, lines_at, scan
from dashboard.extracts.source import FileOptions, column_names, is_note, joined_header, spread_right
from dashboard.extracts.storage import Record, forget, literal, quoted, store_records

DELIMITERS = (",", "\t", ";", "|")
# More lines than these that need care, and the whole file is read with the same care.
MOST_SPECIAL_LINES = 100_000


@dataclass(frozen=True)
class Delimited:
    """How a delimited file is laid out."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    first_row: int

    @property
    def is_utf8(self) -> bool:
        """Whether DuckDB reads the encoding itself."""
        return self.encoding in {"utf-8", "utf-8-sig"}


class Stored(NamedTuple):
    """What `raw.<name>` got: its number of rows, and the records that could not be split."""

    n_rows: int
    rejects: list[Record]
    is_trimmed: bool = False


def layout_of(path: Path, options: FileOptions) -> Delimited:
    """Encoding, delimiter and columns of a file. Raises `ExtractError` where they cannot be known."""
    encoding = named_encoding(path.name, options.encoding) if options.encoding else detect_encoding(path)
    lines = list(islice(lines_of(decoded_blocks(path, encoding)), max(options.header) + 1))
    if not any(line.strip() for line in lines):
        raise ExtractError([Problem(path.name, "The file is empty.", allowed="a header row and records")])
    declared = _separator_line(lines[0])
    header_rows = (
        tuple(row + 1 for row in options.header) if declared and not options.header_rows else options.header
    )
    missing = [row for row in header_rows if row > len(lines)]
    if missing:
        raise ExtractError([Problem(path.name, "The file ends above its header.", row=missing[0])])
    top = "\n".join(lines[row - 1] for row in header_rows)
    check_header(path.name, top)
    delimiter = options.delimiter or declared or _delimiter_of(lines[header_rows[-1] - 1])
    columns = column_names(_header(path, lines, header_rows, delimiter))
    layout = Delimited(path, encoding, delimiter, columns, options.first_row or header_rows[-1] + 1)
    _check_text(layout)
    return layout


def _check_text(layout: Delimited) -> None:
    """Raise `ExtractError` where a cell was read in the wrong encoding before it came here."""
    if not any(map(is_suspect, _foreign_blocks(layout))):
        return
    lines = enumerate(lines_of(decoded_blocks(layout.path, layout.encoding)), start=1)
    for row, line in islice(lines, layout.first_row - 1, None):
        if is_suspect(line):
            record = next(records_of([(row, line)], layout.delimiter), None)
            cells = [line] if record is None or record.reason else record.cells
            columns = layout.columns if len(cells) > 1 else ()
            check_cells(layout.path.name, row, cells, columns=columns)


def _foreign_blocks(layout: Delimited) -> Iterator[str]:
    """The file in blocks of text, those of nothing but ASCII left out where the bytes say so."""
    if not layout.is_utf8:
        yield from decoded_blocks(layout.path, layout.encoding)
        return
    for block in byte_blocks(layout.path):
        if not block.isascii():
            # What is no UTF-8 at all is refused, with its row, where the records are read.
            yield block.decode("utf-8", errors="replace")


def _separator_line(line: str) -> str | None:
    """The delimiter an Excel file declares in a first line such as `sep=;`."""
    return line[4] if len(line) == 5 and line.lower().startswith("sep=") else None


def _delimiter_of(header: str) -> str:
    """The delimiter that stands most often in the header, outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _header(
    path: Path, lines: Sequence[str], header_rows: Sequence[int], delimiter: str
) -> tuple[str | None, ...]:
    rows = []
    for row in header_rows:
        record = next(records_of([(row, lines[row - 1])], delimiter), None)
        if record is None or record.reason:
            found = "no names" if record is None else record.reason
            raise ExtractError([Problem(path.name, "The header cannot be read.", row=row, value=found)])
        rows.append(list(record.cells))
    return joined_header([*(spread_right(row) for row in rows[:-1]), rows[-1]])


def load_delimited(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    *,
    layout: Delimited,
    keep: Sequence[str],
    options: FileOptions,
) -> Stored:
    """Fill `raw.<name>` with the columns `keep`."""
    if layout.is_utf8 and not options.footer_pattern and not options.fill_down:
        found = scan(layout.path, layout.delimiter, n_cells=len(layout.columns), first_row=layout.first_row)
        if found.is_plain and not found.uneven:
            return _file_view(connection, name, layout, keep, found)
        n_special = len(found.quoted) + len(found.uneven)
        is_padded = len(layout.columns) > 1 and found.is_counted and n_special <= MOST_SPECIAL_LINES
        if found.is_plain and is_padded:
            return _padded_view(connection, name, layout, keep, found)
    columns = [column if column in keep else None for column in layout.columns]
    return Stored(*store_records(connection, name, columns, _records(layout, options)))


def _records(layout: Delimited, options: FileOptions) -> Iterator[Record]:
    lines = islice(lines_of(decoded_blocks(layout.path, layout.encoding)), layout.first_row - 1, None)
    numbered = enumerate(lines, start=layout.first_row)
    records: Iterable[Record] = records_of(numbered, layout.delimiter, n_cells=len(layout.columns))
    if options.fill_down:
        records = filled_down(
            records, [layout.columns.index(c) for c in options.fill_down if c in layout.columns]
        )
    for record in records:
        if options.footer_pattern and is_note(record.cells or [record.text], options.footer_pattern):
            return
        yield record


def filled_down(records: Iterable[Record], positions: Sequence[int]) -> Iterator[Record]:
    """Records whose empty cells at these positions take the value of the record above."""
    above: dict[int, str | None] = {}
    for record in records:
        if record.reason is None:
            cells = list(record.cells)
            for position in positions:
                cells[position] = cells[position] or above.get(position)
                above[position] = cells[position]
            yield Record(record.source_row, cells)
        else:
            yield record


def _file_view(
    connection: duckdb.DuckDBPyConnection, name: str, layout: Delimited, keep: Sequence[str], found: Scan
) -> Stored:
    """A file each line of which is one whole record."""
    select = _numbered_rows(layout, keep, found, is_padded=False)
    connection.execute(f"create view raw.{quoted(name)} as {select}")
    return Stored(max(0, found.n_lines - layout.first_row + 1), [], found.is_trimmed)


def _numbered_rows(layout: Delimited, keep: Sequence[str], found: Scan, *, is_padded: bool) -> str:
    """SELECT of the columns `keep` with the physical row, by DuckDB's reader with nothing left to guess."""
    cells = "".join(
        f"{_nfc(quoted(column), found)} as {quoted(column)}, " for column in layout.columns if column in keep
    )
    declared = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in layout.columns)
    quote = '"' if found.quoted and not is_padded else ""
    return f"""
        select {cells}{layout.first_row - 1} + row_number() over () as source_row
        from read_csv(
            {literal(str(layout.path))}, columns = {{{declared}}}, auto_detect = false, header = false,
            skip = {layout.first_row - 1}, delim = {literal(layout.delimiter)}, quote = {literal(quote)},
            escape = {literal(quote)}, null_padding = {is_padded}, strict_mode = {not is_padded}
        )"""


def _padded_view(
    connection: duckdb.DuckDBPyConnection, name: str, layout: Delimited, keep: Sequence[str], found: Scan
) -> Stored:
    """A file with some lines quoted, uneven or blank: those are read with care, the rest by DuckDB.

    DuckDB takes each line for a row, whatever its width, so that the rows stay counted; it knows no quotes.
    """
    special = list(_special_records(layout, found))
    rejects = [record for record in special if record.reason is not None]
    rows = [record for record in special if record.reason is None]
    left_out = {*found.quoted, *found.uneven, *(row for record in rows for row in _rows_inside(record))}
    careful, apart = f"{name} (read with care)", f"{name} (rows read with care)"
    forget(connection, careful)
    forget(connection, apart)
    store_records(
        connection, careful, [column if column in keep else None for column in layout.columns], rows
    )
    store_records(connection, apart, [], (Record(row) for row in sorted(left_out)))
    connection.execute(
        f"""create view raw.{quoted(name)} as
        select * from ({_numbered_rows(layout, keep, found, is_padded=True)})
        where source_row not in (select source_row from raw.{quoted(apart)})
        union all
        select * from raw.{quoted(careful)}"""
    )
    n_rows = found.n_lines - layout.first_row + 1 - len(left_out) + len(rows)
    return Stored(n_rows, rejects, found.is_trimmed)


def _rows_inside(record: Record) -> range:
    """Physical rows below the first one that a record with line breaks in its cells takes up."""
    n_breaks = sum((cell or "").count("\n") for cell in record.cells)
    return range(record.source_row + 1, record.source_row + 1 + n_breaks)


def _special_records(layout: Delimited, found: Scan) -> Iterator[Record]:
    """The records that begin on a quoted or uneven line; an open quote may take in the lines below it."""
    special = {*found.quoted, *found.uneven}
    needed = set(special)
    for row in {*found.quoted} & {*found.uneven}:
        needed.update(range(row, min(row + MAX_LINES_PER_RECORD, found.n_lines) + 1))
    lines = lines_at(layout.path, needed, found.places)
    for record in records_of(lines, layout.delimiter, n_cells=len(layout.columns)):
        if record.source_row in special:
            yield record


def _nfc(expression: str, found: Scan) -> str:
    return expression if found.is_nfc else f"nfc_normalize({expression})"
