"""Ways through the lines of therapy as a flow of at most three levels; heights are patients."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of

# Left and right end of the bars of each level, in per cent of the width.
LEVELS = ((25.0, 26.2), (53.0, 54.2), (79.0, 80.2))
GAP_PX = 30
PATIENTS_PX = 330
PX_PER_PATIENT = 14
CURVE_STEPS = 16
LABEL_CHARACTERS = 30
LABEL_PX = 230
LINE_PX = 13


@dataclass(frozen=True, kw_only=True)
class PathwayOptions:
    """How it is drawn: `columns` are the levels from left to right, `titles` stand above them.

    `ends` are no treatment: they stand last and are grey. `others` stand before them.
    """

    columns: tuple[str, ...]
    titles: tuple[str, ...]
    ends: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    theme: ThemeName = "light"


@dataclass(frozen=True)
class Bar:
    """One name on one level: its patients, and where it lies in pixels from the top."""

    level: int
    name: str
    n: int
    top: float
    height: float


Key = tuple[int, str]


def pathway_chart(counts: pd.DataFrame, *, options: PathwayOptions) -> dict[str, Any]:
    """Vega-Lite specification. `counts` has one row per way: the columns of the levels, and n patients.

    An empty name ends the way. Names of `ends` are no treatment and are drawn in grey.
    """
    theme = theme_of(options.theme)
    bars, scale, height = _bars(counts, options=options)
    layers = [
        _links(counts, bars, options=options, theme=theme, scale=scale),
        _boxes(bars.values(), options=options, theme=theme),
        *_labels(bars.values(), theme=theme),
        _titles(bars.values(), options=options, theme=theme),
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 4, "top": 8, "right": 4, "bottom": 8},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, 100]}},
            "y": {
                "field": "y",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [-LINE_PX * 2, height], "reverse": True, "nice": False},
            },
        },
        "layer": layers,
        "config": {"font": FONT, "view": {"stroke": None}},
    }


def _bars(counts: pd.DataFrame, *, options: PathwayOptions) -> tuple[dict[Key, Bar], float, float]:
    """Bars by level and name, pixels per patient, and the height of the drawing."""
    levels = [_sizes(counts, column, options=options) for column in options.columns]
    n = int(counts["n"].sum())
    scale = min(PATIENTS_PX, PX_PER_PATIENT * n) / max(n, 1)
    bars: dict[Key, Bar] = {}
    height = 0.0
    for level, sizes in enumerate(levels):
        top = GAP_PX / 2
        for name, size in sizes:
            bars[(level, name)] = Bar(level, name, size, top, size * scale)
            top += size * scale + GAP_PX
        height = max(height, top - GAP_PX / 2)
    return bars, scale, round(height, 1)


def _sizes(counts: pd.DataFrame, column: str, *, options: PathwayOptions) -> list[tuple[str, int]]:
    """Names of a level with their patients: the largest first, then the other ones, then ends."""
    own = counts[counts[column] != ""].groupby(column, sort=True)["n"].sum()
    sizes = [(str(name), int(n)) for name, n in own.items()]
    return sorted(sizes, key=lambda one: (_rank(one[0], options), -one[1], one[0]))


def _rank(name: str, options: PathwayOptions) -> int:
    if name in options.ends:
        return 2 + options.ends.index(name)
    return 1 if name in options.others else 0


def _links(
    counts: pd.DataFrame, bars: Mapping[Key, Bar], *, options: PathwayOptions, theme: Theme, scale: float
) -> dict[str, Any]:
    """Every step from one level to the next as an area."""
    points: list[dict[str, Any]] = []
    for level, (column, following) in enumerate(zip(options.columns, options.columns[1:], strict=False)):
        steps = _steps(counts, (column, following), bars, level=level)
        left, right = _stacked(steps, scale=scale, side=0), _stacked(steps, scale=scale, side=1)
        for before, after, n in steps:
            words = {
                "link": f"{level} {before.name} {after.name}",
                "from": before.name,
                "to": after.name,
                "n": n,
                "kind": "end" if after.name in options.ends else f"level {level}",
            }
            ends = (left[(before.name, after.name)], right[(before.name, after.name)])
            points += [{**words, **point} for point in _curve(ends, level=level, height=n * scale)]
    names, colours = _colours(theme)
    return {
        "data": {"values": points},
        "mark": {"type": "area", "opacity": 0.34, "interpolate": "linear"},
        "encoding": {
            "y2": {"field": "y2"},
            "detail": {"field": "link"},
            # By its place on the x axis; an order of its own would divide the bands at every x.
            "order": None,
            "color": {
                "field": "kind",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": names, "range": colours},
            },
            "tooltip": [
                {"field": "from", "title": "From"},
                {"field": "to", "title": "To"},
                {"field": "n", "title": "Patients"},
            ],
        },
    }


def _steps(
    counts: pd.DataFrame, columns: tuple[str, str], bars: Mapping[Key, Bar], *, level: int
) -> list[tuple[Bar, Bar, int]]:
    """From which bar to which, and how many patients, from the top down."""
    before, after = columns
    own = counts[(counts[before] != "") & (counts[after] != "")]
    summed = own.groupby([before, after], sort=True)["n"].sum()
    steps = [
        (bars[(level, str(pair[0]))], bars[(level + 1, str(pair[1]))], int(n))
        for pair, n in zip(summed.index, summed, strict=True)
    ]
    return sorted(steps, key=lambda step: (step[0].top, step[1].top))


def _stacked(
    steps: Sequence[tuple[Bar, Bar, int]], *, scale: float, side: int
) -> dict[tuple[str, str], float]:
    """Top of each link at its bar on one side, in the order of the bars on the other."""
    reached: dict[str, float] = {}
    found: dict[tuple[str, str], float] = {}
    ends = [((before, after)[side], (after, before)[side], before, after, n) for before, after, n in steps]
    for bar, _, before, after, n in sorted(ends, key=lambda end: (end[0].top, end[1].top)):
        top = reached.get(bar.name, bar.top)
        found[(before.name, after.name)] = top
        reached[bar.name] = top + n * scale
    return found


def _curve(tops: tuple[float, float], *, level: int, height: float) -> Iterator[dict[str, float]]:
    """Points of a band that leaves and arrives level."""
    start, end = LEVELS[level][1], LEVELS[level + 1][0]
    for step in range(CURVE_STEPS + 1):
        part = step / CURVE_STEPS
        top = tops[0] + (tops[1] - tops[0]) * part * part * (3 - 2 * part)
        yield {
            "x": round(start + (end - start) * part, 2),
            "y": round(top, 2),
            "y2": round(top + height, 2),
        }


def _colours(theme: Theme) -> tuple[list[str], list[str]]:
    levels = [f"level {place}" for place in range(len(LEVELS))]
    return [*levels, "end"], [*theme.bar_edge, theme.other_origin]


def _boxes(bars: Iterable[Bar], *, options: PathwayOptions, theme: Theme) -> dict[str, Any]:
    names, colours = _colours(theme)
    values = [
        {
            "x": LEVELS[bar.level][0],
            "x2": LEVELS[bar.level][1],
            "y": round(bar.top, 2),
            "y2": round(bar.top + max(bar.height, 1.0), 2),
            "name": bar.name,
            "n": bar.n,
            "kind": "end" if bar.name in options.ends else f"level {bar.level}",
        }
        for bar in bars
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rect"},
        "encoding": {
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "color": {"field": "kind", "legend": None, "scale": {"domain": names, "range": colours}},
            "tooltip": [{"field": "name", "title": "Here"}, {"field": "n", "title": "Patients"}],
        },
    }


def _labels(bars: Iterable[Bar], *, theme: Theme) -> list[dict[str, Any]]:
    """Patients and name of every bar: left of the first level, right of the others, with a rim."""
    left: list[dict[str, Any]] = []
    right: list[dict[str, Any]] = []
    for bar in bars:
        lines = textwrap.wrap(f"{bar.n} · {bar.name}", LABEL_CHARACTERS, max_lines=2, placeholder=" …")
        middle = bar.top + bar.height / 2 - (len(lines) - 1) * LINE_PX / 2
        (right if bar.level else left).append(
            {
                "x": LEVELS[bar.level][1 if bar.level else 0],
                "y": round(middle, 2),
                "label": "\n".join(lines),
            }
        )
    layers = []
    for values, align, dx in ((left, "right", -6), (right, "left", 6)):
        mark = {
            "type": "text",
            "align": align,
            "dx": dx,
            "baseline": "middle",
            "fontSize": 11.5,
            "clip": False,
        }
        mark |= {"lineBreak": "\n", "lineHeight": LINE_PX, "limit": LABEL_PX}
        text = {"field": "label", "type": "nominal"}
        rim = {**mark, "stroke": theme.page, "strokeWidth": 3.5, "strokeOpacity": 0.85, "color": theme.page}
        layers += [
            {"data": {"values": values}, "mark": rim, "encoding": {"text": text}},
            {"data": {"values": values}, "mark": {**mark, "color": theme.text}, "encoding": {"text": text}},
        ]
    return layers


def _titles(bars: Iterable[Bar], *, options: PathwayOptions, theme: Theme) -> dict[str, Any]:
    """Name of each level above its bars."""
    values = [
        {"x": LEVELS[level][0], "y": -LINE_PX, "label": title}
        for level, title in enumerate(options.titles)
        if any(bar.level == level for bar in bars)
    ]
    mark = {"type": "text", "align": "center", "baseline": "middle", "fontSize": 12, "fontWeight": 600}
    return {
        "data": {"values": values},
        "mark": {**mark, "color": theme.secondary, "dx": 6},
        "encoding": {"text": {"field": "label"}},
    }
