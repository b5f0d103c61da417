"""What Kaplan-Meier curves and cumulative incidences share: the frame and both axes."""

from dataclasses import dataclass
from typing import Any

from dashboard.charts.kaplan_meier_rows import HEIGHT, LEFT_MARGIN
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
