"""Time axis, bands of the lines of therapy, and the lines that run through all panels."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import line_place
from dashboard.charts.timeline_frame import RIGHT_PX, Canvas, Event, Layer, Row, end_of
from dashboard.charts.timeline_hatch import hatch
from dashboard.charts.timeline_labels import Box, Spot
from dashboard.charts.timeline_lines import upright_boxes
from dashboard.charts.timeline_points import UNRELIABLE_DASH, point
from dashboard.charts.timeline_ticks import date_ticks, day_ticks
from dashboard.tables.formats import MINUS

LABEL_ROOM_PX = 14
ZERO_ROOM_PX = 4
NAME_PX = 5.0
NAME_ROOM_PX = 40.0
# From an upright line to the name beside it.
BESIDE_PX = 3.0
SIDES: tuple[tuple[int, labels.Align], ...] = ((1, "left"), (-1, "right"))


def second_row(canvas: Canvas, *, bottom: float) -> list[Layer]:
    """Days from day 0 under the months; on an axis of days only its name."""
    axis, theme = canvas.axis, canvas.theme
    y = bottom + (17 + marks.note_step_px(canvas) if axis.is_dates else 12)
    name = [{"text": axis.zero_label, "y": y, "dx": -6, "colour": theme.secondary}]
    layers = marks.margin_texts(canvas, name, align="right")
    if axis.is_dates:
        rows: list[Row] = [
            {
                "x": axis.x(axis.zero + dt.timedelta(days=day)),
                "y": y,
                "text": str(day).replace("-", MINUS),
                "colour": theme.text if day == 0 else theme.secondary,
            }
            for day in day_ticks(axis)
            if axis.px(axis.zero + dt.timedelta(days=day)) >= (LABEL_ROOM_PX if day else ZERO_ROOM_PX)
        ]
        zero = [row for row in rows if row["text"] == "0"]
        layers += marks.texts(canvas, [row for row in rows if row["text"] != "0"])
        layers += marks.texts(canvas, zero, fontWeight=700)
    return layers


def bands(canvas: Canvas, *, top: float, bottom: float) -> list[Layer]:
    """A tinted band per line of therapy, and the hatched future right of the data cut."""
    axis, theme = canvas.axis, canvas.theme
    rows = []
    for event in canvas.reaching("LINE"):
        end = min(_last_day(canvas, event), axis.last, axis.end)
        rows.append(
            {
                "x": axis.x(max(event["occurred_on"], axis.start)),
                "x2": axis.x(end),
                "y": top,
                "y2": bottom,
                "key": event["event_key"],
                "fill": theme.line_band[line_place(event["line"])],
            }
        )
    layers = marks.rectangles(canvas, rows)
    layers += _unreliable(canvas, top=top, bottom=bottom)
    ticks = [axis.x(day) for day in date_ticks(axis)] if axis.is_dates else day_ticks(axis)
    rows = [{"x": x, "x2": x, "y": top + 46, "y2": bottom, "colour": theme.grid} for x in ticks]
    layers += marks.rules(canvas, rows)
    known = axis.silent_since or axis.last
    if known < axis.end:
        box = (max(known, axis.start), axis.end, top, bottom)
        layers += hatch(canvas, [box], colour=theme.grid, step_px=9)
    return layers


def _last_day(canvas: Canvas, line: Event) -> dt.date:
    """Last day of a line's band: of one that goes on the last day known, else the last dose if dated."""
    until: dt.date = line["ended_on"] or canvas.axis.silent_since or canvas.axis.last
    ends = [e["ended_on"] for e in canvas.events if e["kind"] == "SYSTEMIC" and e["line"] == line["line"]]
    if line["is_ongoing"] or not ends or None in ends:
        return until
    return min(until, max(max(ends), line["occurred_on"]))


