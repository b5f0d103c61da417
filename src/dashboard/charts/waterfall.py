"""Waterfall: the best change of the sum of diameters, one bar per patient, coloured by best response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.response_frame import (
    change_axis,
    edge_scale,
    fill_scale,
    limit_rows,
    response_codes,
    response_label,
    themed,
)
from dashboard.charts.theme import Theme, ThemeName, theme_of

HEIGHT = 300
Y_TITLE = "best change of the sum, %"
MOST_LETTERS = 45
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
    layers = [_limits(theme), _bars(y, codes, theme)]
    if len(drawn) <= MOST_LETTERS:
        layers.append(_letters(theme))
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
        "letters": response_label(str(row["best"])).split(" · ")[0],
        "tip": change - 3 if change < 0 else change + 3,
    }


def _named() -> alt.Chart:
    return alt.Chart(alt.NamedData("bars"))


def _x() -> alt.X:
    return alt.X(
        "place:O",
        title="patients, the largest growth first",
        axis=alt.Axis(labels=False, ticks=False, grid=False),
    )


def _bars(y: alt.Y, codes: list[str], theme: Theme) -> alt.Chart:
    return (
        _named()
        .mark_bar(strokeWidth=1)
        .encode(
            x=_x(),
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


def _letters(theme: Theme) -> alt.Chart:
    return (
        _named()
        .mark_text(fontSize=9.5, color=theme.secondary)
        .encode(x=_x(), y=alt.Y("tip:Q", title=Y_TITLE), text="letters:N")
    )


def _limits(theme: Theme) -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("limits"))
        .mark_rule(strokeDash=[5, 4], color=theme.secondary, strokeWidth=1)
        .encode(y=alt.Y("limit:Q", title=Y_TITLE))
    )
