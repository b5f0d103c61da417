"""The two lanes under the ctDNA panel: not detected, and draws without a result."""

from collections.abc import Sequence

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_ctdna import LANE_PX, Plot, axis_px
from dashboard.charts.timeline_draws import MANY_DRAWS, Draw, Track, track_colour
from dashboard.charts.timeline_frame import Event, Layer, Row
from dashboard.charts.timeline_points import CROSS, NOT_DONE, not_done_look, point
from dashboard.tables.formats import format_days

NO_RESULT_PX = 24
JITTER_PX = 8.5
DENSE_PX = 14


def lane_layers(plot: Plot) -> list[Layer]:
    """Ground and name of the not-detected lane."""
    canvas, theme = plot.canvas, plot.canvas.theme
    axis = canvas.axis
    ground = [
        {
            "x": axis.x(axis.start),
            "x2": axis.x(axis.end),
            "y": plot.lane_top,
            "y2": plot.lane_top + LANE_PX,
            "fill": theme.lane,
        }
    ]
    layers = marks.rectangles(canvas, ground)
    layers += marks.margin_texts(
        canvas,
        [{"text": "not detected", "y": plot.lane_y, "dx": -6, "colour": theme.secondary}],
        align="right",
    )
    return layers


def lane_marks(plot: Plot) -> list[Layer]:
    """Hollow triangles of the lane, those of variants side by side; a short tick at the LoD above each."""
    canvas, theme = plot.canvas, plot.canvas.theme
    gap = canvas.axis.gap_px(draw.event["occurred_on"] for draw in plot.draws)
    area = round(min(11.4, max(6, gap)) ** 2)
    look = {"shape": "triangle-down", "size": area, "fill": theme.page, "stroke": theme.summary}
    large = [point(canvas, d.event, y=plot.lane_y, **look) for d in plot.draws if d.is_clear]
    absent = {d.number: [t for t in plot.tracks if _is_worth_a_triangle(plot, t, d)] for d in plot.draws}
    small = [row for draw in plot.draws for row in _triangles(plot, draw, tracks=absent[draw.number])]
    ticked = [draw for draw in plot.draws if draw.is_clear or absent[draw.number]]
    limits = _lod_ticks(plot, ticked, reach=min(5.0, gap * 0.22))
    return [
        *marks.rules(canvas, limits, width=2 if gap > DENSE_PX else 1.2),
        *marks.symbols(canvas, small, strokeWidth=1.5),
        *marks.symbols(canvas, large, strokeWidth=2),
    ]


def used(plot: Plot) -> frozenset[str]:
    """Names of the marks in the two lanes, for the legend."""
    is_clear = any(d.is_clear for d in plot.draws)
    is_absent = any(_is_worth_a_triangle(plot, t, d) for t in plot.tracks for d in plot.draws)
    without = {e["code"] for e in plot.canvas.of("SAMPLE") if e["panel"] == "NO_RESULT"}
    empty = {"NOT_DONE"} if _not_done(plot, y=0) else set()
    return frozenset(without | empty | ({"NOT_DETECTED"} if is_clear or is_absent else set()))


def _triangles(plot: Plot, draw: Draw, *, tracks: Sequence[Track]) -> list[Row]:
    """A small triangle per variant not found in a sample with ctDNA."""
    canvas = plot.canvas
    rows = []
    for place, track in enumerate(tracks):
        px = axis_px(plot, draw) + _aside(place, tracks)
        look = {"shape": "triangle-down", "size": 62, "fill": canvas.theme.page}
        row = point(canvas, track.at[draw.number], y=plot.lane_y, stroke=track_colour(canvas, track), **look)
        rows.append({**row, "x": canvas.axis.x_at(px)})
    return rows


def _aside(place: int, tracks: Sequence[Track]) -> float:
    return (place - (len(tracks) - 1) / 2) * JITTER_PX


def triangle_px(plot: Plot, track: Track, draw: Draw) -> float:
    """Pixel of a variant at a draw: of one not found in a sample with ctDNA, of its triangle in the lane."""
    absent = [one for one in plot.tracks if _is_worth_a_triangle(plot, one, draw)]
    aside = _aside(absent.index(track), absent) if track in absent else 0
    return axis_px(plot, draw) + aside


