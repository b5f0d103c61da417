"""RECIST strip: assessments with the change of the sum, clinical progression, planned scans not done."""

from collections.abc import Sequence

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import Box, Spot
from dashboard.charts.timeline_lines import quiet_words, upright_boxes
from dashboard.charts.timeline_points import NOT_DONE, not_done_look, point
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
# A mark without letters stands between its neighbours, or over them where it would touch one.
UNLETTERED_PX = 8.0
LIFT_PX = 12.5
# A triangle is wider than the other marks; neighbours keep its width.
WIDEST = 1.2
SIZES_PX = (24.0, 22.0, 20.0, 18.0, 16.5, SMALLEST_PX)
BASELINE_PX = 10.5
ASIDE_PX = 8.0
BESIDE_LINES = (labels.CENTRE, Spot(5, 0, "right"), Spot(-5, 0, "left"))


def strip(canvas: Canvas, *, top: float) -> Drawing:
    """RECIST strip: marks with letters, the change of the sum below each, scans not done as dashed boxes."""
    theme, axis = canvas.theme, canvas.axis
    scans, baselines, stops = scans_of(canvas), canvas.of("BASELINE"), stops_of(canvas)
    y = top + 18
    ends = {"x": axis.x(axis.start), "x2": axis.x(axis.end), "y": top, "y2": top + STRIP_PX}
    frame = {**ends, "fill": "transparent", "stroke": theme.border}
    layers = marks.panel_name(canvas, name=strip_name(canvas), notes=[_assessors(canvas, scans)], y=y)
    layers += marks.rectangles(canvas, [frame], strokeWidth=1)
    if not scans and not baselines and not stops:
        words = quiet_words(canvas, "No response assessment recorded", y=top + STRIP_PX / 2)
        return Drawing((*layers, *words), top + STRIP_PX)
    not_done = _not_done(canvas, [*scans, *baselines, *stops], y=y)
    layers += marks.symbols(canvas, not_done, strokeDash=[2.5, 2])
    dated = sorted([*scans, *stops], key=lambda e: e["occurred_on"])
    lettered, size = _lettered(canvas, dated)
    layers += _strip_marks(canvas, dated, lettered=lettered, size_px=size, y=y)
    squares = [_baseline(canvas, e, lettered=lettered, size_px=size, y=y) for e in baselines]
    layers += marks.symbols(canvas, squares, strokeWidth=1.4)
    # The caption of a square over another mark would seem to be that mark's.
    named = [e for e, square in zip(baselines, squares, strict=True) if square["y"] == y]
    layers += _captions(canvas, [*named, *dated], not_done=not_done, y=top + STRIP_PX - 7)
    return Drawing(tuple(layers), top + STRIP_PX, _used(dated, baselines=baselines, not_done=not_done))


def strip_name(canvas: Canvas) -> str:
    """Name of the strip by the study's way of judging response."""
    return "Disease status" if canvas.options.is_after_local else "RECIST 1.1"


def _lettered(canvas: Canvas, scans: Sequence[Event]) -> tuple[list[Event], float]:
    """Assessments with room for letters, and the largest size at which most have it and fewest are lifted."""
    most = 20 if len(scans) >= MANY_SCANS else 24
    found = [(thinned(canvas, scans, gap_px=size * WIDEST), size) for size in SIZES_PX if size <= most]

    def rank(one: tuple[list[Event], float]) -> tuple[int, int, float]:
        lettered, size = one
        return len(lettered), len(_between(canvas, scans, lettered=lettered, size_px=size)), size

    return max(found, key=rank)


def _between(
    canvas: Canvas, scans: Sequence[Event], *, lettered: Sequence[Event], size_px: float
) -> list[Event]:
    """Assessments without letters that a small mark shows between those with letters."""
    kept = {e["event_key"] for e in lettered}
    room_px = (size_px * WIDEST + UNLETTERED_PX) / 2 + 1
    return [
        e for e in scans if e["event_key"] not in kept and abs(_nearest_px(canvas, e, lettered)) >= room_px
    ]


def _strip_marks(
    canvas: Canvas, scans: Sequence[Event], *, lettered: Sequence[Event], size_px: float, y: float
) -> list[Layer]:
    """Every assessment; small and without letters where there is no room for them."""
    between = _between(canvas, scans, lettered=lettered, size_px=size_px)
    kept = {e["event_key"] for e in (*lettered, *between)}
    above = [e for e in scans if e["event_key"] not in kept]
    return [
        *response_marks(canvas, between, y=y, size_px=UNLETTERED_PX),
        *response_marks(canvas, above, y=y - LIFT_PX, size_px=UNLETTERED_PX),
        *response_marks(canvas, lettered, y=y, size_px=size_px),
    ]


def _nearest_px(canvas: Canvas, event: Event, others: Sequence[Event]) -> float:
    """Pixels from the nearest of the others to the event, negative where the event comes first."""
    px = canvas.axis.px(event["occurred_on"])
    away = [px - canvas.axis.px(other["occurred_on"]) for other in others]
    return min(away, key=abs, default=float(canvas.axis.plot_px))