def _unreliable(canvas: Canvas, *, top: float, bottom: float) -> list[Layer]:
    """The days after a local treatment, shaded between dashed edges."""
    axis = canvas.axis
    rows: list[Row] = [
        {
            **point(canvas, event),
            "x": axis.x(max(event["occurred_on"], axis.start)),
            "x2": axis.x(min(end_of(event, axis), axis.end)),
            "y": top + 40,
            "y2": min(bottom, top + 348),
            "fill": canvas.theme.unreliable,
        }
        for event in canvas.reaching("UNRELIABLE")
    ]
    # In greyscale the shade alone would vanish on the band of a line; days that touch have edges together.
    edges = [
        {"x": x, "x2": x, "y": row["y"], "y2": row["y2"], "colour": canvas.theme.attention}
        for row in rows
        for x in (row["x"], row["x2"])
        if not any(other["x"] < x < other["x2"] for other in rows)
    ]
    return [*marks.rectangles(canvas, rows), *marks.rules(canvas, edges, dash=UNRELIABLE_DASH, width=1)]


def line_names(canvas: Canvas, *, y: float) -> list[Layer]:
    """Line 1, Line 2 ... at the left of each band; L2 in a narrow one, else at its end or beyond the cut."""
    axis = canvas.axis
    lines = canvas.reaching("LINE")
    starts = [axis.px(max(e["occurred_on"], axis.start)) for e in lines]
    uprights = upright_boxes(canvas, top=y - 8, bottom=y + 8)
    edge = axis.px(min(axis.last, axis.end))
    least_px = canvas.options.least_text_px
    placed: list[labels.Placed] = []
    for event, left, right in zip(lines, starts, [*starts[1:], edge], strict=False):
        inside = [NAME_PX, *(box.right + 2 - left for box in uprights if left < box.right < right)]
        name = _line_name(canvas, event, at=(left, y), spots=[Spot(dx, 0, "left") for dx in inside])
        around = [*uprights, *(one.box for one in placed)]
        room = Box(left, right, y - 12, y + 12)
        found = labels.place([name], around=around, within=room, least_px=least_px)
        if not found:
            beyond = (
                Spot(edge - left + NAME_PX, 0, "left") if right == edge else Spot(right - left, 0, "right")
            )
            name = replace(name, text=name.text if right == edge else name.short or name.text, spots=[beyond])
            room = Box(left - NAME_ROOM_PX, axis.plot_px + RIGHT_PX, y - 12, y + 12)
            found = labels.place([name], around=around, within=room, least_px=least_px)
        placed += found
    return labels.draw(canvas, placed)


def _line_name(canvas: Canvas, event: Event, *, at: tuple[float, float], spots: list[Spot]) -> labels.Label:
    theme, line = canvas.theme, event["line"]
    return labels.Label(
        text=f"Line {line}",
        # L1 is also the name of a lesion that was treated.
        short="" if canvas.options.is_after_local else f"L{line}",
        px=at[0],
        py=at[1],
        colour=theme.bar_edge[line_place(line)] if theme.name == "dark" else theme.text,
        size=11.5,
        spots=spots,
    )


def through_lines(canvas: Canvas, *, top: float, bottom: float) -> list[Layer]:
    """Enrolment dotted, death and data cut solid, with their names on top."""
    axis, theme = canvas.axis, canvas.theme
    layers, names = [], []
    for event in canvas.of("ENROLMENT"):
        x = axis.x(event["occurred_on"])
        dotted = {"x": x, "x2": x, "y": top - 2, "y2": bottom, "colour": theme.text}
        layers += marks.rules(canvas, [{**dotted, "key": event["event_key"]}], dash=(1, 2), width=1.2)
        at = (axis.px(event["occurred_on"]), top - 8)
        spots = tuple(Spot(sign * BESIDE_PX, 0, side) for sign, side in SIDES)
        names.append(labels.small("enrolled", at=at, colour=theme.secondary, spots=spots))
    if axis.holds(axis.last):
        layers += _end_line(canvas, top=top, bottom=bottom)
        names.append(_end_name(canvas, y=top - 8))
    elif axis.silent_since is not None and axis.holds(axis.silent_since):
        layers += _silence_line(canvas, axis.silent_since, top=top, bottom=bottom)
        names.append(_silence_name(canvas, axis.silent_since, y=top - 8))
    return [*layers, *labels.draw(canvas, _through_names(canvas, names, y=top - 8))]


