"""Kaplan-Meier curves with their band, censor marks and the rows at risk under the axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.charts.curve_names import (
    MOST_NAMED,
    Corner,
    NamePlace,
    free_places,
    keys_of,
    place_keys,
    place_names,
)
from dashboard.charts.kaplan_meier_marks import (
    Piece,
    band_marks,
    censor_marks,
    corners_of,
    curve_marks,
    level_parts,
    pieces_layer,
    step_marks,
)
from dashboard.charts.kaplan_meier_rows import DASHES, key_layers, layer, rows_below
from dashboard.charts.step_curves import StepAxes, name_layers, one_each, step_curves
from dashboard.charts.theme import Theme, ThemeName, theme_of

Corners = Mapping[str, Sequence[Corner]]
# The bands of more curves overlap until none can be told from another.
MOST_BANDS = 2
BAND_OPACITY = 0.13
DIM_BAND_OPACITY = 0.05
DIM_OPACITY = 0.35
# Of the axis, what the words of the horizon take beside its line.
WORDS_SHARE = 0.4


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
    """How it is drawn: `x_title` names the origin, `y_title` the endpoint; `horizon` is a mark, no end.

    Bands are those of up to `MOST_BANDS` curves, of more only with `has_every_band`.
    """

    x_title: str
    y_title: str
    theme: ThemeName = "light"
    has_band: bool = True
    has_every_band: bool = False
    has_censor_marks: bool = True
    horizon: float | None = None
    horizon_label: str = ""
    previous_label: str = "previous data cut"


def kaplan_meier_chart(data: KaplanMeierData, *, options: KaplanMeierOptions) -> dict[str, Any]:
    """Vega-Lite specification: curves above, the counts of every tick below.

    The axis ends at the last tick of `counts`. Curves too many or too near each other for names beside them
    have letters, which the rows below explain.
    """
    theme = theme_of(options.theme)
    ticks = sorted({float(time) for time in data.counts["time"]})
    until = ticks[-1]
    parts, groups = level_parts(data.curve, until=until), _groups(data.curve)
    marks = curve_marks(parts)
    corners = corners_of(marks)
    places = _places(data, options, until=until, corners=corners)
    keys = keys_of(groups) if len(groups) > 1 and not places else {}
    layers: list[dict[str, Any]] = [
        *_previous(data, options, theme, until=until, corners=corners),
        *_horizon(options, theme, until=until),
        *_half(data, theme),
        *(_band(band_marks(parts), groups, theme) if _has_bands(options, n_curves=len(groups)) else []),
        *_curves(data.curve, marks, theme, until=until),
        *(_censored(data.curve, theme, until=until) if options.has_censor_marks else []),
        *name_layers(places, colour=_colour(groups, theme), level="survival", theme=theme),
        *(_letters(corners, keys, groups, theme, until=until) if keys else []),
        *rows_below(data.counts, theme=theme, keys=keys),
    ]
    axes = StepAxes(x_title=options.x_title, y_title=options.y_title, field="survival", ticks=ticks)
    return step_curves(layers, axes=axes, theme=theme)


def leaves_bands_out(n_curves: int) -> bool:
    """Whether so many curves are drawn without their bands."""
    return n_curves > MOST_BANDS


def _has_bands(options: KaplanMeierOptions, *, n_curves: int) -> bool:
    return options.has_band and (options.has_every_band or not leaves_bands_out(n_curves))


def _colour(groups: list[str], theme: Theme) -> dict[str, Any]:
    """The group's colour."""
    return one_each("group", groups, theme.groups)


def _faint(dimmed: float, *, full: float) -> dict[str, Any]:
    return {"condition": {"test": "datum.is_dimmed", "value": dimmed}, "value": full}


def _groups(curve: pd.DataFrame) -> list[str]:
    return [str(name) for name in curve["group"].drop_duplicates()]