def _baseline(canvas: Canvas, event: Event, *, lettered: Sequence[Event], size_px: float, y: float) -> Row:
    """A hollow square; one that would touch an assessment stands small over its shoulder."""
    look = {"shape": "square", "fill": canvas.theme.page, "stroke": canvas.theme.text}
    away = _nearest_px(canvas, event, lettered)
    row = point(canvas, event, y=y, size=round(BASELINE_PX**2), **look)
    if abs(away) >= (size_px * WIDEST + BASELINE_PX) / 2 + 1:
        return row
    aside = max(0.0, ASIDE_PX - abs(away)) * (-1 if away < 0 else 1)
    px = canvas.axis.px(event["occurred_on"]) + aside
    return {**row, "x": canvas.axis.x_at(px), "y": y - LIFT_PX, "size": round(UNLETTERED_PX**2 * 0.8)}


def _used(scans: Sequence[Event], *, baselines: Sequence[Event], not_done: Sequence[Row]) -> frozenset[str]:
    """Names of the marks that occur, for the legend."""
    extras = {
        "AFTER_PROGRESSION": any(e["is_after_progression"] for e in scans),
        "CLINICAL": any(e["basis"] == "clinical" for e in scans),
        "CNS": any(is_cns(e) for e in scans),
        "STOPPED": any(e["kind"] == "CLINICAL_PROGRESSION" for e in scans),
        "BASELINE": bool(baselines),
        "NOT_DONE": bool(not_done),
    }
    codes = {e["code"] for e in scans if e["kind"] == "RESPONSE" and e["basis"] != "clinical"}
    return frozenset(codes | {name for name, occurs in extras.items() if occurs})


def _assessors(canvas: Canvas, scans: Sequence[Event]) -> str:
    calculated = [e for e in scans if e["reported"] is None and e["calculated"] is not None]
    # After local therapy what nobody reported stands in the lesions recorded (clinical-decisions A5).
    how = "by lesions" if canvas.options.is_after_local else "calculated"
    if scans and len(calculated) == len(scans):
        return f"overall, {how}"
    return f"some {how}" if calculated else "overall, reported"


def _not_done(canvas: Canvas, taken: Sequence[Event], *, y: float) -> list[Row]:
    """Planned scans that were not done, in the middle of their window, where no assessment stands."""
    axis = canvas.axis
    busy = [axis.px(e["occurred_on"]) for e in taken]
    rows: list[Row] = []
    for event in canvas.reaching("SCAN_WINDOW"):
        middle = event["occurred_on"] + (event["ended_on"] - event["occurred_on"]) / 2
        if (
            event["code"] in NOT_DONE
            and axis.holds(middle)
            and all(abs(axis.px(middle) - px) > 26 for px in busy)
        ):
            row = {
                **point(canvas, event, y=y, **not_done_look(canvas)),
                "x": axis.x(middle),
                "px": axis.px(middle),
                "state": "overdue" if event["code"] == "OVERDUE" else "not done",
            }
            rows.append({**row, "size": 260})
            busy.append(axis.px(middle))
    return rows


def _captions(canvas: Canvas, events: Sequence[Event], *, not_done: Sequence[Row], y: float) -> list[Layer]:
    """Small print under the marks; of two that touch, progression and then the older one stays."""
    axis, colour = canvas.axis, canvas.theme.secondary
    scans = [e for e in events if e["kind"] == "RESPONSE"]
    is_few = len(scans) < MANY_SCANS
    has_sums = any(change_words(e) != NOTHING for e in scans)
    wanted = [
        labels.small(
            _caption(e, is_few=is_few),
            at=(axis.px(e["occurred_on"]), y),
            colour=colour,
            rank=_rank(e),
            spots=BESIDE_LINES if e["kind"] in ("BASELINE", "CLINICAL_PROGRESSION") else (labels.CENTRE,),
        )
        for e in events
        if _is_captioned(e, is_few=is_few, has_sums=has_sums)
    ]
    wanted += [labels.small(row["state"], at=(row["px"], y), colour=colour, rank=3) for row in not_done]
    placed = labels.place(
        wanted,
        around=[],
        within=Box(-40, axis.plot_px + 20, y - 10, y + 10),
        least_px=canvas.options.least_text_px,
        lines=upright_boxes(canvas, top=y - 10, bottom=y + 10),
    )
    return labels.draw(canvas, placed)


def _is_captioned(event: Event, *, is_few: bool, has_sums: bool) -> bool:
    if event["kind"] == "BASELINE":
        return is_few
    is_clinical = event["kind"] == "CLINICAL_PROGRESSION" or event["basis"] == "clinical"
    return has_sums or is_clinical or is_cns(event) or _is_by_new_lesion(event)


def _is_by_new_lesion(event: Event) -> bool:
    return bool(event["code"] == "PD" and event["detail"] == "new_lesion")


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
    if change == NOTHING and _is_by_new_lesion(event):
        return "new"
    return f"{change} %" if is_few and change != NOTHING else change
