"""Swimmer: one row per patient from the start of a line, with every response, who goes on and who died."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.response_frame import edge_of, fill_of, response_codes, response_label, shape_of, themed
from dashboard.charts.theme import Theme, ThemeName, theme_of

STEP_PX = 18
ONGOING = "Ongoing"
DIED = "Died"
# The same words for shape, fill and edge make one legend of the three.
LEGEND = "Response, and how the row ends"
ARROW = "M-0.9,-0.8L0.9,0L-0.9,0.8Z"
CROSS = (
    "M-0.8,-0.55L-0.55,-0.8L0,-0.25L0.55,-0.8L0.8,-0.55L0.25,0"
    "L0.8,0.55L0.55,0.8L0,0.25L-0.55,0.8L-0.8,0.55L-0.25,0Z"
)
# The ongoing arrow and the death stand behind the end of the row, so that no response hides them.
BEYOND_SHARE = 0.012


@dataclass(frozen=True, kw_only=True)
class SwimmerOptions:
    """In which theme, and what the rows count from."""

    theme: ThemeName = "light"
    origin: str = "start of the line"


def swimmer_chart(bars: pd.DataFrame, marks: pd.DataFrame, *, options: SwimmerOptions) -> dict[str, Any]:
    """Vega-Lite specification.

    `bars` has one row per patient in the order of the figure: patient, best, line_months (empty where it is
    not known), followed_months, is_ongoing, has_died. `marks` has one row per response: patient, months,
    response.
    """
    theme = theme_of(options.theme)
    rows = [_bar(row) for row in bars.to_dict("records")]
    longest = max([1.0, *(row["followed"] for row in rows)])
    drawn = [*_responses(marks), *_ends(rows, beyond=longest * BEYOND_SHARE)]
    codes = response_codes([*bars["best"], *marks["response"]])
    y = alt.Y(
        "patient:N",
        title=None,
        sort=[row["patient"] for row in rows],
        axis=alt.Axis(ticks=False, domain=False),
    )
    x = alt.Scale(domain=[0, round(longest * 1.03, 2)], nice=False)
    bars_by_code = [_line(y, code, theme) for code in response_codes(list(bars["best"]))]
    chart = alt.LayerChart(
        layer=[_followed(y, x, theme, options), *bars_by_code, _marks(y, codes, theme)],
        height=alt.Step(STEP_PX),
        width="container",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    return {**themed(chart, theme), "datasets": {"rows": rows, "marks": drawn}}


def _bar(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    on_line = row["line_months"]
    return {
        "patient": str(row["patient"]),
        "start": 0.0,
        "line_end": 0.0 if pd.isna(on_line) else round(float(on_line), 2),
        "best": response_label(str(row["best"])),
        "code": str(row["best"]),
        "line": None if pd.isna(on_line) else round(float(on_line), 2),
        "followed": round(float(row["followed_months"]), 2),
        "is_ongoing": bool(row["is_ongoing"]),
        "has_died": bool(row["has_died"]),
    }


def _responses(marks: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "patient": str(row["patient"]),
            "months": round(float(row["months"]), 2),
            "mark": response_label(str(row["response"])),
        }
        for row in marks.to_dict("records")
    ]


def _ends(rows: list[dict[str, Any]], *, beyond: float) -> list[dict[str, Any]]:
    """The arrow of who goes on, the cross of who died."""
    ends = []
    for row in rows:
        word = DIED if row["has_died"] else ONGOING if row["is_ongoing"] else None
        if word:
            ends.append(
                {"patient": row["patient"], "months": round(row["followed"] + beyond, 2), "mark": word}
            )
    return ends


def _followed(y: alt.Y, x: alt.Scale, theme: Theme, options: SwimmerOptions) -> alt.Chart:
    """The thin line: how long the patient was followed after the bar."""
    axis = alt.Axis(grid=True, tickMinStep=1, orient="bottom")
    return (
        alt.Chart(alt.NamedData("rows"))
        .mark_rule(strokeWidth=1.6, color=theme.secondary)
        .encode(
            y=y,
            x=alt.X("line_end:Q", title=f"months from {options.origin}", scale=x, axis=axis),
            x2="followed:Q",
        )
    )


def _line(y: alt.Y, code: str, theme: Theme) -> alt.Chart:
    """The bars of one best response: time on the line. Colours by field would split the legend."""
    return (
        alt.Chart(alt.NamedData("rows"))
        .transform_filter(f"datum.code == '{code}' && isValid(datum.line)")
        .mark_bar(
            height=11,
            fill=fill_of(code, theme=theme),
            fillOpacity=0.45,
            stroke=edge_of(code, theme=theme),
            strokeWidth=1,
            cornerRadius=2,
        )
        .encode(
            y=y,
            x=alt.X("start:Q"),
            x2="line:Q",
            tooltip=[
                alt.Tooltip("patient:N", title="Patient"),
                alt.Tooltip("best:N", title="Best response"),
                alt.Tooltip("line:Q", title="Months, bar", format=".1f"),
                alt.Tooltip("followed:Q", title="Months followed", format=".1f"),
            ],
        )
    )


def _marks(y: alt.Y, codes: list[str], theme: Theme) -> alt.Chart:
    shapes = [*(shape_of(code) for code in codes), ARROW, CROSS]
    return (
        alt.Chart(alt.NamedData("marks"))
        .mark_point(size=70, opacity=1, strokeWidth=1.2)
        .encode(
            y=y,
            x=alt.X("months:Q"),
            shape=alt.Shape("mark:N", title=LEGEND, scale=alt.Scale(domain=_domain(codes), range=shapes)),
            fill=_fill(codes, theme),
            stroke=_stroke(codes, theme),
            tooltip=[
                alt.Tooltip("patient:N", title="Patient"),
                alt.Tooltip("mark:N", title="Response"),
                alt.Tooltip("months:Q", title="Months", format=".1f"),
            ],
        )
    )


def _domain(codes: list[str]) -> list[str]:
    return [*(response_label(code) for code in codes), ONGOING, DIED]


def _fill(codes: list[str], theme: Theme) -> alt.Fill:
    colours = [*(fill_of(code, theme=theme) for code in codes), theme.text, theme.text]
    return alt.Fill("mark:N", title=LEGEND, scale=alt.Scale(domain=_domain(codes), range=colours))


def _stroke(codes: list[str], theme: Theme) -> alt.Stroke:
    colours = [*(edge_of(code, theme=theme) for code in codes), theme.text, theme.text]
    return alt.Stroke("mark:N", title=LEGEND, scale=alt.Scale(domain=_domain(codes), range=colours))