def _curves(curve: pd.DataFrame, marks: list[Piece], theme: Theme, *, until: float) -> list[dict[str, Any]]:
    colour = _colour(_groups(curve), theme)
    line = pieces_layer(
        marks,
        {"type": "line", "strokeWidth": 2.2, "strokeJoin": "miter", "clip": True},
        color=colour,
        strokeDash=one_each("group", _groups(curve), DASHES),
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
    pointed = pieces_layer(
        step_marks(curve, until=until), {"type": "point", "opacity": 0, "size": 90}, tooltip=tooltip
    )
    return [line, pointed]


def _band(marks: list[Piece], groups: list[str], theme: Theme) -> list[dict[str, Any]]:
    return [
        pieces_layer(
            marks,
            {"type": "area", "clip": True},
            y={"field": "lower", "type": "quantitative"},
            y2={"field": "upper"},
            color=_colour(groups, theme),
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
        pieces_layer(
            censor_marks(curve, until=until),
            {"type": "tick", "orient": "vertical", "size": 8, "thickness": 1.2},
            color=_colour(_groups(curve), theme),
            opacity=_faint(DIM_OPACITY, full=1),
            tooltip=tooltip,
        )
    ]


def _places(
    data: KaplanMeierData, options: KaplanMeierOptions, *, until: float, corners: Corners
) -> list[NamePlace]:
    """Where the names of several groups are read for their own curves; none for too many, or if one is not.

    A grey curve of the previous data cut is a line to keep off: no name in colour is read for it.
    """
    if not 1 < len(_groups(data.curve)) <= MOST_NAMED:
        return []
    return free_places(
        corners,
        until=until,
        lines=[*_straight(data, options, until=until), *_previous_lines(data, until=until)],
    )


def _letters(
    corners: Corners, keys: Mapping[str, str], groups: list[str], theme: Theme, *, until: float
) -> list[dict[str, Any]]:
    """A letter on each curve in place of its name."""
    on_curves = [
        {"group": one.name, "curve_letter": one.key, "time": one.time, "survival": one.level}
        for one in place_keys(corners, keys=keys, until=until)
    ]
    return key_layers(on_curves, theme=theme, color=_colour(groups, theme))


def _straight(
    data: KaplanMeierData, options: KaplanMeierOptions, *, until: float
) -> list[tuple[Corner, Corner]]:
    """The line at one half, the medians down from it, and the horizon with its words."""
    lines: list[tuple[Corner, Corner]] = [((0.0, 50.0), (until, 50.0))]
    lines += [((time, 0.0), (time, 50.0)) for time in data.medians.values()]
    if options.horizon is not None and options.horizon <= until:
        words = max(0.0, options.horizon - until * WORDS_SHARE)
        lines += [
            ((options.horizon, 0.0), (options.horizon, 100.0)),
            ((words, 96.0), (options.horizon, 96.0)),
        ]
    return lines


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


def _previous_lines(data: KaplanMeierData, *, until: float) -> list[tuple[Corner, Corner]]:
    if data.previous is None or data.previous.empty:
        return []
    corners = corners_of(curve_marks(level_parts(_whole(data.previous), until=until)))
    return [line for one in corners.values() for line in pairwise(one)]


def _whole(previous: pd.DataFrame) -> pd.DataFrame:
    return previous.assign(is_dimmed=False, lower=None, upper=None)


def _previous(
    data: KaplanMeierData, options: KaplanMeierOptions, theme: Theme, *, until: float, corners: Corners
) -> list[dict[str, Any]]:
    if data.previous is None or data.previous.empty:
        return []
    whole = _whole(data.previous)
    grey = {"type": "line", "strokeWidth": 1.4, "color": theme.secondary, "opacity": 0.6, "clip": True}
    # Named on the first group's curve; the others are of the same grey.
    marks = curve_marks(level_parts(whole, until=until))
    first = next(iter(corners_of(marks).values()))
    places = place_names(
        {options.previous_label: first},
        until=until,
        lines=_straight(data, options, until=until),
        others=list(corners.values()),
    )
    quiet = {"value": theme.secondary}
    return [
        pieces_layer(marks, grey, detail={"field": "run"}, order=None),
        *name_layers(places, colour=quiet, level="survival", theme=theme, weight=400),
    ]
