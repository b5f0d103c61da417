"""Which past dates of cdk46 are known to the month only: the same ones in each layout of the study."""

from datetime import date

from dashboard.demo.layouts.texts import number_of


def is_day_unknown(patient_id: str, what: str) -> bool:
    """Whether the site knows the month of this date only: old events from another hospital's papers."""
    return number_of(f"{patient_id} {what} day", 6) == 0


def iso_date(day: date, *, month_only: bool) -> str:
    """ISO 8601, complete or to the month.

    >>> iso_date(date(2024, 3, 5), month_only=True)
    '2024-03'
    """
    return f"{day:%Y-%m}" if month_only else day.isoformat()
