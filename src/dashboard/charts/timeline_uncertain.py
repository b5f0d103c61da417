"""What a treatment bar cannot know: the days between the last record of the patient and the data cut."""

import datetime as dt
from collections.abc import Sequence

from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import line_place
from dashboard.charts.timeline_frame import Canvas, Event, Layer

DASH = (3, 2.5)
# Fewer pixels could not be told from the edge of the bar.
LEAST_PX = 3


def certain_until(canvas: Canvas, event: Event, *, last: dt.date) -> dt.date:
    """Last day up to which a bar is certain: its end, of one that goes on the last record of the patient."""
    known: dt.date | None = event.get("known_until")
    if known is None or not event["is_ongoing"]:
        return last
    certain = max(min(known, last), event["occurred_on"], canvas.axis.start)
    return certain if canvas.axis.px(last) - canvas.axis.px(certain) > LEAST_PX else last


def uncertain_parts(
    canvas: Canvas, parts: Sequence[tuple[Event, dt.date, dt.date, float]], *, height_px: float
) -> list[Layer]:
    """Faint bars with a dashed edge and a question mark at the end, from (event, first, last day, top)."""
    axis, theme = canvas.axis, canvas.theme
    boxes, words = [], []
    for event, first, last, y in parts:
        place = None if event["line"] is None else line_place(event["line"])
        fill = theme.page if place is None else theme.line_band[place]
        edge = theme.secondary if place is None else theme.bar_edge[place]
        ends = {"x": axis.x(first), "x2": axis.x(last), "y": y, "y2": y + height_px}
        boxes.append({**ends, "fill": fill, "stroke": edge})
        words.append(
            {"x": axis.x_at(axis.px(last) + 8), "y": y + height_px / 2, "text": "?", "colour": theme.text}
        )
    return [
        *marks.rectangles(canvas, boxes, strokeWidth=1, strokeDash=list(DASH)),
        *marks.texts(canvas, words, size=13, fontWeight=700),
    ]
