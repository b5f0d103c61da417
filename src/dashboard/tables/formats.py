"""Values as text: one way to write a date, a percentage, a duration."""

import datetime as dt
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
NOTHING = "–"
ABOUT = "≈ "
# As in `stats`, which imports nothing of ours.
DAYS_PER_MONTH = 30.4375
NameDay = Callable[[dt.date], str]


def format_date(day: dt.date | None, *, precision: str | None = None) -> str:
    """A date that no country reads differently, for instance 4 Jun 2026; a dash where there is none.

    Of one recorded to the "month" or "year" only what is known, for instance ≈ Jun 2026 (A38).
    """
    if day is None:
        return NOTHING
    if precision in ("month", "year"):
        return f"{ABOUT}{day:%b %Y}" if precision == "month" else f"{ABOUT}{day.year}"
    return f"{day.day} {day:%b %Y}"


def format_days(days: int | None) -> str:
    """A count of days, for instance 1 day, 34 days."""
    return NOTHING if days is None else format_count(days, "day")


def format_count(n: int, thing: str) -> str:
    """A number of things whose plural takes an s, for instance 1 patient, 3 patients, 0 patients."""
    return f"{n} {thing}" if abs(n) == 1 else f"{n} {thing}s"


def format_months(days: float) -> str:
    """A duration in months of 30.4375 days with one decimal, for instance 19.4 months."""
    return f"{days / DAYS_PER_MONTH:.1f} months"


def format_figures(value: float, *, digits: int = 3) -> str:
    """A positive quantity to so many significant figures, never in powers of ten: 12.4, 0.31, 0.0049, 210."""
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def format_ppm(ppm: Decimal | float | None) -> str:
    """An allele fraction stored in parts per million, in per cent without the sign; else a dash."""
    return NOTHING if ppm is None else format_percent(float(ppm) / 10_000)


def format_percent(percent: float) -> str:
    """An allele fraction: two decimals, below 1 % up to three significant figures: 12.40, 0.163, 0.0049."""
    if percent <= 0:
        return "0"
    places = max(2, 2 - math.floor(math.log10(percent)))
    whole, _, decimals = f"{half_up(percent, places=places):.{places}f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def half_up(value: float, *, places: int) -> Decimal:
    """Halves away from zero, of the number as written: 2.795 is 2.80, though its float lies just below.

    >>> half_up(2.795, places=2), half_up(-0.5, places=0)
    (Decimal('2.80'), Decimal('-1'))
    """
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_signed_percent(percent: float, *, decimals: int = 0) -> str:
    """A change in per cent with its sign, for instance −32.6 or +15.5, without the per-cent sign."""
    rounded = half_up(percent, places=decimals)
    sign = MINUS if rounded < 0 else "+" if rounded > 0 else ""
    return f"{sign}{abs(rounded):.{decimals}f}"


def format_tenth_mm(tenth_mm: int | None) -> str:
    """A length stored in tenths of a millimetre, in mm; a decimal only where there is one."""
    if tenth_mm is None:
        return NOTHING
    return str(tenth_mm // 10) if tenth_mm % 10 == 0 else f"{tenth_mm / 10:.1f}"
