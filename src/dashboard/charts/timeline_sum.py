"""Target sum: the sum of the target lesions with its nadir and the sum from which PD would be called."""

import datetime as dt
from collections.abc import Sequence, Set
from itertools import pairwise

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import ABOVE, BELOW, Box, Label, Spot
from dashboard.charts.timeline_limit import Limit, limit_boxes, limit_lines, limit_names, limits_of
from dashboard.charts.timeline_lines import tick_boxes, upright_boxes
from dashboard.charts.timeline_points import collapsed, point
from dashboard.charts.timeline_scale import LINEAR_ROOM, ValueScale, linear_scale
from dashboard.tables.formats import format_tenth_mm

SUM_PX = 98
WITHOUT_TARGET = "no target disease"
# A line between two sums is kept clear in pieces of this length.
PART_PX = 5.0
ASIDE = (Spot(-6, -9, "right"), Spot(6, -9, "left"))


def target_sum(canvas: Canvas, *, top: float) -> Drawing:
    """Sum of the target lesions from 0; nadir dotted, dashed the sum from which PD would be called."""
    sums = canvas.of("SUM")
    measured = [e for e in sums if e["value_sum"] is not None]
    if not measured:
        return collapsed(canvas, name="Target sum", words="No target lesions recorded", top=top)
    limits = limits_of(canvas)
    values = [float(e["value_sum"]) / 10 for e in measured]
    # No number stands over the dashes.
    highest = [*values, *(limit.progression / LINEAR_ROOM for limit in limits)]
    scale = linear_scale(highest, top_px=top, bottom_px=top + SUM_PX, n_ticks=2)
    layers = marks.panel_name(canvas, name="Target sum", notes=["mm, per line"], y=top + 8)
    layers += marks.grid(canvas, [scale.px(tick) for tick in scale.ticks])
    layers += limit_lines(canvas, limits, scale=scale)
    joined = _joined(canvas, sums)
    layers += marks.rules(canvas, _sum_lines(canvas, joined, scale=scale), width=1.8)
    hollow = _without_target(measured, limits)
    layers += _squares(canvas, measured, hollow=hollow, scale=scale)
    lines = limit_boxes(canvas, limits, scale=scale)
    numbers = _sum_labels(canvas, measured, lines=lines, scale=scale)
    layers += labels.draw(canvas, numbers)
    taken = [*lines, *(one.box for one in numbers), *_curve_boxes(canvas, measured, joined, scale=scale)]
    layers += _no_target_words(canvas, hollow, around=taken, scale=scale)
    layers += limit_names(canvas, limits, scale=scale)
    return Drawing(tuple(layers), top + SUM_PX, frozenset({"SUM"}))


def _joined(canvas: Canvas, sums: Sequence[Event]) -> list[tuple[Event, Event]]:
    """Neighbouring complete sums of a line of therapy with none between that was not evaluable.

    Baseline and nadir begin anew with each line (clinical-decisions A1), so none are joined over its start.
    """
    pairs = []
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
        pairs.append((before, after))
    return pairs


def _sum_lines(canvas: Canvas, joined: Sequence[tuple[Event, Event]], *, scale: ValueScale) -> list[Row]:
    """Straight lines between the sums that are joined."""
    return [
        {
            "x": canvas.axis.x(before["occurred_on"]),
            "x2": canvas.axis.x(after["occurred_on"]),
            "y": scale.px(float(before["value_sum"]) / 10),
            "y2": scale.px(float(after["value_sum"]) / 10),
            "colour": canvas.theme.target_sum,
        }
        for before, after in joined
    ]


