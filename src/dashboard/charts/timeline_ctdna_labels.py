"""Words in the ctDNA panel: few and large where there are two draws, turning points where there are many."""

from collections.abc import Sequence
from typing import Any

from dashboard.charts import timeline_labels as labels
from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_ctdna import Plot, axis_px, segments
from dashboard.charts.timeline_draws import Draw, track_colour
from dashboard.charts.timeline_frame import RIGHT_PX, Layer
from dashboard.charts.timeline_labels import (
    ABOVE,
    BELOW,
    LEFT,
    LEFT_DOWN,
    LEFT_UP,
    RIGHT,
    RIGHT_DOWN,
    RIGHT_UP,
    Box,
    Label,
    Spot,
)
from dashboard.charts.timeline_lanes import triangle_px
from dashboard.charts.timeline_lod import limit_words
from dashboard.charts.timeline_lod_labels import divider_labels, lines_to_avoid, lod_labels
from dashboard.charts.timeline_windows import window_names
from dashboard.tables import ctdna_change
from dashboard.tables.formats import format_days, format_figures, format_percent
from dashboard.tables.patient_timeline import is_allele_fraction, level_value

FEW = 2
# Beside the middle of the line, ever farther away: between draws close together the nearest are taken.
CHANGE_SPOTS = tuple(
    spot
    for dy in (-12, -26, -42, -60, -80)
    for spot in (Spot(14, dy, "left"), Spot(-14, 2 - dy, "right"), Spot(30, -dy, "left"))
)


def label_layers(plot: Plot) -> list[Layer]:
    """All labels of the panel; the summary is placed first, then changes of assay, variants, LoD."""
    is_few = len(plot.draws) <= FEW
    others = [*_change_labels(plot), *_variant_labels(plot, is_few=is_few)]
    others += [*lod_labels(plot), *divider_labels(plot)]
    scale, axis = plot.scale, plot.canvas.axis
    within = Box(2, axis.plot_px + (RIGHT_PX - 4 if is_few else 0), scale.top_px, plot.lane_top + 26)
    room: dict[str, Any] = {"within": within, "least_px": plot.canvas.options.least_text_px}
    taken, lines = _mark_boxes(plot), lines_to_avoid(plot, within=within)
    placed = labels.place(_summary_labels(plot), around=taken, lines=lines, **room)
    taken += [one.box for one in placed]
    found = labels.place(others, around=taken, lines=[*lines, *_track_boxes(plot)], **room)
    taken += [*(one.box for one in found), *_lod_boxes(plot)]
    placed += [*found, *labels.place(window_names(plot), around=taken, lines=lines, **room)]
    return [*labels.draw(plot.canvas, placed), *([] if is_few else _last_values(plot))]


def _mark_boxes(plot: Plot) -> list[Box]:
    large = [draw for draw in plot.draws if plot.shows_level(draw)]
    boxes = [labels.mark_box(axis_px(plot, d), plot.summary_y(d), radius=6) for d in large]
    for track in plot.tracks:
        boxes += [
            labels.mark_box(triangle_px(plot, track, plot.draws[n]), plot.track_y(track, n), radius=3.5)
            for n in track.at
        ]
    return [*boxes, *_line_boxes(plot)]


def _lod_boxes(plot: Plot) -> list[Box]:
    """The dashed lines at the LoD, from side to side."""
    limits = {draw.event["lod_ppm"] for draw in plot.draws} - {None}
    heights = [plot.scale.px(float(lod) / 10_000) for lod in limits]
    return [Box(0, plot.canvas.axis.plot_px, y - 1, y + 1) for y in heights]


def _line_boxes(plot: Plot) -> list[Box]:
    """Small boxes along the summary line, so that no label lies on it."""
    boxes = []
    for before, after in segments(plot):
        boxes += _along(plot, (before, after), ys=(plot.summary_y(before), plot.summary_y(after)))
    return boxes


