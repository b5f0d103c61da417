"""Local treatments by lesion, each with its own follow-up, and biopsies (clinical-decisions A5, A17).

Nothing is calculated from the diameter of a treated lesion: the marks are what the treating team says.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer
from dashboard.charts.timeline_labels import Box, Spot
from dashboard.charts.timeline_lesion import (
    SHAPES,
    TREATMENTS,
    lesion_code,
    lesion_px,
    lesion_row,
    standing,
)
from dashboard.charts.timeline_lines import upright_boxes
from dashboard.charts.timeline_points import point
from dashboard.tables.patient_timeline import local_words

ROW_PX = 18
PANEL_NAME_PX = -30


def local(canvas: Canvas, *, top: float) -> Drawing | None:
    """A row per treated lesion with its follow-up, then treatments without a lesion and biopsies."""
    events = canvas.of(*TREATMENTS, "BIOPSY", "LESION")
    if not events:
        return None
    lesions = sorted({str(e["lesion_id"]) for e in events if e["lesion_id"] is not None})
    rest = [e for e in events if e["lesion_id"] is None]
    is_local = any(e["kind"] != "BIOPSY" for e in events)
    notes = _notes(events) if lesions else []
    name = "Local therapy" if is_local else "Biopsy"
    layers = marks.panel_name(canvas, name=name, notes=notes, y=top + ROW_PX / 2)
    y = top
    for lesion in lesions:
        layers += lesion_row(canvas, [e for e in events if e["lesion_id"] == lesion], top=y)
        y += lesion_px(canvas)
    found, y = _packed(canvas, rest, top=y)
    return Drawing(tuple([*layers, *found]), max(y, top + 30 if lesions else y), _used(canvas, events))


def _notes(events: Sequence[Event]) -> list[str]:
    """What the numbers under the marks are, and are not."""
    is_measured = any(e["kind"] == "LESION" and e["value_sum"] is not None for e in events)
    return ["mm, by lesion", "not RECIST"] if is_measured else ["by lesion"]


def _used(canvas: Canvas, events: Sequence[Event]) -> frozenset[str]:
    found = {f"LESION_{lesion_code(e)}" for e in events if e["kind"] == "LESION"}
    found |= {e["kind"] for e in events if e["kind"] in TREATMENTS}
    biopsies = [e for e in events if e["kind"] == "BIOPSY"]
    return frozenset(found | {"BIOPSY_GENES" if e["code"] == "GENES_TESTED" else "BIOPSY" for e in biopsies})


def _packed(canvas: Canvas, events: Sequence[Event], *, top: float) -> tuple[list[Layer], float]:
    """Marks with their words, in up to three rows; the bottom of the last row."""
    axis, theme = canvas.axis, canvas.theme
    rows, names, around = [], [], []
    ends = [-100.0] * 3
    for event in events:
        px, words = axis.px(event["occurred_on"]), _name(event)
        width = labels.name_px(words) + 6
        is_left = px + width > axis.plot_px + 100
        row = next((n for n, end in enumerate(ends) if px - (width if is_left else 8) >= end), 2)
        y = top + ROW_PX * (row + 0.5)
        rows.append(point(canvas, event, y=y, **_single_look(canvas, event)))
        # At the left only where the words do not run into the name of the panel.
        before = (Spot(-10, 0, "right"),) if is_left or px - width > PANEL_NAME_PX else ()
        after = (Spot(10, 0, "left"),)
        spots = (*before, *after) if is_left else (*after, *before)
        names.append(standing(labels.small(words, at=(px, y), colour=theme.text, spots=spots)))
        around.append(labels.mark_box(px, y, radius=6))
        ends[row] = px + (10 if is_left else 10 + width)
    within = Box(-100, axis.plot_px + 110, top - 20, top + 80)
    lines = upright_boxes(canvas, top=within.top, bottom=within.bottom)
    placed = labels.place(
        names, around=around, within=within, least_px=canvas.options.least_text_px, lines=lines
    )
    n_rows = sum(end > -100 for end in ends)
    layers = [*marks.symbols(canvas, rows, strokeWidth=1.3), *labels.draw(canvas, placed)]
    return layers, top + ROW_PX * n_rows


def _single_look(canvas: Canvas, event: Event) -> dict[str, Any]:
    theme = canvas.theme
    is_open = event["kind"] == "BIOPSY" and event["code"] != "GENES_TESTED"
    fill = theme.page if is_open else theme.secondary
    return {"shape": SHAPES[event["kind"]], "size": 90, "fill": fill, "stroke": theme.secondary}


def _name(event: Event) -> str:
    if event["kind"] != "BIOPSY":
        return local_words(event)
    words = f"biopsy, {event['label']}" if event["label"] else "biopsy"
    return f"{words}, genes tested" if event["code"] == "GENES_TESTED" else words
