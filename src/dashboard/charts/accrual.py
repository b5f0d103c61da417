"""Enrolment by month against the plan: bars with plan marks, or the two running totals."""

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, count_axis, theme_of

AccrualView = Literal["total", "month"]
HEIGHT = 220
MOST_LABELS = 7
MOST_NUMBERS = 26


@dataclass(frozen=True, kw_only=True)
class AccrualOptions:
    """Which of the two drawings, in which theme, and whether there is a plan to draw."""

    view: AccrualView = "total"
    theme: ThemeName = "light"
    has_plan: bool = True


def accrual_chart(months: pd.DataFrame, *, options: AccrualOptions) -> dict[str, Any]:
    """Vega-Lite specification of one row per month (see figures.overview_accrual)."""
    theme = theme_of(options.theme)
    drawn = _drawn(months)
    x = alt.X("label:O", sort=None, title=None, axis=_months_axis([row["label"] for row in drawn]))
    layers = _totals(x, options, theme) if options.view == "total" else _bars(x, options, theme, n=len(drawn))
    chart = alt.LayerChart(
        layer=layers,
        height=HEIGHT,
        width="container",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    spec: dict[str, Any] = _themed(chart, theme).to_dict(validate=False)
    # Room for the right half of the last month's name.
    return {**spec, "data": {"values": drawn}, "padding": {"left": 4, "top": 4, "right": 26, "bottom": 4}}


def _drawn(months: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as the drawing needs them; missing is null, which JSON knows, never NaN."""
    counts = ("enrolled", "planned", "enrolled_total", "planned_total")
    last_counted = int(months["enrolled"].notna().sum()) - 1
    return [
        {
            "label": f"{row['month']:%b %Y}",
            **{name: None if pd.isna(row[name]) else int(row[name]) for name in counts},
            "is_last_counted": place == last_counted,
            "is_last": place == len(months) - 1,
        }
        for place, row in enumerate(months.to_dict("records"))
    ]


def _months_axis(labels: list[str]) -> alt.Axis:
    step = -(-len(labels) // MOST_LABELS)
    return alt.Axis(
        values=labels[::step], labelAngle=0, labelOverlap=True, ticks=True, domain=True, grid=False
    )


def _y(field: str, *, title: str) -> alt.Y:
    return alt.Y(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(tickMinStep=1, tickCount=5, format="d"),
        scale=alt.Scale(zero=True),
    )


def _tooltip(*, has_plan: bool) -> list[alt.Tooltip]:
    shown = {"label": "Month", "enrolled": "Enrolled", "enrolled_total": "Enrolled in all"}
    if has_plan:
        shown |= {"planned": "Planned", "planned_total": "Planned in all"}
    return [
        alt.Tooltip(f"{name}:{'O' if name == 'label' else 'Q'}", title=title) for name, title in shown.items()
    ]


def _totals(x: alt.X, options: AccrualOptions, theme: Theme) -> list[alt.Chart]:
    tooltip = _tooltip(has_plan=options.has_plan)
    y = _y("enrolled_total", title="patients in all")
    base = alt.Chart()
    layers = []
    if options.has_plan:
        plan = base.encode(x=x, y=_y("planned_total", title="patients in all"), tooltip=tooltip)
        layers += [
            plan.mark_line(strokeDash=[5, 4], strokeWidth=1.6, color=theme.secondary),
            plan.transform_filter("datum.is_last")
            .mark_text(align="right", dy=-10, color=theme.secondary, fontSize=12)
            .encode(text=alt.value("planned")),
        ]
    counted = base.transform_filter("isValid(datum.enrolled_total)").encode(x=x, y=y, tooltip=tooltip)
    return [
        *layers,
        counted.mark_line(strokeWidth=2.4, color=theme.primary),
        counted.mark_circle(size=34, opacity=1, color=theme.primary),
        counted.transform_filter("datum.is_last_counted")
        .mark_text(align="right", dx=-2, dy=-12, color=theme.primary, fontSize=13, fontWeight=700)
        .encode(text=alt.Text("enrolled_total:Q", format="d")),
    ]


def _bars(x: alt.X, options: AccrualOptions, theme: Theme, *, n: int) -> list[alt.Chart]:
    tooltip = _tooltip(has_plan=options.has_plan)
    counted = (
        alt.Chart()
        .transform_filter("isValid(datum.enrolled)")
        .encode(x=x, y=_y("enrolled", title="patients a month"), tooltip=tooltip)
    )
    layers = [counted.mark_bar(color=theme.primary, width=alt.RelativeBandSize(0.62))]
    if n <= MOST_NUMBERS:
        numbers = counted.mark_text(baseline="bottom", dy=-4, color=theme.page, fontSize=11.5, fontWeight=600)
        layers.append(
            numbers.transform_filter("datum.enrolled > 0").encode(
                y=alt.YDatum(0), text=alt.Text("enrolled:Q", format="d")
            )
        )
    if options.has_plan:
        planned = alt.Chart().encode(x=x, y=_y("planned", title="patients a month"), tooltip=tooltip)
        layers.append(planned.mark_tick(color=theme.text, thickness=2, width=alt.RelativeBandSize(0.86)))
    return layers


def _themed(chart: alt.LayerChart, theme: Theme) -> alt.LayerChart:
    return (
        chart.configure(background=theme.page, font=FONT)
        .configure_view(stroke=None)
        .configure_axis(**count_axis(theme))
    )
