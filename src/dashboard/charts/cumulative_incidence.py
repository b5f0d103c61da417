"""Cumulative incidence of an event and of what competes with it, with the rows at risk under the axis."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.curve_names import Corner, free_places, keys_of, place_keys
from dashboard.charts.kaplan_meier_rows import DASHES, Mark, key_layers, layer, rows_below
from dashboard.charts.step_curves import StepAxes, name_layers, one_each, step_curves
from dashboard.charts.theme import ThemeName, theme_of

BAND_OPACITY = 0.13
DIM_BAND_OPACITY = 0.05
DIM_OPACITY = 0.35


@dataclass(frozen=True, kw_only=True)
class IncidenceOptions:
    """How it is drawn: `x_title` names the origin, `y_title` the endpoint; `event` has the first colour."""

    x_title: str
    y_title: str
    event: str
    theme: ThemeName = "light"
    has_band: bool = True


def cumulative_incidence_chart(
    curve: pd.DataFrame, counts: pd.DataFrame, *, options: IncidenceOptions
) -> dict[str, Any]:
    """Vega-Lite specification of a step curve per cause.

    `curve` has one row per cause and time: cause, time, incidence, lower, upper, at_risk, is_dimmed; `counts`
    as for `kaplan_meier_chart`. The axis ends at the last tick of `counts`; the band is drawn for the
    event, fainter where few are at risk, as in a Kaplan-Meier drawing. Where a name could be read for the
    other curve both have letters, which rows above the counts explain.
    """
    theme = theme_of(options.theme)
    ticks = sorted({float(time) for time in counts["time"]})
    causes = sorted({str(name) for name in curve["cause"]}, key=lambda name: name != options.event)
    marks = _marks(curve, until=ticks[-1])
    colour = one_each("cause", causes, theme.groups)
    corners = _corners(marks)
    places = free_places(corners, until=ticks[-1], rises=True)
    keys = {} if places else keys_of(causes)
    letters = [
        {"cause": one.name, "curve_letter": one.key, "time": one.time, "incidence": one.level}
        for one in (place_keys(corners, keys=keys, until=ticks[-1]) if keys else [])
    ]
    layers = [
        *(_band(marks, options, colour) if options.has_band else []),
        *_lines(marks, colour, dash=one_each("cause", causes, DASHES)),
        *name_layers(places, colour=colour, level="incidence", theme=theme),
        *(key_layers(letters, theme=theme, color=colour) if keys else []),
        *rows_below(counts, theme=theme, keys=keys, uncounted=list(keys)),
    ]
    axes = StepAxes(x_title=options.x_title, y_title=options.y_title, field="incidence", ticks=ticks)
    return step_curves(layers, axes=axes, theme=theme)


def _marks(curve: pd.DataFrame, *, until: float) -> list[Mark]:
    """Points of the step curves in per cent, from 0 at time 0, none beyond the axis."""
    marks: list[Mark] = []
    for name, rows in curve.groupby("cause", observed=True, sort=False):
        start = {"cause": str(name), "time": 0.0, "incidence": 0.0, "lower": None, "upper": None}
        marks.append({**start, "at_risk": int(rows["at_risk"].iloc[0]), "is_dimmed": False})
        marks += [
            {
                "cause": str(name),
                "time": float(row["time"]),
                "incidence": 100 * float(row["incidence"]),
                "lower": None if pd.isna(row["lower"]) else 100 * float(row["lower"]),
                "upper": None if pd.isna(row["upper"]) else 100 * float(row["upper"]),
                "at_risk": int(row["at_risk"]),
                "is_dimmed": bool(row["is_dimmed"]),
            }
            for row in rows.sort_values("time").to_dict("records")
            if 0 < float(row["time"]) <= until
        ]
    return marks


def _lines(marks: list[Mark], colour: dict[str, Any], *, dash: dict[str, Any]) -> list[dict[str, Any]]:
    """The whole curve faint, and over it the stretch with enough at risk."""
    step = {"type": "line", "interpolate": "step-after", "strokeWidth": 2.2, "clip": True}
    solid = [mark for mark in marks if not mark["is_dimmed"]]
    tooltip = [
        {"field": "cause", "title": "What happened"},
        {"field": "time", "title": "Months", "format": ".1f"},
        {"field": "incidence", "title": "Had it by then, %", "format": ".1f"},
        {"field": "lower", "title": "95 % from", "format": ".1f"},
        {"field": "upper", "title": "95 % to", "format": ".1f"},
        {"field": "at_risk", "title": "At risk"},
    ]
    return [
        layer(marks, {**step, "opacity": DIM_OPACITY}, color=colour, strokeDash=dash),
        layer(solid, step, color=colour, strokeDash=dash),
        layer(marks, {"type": "point", "opacity": 0, "size": 90}, tooltip=tooltip),
    ]


def _band(marks: list[Mark], options: IncidenceOptions, colour: dict[str, Any]) -> list[dict[str, Any]]:
    """The whole band of the event faint, and over it the stretch with enough at risk."""
    own = [mark for mark in marks if mark["lower"] is not None and mark["cause"] == options.event]
    solid = [mark for mark in own if not mark["is_dimmed"]]
    limits = {"y": {"field": "lower", "type": "quantitative"}, "y2": {"field": "upper"}, "color": colour}
    area = {"type": "area", "interpolate": "step-after", "clip": True}
    return [
        layer(own, {**area, "opacity": DIM_BAND_OPACITY}, **limits),
        layer(solid, {**area, "opacity": BAND_OPACITY - DIM_BAND_OPACITY}, **limits),
    ]


def _corners(marks: list[Mark]) -> dict[str, list[Corner]]:
    corners: dict[str, list[Corner]] = {}
    for mark in marks:
        own = corners.setdefault(mark["cause"], [])
        own += [(mark["time"], own[-1][1])] if own else []
        own.append((mark["time"], mark["incidence"]))
    return corners
