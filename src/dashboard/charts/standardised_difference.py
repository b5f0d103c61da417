"""Standardised differences as dots on a line, with the zone that counts as alike."""

from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of
from dashboard.tables.clearance_balance import characteristic_words, difference_words

ROW_HEIGHT = 24
LINE_HEIGHT = 14
# Longer names are broken, so that they leave room for the dots in the narrowest card.
NAME_CHARACTERS = 24
LEAST_REACH = 0.4
# Beyond the farthest dot there is room for its number.
REACH_SHARE = 1.3
TICK_STEPS = (0.2, 0.5, 1.0)
MOST_TICKS = 7
IS_LARGE = {"test": "datum.is_large"}


def standardised_difference_chart(
    found: pd.DataFrame, *, limit: float, theme_name: ThemeName = "light"
) -> dict[str, Any]:
    """Vega-Lite specification; `found` is what `describe_balance` gives, `limit` ends the shaded zone.

    Beyond the limit a dot is filled and has its number; what cannot be given has no dot.
    """
    theme = theme_of(theme_name)
    marks = _marks(found, limit=limit)
    names = [mark["name"] for mark in marks]
    x = _difference([mark["difference"] for mark in marks])
    lines = max([1, *(name.count("\n") + 1 for name in names)])
    axis = {"labelLimit": 0, "labelExpr": "split(datum.label, '\\n')", "labelLineHeight": LINE_HEIGHT}
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": axis}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": (ROW_HEIGHT + LINE_HEIGHT * (lines - 1)) * max(1, len(marks)),
        "data": {"values": marks},
        "layer": [_zone(x, limit, theme), *_dots(x, y, theme)],
        "config": _config(theme),
    }


def _marks(found: pd.DataFrame, *, limit: float) -> list[dict[str, Any]]:
    known = found[found["difference"].notna()]
    return [
        {
            "name": "\n".join(wrap(characteristic_words(row), NAME_CHARACTERS)),
            "difference": round(float(row["difference"]), 3),
            "text": difference_words(float(row["difference"]), limit=limit),
            "is_large": abs(float(row["difference"])) > limit,
        }
        for _, row in known.iterrows()
    ]


def _difference(values: list[float]) -> dict[str, Any]:
    reach = max([LEAST_REACH, *(abs(value) * REACH_SHARE for value in values)])
    fitting = [step for step in TICK_STEPS if 2 * int(reach / step) + 1 <= MOST_TICKS]
    step = fitting[0] if fitting else TICK_STEPS[-1]
    count = int(reach / step)
    ticks = [round(step * place, 1) for place in range(-count, count + 1)]
    return {
        "field": "difference",
        "type": "quantitative",
        "title": "standardised difference, with minus without",
        "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {"values": ticks, "format": ".1f", "grid": False, "labelOverlap": False},
    }


def _zone(x: dict[str, Any], limit: float, theme: Theme) -> dict[str, Any]:
    return {
        "data": {"values": [{"from": -limit, "to": limit}]},
        "mark": {"type": "rect", "color": theme.lane},
        "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
    }


def _dots(x: dict[str, Any], y: dict[str, Any], theme: Theme) -> list[dict[str, Any]]:
    """A line from zero, the dot at its end, and the number of the large ones."""
    colour = {"condition": {**IS_LARGE, "value": theme.attention}, "value": theme.secondary}
    fill = {"condition": {**IS_LARGE, "value": theme.attention}, "value": theme.page}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 1.4},
            "encoding": {"x": x, "x2": {"datum": 0}, "y": y, "color": colour},
        },
        {
            "mark": {"type": "point", "size": 60, "strokeWidth": 1.6, "opacity": 1},
            "encoding": {"x": x, "y": y, "stroke": colour, "fill": fill},
        },
        _number("datum.difference > 0", "left", x, y, theme),
        _number("datum.difference <= 0", "right", x, y, theme),
    ]


def _number(side: str, align: str, x: dict[str, Any], y: dict[str, Any], theme: Theme) -> dict[str, Any]:
    """The number of a large difference beyond its dot, on the line of its own row."""
    away = 8 if align == "left" else -8
    mark = {"type": "text", "align": align, "dx": away, "fontSize": 11, "color": theme.attention}
    return {
        "transform": [{"filter": f"datum.is_large && {side}"}],
        "mark": {**mark, "baseline": "middle"},
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }


def _config(theme: Theme) -> dict[str, Any]:
    axis = {
        "labelColor": theme.text,
        "titleColor": theme.text,
        "titleFontWeight": "normal",
        "labelFontSize": 11.5,
        "domainColor": theme.border,
        "tickColor": theme.border,
        "grid": False,
    }
    return {"font": FONT, "view": {"stroke": None}, "axis": axis}
