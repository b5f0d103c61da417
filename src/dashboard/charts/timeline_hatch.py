"""Hatching as lines: Vega has no patterns."""

import datetime as dt
from collections.abc import Iterable

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Layer

Box = tuple[dt.date, dt.date, float, float]


def hatch(canvas: Canvas, boxes: Iterable[Box], *, colour: str, step_px: float) -> list[Layer]:
    """Diagonal lines inside each box of (first day, last day, top, bottom), clipped at its edges."""
    rows = [
        {**segment, "colour": colour}
        for first, last, top, bottom in boxes
        for segment in _segments(canvas, first, last, top=top, bottom=bottom, step_px=step_px)
    ]
    return marks.rules(canvas, rows, width=1)


def _segments(
    canvas: Canvas, first: dt.date, last: dt.date, *, top: float, bottom: float, step_px: float
) -> Iterable[dict[str, float]]:
    axis = canvas.axis
    left, right = axis.x(first), axis.x(last)
    width = axis.px(last) - axis.px(first)
    if width <= 0:
        return
    n_lines = int((bottom - top + width) // step_px)
    for number in range(1, n_lines + 1):
        # A line at 45 degrees runs from (0, low) to (width, low - width) before it is clipped.
        low = top + number * step_px
        x1 = max(0.0, low - bottom)
        x2 = min(width, low - top)
        if x2 > x1:
            yield {
                "x": left + (right - left) * x1 / width,
                "x2": left + (right - left) * x2 / width,
                "y": low - x1,
                "y2": low - x2,
            }