def _lod_ticks(plot: Plot, draws: Sequence[Draw], *, reach: float) -> list[Row]:
    rows = []
    for draw in draws:
        if draw.event["lod_ppm"] is not None:
            y = plot.scale.px(float(draw.event["lod_ppm"]) / 10_000)
            px = axis_px(plot, draw)
            ends = {"x": plot.canvas.axis.x_at(px - reach), "x2": plot.canvas.axis.x_at(px + reach)}
            rows.append({**ends, "y": y, "y2": y, "colour": plot.canvas.theme.text})
    return rows


def _is_worth_a_triangle(plot: Plot, track: Track, draw: Draw) -> bool:
    """A variant not found in a sample with ctDNA; among many draws only beside one where it was found."""
    event = track.at.get(draw.number)
    if draw.is_clear or event is None or event["code"] != "NOT_DETECTED":
        return False
    near = [track.value(n) is not None for n in (draw.number - 1, draw.number + 1)]
    return len(plot.draws) <= MANY_DRAWS or any(near)


def no_result_lane(plot: Plot) -> list[Layer]:
    """Draws without a result: failed, pending, planned and not done."""
    canvas, theme, axis = plot.canvas, plot.canvas.theme, plot.canvas.axis
    top = plot.lane_top + LANE_PX + 2
    y = top + NO_RESULT_PX / 2
    ends = {"x": axis.x(axis.start), "x2": axis.x(axis.end), "y": top, "y2": top + NO_RESULT_PX}
    frame = {**ends, "fill": "transparent", "stroke": theme.border}
    name = [{"text": "no result", "y": y, "dx": -6, "colour": theme.secondary}]
    events = [e for e in canvas.of("SAMPLE") if e["panel"] == "NO_RESULT"]
    look = {"shape": CROSS, "size": 130, "fill": "transparent", "stroke": theme.secondary}
    failed = [point(canvas, e, y=y, **look) for e in events if e["code"] == "FAILED"]
    not_done = [point(canvas, e, y=y, **not_done_look(canvas)) for e in events if e["code"] == "NOT_DONE"]
    return [
        *marks.rectangles(canvas, [frame], strokeWidth=1),
        *marks.margin_texts(canvas, name, align="right"),
        *marks.symbols(canvas, failed, strokeWidth=2.2),
        *_pending(plot, [e for e in events if e["code"] == "PENDING"], y=y),
        *marks.symbols(canvas, [*not_done, *_not_done(plot, y=y)], strokeDash=[2.5, 2], strokeWidth=1.4),
    ]


def _pending(plot: Plot, events: list[Event], *, y: float) -> list[Layer]:
    """P in a dotted ring; beside the last one how long it has been waited for."""
    canvas, theme = plot.canvas, plot.canvas.theme
    look = {"shape": "circle", "size": 230, "fill": theme.page, "stroke": theme.text}
    rings = [point(canvas, e, y=y, **look) for e in events]
    letters = [{"x": ring["x"], "y": y + 0.5, "text": "P", "colour": theme.text} for ring in rings]
    waits = [
        {
            "x": canvas.axis.x(e["occurred_on"]),
            "y": y,
            "text": format_days((canvas.axis.last - e["occurred_on"]).days),
            "colour": theme.secondary,
        }
        for e in events[-1:]
    ]
    return [
        *marks.symbols(canvas, rings, strokeDash=[1.5, 2], strokeWidth=1.5),
        *marks.texts(canvas, letters, size=10.5, fontWeight=700),
        *marks.texts(canvas, waits, align="right", dx=-12),
    ]


def _not_done(plot: Plot, *, y: float) -> list[Row]:
    """Planned draws that were not done, in the middle of their window."""
    canvas = plot.canvas
    rows = []
    for event in canvas.reaching("DRAW_WINDOW"):
        middle = event["occurred_on"] + (event["ended_on"] - event["occurred_on"]) / 2
        if event["code"] in NOT_DONE and canvas.axis.holds(middle):
            rows.append({**point(canvas, event, y=y, **not_done_look(canvas)), "x": canvas.axis.x(middle)})
    return rows
