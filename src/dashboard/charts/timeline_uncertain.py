"""What a treatment bar cannot know: the days after the last record of the patient, or an end not recorded."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import line_place
from dashboard.charts.timeline_frame import NOT_RECORDED, Canvas, Event, Layer
from dashboard.charts.timeline_points import point

DASH = (3, 2.5)
# Fewer pixels could not be told from the edge of the bar.
LEAST_PX = 3


def certain_until(canvas: Canvas, event: Event, *, last: dt.date) -> dt.date:
    """Last day up to which a bar is certain: its end, of one that goes on the last record of the patient.

    Where the end was not recorded nothing is certain but the first day.
    """
    if event["end_basis"] == NOT_RECORDED:
        return min(last, max(event["occurred_on"], canvas.axis.start))
    known: dt.date | None = event.get("known_until")
    if known is None or not event["is_ongoing"]:
        return last
    certain = max(min(known, last), event["occurred_on"], canvas.axis.start)
    return certain if canvas.axis.px(last) - canvas.axis.px(certain) > LEAST_PX else last


@dataclass(frozen=True)
class Uncertain:
    """Part of a bar between two days, its upper edge, and where the name of the treatment ends."""

    event: Event
    first: dt.date
    last: dt.date
    top: float
    name_px: float


def uncertain_parts(canvas: Canvas, parts: Sequence[Uncertain], *, height_px: float) -> list[Layer]:
    """Faint bars with a dashed edge; where a treatment may go on with a question mark behind it."""
    axis, theme = canvas.axis, canvas.theme
    boxes, words = [], []
    for part in parts:
        event, y = part.event, part.top
        place = None if event["line"] is None else line_place(event["line"])
        fill = theme.page if place is None else theme.line_band[place]
        edge = theme.secondary if place is None else theme.bar_edge[place]
        ends = {"x": axis.x(part.first), "x2": axis.x(part.last), "y": y, "y2": y + height_px}
        boxes.append({**point(canvas, event), **ends, "fill": fill, "stroke": edge})
        if event["end_basis"] == NOT_RECORDED:
            continue
        end_px = axis.px(part.last)
        # A name that runs on beyond the bar stands before the question mark.
        px = end_px + 8 if part.name_px < end_px else max(end_px, part.name_px) + 6
        words.append({"x": axis.x_at(px), "y": y + height_px / 2, "text": "?", "colour": theme.text})
    return [
        *marks.rectangles(canvas, boxes, strokeWidth=1, strokeDash=list(DASH)),
        *marks.texts(canvas, words, size=13, fontWeight=700),
    ]
