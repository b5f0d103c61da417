"""Lesions found as new: when, how large, and how they went on.

Beside the target sum, not part of it: a new lesion is progression whatever the sum (RECIST 1.1 section
4.3.3). No threshold is drawn, since no response is calculated from these diameters.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import ABOVE, BELOW, Box, Spot
from dashboard.charts.timeline_lines import tick_boxes, upright_boxes
from dashboard.charts.timeline_points import point
from dashboard.charts.timeline_scale import ValueScale, linear_scale
from dashboard.tables.formats import format_tenth_mm

NAME = "New lesions"
ROW_PX, SCALE_PX = 20, 46
# Below the scale, so that its 0 keeps off the highest tick of the panel under it.
FOOT_PX = 4
# Like no other mark of the timeline.
PENTAGON = "M0,-1L0.95,-0.31L0.59,0.81L-0.59,0.81L-0.95,-0.31Z"
BESIDE = (Spot(9, 0, "left"), Spot(-9, 0, "right"))
BEFORE = (Spot(-8, 0, "right"), ABOVE, BELOW, Spot(8, 0, "left"))
AFTER = (Spot(7, 0, "left"), ABOVE, BELOW)


def new_lesion_look(canvas: Canvas, code: str) -> dict[str, Any]:
    """Mark of a new lesion: filled where a diameter stands behind it, a stroke where it was not seen."""
    ink, page = canvas.theme.target_sum, canvas.theme.page
    looks = {
        "FOUND": {"shape": PENTAGON, "size": 75, "fill": ink, "stroke": ink},
        "UNSIZED": {"shape": PENTAGON, "size": 75, "fill": page, "stroke": ink},
        "FOLLOWED": {"shape": "square", "size": 24, "fill": ink, "stroke": ink},
        "ABSENT": {"shape": "stroke", "size": 70, "fill": ink, "stroke": ink},
    }
    return looks[code]


def new_lesions(canvas: Canvas, *, top: float) -> Drawing | None:
    """A row of findings; diameters on a scale where several are to be told apart. Nothing without any."""
    events = canvas.of("NEW_LESION")
    if not events:
        return None
    used = frozenset(f"NEW_LESION_{_code(e)}" for e in events)
    if _is_course(events):
        return Drawing(tuple(_course(canvas, events, top=top)), top + SCALE_PX + FOOT_PX, used)
    return Drawing(tuple(_row(canvas, events, y=top + ROW_PX / 2)), top + ROW_PX, used)


def _code(event: Event) -> str:
    is_unsized = event["code"] == "FOUND" and event["value_sum"] is None
    return "UNSIZED" if is_unsized else str(event["code"])


def _is_course(events: Sequence[Event]) -> bool:
    """Whether a lesion was measured more than once, or several on one day."""
    sized = [e for e in events if e["value_sum"] is not None]
    is_repeated = len({e["label"] for e in sized}) < len(sized)
    return is_repeated or len({e["occurred_on"] for e in sized}) < len(sized)


def _size(event: Event) -> str:
    return format_tenth_mm(int(event["value_sum"]))


def _row(canvas: Canvas, events: Sequence[Event], *, y: float) -> list[Layer]:
    """A mark per lesion with its name, place and diameter beside it, shorter for want of room."""
    px = [canvas.axis.px(e["occurred_on"]) for e in events]
    wanted = []
    for event, at in zip(events, px, strict=True):
        text, short = _named(event, "" if event["value_sum"] is None else f"{_size(event)} mm")
        label = labels.small(text or "place not recorded", at=(at, y), colour=canvas.theme.text, spots=BESIDE)
        wanted.append(replace(label, short=short))
    placed = labels.place(
        wanted,
        around=[labels.mark_box(at, y, radius=6) for at in px],
        within=Box(-8, canvas.axis.plot_px + 100, y - 10, y + 10),
        least_px=canvas.options.least_text_px,
        lines=upright_boxes(canvas, top=y - 8, bottom=y + 8),
    )
    rows = [point(canvas, e, y=y, **new_lesion_look(canvas, _code(e))) for e in events]
    return [
        *marks.panel_name(canvas, name=NAME, y=y),
        *marks.symbols(canvas, rows, strokeWidth=1.3),
        *labels.draw(canvas, placed),
    ]


def _named(event: Event, size: str) -> tuple[str, str]:
    """Lesion, place and size, and for want of room without the place."""
    name, where = event["label"] or "", event["detail"] or ""
    return " ".join(filter(None, (name, where, size))), " ".join(filter(None, (name, size)))


def _course(canvas: Canvas, events: Sequence[Event], *, top: float) -> list[Layer]:
    """Diameters from 0, a thin line per lesion; what has no diameter stands at the foot."""
    sized = [e for e in events if e["value_sum"] is not None]
    values = [float(e["value_sum"]) / 10 for e in sized]
    scale = linear_scale(values, top_px=top, bottom_px=top + SCALE_PX, n_ticks=2)
    rest = [e for e in events if e["value_sum"] is None]
    points = [
        point(canvas, e, value=value, **new_lesion_look(canvas, _code(e)))
        for e, value in zip(sized, values, strict=True)
    ]
    foot = [point(canvas, e, y=scale.bottom_px, **new_lesion_look(canvas, _code(e))) for e in rest]
    return [
        *marks.panel_name(canvas, name=NAME, notes=["mm, by lesion"], y=top + 8),
        *marks.grid(canvas, [scale.px(tick) for tick in scale.ticks]),
        *marks.rules(canvas, _lines(canvas, events, scale=scale), width=1),
        *marks.symbols(canvas, points, y=scale.channel(theme=canvas.theme), strokeWidth=1),
        *marks.symbols(canvas, foot, strokeWidth=1.3),
        *_sizes(canvas, sized, scale=scale),
    ]


def _lines(canvas: Canvas, events: Sequence[Event], *, scale: ValueScale) -> list[Row]:
    """Lines from scan to scan of a lesion, to the foot where it was not seen."""
    followed = [e for e in events if e["value_sum"] is not None or e["code"] == "ABSENT"]
    return [
        {
            "x": canvas.axis.x(before["occurred_on"]),
            "x2": canvas.axis.x(after["occurred_on"]),
            "y": scale.px(float(before["value_sum"] or 0) / 10),
            "y2": scale.px(float(after["value_sum"] or 0) / 10),
            "colour": canvas.theme.target_sum,
        }
        for lesion in sorted({str(e["label"]) for e in followed})
        for before, after in pairwise([e for e in followed if str(e["label"]) == lesion])
    ]


def _sizes(canvas: Canvas, sized: Sequence[Event], *, scale: ValueScale) -> list[Layer]:
    """The diameters of each day on which a lesion was found, and of the last day."""
    days = sorted({e["occurred_on"] for e in sized})
    wanted, around = [], tick_boxes(scale)
    for day in days:
        own = sorted((e for e in sized if e["occurred_on"] == day), key=lambda e: float(e["value_sum"]))
        ys = [scale.px(float(e["value_sum"]) / 10) for e in own]
        px = canvas.axis.px(day)
        around.append(Box(px - 4, px + 4, min(ys) - 4, max(ys) + 4))
        found = [e for e in own if e["code"] == "FOUND"]
        if found or day == days[-1]:
            text, short = _range_words(found, own)
            label = labels.small(
                text,
                at=(px, sum(ys) / len(ys)),
                colour=canvas.theme.text,
                spots=BEFORE if found else AFTER,
                rank=0 if found else 1,
            )
            wanted.append(replace(label, short=short))
    placed = labels.place(
        wanted,
        around=around,
        within=Box(-8, canvas.axis.plot_px + 60, scale.top_px - 10, scale.bottom_px + 8),
        least_px=canvas.options.least_text_px,
        lines=upright_boxes(canvas, top=scale.top_px, bottom=scale.bottom_px),
    )
    return labels.draw(canvas, placed)


def _range_words(found: Sequence[Event], own: Sequence[Event]) -> tuple[str, str]:
    """One diameter or the range of several, with the lesion where one was found; and a shorter form."""
    shown = found or own
    low, high = _size(shown[0]), _size(shown[-1])
    sizes = low if low == high else f"{low}–{high}"
    if len(found) == 1:
        return _named(found[0], sizes)
    return (f"{len(found)} new, {sizes}", sizes) if found else (sizes, sizes)
