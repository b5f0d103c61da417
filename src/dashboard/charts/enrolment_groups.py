"""Running totals of enrolment, one line per site or tumour type, named at its end."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, theme_of

HEIGHT = 240
MOST_LINES = 6
MOST_LABELS = 7
LABEL_PX = 190
# Two names at the end of lines need so much of the height, else they lie on each other.
NAME_SHARE = 0.068
REST = "All others"


@dataclass(frozen=True, kw_only=True)
class GroupOptions:
    """Theme of the drawing."""

    theme: ThemeName = "light"


def enrolment_groups_chart(months: pd.DataFrame, *, options: GroupOptions) -> dict[str, Any]:
    """Vega-Lite specification of one row per group and month (figures.enrolment_groups.group_months)."""
    theme = theme_of(options.theme)
    drawn, names = _drawn(months)
    chart = alt.LayerChart(layer=_layers(drawn, names, theme), height=HEIGHT, width="container")
    spec = _themed(chart, theme).to_dict(validate=False)
    spec["layer"] = [{**layer, "data": {"values": drawn}} for layer in spec["layer"]]
    return {key: part for key, part in spec.items() if key != "data"} | {
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 4, "top": 8, "right": 8, "bottom": 4},
    }


def _layers(drawn: list[dict[str, Any]], names: list[str], theme: Theme) -> list[alt.Chart]:
    """A line of each group, and its name with the total at its end."""
    labels = list(dict.fromkeys(row["month"] for row in drawn))
    step = -(-len(labels) // MOST_LABELS)
    x_axis = alt.Axis(values=labels[::step], labelAngle=0, labelOverlap=True, grid=False)
    x = alt.X("month:O", sort=None, title=None, axis=x_axis)
    y_axis = alt.Axis(tickMinStep=1, format="d")
    y = alt.Y("total:Q", title="patients in all", axis=y_axis, scale=alt.Scale(zero=True))
    palette = alt.Scale(domain=names, range=_palette(theme.groups, n=len(names)))
    colour = alt.Color("group:N", scale=palette, legend=None)
    tooltip = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("month:O", title="Month"),
        alt.Tooltip("enrolled:Q", title="Enrolled"),
        alt.Tooltip("total:Q", title="Enrolled in all"),
    ]
    lines = alt.Chart().mark_line(strokeWidth=2, point={"size": 14})
    ends = (
        alt.Chart()
        .transform_filter("datum.is_last")
        .mark_text(align="left", dx=7, fontSize=12, limit=LABEL_PX)
    )
    return [
        lines.encode(x=x, y=y, color=colour, tooltip=tooltip),
        ends.encode(x=x, y=alt.Y("name_at:Q"), text="said:N", color=colour),
    ]


def _themed(chart: alt.LayerChart, theme: Theme) -> alt.LayerChart:
    axis = {"labelColor": theme.secondary, "titleColor": theme.secondary, "titleFontWeight": "normal"}
    return (
        chart.configure(background=theme.page, font=FONT)
        .configure_view(stroke=None)
        .configure_axis(**axis, gridColor=theme.grid, domainColor=theme.border, tickColor=theme.border)
    )


def _palette(groups: tuple[str, ...], *, n: int) -> list[str]:
    return [groups[place % len(groups)] for place in range(n)]


def _drawn(months: pd.DataFrame) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows as drawn, and the groups from the largest; the smallest beyond the sixth are one line."""
    totals = months.groupby("label", sort=False)["enrolled"].sum().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in totals.index]
    kept = names if len(names) <= MOST_LINES else names[: MOST_LINES - 1]
    grouped = months.assign(group=[name if name in kept else REST for name in months["label"]])
    summed = grouped.groupby(["group", "month"], sort=False, as_index=False)[
        ["enrolled", "enrolled_total"]
    ].sum()
    shown = list(dict.fromkeys([*kept, *summed["group"]]))
    last = max(summed["month"])
    at_end = summed[summed["month"] == last].set_index("group")["enrolled_total"]
    places = _apart({name: float(at_end[name]) for name in shown})
    rows = [
        {
            "group": row["group"],
            "month": f"{row['month']:%b %Y}",
            "enrolled": int(row["enrolled"]),
            "total": int(row["enrolled_total"]),
            "is_last": bool(row["month"] == last),
            "said": f"{row['group']}: {int(row['enrolled_total'])}",
            "name_at": places[row["group"]],
        }
        for row in summed.to_dict("records")
    ]
    return rows, shown


def _apart(ends: dict[str, float]) -> dict[str, float]:
    """Where the names stand: at the ends of the lines, from the lowest up never closer than readable."""
    room = NAME_SHARE * max([*ends.values(), 1.0])
    placed: dict[str, float] = {}
    below = -room
    for name, end in sorted(ends.items(), key=lambda pair: (pair[1], pair[0])):
        below = max(end, below + room)
        placed[name] = round(below, 4)
    return placed
