"""What every figure gives: the rows, the drawing, its table twin and the words that must travel with it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.store.snapshot import Snapshot
from dashboard.tables.formats import format_date


@dataclass(frozen=True)
class Figure:
    """One figure, ready for the page, the PDF and the files.

    `rows` are what was read, `spec` is a Vega-Lite specification, `table` is the table twin (exactly the
    plotted points), `code` reproduces the rows from the snapshot.
    """

    rows: pd.DataFrame
    spec: dict[str, Any]
    table: pd.DataFrame
    caption: str
    method: str
    footer: str
    code: str
    alt: str = ""


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
