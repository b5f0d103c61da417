"""Treatment bars with holds, reduced doses and the reasons they were begun and stopped for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import line_place
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, end_of
from dashboard.charts.timeline_hatch import hatch
from dashboard.charts.timeline_labels import Box, Label, Spot
from dashboard.charts.timeline_points import collapsed, point
from dashboard.charts.timeline_uncertain import certain_until, uncertain_parts

BAR_PX = 18
GAP_PX = 5
OWN_ROWS = 4
CHARACTER_PX = 6.3
ARROW = "M-0.6,-1L0.7,0L-0.6,1Z"
STOPPED = {
    "progression": "PD",
    "toxicity": "toxicity",
    "patient_wish": "patient's wish",
    "financial": "cost",
    "supply": "supply",
    "death": "death",
}
STARTED = {
    "imaging_progression": "on imaging PD",
    "imaging_and_ctdna": "on imaging and ctDNA",
    "preference": "by preference",
    "ctdna_detection": "on ctDNA",
    "rising_marker": "on marker",
    "toxicity_of_previous": "after toxicity",
}


def treatment(canvas: Canvas, *, top: float) -> Drawing:
    """A bar per systemic treatment, first to last dose; one that goes on is certain up to the last record."""
    bars = canvas.reaching("SYSTEMIC")
    if not bars:
        return collapsed(canvas, name="Treatment", words="No line of systemic treatment recorded", top=top)
    rows = _rows(canvas, bars)
    n_rows = max(rows) + 1
    step = BAR_PX + GAP_PX
    tops = [top + row * step for row in rows]
    layers = marks.panel_name(canvas, name="Treatment", notes=[_lines_words(bars)], y=top + 8)
    layers += _bars(canvas, bars, tops=tops)
    layers += _parts(canvas, bars, tops=tops)
    layers += _edges(canvas, bars, tops=tops)
    layers += _names(canvas, bars, tops=tops)
    going_on = [e for e in bars if e["is_ongoing"]]
    is_certain = [certain_until(canvas, e, last=_span(canvas, e)[1]) == _span(canvas, e)[1] for e in going_on]
    used = frozenset({"ONGOING"} if any(is_certain) else set())
    used |= {"UNCERTAIN"} if not all(is_certain) else set()
    used |= {e["kind"] for e in canvas.reaching("DOSE_HOLD", "DOSE_REDUCTION")}
    return Drawing(tuple(layers), max(top + n_rows * step - GAP_PX, top + 30), used)


def _lines_words(bars: Sequence[Event]) -> str:
    lines = sorted({e["line"] for e in bars if e["line"] is not None})
    if not lines:
        return "no line recorded"
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"


def _rows(canvas: Canvas, bars: Sequence[Event]) -> list[int]:
    """Up to four bars have a row each; more are packed, a row taking the next bar where its name has room."""
    if len(bars) <= OWN_ROWS:
        return list(range(len(bars)))
    ends: list[float] = []
    rows = []
    for event in bars:
        left, right = _span(canvas, event)
        left_px = canvas.axis.px(left)
        row = next((n for n, end in enumerate(ends) if left_px >= end), len(ends))
        if row == len(ends):
            ends.append(0.0)
        name_px = len(str(event["label"])) * CHARACTER_PX + 8
        ends[row] = max(canvas.axis.px(right), left_px + name_px) + 30
        rows.append(row)
    return rows


def _span(canvas: Canvas, event: Event) -> tuple[dt.date, dt.date]:
    axis = canvas.axis
    last = min(end_of(event, axis), axis.end, axis.last if event["is_ongoing"] else axis.end)
    return max(event["occurred_on"], axis.start), max(last, event["occurred_on"])


def _fill(canvas: Canvas, event: Event) -> tuple[str, str]:
    if event["line"] is None:
        return canvas.theme.lane, canvas.theme.secondary
    place = line_place(event["line"])
    return canvas.theme.bar_fill[place], canvas.theme.bar_edge[place]


def _bars(canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float]) -> list[Layer]:
    rows, unsure = [], []
    for event, y in zip(bars, tops, strict=True):
        first, last = _span(canvas, event)
        fill, _edge = _fill(canvas, event)
        known = certain_until(canvas, event, last=last)
        own = {"x": canvas.axis.x(first), "x2": canvas.axis.x(known), "y": y, "y2": y + BAR_PX, "fill": fill}
        rows.append({**point(canvas, event), **own})
        if known < last:
            unsure.append((event, known, last, y))
    return [*marks.rectangles(canvas, rows), *uncertain_parts(canvas, unsure, height_px=BAR_PX)]


def _parts(canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float]) -> list[Layer]:
    """Holds hatched, reduced dose levels thinner: the page colour takes the rest of the bar."""
    axis, theme = canvas.axis, canvas.theme
    place = {e["event_key"].removeprefix("treatment "): (e, y) for e, y in zip(bars, tops, strict=True)}
    covers, holds, keyed = [], [], []
    for part in canvas.reaching("DOSE_HOLD", "DOSE_REDUCTION"):
        if part["part_of"] not in place:
            continue
        whole, y = place[part["part_of"]]
        _first, whole_end = _span(canvas, whole)
        last = min(part["ended_on"] or whole_end, whole_end)
        span = {"x": axis.x(max(part["occurred_on"], axis.start)), "x2": axis.x(last)}
        if part["kind"] == "DOSE_HOLD":
            keyed.append({**point(canvas, part), **span, "y": y, "y2": y + BAR_PX, "fill": theme.page})
            holds.append((max(part["occurred_on"], axis.start), last, y, y + BAR_PX, _fill(canvas, whole)[1]))
        else:
            band = theme.line_band[line_place(whole["line"])] if whole["line"] else theme.page
            keyed.append({**point(canvas, part), **span, "y": y, "y2": y + 4.5, "fill": band})
            covers.append({**span, "y": y + BAR_PX - 4.5, "y2": y + BAR_PX, "fill": band})
    layers = [*marks.rectangles(canvas, keyed), *marks.rectangles(canvas, covers)]
    for first, last, low, high, colour in holds:
        layers += hatch(canvas, [(first, last, low, high)], colour=colour, step_px=4)
    return layers


def _edges(canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float]) -> list[Layer]:
    """A thick edge at the first dose, a thin one at the last, an arrow where it goes on."""
    axis = canvas.axis
    starts, ends, arrows = [], [], []
    for event, y in zip(bars, tops, strict=True):
        first, last = _span(canvas, event)
        colour = _fill(canvas, event)[1]
        if axis.holds(event["occurred_on"]):
            starts.append(
                {"x": axis.x(first), "x2": axis.x(first), "y": y, "y2": y + BAR_PX, "colour": colour}
            )
        if certain_until(canvas, event, last=last) < last:
            continue
        if event["is_ongoing"]:
            look = {"shape": ARROW, "size": 190, "fill": colour, "stroke": colour}
            arrows.append({"x": axis.x_at(axis.px(last) + 4), "y": y + BAR_PX / 2, **look})
        elif last < axis.end:
            ends.append({"x": axis.x(last), "x2": axis.x(last), "y": y, "y2": y + BAR_PX, "colour": colour})
    return [
        *marks.rules(canvas, starts, width=3.5),
        *marks.rules(canvas, ends, width=1.2),
        *marks.symbols(canvas, arrows, strokeWidth=0),
    ]


def _names(canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float]) -> list[Layer]:
    """Drug names inside the bar, else at its left, else at its right; then why it was begun and stopped."""
    axis = canvas.axis
    names, reasons, boxes, holds = [], [], [], []
    for event, y in zip(bars, tops, strict=True):
        first, last = _span(canvas, event)
        bar = Box(axis.px(first), axis.px(last), y, y + BAR_PX)
        held = _hold_boxes(canvas, event, y=y)
        boxes.append(bar)
        holds += held
        names.append(_name(canvas, event, bar=bar, holds=held))
        reasons += _reasons(canvas, event, bar=bar)
    within = Box(-6, axis.plot_px + 100, min(tops) - 10, max(tops) + 40)
    cut_px = axis.px(min(axis.last, axis.end))
    cut = Box(cut_px - 1, cut_px + 1, within.top, within.bottom)
    inside = labels.place(names, around=holds, within=within, least_px=canvas.options.least_text_px)
    outside = labels.place(
        reasons,
        around=[*boxes, cut, *(one.box for one in inside)],
        within=within,
        least_px=canvas.options.least_text_px,
    )
    return _plain(canvas, [*inside, *outside])


def _name(canvas: Canvas, event: Event, *, bar: Box, holds: Sequence[Box]) -> Label:
    """Name of a treatment; inside the bar it gives way to a hold, a bar too short has it outside."""
    text = str(event["label"])
    width, length = len(text) * CHARACTER_PX, bar.right - bar.left
    if width + 12 < length:
        after = [
            Spot(hold.right - bar.left + 5, 0.5, "left") for hold in holds if hold.right + width < bar.right
        ]
        spots = [Spot(9, 0.5, "left"), *after]
    else:
        spots = [Spot(-8, 0.5, "right"), Spot(length + 14, 0.5, "left")]
    middle = (bar.top + bar.bottom) / 2
    small = labels.small(text, at=(bar.left, middle), colour=canvas.theme.text, spots=spots, rank=0)
    return replace(small, size=12.5, must_stand=True)


def _reasons(canvas: Canvas, event: Event, *, bar: Box) -> list[Label]:
    """Why it was begun, where that is not as planned, and why it was stopped."""
    middle = (bar.top + bar.bottom) / 2
    # A bar that runs on beyond the part shown does not stop at its edge.
    is_cut = event["is_ongoing"] or end_of(event, canvas.axis) > canvas.axis.end
    stop = "" if is_cut else STOPPED.get(event["detail"] or "", "")
    start = STARTED.get(event["code"] or "", "") if canvas.axis.holds(event["occurred_on"]) else ""
    colour = canvas.theme.secondary
    right, left = [Spot(6, 0.5, "left")], [Spot(-6, 0.5, "right")]
    found = (
        [labels.small(f"stopped: {stop}", at=(bar.right, middle), colour=colour, spots=right)] if stop else []
    )
    if start:
        found.append(
            labels.small(f"started {start}", at=(bar.left, middle), colour=colour, spots=left, rank=2)
        )
    return found


def _hold_boxes(canvas: Canvas, event: Event, *, y: float) -> list[Box]:
    """Room that the hatched holds of a bar take."""
    parts = [e for e in canvas.reaching("DOSE_HOLD") if event["event_key"] == f"treatment {e['part_of']}"]
    spans = [_span(canvas, part) for part in parts]
    return [Box(canvas.axis.px(a), canvas.axis.px(b), y, y + BAR_PX) for a, b in spans]


def _plain(canvas: Canvas, placed: Sequence[labels.Placed]) -> list[Layer]:
    layers: list[Layer] = []
    for size, align in sorted({(one.label.size, one.spot.align) for one in placed}):
        rows = [
            {
                "x": canvas.axis.x_at(one.label.px + one.spot.dx),
                "y": one.label.py + one.spot.dy,
                "text": one.label.text,
                "colour": one.label.colour,
            }
            for one in placed
            if (one.label.size, one.spot.align) == (size, align)
        ]
        layers += marks.texts(canvas, rows, size=size, align=align)
    return layers
