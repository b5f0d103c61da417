"""What every figure gives: the rows, the drawing, its table twin and the words that must travel with it."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.store.asked import Question
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.tables.csv_file import csv_text
from dashboard.tables.formats import format_date

HASH_DIGITS = 8


@dataclass(frozen=True)
class Origin:
    """By what name, of which reader and for what request a figure was made; None where it takes none."""

    name: str
    reader: Reader
    request: Any = None


@dataclass(frozen=True)
class Figure:
    """One figure, ready for the page, the PDF and the files.

    `rows` are what was read or counted, `spec` is a Vega-Lite specification, `table` is the table twin
    (exactly the plotted points), `code` gives the input rows by query. A figure that can be made again by
    name knows its `origin`, and its code has every question asked for it; its file holds the `table` or,
    where `writes_rows`, the rows sorted by `key`.
    """

    rows: pd.DataFrame
    spec: dict[str, Any]
    table: pd.DataFrame
    caption: str
    method: str
    footer: str
    code: str = ""
    alt: str = ""
    origin: Origin | None = None
    writes_rows: bool = False
    key: tuple[str, ...] = ()

    @property
    def numbers(self) -> pd.DataFrame:
        """What the file of the figure holds, not yet sorted."""
        return self.rows if self.writes_rows else self.table

    @property
    def rules(self) -> str:
        """Version of the rules its rows were derived by, as "rules 28b04e46739a"; empty where not known."""
        version = self.origin.reader.snapshot.manifest.get("rules") if self.origin else None
        return f"rules {version}" if version else ""

    def without_rows(self) -> "Figure":
        """The same without rows that no file holds: light to keep for a page that shows the rest."""
        return self if self.writes_rows else replace(self, rows=self.rows.head(0).copy())

    def with_note(self, words: str) -> "Figure":
        """The same with these words at its foot, which every file of it copies; itself for none."""
        return replace(self, footer=f"{self.footer} · {words}") if words else self

    def csv(self) -> str:
        """Text of the file of the figure: its numbers, in the first line where they come from."""
        numbers = self.numbers
        # Without rows there may be no columns either, and nothing to sort.
        return csv_text(numbers, provenance=self.footer, key=self.key if len(numbers) else ())

    def to_csv(self, path: Path | str) -> None:
        """Write `csv` to a file."""
        Path(path).write_text(self.csv(), encoding="utf-8", newline="\n")


def footer_of(snapshot: Snapshot) -> str:
    """Study, data cut, when and from which files it was loaded, for the foot of a figure and its exports.

    The moment is the one the snapshot was built at, so that a figure made again from it has the same foot.
    """
    study = snapshot.manifest.get("study_title") or snapshot.study_id
    cut = f"data cut {format_date(snapshot.cut_off)} · snapshot {snapshot.snapshot_id}"
    return " · ".join([study, cut, *loaded_words(snapshot)])


def loaded_words(snapshot: Snapshot) -> list[str]:
    """For instance "loaded 1 Mar 2026 09:12 UTC" and "files 1a2b3c4d", as far as the snapshot has both."""
    built_at, files = snapshot.manifest.get("built_at"), snapshot.manifest.get("files")
    said = []
    if built_at:
        moment = dt.datetime.fromisoformat(built_at)
        said.append(f"loaded {format_date(moment.date())} {moment:%H:%M} UTC")
    return [*said, f"files {files[:HASH_DIGITS]}"] if files else said


def code_of(reader: Reader, *questions: Question) -> str:
    """SQL and Python that give the input rows of a figure from the file of its snapshot.

    Several queries are numbered; one asked again with other values is written once. For a reader of some
    sites the tables are limited to these first.
    """
    snapshot = reader.snapshot
    return (
        "import duckdb\n\n"
        f"# {snapshot.study_id}, data cut {snapshot.cut_off.isoformat()}, snapshot {snapshot.snapshot_id}\n"
        'connection = duckdb.connect("store.duckdb", read_only=True)\n'
        f"{_limiting(reader, questions)}{''.join(_asking(questions))}"
    )


def _asking(questions: Sequence[Question]) -> Iterator[str]:
    """Python that asks each question: one gives `rows`, several `rows_1`, `rows_2` and so on."""
    written: dict[str, str] = {}
    for place, (sql, values) in enumerate(questions, start=1):
        number = f"_{place}" if len(questions) > 1 else ""
        if number:
            yield f"\n# Query {place} of {len(questions)}\n"
        if sql not in written:
            written[sql] = f"sql{number}"
            yield f'{written[sql]} = """\n{sql.strip()}\n"""\n'
        yield f"rows{number} = connection.execute({written[sql]}, {values or {}!r}).df()\n"


def _limiting(reader: Reader, questions: Sequence[Question]) -> str:
    """Python that leaves the tables of the questions the reader's sites alone; empty for all sites."""
    if reader.sites is None:
        return ""
    limits = dict.fromkeys(limit for sql, _values in questions for limit in reader.limits(sql))
    lines = "".join(f"connection.execute({json.dumps(limit)})\n" for limit in limits)
    return f"# Only patients of the sites {', '.join(reader.sites) or 'none'}\n{lines}"
