"""Kaplan-Meier curves with their band, censor marks and the rows at risk under the axis."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard.charts.kaplan_meier_marks import (
    Mark,
    band_marks,
    censor_marks,
    curve_marks,
    name_marks,
    step_marks,
)
from dashboard.charts.kaplan_meier_rows import layer, rows_below
from dashboard.charts.step_curves import StepAxes, step_curves
from dashboard.charts.theme import Theme, ThemeName, theme_of

BAND_OPACITY = 0.13
DIM_BAND_OPACITY = 0.05
DIM_OPACITY = 0.35


@dataclass(frozen=True, kw_only=True)
class KaplanMeierData:
    """What is drawn; times in one unit, groups in one order.

    `curve` has one row per group and time: group, time, survival, lower, upper, at_risk, n_event, n_censored,
    is_dimmed (the stretch up to the time). `counts` has one row per group and tick with at_risk, n_censored,
    n_event and, where they apply, n_not_entered, n_moved_in, n_moved_out. `medians` holds those that may be
    shown. `previous` is the curve of the previous data cut: group, time, survival.
    """

    curve: pd.DataFrame
    counts: pd.DataFrame
    medians: dict[str, float] = field(default_factory=dict)
    previous: pd.DataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class KaplanMeierOptions:
    """How it is drawn: `x_title` names the origin, `y_title` the endpoint; `horizon` is a mark, no end."""

    x_title: str
    y_title: str
    theme: ThemeName = "light"
    has_band: bool = True
    has_censor_marks: bool = True
    horizon: float | None = None
    horizon_label: str = ""
    previous_label: str = "previous data cut"


def kaplan_meier_chart(data: KaplanMeierData, *, options: KaplanMeierOptions) -> dict[str, Any]:
    """Vega-Lite specification: curves above, the counts of every tick below.

    The axis ends at the last tick of `counts`; groups beyond the fourth repeat the colours.
    """
    theme = theme_of(options.theme)
    ticks = sorted({float(time) for time in data.counts["time"]})
    until = ticks[-1]
    layers: list[Mark] = [
        *_previous(data, options, theme, until=until),
        *_horizon(options, theme, until=until),
        *_half(data, theme),
        *(_band(data.curve, theme, until=until) if options.has_band else []),
        *_curves(data.curve, theme, until=until),
        *(_censored(data.curve, theme, until=until) if options.has_censor_marks else []),
        *_names(data.curve, theme, until=until),
        *rows_below(data.counts, theme=theme),
    ]
    axes = StepAxes(x_title=options.x_title, y_title=options.y_title, field="survival", ticks=ticks)
    return step_curves(layers, axes=axes, theme=theme)


def _colour(groups: list[str], theme: Theme) -> dict[str, Any]:
    """The group's colour."""
    colours = [theme.groups[place % len(theme.groups)] for place in range(len(groups))]
    return {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": groups, "range": colours},
        "legend": None,
    }


def _faint(dimmed: float, *, full: float) -> dict[str, Any]:
    return {"condition": {"test": "datum.is_dimmed", "value": dimmed}, "value": full}


def _groups(curve: pd.DataFrame) -> list[str]:
    return [str(name) for name in curve["group"].drop_duplicates()]


def _curves(curve: pd.DataFrame, theme: Theme, *, until: float) -> list[dict[str, Any]]:
    colour = _colour(_groups(curve), theme)
    line = layer(
        curve_marks(curve, until=until),
        {"type": "line", "strokeWidth": 2.2, "strokeJoin": "miter", "clip": True},
        color=colour,
        opacity=_faint(DIM_OPACITY, full=1),
        detail={"field": "run"},
        order=None,
    )
    tooltip = [
        {"field": "group", "title": "Group"},
        {"field": "time", "title": "Months", "format": ".1f"},
        {"field": "survival", "title": "Free of the event, %", "format": ".1f"},
        {"field": "lower", "title": "95 % from", "format": ".1f"},
        {"field": "upper", "title": "95 % to", "format": ".1f"},
        {"field": "at_risk", "title": "At risk"},
    ]
    pointed = layer(
        step_marks(curve, until=until), {"type": "point", "opacity": 0, "size": 90}, tooltip=tooltip
    )
    return [line, pointed]