def _track_boxes(plot: Plot) -> list[Box]:
    """The same along the lines of the variants, which words keep off where they can."""
    boxes = []
    for before, after in segments(plot):
        for track in plot.tracks:
            if before.number in track.at and after.number in track.at:
                ys = (plot.track_y(track, before.number), plot.track_y(track, after.number))
                boxes += _along(plot, (before, after), ys=ys)
    return boxes


def _along(plot: Plot, pair: tuple[Draw, Draw], *, ys: tuple[float, float]) -> list[Box]:
    x1, x2 = (axis_px(plot, draw) for draw in pair)
    y1, y2 = ys
    n = max(2, int(max(abs(x2 - x1), abs(y2 - y1)) / 7))
    return [labels.mark_box(x1 + (x2 - x1) * k / n, y1 + (y2 - y1) * k / n, radius=2.5) for k in range(1, n)]


def _words(draw: Draw, *, unit: bool) -> str:
    level = level_value(draw.event)
    if level is None:
        return "detected, below LoQ" if draw.is_below_loq else "not detected"
    if not is_allele_fraction(draw.event):
        return format_figures(level)
    return f"{format_percent(level)} %" if unit else format_percent(level)


def _summary_labels(plot: Plot) -> list[Label]:
    is_few = len(plot.draws) <= FEW
    return [
        Label(
            text=_words(draw, unit=is_few),
            px=axis_px(plot, draw),
            py=plot.summary_y(draw),
            colour=plot.canvas.theme.summary,
            rank=0,
            size=14.5 if is_few else 13,
            spots=_summary_spots(plot, draw),
            must_stand=is_few,
        )
        for draw in (plot.draws if is_few else _turning_points(plot.draws))
        if plot.shows_level(draw)
    ]


def _summary_spots(plot: Plot, draw: Draw) -> Sequence[Spot]:
    """With two draws the first value right of its mark, the second left: clear of the line between."""
    if len(plot.draws) > FEW:
        first = (RIGHT_UP, RIGHT) if draw.number == 0 else ()
        return (*first, LEFT_UP, RIGHT_UP, LEFT, RIGHT, ABOVE, BELOW, LEFT_DOWN, RIGHT_DOWN)
    if draw.is_clear:
        sides = (Spot(12, 0, "left"), Spot(-12, 0, "right"), Spot(0, -17, "center"))
        if draw.number == len(plot.draws) - 1:
            return sides
        return (sides[1], sides[2], Spot(9, -17, "left"), sides[0])
    if len(plot.draws) == 1:
        return (RIGHT, LEFT, RIGHT_UP)
    if draw.number == len(plot.draws) - 1:
        return (LEFT_DOWN, LEFT, BELOW, RIGHT_DOWN, ABOVE)
    return (RIGHT_UP, RIGHT, ABOVE, LEFT_UP, LEFT)


def _turning_points(draws: Sequence[Draw]) -> list[Draw]:
    """First and last draw of each unbroken run, and the peaks between; only those with a number."""
    found = []
    for place, draw in enumerate(draws):
        value = level_value(draw.event)
        if value is None:
            continue
        before = draws[place - 1] if place and draws[place - 1].run == draw.run else None
        after = draws[place + 1] if place + 1 < len(draws) and draws[place + 1].run == draw.run else None
        if before is None or after is None or _is_peak(value, before, after):
            found.append(draw)
    return found


def _is_peak(value: float, before: Draw, after: Draw) -> bool:
    near = [level_value(before.event) or 0.0, level_value(after.event) or 0.0]
    return value > max(near) * 1.5


