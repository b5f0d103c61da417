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
BEYOND = "arrow at the edge: beyond the axis, its days beside it"
CAUTIONS = ("rests_on_other_origin", "rests_on_one_value_below_loq")
ARROWS = ("triangle-right", "triangle-left")
_SHAPE = {
    "condition": [{"test": f"datum.arrow === '{shape}'", "value": shape} for shape in ARROWS],
    "value": "circle",
}
TOOLTIP = [
    {"field": "lead", "title": "Lead time, days"},
    {"field": "lower", "title": "Lower bound"},
    {"field": "upper", "title": "Upper bound"},
]


def lead_time_chart(rows: pd.DataFrame, *, theme_name: ThemeName = "light") -> dict[str, Any]:
    """Vega-Lite specification; `rows` has lead_days, lower_days and upper_days, drawn in their order.

    A bound that is not known is not drawn: the line then ends at the dot. A dot is hollow where the
    molecular progression may not be of the tumour or is one value below the limit of quantification. Of a row
    that `is_beyond`, an arrow at the edge stands for the dot; the axis goes as far as the others need.
    """
    theme = theme_of(theme_name)
    marks = [
        {
            "place": place,
            "lead": int(row["lead_days"]),
            "lower": _bound(row["lower_days"], row["lead_days"]),
            "upper": _bound(row["upper_days"], row["lead_days"]),
            "is_hollow": any(bool(row.get(name)) for name in CAUTIONS),
            "arrow": _arrow(int(row["lead_days"])) if row.get("is_beyond") else None,
        }
        for place, row in enumerate(rows.to_dict("records"))
    ]
    notes = [CAUTION] if any(mark["is_hollow"] for mark in marks) else []
    notes += [BEYOND] if any(mark["arrow"] for mark in marks) else []
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.page,
        "width": "container",
        "height": max(LEAST_HEIGHT, ROW_HEIGHT * len(marks)),
        # The height is that of the rows; title and axis come on top.
        "autosize": {"type": "fit-x", "contains": "padding"},
        "title": {
            "text": [*LEGEND, *notes],
            "anchor": "start",
            "fontSize": 11,
            "fontWeight": "normal",
            "color": theme.secondary,
        },
        "data": {"values": marks},
        "layer": _layers(theme, ends=_ends(marks)),
        "config": _config(theme),
    }


def _bound(value: Any, lead: Any) -> int:
    return int(lead) if value is None or pd.isna(value) else int(value)


def _arrow(lead: int) -> str:
    return ARROWS[0] if lead > 0 else ARROWS[1]


def _ends(marks: list[dict[str, Any]]) -> list[int] | None:
    """Both ends of an axis on which every row has room that is not beyond it; None where none is."""
    inside = [mark[name] for mark in marks if not mark["arrow"] for name in ("lead", "lower", "upper")]
    return None if all(mark["arrow"] is None for mark in marks) else [min(0, *inside), max(0, *inside)]


def _layers(theme: Theme, *, ends: list[int] | None) -> list[dict[str, Any]]:
    """The line at zero, from bound to bound, the dot between them, and the days of who is beyond the axis."""
    y = {"field": "place", "type": "ordinal", "axis": None}
    return [
        {
            "data": {"values": [{"lead": 0}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.text},
            "encoding": {"x": _days("lead", ends)},
        },
        {
            "mark": {"type": "rule", "color": theme.secondary, "strokeWidth": 1.4},
            "encoding": {"x": _days("lower", ends), "x2": {"field": "upper"}, "y": y},
        },
        {
            "mark": {"type": "point", "size": 46, "opacity": 1, "stroke": theme.primary},
            "encoding": {
                "x": _days("lead", ends),
                "y": y,
                "shape": _SHAPE,
                "fill": {
                    "condition": {"test": "datum.is_hollow", "value": theme.page},
                    "value": theme.primary,
                },
                "tooltip": TOOLTIP,
            },
        },
        *(_beyond(theme, ends, y=y, shape=shape) for shape in (ARROWS if ends else ())),
    ]


def _beyond(theme: Theme, ends: list[int] | None, *, y: dict[str, Any], shape: str) -> dict[str, Any]:
    """The days of the arrows that point to one side, written inside the axis."""
    is_right = shape == ARROWS[0]
    mark = {"type": "text", "align": "right" if is_right else "left", "baseline": "middle"}
    return {
        "transform": [{"filter": f"datum.arrow === '{shape}'"}],
        "mark": {**mark, "dx": -9 if is_right else 9, "fontSize": 11, "color": theme.text},
        "encoding": {
            "x": _days("lead", ends),
            "y": y,
            "text": {"field": "lead", "type": "quantitative", "format": "+d"},
        },
    }


def _days(name: str, ends: list[int] | None) -> dict[str, Any]:
    title = "days: imaging first (−) · ctDNA first (+)"
    # What lies beyond the ends is drawn at the edge; rounded ends could take it in.
    scale = {} if ends is None else {"scale": {"domain": ends, "clamp": True, "nice": False}}
    axis = {"grid": True, "tickCount": 8}
    return {"field": name, "type": "quantitative", "title": title, "axis": axis, **scale}


def _config(theme: Theme) -> dict[str, Any]:
    return {"font": FONT, "view": {"stroke": None}, "axis": curve_axis(theme)}
