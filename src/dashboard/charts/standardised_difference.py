"""Standardised differences as dots on a line, with the zone that counts as alike."""

from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of
from dashboard.tables.clearance_balance import characteristic_words, difference_words

ROW_HEIGHT = 22
LEAST_REACH = 0.4
TICK_STEP = 0.2
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
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 220}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": ROW_HEIGHT * max(1, len(marks)),
        "data": {"values": marks},
        "layer": [_zone(x, limit, theme), *_dots(x, y, theme)],
        "config": _config(theme),
    }


def _marks(found: pd.DataFrame, *, limit: float) -> list[dict[str, Any]]:
    known = found[found["difference"].notna()]
    return [
        {
            "name": characteristic_words(row),
            "difference": round(float(row["difference"]), 3),
            "text": difference_words(float(row["difference"])),
            "is_large": abs(float(row["difference"])) > limit,
        }
        for _, row in known.iterrows()
    ]


def _difference(values: list[float]) -> dict[str, Any]:
    reach = max([LEAST_REACH, *(abs(value) * 1.15 for value in values)])
    steps = int(reach / TICK_STEP)
    ticks = [round(TICK_STEP * place, 1) for place in range(-steps, steps + 1)]
    return {
        "field": "difference",
        "type": "quantitative",
        "title": "standardised difference",
        "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {"values": ticks, "format": ".1f", "grid": False, "labelOverlap": True},
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
        {
            "transform": [{"filter": "datum.is_large"}],
            "mark": {"type": "text", "dy": -10, "fontSize": 11, "color": theme.attention},
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        },
    ]


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