def _curve_boxes(
    canvas: Canvas, measured: Sequence[Event], joined: Sequence[tuple[Event, Event]], *, scale: ValueScale
) -> list[Box]:
    """Room that the sums and the lines between them take."""

    def at(event: Event) -> tuple[float, float]:
        return canvas.axis.px(event["occurred_on"]), scale.px(float(event["value_sum"]) / 10)

    boxes = [labels.mark_box(*at(event), radius=4) for event in measured]
    for (x, y), (x2, y2) in ((at(before), at(after)) for before, after in joined):
        n_parts = max(1, round(max(abs(x2 - x), abs(y2 - y)) / PART_PX))
        parts = [part / n_parts for part in range(1, n_parts)]
        boxes += [labels.mark_box(x + (x2 - x) * p, y + (y2 - y) * p, radius=PART_PX / 2) for p in parts]
    return boxes


def _without_target(measured: Sequence[Event], limits: Sequence[Limit]) -> list[Event]:
    """Sums on a line begun without target disease: normal nodes, or nothing.

    The baseline of the next line is one of disease where limits begin with it.
    """
    starts = {limit.event["occurred_on"] for limit in limits}
    return [e for e in measured if e["rule"] == "TARGET_NONE" and e["occurred_on"] not in starts]


def _squares(
    canvas: Canvas, measured: Sequence[Event], *, hollow: Sequence[Event], scale: ValueScale
) -> list[Layer]:
    """The sums as squares, hollow where they are no target disease."""
    theme = canvas.theme
    empty = {e["event_key"] for e in hollow}
    full_look = {"shape": "square", "size": 42, "fill": theme.target_sum, "stroke": theme.page}
    empty_look = {**full_look, "fill": theme.page, "stroke": theme.target_sum}
    rows = [
        point(
            canvas,
            e,
            value=float(e["value_sum"]) / 10,
            **(empty_look if e["event_key"] in empty else full_look),
        )
        for e in measured
    ]
    return marks.symbols(canvas, rows, y=scale.channel(theme=theme), strokeWidth=1.4 if empty else 1)


def _no_target_words(
    canvas: Canvas, hollow: Sequence[Event], *, around: Sequence[Box], scale: ValueScale
) -> list[Layer]:
    """The words "no target disease" over the span of each line of which it is true, where there is room."""
    axis = canvas.axis
    uprights = upright_boxes(canvas, top=scale.top_px, bottom=scale.bottom_px)
    placed: list[labels.Placed] = []
    for first, last in dict.fromkeys(_line_span(canvas, e["occurred_on"]) for e in hollow):
        span = Box(axis.px(first), axis.px(last), scale.top_px - 2, scale.bottom_px)
        middle = (span.left + span.right) / 2
        # A line at an end of the span has the words beside it.
        crossing = [box for box in uprights if span.left < box.left and box.right < span.right]
        spots = (
            labels.CENTRE,
            Spot(span.left - middle + 4, 0, "left"),
            Spot(span.right - middle - 4, 0, "right"),
        )
        tried = (
            labels.place(
                [labels.small(WITHOUT_TARGET, at=(middle, y), colour=canvas.theme.secondary, spots=spots)],
                around=[*around, *crossing, *(one.box for one in placed)],
                within=span,
                least_px=canvas.options.least_text_px,
            )
            for y in range(round(scale.top_px + 6), round(scale.bottom_px - 6), 6)
        )
        placed += next(filter(None, tried), [])
    return labels.draw(canvas, placed)


def _line_span(canvas: Canvas, day: dt.date) -> tuple[dt.date, dt.date]:
    """Ends on the axis of the line of therapy in force on a day, which a line begun on it is not yet."""
    axis = canvas.axis
    starts = [e["occurred_on"] for e in canvas.reaching("LINE")]
    first = max([start for start in starts if start < day], default=axis.start)
    last = min([start for start in starts if start >= day], default=axis.last)
    return max(first, axis.start), min(last, axis.end)


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
    canvas: Canvas, measured: Sequence[Event], *, lines: Sequence[Box], scale: ValueScale
) -> list[labels.Placed]:
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
    return labels.place(
        wanted,
        around=around,
        within=within,
        least_px=canvas.options.least_text_px,
        lines=[*lines, *upright_boxes(canvas, top=within.top, bottom=within.bottom)],
    )
