"""Lead time of ctDNA over imaging: one line per patient from lower to upper bound, without names."""

from typing import Any

import pandas as pd

from dashboard.charts.theme import FONT, Theme, ThemeName, curve_axis, theme_of

# Each patient has room for the dot and the space to the next.
ROW_HEIGHT = 14
LEAST_HEIGHT = 120
# Lines short enough for half the width of the narrowest page.
LEGEND = [
    "● days from one progression to the other, one patient per row",
    "— bounds: last imaging without progression",
    "    to last sample without molecular progression",
]
CAUTION = "○ rests on possible clonal haematopoiesis or one value < LoQ"
CAUTIONS = ("rests_on_other_origin", "rests_on_one_value_below_loq")
TOOLTIP = [
    {"field": "lead", "title": "Lead time, days"},
    {"field": "lower", "title": "Lower bound"},
    {"field": "upper", "title": "Upper bound"},
]


def lead_time_chart(rows: pd.DataFrame, *, theme_name: ThemeName = "light") -> dict[str, Any]:
    """Vega-Lite specification; `rows` has lead_days, lower_days and upper_days, drawn in their order.

    A bound that is not known is not drawn: the line then ends at the dot. A dot is hollow where the
    molecular progression may not be of the tumour or is one value below the limit of quantification.
    """
    theme = theme_of(theme_name)
    marks = [
        {
            "place": place,
            "lead": int(row["lead_days"]),
            "lower": _bound(row["lower_days"], row["lead_days"]),
            "upper": _bound(row["upper_days"], row["lead_days"]),
            "is_hollow": any(bool(row.get(name)) for name in CAUTIONS),
        }
        for place, row in enumerate(rows.to_dict("records"))
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": max(LEAST_HEIGHT, ROW_HEIGHT * len(marks)),
        # The height is that of the rows; title and axis come on top.
        "autosize": {"type": "fit-x", "contains": "padding"},
        "title": {
            "text": [*LEGEND, *([CAUTION] if any(mark["is_hollow"] for mark in marks) else [])],
            "anchor": "start",
            "fontSize": 11,
            "fontWeight": "normal",
            "color": theme.secondary,
        },
        "data": {"values": marks},
        "layer": _layers(theme),
        "config": _config(theme),
    }


def _bound(value: Any, lead: Any) -> int:
    return int(lead) if value is None or pd.isna(value) else int(value)


def _layers(theme: Theme) -> list[dict[str, Any]]:
    """The line at zero, from bound to bound, and the dot between them."""
    y = {"field": "place", "type": "ordinal", "axis": None}
    return [
        {
            "data": {"values": [{"lead": 0}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.text},
            "encoding": {"x": _days("lead")},
        },
        {
            "mark": {"type": "rule", "color": theme.secondary, "strokeWidth": 1.4},
            "encoding": {"x": _days("lower"), "x2": {"field": "upper"}, "y": y},
        },
        {
            "mark": {"type": "point", "shape": "circle", "size": 46, "opacity": 1, "stroke": theme.primary},
            "encoding": {
                "x": _days("lead"),
                "y": y,
                "fill": {
                    "condition": {"test": "datum.is_hollow", "value": theme.page},
                    "value": theme.primary,
                },
                "tooltip": TOOLTIP,
            },
        },
    ]


def _days(name: str) -> dict[str, Any]:
    title = "days: imaging first (−) · ctDNA first (+)"
    return {"field": name, "type": "quantitative", "title": title, "axis": {"grid": True, "tickCount": 8}}


def _config(theme: Theme) -> dict[str, Any]:
    return {"font": FONT, "view": {"stroke": None}, "axis": curve_axis(theme)}
