"""How one file is to be read, and what reading it gave."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Byte order mark, no-break and zero-width characters, soft hyphen: invisible in Excel, fatal in a match.
INVISIBLE = "\ufeff\u00a0\u200b\u200c\u200d\u2060\u00ad"


@dataclass(frozen=True)
class FileOptions:
    """How one source file is to be read; everything unsaid is found out from the file.

    Rows are physical rows of the file or sheet, counted from 1. `fill_down` names columns whose empty
    cells mean "same as above". `footer_pattern`: the first row with a first filled cell that matches,
    and all below it, are notes. `missing_values` are not applied here: they travel with the file to
    the mapping, so that the raw table keeps what was written. `keep` names columns, as the header has
    them, that are known not to identify people although they are called so (the `name` of a laboratory test).
    """

    sheet: str | None = None
    header_rows: tuple[int, ...] = ()
    first_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    fill_down: tuple[str, ...] = ()
    footer_pattern: str | None = None
    missing_values: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[int, ...]:
        """Rows of the header; the first row where nothing is said."""
        return self.header_rows or (1,)

    @property
    def first_data_row(self) -> int:
        """First row that is a record; the one below the header where nothing is said."""
        return self.first_row or max(self.header) + 1


@dataclass(frozen=True)
class SourceTable:
    """One file or sheet as a table (or view) of text in the schema `raw`.

    `raw_table` has the `columns`, all VARCHAR, empty cells NULL, and `source_row` BIGINT, the physical
    row. `n_records` counts its rows and the rows of `structural_reject` with this `source_file`.
    `dropped_columns` identify people and were never stored. `labels` are the column labels a SAS file
    carries; `notes` are sentences for the load report. `is_trimmed`: known to be ASCII, with no
    blank at the edge of any cell.
    """

    source_file: str
    raw_table: str
    columns: tuple[str, ...]
    encoding: str | None
    n_records: int
    dropped_columns: tuple[str, ...]
    sha256: str
    header_samples: tuple[str, ...]
    labels: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    is_trimmed: bool = False


def column_names(header: Sequence[str | None]) -> tuple[str, ...]:
    """Names of the columns as the header stands: NFC, trimmed; blank is column_N, a second x is x_2.

    Two names that differ only in case count as the same, as they do in SQL.

    >>> column_names(["Gene", " gene", None, "source_row"])
    ('Gene', 'gene_2', 'column_3', 'source_row_2')
    """
    taken = {"source_row"}
    names = []
    for position, cell in enumerate(header, start=1):
        text = " ".join(unicodedata.normalize("NFC", cell or "").split()).strip(INVISIBLE + " ")
        name = wanted = text or f"column_{position}"
        repeat = 2
        while name.casefold() in taken:
            name = f"{wanted}_{repeat}"
            repeat += 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def joined_header(rows: Sequence[Sequence[str | None]]) -> tuple[str | None, ...]:
    """One header from several rows: the parts above each column joined by a space, repeats once.

    >>> joined_header([["Gene", "VAF", "VAF"], [None, "1", "2"]])
    ('Gene', 'VAF 1', 'VAF 2')
    """
    width = max(len(row) for row in rows)
    return tuple(
        _joined(row[column] if column < len(row) else None for row in rows) for column in range(width)
    )


def _joined(parts: Iterable[str | None]) -> str | None:
    kept: list[str] = []
    for part in parts:
        text = (part or "").strip()
        if text and (not kept or kept[-1] != text):
            kept.append(text)
    return " ".join(kept) or None


def spread_right(row: Sequence[str | None]) -> list[str | None]:
    """A header row whose blank cells take the text on their left, as a merged cell saved as text does."""
    spread: list[str | None] = []
    for cell in row:
        spread.append(cell if (cell or "").strip() else (spread[-1] if spread else None))
    return spread


def is_note(cells: Sequence[str | None], pattern: str) -> bool:
    """Whether the first filled cell of a row matches the footer pattern."""
    first = next((cell for cell in cells if cell), None)
    return first is not None and re.search(pattern, first) is not None
