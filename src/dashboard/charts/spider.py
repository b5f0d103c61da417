"""Spider: the change of the sum of diameters over time, one line per patient, coloured by best response."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.response_frame import (
    change_axis,
    edge_of,
    limit_rows,
    limits_layer,
    nominal,
    quantitative,
    response_codes,
    response_label,
    response_spec,
    shape_of,
)
from dashboard.charts.theme import Theme, ThemeName, theme_of

HEIGHT = 300
Y_TITLE = "change of the sum, %"
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
    n = points["patient"].nunique()
    return response_spec(
        [limits_layer(theme, title=Y_TITLE), *_lines(codes, theme, options=options, is_faint=n > FEW)],
        theme,
        height=HEIGHT,
        datasets={"points": _drawn(points), "limits": limit_rows()},
    )


def _drawn(points: pd.DataFrame) -> list[dict[str, Any]]:
    """Every point with 0 % at month 0 before the first of its patient, who has one best response."""
    own = points[["patient", "months", "change_percent", "best"]].sort_values(["patient", "months"])
    first = own.drop_duplicates("patient").assign(months=0.0, change_percent=0.0)
    labels = dict(zip(first["patient"], map(response_label, first["best"]), strict=True))
    both = pd.concat([first, own]).sort_values("patient", kind="stable")
    return [
        {
            "patient": str(patient),
            "months": round(float(months), 2),
            "change": round(float(change), 1),
            "best": labels[patient],
        }
        for patient, months, change in zip(
            both["patient"], both["months"], both["change_percent"], strict=True
        )
    ]


def _lines(codes: list[str], theme: Theme, *, options: SpiderOptions, is_faint: bool) -> list[dict[str, Any]]:
    labels = [response_label(code) for code in codes]
    inks = {"domain": labels, "range": [_ink(code, theme) for code in codes]}
    shapes = {"domain": labels, "range": [shape_of(code) for code in codes]}
    encoding = {
        "x": quantitative(
            "months", title=f"months from {options.origin}", axis={"grid": False, "tickMinStep": 3}
        ),
        "y": quantitative("change", title=Y_TITLE, axis=change_axis()),
        "detail": nominal("patient"),
        "color": nominal("best", title="Best response", scale=inks),
        "tooltip": [
            nominal("patient", title="Patient"),
            quantitative("months", title="Months", format=".1f"),
            quantitative("change", title="Change, %", format="+.1f"),
            nominal("best", title="Best response"),
        ],
    }
    line = {"strokeWidth": 1.2 if is_faint else 1.8, "opacity": 0.6 if is_faint else 0.9}
    point = {"size": 14 if is_faint else 30, "opacity": 0.85 if is_faint else 1}
    shape = nominal("best", title="Best response", scale=shapes)
    return [
        {"data": {"name": "points"}, "mark": {"type": "line", **line}, "encoding": encoding},
        {
            "data": {"name": "points"},
            "mark": {"type": "point", "filled": True, "strokeWidth": 0.5, **point},
            "encoding": {**encoding, "shape": shape},
        },
    ]


def _ink(code: str, theme: Theme) -> str:
    """Colour of a line: a response without a fill, or with a white one, has that of its edge."""
    return edge_of(code, theme=theme)
