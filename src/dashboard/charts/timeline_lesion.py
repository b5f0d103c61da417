"""A treated lesion on a line of its own: what was done, what the treating team says, its diameters.

The diameters are written as measured; no response is calculated from them (clinical-decisions A5).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import response_symbol
from dashboard.charts.timeline_frame import RIGHT_PX, Canvas, Event, Layer
from dashboard.charts.timeline_labels import Box, Label, Spot
from dashboard.charts.timeline_lines import upright_boxes, upright_px
from dashboard.charts.timeline_points import CROSS, point
from dashboard.tables.formats import format_tenth_mm
from dashboard.tables.patient_timeline_lesion import lesion_course
from dashboard.tables.patient_timeline_local import organ_words

LESION_PX = 47
# Of words from the top of the row at the usual size, of marks below the words, of diameters below the marks.
WORDS_PX, MARKS_PX, DIAMETERS_PX = 8, 16, 13
# The same in a larger type, where the diameters stand beside the marks.
LARGE_MARKS_PX, LARGE_LESION_PX = 12, 25
TREATMENTS = ("RADIOTHERAPY", "ABLATION", "SURGERY")
# States with a mark of their own, in the order and the words of the legend.
STATES = {
    "CONTROLLED": "lesion controlled",
    "EQUIVOCAL": "equivocal (treatment change?)",
    "LOCAL_PROGRESSION": "local progression",
    "ABSENT": "lesion not seen",
    "MEASURED": "lesion measured",
    "NOT_ASSESSED": "lesion not assessed",
}
SHAPES = {"RADIOTHERAPY": "diamond", "ABLATION": "circle", "SURGERY": "triangle-down", "BIOPSY": "cross"}


def lesion_px(canvas: Canvas) -> float:
    """Height of the row of a treated lesion: its words never stand on the diameters of the row above."""
    return max(LESION_PX, LARGE_LESION_PX * canvas.axis.text_scale)


def lesion_code(event: Event) -> str:
    """The state that the mark of a follow-up shows; one without a mark of its own as measured."""
    return str(event["code"]) if event["code"] in STATES else "MEASURED"


def lesion_look(canvas: Canvas, code: str) -> dict[str, Any]:
    """Mark of a treated lesion at a follow-up: shape and fill differ, not the colour alone."""
    theme = canvas.theme
    looks = {
        "CONTROLLED": {"shape": "circle", "size": 55, "fill": theme.page, "stroke": theme.secondary},
        "EQUIVOCAL": {"shape": "diamond", "size": 95, "fill": theme.page, "stroke": theme.progression_sum},
        "ABSENT": {"shape": "stroke", "size": 90, "fill": theme.secondary, "stroke": theme.secondary},
        "NOT_ASSESSED": {"shape": CROSS, "size": 50, "fill": "transparent", "stroke": theme.secondary},
        "MEASURED": {"shape": "square", "size": 36, "fill": theme.page, "stroke": theme.secondary},
    }
    if code == "LOCAL_PROGRESSION":
        look = response_symbol("PD", size_px=12, theme=theme)
        return {name: look[name] for name in ("shape", "size", "fill", "stroke")}
    return looks[code]


def lesion_row(canvas: Canvas, events: Sequence[Event], *, top: float) -> list[Layer]:
    """Words above, treatments and follow-ups on a line, under each follow-up its diameter in mm."""
    axis, theme = canvas.axis, canvas.theme
    words_y = top + WORDS_PX * axis.text_scale
    y = words_y + (LARGE_MARKS_PX if axis.text_scale > 1 else MARKS_PX) * axis.text_scale
    treated = [e for e in events if e["kind"] in TREATMENTS]
    seen = [e for e in events if e["kind"] == "LESION"]
    ends = [e["occurred_on"] for e in [*treated, *seen]]
    line = {"x": axis.x(min(ends)), "x2": axis.x(max(ends)), "y": y, "y2": y, "colour": theme.border}
    look = {"size": 90, "fill": theme.text, "stroke": theme.page}
    solid = [point(canvas, e, y=y, shape=SHAPES[e["kind"]], **look) for e in treated]
    follow = [point(canvas, e, y=y, **lesion_look(canvas, lesion_code(e))) for e in seen]
    queries = [
        {"x": axis.x(e["occurred_on"]), "y": y + 0.5, "text": "?", "colour": theme.text}
        for e in seen
        if e["code"] == "EQUIVOCAL"
    ]
    px = axis.px(treated[0]["occurred_on"] if treated else min(ends))
    return [
        *marks.rules(canvas, [line], width=1.5),
        *marks.symbols(canvas, follow, strokeWidth=1.4),
        *marks.symbols(canvas, solid, strokeWidth=1.2),
        *marks.texts(canvas, queries, size=9, fontWeight=700),
        *_words(canvas, treated, seen, at=(px, words_y)),
        *_diameters(canvas, [*treated, *seen], y=y),
    ]


def _words(
    canvas: Canvas, treated: Sequence[Event], seen: Sequence[Event], *, at: tuple[float, float]
) -> list[Layer]:
    """Lesion, place and what was done, for instance L1 left upper lobe: SBRT 50 Gy/5, 17 → 6 mm."""
    first = next(iter([*treated, *seen]))
    place = organ_words(next((e for e in seen if e["organ"]), first))
    name = f"{first['lesion_id']} {place}" if place else str(first["lesion_id"])
    days = canvas.options.ablation_reference_days
    # Ever shorter: without what is missing, then of the last treatment alone.
    courses = [
        lesion_course(treated, seen, reference_days=days),
        lesion_course(treated, seen, reference_days=days, says_missing=False),
        f"… {lesion_course(treated[-1:], seen, reference_days=days, says_missing=False)}",
    ]
    right = canvas.axis.plot_px + RIGHT_PX - 4
    # Words that fit on neither side of the mark end before the next upright line, else at the right edge.
    starts = (Spot(dx, 0, "left") for dx in (-4, 0, 4))
    ends = (Spot(px - 4 - at[0], 0, "right") for px in upright_px(canvas) if px > at[0])
    spots = (*starts, Spot(4, 0, "right"), *ends, Spot(right - at[0], 0, "right"))
    within = Box(-8, right, at[1] - 10, at[1] + 10)
    lines = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    placed: list[labels.Placed] = []
    for course in courses:
        text = f"{name}: {course}" if course.strip("… ") else name
        label = labels.small(text, at=at, colour=canvas.theme.text, spots=spots)
        last = standing(label) if course is courses[-1] else label
        placed = labels.place(
            [last], around=(), within=within, least_px=canvas.options.least_text_px, lines=lines
        )
        if placed:
            break
    return labels.draw(canvas, placed)


def standing(label: Label) -> Label:
    """The label, to be drawn even where it finds no room."""
    return replace(label, must_stand=True)


def _diameters(canvas: Canvas, events: Sequence[Event], *, y: float) -> list[Layer]:
    """Diameters in mm under the marks, in a larger type beside them; for want of room the first and last."""
    is_larger = canvas.axis.text_scale > 1
    beside = (Spot(7, 0, "left"), Spot(-7, 0, "right"))
    spots = beside if is_larger else (Spot(0, DIAMETERS_PX, "center"),)
    seen = [e for e in events if e["kind"] == "LESION" and e["value_sum"] is not None]
    sized = [e for e in seen if float(e["value_sum"]) > 0]
    around = [labels.mark_box(canvas.axis.px(e["occurred_on"]), y, radius=5) for e in events]
    wanted = [
        labels.small(
            format_tenth_mm(round(float(e["value_sum"]))),
            at=(canvas.axis.px(e["occurred_on"]), y),
            colour=canvas.theme.secondary,
            rank=0 if e in (sized[0], sized[-1]) else 1,
            spots=spots,
        )
        for e in sized
    ]
    within = Box(-20, canvas.axis.plot_px + 20, y - 9, y + 22)
    lines = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    placed = labels.place(
        wanted, around=around, within=within, least_px=canvas.options.least_text_px, lines=lines
    )
    return labels.draw(canvas, placed)
