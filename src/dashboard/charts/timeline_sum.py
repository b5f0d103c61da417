"""Target sum: the sum of the target lesions with its nadir and the sum from which PD would be called."""

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Limit:
    """Nadir and sum from which PD would be called, in mm, with the days on which they are those of a line."""

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


def target_sum(canvas: Canvas, *, top: float) -> Drawing:
    """Sum of the target lesions from 0; nadir dotted, dashed the sum from which PD would be called."""
    theme = canvas.theme
    sums = canvas.of("SUM")
    measured = [e for e in sums if e["value_sum"] is not None]
    if not measured:
        return collapsed(canvas, name="Target sum", words="No target lesions recorded", top=top)
    limits = _limits(canvas)
    values = [float(e["value_sum"]) / 10 for e in measured] + [limit.progression for limit in limits]
    scale = linear_scale(values, top_px=top, bottom_px=top + SUM_PX, n_ticks=2)
    layers = marks.panel_name(canvas, name="Target sum", notes=["mm, per line"], y=top + 8)
    layers += marks.grid(canvas, [scale.px(tick) for tick in scale.ticks])
    layers += _limit_lines(canvas, limits, scale=scale)
    layers += marks.rules(canvas, _sum_lines(canvas, sums, scale=scale), width=1.8)
    look = {"shape": "square", "size": 42, "fill": theme.target_sum, "stroke": theme.page}
    points = [point(canvas, e, value=float(e["value_sum"]) / 10, **look) for e in measured]
    layers += marks.symbols(canvas, points, y=scale.channel(theme=theme), strokeWidth=1)
    layers += _sum_labels(canvas, measured, limits, scale=scale)
    layers += _limit_names(canvas, limits, scale=scale)
    return Drawing(tuple(layers), top + SUM_PX, frozenset({"SUM"}))


def _limits(canvas: Canvas) -> list[Limit]:
    """Limits of each line as they stood last, oldest first.

    They end where the next line begins; those of the last line reach to the end of the axis.
    """
    axis = canvas.axis
    spans = [
        Limit(e, max(e["occurred_on"], axis.start), min(e["ended_on"] or axis.end, axis.end))
        for e in canvas.reaching("LIMIT")
    ]
    return [limit for limit in spans if limit.first < limit.last]


def _limit_lines(canvas: Canvas, limits: Sequence[Limit], *, scale: ValueScale) -> list[Layer]:
    """Dashed the sum from which PD would be called, dotted the nadir."""
    theme, axis = canvas.theme, canvas.axis
    spans = [{"x": axis.x(limit.first), "x2": axis.x(limit.last)} for limit in limits]
    dashed, dotted = [], []
    for limit, span in zip(limits, spans, strict=True):
        high, low = scale.px(limit.progression), scale.px(limit.nadir)
        key = {"key": limit.event["event_key"]}
        dashed.append({**span, **key, "y": high, "y2": high, "colour": theme.progression_sum})
        dotted.append({**span, "y": low, "y2": low, "colour": theme.secondary})
    return [
        *marks.rules(canvas, dashed, dash=(4, 3), width=1.4),
        *marks.rules(canvas, dotted, dash=(1, 2.5), width=1.4),
    ]


def _sum_lines(canvas: Canvas, sums: Sequence[Event], *, scale: ValueScale) -> list[Row]:
    """Lines between neighbouring complete sums of a line of therapy; none across one that was not evaluable.

    Baseline and nadir begin anew with each line (clinical-decisions A1), so no line is drawn over its start.
    """
    rows = []
    anew = {e["occurred_on"] for e in canvas.of("BASELINE")}
    stops = [e["occurred_on"] for e in canvas.of("RESPONSE") if e["code"] == "NE"]
    starts = [e["occurred_on"] for e in canvas.reaching("LINE")]
    for before, after in pairwise(sums):
        if before["value_sum"] is None or after["value_sum"] is None:
            continue
        if any(before["occurred_on"] < stop < after["occurred_on"] for stop in stops):
            continue
        if _is_new_line(before, after, anew=anew, starts=starts):
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


def _is_new_line(before: Event, after: Event, *, anew: Set[dt.date], starts: Sequence[dt.date]) -> bool:
    """Whether the later of two sums belongs to another line of therapy than the earlier.

    A scan that is nothing but the baseline of a line belongs to it, though it may lie before its start.
    """
    if after["rule"] == "TARGET_BASELINE" or after["occurred_on"] in anew:
        return True
    is_baseline = before["rule"] == "TARGET_BASELINE" or before["occurred_on"] in anew
    is_own = is_baseline and before["value_sum"] == after["baseline_tenth_mm"]
    return not is_own and any(before["occurred_on"] <= start < after["occurred_on"] for start in starts)


def _sum_labels(
    canvas: Canvas, measured: Sequence[Event], limits: Sequence[Limit], *, scale: ValueScale
) -> list[Layer]:
    """The sums in mm, off the limits where there is room elsewhere."""
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
    for limit in limits:
        left, right = axis.px(limit.first), axis.px(limit.last)
        lines += [Box(left, right, y - 1, y + 1) for y in map(scale.px, (limit.progression, limit.nadir))]
    least_px = canvas.options.least_text_px
    return labels.draw(
        canvas, labels.place(wanted, around=around, within=within, least_px=least_px, lines=lines)
    )


def _limit_names(canvas: Canvas, limits: Sequence[Limit], *, scale: ValueScale) -> list[Layer]:
    """Names of the limits that reach the end of the plot, beside it and kept apart."""
    if not limits or limits[-1].last < canvas.axis.end:
        return []
    event = limits[-1].event
    threshold, nadir = int(event["pd_from_tenth_mm"]), int(event["nadir_tenth_mm"])
    y = scale.px(limits[-1].progression)
    lower = max(scale.px(limits[-1].nadir), y + max(14, 1.1 * canvas.options.least_text_px))
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
