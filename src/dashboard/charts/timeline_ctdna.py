"""ctDNA panel: the level of each sample and the variants, on a log or a linear scale.

Five results are told apart by shape and place: detected (filled circle on the scale), not detected (hollow
triangle in its lane, never at 0), failed, pending and not done (in the lane of draws without a result).
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_draws import Draw, Track, draws_of, track_colour, tracks_of
from dashboard.charts.timeline_frame import Canvas, Layer, Row
from dashboard.charts.timeline_points import point
from dashboard.charts.timeline_scale import ValueScale, linear_scale, log_scale
from dashboard.tables.patient_timeline_ctdna import UNITS, interval_percent

LANE_PX = 26


@dataclass(frozen=True)
class Plot:
    """What the ctDNA panel is drawn from."""

    canvas: Canvas
    draws: list[Draw]
    tracks: list[Track]
    scale: ValueScale
    lane_top: float

    @property
    def lane_y(self) -> float:
        """Middle of the not-detected lane."""
        return self.lane_top + LANE_PX / 2

    def shows_level(self, draw: Draw) -> bool:
        """Whether the draw has a large mark: always, unless the reader asks for its variants alone."""
        if self.canvas.options.level != "variants" or draw.value is None:
            return True
        return not any(draw.number in track.at for track in self.tracks)

    def used(self) -> frozenset[str]:
        """Names of the marks on the scale, for the legend."""
        large = [d for d in self.draws if d.value is not None and self.shows_level(d)]
        small = [(t, t.at[n]) for t in self.tracks for n in t.at if t.value(n) is not None]
        found = {
            "DETECTED": any(not d.is_below_loq for d in large),
            "BELOW_LOQ": any(d.is_below_loq for d in large) or any(e["value_sum"] is None for _, e in small),
            "ONE_VARIANT": any(not t.is_other_origin for t, _ in small),
            "OTHER_ORIGIN": any(t.is_other_origin for t, _ in small),
            "INTERVAL": bool(interval_layers(self)),
        }
        return frozenset(name for name, occurs in found.items() if occurs)

    def summary_y(self, draw: Draw) -> float:
        """Pixel of the summary at a draw."""
        return self.lane_y if draw.value is None else self.scale.px(draw.value)

    def track_y(self, track: Track, number: int) -> float:
        """Pixel of a variant at a draw."""
        value = track.value(number)
        return self.lane_y if value is None else self.scale.px(value)


def plan(canvas: Canvas, *, top: float) -> Plot:
    """Draws, variants and scale of the panel."""
    draws = draws_of(canvas)
    tracks = tracks_of(canvas, draws)
    values = [d.value for d in draws if d.value is not None]
    values += [v for t in tracks for d in draws if (v := t.value(d.number)) is not None]
    lods = [float(d.event["lod_ppm"]) / 10_000 for d in draws if d.event["lod_ppm"] is not None]
    everything = [v for v in [*values, *lods] if v > 0] or [0.05, 10.0]
    if canvas.options.scale == "log":
        scale = log_scale(
            [*everything, max(everything) * 1.6], top_px=top, bottom_px=top + canvas.options.panel_px
        ).with_ticks(lods)
    else:
        scale = linear_scale(everything, top_px=top, bottom_px=top + canvas.options.panel_px)
    return Plot(canvas, draws, tracks, scale, top + canvas.options.panel_px)


def segments(plot: Plot) -> Iterable[tuple[Draw, Draw]]:
    """Neighbouring draws that a line may join."""
    for before, after in pairwise(plot.draws):
        if before.run == after.run:
            yield before, after


def _segment(plot: Plot, pair: tuple[Draw, Draw], ys: tuple[float, float], colour: str) -> Row:
    before, after = pair
    x, x2 = plot.canvas.axis.x(before.event["occurred_on"]), plot.canvas.axis.x(after.event["occurred_on"])
    return {"x": x, "x2": x2, "y": ys[0], "y2": ys[1], "colour": colour}


def variant_layers(plot: Plot) -> list[Layer]:
    """Lines and points of the variants: solid between two detected values, dashed to or from not detected."""
    canvas = plot.canvas
    layers: list[Layer] = []
    for track in plot.tracks:
        colour = track_colour(canvas, track)
        solid: list[Row] = []
        dashed: list[Row] = []
        for before, after in segments(plot):
            if before.number in track.at and after.number in track.at:
                found = [track.value(before.number) is not None, track.value(after.number) is not None]
                ys = (plot.track_y(track, before.number), plot.track_y(track, after.number))
                row = _segment(plot, (before, after), ys, colour)
                if all(found):
                    solid.append(row)
                elif any(found):
                    dashed.append(row)
        width = 2.0 if track.is_new else 1.3
        # From the fifth variant on the colours repeat, told apart by a dash with long strokes.
        repeat = (7, 2) if track.place >= len(canvas.theme.variants) else ()
        layers += marks.rules(canvas, solid, width=width, dash=repeat)
        layers += marks.rules(canvas, dashed, width=width, dash=(3, 2.5))
    return layers


def summary_layers(plot: Plot) -> list[Layer]:
    """Line of the level of the sample."""
    solid: list[Row] = []
    dashed: list[Row] = []
    for before, after in segments(plot):
        if not (plot.shows_level(before) and plot.shows_level(after)):
            continue
        ys = (plot.summary_y(before), plot.summary_y(after))
        row = _segment(plot, (before, after), ys, plot.canvas.theme.summary)
        (solid if before.value is not None and after.value is not None else dashed).append(row)
    return [
        *marks.rules(plot.canvas, solid, width=2.8),
        *marks.rules(plot.canvas, dashed, width=2.4, dash=(4, 3)),
    ]


def point_layer(plot: Plot) -> list[Layer]:
    """Every value on the scale: variants small, the level of the sample large with a rim."""
    canvas, theme = plot.canvas, plot.canvas.theme
    y = plot.scale.channel(theme=theme)
    filled = {"shape": "circle", "size": 85, "fill": theme.summary, "stroke": theme.page}
    hollow = {**filled, "fill": theme.page, "stroke": theme.summary}
    found = [draw for draw in plot.draws if draw.value is not None and plot.shows_level(draw)]
    large = [point(canvas, d.event, value=d.value, **filled) for d in found if not d.is_below_loq]
    low = [point(canvas, d.event, value=d.value, **hollow) for d in found if d.is_below_loq]
    layers = [
        *interval_layers(plot),
        *marks.symbols(canvas, _variant_points(plot), y=y, strokeWidth=1),
        *marks.symbols(canvas, large, y=y, strokeWidth=1.5),
        *marks.symbols(canvas, low, y=y, strokeWidth=2),
    ]
    if not layers:
        # The axis stands even where nothing was detected.
        row = {"x": canvas.axis.x(canvas.axis.start), "value": plot.scale.high}
        encoding = {"x": marks.x_channel(canvas), "y": y}
        layers = [marks.layer([row], mark={"type": "point", "opacity": 0}, encoding=encoding)]
    # One group, so that its layers share the scale of the panel.
    return [{"layer": layers}]


def interval_layers(plot: Plot) -> list[Layer]:
    """Upright lines over the 95 % interval of each variant with molecule counts, if the reader asks."""
    if not plot.canvas.options.interval:
        return []
    scale = plot.scale
    rows = []
    for track in plot.tracks:
        for number, event in track.at.items():
            found = interval_percent(event)
            if found is None or track.value(number) is None:
                continue
            low, high = (min(max(one, scale.low), scale.high) for one in found)
            x = plot.canvas.axis.x(event["occurred_on"])
            ends = {"x": x, "x2": x, "y": scale.px(low), "y2": scale.px(high)}
            rows.append({**ends, "colour": track_colour(plot.canvas, track)})
    return marks.rules(plot.canvas, rows, width=1.2)


def _variant_points(plot: Plot) -> list[Row]:
    """A point per variant and draw with a value; hollow where it was found below the LoQ."""
    rows = []
    for track in plot.tracks:
        colour = track_colour(plot.canvas, track)
        radius = 3.6 if track.is_new else 3.0
        for number, event in track.at.items():
            value = track.value(number)
            if value is not None:
                fill = plot.canvas.theme.page if event["value_sum"] is None else colour
                look = {
                    "shape": "circle",
                    "size": round(math.pi * radius**2, 1),
                    "fill": fill,
                    "stroke": colour,
                }
                rows.append(point(plot.canvas, event, value=value, **look))
    return rows


def axis_px(plot: Plot, draw: Draw) -> float:
    """Pixel of a draw on the time axis at the nominal width."""
    day: dt.date = draw.event["occurred_on"]
    return plot.canvas.axis.px(day)


def unit_words(plot: Plot) -> str:
    """Unit of a quantity that is no allele fraction."""
    kinds = [d.event["quantity_kind"] for d in plot.draws if d.event["quantity_kind"]]
    return UNITS.get(kinds[-1], "ctDNA level") if kinds else "MAF, %"
