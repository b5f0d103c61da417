"""Native files: one CSV per canonical table, its columns as header."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.demo.layouts.reports import reports_at
from dashboard.demo.layouts.texts import plain
from dashboard.demo.truth import StudyTruth, extract_at, rows_of


def write_native(truth: StudyTruth, cut_off: date, folder: Path) -> None:
    """Write the extract of one data cut; a table without rows has no file.

    Where a report was amended, its variants stand there once per version, with the version beside them.
    """
    frames = extract_at(truth, cut_off)
    for name, frame in frames.items():
        if name != "variant" and len(frame):
            _write(rows_of(frame), list(frame.columns), folder / f"{name}.csv")
    reports = reports_at(truth, cut_off)
    columns = list(frames["variant"].columns)
    if any(report.version > 1 for report in reports):
        columns.append("report_version")
    rows = [{**row, "report_version": report.version} for report in reports for row in report.variants]
    if rows:
        _write(rows, columns, folder / "variant.csv")


def _write(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(row.get(name)) for name in columns] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8")
