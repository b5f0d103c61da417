"""Forest plot: hazard ratios within subgroups on a log axis, with patients and events of both groups."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of

ROW_PX = 21
TOP_PX = 34
LABELS_PX = 240
COUNT_PX = 112
RATIO_PX = 150
TICKS = (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16)
# Limits beyond these are drawn as an arrow.
WIDEST = 16.0
TOO_FEW = "too few events"
TEXT = {"type": "text", "fontSize": 12, "baseline": "middle", "limit": LABELS_PX - 10}


@dataclass(frozen=True, kw_only=True)
class ForestOptions:
    """Names of the two groups, the title of the axis, and the theme."""

    group: str
    reference: str
    x_title: str
    theme: ThemeName = "light"


def forest_chart(rows: pd.DataFrame, *, options: ForestOptions) -> dict[str, Any]:
    """Vega-Lite specification of rows in order: subgroup, level, n, events, n_reference, events_reference,
    hazard_ratio, lower, upper (empty where withheld). The first row is all patients together.
    """
    theme = theme_of(options.theme)
    lines = _lines(rows)
    widest = _widest(rows)
    height = TOP_PX + ROW_PX * (lines[-1]["row"] + 1)
    shown = [line for line in lines if line.get("ratio") is not None]
    x = _x(options, widest=widest)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "top": 6, "right": 6, "bottom": 6},
        "encoding": {"x": x, "y": _y(height)},
        "layer": [
            *_references(shown, x, theme),
            *_estimates(shown, x, theme, widest=widest),
            *_words(lines, theme, options=options),
        ],
        "config": _config(theme),
    }


def _x(options: ForestOptions, *, widest: float) -> dict[str, Any]:
    ticks = [tick for tick in TICKS if 1 / widest <= tick <= widest]
    return {
        "field": "ratio",
        "type": "quantitative",
        "title": options.x_title,
        "scale": {"type": "log", "domain": [1 / widest, widest], "nice": False},
        "axis": {"values": ticks, "format": "~g", "grid": False, "titlePadding": 8},
    }


def _y(height: int) -> dict[str, Any]:
    scale = {"domain": [height, 0], "nice": False, "zero": False}
    return {"field": "y", "type": "quantitative", "axis": None, "scale": scale}


def _widest(rows: pd.DataFrame) -> float:
    """The end of the symmetric axis: to the widest interval, between 2 and 16."""
    known = rows.dropna(subset=["hazard_ratio"])
    ends = [
        max(1 / float(low), float(high)) for low, high in zip(known["lower"], known["upper"], strict=True)
    ]
    finite = [end for end in ends if math.isfinite(end)]
    return round(min(WIDEST, max([2.0, *finite])) * 1.06, 4)


def _lines(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One line per row, and before the first level of a subgroup a line with its name."""
    lines: list[dict[str, Any]] = []
    before = None
    for row in rows.to_dict("records"):
        if row["subgroup"] != before and row["level"]:
            lines.append({"row": len(lines), "label": row["subgroup"], "is_bold": True, "indent": 0})
        before = row["subgroup"]
        lines.append(
            {
                "row": len(lines),
                "label": row["level"] or row["subgroup"],
                "is_bold": not row["level"],
                "indent": 14 if row["level"] else 0,
                "own": f"{int(row['n'])} / {int(row['events'])}",
                "other": f"{int(row['n_reference'])} / {int(row['events_reference'])}",
                "ratio": None if pd.isna(row["hazard_ratio"]) else float(row["hazard_ratio"]),
                "lower": None if pd.isna(row["lower"]) else float(row["lower"]),
                "upper": None if pd.isna(row["upper"]) else float(row["upper"]),
                "events": int(row["events"]) + int(row["events_reference"]),
            }
        )
    for line in lines:
        line["y"] = TOP_PX + ROW_PX * (line["row"] + 0.5)
    return lines


def _references(shown: list[dict[str, Any]], x: dict[str, Any], theme: Theme) -> list[dict[str, Any]]:
    """The line of no difference, and the dashed line of all patients together."""
    across = {"y": {"value": TOP_PX - 4}, "y2": {"value": "height"}}
    layers = [
        {
            "data": {"values": [{"ratio": 1}]},
            "mark": {"type": "rule", "color": theme.secondary, "strokeWidth": 1},
            "encoding": {"x": x, **across},
        }
    ]
    overall = next((line for line in shown if line["is_bold"]), None)
    if overall is not None:
        layers.append(
            {
                "data": {"values": [{"ratio": overall["ratio"]}]},
                "mark": {"type": "rule", "color": theme.primary, "strokeWidth": 1, "strokeDash": [4, 4]},
                "encoding": {"x": x, **across},
            }
        )
    return layers


