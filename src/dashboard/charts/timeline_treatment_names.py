"""Words at the treatment bars: drug names, why a treatment was begun and why it was stopped."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

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
# Words farther than this from their bar seem another's.
CLOSE_PX = 40
# For want of room the reason alone stands at the end of the bar.
STOP_WORD = "stopped: "
# The one reason that no other mark of the drawing tells: names give way to it where they can.
KEPT_FREE = "toxicity"
STOPPED = {
    "progression": "progression",
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
    kept_free: list[Box] = []
    for event, bar in zip(bars, boxes, strict=True):
        holds = _hold_boxes(canvas, event, y=bar.top)
        around = [*holds, *(box for box in boxes if box is not bar), *(one.box for one in names)]
        edge = _certain_edge(canvas, event, bar=bar)
        name = _name(canvas, event, bar=bar, past=[*holds, edge])
        lines = [*upright_boxes(canvas, top=within.top, bottom=within.bottom), cut, edge]
        place = partial(labels.place, within=within, least_px=canvas.options.least_text_px, lines=lines)
        at_will = replace(name, must_stand=False)
        names += place([at_will], around=[*around, *kept_free]) or place([name], around=around)
        kept_free += _kept_free(canvas, event, bar=bar, name=names[-1])
    return names


def _kept_free(canvas: Canvas, event: Event, *, bar: Box, name: Placed) -> list[Box]:
    """Room behind a bar, or behind a name that runs on beyond it, for its stop for toxicity."""
    if KEPT_FREE not in _stop_words(canvas, event):
        return []
    left = max(bar.right, name.box.right)
    width = labels.text_px(f" · {KEPT_FREE}", size=name.label.size)
    return [Box(left, left + width, bar.top, bar.bottom)]


def name_layers(
    canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float], names: Sequence[Placed]
) -> list[Layer]:
    """The drug names as placed, then why each treatment was begun and stopped, where there is room."""
    boxes = [_box(canvas, event, top=y) for event, y in zip(bars, tops, strict=True)]
    within, cut = _room(canvas, tops)
    least_px = canvas.options.least_text_px
    uprights = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    reasons: list[Label] = []
    stops: list[tuple[Label, Box, list[Box]]] = []
    words: list[Placed] = []
    for event, bar, name in zip(bars, boxes, names, strict=True):
        others = [box for box in boxes if box is not bar]
        around = [cut, *others, *(one.box for one in names if one is not name)]
        behind = _stop(canvas, event, bar=bar)
        beside = labels.place(behind, around=[*around, bar], within=within, least_px=least_px, lines=uprights)
        is_whole = [one.label.text for one in beside] == [one.text for one in behind] != []
        is_free = is_whole and not any(beside[0].box.meets(line) for line in uprights)
        marks_in_bar = [*_hold_boxes(canvas, event, y=bar.top), _certain_edge(canvas, event, bar=bar)]
        taken = around if name.box.right > bar.right else [*around, *uprights, *marks_in_bar]
        joined = _with_stop(name, bar=bar, stop=_stop_words(canvas, event), is_free=is_free, taken=taken)
        words.append(joined or name)
        # A name that runs on beyond its bar leaves no room behind it.
        reasons += [] if joined or name.box.right > bar.right else behind
        stops += [] if joined else [(one, bar, [*others, *marks_in_bar]) for one in behind]
        reasons += _start(canvas, event, bar=bar)
    around = [*boxes, cut, *(one.box for one in words)]
    outside = labels.place(reasons, around=around, within=within, least_px=least_px, lines=uprights)
    standing = [*words, *outside]
    said = {(one.label.px, one.label.py, one.label.short) for one in outside}
    for label, bar, others in stops:
        if (label.px, label.py, label.short) not in said:
            taken = [*others, *uprights, *(one.box for one in standing)]
            standing += _at_the_end(label, bar=bar, taken=taken, least_px=least_px)
    return _plain(canvas, standing)


def _at_the_end(label: Label, *, bar: Box, taken: Sequence[Box], least_px: float) -> list[Placed]:
    """A reason without room beyond its bar, inside its end; where neither has room the tooltip says it."""
    inside = replace(label, spots=[Spot(-6, 0.5, "right")])
    within = replace(bar, top=bar.top - 10, bottom=bar.bottom + 10)
    return labels.place([inside], around=taken, within=within, least_px=least_px)


def _with_stop(name: Placed, *, bar: Box, stop: str, is_free: bool, taken: Sequence[Box]) -> Placed | None:
    """The name with the reason behind it, at any width: where the name runs on beyond its bar, or inside it.

    Inside only where the reason would stand behind the bar struck through (`is_free` is false). For want of
    room the reason alone, without the word before it.
    """
    is_inside = name.box.right <= bar.right
    if not stop or name.spot.align != "left" or name.box.left < bar.left or (is_inside and is_free):
        return None
    for words in (stop, stop.removeprefix(STOP_WORD)):
        label = replace(name.label, text=f"{name.label.text} · {words}")
        joined = Placed(label, name.spot, labels.text_box(label, name.spot))
        has_room = not is_inside or joined.box.right <= bar.right
        if has_room and not any(joined.box.meets(box) for box in taken):
            return joined
    return None


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
    # At the left, or before a line there, only where the name does not run into that of the panel.
    ends = [-8, *_before(canvas, bar)]
    before = [Spot(dx, 0.5, "right") for dx in ends if bar.left + dx - width > PANEL_NAME_PX]
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
    words = [f"{STOP_WORD}{stop}"] if stop else []
    if event["end_basis"] == NOT_RECORDED and not is_cut:
        words.append("end not recorded")
    return ", ".join(words)


def _stop(canvas: Canvas, event: Event, *, bar: Box) -> list[Label]:
    """Why it was stopped: behind the bar, or beyond an enrolment close by, which would strike it through."""
    stop = _stop_words(canvas, event)
    cut_px = canvas.axis.px(canvas.axis.last)
    close_px = min(cut_px, bar.right + CLOSE_PX)
    beyond = [px + 4 - bar.right for px in upright_px(canvas) if bar.right < px < close_px]
    spots = [Spot(dx, 0.5, "left") for dx in (6, *beyond)]
    reason = _reason(canvas, stop, px=bar.right, bar=bar, spots=spots)
    return [replace(reason, short=stop.removeprefix(STOP_WORD))] if stop else []


def _start(canvas: Canvas, event: Event, *, bar: Box) -> list[Label]:
    """Why it was begun, where that is not as planned: before the bar, or before a line of enrolment there."""
    is_on_axis = canvas.axis.holds(event["occurred_on"])
    start = vocabulary.START_REASONS_SAID.get(event["code"] or "", "") if is_on_axis else ""
    spots = [Spot(dx, 0.5, "right") for dx in (-6, *_before(canvas, bar))]
    return [_reason(canvas, f"start: {start}", px=bar.left, bar=bar, spots=spots, rank=2)] if start else []


def _before(canvas: Canvas, bar: Box) -> list[float]:
    """How far left of a bar words end before an upright line close by."""
    return [px - 4 - bar.left for px in reversed(upright_px(canvas)) if -CLOSE_PX < px - bar.left < 0]


def _reason(canvas: Canvas, text: str, *, px: float, bar: Box, spots: Sequence[Spot], rank: int = 1) -> Label:
    middle = (bar.top + bar.bottom) / 2
    return labels.small(text, at=(px, middle), colour=canvas.theme.secondary, spots=spots, rank=rank)


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
