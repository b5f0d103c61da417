"""Waterfall: the best change of the sum of diameters, one bar per patient, coloured by best response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.response_frame import (
    change_axis,
    edge_of,
    edge_scale,
    fill_of,
    fill_scale,
    limit_rows,
    response_codes,
    response_label,
    response_letters,
    themed,
)
from dashboard.charts.theme import Theme, ThemeName, theme_of

HEIGHT = 300
Y_TITLE = "best change of the sum, %"
MOST_LETTERS = 45
# Of more patients each response has a lane under the bars: its place tells it without colour.
LANES_FROM_PX, LANE_PX, LANE_MARK_PX = 12, 11, 8
LEAST_RANGE = (-60.0, 40.0)


@dataclass(frozen=True, kw_only=True)
class WaterfallOptions:
    """In which theme."""

    theme: ThemeName = "light"


def waterfall_chart(bars: pd.DataFrame, *, options: WaterfallOptions) -> dict[str, Any]:
    """Vega-Lite specification of one row per patient: patient, change_percent, best."""
    theme = theme_of(options.theme)
    ordered = bars.sort_values(["change_percent", "patient"], ascending=[False, True])
    codes = response_codes(list(ordered["best"]))
    drawn = [_row(place, row) for place, row in enumerate(ordered.to_dict("records"), start=1)]
    low = min([LEAST_RANGE[0], *(row["change"] for row in drawn)])
    high = max([LEAST_RANGE[1], *(row["change"] for row in drawn)])
    scale = alt.Scale(domain=[max(-105, low - 8), high + 8], nice=False)
    y = alt.Y("change:Q", title=Y_TITLE, scale=scale, axis=change_axis())
    is_few = len(drawn) <= MOST_LETTERS
    x = _x(below_px=0 if is_few else LANES_FROM_PX + LANE_PX * len(codes))
    layers = [_limits(theme), _bars(x, y, codes, theme)]
    layers += [_letters(x, theme)] if is_few else _lanes(x, codes, theme)
    chart = alt.LayerChart(
        layer=layers,
        height=HEIGHT,
        width="container",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    return {**themed(chart, theme), "datasets": {"bars": drawn, "limits": limit_rows()}}


def _row(place: int, row: Mapping[Any, Any]) -> dict[str, Any]:
    change = round(float(row["change_percent"]), 1)
    return {
        "place": place,
        "patient": str(row["patient"]),
        "change": change,
        "best": response_label(str(row["best"])),
        "code": str(row["best"]),
        "letters": response_letters(str(row["best"])),
        "tip": change - 3 if change < 0 else change + 3,
    }


def _named() -> alt.Chart:
    return alt.Chart(alt.NamedData("bars"))


def _x(*, below_px: int) -> alt.X:
    return alt.X(
        "place:O",
        title="patients, the largest growth first",
        axis=alt.Axis(labels=False, ticks=False, grid=False, titlePadding=4 + below_px),
    )


def _bars(x: alt.X, y: alt.Y, codes: list[str], theme: Theme) -> alt.Chart:
    return (
        _named()
        .mark_bar(strokeWidth=1)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("best:N", title="Best response", scale=fill_scale(codes, theme=theme)),
            stroke=alt.Stroke("best:N", title="Best response", scale=edge_scale(codes, theme=theme)),
            tooltip=[
                alt.Tooltip("patient:N", title="Patient"),
                alt.Tooltip("change:Q", title="Best change, %", format="+.1f"),
                alt.Tooltip("best:N", title="Best response"),
            ],
        )
    )


def _lanes(x: alt.X, codes: list[str], theme: Theme) -> list[alt.Chart]:
    """Per response a mark for each of its patients, under the bars, and its letters before the lane."""
    layers: list[alt.Chart] = []
    for place, code in enumerate(codes):
        middle = alt.value(HEIGHT + LANES_FROM_PX + LANE_PX * place)
        letters = response_letters(code)
        own = _named().transform_filter(f"datum.code == '{code}'")
        drawn = own.mark_bar(
            height=LANE_MARK_PX,
            strokeWidth=0.5,
            fill=fill_of(code, theme=theme),
            stroke=edge_of(code, theme=theme),
        )
        layers.append(drawn.encode(x=x, y=middle))
        named = alt.Chart(alt.Data(values=[{"letters": letters}]))
        words = named.mark_text(align="right", fontSize=10, color=theme.text)
        layers.append(words.encode(x=alt.value(-6), y=middle, text="letters:N"))
    return layers


def _letters(x: alt.X, theme: Theme) -> alt.Chart:
    return (
        _named()
        .mark_text(fontSize=9.5, color=theme.secondary)
        .encode(x=x, y=alt.Y("tip:Q", title=Y_TITLE), text="letters:N")
    )


def _limits(theme: Theme) -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("limits"))
        .mark_rule(strokeDash=[5, 4], color=theme.secondary, strokeWidth=1)
        .encode(y=alt.Y("limit:Q", title=Y_TITLE))
    )
