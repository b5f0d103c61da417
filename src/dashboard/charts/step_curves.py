"""What Kaplan-Meier curves and cumulative incidences share: the frame, both axes, names and dashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.curve_names import NamePlace
from dashboard.charts.kaplan_meier_rows import HEIGHT, LEFT_MARGIN, layer
from dashboard.charts.theme import FONT, Theme, curve_axis


@dataclass(frozen=True, kw_only=True)
class StepAxes:
    """Titles of both axes, the field drawn in per cent, and the ticks of the time axis, the last its end."""

    x_title: str
    y_title: str
    field: str
    ticks: list[float]


def step_curves(layers: list[dict[str, Any]], *, axes: StepAxes, theme: Theme) -> dict[str, Any]:
    """Vega-Lite specification with these layers."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 4, "top": 6, "right": 16, "bottom": 10},
        "encoding": {"x": _time(axes), "y": _per_cent(axes)},
        "layer": layers,
        "config": _config(theme),
    }


def one_each(field: str, names: list[str], values: Sequence[Any]) -> dict[str, Any]:
    """Encoding that gives each name its value, in their order; beyond the last value they begin again."""
    taken = [values[place % len(values)] for place in range(len(names))]
    scale = {"domain": names, "range": taken}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}


def name_layers(
    places: list[NamePlace], *, colour: dict[str, Any], level: str, theme: Theme, weight: int = 600
) -> list[dict[str, Any]]:
    """Names at their places with a rim of the page's colour; `level` is the field of the vertical axis."""
    field = colour.get("field", "name")
    layers: list[dict[str, Any]] = []
    for align in ("left", "right"):
        own = [{field: one.name, "time": one.time, level: one.level} for one in places if one.align == align]
        mark = {"type": "text", "align": align, "baseline": "middle", "fontWeight": weight, "fontSize": 12}
        rim = {**mark, "stroke": theme.page, "strokeWidth": 3, "color": theme.page}
        text = {"field": field}
        if own:
            layers += [layer(own, rim, text=text), layer(own, mark, text=text, color=colour)]
    return layers


def _time(axes: StepAxes) -> dict[str, Any]:
    axis = {"values": axes.ticks, "grid": False, "format": "d", "titlePadding": 8, "labelFlush": False}
    scale = {"domain": [0, axes.ticks[-1]], "nice": False}
    return {"field": "time", "type": "quantitative", "title": axes.x_title, "axis": axis, "scale": scale}


def _per_cent(axes: StepAxes) -> dict[str, Any]:
    # The title stands level above the plot, so that it need not be read sideways.
    axis = {
        "values": [0, 25, 50, 75, 100],
        "minExtent": LEFT_MARGIN,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": -LEFT_MARGIN,
        "titleY": -16,
        "domain": False,
        "ticks": False,
    }
    scale = {"domain": [0, 100], "nice": False}
    return {"field": axes.field, "type": "quantitative", "title": axes.y_title, "axis": axis, "scale": scale}


def _config(theme: Theme) -> dict[str, Any]:
    return {"font": FONT, "view": {"stroke": None}, "axis": curve_axis(theme)}
