"""Tumour markers and ECOG under the imaging."""

from collections.abc import Sequence
from itertools import pairwise

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import ABOVE, BELOW, Box, Label, Spot
from dashboard.charts.timeline_lines import tick_boxes, upright_boxes
from dashboard.charts.timeline_points import collapsed, point
from dashboard.charts.timeline_scale import ValueScale, linear_scale, log_scale
from dashboard.tables.formats import format_figures
from dashboard.tables.patient_timeline import MARKER_NAMES

MARKER_PX = 68
GAP_PX = 14
ROW_PX = 20
# From one number to the next, and their size.
ECOG_GAP_PX = 11
ECOG_TEXT_PX = 11.5
DECADE = 10


def tumour_markers(canvas: Canvas, *, top: float) -> list[Drawing]:
    """The main marker of the tumour type, and a second one where it is recorded (AFP and PIVKA-II)."""
    found: list[Drawing] = []
    for kind in ("MARKER", "SECOND_MARKER"):
        values = [e for e in canvas.of(kind) if float(e["value_sum"]) > 0]
        if values:
            found.append(_marker(canvas, values, top=found[-1].bottom + GAP_PX if found else top))
    return found or [collapsed(canvas, name="Tumour marker", words="No tumour marker recorded", top=top)]


def _marker(canvas: Canvas, values: Sequence[Event], *, top: float) -> Drawing:
    """One marker; a log scale where the values span more than a decade."""
    limit = next((float(e["upper_normal"]) for e in reversed(values) if e["upper_normal"] is not None), None)
    scale = _scale(values, limit, top=top)
    unit = [str(values[-1]["detail"] or ""), "log" if scale.kind == "log" else ""]
    name = MARKER_NAMES.get(values[-1]["label"], str(values[-1]["label"]))
    notes = [", ".join(part for part in unit if part)]
    layers = marks.panel_name(canvas, name=name, notes=[note for note in notes if note], y=top + 8)
    layers += marks.grid(canvas, [scale.px(tick) for tick in scale.ticks])
    layers += [] if limit is None else _limit_line(canvas, limit, y=scale.px(limit))
    layers += marks.rules(canvas, _lines(canvas, values, scale=scale), width=1.8)
    look = {"shape": "circle", "size": 30, "fill": canvas.theme.marker, "stroke": canvas.theme.marker}
    rows = [point(canvas, e, value=float(e["value_sum"]), **look) for e in values]
    layers += marks.symbols(canvas, rows, y=scale.channel(theme=canvas.theme), strokeWidth=0)
    layers += _values(canvas, values, scale=scale)
    return Drawing(tuple(layers), top + MARKER_PX, frozenset({"MARKER"}))


def _scale(values: Sequence[Event], limit: float | None, *, top: float) -> ValueScale:
    """Log where the values span more than a decade, else linear from 0; the limit of normal included."""
    numbers = [float(e["value_sum"]) for e in values]
    shown = [*numbers, *([limit] if limit else [])]
    if max(numbers) > DECADE * min(numbers):
        return _decades_only(log_scale(shown, top_px=top, bottom_px=top + MARKER_PX, room=1.25))
    return linear_scale(shown, top_px=top, bottom_px=top + MARKER_PX, n_ticks=2)


def _limit_line(canvas: Canvas, limit: float, *, y: float) -> list[Layer]:
    axis, colour = canvas.axis, canvas.theme.secondary
    row = {"x": axis.x(axis.start), "x2": axis.x(axis.end), "y": y, "y2": y, "colour": colour}
    words = [{"text": f"limit {_figures(limit)}", "y": y, "dx": 6, "colour": colour}]
    return [
        *marks.rules(canvas, [row], dash=(4, 3)),
        *marks.margin_texts(canvas, words, side="right", size=11.5),
    ]


