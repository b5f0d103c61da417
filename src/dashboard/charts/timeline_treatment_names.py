"""Words at the treatment bars: drug names, why a treatment was begun and why it was stopped."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import NOT_RECORDED, Canvas, Event, Layer, end_of
from dashboard.charts.timeline_labels import Box, Label, Placed, Spot
from dashboard.charts.timeline_lines import upright_boxes, upright_px
from dashboard.charts.timeline_uncertain import certain_until
from dashboard.studies import vocabulary

BAR_PX = 18
NAME_PX = 12.5
# The name of the panel stands left of this.
PANEL_NAME_PX = -50
# How far words may reach beyond the plot.
BEYOND_PX = 100
STOPPED = {
    "progression": "PD",
    "toxicity": "toxicity",
    "patient_wish": "patient's wish",
    "financial": "cost",
    "supply": "supply",
    "death": "death",
}


def bar_span(canvas: Canvas, event: Event) -> tuple[dt.date, dt.date]:
    """First and last day of a bar on the axis."""
    axis = canvas.axis
    last = min(end_of(event, axis), axis.end, axis.last if event["is_ongoing"] else axis.end)
    return max(event["occurred_on"], axis.start), max(last, event["occurred_on"])


def placed_names(canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float]) -> list[Placed]:
    """The drug name of each bar where it will stand; `tops` are the upper edges of the bars."""
    boxes = [_box(canvas, event, top=y) for event, y in zip(bars, tops, strict=True)]
    within, cut = _room(canvas, tops)
    names: list[Placed] = []
    for event, bar in zip(bars, boxes, strict=True):
        holds = _hold_boxes(canvas, event, y=bar.top)
        around = [*holds, *(box for box in boxes if box is not bar), *(one.box for one in names)]
        edge = _certain_edge(canvas, event, bar=bar)
        name = _name(canvas, event, bar=bar, past=[*holds, edge])
        lines = [*upright_boxes(canvas, top=within.top, bottom=within.bottom), cut, edge]
        names += labels.place(
            [name], around=around, within=within, least_px=canvas.options.least_text_px, lines=lines
        )
    return names


def name_layers(
    canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float], names: Sequence[Placed]
) -> list[Layer]:
    """The drug names as placed, then why each treatment was begun and stopped, where there is room."""
    boxes = [_box(canvas, event, top=y) for event, y in zip(bars, tops, strict=True)]
    within, cut = _room(canvas, tops)
    reasons: list[Label] = []
    words: list[Placed] = []
    for event, bar, name in zip(bars, boxes, names, strict=True):
        around = [
            cut,
            *(box for box in boxes if box is not bar),
            *(one.box for one in names if one is not name),
        ]
        with_stop = _with_stop(name, bar=bar, stop=_stop_words(canvas, event))
        runs_on = with_stop is not None and not any(with_stop.box.meets(box) for box in around)
        words.append(with_stop if with_stop is not None and runs_on else name)
        reasons += _reasons(canvas, event, bar=bar, has_stop=with_stop is None)
    around = [*boxes, cut, *(one.box for one in words)]
    uprights = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    outside = labels.place(
        reasons, around=around, within=within, least_px=canvas.options.least_text_px, lines=uprights
    )
    return _plain(canvas, [*words, *outside])


def _with_stop(name: Placed, *, bar: Box, stop: str) -> Placed | None:
    """A name that runs on beyond its bar with the reason behind it, at any width; None for another name."""
    if not stop or name.spot.align != "left" or name.box.right <= bar.right:
        return None
    label = replace(name.label, text=f"{name.label.text} · {stop}")
    return Placed(label, name.spot, labels.text_box(label, name.spot))


def _room(canvas: Canvas, tops: Sequence[float]) -> tuple[Box, Box]:
    """Where words may stand, and the line of the data cut in it."""
    axis = canvas.axis
    within = Box(PANEL_NAME_PX, axis.plot_px + BEYOND_PX, min(tops) - 10, max(tops) + 40)
    cut_px = axis.px(min(axis.last, axis.end))
    return within, Box(cut_px - 1, cut_px + 1, within.top, within.bottom)


def _certain_edge(canvas: Canvas, event: Event, *, bar: Box) -> Box:
    """The edge between what is certain of a bar and what is not; without such a part its end."""
    _first, last = bar_span(canvas, event)
    px = canvas.axis.px(certain_until(canvas, event, last=last))
    return Box(px - 1, px + 1, bar.top, bar.bottom) if px < bar.right else Box(px, px, bar.top, bar.bottom)


def _box(canvas: Canvas, event: Event, *, top: float) -> Box:
    first, last = bar_span(canvas, event)
    return Box(canvas.axis.px(first), canvas.axis.px(last), top, top + BAR_PX)


def _name(canvas: Canvas, event: Event, *, bar: Box, past: Sequence[Box]) -> Label:
    """Name of a treatment inside its bar, past a hold; else at its left or right, or beginning in it."""
    text = str(event["label"])
    size = max(NAME_PX, canvas.options.least_text_px)
    width, length = labels.text_px(text, size=size), bar.right - bar.left
    spots = [Spot(9, 0.5, "left"), *(Spot(box.right - bar.left + 5, 0.5, "left") for box in past)]
    inside = [spot for spot in spots if spot.dx + width <= length - 3]
    # At the left only where the name does not run into that of the panel.
    before = [Spot(-8, 0.5, "right")] if bar.left - 8 - width > PANEL_NAME_PX else []
    # Behind the bar only where the reason it was stopped for has room too, on its side of the data cut.
    whole = labels.text_px(f"{text} · {_stop_words(canvas, event)}", size=size)
    cut_px = canvas.axis.px(min(canvas.axis.last, canvas.axis.end))
    edge_px = cut_px - 1 if bar.right < cut_px else canvas.axis.plot_px + BEYOND_PX
    has_room = bar.right + 9 + whole < edge_px
    begun = [spot for spot in spots if spot.dx < length]
    after = [Spot(length + 6, 0.5, "left")] if has_room or not (before or begun) else []
    spots = [*inside, *before, *([] if inside else [*after, *begun])]
    middle = (bar.top + bar.bottom) / 2
    small = labels.small(text, at=(bar.left, middle), colour=canvas.theme.text, spots=spots, rank=0)
    return replace(small, size=NAME_PX, must_stand=True)


def _stop_words(canvas: Canvas, event: Event) -> str:
    """Why a treatment was stopped; a bar that runs on beyond the part shown does not stop at its edge."""
    is_cut = event["is_ongoing"] or end_of(event, canvas.axis) > canvas.axis.end
    stop = "" if is_cut else STOPPED.get(event["detail"] or "", "")
    words = [f"stopped: {stop}"] if stop else []
    if event["end_basis"] == NOT_RECORDED and not is_cut:
        words.append("end not recorded")
    return ", ".join(words)


def _reasons(canvas: Canvas, event: Event, *, bar: Box, has_stop: bool) -> list[Label]:
    """Why it was begun, where that is not as planned, and why it was stopped."""
    middle = (bar.top + bar.bottom) / 2
    stop = _stop_words(canvas, event) if has_stop else ""
    start = vocabulary.STARTED.get(event["code"] or "", "") if canvas.axis.holds(event["occurred_on"]) else ""
    colour = canvas.theme.secondary
    # Beside the bar, or beyond the line of enrolment, which would strike the words through.
    cut_px = canvas.axis.px(canvas.axis.last)
    beyond = [px + 4 - bar.right for px in upright_px(canvas) if bar.right < px < cut_px]
    right, left = [Spot(dx, 0.5, "left") for dx in (6, *beyond)], [Spot(-6, 0.5, "right")]
    found = [labels.small(stop, at=(bar.right, middle), colour=colour, spots=right)] if stop else []
    if start:
        found.append(
            labels.small(f"started {start}", at=(bar.left, middle), colour=colour, spots=left, rank=2)
        )
    return found


def _hold_boxes(canvas: Canvas, event: Event, *, y: float) -> list[Box]:
    """Room that the hatched holds of a bar take."""
    parts = [e for e in canvas.reaching("DOSE_HOLD") if event["event_key"] == f"treatment {e['part_of']}"]
    spans = [bar_span(canvas, part) for part in parts]
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
