"""Limits of the target sum: the nadir and the sum from which PD would be called, as they stood each day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Event, Layer
from dashboard.charts.timeline_labels import Box
from dashboard.charts.timeline_scale import ValueScale
from dashboard.tables.formats import format_tenth_mm


@dataclass(frozen=True)
class Limit:
    """Nadir and sum from which PD would be called, in mm, with the days of a line on which they hold."""

    event: Event
    first: dt.date
    last: dt.date

    @property
    def nadir(self) -> float:
        """Nadir in mm."""
        return int(self.event["nadir_tenth_mm"]) / 10

    @property
    def progression(self) -> float:
        """Smallest sum that would be PD, in mm."""
        return int(self.event["pd_from_tenth_mm"]) / 10


def limits_of(canvas: Canvas) -> list[Limit]:
    """Limits of each line, one for each nadir, oldest first.

    They end with the next nadir or where the next line begins; the last ones reach to the end of the axis.
    """
    axis = canvas.axis
    spans = [
        Limit(e, max(e["occurred_on"], axis.start), min(e["ended_on"] or axis.end, axis.end))
        for e in canvas.reaching("LIMIT")
    ]
    return [limit for limit in spans if limit.first < limit.last]


def limit_lines(canvas: Canvas, limits: Sequence[Limit], *, scale: ValueScale) -> list[Layer]:
    """Dashed the sum from which PD would be called, dotted the nadir, both in steps."""
    theme, axis = canvas.theme, canvas.axis
    dashed, dotted = [], []
    for limit in limits:
        span = {"x": axis.x(limit.first), "x2": axis.x(limit.last)}
        high, low = scale.px(limit.progression), scale.px(limit.nadir)
        key = {"key": limit.event["event_key"]}
        dashed.append({**span, **key, "y": high, "y2": high, "colour": theme.progression_sum})
        dotted.append({**span, "y": low, "y2": low, "colour": theme.secondary})
    for before, after in _steps(limits):
        at = {"x": axis.x(after.first), "x2": axis.x(after.first)}
        ends = {"y": scale.px(before.progression), "y2": scale.px(after.progression)}
        dashed.append({**at, **ends, "colour": theme.progression_sum})
    return [
        *marks.rules(canvas, dashed, dash=(4, 3), width=1.4),
        *marks.rules(canvas, dotted, dash=(1, 2.5), width=1.4),
    ]


def _steps(limits: Sequence[Limit]) -> list[tuple[Limit, Limit]]:
    """Neighbouring limits of one line."""
    return [
        (before, after)
        for before in limits
        for after in limits
        if before.event["line"] == after.event["line"] and before.last == after.first
    ]


def limit_boxes(canvas: Canvas, limits: Sequence[Limit], *, scale: ValueScale) -> list[Box]:
    """Room that dashes and dots take."""
    boxes = []
    for limit in limits:
        left, right = canvas.axis.px(limit.first), canvas.axis.px(limit.last)
        boxes += [Box(left, right, y - 1, y + 1) for y in map(scale.px, (limit.progression, limit.nadir))]
    for before, after in _steps(limits):
        px = canvas.axis.px(after.first)
        boxes.append(Box(px - 1, px + 1, scale.px(before.progression), scale.px(after.progression)))
    return boxes


def limit_names(canvas: Canvas, limits: Sequence[Limit], *, scale: ValueScale) -> list[Layer]:
    """Names of the limits that reach the end of the plot, beside it and kept apart."""
    last = max(limits, key=lambda limit: (limit.last, limit.first), default=None)
    if last is None or last.last < canvas.axis.end:
        return []
    event = last.event
    threshold, nadir = int(event["pd_from_tenth_mm"]), int(event["nadir_tenth_mm"])
    y = scale.px(last.progression)
    lower = max(scale.px(last.nadir), y + max(14, 1.1 * canvas.options.least_text_px))
    theme = canvas.theme
    rows = [
        {
            "text": f"PD from {format_tenth_mm(threshold)} mm",
            "y": y,
            "dx": 6,
            "colour": theme.progression_sum,
        },
        {"text": f"nadir {format_tenth_mm(nadir)} mm", "y": lower, "dx": 6, "colour": theme.secondary},
    ]
    return marks.margin_texts(canvas, rows, side="right", size=11.5)
