"""The figure of cumulative incidence: what is drawn where, and that its numbers are those given."""

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.charts.cumulative_incidence import IncidenceOptions, cumulative_incidence_chart

OPTIONS = IncidenceOptions(x_title="months", y_title="Time to progression, %", event="progression")
CURVE = pd.DataFrame(
    {
        "cause": ["progression", "progression", "progression", "death"],
        "time": [2.0, 5.0, 9.0, 5.0],
        "incidence": [0.25, 0.5, 0.75, 0.125],
        "lower": [0.1, 0.3, 0.5, None],
        "upper": [0.6, 0.8, 1.0, None],
        "at_risk": [8, 6, 2, 6],
        "is_dimmed": [False, False, True, False],
    }
)
COUNTS = pd.DataFrame(
    {
        "group": "All",
        "time": [0.0, 4.0, 8.0],
        "at_risk": [8, 6, 2],
        "n_censored": [0, 0, 1],
        "n_event": [0, 2, 5],
    }
)


def drawn(**more: Any) -> list[dict[str, Any]]:
    options = IncidenceOptions(**{**vars(OPTIONS), **more})
    return list(cumulative_incidence_chart(CURVE, COUNTS, options=options)["layer"])


def lines(layers: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [part["data"]["values"] for part in layers if part["mark"]["type"] == "line"]


def test_every_curve_begins_at_0_and_ends_with_the_axis() -> None:
    whole = lines(drawn())[0]
    corners = [(mark["cause"], mark["time"], mark["incidence"]) for mark in whole]
    assert corners == [
        ("progression", 0.0, 0.0),
        ("progression", 2.0, 25.0),
        ("progression", 5.0, 50.0),
        ("death", 0.0, 0.0),
        ("death", 5.0, 12.5),
    ]


def test_the_strong_line_leaves_out_what_is_dimmed() -> None:
    later = COUNTS.assign(time=[0.0, 6.0, 12.0])
    layers = cumulative_incidence_chart(CURVE, later, options=OPTIONS)["layer"]
    faint, strong = lines(layers)
    assert [mark["time"] for mark in faint if mark["cause"] == "progression"] == [0.0, 2.0, 5.0, 9.0]
    assert [mark["time"] for mark in strong if mark["cause"] == "progression"] == [0.0, 2.0, 5.0]


def bands(layers: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [part["data"]["values"] for part in layers if part["mark"]["type"] == "area"]


def test_the_band_is_that_of_the_event_alone_and_fainter_where_few_are_at_risk() -> None:
    later = COUNTS.assign(time=[0.0, 6.0, 12.0])
    faint, strong = bands(cumulative_incidence_chart(CURVE, later, options=OPTIONS)["layer"])
    assert {mark["cause"] for mark in faint} == {"progression"}
    assert [mark["time"] for mark in faint] == [2.0, 5.0, 9.0]
    assert [mark["time"] for mark in strong] == [2.0, 5.0]
    assert [part for part in drawn(has_band=False) if part["mark"]["type"] == "area"] == []


def test_the_event_has_the_first_colour_in_both_themes() -> None:
    for theme in ("light", "dark"):
        colour = next(part for part in drawn(theme=theme) if part["mark"]["type"] == "line")["encoding"][
            "color"
        ]
        assert colour["scale"]["domain"] == ["progression", "death"]


def texts(layers: list[dict[str, Any]], field: str) -> list[str]:
    marks = [mark for part in layers if part["mark"]["type"] == "text" for mark in part["data"]["values"]]
    return [str(mark[field]) for mark in marks if field in mark]


def test_names_without_a_place_of_their_own_give_way_to_letters_that_rows_explain() -> None:
    """Names wider than the plot: letters on the curves, both names with their letters above the counts."""
    longer = {"progression": "progression " * 6, "death": "death without it " * 6}
    curve = CURVE.assign(cause=CURVE["cause"].map(longer))
    options = replace(OPTIONS, event=longer["progression"])
    layers = cumulative_incidence_chart(curve, COUNTS, options=options)["layer"]
    assert sorted(texts(layers, "curve_letter")) == ["A", "A", "B", "B"]
    assert texts(layers, "text")[:3] == [longer["progression"], longer["death"], "All"]


def test_a_name_on_the_curve_needs_no_letter() -> None:
    level = pd.DataFrame(
        {
            "cause": ["first", "second"] * 2,
            "time": [0.5, 0.5, 8.0, 8.0],
            "incidence": [0.6, 0.2] * 2,
            "lower": 0.1,
            "upper": 0.7,
            "at_risk": 8,
            "is_dimmed": False,
        }
    )
    layers = cumulative_incidence_chart(level, COUNTS, options=replace(OPTIONS, event="first"))["layer"]
    assert set(texts(layers, "cause")) == {"first", "second"}
    assert texts(layers, "curve_letter") == []
