"""What every figure gives: the rows, the drawing, its table twin and the words that must travel with it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.tables.csv_file import csv_text
from dashboard.tables.formats import format_date


@dataclass(frozen=True)
class Origin:
    """By what name, of which reader and for what request a figure was made; None where it takes none."""

    name: str
    reader: Reader
    request: Any = None


@dataclass(frozen=True)
class Figure:
    """One figure, ready for the page, the PDF and the files.

    `rows` are what was read, `spec` is a Vega-Lite specification, `table` is the table twin (exactly the
    plotted points), `code` is the query of the rows with its values. A figure that can be made again by
    name knows its `origin`; its file holds the `table` or, where `writes_rows`, the rows sorted by `key`.
    """

    rows: pd.DataFrame
    spec: dict[str, Any]
    table: pd.DataFrame
    caption: str
    method: str
    footer: str
    code: str
    alt: str = ""
    origin: Origin | None = None
    writes_rows: bool = False
    key: tuple[str, ...] = ()

    @property
    def numbers(self) -> pd.DataFrame:
        """What the file of the figure holds, not yet sorted."""
        return self.rows if self.writes_rows else self.table

    def without_rows(self) -> "Figure":
        """The same without rows that no file holds: light to keep for a page that shows the rest."""
        return self if self.writes_rows else replace(self, rows=self.rows.head(0).copy())

    def csv(self) -> str:
        """Text of the file of the figure: its numbers, in the first line where they come from."""
        numbers = self.numbers
        # Without rows there may be no columns either, and nothing to sort.
        return csv_text(numbers, provenance=self.footer, key=self.key if len(numbers) else ())

    def to_csv(self, path: Path | str) -> None:
        """Write `csv` to a file."""
        Path(path).write_text(self.csv(), encoding="utf-8", newline="\n")


def footer_of(snapshot: Snapshot) -> str:
    """Study, data cut and snapshot, for the foot of a figure and of every export of it."""
    study = snapshot.manifest.get("study_title") or snapshot.study_id
    return f"{study} · data cut {format_date(snapshot.cut_off)} · snapshot {snapshot.snapshot_id}"


def code_of(sql: str, parameters: dict[str, Any], *, snapshot: Snapshot) -> str:
    """SQL and Python that give the rows of a figure from the file of its snapshot."""
    return (
        "import duckdb\n\n"
        f"# {snapshot.study_id}, data cut {snapshot.cut_off.isoformat()}, snapshot {snapshot.snapshot_id}\n"
        'connection = duckdb.connect("store.duckdb", read_only=True)\n'
        f'sql = """\n{sql.strip()}\n"""\n'
        f"rows = connection.execute(sql, {parameters!r}).df()\n"
    )
