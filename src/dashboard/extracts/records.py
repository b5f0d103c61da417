"""The lines of a delimited file as records, strictly (RFC 4180), with their physical rows.

A quote may stand only around a whole cell. A record whose quotes do not close is rejected alone and
reading goes on at the next line, so that one stray quote costs one row and not the rest of the file.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache

from dashboard.extracts.storage import Record

# A note of a clinician spans a few lines; a longer one is a quote that was never closed.
MAX_LINES_PER_RECORD = 200


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of a whole record, of a record that ends inside a quoted cell, and of one cell."""
    end = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]|"")*+"|[^"{end}\r\n]*+)'
    return (
        re.compile(rf"{cell}(?:{end}{cell})*+"),
        re.compile(rf'(?:{cell}{end})*+"(?:[^"]|"")*+'),
        re.compile(rf'(?:^|{end})(?:"((?:[^"]|"")*+)"|([^"{end}]*+))'),
    )


def lines_of(blocks: Iterable[str]) -> Iterator[str]:
    """Physical lines of text that comes in blocks, without their line ends."""
    rest = ""
    for block in blocks:
        *whole, rest = (rest + block).split("\n")
        for line in whole:
            yield line.removesuffix("\r")
    if rest:
        yield rest.removesuffix("\r")


def records_of(
    lines: Iterable[tuple[int, str]], delimiter: str, *, n_cells: int | None = None
) -> Iterator[Record]:
    """One record per row of a delimited file, from its numbered lines; blank and empty rows are none.

    A record that cannot be split, or into a number of cells other than `n_cells`, has a reason and its
    first line as text.
    """
    source = _Lines(lines)
    for row, line in source:
        # The common case first, and short: it is passed once for each row of a large file.
        if not ('"' in line or "\r" in line or "\0" in line):
            cells = line.split(delimiter)
            if len(cells) == n_cells:
                record = Record(row, cells)
            elif line:
                record = _of_width(Record(row, cells, text=line), n_cells)
            else:
                continue
        else:
            record = _special_record(row, line, delimiter, source, n_cells)
        if record.reason is not None or any(record.cells):
            yield record


def _special_record(row: int, line: str, delimiter: str, source: "_Lines", n_cells: int | None) -> Record:
    if "\0" in line:
        return Record(row, reason="NUL byte in the row", text=line)
    if '"' in line:
        return _quoted_record(row, line, delimiter, source, n_cells)
    return Record(row, reason="carriage return inside the row", text=line)


def _of_width(record: Record, n_cells: int | None) -> Record:
    found = len(record.cells)
    if n_cells is None or found == n_cells:
        return record
    cells = "1 cell" if found == 1 else f"{found} cells"
    return Record(record.source_row, reason=f"{cells}, the header has {n_cells}", text=record.text)


class _Lines:
    """Numbered lines; those looked at can be given back."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self._given_back: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._given_back.popleft() if self._given_back else next(self._lines)

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        self._given_back.extendleft(reversed(lines))


def _quoted_record(row: int, line: str, delimiter: str, source: _Lines, n_cells: int | None) -> Record:
    whole, still_open, _ = _patterns(delimiter)
    if whole.fullmatch(line):
        return _of_width(Record(row, _cells(line, delimiter), text=line), n_cells)
    if not still_open.fullmatch(line):
        return Record(row, reason="quote inside a cell", text=line)
    text = line
    taken: list[tuple[int, str]] = []
    while len(taken) < MAX_LINES_PER_RECORD and (following := next(source, None)):
        taken.append(following)
        text += "\n" + following[1]
        if '"' not in following[1]:
            continue
        if whole.fullmatch(text):
            record = _of_width(Record(row, _cells(text, delimiter), text=line), n_cells)
            if record.reason is None and "\0" not in text:
                return record
            break
        if not still_open.fullmatch(text):
            break
    source.give_back(taken)
    return Record(row, reason="quote opened and never closed", text=line)


def _cells(text: str, delimiter: str) -> list[str]:
    cell = _patterns(delimiter)[2]
    return [match[2] if match[1] is None else match[1].replace('""', '"') for match in cell.finditer(text)]
