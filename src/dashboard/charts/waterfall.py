"""Waterfall: the best change of the sum of diameters, one bar per patient, coloured by best response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.response_frame import (
    change_axis,
    edge_of,
    edge_scale,
    fill_of,
    fill_scale,
    limit_rows,
    limits_layer,
    nominal,
    quantitative,
    response_codes,
    response_label,
    response_letters,
    response_spec,
)
from dashboard.charts.theme import Theme, ThemeName, theme_of

HEIGHT = 300
Y_TITLE = "best change of the sum, %"
MOST_LETTERS = 45
# Of more patients each response has a lane under the bars: its place tells it without colour.
LANES_FROM_PX, LANE_PX, LANE_MARK_PX = 12, 11, 8
LEAST_RANGE = (-60.0, 40.0)
Channel = dict[str, Any]


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
    y = quantitative(
        "change",
        title=Y_TITLE,
        scale={"domain": [max(-105, low - 8), high + 8], "nice": False},
        axis=change_axis(),
    )
    is_few = len(drawn) <= MOST_LETTERS
    x = _x(below_px=0 if is_few else LANES_FROM_PX + LANE_PX * len(codes))
    layers = [limits_layer(theme, title=Y_TITLE), _bars(x, y, codes, theme)]
    layers += [_letters(x, theme)] if is_few else _lanes(x, codes, theme)
    datasets = {"bars": drawn, "limits": limit_rows()}
    return response_spec(layers, theme, height=HEIGHT, datasets=datasets)


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


def _x(*, below_px: int) -> Channel:
    return {
        "field": "place",
        "type": "ordinal",
        "title": "patients, the largest growth first",
        "axis": {"labels": False, "ticks": False, "grid": False, "titlePadding": 4 + below_px},
    }


def _bars(x: Channel, y: Channel, codes: list[str], theme: Theme) -> dict[str, Any]:
    return {
        "data": {"name": "bars"},
        "mark": {"type": "bar", "strokeWidth": 1},
        "encoding": {
            "x": x,
            "y": y,
            "fill": nominal("best", title="Best response", scale=fill_scale(codes, theme=theme)),
            "stroke": nominal("best", title="Best response", scale=edge_scale(codes, theme=theme)),
            "tooltip": [
                nominal("patient", title="Patient"),
                quantitative("change", title="Best change, %", format="+.1f"),
                nominal("best", title="Best response"),
            ],
        },
    }


def _lanes(x: Channel, codes: list[str], theme: Theme) -> list[dict[str, Any]]:
    """Per response a mark for each of its patients, under the bars, and its letters before the lane."""
    layers: list[dict[str, Any]] = []
    for place, code in enumerate(codes):
        middle = {"value": HEIGHT + LANES_FROM_PX + LANE_PX * place}
        colours = {"fill": fill_of(code, theme=theme), "stroke": edge_of(code, theme=theme)}
        layers += [
            {
                "data": {"name": "bars"},
                "transform": [{"filter": f"datum.code == '{code}'"}],
                "mark": {"type": "bar", "height": LANE_MARK_PX, "strokeWidth": 0.5, **colours},
                "encoding": {"x": x, "y": middle},
            },
            {
                "data": {"values": [{"letters": response_letters(code)}]},
                "mark": {"type": "text", "align": "right", "fontSize": 10, "color": theme.text},
                "encoding": {"x": {"value": -6}, "y": middle, "text": nominal("letters")},
            },
        ]
    return layers


def _letters(x: Channel, theme: Theme) -> dict[str, Any]:
    return {
        "data": {"name": "bars"},
        "mark": {"type": "text", "fontSize": 9.5, "color": theme.secondary},
        "encoding": {"x": x, "y": quantitative("tip", title=Y_TITLE), "text": nominal("letters")},
    }