def _figures(value: float) -> str:
    text = format_figures(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decades_only(scale: ValueScale) -> ValueScale:
    ticks = tuple(tick for tick in scale.ticks if f"{tick:e}".startswith("1.0"))
    return ValueScale(scale.kind, scale.low, scale.high, scale.top_px, scale.bottom_px, ticks or scale.ticks)


def _lines(canvas: Canvas, values: Sequence[Event], *, scale: ValueScale) -> list[Row]:
    return [
        {
            "x": canvas.axis.x(before["occurred_on"]),
            "x2": canvas.axis.x(after["occurred_on"]),
            "y": scale.px(float(before["value_sum"])),
            "y2": scale.px(float(after["value_sum"])),
            "colour": canvas.theme.marker,
        }
        for before, after in pairwise(values)
    ]


def _values(canvas: Canvas, values: Sequence[Event], *, scale: ValueScale) -> list[Layer]:
    """First, last and highest value in words."""
    peak = max(range(len(values)), key=lambda place: float(values[place]["value_sum"]))
    wanted = []
    around = tick_boxes(scale) + [
        labels.mark_box(canvas.axis.px(e["occurred_on"]), scale.px(float(e["value_sum"])), radius=2.5)
        for e in values
    ]
    for rank, place in enumerate(dict.fromkeys([0, len(values) - 1, peak])):
        event = values[place]
        aside = (Spot(9, -7, "left"), Spot(-7, -9, "right"))
        spots = (aside[0], ABOVE, BELOW, aside[1]) if place == 0 else (ABOVE, BELOW, Spot(-9, -7, "right"))
        wanted.append(
            Label(
                text=_figures(float(event["value_sum"])),
                px=canvas.axis.px(event["occurred_on"]),
                py=scale.px(float(event["value_sum"])),
                colour=canvas.theme.text,
                rank=rank,
                size=11.5,
                spots=spots,
            )
        )
    within = Box(-4, canvas.axis.plot_px + 10, scale.top_px - 14, scale.bottom_px + 4)
    lines = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    least_px = canvas.options.least_text_px
    return labels.draw(
        canvas, labels.place(wanted, around=around, within=within, least_px=least_px, lines=lines)
    )


def ecog(canvas: Canvas, *, top: float) -> Drawing:
    """ECOG as small numbers, changes bold; dots for those that find no room, repeats before changes."""
    events = canvas.of("ECOG")
    if not events:
        return collapsed(canvas, name="ECOG", words="No ECOG recorded", top=top)
    theme = canvas.theme
    changes = [
        e
        for before, e in zip([None, *events], events, strict=False)
        if not before or before["code"] != e["code"]
    ]
    places = _number_places(canvas, events, changes=changes)
    y = top + ROW_PX / 2
    layers = marks.panel_name(canvas, name="ECOG", y=y)
    look = {"shape": "circle", "size": 9, "fill": theme.secondary, "stroke": theme.secondary}
    dots = [point(canvas, e, y=y + 8, **look) for e in events if e["event_key"] not in places]
    layers += marks.symbols(canvas, dots)
    bold = {e["event_key"] for e in changes}
    for is_bold, colour, weight in ((True, theme.text, 700), (False, theme.secondary, 400)):
        rows = [
            {
                **point(canvas, e, y=y, text=str(e["code"]), colour=colour),
                "x": canvas.axis.x_at(places[e["event_key"]]),
            }
            for e in events
            if e["event_key"] in places and (e["event_key"] in bold) is is_bold
        ]
        layers += marks.texts(canvas, rows, size=ECOG_TEXT_PX, halo=True, fontWeight=weight)
    return Drawing(tuple(layers), top + ROW_PX)


def _number_places(canvas: Canvas, events: Sequence[Event], *, changes: Sequence[Event]) -> dict[str, float]:
    """Pixels from the left of each number that stands, by event.

    The later of two changes too close stands at its day, the earlier left of it, at most the width of a
    number from its own; a repeat stands at its day or not at all, the last one first.
    """
    # A larger type on a sheet takes that much more room.
    room_px = ECOG_GAP_PX * max(1.0, canvas.options.least_text_px / ECOG_TEXT_PX)
    places: dict[str, float] = {}
    right = float("inf")
    for event in reversed(changes):
        day_px = canvas.axis.px(event["occurred_on"])
        px = min(day_px, right - room_px)
        if day_px - px <= room_px:
            places[event["event_key"]] = right = px
    changed = {e["event_key"] for e in changes}
    repeats = [e for e in events if e["event_key"] not in changed]
    for event in [*repeats[-1:], *repeats[:-1]]:
        px = canvas.axis.px(event["occurred_on"])
        if all(abs(px - other) >= room_px for other in places.values()):
            places[event["event_key"]] = px
    return places
