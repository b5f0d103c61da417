"""Spider: the change of the sum of diameters over time, one line per patient, coloured by best response."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.response_frame import (
    change_axis,
    edge_of,
    limit_rows,
    response_codes,
    response_label,
    shape_of,
    themed,
)
from dashboard.charts.theme import Theme, ThemeName, theme_of

HEIGHT = 300
FEW = 40


@dataclass(frozen=True, kw_only=True)
class SpiderOptions:
    """In which theme, and what month 0 is."""

    theme: ThemeName = "light"
    origin: str = "start of the line"


def spider_chart(points: pd.DataFrame, *, options: SpiderOptions) -> dict[str, Any]:
    """Vega-Lite specification of one row per patient and assessment: patient, months, change_percent, best.

    Each line begins with 0 % at month 0. Lines of many patients are fainter so that they can be told apart.
    """
    theme = theme_of(options.theme)
    codes = response_codes(list(points["best"]))
    drawn = _drawn(points)
    n = points["patient"].nunique()
    chart = alt.LayerChart(
        layer=[_limits(theme), *_lines(codes, theme, options=options, is_faint=n > FEW)],
        height=HEIGHT,
        width="container",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    return {**themed(chart, theme), "datasets": {"points": drawn, "limits": limit_rows()}}


def _drawn(points: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for patient, own in points.sort_values(["patient", "months"]).groupby("patient", sort=True):
        label = response_label(str(own["best"].iloc[0]))
        rows.append({"patient": str(patient), "months": 0.0, "change": 0.0, "best": label})
        rows += [
            {
                "patient": str(patient),
                "months": round(float(row["months"]), 2),
                "change": round(float(row["change_percent"]), 1),
                "best": label,
            }
            for row in own.to_dict("records")
        ]
    return rows


def _lines(codes: list[str], theme: Theme, *, options: SpiderOptions, is_faint: bool) -> list[alt.Chart]:
    scale = alt.Scale(
        domain=[response_label(code) for code in codes],
        range=[_ink(code, theme) for code in codes],
    )
    shapes = alt.Scale(
        domain=[response_label(code) for code in codes], range=[shape_of(code) for code in codes]
    )
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("months:Q", title=f"months from {options.origin}", axis=alt.Axis(grid=False, tickMinStep=3)),
        y=alt.Y("change:Q", title="change of the sum, %", axis=change_axis()),
        detail="patient:N",
        color=alt.Color("best:N", title="Best response", scale=scale),
        tooltip=[
            alt.Tooltip("patient:N", title="Patient"),
            alt.Tooltip("months:Q", title="Months", format=".1f"),
            alt.Tooltip("change:Q", title="Change, %", format="+.1f"),
            alt.Tooltip("best:N", title="Best response"),
        ],
    )
    return [
        base.mark_line(strokeWidth=1.2 if is_faint else 1.8, opacity=0.6 if is_faint else 0.9),
        base.mark_point(
            size=14 if is_faint else 30, filled=True, strokeWidth=0.5, opacity=0.85 if is_faint else 1
        ).encode(shape=alt.Shape("best:N", title="Best response", scale=shapes)),
    ]


def _ink(code: str, theme: Theme) -> str:
    """Colour of a line: a response without a fill, or with a white one, has that of its edge."""
    return edge_of(code, theme=theme)


def _limits(theme: Theme) -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("limits"))
        .mark_rule(strokeDash=[5, 4], color=theme.secondary, strokeWidth=1)
        .encode(y=alt.Y("limit:Q", title="change of the sum, %"))
    )
