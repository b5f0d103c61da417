"""The one way to write a table as a CSV file, so that the same rows always give the same bytes."""

import csv
import io
import math
import re
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

SIGNIFICANT_DIGITS = 12
# A cell that begins with one of these is a formula for a spreadsheet, in some countries the wide signs too.
FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
LINE_BREAK = re.compile(r"\r\n?")
NUMBER = re.compile(r"[+-]?\d+([.]\d+)?( ?%)?")


def csv_text(table: pd.DataFrame, *, provenance: str, key: Sequence[str] = ()) -> str:
    """UTF-8 text with LF: a line `# provenance`, the column names, the rows.

    `provenance` says study, data cut and snapshot; readers skip it as a comment. Columns keep their order;
    rows are sorted by `key` where one is given, so that a query without an order gives the same file.
    Numbers have 12 significant digits, a missing value is empty, a text that a spreadsheet would take for a
    formula has an apostrophe before it. Raises KeyError for a key that is no column.
    """
    rows = table.sort_values(list(key), kind="stable", na_position="last") if key else table
    return f"# {' '.join(provenance.split())}\n{bare_csv(rows)}"


def tables_csv(tables: Mapping[str, pd.DataFrame], *, provenance: str) -> str:
    """Several tables in one file as of `csv_text`, each under its title, an empty line between."""
    parts = [f"# {title}\n{bare_csv(table)}" for title, table in tables.items()]
    return f"# {' '.join(provenance.split())}\n" + "\n".join(parts)


def bare_csv(table: pd.DataFrame) -> str:
    """The column names and the rows, for a system that reads the first line as column names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(str(name)) for name in table.columns])
    writer.writerows([_text(value) for value in row] for row in _plain(table))
    return out.getvalue()


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    A number in words ("-12", "+8.1 %") is no formula. A break within the text is LF, which is put in quotes;
    a bare CR would begin a row. Source: OWASP, CSV injection.
    """
    text = LINE_BREAK.sub("\n", text)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text


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
    return harmless(str(value))
