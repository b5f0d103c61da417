"""One pass over the bytes of a UTF-8 file: may DuckDB read it as it stands, and which lines are no records?

DuckDB numbers only the rows it keeps and loads a line with a stray quote without a word, so nothing is
left to it that this pass has not seen to be plain.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.extracts.decode import byte_blocks

# DuckDB's own limit is 2 MB; such a line is a broken file and goes the slow, exact way.
LONGEST_LINE = 1 << 20


@dataclass
class Scan:
    """What a file's bytes say. `quoted` and `uneven`: physical rows of lines with a quote, and of lines
    that are not one whole record of as many cells as the header, or have nothing in any cell. `blank`: those
    of `uneven` without a character, which DuckDB does not count. `is_trimmed`: ASCII without a blank.

    `is_plain`: UTF-8, no NUL, no lone or mixed carriage return, no line beyond the limit.
    """

    n_lines: int = 0
    is_plain: bool = True
    is_nfc: bool = True
    is_trimmed: bool = True
    quoted: list[int] = field(default_factory=list)
    uneven: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)

    @property
    def is_counted(self) -> bool:
        """Whether DuckDB numbers the lines as they stand: nothing but the end of the file may be blank."""
        return not self.blank or self.blank[0] > self.n_lines - len(self.blank)


def scan(path: Path, delimiter: str, *, n_cells: int, first_row: int) -> Scan:
    """Scan every line from the physical row `first_row` on."""
    test = _Look(delimiter.encode(), n_cells)
    found = Scan()
    n_returns, ends_in_line_end = 0, True
    for block in byte_blocks(path):
        n_returns += _carriage_returns(block, found)
        # Only the last block may end without a line end.
        ends_in_line_end = block.endswith(b"\n")
        found.is_plain = found.is_plain and b"\0" not in block and len(block) <= 2 * LONGEST_LINE
        _look_at_letters(block, found)
        found.is_trimmed = found.is_trimmed and b" " not in block
        test.look(block, first_row, found)
    found.is_plain = found.is_plain and n_returns in (0, found.n_lines - (not ends_in_line_end))
    return found


def lines_at(path: Path, rows: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Physical rows of a UTF-8 file, in order, each with its line."""
    wanted = deque(sorted(set(rows)))
    n_before = 0
    for block in byte_blocks(path):
        if not wanted:
            return
        n_lines = block.count(b"\n") + (not block.endswith(b"\n"))
        if wanted[0] <= n_before + n_lines:
            lines = block.split(b"\n")
            while wanted and wanted[0] <= n_before + n_lines:
                row = wanted.popleft()
                yield row, lines[row - n_before - 1].decode("utf-8").removesuffix("\r")
        n_before += n_lines


class _Look:
    """The tests of one block, made ready for a delimiter and a number of cells."""

    def __init__(self, delimiter: bytes, n_cells: int) -> None:
        end = re.escape(delimiter)
        cell = rb'(?:"(?:[^"]|"")*+"|[^"' + end + rb"\r\n]*+)"
        self._delimiter, self._n_delimiters = delimiter, n_cells - 1
        self._record = re.compile(cell + rb"(?:" + end + cell + rb"){%d}\r?" % self._n_delimiters)
        self._empty_row = delimiter * self._n_delimiters
        # What is left of an even line without its letters; a block of such lines is known by its remains.
        self._letters = bytes(set(range(256)) - set(delimiter + b'"\n'))
        self._even_line = self._empty_row + b"\n"
        self._even_lines = re.compile(b"(?:" + re.escape(self._even_line) + b")*+")

    def look(self, block: bytes, first_row: int, found: Scan) -> None:
        """Note the quoted, uneven and blank lines of a block, from the physical row `first_row` on."""
        remains = block.translate(None, self._letters)
        if not block.endswith(b"\n"):
            remains += b"\n"
        n_lines = remains.count(b"\n")
        rows: Iterable[int] = range(n_lines)
        if self._n_delimiters and not self._has_empty_row(block):
            rows = () if remains == self._even_line * n_lines else self._uneven_lines(remains)
        lines: list[bytes] = []
        for position in rows:
            row = found.n_lines + position + 1
            if row >= first_row:
                lines = lines or block.split(b"\n")
                self._note(lines[position], row, found)
        found.n_lines += n_lines

    def _has_empty_row(self, block: bytes) -> bool:
        return block.startswith(self._empty_row) or b"\n" + self._empty_row in block

    def _uneven_lines(self, remains: bytes) -> Iterator[int]:
        """Positions of the lines whose remains are not those of an even line without a quote."""
        place, position = 0, 0
        while True:
            end = self._even_lines.match(remains, place).end()  # type: ignore[union-attr]  # may be empty
            position += (end - place) // len(self._even_line)
            if end == len(remains):
                return
            yield position
            place, position = remains.index(b"\n", end) + 1, position + 1

    def _note(self, line: bytes, row: int, found: Scan) -> None:
        if not line.strip(b"\r"):
            found.blank.append(row)
            found.uneven.append(row)
        elif b'"' in line:
            found.quoted.append(row)
            if not line.strip(self._delimiter + b'"\r') or not self._record.fullmatch(line):
                found.uneven.append(row)
        elif line.count(self._delimiter) != self._n_delimiters or not line.strip(self._delimiter + b"\r"):
            found.uneven.append(row)


def _carriage_returns(block: bytes, found: Scan) -> int:
    if b"\r" not in block:
        return 0
    n_pairs = block.count(b"\r\n")
    found.is_plain = found.is_plain and block.count(b"\r") == n_pairs
    return n_pairs


def _look_at_letters(block: bytes, found: Scan) -> None:
    if block.isascii():
        return
    found.is_trimmed = False
    try:
        found.is_nfc = found.is_nfc and unicodedata.is_normalized("NFC", block.decode("utf-8"))
    except UnicodeDecodeError:
        # Only where UTF-8 was asked for and the file is not; the slow way names the row.
        found.is_plain = False
