"""Marks of responses, with letters inside; used by the RECIST strip and above the ctDNA panel."""

from collections.abc import Sequence
from typing import Any

from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import response_letters, response_symbol
from dashboard.charts.timeline_frame import Canvas, Event, Layer, Row
from dashboard.charts.timeline_points import point

MANY_SCANS = 10
SMALLEST_PX = 15.0
TRIANGLE_LETTERS_PX = 3.5
RING = {"shape": "circle", "fill": "transparent"}


def scans_of(canvas: Canvas) -> list[Event]:
    """Response assessments on the axis, one per date."""
    return canvas.of("RESPONSE")


def stops_of(canvas: Canvas) -> list[Event]:
    """Treatments stopped for progression without any assessment of it."""
    return [e for e in canvas.of("CLINICAL_PROGRESSION") if e["detail"] == "treatment_stop"]


def is_cns(event: Event) -> bool:
    """Whether an assessment is a progression in the central nervous system."""
    return bool(event["code"] == "PD" and event["detail"] == "cns")


def _look(canvas: Canvas, event: Event, *, size_px: float) -> tuple[dict[str, Any], str, str]:
    """Mark, letters and their colour: clinical progression open, after progression grey."""
    theme = canvas.theme
    if event["kind"] == "CLINICAL_PROGRESSION":
        look = response_symbol("PD", size_px=size_px, theme=theme)
        return look | {"stroke": look["fill"], "fill": theme.page, "edge_width": 2.5}, "", theme.text
    look = response_symbol(event["code"], size_px=size_px, theme=theme)
    text, ink = response_letters(event["code"], theme=theme)
    if event["basis"] == "clinical":
        look |= {"stroke": look["fill"], "fill": theme.page, "edge_width": 2}
        ink = theme.text
    if event["is_after_progression"]:
        look |= {"fill": theme.lane, "stroke": theme.secondary, "edge_width": 1}
        ink = theme.secondary
    return look, text, ink


def response_marks(
    canvas: Canvas, events: Sequence[Event], *, y: float, size_px: float, is_keyed: bool = True
) -> list[Layer]:
    """Marks with letters inside; after progression on the same treatment grey; clinical progression open."""
    rows: list[Row] = []
    letters: list[Row] = []
    for event in events:
        look, text, ink = _look(canvas, event, size_px=size_px)
        lift = TRIANGLE_LETTERS_PX * size_px / 24 if look["shape"] == "triangle-up" else 0
        row = point(canvas, event, y=y, **look)
        # The mark of the strip is the event; the small one above the ctDNA panel repeats it.
        rows.append(row if is_keyed else {name: row[name] for name in row if name != "key"})
        letters.append({"x": row["x"], "y": y + lift + 0.5, "text": text, "colour": ink, "size": size_px})
    layers = _cns_rings(canvas, [e for e in events if is_cns(e)], y=y, size_px=size_px) if is_keyed else []
    for width in sorted({float(row["edge_width"]) for row in rows}):
        own = [row for row in rows if row["edge_width"] == width]
        layers += marks.symbols(canvas, own, strokeWidth=width)
    if size_px < SMALLEST_PX:
        return layers
    size = 8.5 if size_px < 20 else 10 if size_px < 24 else 11
    return [*layers, *marks.texts(canvas, [t for t in letters if t["text"]], size=size, fontWeight=700)]


def _cns_rings(canvas: Canvas, events: Sequence[Event], *, y: float, size_px: float) -> list[Layer]:
    """A ring round the mark of a progression in the central nervous system."""
    look = {"size": round((size_px * 1.45) ** 2), "stroke": canvas.theme.action, **RING}
    rows = [{"x": canvas.axis.x(e["occurred_on"]), "y": y, **look} for e in events]
    return marks.symbols(canvas, rows, strokeWidth=1.6)


def small_marks(canvas: Canvas, *, y: float, bottom: float) -> list[Layer]:
    """The responses once more above the ctDNA panel, each with a dotted hairline down to the target sum."""
    scans = thinned(canvas, scans_of(canvas), gap_px=22)
    size = 16 if len(scans_of(canvas)) >= MANY_SCANS else 18
    hairlines = [
        {
            "x": canvas.axis.x(e["occurred_on"]),
            "x2": canvas.axis.x(e["occurred_on"]),
            "y": y + size / 2,
            "y2": bottom,
            "colour": canvas.theme.other_origin,
        }
        for e in scans
    ]
    return [
        *marks.rules(canvas, hairlines, dash=(1, 3), width=1),
        *response_marks(canvas, scans, y=y, size_px=size, is_keyed=False),
    ]


def thinned(canvas: Canvas, events: Sequence[Event], *, gap_px: float) -> list[Event]:
    """Events whose marks do not lie on each other; progression is never left out."""
    kept: list[Event] = []
    for event in events:
        px = canvas.axis.px(event["occurred_on"])
        if kept and px - canvas.axis.px(kept[-1]["occurred_on"]) < gap_px:
            if event["code"] == "PD" and kept[-1]["code"] != "PD":
                kept[-1] = event
            continue
        kept.append(event)
    return kept
