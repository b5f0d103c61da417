"""One pass over the bytes of a UTF-8 file: may DuckDB read it as it stands, and which lines are no records?

DuckDB numbers only the rows it keeps and loads a line with a stray quote without a word, so nothing is
left to it that this pass has not seen to be plain.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.extracts.decode import byte_blocks, open_bytes

# DuckDB's own limit is 2 MB; such a line is a broken file and goes the slow, exact way.
LONGEST_LINE = 1 << 20
# A line this near is reached from line end to line end, one further off by halving the block.
LINES_STEPPED = 64


@dataclass
class Scan:
    """What a file's bytes say. `quoted` and `uneven`: physical rows of lines with a quote, and of lines
    that are not one whole record of as many cells as the header, or have nothing in any cell. `blank`: those
    of `uneven` without a character, which DuckDB does not count. `places`: the byte at which each of these
    lines begins. `is_trimmed`: ASCII without a blank.

    `is_plain`: UTF-8, no NUL, no lone or mixed carriage return, no line beyond the limit.
    """

    n_lines: int = 0
    is_plain: bool = True
    is_nfc: bool = True
    is_trimmed: bool = True
    quoted: list[int] = field(default_factory=list)
    uneven: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    n_bytes: int = 0

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
        marks = test.marks_in(block)
        n_returns += _carriage_returns(block, found) if b"\r" in marks else 0
        # Only the last block may end without a line end.
        ends_in_line_end = block.endswith(b"\n")
        found.is_plain = found.is_plain and b"\0" not in marks and len(block) <= 2 * LONGEST_LINE
        _look_at_letters(block, found)
        found.is_trimmed = found.is_trimmed and b" " not in marks
        test.look(block, marks, first_row=first_row, found=found)
    found.is_plain = found.is_plain and n_returns in (0, found.n_lines - (not ends_in_line_end))
    return found


def lines_at(path: Path, rows: Iterable[int], places: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """Physical rows of a UTF-8 file, in order, each with its line.

    `places` has the byte at which a row begins, of each row that does not follow on the one before it.
    """
    with open_bytes(path) as file:
        below = None
        for row in sorted(set(rows)):
            if row != below:
                file.seek(places[row])
            yield row, file.readline().decode("utf-8").removesuffix("\n").removesuffix("\r")
            below = row + 1


def _lines(block: bytes, positions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Where the lines at these positions of a block begin, in order, with each line.

    A few are found without splitting the block.
    """
    place, start = 0, 0
    for position in positions:
        start = _line_after(block, start, position - place)
        place = position
        end = block.find(b"\n", start)
        yield start, block[start:] if end < 0 else block[start:end]


def _line_after(block: bytes, start: int, n_lines: int) -> int:
    """Where the line begins that is n_lines below the one that begins at `start`."""
    end = len(block)
    while n_lines > LINES_STEPPED:
        middle = (start + end) // 2
        n_above = block.count(b"\n", start, middle)
        if n_above < n_lines:
            start, n_lines = middle, n_lines - n_above
        else:
            end = middle
    for _ in range(n_lines):
        start = block.index(b"\n", start) + 1
    return start


class _Look:
    """The tests of one block, made ready for a delimiter and a number of cells."""

    def __init__(self, delimiter: bytes, n_cells: int) -> None:
        end = re.escape(delimiter)
        cell = rb'(?:"(?:[^"]|"")*+"|[^"' + end + rb"\r\n]*+)"
        self._delimiter, self._n_delimiters = delimiter, n_cells - 1
        self._record = re.compile(cell + rb"(?:" + end + cell + rb"){%d}\r?" % self._n_delimiters)
        self._empty_row = delimiter * self._n_delimiters
        # What is left of an even line without its letters; a block of such lines is known by its remains.
        self._rare = bytes(set(b" \0\r") - set(delimiter))
        self._letters = bytes(set(range(256)) - set(delimiter + b'"\n' + self._rare))
        self._even_line = self._empty_row + b"\n"
        self._even_lines = re.compile(b"(?:" + re.escape(self._even_line) + b")*+")

    def marks_in(self, block: bytes) -> bytes:
        """What the tests look through: the delimiters, quotes, line ends, blanks and NULs of a block."""
        return block.translate(None, self._letters)

    def look(self, block: bytes, marks: bytes, *, first_row: int, found: Scan) -> None:
        """Note the quoted, uneven and blank lines of a block, from the physical row `first_row` on."""
        remains = marks.translate(None, self._rare)
        if not block.endswith(b"\n"):
            remains += b"\n"
        n_lines = remains.count(b"\n")
        skipped = max(0, first_row - 1 - found.n_lines)
        positions: Iterable[int] = range(skipped, n_lines)
        if self._n_delimiters and not self._has_empty_row(block):
            is_even = remains == self._even_line * n_lines
            positions = () if is_even else [one for one in self._uneven_lines(remains) if one >= skipped]
        for position, (start, line) in zip(positions, _lines(block, positions), strict=True):
            self._note(line, found.n_lines + position + 1, found, start=start)
        found.n_lines += n_lines
        found.n_bytes += len(block)

    def _has_empty_row(self, block: bytes) -> bool:
        # From behind: a search from the front stops at every delimiter.
        return block.startswith(self._empty_row) or block.rfind(b"\n" + self._empty_row) >= 0

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

    def _note(self, line: bytes, row: int, found: Scan, *, start: int) -> None:
        if not line.strip(b"\r"):
            found.blank.append(row)
            found.uneven.append(row)
        elif b'"' in line:
            found.quoted.append(row)
            if not line.strip(self._delimiter + b'"\r') or not self._record.fullmatch(line):
                found.uneven.append(row)
        elif line.count(self._delimiter) != self._n_delimiters or not line.strip(self._delimiter + b"\r"):
            found.uneven.append(row)
        else:
            return
        found.places[row] = found.n_bytes + start


def _carriage_returns(block: bytes, found: Scan) -> int:
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
