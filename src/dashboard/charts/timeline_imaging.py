"""RECIST strip, and small marks at the top edge of the ctDNA panel with their hairlines."""

from collections.abc import Sequence

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.theme import response_letters, response_symbol
from dashboard.charts.timeline_frame import Canvas, Drawing, Event, Layer, Row
from dashboard.charts.timeline_labels import Box
from dashboard.charts.timeline_points import missed_look, point
from dashboard.tables.formats import NOTHING
from dashboard.tables.patient_timeline import change_words

STRIP_PX = 48
MANY_SCANS = 10
SMALLEST_PX = 15.0
UNLETTERED_PX = 7.0
TRIANGLE_LETTERS_PX = 3.5


def scans_of(canvas: Canvas) -> list[Event]:
    """Response assessments on the axis, one per date."""
    return canvas.of("RESPONSE")


def response_marks(
    canvas: Canvas, events: Sequence[Event], *, y: float, size_px: float, is_keyed: bool = True
) -> list[Layer]:
    """Marks with letters inside; after progression on the same treatment grey; clinical progression open."""
    theme = canvas.theme
    rows: list[Row] = []
    letters: list[Row] = []
    for event in events:
        look = response_symbol(event["code"], size_px=size_px, theme=theme)
        text, ink = response_letters(event["code"], theme=theme)
        if event["basis"] == "clinical":
            look |= {"stroke": look["fill"], "fill": theme.page, "edge_width": 2}
            ink = theme.text
        if event["is_after_progression"]:
            look |= {"fill": theme.lane, "stroke": theme.secondary, "edge_width": 1}
            ink = theme.secondary
        lift = TRIANGLE_LETTERS_PX * size_px / 24 if look["shape"] == "triangle-up" else 0
        row = point(canvas, event, y=y, **look)
        # The mark of the strip is the event; the small one above the ctDNA panel repeats it.
        rows.append(row if is_keyed else {name: row[name] for name in row if name != "key"})
        letters.append({"x": row["x"], "y": y + lift + 0.5, "text": text, "colour": ink, "size": size_px})
    layers: list[Layer] = []
    for width in sorted({float(row["edge_width"]) for row in rows}):
        own = [row for row in rows if row["edge_width"] == width]
        layers += marks.symbols(canvas, own, strokeWidth=width)
    if size_px < SMALLEST_PX:
        return layers
    size = 8.5 if size_px < 20 else 10 if size_px < 24 else 11
    return [*layers, *marks.texts(canvas, [t for t in letters if t["text"]], size=size, fontWeight=700)]


def small_marks(canvas: Canvas, *, y: float, bottom: float) -> list[Layer]:
    """The responses once more above the ctDNA panel, each with a dotted hairline down to the target sum."""
    scans = _thinned(canvas, scans_of(canvas), gap_px=21)
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


def _thinned(canvas: Canvas, events: Sequence[Event], *, gap_px: float) -> list[Event]:
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


def strip(canvas: Canvas, *, top: float) -> Drawing:
    """RECIST strip: marks with letters, the change of the sum below each, missed scans as dashed boxes."""
    theme, axis = canvas.theme, canvas.axis
    scans, baselines = scans_of(canvas), canvas.of("BASELINE")
    y = top + 17
    ends = {"x": axis.x(axis.start), "x2": axis.x(axis.end), "y": top, "y2": top + STRIP_PX}
    frame = {**ends, "fill": "transparent", "stroke": theme.border}
    layers = marks.panel_name(canvas, name="RECIST 1.1", notes=[_assessors(scans)], y=y)
    layers += marks.rectangles(canvas, [frame], strokeWidth=1)
    if not scans and not baselines:
        words = "No response assessment recorded"
        row = {"x": axis.x_at(8), "y": y, "text": words, "colour": theme.secondary}
        return Drawing((*layers, *marks.texts(canvas, [row], align="left", halo=True)), top + STRIP_PX)
    look = {"shape": "square", "size": 110, "fill": theme.page, "stroke": theme.text}
    missed = _missed_scans(canvas, [*scans, *baselines], y=y)
    layers += marks.symbols(canvas, missed, strokeDash=[2.5, 2])
    layers += marks.symbols(canvas, [point(canvas, e, y=y, **look) for e in baselines], strokeWidth=1.4)
    layers += _strip_marks(canvas, scans, y=y)
    layers += _captions(canvas, [*baselines, *scans], missed=missed, y=top + STRIP_PX - 7)
    return Drawing(tuple(layers), top + STRIP_PX, _used(scans, baselines=baselines, missed=missed))


def _strip_marks(canvas: Canvas, scans: Sequence[Event], *, y: float) -> list[Layer]:
    """Every assessment: as large as the room allows, and small without letters where there is none."""
    most = 20 if len(scans) >= MANY_SCANS else 24
    size = max(SMALLEST_PX, min(most, canvas.axis.gap_px(e["occurred_on"] for e in scans) * 0.8))
    lettered = _thinned(canvas, scans, gap_px=size * 0.95)
    kept = {e["event_key"] for e in lettered}
    rest = [e for e in scans if e["event_key"] not in kept]
    small = response_marks(canvas, rest, y=y - size / 2 - 1, size_px=UNLETTERED_PX)
    return [*small, *response_marks(canvas, lettered, y=y, size_px=size)]


def _used(scans: Sequence[Event], *, baselines: Sequence[Event], missed: Sequence[Row]) -> frozenset[str]:
    """Names of the marks that occur, for the legend."""
    extras = {
        "AFTER_PROGRESSION": any(e["is_after_progression"] for e in scans),
        "CLINICAL": any(e["basis"] == "clinical" for e in scans),
        "BASELINE": bool(baselines),
        "MISSED": bool(missed),
    }
    codes = {e["code"] for e in scans}
    return frozenset(codes | {name for name, occurs in extras.items() if occurs})


def _assessors(scans: Sequence[Event]) -> str:
    calculated = [e for e in scans if e["reported"] is None and e["calculated"] is not None]
    if scans and len(calculated) == len(scans):
        return "overall, calculated"
    return "overall, reported" if not calculated else "reported or calculated"


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
        if (is_few if e["kind"] == "BASELINE" else has_sums or e["basis"] == "clinical")
    ]
    wanted += [labels.small("missed", at=(row["px"], y), colour=colour, rank=3) for row in missed]
    placed = labels.place(wanted, around=[], within=Box(-30, axis.plot_px + 20, y - 10, y + 10))
    return labels.draw(canvas, placed)


def _rank(event: Event) -> int:
    return 2 if event["kind"] == "BASELINE" else 0 if event["code"] == "PD" else 1


def _caption(event: Event, *, is_few: bool) -> str:
    if event["kind"] == "BASELINE":
        return "baseline"
    if event["basis"] == "clinical":
        return "clinical"
    change = change_words(event, decimals=1 if is_few else 0)
    return f"{change} %" if is_few and change != NOTHING else change
