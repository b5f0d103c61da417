"""Treatment bars with holds, reduced doses and the reasons they were begun and stopped for."""

from collections.abc import Sequence

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import line_place
from dashboard.charts.timeline_frame import NOT_RECORDED, Canvas, Drawing, Event, Layer
from dashboard.charts.timeline_hatch import hatch
from dashboard.charts.timeline_labels import Placed
from dashboard.charts.timeline_points import collapsed, point
from dashboard.charts.timeline_treatment_names import BAR_PX, NAME_PX, bar_span, name_layers, placed_names
from dashboard.charts.timeline_uncertain import Uncertain, certain_until, uncertain_parts

GAP_PX = 5
OWN_ROWS = 4
ARROW = "M-0.6,-1L0.7,0L-0.6,1Z"


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
    names = placed_names(canvas, bars, tops=tops)
    layers += _bars(canvas, bars, tops=tops, names=names)
    layers += _parts(canvas, bars, tops=tops)
    layers += _edges(canvas, bars, tops=tops, names=names)
    layers += name_layers(canvas, bars, tops=tops, names=names)
    going_on = [e for e in bars if e["is_ongoing"]]
    is_certain = [
        certain_until(canvas, e, last=bar_span(canvas, e)[1]) == bar_span(canvas, e)[1] for e in going_on
    ]
    used = frozenset({"ONGOING"} if any(is_certain) else set())
    used |= {"UNCERTAIN"} if not all(is_certain) else set()
    used |= {"END_NOT_RECORDED"} if any(e["end_basis"] == NOT_RECORDED for e in bars) else set()
    shown = {e["event_key"].removeprefix("treatment ") for e in bars}
    used |= {e["kind"] for e in canvas.reaching("DOSE_HOLD", "DOSE_REDUCTION") if e["part_of"] in shown}
    return Drawing(
        tuple(layers), max(top + n_rows * step - GAP_PX, top + 16 + marks.note_step_px(canvas)), used
    )


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
        left, right = bar_span(canvas, event)
        left_px = canvas.axis.px(left)
        row = next((n for n, end in enumerate(ends) if left_px >= end), len(ends))
        if row == len(ends):
            ends.append(0.0)
        name_px = labels.text_px(str(event["label"]), size=max(NAME_PX, canvas.options.least_text_px)) + 8
        ends[row] = max(canvas.axis.px(right), left_px + name_px) + 30
        rows.append(row)
    return rows


def _fill(canvas: Canvas, event: Event) -> tuple[str, str]:
    if event["line"] is None:
        return canvas.theme.lane, canvas.theme.secondary
    place = line_place(event["line"])
    return canvas.theme.bar_fill[place], canvas.theme.bar_edge[place]


def _bars(
    canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float], names: Sequence[Placed]
) -> list[Layer]:
    rows, unsure = [], []
    for event, y, name in zip(bars, tops, names, strict=True):
        first, last = bar_span(canvas, event)
        fill, _edge = _fill(canvas, event)
        known = certain_until(canvas, event, last=last)
        own = {"x": canvas.axis.x(first), "x2": canvas.axis.x(known), "y": y, "y2": y + BAR_PX, "fill": fill}
        if known > first or known == last:
            rows.append({**point(canvas, event), **own})
        if known < last:
            unsure.append(Uncertain(event, known, last, y, name.box.right))
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
        _first, whole_end = bar_span(canvas, whole)
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


def _edges(
    canvas: Canvas, bars: Sequence[Event], *, tops: Sequence[float], names: Sequence[Placed]
) -> list[Layer]:
    """A thick edge at the first dose, a thin one at the last, an arrow where it goes on."""
    axis = canvas.axis
    starts, ends, arrows = [], [], []
    for event, y, name in zip(bars, tops, names, strict=True):
        first, last = bar_span(canvas, event)
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
        elif last < axis.end and not name.box.left < axis.px(last) < name.box.right:
            ends.append({"x": axis.x(last), "x2": axis.x(last), "y": y, "y2": y + BAR_PX, "colour": colour})
    return [
        *marks.rules(canvas, starts, width=3.5),
        *marks.rules(canvas, ends, width=1.2),
        *marks.symbols(canvas, arrows, strokeWidth=0),
    ]
