"""Planned draws and scans: windows with their state in the follow-up, and what was done."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer
from dashboard.charts.timeline_labels import Box, Spot
from dashboard.charts.timeline_lines import upright_boxes
from dashboard.charts.timeline_points import LEFT_OUT, STRUCK, point

ROW_PX = 21
WINDOW_PX = 14
NARROWEST_PX = 11.0
# Area below which the stroke through a mark is not seen.
STRUCK_SIZE = 36
# The word beside a window, and a shorter one for want of room.
WORDS = {
    "OVERDUE": ("overdue", ""),
    "CANNOT_BE_OBTAINED": ("cannot be obtained any more", "not obtained"),
    "DUE_NOW": ("due now", "due"),
    "CLOSES_SOON": ("closes soon", "closes"),
    "NOT_YET_DUE": ("not yet due", "next"),
}
DONE, AHEAD = ("DONE_IN_WINDOW", "DONE_OUTSIDE_WINDOW"), ("DUE_NOW", "CLOSES_SOON", "NOT_YET_DUE")
WITHOUT = {"DRAW_WINDOW": "no draw for {} days", "SCAN_WINDOW": "no imaging for {} days"}
ROWS = (("draws", "DRAW", "DRAW_WINDOW", "circle"), ("scans", "SCAN", "SCAN_WINDOW", "square"))


def planned(canvas: Canvas, *, top: float) -> Drawing:
    """Two rows, draws and scans; without a plan the marks alone show what was done."""
    theme = canvas.theme
    layers = marks.panel_name(canvas, name="Planned", y=top + ROW_PX / 2)
    used: set[str] = set()
    for number, (word, taken, window, shape) in enumerate(ROWS):
        y = top + ROW_PX * (number + 0.5)
        name = [{"text": word, "y": y, "dx": -6, "colour": theme.secondary}]
        layers += marks.margin_texts(canvas, name, align="right")
        windows = [e for e in canvas.reaching(window) if e["code"] not in LEFT_OUT]
        layers += _windows(canvas, windows, y=y)
        layers += _taken(canvas, canvas.of(taken), y=y, shape=shape, has_plan=bool(windows))
        layers += _words(canvas, windows, canvas.of(taken), y=y)
        used |= {f"WINDOW_{e['code']}" for e in windows}
        used |= {
            f"{taken}_{e['code']}" for e in canvas.of(taken) if windows and e["code"] == "OUTSIDE_WINDOW"
        }
    return Drawing(tuple(layers), top + 2 * ROW_PX, frozenset(used))


def _windows(canvas: Canvas, windows: Sequence[Event], *, y: float) -> list[Layer]:
    theme = canvas.theme
    looks = {
        **dict.fromkeys(DONE, (theme.window, theme.window)),
        **dict.fromkeys(AHEAD, (theme.page, theme.primary)),
        "OVERDUE": ("transparent", theme.action),
        "CANNOT_BE_OBTAINED": ("transparent", theme.secondary),
        "WITHOUT": ("transparent", theme.secondary),
    }
    layers: list[Layer] = []
    for codes, extra in (
        (DONE, {"strokeWidth": 0}),
        (AHEAD, {"strokeWidth": 1.6}),
        (("OVERDUE",), {"strokeWidth": 1.4, "strokeDash": [2.5, 2]}),
        (("CANNOT_BE_OBTAINED",), {"strokeWidth": 1.4, "strokeDash": [5, 3]}),
        (("WITHOUT",), {"strokeWidth": 0.8, "strokeDash": [1, 2]}),
    ):
        rows = []
        for event in [e for e in windows if e["code"] in codes]:
            left, right = _ends(canvas, event)
            fill, stroke = looks[event["code"]]
            place = {
                "x": canvas.axis.x_at(left),
                "x2": canvas.axis.x_at(right),
                "y": y - WINDOW_PX / 2,
                "y2": y + WINDOW_PX / 2,
            }
            rows.append({**point(canvas, event), **place, "fill": fill, "stroke": stroke})
        layers += marks.rectangles(canvas, rows, cornerRadius=3, **extra)
    return layers


def _ends(canvas: Canvas, event: Event) -> tuple[float, float]:
    """Pixels of a window inside the axis, never narrower than a mark."""
    axis = canvas.axis
    left = max(0.0, axis.px(event["occurred_on"]))
    right = min(float(axis.plot_px), axis.px(event["ended_on"]))
    missing = max(0.0, NARROWEST_PX - (right - left)) / 2
    return left - missing, right + missing


def _taken(canvas: Canvas, events: Sequence[Event], *, y: float, shape: str, has_plan: bool) -> list[Layer]:
    """Filled inside a window or without a plan; hollow and struck through outside one: unplanned or late.

    Of marks that would lie upon each other one stands above the other.
    """
    theme = canvas.theme
    ordered = sorted(events, key=lambda event: event["occurred_on"])
    size = round(min(7.4, max(4, canvas.axis.gap_px(e["occurred_on"] for e in events) - 1)) ** 2)
    filled = [event["code"] == "IN_WINDOW" or not has_plan for event in ordered]
    sizes = [size if is_filled else max(size, STRUCK_SIZE) for is_filled in filled]
    shifts = _apart([canvas.axis.px(e["occurred_on"]) for e in ordered], widths=[one**0.5 for one in sizes])
    rows = []
    for event, is_filled, area, shift in zip(ordered, filled, sizes, shifts, strict=True):
        look = {"shape": shape if is_filled else STRUCK[shape], "size": area, "stroke": theme.summary}
        fill = theme.summary if is_filled else theme.page
        rows.append(point(canvas, event, y=y + shift, fill=fill, **look))
    return marks.symbols(canvas, rows, strokeWidth=1.5)


def _apart(places: Sequence[float], *, widths: Sequence[float]) -> list[float]:
    """Pixels by which each mark is moved down: where two would overlap, up and down in turn."""
    shifts = [0.0] * len(places)
    for later in range(1, len(places)):
        room = (widths[later - 1] + widths[later]) / 2 + 1
        if 0 < places[later] - places[later - 1] < room:
            shifts[later - 1] = shifts[later - 1] or -room / 2
            shifts[later] = room / 2 if shifts[later - 1] < 0 else -room / 2
    return shifts


def _word(event: Event) -> tuple[str, str]:
    """The state, and shorter; of an interval not the protocol's the days without, once, at the first."""
    if event["code"] == "WITHOUT":
        return (WITHOUT[event["kind"]].format(int(event["value_n"])) if event["value_n"] else "", "")
    return WORDS.get(event["code"], ("", ""))


