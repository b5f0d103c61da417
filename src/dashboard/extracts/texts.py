"""Typed cells (Excel, SAS, Parquet) as the shortest text that says the same."""

import datetime as dt
import unicodedata
from decimal import Decimal

# Excel keeps 15 significant digits; what lies beyond is noise of binary fractions (0.30000000000000004).
SIGNIFICANT_DIGITS = 15


def text_of(value: object, *, number_format: str = "General") -> str | None:
    """The text of one cell; dates in ISO form, a percentage as it is shown, empty as None.

    >>> text_of(0.1 + 0.2), text_of(12.0), text_of(0.0035, number_format="0.00%")
    ('0.3', '12', '0.35%')
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value, percent="%" in number_format)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return unicodedata.normalize("NFC", str(value))


def _number(value: int | float | Decimal, *, percent: bool) -> str | None:
    if value != value:  # not a number: a missing value in SAS and pandas
        return None
    exact = Decimal(format(value, f".{SIGNIFICANT_DIGITS}g")) if isinstance(value, float) else Decimal(value)
    shown = format(exact * 100 if percent else exact, "f")
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown + ("%" if percent else "")
