"""Limits of detection and changes of assay in the ctDNA panel."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from dashboard.charts import timeline_marks as marks
from dashboard.charts.timeline_ctdna import Plot
from dashboard.charts.timeline_draws import Draw, has_assay_change
from dashboard.charts.timeline_frame import Layer
from dashboard.charts.timeline_labels import name_px
from dashboard.tables.formats import format_figures


@dataclass(frozen=True)
class Stretch:
    """Draws of one assay and limit: the line in pixels, its words with the assay and without."""

    first_px: float
    last_px: float
    y: float
    words: str
    short: str


def lod_layers(plot: Plot) -> tuple[list[Layer], list[Stretch]]:
    """Dashed line at the LoD per stretch of one assay and limit; and what its label says where."""
    canvas, axis = plot.canvas, plot.canvas.axis
    stretches = _stretches(plot.draws)
    rows, words = [], []
    for number, draws in enumerate(stretches):
        lod = draws[0].event["lod_ppm"]
        if lod is None:
            continue
        first = axis.start if number == 0 else draws[0].event["occurred_on"]
        last = axis.end if number == len(stretches) - 1 else stretches[number + 1][0].event["occurred_on"]
        if number > 0 and has_assay_change(stretches[number - 1][-1].event, draws[0].event):
            first = change_day(plot, stretches[number - 1][-1], draws[0])
        if number < len(stretches) - 1 and has_assay_change(draws[-1].event, stretches[number + 1][0].event):
            last = change_day(plot, draws[-1], stretches[number + 1][0])
        y = plot.scale.px(float(lod) / 10_000)
        colour = canvas.theme.secondary
        rows.append({"x": axis.x(first), "x2": axis.x(last), "y": y, "y2": y, "colour": colour})
        panel = draws[0].event["assay_panel"] or draws[0].event["assay"]
        text = f"LoD {limit_words(lod)} %"
        named = f"{text}, {panel}" if len(stretches) > 1 and panel else text
        has_room = name_px(named) + 10 <= axis.px(last) - axis.px(first)
        # Words longer than their stretch would stand under another panel.
        words.append(Stretch(axis.px(first), axis.px(last), y, named if has_room else text, text))
    return marks.rules(canvas, rows, dash=(4, 3), width=1.2), words


def limit_words(ppm: Decimal | float) -> str:
    """A limit in per cent, as short as it can be written: 0.05, 0.001."""
    return format_figures(float(ppm) / 10_000, digits=2).rstrip("0").rstrip(".")


def _stretches(draws: Sequence[Draw]) -> list[list[Draw]]:
    found: list[list[Draw]] = []
    for draw in draws:
        before = found[-1][-1].event if found else None
        same = before is not None and not has_assay_change(before, draw.event)
        if before is not None and same and before["lod_ppm"] == draw.event["lod_ppm"]:
            found[-1].append(draw)
        else:
            found.append([draw])
    return found


def change_day(plot: Plot, before: Draw, after: Draw) -> dt.date:
    """Where the divider of an assay change stands: midway to the first draw on the new one, failed or not."""
    later = [
        e["occurred_on"]
        for e in plot.canvas.of("SAMPLE")
        if before.event["occurred_on"] < e["occurred_on"] <= after.event["occurred_on"]
        and (e["assay"], e["assay_panel"]) == (after.event["assay"], after.event["assay_panel"])
    ]
    first: dt.date = before.event["occurred_on"]
    return first + (min([*later, after.event["occurred_on"]]) - first) / 2


def assay_changes(plot: Plot) -> list[tuple[dt.date, str]]:
    """Day and words of every change of assay, panel or series."""
    found = []
    for before, after in pairwise(plot.draws):
        if has_assay_change(before.event, after.event):
            names = [d.event["assay_panel"] or d.event["assay"] or "?" for d in (before, after)]
            words = _change_words(*names) if names[0] != names[1] else "new series"
            found.append((change_day(plot, before, after), words))
    return found


def _change_words(before: str, after: str) -> str:
    """Both names, the second without the words it shares with the first: Breast panel v1 → v2."""
    first, second = before.split(), after.split()
    n_same = next((n for n, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), 0)
    return f"{before} → {' '.join(second[n_same:])}"