def _words(canvas: Canvas, windows: Sequence[Event], taken: Sequence[Event], *, y: float) -> list[Layer]:
    """States of the windows, and what was done outside one, in words where there is room."""
    axis, theme = canvas.axis, canvas.theme
    cut_px = axis.px(min(axis.last, axis.end))
    around = [Box(cut_px - 2, cut_px + 2, y - 8, y + 8)]
    around += [labels.mark_box(axis.px(event["occurred_on"]), y, radius=5) for event in taken]
    wanted = []
    for event in windows:
        left, right = _ends(canvas, event)
        around.append(Box(left, right, y - 8, y + 8))
        word, short = _word(event)
        if word:
            spots = [Spot(right - left + 5, 0, "left"), Spot(-5, 0, "right")]
            colour = theme.action if event["code"] == "OVERDUE" else theme.secondary
            name = labels.small(word, at=(left, y), colour=colour, spots=spots, rank=0)
            wanted.append(replace(name, short=short))
    sides = (Spot(9, 0, "left"), Spot(-9, 0, "right"), Spot(22, 0, "left"))
    wanted += [
        labels.small("outside window", at=(axis.px(e["occurred_on"]), y), colour=theme.secondary, spots=sides)
        for e in taken
        if e["code"] == "OUTSIDE_WINDOW" and windows
    ]
    placed = labels.place(
        wanted,
        around=around,
        within=Box(0, axis.plot_px, y - 10, y + 10),
        least_px=canvas.options.least_text_px,
        lines=upright_boxes(canvas, top=y - 8, bottom=y + 8),
    )
    return labels.draw(canvas, placed)