def _change_labels(plot: Plot) -> list[Label]:
    """The change between two draws, in words; no ratio from a baseline too close to the LoD."""
    if len(plot.draws) != FEW or not all(plot.shows_level(draw) for draw in plot.draws):
        return []
    found = []
    for before, after in segments(plot):
        days = (after.event["occurred_on"] - before.event["occurred_on"]).days
        found.append(
            Label(
                text=change_text(before, after, days=days),
                px=(axis_px(plot, before) + axis_px(plot, after)) / 2,
                py=(plot.summary_y(before) + plot.summary_y(after)) / 2,
                colour=plot.canvas.theme.text,
                rank=0,
                size=12.5,
                spots=CHANGE_SPOTS,
                must_stand=True,
            )
        )
    return found


def change_text(before: Draw, after: Draw, *, days: int) -> str:
    """Change of the level between two draws of one series, in words."""
    if after.is_clear:
        return (
            f"no change, {format_days(days)}"
            if before.is_clear
            else f"no longer detected, {format_days(days)}"
        )
    if before.is_clear:
        return f"newly detected after {format_days(days)}"
    lod_ppm = before.event["lod_ppm"] if is_allele_fraction(before.event) else None
    percent = ctdna_change.change_percent(_level(before), _level(after), lod_ppm=lod_ppm)
    if percent is None:
        return f"change not quantifiable, {format_days(days)}"
    return f"{ctdna_change.percent_words(percent)} in {format_days(days)}"


def _level(draw: Draw) -> ctdna_change.Level:
    return ctdna_change.Level(draw.event["value_sum"], draw.event["value_n"])


def _variant_labels(plot: Plot, *, is_few: bool) -> list[Label]:
    """With two draws every variant at its last point; with many each new variant at its first detection."""
    found = []
    for track in plot.tracks:
        detected = [n for n in sorted(track.at) if track.value(n) is not None]
        numbers = [max(track.at)] if is_few else detected[:1]
        if not numbers or not (is_few or track.is_new):
            continue
        draw = plot.draws[numbers[0]]
        value = track.value(draw.number)
        is_last_few = is_few and draw.number == len(plot.draws) - 1
        sides = (RIGHT, RIGHT_UP, RIGHT_DOWN, LEFT_UP) if is_last_few else (LEFT, LEFT_UP, RIGHT, RIGHT_DOWN)
        lod = draw.event["lod_ppm"]
        below = "not detected" if lod is None else f"< {limit_words(lod)}"
        found.append(
            Label(
                text=f"{track.name} {track.words(draw.number) if value is not None else below}",
                px=triangle_px(plot, track, draw),
                py=plot.track_y(track, draw.number),
                colour=track_colour(plot.canvas, track),
                rank=2 + (0 if track.is_new else 1) + (0 if value is not None else 1),
                size=11.5,
                spots=sides,
            )
        )
    found.sort(key=lambda one: one.py)
    return found


def _last_values(plot: Plot) -> list[Layer]:
    """Values of the last draw at the right edge, the highest first."""
    if not plot.draws or not plot.tracks:
        return []
    last = plot.draws[-1]
    values = [(value, t) for t in plot.tracks if (value := t.value(last.number)) is not None]
    values.sort(key=lambda pair: -pair[0])
    if not values:
        return []
    theme = plot.canvas.theme
    day = last.event["occurred_on"]
    step = max(15, 1.15 * plot.canvas.options.least_text_px)
    height = step * (len(values) + 1)
    top = min(
        max(plot.scale.px(values[0][0]) - 18, plot.scale.top_px + 10),
        plot.scale.top_px + plot.canvas.options.panel_px - height,
    )
    rows = [{"text": f"{plot.canvas.clock.name(day)}, %", "y": top, "dx": 6, "colour": theme.secondary}]
    bold = [
        {
            "text": f"{track.name} {track.words(last.number)}",
            "y": top + step * place,
            "dx": 6,
            "colour": track_colour(plot.canvas, track),
        }
        for place, (_value, track) in enumerate(values, start=1)
    ]
    return [
        *marks.margin_texts(plot.canvas, rows, side="right"),
        *marks.margin_texts(plot.canvas, bold, side="right", fontWeight=700),
    ]
