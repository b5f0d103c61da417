"""Windows that open and close by week: two bars a week."""

from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, count_axis, theme_of

HEIGHT = 210
OPEN, CLOSE = "opens", "closes"
COLUMNS = {OPEN: "n_open", CLOSE: "n_close"}


def weeks_chart(weeks: pd.DataFrame, *, theme: ThemeName = "light") -> dict[str, Any]:
    """Vega-Lite specification of one row per week: week_on (a date), n_open and n_close."""
    colours = theme_of(theme)
    drawn = [
        {"week": f"{row['week_on'].day} {row['week_on']:%b}", "what": what, "n": int(row[column])}
        for row in weeks.to_dict("records")
        for what, column in COLUMNS.items()
    ]
    base = _base()
    numbers = base.transform_filter("datum.n > 0").mark_text(
        baseline="bottom", dy=-3, fontSize=11, color=colours.text
    )
    chart = alt.LayerChart(
        layer=[_bars(base, colours), numbers.encode(text=alt.Text("n:Q", format="d"))],
        height=HEIGHT,
        width="container",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    spec: dict[str, Any] = _themed(chart, colours).to_dict(validate=False)
    return {**spec, "data": {"values": drawn}}


def _base() -> alt.Chart:
    counted = alt.Axis(tickMinStep=1, tickCount=4, format="d")
    tooltip = [
        alt.Tooltip("week:O", title="Week of"),
        alt.Tooltip("what:N", title="Window"),
        alt.Tooltip("n:Q", title="Items"),
    ]
    return alt.Chart().encode(
        x=alt.X("week:O", sort=None, title="week of", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        xOffset=alt.XOffset("what:N", sort=[OPEN, CLOSE]),
        y=alt.Y("n:Q", title="windows", axis=counted, scale=alt.Scale(zero=True)),
        tooltip=tooltip,
    )


def _bars(base: alt.Chart, colours: Theme) -> alt.Chart:
    """What opens is hollow, what closes is filled: colour is not alone."""
    fill = alt.Scale(domain=[OPEN, CLOSE], range=[colours.page, colours.attention])
    edge = alt.Scale(domain=[OPEN, CLOSE], range=[colours.primary, colours.attention])
    legend = alt.Legend(title=None, orient="top", symbolType="square")
    return base.mark_bar(strokeWidth=1.4).encode(
        fill=alt.Fill("what:N", scale=fill, legend=legend),
        stroke=alt.Stroke("what:N", scale=edge, legend=legend),
    )


def _themed(chart: alt.LayerChart, theme: Theme) -> alt.LayerChart:
    return (
        chart.configure(background=theme.page, font=FONT)
        .configure_view(stroke=None)
        .configure_legend(labelColor=theme.text, labelFontSize=12)
        .configure_axis(**count_axis(theme))
    )
