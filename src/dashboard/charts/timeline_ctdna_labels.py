"""Words in the ctDNA panel: few and large where there are two draws, turning points where there are many."""

from collections.abc import Sequence

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
from dashboard.charts.timeline_lod import assay_changes, limit_words, lod_layers
from dashboard.tables.formats import (
    format_days,
    format_figures,
    format_percent,
    format_signed_percent,
)
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
    wanted = [*_summary_labels(plot), *_change_labels(plot), *_variant_labels(plot, is_few=is_few)]
    wanted += [*_lod_labels(plot), *_divider_labels(plot)]
    scale, axis = plot.scale, plot.canvas.axis
    within = Box(2, axis.plot_px + (RIGHT_PX - 4 if is_few else 0), scale.top_px, plot.lane_top + 26)
    placed = labels.place(
        wanted, around=_mark_boxes(plot), within=within, least_px=plot.canvas.options.least_text_px
    )
    return [*labels.draw(plot.canvas, placed), *([] if is_few else _last_values(plot))]


def _mark_boxes(plot: Plot) -> list[Box]:
    large = [draw for draw in plot.draws if plot.shows_level(draw)]
    boxes = [labels.mark_box(axis_px(plot, d), plot.summary_y(d), radius=6) for d in large]
    for track in plot.tracks:
        boxes += [
            labels.mark_box(axis_px(plot, plot.draws[n]), plot.track_y(track, n), radius=3.5)
            for n in track.at
        ]
    return [*boxes, *_line_boxes(plot)]


def _line_boxes(plot: Plot) -> list[Box]:
    """Small boxes along the summary line, so that no label lies on it."""
    boxes = []
    for before, after in segments(plot):
        x1, x2 = axis_px(plot, before), axis_px(plot, after)
        y1, y2 = plot.summary_y(before), plot.summary_y(after)
        n = max(2, int(max(abs(x2 - x1), abs(y2 - y1)) / 7))
        boxes += [
            labels.mark_box(x1 + (x2 - x1) * k / n, y1 + (y2 - y1) * k / n, radius=2.5) for k in range(1, n)
        ]
    return boxes


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
        return sides if draw.number == len(plot.draws) - 1 else (sides[1], sides[2], sides[0])
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
    first, second = level_value(before.event), level_value(after.event)
    if after.is_clear:
        return (
            f"no change, {format_days(days)}"
            if before.is_clear
            else f"no longer detected, {format_days(days)}"
        )
    if before.is_clear:
        return f"newly detected after {format_days(days)}"
    lod = before.event["lod_ppm"]
    too_low = lod is not None and first is not None and first < 2 * float(lod) / 10_000
    if first is None or second is None or (too_low and is_allele_fraction(before.event)):
        return f"change not quantifiable, {format_days(days)}"
    change = (second / first - 1) * 100
    decimals = 1 if abs(change) < 1000 else 0
    return f"{format_signed_percent(change, decimals=decimals)} % in {format_days(days)}"


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
                px=axis_px(plot, draw),
                py=plot.track_y(track, draw.number),
                colour=track_colour(plot.canvas, track),
                rank=2 + (0 if track.is_new else 1) + (0 if value is not None else 1),
                size=11.5,
                spots=sides,
            )
        )
    found.sort(key=lambda one: one.py)
    return found


def _lod_labels(plot: Plot) -> list[Label]:
    """Beside its own stretch of the line: first inside it, above or below; the last one may hug the edge."""
    _layers, words = lod_layers(plot)
    if not words:
        return []
    right = plot.canvas.axis.plot_px
    ends = [px for px, _y, _text in words[1:]] + [right]
    found = []
    for (px, y, text), end in zip(words, ends, strict=True):
        inside = [dx for dx in (5, 60, 110, 160, 220) if px + dx + labels.name_px(text) <= end]
        edge = [Spot(end - 4 - px, dy, "right") for dy in (-8, 9)]
        across = [Spot(dx, dy, "left") for dy in (-8, 9) for dx in inside or [5]]
        spots = [*edge, *across] if len(words) == 1 else [*across, *edge]
        found.append(labels.small(text, at=(px, y), colour=plot.canvas.theme.secondary, spots=spots, rank=6))
    return found


def _divider_labels(plot: Plot) -> list[Label]:
    found = []
    top = plot.scale.top_px
    for day, words in assay_changes(plot):
        px = plot.canvas.axis.px(day)
        for text, dy in ((words, 11.0), ("not comparable across", 25.5)):
            spots = (Spot(5, 0, "left"), Spot(-5, 0, "right"))
            found.append(
                Label(
                    text=text,
                    px=px,
                    py=top + dy,
                    colour=plot.canvas.theme.text,
                    rank=1,
                    size=11,
                    is_bold=False,
                    spots=spots,
                )
            )
    return found


def divider_layers(plot: Plot) -> list[Layer]:
    """Dotted vertical line at every change of assay or panel, through the panel and its two lanes."""
    canvas = plot.canvas
    rows = [
        {
            "x": canvas.axis.x(day),
            "x2": canvas.axis.x(day),
            "y": plot.scale.top_px + 2,
            "y2": plot.lane_top + 52,
            "colour": canvas.theme.text,
        }
        for day, _words in assay_changes(plot)
    ]
    return marks.rules(canvas, rows, dash=(1.5, 2), width=1.4)


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
    height = 15 * (len(values) + 1)
    top = min(
        max(plot.scale.px(values[0][0]) - 18, plot.scale.top_px + 10),
        plot.scale.top_px + plot.canvas.options.panel_px - height,
    )
    rows = [{"text": f"{plot.canvas.clock.name(day)}, %", "y": top, "dx": 6, "colour": theme.secondary}]
    bold = [
        {
            "text": f"{track.name} {track.words(last.number)}",
            "y": top + 15 * place,
            "dx": 6,
            "colour": track_colour(plot.canvas, track),
        }
        for place, (_value, track) in enumerate(values, start=1)
    ]
    return [
        *marks.margin_texts(plot.canvas, rows, side="right"),
        *marks.margin_texts(plot.canvas, bold, side="right", fontWeight=700),
    ]
