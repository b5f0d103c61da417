"""What the three drawings of response share: colours of responses by name, and the theme."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts.theme import FONT, SHAPES, Theme, count_axis
from dashboard.studies.vocabulary import RESPONSES
from dashboard.tables.formats import NOTHING

ORDER = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "EQUIVOCAL", "MISSING", "UNASSESSED")
# RECIST 1.1: a fall of 30 % is a partial response, a rise of 20 % (over the smallest sum) progression.
LIMITS = (-30, 20)
LEGEND_COLUMNS = 4


def response_codes(found: Sequence[str]) -> list[str]:
    """The responses that occur, best first."""
    return [code for code in ORDER if code in set(found)]


def response_label(code: str) -> str:
    """The words of a response with its letters, as in a legend."""
    mark = RESPONSES[code]
    return f"{mark.letters} · {mark.label}" if mark.letters else mark.label


def response_letters(code: str) -> str:
    """The letters of a response, which tell it without colour; a dash where there was no assessment."""
    return RESPONSES[code].letters or NOTHING


def fill_of(code: str, *, theme: Theme) -> str:
    """Fill of a response; that of the page where it has none."""
    return RESPONSES[code].fill or theme.page


def edge_of(code: str, *, theme: Theme) -> str:
    """Edge of a response: its own, else its fill; a black edge turns light in the dark theme."""
    edge = RESPONSES[code].edge or fill_of(code, theme=theme)
    return theme.text if edge == "#000000" else edge


def shape_of(code: str) -> str:
    """Shape of a response as Vega knows it."""
    shape = RESPONSES[code].shape
    return SHAPES.get(shape, shape)


def fill_scale(codes: Sequence[str], *, theme: Theme) -> dict[str, Any]:
    """Fill by the words of the response."""
    return {
        "domain": [response_label(code) for code in codes],
        "range": [fill_of(code, theme=theme) for code in codes],
    }


def edge_scale(codes: Sequence[str], *, theme: Theme) -> dict[str, Any]:
    """Edge by the words of the response."""
    return {
        "domain": [response_label(code) for code in codes],
        "range": [edge_of(code, theme=theme) for code in codes],
    }


def change_axis() -> dict[str, Any]:
    """Axis of a change in per cent: a sign on every number but 0."""
    return {"tickCount": 6, "format": "+d", "labelExpr": "datum.value == 0 ? '0' : datum.label"}


def nominal(field: str, **more: Any) -> dict[str, Any]:
    """A channel of words."""
    return {"field": field, "type": "nominal", **more}


def quantitative(field: str, **more: Any) -> dict[str, Any]:
    """A channel of numbers."""
    return {"field": field, "type": "quantitative", **more}


def limits_layer(theme: Theme, *, title: str) -> dict[str, Any]:
    """The dashed lines of the data set `limits`."""
    return {
        "data": {"name": "limits"},
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": theme.secondary, "strokeWidth": 1},
        "encoding": {"y": quantitative("limit", title=title)},
    }


def limit_rows() -> list[dict[str, Any]]:
    """Rows of the data set `limits`: the dashed lines."""
    return [{"limit": limit} for limit in LIMITS]


def response_spec(
    layers: Sequence[Mapping[str, Any]],
    theme: Theme,
    *,
    height: int | Mapping[str, int],
    datasets: Mapping[str, list[dict[str, Any]]],
) -> dict[str, Any]:
    """Specification of the layers with ground, type and axis colours of the theme; the legend above."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": list(layers),
        "datasets": dict(datasets),
        "config": {
            "background": theme.page,
            "font": FONT,
            "view": {"stroke": None},
            "axis": count_axis(theme),
            "legend": {
                "orient": "top",
                "direction": "horizontal",
                "labelColor": theme.text,
                "titleColor": theme.secondary,
                "labelFontSize": 11.5,
                "titleFontSize": 11.5,
                "titleFontWeight": "normal",
                "labelLimit": 240,
                "symbolSize": 110,
                "columnPadding": 14,
                "columns": LEGEND_COLUMNS,
                "symbolOpacity": 1,
            },
        },
    }