def _band(curve: pd.DataFrame, theme: Theme, *, until: float) -> list[dict[str, Any]]:
    return [
        layer(
            band_marks(curve, until=until),
            {"type": "area", "clip": True},
            y={"field": "lower", "type": "quantitative"},
            y2={"field": "upper"},
            color=_colour(_groups(curve), theme),
            opacity=_faint(DIM_BAND_OPACITY, full=BAND_OPACITY),
            detail={"field": "run"},
        )
    ]


def _censored(curve: pd.DataFrame, theme: Theme, *, until: float) -> list[dict[str, Any]]:
    tooltip = [
        {"field": "time", "title": "Months", "format": ".1f"},
        {"field": "n_censored", "title": "Censored"},
    ]
    return [
        layer(
            censor_marks(curve, until=until),
            {"type": "tick", "orient": "vertical", "size": 8, "thickness": 1.2},
            color=_colour(_groups(curve), theme),
            opacity=_faint(DIM_OPACITY, full=1),
            tooltip=tooltip,
        )
    ]


def _names(curve: pd.DataFrame, theme: Theme, *, until: float) -> list[dict[str, Any]]:
    if len(_groups(curve)) < 2:
        return []
    marks = name_marks(curve, until=until)
    mark = {"type": "text", "align": "right", "dx": -2, "dy": -10, "fontWeight": 600, "fontSize": 12}
    # A rim of the page's colour keeps a name readable on lines.
    rim = {**mark, "stroke": theme.page, "strokeWidth": 4, "color": theme.page}
    text = {"field": "group"}
    return [
        layer(marks, rim, text=text),
        layer(marks, mark, text=text, color=_colour(_groups(curve), theme)),
    ]


def _half(data: KaplanMeierData, theme: Theme) -> list[dict[str, Any]]:
    """The line at one half, and from it down to each median."""
    half = layer(
        [{"survival": 50}],
        {"type": "rule", "strokeDash": [5, 4], "color": theme.secondary, "strokeWidth": 1},
        x={"value": 0},
        x2={"value": "width"},
    )
    drops = [{"group": name, "time": time, "survival": 50, "foot": 0} for name, time in data.medians.items()]
    dropped = layer(
        drops,
        {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.4, "clip": True},
        y2={"field": "foot"},
        color=_colour(_groups(data.curve), theme),
    )
    return [half, dropped] if drops else [half]


def _horizon(options: KaplanMeierOptions, theme: Theme, *, until: float) -> list[dict[str, Any]]:
    if options.horizon is None or options.horizon > until:
        return []
    here = [{"time": options.horizon, "label": options.horizon_label}]
    line = {"type": "rule", "strokeDash": [2, 3], "color": theme.secondary}
    word = {"type": "text", "align": "right", "dx": -5, "dy": 12, "color": theme.secondary, "fontSize": 11}
    top = {"y": {"value": 0}}
    return [
        layer(here, line, **top, y2={"value": "height"}),
        layer(here, word, **top, text={"field": "label"}),
    ]


def _previous(
    data: KaplanMeierData, options: KaplanMeierOptions, theme: Theme, *, until: float
) -> list[dict[str, Any]]:
    if data.previous is None or data.previous.empty:
        return []
    whole = data.previous.assign(is_dimmed=False, lower=None, upper=None)
    marks = curve_marks(whole, until=until)
    grey = {"type": "line", "strokeWidth": 1.4, "color": theme.secondary, "opacity": 0.6, "clip": True}
    # Named at the end of the first group's curve; the others are of the same grey.
    named = [{**mark, "group": options.previous_label} for mark in name_marks(whole, until=until)[:1]]
    word = {"type": "text", "align": "right", "dy": 10, "fontSize": 11, "color": theme.secondary}
    return [
        layer(marks, grey, detail={"field": "run"}, order=None),
        layer(
            named,
            {**word, "stroke": theme.page, "strokeWidth": 4, "color": theme.page},
            text={"field": "group"},
        ),
        layer(named, word, text={"field": "group"}),
    ]
