"""Windows of planned draws in the ctDNA panel, with two draws: shaded, each named where there is room."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_ctdna import Plot
from dashboard.charts.timeline_frame import Event, Layer
from dashboard.charts.timeline_labels import Label, Spot, name_px, small
from dashboard.charts.timeline_points import LEFT_OUT

FEW = 2
NARROWEST_PX = 60
NAME_PX = 9
STEPS = 6


def window_layers(plot: Plot) -> list[Layer]:
    """The windows of later single draws, from the top of the panel through its lanes."""
    canvas, theme, time = plot.canvas, plot.canvas.theme, plot.canvas.axis
    rows, edges = [], []
    for _event, first, last in _shaded(plot):
        span = {"x": time.x(first), "x2": time.x(last), "y": plot.scale.top_px, "y2": plot.lane_top + 52}
        rows.append({**span, "fill": theme.window})
        edges += [
            {**span, "x2": span["x"], "colour": theme.primary},
            {**span, "x": span["x2"], "colour": theme.primary},
        ]
    return [*marks.rectangles(canvas, rows, opacity=0.75), *marks.rules(canvas, edges, dash=(1, 2))]


def window_names(plot: Plot) -> list[Label]:
    """The name of each, at the top of the panel or, where words stand there, above its lanes."""
    time = plot.canvas.axis
    lowest = plot.lane_top - plot.scale.top_px - 2 * NAME_PX
    spots = [Spot(0, dy, "center") for dy in (0, *(lowest - NAME_PX * step for step in range(STEPS)))]
    found = []
    for event, first, last in _shaded(plot):
        left_px, right_px = time.px(first), time.px(last)
        text = _name(event, room_px=(right_px - left_px) / time.text_scale)
        at = ((left_px + right_px) / 2, plot.scale.top_px + NAME_PX)
        name = small(text, at=at, colour=plot.canvas.theme.primary, spots=spots)
        found += [replace(name, must_stand=True)] if text else []
    return found


def _shaded(plot: Plot) -> Iterator[tuple[Event, dt.date, dt.date]]:
    """Window with its first and last day on the axis."""
    time = plot.canvas.axis
    if not plot.draws or len(plot.draws) > FEW:
        return
    for event in plot.canvas.reaching("DRAW_WINDOW"):
        first, last = max(event["occurred_on"], time.start), min(event["ended_on"], time.end)
        is_later = event["occurred_on"] > plot.draws[0].event["occurred_on"]
        if is_later and event["code"] not in LEFT_OUT and time.px(last) - time.px(first) >= NARROWEST_PX:
            yield event, first, last


def _name(event: Event, *, room_px: float) -> str:
    """The longest name of a window that its width holds; nothing where none does."""
    label = str(event["label"] or "planned")
    names = (f"{label} window", label, "planned window", "window")
    return next((name for name in names if name_px(name) <= room_px), "")
