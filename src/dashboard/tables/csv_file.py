"""The one way to write a table as a CSV file, so that the same rows always give the same bytes."""

import csv
import io
import math
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

SIGNIFICANT_DIGITS = 12


def csv_text(table: pd.DataFrame, *, provenance: str, key: Sequence[str] = ()) -> str:
    """UTF-8 text with LF: a line `# provenance`, the column names, the rows.

    `provenance` says study, data cut and snapshot; readers skip it as a comment. Columns keep their order;
    rows are sorted by `key` where one is given, so that a query without an order gives the same file.
    Numbers have 12 significant digits, a missing value is empty. Raises KeyError for a key that is no column.
    """
    rows = table.sort_values(list(key), kind="stable", na_position="last") if key else table
    out = io.StringIO()
    out.write(f"# {' '.join(provenance.split())}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([str(name) for name in table.columns])
    writer.writerows([_text(value) for value in row] for row in _plain(rows))
    return out.getvalue()


def _plain(table: pd.DataFrame) -> list[tuple[Hashable, ...]]:
    return list(table.astype(object).itertuples(index=False, name=None))


def _text(value: Any) -> str:
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.{SIGNIFICANT_DIGITS}g}"
    if isinstance(value, Decimal):
        return f"{value:.{SIGNIFICANT_DIGITS}g}"
    if isinstance(value, pd.Timestamp):
        day = value == value.normalize()
        return value.date().isoformat() if day else value.isoformat()
    return str(value)
