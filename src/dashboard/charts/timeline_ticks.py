"""Ticks of the time axis: months, or days from day 0."""

import datetime as dt
from typing import Any

from dashboard.charts.theme import FONT
from dashboard.charts.timeline_frame import Canvas, TimeAxis
from dashboard.tables.formats import DAYS_PER_MONTH

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 60)
DAY_STEPS = (1, 2, 5, 10, 20, 30, 60, 90, 120, 180, 360, 720, 1440)
# Steps of days for a course too short to hold two first days of months.
SHORT_STEPS = (1, 2, 4, 7, 14, 21)
DATE_GAP_PX = 62
SHORT_GAP_PX = 76
DAY_GAP_PX = 46
MONTH = "utcFormat(datum.value, '%b %Y')"
DATE = "utcFormat(datum.value, '%-d %b %Y')"


def date_ticks(axis: TimeAxis) -> list[dt.date]:
    """First days of months, on a short axis single days, so far apart that their labels do not touch."""
    ticks = month_ticks(axis)
    if len(ticks) > 1:
        return ticks
    days = max(1, (axis.end - axis.start).days)
    room_px = SHORT_GAP_PX * axis.text_scale
    step = next((s for s in SHORT_STEPS if s * axis.plot_px / days >= room_px), SHORT_STEPS[-1])
    first = axis.start + dt.timedelta(days=-axis.start.toordinal() % step)
    return [first + dt.timedelta(days=n) for n in range(0, (axis.end - first).days + 1, step)]


def month_ticks(axis: TimeAxis) -> list[dt.date]:
    """First days of months, so far apart that their labels do not touch."""
    days = max(1, (axis.end - axis.start).days)
    step = next(
        (s for s in MONTH_STEPS if s * DAYS_PER_MONTH * axis.plot_px / days >= DATE_GAP_PX * axis.text_scale),
        MONTH_STEPS[-1],
    )
    first = axis.start.year * 12 + axis.start.month
    months = range(first - first % step, axis.end.year * 12 + axis.end.month + 1, step)
    ticks = [
        dt.date((m - 1) // 12 if step == 1 else m // 12, (m - 1) % 12 + 1 if step == 1 else m % 12 + 1, 1)
        for m in months
    ]
    return [tick for tick in ticks if axis.start <= tick <= axis.end]


def day_ticks(axis: TimeAxis) -> list[int]:
    """Multiples of a round number of days from day 0, so far apart that their labels do not touch."""
    days = max(1, (axis.end - axis.start).days)
    step = next(
        (s for s in DAY_STEPS if s * axis.plot_px / days >= DAY_GAP_PX * axis.text_scale), DAY_STEPS[-1]
    )
    first, last = (axis.start - axis.zero).days, (axis.end - axis.zero).days
    return [day for day in range(-(-first // step) * step, last + 1, step)]


def time_axis(canvas: Canvas) -> dict[str, Any]:
    """The axis under the plot: months, or days from day 0."""
    theme, axis = canvas.theme, canvas.axis
    style: dict[str, Any] = {
        "orient": "bottom",
        "labelFont": FONT,
        "labelFontSize": 11,
        "labelColor": theme.secondary,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "domainColor": theme.secondary,
        "tickColor": theme.secondary,
        "tickSize": 4,
        "labelPadding": 3,
        "grid": False,
        "title": None,
    }
    if axis.is_dates:
        ticks = date_ticks(axis)
        is_monthly = all(tick.day == 1 for tick in ticks)
        return {
            "values": [axis.x(day) for day in ticks],
            "labelExpr": MONTH if is_monthly else DATE,
            **style,
        }
    return {"values": day_ticks(axis), "format": "d", **style}
