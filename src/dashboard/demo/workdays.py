"""Days as integers (ordinals of the calendar), so that a course is plain arithmetic until it is written."""

from datetime import date

FRIDAY = 4


def ordinal(year: int, month: int, day: int) -> int:
    """Day number of a calendar date."""
    return date(year, month, day).toordinal()


def as_date(day: int) -> date:
    """Calendar date of a day number."""
    return date.fromordinal(day)


def weekday(day: float) -> int:
    """The day itself, or the Monday after it when it falls on a weekend."""
    whole = int(day)
    place = (whole - 1) % 7
    return whole + (7 - place if place > FRIDAY else 0)


def weekday_before(day: float) -> int:
    """The day itself, or the Friday before it when it falls on a weekend."""
    whole = int(day)
    place = (whole - 1) % 7
    return whole - (place - FRIDAY if place > FRIDAY else 0)


def working_days_after(day: int, count: int) -> int:
    """The weekday that lies `count` working days after `day`."""
    current = weekday(day)
    weeks, rest = divmod(count, 5)
    current += 7 * weeks
    for _ in range(rest):
        current = weekday(current + 1)
    return current


def months_after(day: int, months: int) -> int:
    """The same day `months` calendar months later, or the last day of that month."""
    start = as_date(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal()
    return min(date(year, month + 1, 1).toordinal() + start.day - 1, first_of_next - 1)
