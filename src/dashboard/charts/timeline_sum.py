"""Target sum: the sum of the target lesions with its nadir and the sum from which PD would be called."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import ABOVE, BELOW, Box, Label, Spot
from dashboard.charts.timeline_lines import tick_boxes, upright_boxes
from dashboard.charts.timeline_points import collapsed, point
from dashboard.charts.timeline_scale import ValueScale, linear_scale
from dashboard.tables.formats import format_tenth_mm

SUM_PX = 98
ASIDE = (Spot(-6, -9, "right"), Spot(6, -9, "left"))
Limit = tuple[dt.date, dt.date, int, int]


def target_sum(canvas: Canvas, *, top: float) -> Drawing:
    """Sum of the target lesions from 0; nadir dotted, dashed the sum from which PD would be called."""
    theme, axis = canvas.theme, canvas.axis
    sums = canvas.of("SUM")
    measured = [e for e in sums if e["value_sum"] is not None]
    if not measured:
        return collapsed(canvas, name="Target sum", words="No target lesions recorded", top=top)
    limits = _limits(canvas, sums)
    values = [float(e["value_sum"]) / 10 for e in measured] + [
        tenth / 10 for *_rest, tenth, _n in limits["pd"]
    ]
    scale = linear_scale(values, top_px=top, bottom_px=top + SUM_PX, n_ticks=2)
    layers = marks.panel_name(canvas, name="Target sum", notes=["mm, per line"], y=top + 8)
    layers += marks.grid(canvas, [scale.px(tick) for tick in scale.ticks])
    for key, colour, dash in (("pd", theme.progression_sum, (4, 3)), ("nadir", theme.secondary, (1, 2.5))):
        pixels = [
            (axis.x(first), axis.x(last), scale.px(tenth / 10)) for first, last, tenth, _n in limits[key]
        ]
        rows = [{"x": x, "x2": x2, "y": y, "y2": y, "colour": colour} for x, x2, y in pixels]
        layers += marks.rules(canvas, rows, dash=dash, width=1.4)
    layers += marks.rules(canvas, _sum_lines(canvas, sums, scale=scale), width=1.8)
    look = {"shape": "square", "size": 42, "fill": theme.target_sum, "stroke": theme.page}
    points = [point(canvas, e, value=float(e["value_sum"]) / 10, **look) for e in measured]
    layers += marks.symbols(canvas, points, y=scale.channel(theme=theme), strokeWidth=1)
    layers += _sum_labels(canvas, measured, scale=scale)
    layers += _limit_names(canvas, limits, scale=scale)
    return Drawing(tuple(layers), top + SUM_PX, frozenset({"SUM"}))


def _limits(canvas: Canvas, sums: Sequence[Event]) -> dict[str, list[Limit]]:
    """Nadir and PD threshold of each line as they stood last: first day, last day, tenths of mm, line.

    They end with their line; those of the line that goes on reach to the end of the axis.
    """
    axis = canvas.axis
    found: dict[str, list[Limit]] = {"pd": [], "nadir": []}
    lines = sorted({e["line"] for e in sums if e["line"] is not None})
    begun = [e["line"] for e in canvas.reaching("LINE") if e["line"] is not None]
    for line in lines:
        own = [e for e in sums if e["line"] == line and e["next_pd_from_tenth_mm"] is not None]
        band = next((e for e in canvas.reaching("LINE") if e["line"] == line), None)
        if not own:
            continue
        first = band["occurred_on"] if band else own[0]["occurred_on"]
        last = (band["ended_on"] if band else None) or axis.last
        last = axis.end if line >= max((*lines, *begun)) else min(last, axis.last)
        start = max(first, axis.start)
        found["pd"].append((start, last, int(own[-1]["next_pd_from_tenth_mm"]), line))
        found["nadir"].append((start, last, int(own[-1]["next_nadir_tenth_mm"]), line))
    return found


def _sum_lines(canvas: Canvas, sums: Sequence[Event], *, scale: ValueScale) -> list[Row]:
    """Lines between neighbouring complete sums of a line of therapy; none across one that was not evaluable.

    Baseline and nadir begin anew with each line (clinical-decisions A1), so no line is drawn over its start.
    """
    rows = []
    stops = [e["occurred_on"] for e in canvas.of("RESPONSE") if e["code"] == "NE"]
    starts = [e["occurred_on"] for e in canvas.reaching("LINE")]
    for before, after in pairwise(sums):
        if before["value_sum"] is None or after["value_sum"] is None:
            continue
        if any(before["occurred_on"] < stop < after["occurred_on"] for stop in stops):
            continue
        if any(_is_new_line(before, after, start=start) for start in starts):
            continue
        rows.append(
            {
                "x": canvas.axis.x(before["occurred_on"]),
                "x2": canvas.axis.x(after["occurred_on"]),
                "y": scale.px(float(before["value_sum"]) / 10),
                "y2": scale.px(float(after["value_sum"]) / 10),
                "colour": canvas.theme.target_sum,
            }
        )
    return rows


def _is_new_line(before: Event, after: Event, *, start: dt.date) -> bool:
    """Whether a line of therapy began between two sums of which the earlier is not its baseline."""
    if after["rule"] == "TARGET_BASELINE":
        return True
    is_own = before["rule"] == "TARGET_BASELINE" and before["value_sum"] == after["baseline_tenth_mm"]
    return not is_own and before["occurred_on"] <= start < after["occurred_on"]


def _sum_labels(canvas: Canvas, measured: Sequence[Event], *, scale: ValueScale) -> list[Layer]:
    axis = canvas.axis
    values = [float(e["value_sum"]) / 10 for e in measured]
    wanted, around = [], tick_boxes(scale)
    for place, event in enumerate(measured):
        px, py = axis.px(event["occurred_on"]), scale.px(values[place])
        around.append(labels.mark_box(px, py, radius=3))
        near = values[max(0, place - 1) : place + 2]
        is_low = values[place] == min(near) and values[place] != max(near)
        wanted.append(
            Label(
                text=format_tenth_mm(int(event["value_sum"])),
                px=px,
                py=py,
                colour=canvas.theme.text,
                rank=0 if place in (0, len(measured) - 1) or is_low else 1,
                size=12,
                spots=(*((BELOW, ABOVE) if is_low else (ABOVE, BELOW)), *ASIDE),
            )
        )
    within = Box(-12, axis.plot_px + 14, scale.top_px - 12, scale.bottom_px + 2)
    lines = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    least_px = canvas.options.least_text_px
    return labels.draw(
        canvas, labels.place(wanted, around=around, within=within, least_px=least_px, lines=lines)
    )


def _limit_names(canvas: Canvas, limits: dict[str, list[Limit]], *, scale: ValueScale) -> list[Layer]:
    """Names of the limits that reach the end of the plot, beside it and kept apart."""
    if not limits["pd"] or limits["pd"][-1][1] < canvas.axis.end:
        return []
    threshold, nadir = limits["pd"][-1][2], limits["nadir"][-1][2]
    y = scale.px(threshold / 10)
    lower = max(scale.px(nadir / 10), y + max(14, 1.1 * canvas.options.least_text_px))
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