def _estimates(
    shown: list[dict[str, Any]], x: dict[str, Any], theme: Theme, *, widest: float
) -> list[dict[str, Any]]:
    """Intervals, estimates as large as their events are many, and arrows where an interval is cut."""
    most = max((line["events"] for line in shown), default=1)
    marks = [_estimate(line, widest=widest, most_events=most) for line in shown]
    tooltip = [
        {"field": "label", "type": "nominal", "title": "Subgroup"},
        {"field": "words", "type": "nominal", "title": "Hazard ratio (95 % CI)"},
    ]
    interval = {
        "data": {"values": marks},
        "mark": {"type": "rule", "color": theme.primary, "strokeWidth": 1.6},
        "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "tooltip": tooltip},
    }
    estimate = {
        "data": {"values": marks},
        "mark": {"type": "point", "filled": True, "color": theme.primary, "opacity": 1},
        "encoding": {
            "x": x,
            "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
            "shape": {"field": "shape", "type": "nominal", "scale": None, "legend": None},
            "tooltip": tooltip,
        },
    }
    return [interval, estimate, *_arrows(marks, x, theme)]


def _estimate(line: dict[str, Any], *, widest: float, most_events: int) -> dict[str, Any]:
    """What is drawn of one line, its interval cut at the ends of the axis."""
    return {
        "y": line["y"],
        "ratio": min(max(line["ratio"], 1 / widest), widest),
        "from": max(line["lower"], 1 / widest),
        "to": min(line["upper"], widest),
        "size": round(25 + 115 * line["events"] / most_events, 1),
        "label": line["label"],
        "words": _ratio_words(line),
        "shape": "diamond" if line["is_bold"] else "square",
        "is_cut_low": line["lower"] < 1 / widest,
        "is_cut_high": line["upper"] > widest,
    }


def _arrows(marks: list[dict[str, Any]], x: dict[str, Any], theme: Theme) -> list[dict[str, Any]]:
    arrow = {"type": "point", "filled": True, "color": theme.primary, "size": 45, "opacity": 1}
    ends = (("is_cut_low", "triangle-left", "from"), ("is_cut_high", "triangle-right", "to"))
    return [
        {
            "data": {"values": [mark for mark in marks if mark[cut]]},
            "mark": {**arrow, "shape": shape},
            "encoding": {"x": {**x, "field": end}},
        }
        for cut, shape, end in ends
    ]


def _ratio_words(line: dict[str, Any]) -> str:
    if line["ratio"] is None:
        return TOO_FEW
    return f"{line['ratio']:.2f} ({line['lower']:.2f}–{line['upper']:.2f})"


def _words(lines: list[dict[str, Any]], theme: Theme, *, options: ForestOptions) -> list[dict[str, Any]]:
    """Names to the left; to the right patients and events of both groups and the ratio, under their heads."""
    columns = [
        (options.group, "own", COUNT_PX - 12),
        (options.reference, "other", 2 * COUNT_PX - 12),
        ("Hazard ratio (95 % CI)", "words", 2 * COUNT_PX + RATIO_PX),
    ]
    numbers = [{**line, "words": _ratio_words(line)} for line in lines if "own" in line]
    layers = [_names(lines, theme, is_bold=is_bold) for is_bold in (True, False)]
    for head, field, dx in columns:
        limit = RATIO_PX + 30 if field == "words" else COUNT_PX - 10
        right = {**TEXT, "align": "right", "dx": dx, "limit": limit}
        layers.append(
            {
                "data": {"values": numbers},
                "mark": {**right, "color": theme.text},
                "encoding": {"x": {"value": "width"}, "text": {"field": field}},
            }
        )
        layers.append(_head(head, right, theme, y=4))
        if field != "words":
            layers.append(_head("n / events", right, theme, y=19))
    return layers


def _names(lines: list[dict[str, Any]], theme: Theme, *, is_bold: bool) -> dict[str, Any]:
    return {
        "data": {"values": [line for line in lines if line["is_bold"] == is_bold]},
        "mark": {
            **TEXT,
            "align": "left",
            "dx": 10 - LABELS_PX + (0 if is_bold else 14),
            "color": theme.text,
            "fontWeight": 600 if is_bold else "normal",
        },
        "encoding": {"x": {"value": 0}, "text": {"field": "label"}},
    }


def _head(words: str, mark: dict[str, Any], theme: Theme, *, y: int) -> dict[str, Any]:
    return {
        "data": {"values": [{"text": words}]},
        "mark": {**mark, "color": theme.secondary},
        "encoding": {"x": {"value": "width"}, "y": {"value": y}, "text": {"field": "text"}},
    }


def _config(theme: Theme) -> dict[str, Any]:
    axis = {
        "labelColor": theme.secondary,
        "titleColor": theme.text,
        "labelFontSize": 11.5,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": theme.border,
        "tickColor": theme.border,
    }
    return {"font": FONT, "view": {"stroke": None}, "axis": axis}