def _through_names(canvas: Canvas, names: Sequence[labels.Label], *, y: float) -> list[labels.Placed]:
    """Each name beside its own line, the most important first: never over another line nor another name."""
    within = Box(-60, canvas.axis.plot_px + RIGHT_PX * canvas.axis.text_scale, y - 12, y + 12)
    placed: list[labels.Placed] = []
    for name in sorted(names, key=lambda one: one.rank):
        others = [other.px for other in names if other is not name]
        around = [Box(px - BESIDE_PX, px + BESIDE_PX, y - 12, y + 12) for px in others]
        around += [one.box for one in placed]
        least_px = canvas.options.least_text_px
        placed += labels.place([name], around=around, within=within, least_px=least_px)
    return placed


def _end_line(canvas: Canvas, *, top: float, bottom: float) -> list[Layer]:
    """The death, else the data cut."""
    died = canvas.of("DEATH")
    x = canvas.axis.x(canvas.axis.last)
    line = {"x": x, "x2": x, "y": top - 2, "y2": bottom, "colour": canvas.theme.text}
    return marks.rules(canvas, [{**line, "key": died[0]["event_key"]} if died else line], width=1.6)


def _end_name(canvas: Canvas, *, y: float) -> labels.Label:
    axis = canvas.axis
    withdrew = any(e["code"] == "WITHDREW" for e in canvas.of("OBSERVED_UNTIL"))
    what = "died" if canvas.of("DEATH") else "consent withdrawn" if withdrew else "data cut"
    px = axis.px(axis.last)
    over = Spot(12, 0, "right") if px > axis.plot_px - 30 else Spot(0, 0, "center")
    beside = (Spot(sign * BESIDE_PX, 0, side) for sign, side in SIDES)
    return labels.Label(
        text=f"{_transfer_words(canvas)}{what} {canvas.clock.name(axis.last)}",
        short=what,
        px=px,
        py=y,
        colour=canvas.theme.text,
        rank=0,
        size=11,
        spots=(over, *beside),
        must_stand=True,
    )


def _transfer_words(canvas: Canvas) -> str:
    """Before the name of the data cut, that the care was transferred, and when."""
    # The data cut may lie beyond the axis.
    observed = [event for event in canvas.events if event["kind"] == "OBSERVED_UNTIL"]
    moved = [event["detail"] for event in observed if event["code"] == "TRANSFERRED"]
    if not moved or canvas.of("DEATH"):
        return ""
    return f"care transferred {canvas.clock.name(dt.date.fromisoformat(str(moved[0])))} · "


def _silence_line(canvas: Canvas, last: dt.date, *, top: float, bottom: float) -> list[Layer]:
    x = canvas.axis.x(last)
    line = {"x": x, "x2": x, "y": top - 2, "y2": bottom, "colour": canvas.theme.text}
    return marks.rules(canvas, [line], dash=(4, 3), width=1.4)


def _silence_name(canvas: Canvas, last: dt.date, *, y: float) -> labels.Label:
    """Where the records end, and what is beyond: the transfer of care, else the data cut."""
    axis = canvas.axis
    # The caption has the data cut too.
    ends = _transfer_words(canvas).removesuffix(" · ") or f"data cut {canvas.clock.name(axis.last)}"
    px = axis.px(last)
    return labels.Label(
        text=f"no record after {canvas.clock.name(last)} · {ends}",
        px=px,
        py=y,
        colour=canvas.theme.text,
        rank=0,
        size=11,
        spots=(Spot(axis.plot_px + 60 - px, 0, "right"),),
        must_stand=True,
    )
