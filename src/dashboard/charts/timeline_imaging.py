"""RECIST strip: assessments with the change of the sum, clinical progression, missed scans."""

from collections.abc import Sequence

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import Box
from dashboard.charts.timeline_points import missed_look, point
from dashboard.charts.timeline_responses import (
    MANY_SCANS,
    SMALLEST_PX,
    is_cns,
    response_marks,
    scans_of,
    stops_of,
    thinned,
)
from dashboard.tables.formats import NOTHING
from dashboard.tables.patient_timeline import change_words

STRIP_PX = 48
UNLETTERED_PX = 7.0
UNLETTERED_LIFT_PX = 12.0
# A triangle is wider than the other marks; neighbours keep its width.
WIDEST = 1.2


def strip(canvas: Canvas, *, top: float) -> Drawing:
    """RECIST strip: marks with letters, the change of the sum below each, missed scans as dashed boxes."""
    theme, axis = canvas.theme, canvas.axis
    scans, baselines, stops = scans_of(canvas), canvas.of("BASELINE"), stops_of(canvas)
    y = top + 17
    ends = {"x": axis.x(axis.start), "x2": axis.x(axis.end), "y": top, "y2": top + STRIP_PX}
    frame = {**ends, "fill": "transparent", "stroke": theme.border}
    layers = marks.panel_name(canvas, name=strip_name(canvas), notes=[_assessors(scans)], y=y)
    layers += marks.rectangles(canvas, [frame], strokeWidth=1)
    if not scans and not baselines and not stops:
        words = "No response assessment recorded"
        row = {"x": axis.x_at(8), "y": y, "text": words, "colour": theme.secondary}
        return Drawing((*layers, *marks.texts(canvas, [row], align="left", halo=True)), top + STRIP_PX)
    look = {"shape": "square", "size": 110, "fill": theme.page, "stroke": theme.text}
    missed = _missed_scans(canvas, [*scans, *baselines, *stops], y=y)
    layers += marks.symbols(canvas, missed, strokeDash=[2.5, 2])
    layers += marks.symbols(canvas, [point(canvas, e, y=y, **look) for e in baselines], strokeWidth=1.4)
    dated = sorted([*scans, *stops], key=lambda e: e["occurred_on"])
    layers += _strip_marks(canvas, dated, y=y)
    layers += _captions(canvas, [*baselines, *dated], missed=missed, y=top + STRIP_PX - 7)
    return Drawing(tuple(layers), top + STRIP_PX, _used(dated, baselines=baselines, missed=missed))


def strip_name(canvas: Canvas) -> str:
    """Name of the strip by the study's way of judging response."""
    return "Disease status" if canvas.options.is_after_local else "RECIST 1.1"


def _strip_marks(canvas: Canvas, scans: Sequence[Event], *, y: float) -> list[Layer]:
    """Every assessment: as large as the room allows, and small without letters where there is none."""
    most = 20 if len(scans) >= MANY_SCANS else 24
    size = max(SMALLEST_PX, min(most, canvas.axis.gap_px(e["occurred_on"] for e in scans) * 0.8))
    lettered = thinned(canvas, scans, gap_px=size * WIDEST)
    kept = {e["event_key"] for e in lettered}
    rest = [e for e in scans if e["event_key"] not in kept]
    small = response_marks(canvas, rest, y=y - UNLETTERED_LIFT_PX, size_px=UNLETTERED_PX)
    return [*small, *response_marks(canvas, lettered, y=y, size_px=size)]


def _used(scans: Sequence[Event], *, baselines: Sequence[Event], missed: Sequence[Row]) -> frozenset[str]:
    """Names of the marks that occur, for the legend."""
    extras = {
        "AFTER_PROGRESSION": any(e["is_after_progression"] for e in scans),
        "CLINICAL": any(e["basis"] == "clinical" for e in scans),
        "CNS": any(is_cns(e) for e in scans),
        "STOPPED": any(e["kind"] == "CLINICAL_PROGRESSION" for e in scans),
        "BASELINE": bool(baselines),
        "MISSED": bool(missed),
    }
    codes = {e["code"] for e in scans if e["kind"] == "RESPONSE"}
    return frozenset(codes | {name for name, occurs in extras.items() if occurs})


def _assessors(scans: Sequence[Event]) -> str:
    calculated = [e for e in scans if e["reported"] is None and e["calculated"] is not None]
    if scans and len(calculated) == len(scans):
        return "overall, calculated"
    return "overall, reported" if not calculated else "some calculated"


def _missed_scans(canvas: Canvas, taken: Sequence[Event], *, y: float) -> list[Row]:
    axis = canvas.axis
    busy = [axis.px(e["occurred_on"]) for e in taken]
    rows: list[Row] = []
    for event in canvas.reaching("SCAN_WINDOW"):
        middle = event["occurred_on"] + (event["ended_on"] - event["occurred_on"]) / 2
        if (
            event["code"] == "MISSED"
            and axis.holds(middle)
            and all(abs(axis.px(middle) - px) > 26 for px in busy)
        ):
            row = {
                **point(canvas, event, y=y, **missed_look(canvas)),
                "x": axis.x(middle),
                "px": axis.px(middle),
            }
            rows.append({**row, "size": 260})
            busy.append(axis.px(middle))
    return rows


def _captions(canvas: Canvas, events: Sequence[Event], *, missed: Sequence[Row], y: float) -> list[Layer]:
    """Small print under the marks; of two that touch, progression and then the older one stays."""
    axis, colour = canvas.axis, canvas.theme.secondary
    scans = [e for e in events if e["kind"] == "RESPONSE"]
    is_few = len(scans) < MANY_SCANS
    has_sums = any(change_words(e) != NOTHING for e in scans)
    wanted = [
        labels.small(
            _caption(e, is_few=is_few), at=(axis.px(e["occurred_on"]), y), colour=colour, rank=_rank(e)
        )
        for e in events
        if _is_captioned(e, is_few=is_few, has_sums=has_sums)
    ]
    wanted += [labels.small("missed", at=(row["px"], y), colour=colour, rank=3) for row in missed]
    placed = labels.place(
        wanted,
        around=[],
        within=Box(-30, axis.plot_px + 20, y - 10, y + 10),
        least_px=canvas.options.least_text_px,
    )
    return labels.draw(canvas, placed)


def _is_captioned(event: Event, *, is_few: bool, has_sums: bool) -> bool:
    if event["kind"] == "BASELINE":
        return is_few
    is_clinical = event["kind"] == "CLINICAL_PROGRESSION" or event["basis"] == "clinical"
    return has_sums or is_clinical or is_cns(event)


def _rank(event: Event) -> int:
    if event["kind"] == "BASELINE":
        return 2
    return 0 if event["code"] == "PD" or event["kind"] == "CLINICAL_PROGRESSION" else 1


def _caption(event: Event, *, is_few: bool) -> str:
    if event["kind"] == "BASELINE":
        return "baseline"
    if event["kind"] == "CLINICAL_PROGRESSION":
        return "stopped"
    if event["basis"] == "clinical":
        return "clinical"
    if is_cns(event):
        return "CNS"
    change = change_words(event, decimals=1 if is_few else 0)
    return f"{change} %" if is_few and change != NOTHING else change
