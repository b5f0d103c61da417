"""Drawings of response can be read without colour: by letters, lanes and shapes."""

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.adverse_events import AdverseEventOptions, adverse_event_chart
from dashboard.charts.spider import SpiderOptions, spider_chart
from dashboard.charts.swimmer import SwimmerOptions, swimmer_chart
from dashboard.charts.theme import theme_of
from dashboard.charts.waterfall import MOST_LETTERS, WaterfallOptions, waterfall_chart

SHAPES = {"CR": "circle", "PR": "diamond", "SD": "square", "PD": "triangle-up"}


def change_of(n: int) -> pd.DataFrame:
    best = [("CR", "PR", "SD", "PD")[place % 4] for place in range(n)]
    return pd.DataFrame(
        {"patient": [f"P{place}" for place in range(n)], "change_percent": range(n), "best": best}
    )


def lanes(spec: dict[str, Any]) -> list[str]:
    """Letters of the lanes, by the filters of their marks."""
    return [
        part["transform"][0]["filter"].split("'")[1]
        for part in spec["layer"]
        if part["mark"]["type"] == "bar" and "transform" in part
    ]


@pytest.mark.parametrize(("n", "has_lanes"), [(MOST_LETTERS, False), (MOST_LETTERS + 1, True)])
def test_a_waterfall_has_letters_at_its_bars_or_a_lane_for_each_response(n: int, has_lanes: bool) -> None:
    spec = waterfall_chart(change_of(n), options=WaterfallOptions())
    texts = [part["encoding"]["text"]["field"] for part in spec["layer"] if part["mark"]["type"] == "text"]
    assert lanes(spec) == (["CR", "PR", "SD", "PD"] if has_lanes else [])
    assert texts == ["letters"] * (4 if has_lanes else 1)
    assert {row["letters"] for row in spec["datasets"]["bars"]} == {"CR", "PR", "SD", "PD"}


def test_responses_without_letters_have_lanes_of_their_own() -> None:
    best = ["EQUIVOCAL", "MISSING"] * MOST_LETTERS
    bars = change_of(len(best)).assign(best=best)
    assert lanes(waterfall_chart(bars, options=WaterfallOptions())) == ["EQUIVOCAL", "MISSING"]


def test_the_lanes_lie_below_each_other_under_the_bars() -> None:
    spec = waterfall_chart(change_of(MOST_LETTERS + 1), options=WaterfallOptions())
    heights = [
        part["encoding"]["y"]["value"]
        for part in spec["layer"]
        if part["mark"]["type"] == "bar" and "transform" in part
    ]
    assert heights == sorted(set(heights))
    assert min(heights) > spec["height"]


def test_the_points_of_a_spider_have_the_shape_of_the_best_response() -> None:
    points = change_of(4).assign(months=1.0)
    (shape,) = [
        part["encoding"]["shape"]["scale"]
        for part in spider_chart(points, options=SpiderOptions())["layer"]
        if "shape" in part.get("encoding", {})
    ]
    assert {
        words.split(" · ")[0]: one for words, one in zip(shape["domain"], shape["range"], strict=True)
    } == SHAPES


def test_a_row_of_the_swimmer_has_the_letters_of_its_best_response() -> None:
    bars = pd.DataFrame(
        {
            "patient": ["A", "B"],
            "best": ["PR", "MISSING"],
            "line_months": [3.0, 2.0],
            "followed_months": [3.0, 2.0],
            "is_ongoing": [True, False],
            "has_died": [False, False],
        }
    )
    marks = pd.DataFrame(
        {"patient": ["A"], "months": [2.0], "response": ["PR"], "is_after_progression": [False]}
    )
    spec = swimmer_chart(bars, marks, options=SwimmerOptions())
    assert {row["patient"]: row["letters"] for row in spec["datasets"]["rows"]} == {"A": "PR", "B": "–"}
    assert [
        part["encoding"]["text"]["field"] for part in spec["layer"] if part["mark"]["type"] == "text"
    ] == ["letters"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grades_grow_deeper_and_an_event_without_grade_is_hollow(theme: Any) -> None:
    counts = pd.DataFrame({"label": ["fatigue"], "n_any": [7], "n_related": [0]})
    counts = counts.assign(
        **{f"n_grade_{grade}": 1 for grade in range(1, 6)},
        **{f"n_related_grade_{grade}": 0 for grade in range(1, 6)},
    )
    spec = adverse_event_chart(counts, options=AdverseEventOptions(n_treated=10, theme=theme))
    bars = next(part["encoding"] for part in spec["layer"] if part["mark"]["type"] == "bar")
    *grades, none = bars["fill"]["scale"]["range"]
    light = [luminance(colour) for colour in grades]
    assert light == sorted(light, reverse=theme == "light")
    assert min(abs(one - other) for one, other in pairwise(light)) > 0.02
    assert none == theme_of(theme).page
    assert bars["stroke"]["scale"]["range"][-1] == theme_of(theme).secondary


def luminance(colour: str) -> float:
    """Relative luminance of a colour such as #9DBBDD (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
