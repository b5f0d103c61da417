"""Swimmer: one row per patient from the start of a line, with every response, who goes on and who died."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.response_frame import (
    edge_of,
    fill_of,
    nominal,
    quantitative,
    response_codes,
    response_label,
    response_letters,
    response_spec,
    shape_of,
)
from dashboard.charts.theme import Theme, ThemeName, theme_of

STEP_PX = 18
DIED = "Died"
FOLLOWED = "Thin line: followed after the bar"
# The same words for shape, fill and edge make one legend of the three.
LEGEND = "Marks, bar and line"
LABEL_LIMIT_PX = 400
# Words this long are cut at the right edge of a page 1,280 px wide where four stand side by side.
LEGEND_COLUMNS = 3
BAR = "M-1,-0.5L1,-0.5L1,0.5L-1,0.5Z"
RULE = "M-1.1,-0.09L1.1,-0.09L1.1,0.09L-1.1,0.09Z"
ARROW = "M-0.9,-0.8L0.9,0L-0.9,0.8Z"
CROSS = (
    "M-0.8,-0.55L-0.55,-0.8L0,-0.25L0.55,-0.8L0.8,-0.55L0.25,0"
    "L0.8,0.55L0.55,0.8L0,0.25L-0.55,0.8L-0.8,0.55L-0.25,0Z"
)
# The ongoing arrow and the death stand behind the end of the row, so that no response hides them.
BEYOND_SHARE = 0.012
# Room before the bars for the letters of the best response, which tell it without colour.
LETTERS_PX = 34
Channel = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SwimmerOptions:
    """In which theme, what the rows count from, and the words of the legend for bar, arrow and grey marks.

    `best` says what the colour of the bar tells.
    """

    theme: ThemeName = "light"
    origin: str = "start of the line"
    bar: str = "Bar: time on treatment; colour, letters: best response"
    ongoing: str = "Still on this line when last seen"
    after: str = "Grey: after progression, same treatment"
    best: str = "Best response"


def swimmer_chart(bars: pd.DataFrame, marks: pd.DataFrame, *, options: SwimmerOptions) -> dict[str, Any]:
    """Vega-Lite specification.

    `bars` has one row per patient in the order of the figure: patient, best, line_months (empty where it is
    not known), followed_months, is_ongoing, has_died. `marks` has one row per response: patient, months,
    response, is_after_progression.
    """
    theme = theme_of(options.theme)
    rows = [_bar(row) for row in bars.to_dict("records")]
    longest = max([1.0, *(row["followed"] for row in rows)])
    drawn = [*_responses(marks), *_ends(rows, beyond=longest * BEYOND_SHARE, ongoing=options.ongoing)]
    codes = response_codes([*bars["best"], *marks["response"]])
    y = nominal(
        "patient",
        title=None,
        sort=[row["patient"] for row in rows],
        axis={"ticks": False, "domain": False, "labelPadding": LETTERS_PX},
    )
    x = {"domain": [0, round(longest * 1.03, 2)], "nice": False}
    bars_by_code = [_line(y, code, theme, options) for code in response_codes(list(bars["best"]))]
    points = _marks(y, _legend(codes, theme, options), theme)
    return response_spec(
        [_followed(y, x, theme, options), *bars_by_code, _letters(y, theme), points],
        theme,
        height={"step": STEP_PX},
        datasets={"rows": rows, "marks": drawn},
    )


def _bar(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    on_line = row["line_months"]
    return {
        "patient": str(row["patient"]),
        "start": 0.0,
        "line_end": 0.0 if pd.isna(on_line) else round(float(on_line), 2),
        "best": response_label(str(row["best"])),
        "code": str(row["best"]),
        "letters": response_letters(str(row["best"])),
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
            "is_after": bool(row["is_after_progression"]),
        }
        for row in marks.to_dict("records")
    ]


def _ends(rows: list[dict[str, Any]], *, beyond: float, ongoing: str) -> list[dict[str, Any]]:
    """The arrow of who goes on, the cross of who died."""
    ends = []
    for row in rows:
        word = DIED if row["has_died"] else ongoing if row["is_ongoing"] else None
        if word:
            months = round(row["followed"] + beyond, 2)
            ends.append({"patient": row["patient"], "months": months, "mark": word, "is_after": False})
    return ends


def _followed(y: Channel, x: Channel, theme: Theme, options: SwimmerOptions) -> dict[str, Any]:
    """The thin line: how long the patient was followed after the bar."""
    axis = {"grid": True, "tickMinStep": 1, "orient": "bottom"}
    title = f"months from {options.origin}"
    return {
        "data": {"name": "rows"},
        "mark": {"type": "rule", "strokeWidth": 1.6, "color": theme.secondary},
        "encoding": {
            "y": y,
            "x": quantitative("line_end", title=title, scale=x, axis=axis),
            "x2": {"field": "followed"},
        },
    }


def _line(y: Channel, code: str, theme: Theme, options: SwimmerOptions) -> dict[str, Any]:
    """The bars of one best response: time on the line. Colours by field would split the legend."""
    return {
        "data": {"name": "rows"},
        "transform": [{"filter": f"datum.code == '{code}' && isValid(datum.line)"}],
        "mark": {
            "type": "bar",
            "height": 11,
            "fill": fill_of(code, theme=theme),
            "fillOpacity": 0.45,
            "stroke": edge_of(code, theme=theme),
            "strokeWidth": 1,
            "cornerRadius": 2,
        },
        "encoding": {
            "y": y,
            "x": quantitative("start"),
            "x2": {"field": "line"},
            "tooltip": [
                nominal("patient", title="Patient"),
                nominal("best", title=options.best),
                quantitative("line", title="Months, bar", format=".1f"),
                quantitative("followed", title="Months followed", format=".1f"),
            ],
        },
    }


def _letters(y: Channel, theme: Theme) -> dict[str, Any]:
    """Letters of the best response before the bar."""
    return {
        "data": {"name": "rows"},
        "mark": {"type": "text", "align": "center", "fontSize": 10.5, "fontWeight": 600, "color": theme.text},
        "encoding": {"y": y, "x": {"value": -LETTERS_PX / 2}, "text": nominal("letters")},
    }


@dataclass(frozen=True)
class _Entry:
    """One line of the legend: its words, shape, fill and edge."""

    words: str
    shape: str
    fill: str
    edge: str


def _legend(codes: list[str], theme: Theme, options: SwimmerOptions) -> list[_Entry]:
    """Every response that occurs, how a row ends, and what bar, thin line and grey marks are."""
    responses = [
        _Entry(response_label(code), shape_of(code), fill_of(code, theme=theme), edge_of(code, theme=theme))
        for code in codes
    ]
    return [
        *responses,
        _Entry(options.ongoing, ARROW, theme.text, theme.text),
        _Entry(DIED, CROSS, theme.text, theme.text),
        _Entry(options.after, "circle", theme.border, theme.secondary),
        _Entry(options.bar, BAR, theme.border, theme.secondary),
        _Entry(FOLLOWED, RULE, theme.secondary, theme.secondary),
    ]


def _marks(y: Channel, entries: list[_Entry], theme: Theme) -> dict[str, Any]:
    """Responses and ends of rows; what was seen after progression is grey, whatever it was."""
    words = [entry.words for entry in entries]

    def channel(values: list[str], *, after: str | None = None) -> Channel:
        grey = {"condition": {"test": "datum.is_after", "value": after}} if after else {}
        scale = {"domain": words, "range": values}
        legend = {"labelLimit": LABEL_LIMIT_PX, "columns": LEGEND_COLUMNS}
        return nominal("mark", title=LEGEND, legend=legend, scale=scale, **grey)

    return {
        "data": {"name": "marks"},
        "mark": {"type": "point", "size": 70, "opacity": 1, "strokeWidth": 1.2},
        "encoding": {
            "y": y,
            "x": quantitative("months"),
            "shape": channel([entry.shape for entry in entries]),
            "fill": channel([entry.fill for entry in entries], after=theme.border),
            "stroke": channel([entry.edge for entry in entries], after=theme.secondary),
            "tooltip": [
                nominal("patient", title="Patient"),
                nominal("mark", title="Response"),
                quantitative("months", title="Months", format=".1f"),
                nominal("is_after", title="After progression"),
            ],
        },
    }
