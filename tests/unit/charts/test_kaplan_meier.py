"""The Kaplan-Meier figure: what is drawn where, in which colour, and that its numbers are those given."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.kaplan_meier import KaplanMeierData, KaplanMeierOptions, kaplan_meier_chart
from dashboard.charts.kaplan_meier_marks import (
    axis_ticks,
    band_marks,
    censor_marks,
    corners_of,
    curve_marks,
    level_parts,
    pieces_layer,
)
from dashboard.charts.theme import theme_of
from dashboard.stats import count_at, derive_dimmed, estimate_survival
from dashboard.studies import vocabulary
from tests.drawn_points import unfolded
from tests.unit.stats.tables import one_to, table

OPTIONS = KaplanMeierOptions(x_title="months since enrolment", y_title="OS, %")
# Four die at 1 to 4; the second group of seven loses one at 2 and six are censored at 9.
TIMES = [*one_to(4), 2.0, *[9.0] * 6]
EVENTS = [1, 1, 1, 1, 1, *[0] * 6]
GROUPS = [*["A"] * 4, *["B"] * 7]


def data(**more: Any) -> KaplanMeierData:
    found = table(TIMES, EVENTS, groups=GROUPS)
    curve = derive_dimmed(estimate_survival(found))
    return KaplanMeierData(curve=curve, counts=count_at(found, times=[0, 3, 6, 9]), **more)


def marks_of(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [mark for piece in pieces for mark in unfolded(piece)]


def corners(marks: list[dict[str, Any]], group: str) -> list[tuple[float, float]]:
    return [(mark["time"], round(mark["survival"], 9)) for mark in marks if mark["group"] == group]


def layers(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [part for part in spec["layer"] if part["mark"]["type"] == kind]


def texts(spec: dict[str, Any]) -> list[str]:
    return [
        str(value.get("text", value.get("label", value.get("group", value.get("name")))))
        for part in layers(spec, "text")
        for value in part["data"]["values"]
    ]


@pytest.mark.parametrize(
    ("longest", "last", "step"),
    [(0, 1, 1), (7.9, 8, 1), (8, 8, 1), (8.1, 10, 2), (36, 36, 6), (43, 48, 6), (60, 60, 12), (97, 120, 24)],
)
def test_ticks_are_whole_steps_up_to_the_first_beyond_the_longest_time(
    longest: float, last: float, step: float
) -> None:
    ticks = axis_ticks(longest)
    assert (ticks[0], ticks[1], ticks[-1]) == (0, step, last)
    assert len(ticks) <= 9


def test_the_curve_steps_down_at_each_event_and_ends_at_the_last_patient() -> None:
    marks = marks_of(curve_marks(level_parts(data().curve, until=9)))
    assert corners(marks, "B") == [
        (0, 100),
        (2, 100),
        (2, 85.7143),
        (9, 85.7143),
        (9, 85.7143),
    ]
    assert corners(marks, "A")[-1] == (4, 0)
    assert max(time for time, _ in corners(marks, "B")) == 9


def test_the_curve_is_never_drawn_beyond_the_axis() -> None:
    marks = marks_of(curve_marks(level_parts(data().curve, until=3)))
    assert max(mark["time"] for mark in marks) == 3
    assert corners(marks, "B")[-1] == (3, 85.7143)


def test_a_dimmed_stretch_is_a_run_of_its_own() -> None:
    """Of twelve dying at 1 to 12 five are at risk up to 8, fewer from there on."""
    curve = derive_dimmed(estimate_survival(table(one_to(12))))
    marks = marks_of(curve_marks(level_parts(curve, until=12)))
    assert {mark["run"] for mark in marks} == {"all/0", "all/1"}
    bright = [mark["time"] for mark in marks if not mark["is_dimmed"]]
    dim = [mark["time"] for mark in marks if mark["is_dimmed"]]
    assert (max(bright), min(dim)) == (8, 8)


def test_a_layer_unfolds_every_list_of_its_pieces_and_nothing_where_there_are_none() -> None:
    piece = {"group": "A", "time": [0.0, 2.0], "survival": [100.0, 50.0]}
    assert pieces_layer([piece], {"type": "line"})["transform"] == [{"flatten": ["time", "survival"]}]
    assert "transform" not in pieces_layer([], {"type": "line"})
    assert marks_of([piece]) == [
        {"group": "A", "time": 0.0, "survival": 100.0},
        {"group": "A", "time": 2.0, "survival": 50.0},
    ]


def test_a_band_that_ceases_begins_again_as_a_run_of_its_own() -> None:
    """Known up to 1 and from 2, unknown between; from 3 few are at risk."""
    curve = pd.DataFrame(
        {
            "group": "A",
            "time": [1.0, 2.0, 3.0, 4.0],
            "survival": [0.8, 0.6, 0.4, 0.2],
            "lower": [0.7, None, 0.3, 0.1],
            "upper": [0.9, None, 0.5, 0.3],
            "is_dimmed": [False, False, False, True],
        }
    )
    pieces = band_marks(level_parts(curve, until=4))
    assert [(one["run"], one["is_dimmed"], one["time"], one["lower"]) for one in pieces] == [
        ("A/1", False, [1, 2], [70, 70]),
        ("A/3", True, [3, 4], [30, 30]),
    ]


def test_there_is_no_band_where_it_is_unknown() -> None:
    """At 100 % and at 0 there is no band."""
    marks = marks_of(band_marks(level_parts(data().curve, until=9)))
    own = [mark for mark in marks if mark["group"] == "B"]
    assert (min(mark["time"] for mark in own), max(mark["time"] for mark in own)) == (2, 9)
    assert all(mark["lower"] < 85.7143 < mark["upper"] for mark in own)


def test_censored_patients_are_marked_on_the_curve_with_their_number() -> None:
    (mark,) = marks_of(censor_marks(data().curve, until=9))
    assert (mark["group"], mark["time"], mark["n_censored"]) == ("B", 9, 6)
    assert censor_marks(data().curve, until=8) == []


def test_corners_are_per_group_and_in_the_order_of_time() -> None:
    found = corners_of(curve_marks(level_parts(data().curve, until=9)))
    assert found["A"][-2:] == [(4, 25), (4, 0)]
    assert list(found) == ["A", "B"]


def test_every_group_is_named_once_on_its_curve_in_its_colour() -> None:
    spec = kaplan_meier_chart(data(), options=OPTIONS)
    named = [
        (value["group"], part["encoding"]["color"]["scale"]["domain"])
        for part in layers(spec, "text")
        if "color" in part["encoding"]
        for value in part["data"]["values"]
    ]
    assert sorted(named) == [("A", ["A", "B"]), ("B", ["A", "B"])]


def test_groups_are_told_apart_without_colour_by_a_dash_that_the_rows_below_repeat() -> None:
    found = table(one_to(5), groups=list("ABCDE"))
    five = KaplanMeierData(
        curve=derive_dimmed(estimate_survival(found)), counts=count_at(found, times=[0, 5])
    )
    spec = kaplan_meier_chart(five, options=OPTIONS)
    dashes = layers(spec, "line")[0]["encoding"]["strokeDash"]["scale"]["range"]
    assert len({tuple(one) for one in dashes[:4]}) == 4
    # The fifth has the colour of the first, and another dash.
    assert dashes[4] != dashes[0]
    samples = [part["mark"]["strokeDash"] for part in layers(spec, "rule") if part["data"]["values"] == [{}]]
    assert samples == dashes


def test_the_rows_under_the_axis_hold_every_count_in_the_order_of_the_field() -> None:
    words = [word for word in texts(kaplan_meier_chart(data(), options=OPTIONS)) if not word.isdigit()]
    block = ["at risk", "not yet entered", "censored", "events"]
    assert words[-10:] == ["A", *block, "B", *block]


def test_the_counts_stand_at_their_ticks() -> None:
    spec = kaplan_meier_chart(data(), options=OPTIONS)
    numbers = [
        [(value["time"], value["text"]) for value in part["data"]["values"]]
        for part in layers(spec, "text")
        if "time" in part["data"]["values"][0] and "text" in part["data"]["values"][0]
    ]
    assert numbers[0] == [(0, "4"), (3, "2"), (6, "0"), (9, "0")]
    assert len(numbers) == 8
    assert spec["encoding"]["x"]["axis"]["values"] == [0, 3, 6, 9]


def test_patients_who_move_have_rows_for_it() -> None:
    moving = data()
    counts = moving.counts.drop(columns="n_not_entered").assign(n_moved_in=1, n_moved_out=2)
    words = texts(kaplan_meier_chart(replace(moving, counts=counts), options=OPTIONS))
    assert [word for word in words if word.startswith("moved")] == ["moved in", "moved out"] * 2
    assert "not yet entered" not in words


def test_the_axes_run_from_0_to_100_and_carry_origin_and_endpoint() -> None:
    encoding = kaplan_meier_chart(data(), options=OPTIONS)["encoding"]
    assert encoding["y"]["scale"]["domain"] == [0, 100]
    assert (encoding["x"]["title"], encoding["y"]["title"]) == ("months since enrolment", "OS, %")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_groups_take_the_colours_of_the_vocabulary(theme: Any) -> None:
    spec = kaplan_meier_chart(data(), options=replace(OPTIONS, theme=theme))
    scale = layers(spec, "line")[-1]["encoding"]["color"]["scale"]
    assert scale["domain"] == ["A", "B"]
    assert scale["range"] == [getattr(shade, theme) for shade in vocabulary.GROUPS[:2]]
    assert spec["background"] == theme_of(theme).page


def many(n: int) -> dict[str, Any]:
    """The drawing of so many groups, one after the other losing its patients."""
    found = table(one_to(2 * n), groups=[f"Group {place // 2}" for place in range(2 * n)])
    drawn = KaplanMeierData(
        curve=derive_dimmed(estimate_survival(found)), counts=count_at(found, times=[0, 2 * n])
    )
    return kaplan_meier_chart(drawn, options=OPTIONS)


def test_seven_groups_have_each_a_colour_and_a_dash_of_their_own() -> None:
    encoding = layers(many(7), "line")[0]["encoding"]
    for channel in ("color", "strokeDash"):
        assert len({str(one) for one in encoding[channel]["scale"]["range"]}) == 7


@pytest.mark.parametrize(("n", "keys"), [(5, list("ABCDE")), (7, list("ABCDEFG"))])
def test_curves_too_many_to_be_named_have_a_letter_on_each_and_before_its_rows(
    n: int, keys: list[str]
) -> None:
    spec = many(n)
    letters = [
        mark["curve_letter"]
        for part in layers(spec, "text")
        for mark in part["data"]["values"]
        if "curve_letter" in mark and "group" not in mark
    ]
    on_curves = {
        mark["group"]: mark["curve_letter"]
        for part in layers(spec, "text")
        for mark in part["data"]["values"]
        if "curve_letter" in mark and "group" in mark
    }
    assert letters == keys
    assert on_curves == {f"Group {place}": key for place, key in enumerate(keys)}


@pytest.mark.parametrize(("n_letters", "is_named"), [(10, True), (90, False)])
def test_a_name_without_a_free_place_gives_way_to_letters(n_letters: int, is_named: bool) -> None:
    """Three curves level at 20, 60 and 90 % from month 1: of 90 letters a name is wider than the plot."""
    names = [letter * n_letters for letter in "abc"]
    lost = [1] * 8 + [0] * 2 + [1] * 4 + [0] * 6 + [1] + [0] * 9
    found = table(
        [1.0 if is_lost else 13.0 for is_lost in lost],
        lost,
        groups=[names[place // 10] for place in range(30)],
    )
    counts = count_at(found, times=[0, 13])
    drawn = KaplanMeierData(curve=derive_dimmed(estimate_survival(found)), counts=counts)
    spec = kaplan_meier_chart(drawn, options=OPTIONS)
    marks = [mark for part in layers(spec, "text") for mark in part["data"]["values"]]
    on_curves = [mark for mark in marks if "group" in mark]
    assert {mark["group"] for mark in on_curves} == set(names)
    assert {"curve_letter" in mark for mark in on_curves} == {not is_named}
    # The rows below name every curve all the same.
    assert set(names) <= {mark.get("text") for mark in marks}


@pytest.mark.parametrize(("horizon", "is_drawn"), [(None, False), (6, True), (9, True), (10, False)])
def test_the_protocol_horizon_is_a_mark_and_ends_nothing(horizon: float | None, is_drawn: bool) -> None:
    options = replace(OPTIONS, horizon=horizon, horizon_label="protocol horizon")
    spec = kaplan_meier_chart(data(), options=options)
    assert ("protocol horizon" in texts(spec)) == is_drawn
    assert max(mark["time"] for mark in marks_of(layers(spec, "line")[-1]["data"]["values"])) == 9


def test_the_previous_data_cut_is_a_grey_line_behind() -> None:
    previous = estimate_survival(table([1, 2], groups=["A", "B"]))[["group", "time", "survival"]]
    spec = kaplan_meier_chart(data(previous=previous), options=OPTIONS)
    behind, own = layers(spec, "line")
    assert behind["mark"]["color"] == theme_of("light").secondary
    assert "color" not in behind["encoding"]
    assert "color" in own["encoding"]
    assert "previous data cut" in texts(spec)


def test_a_median_drops_from_one_half_to_the_axis_only_where_given() -> None:
    def drawn(**more: Any) -> list[dict[str, Any]]:
        rules = layers(kaplan_meier_chart(data(**more), options=OPTIONS), "rule")
        return [part for part in rules if "foot" in part["encoding"].get("y2", {}).get("field", "")]

    assert drawn() == []
    (drops,) = drawn(medians={"A": 2.5})
    assert drops["data"]["values"] == [{"group": "A", "time": 2.5, "survival": 50, "foot": 0}]


def test_band_and_censor_marks_can_be_left_out() -> None:
    bare = kaplan_meier_chart(data(), options=replace(OPTIONS, has_band=False, has_censor_marks=False))
    assert layers(bare, "area") == layers(bare, "tick") == []
    assert layers(kaplan_meier_chart(data(), options=OPTIONS), "area")


@pytest.mark.parametrize(("n_curves", "has_bands"), [(1, True), (2, True), (3, False), (4, False)])
def test_the_bands_of_more_than_two_curves_are_drawn_only_where_asked_for(
    n_curves: int, has_bands: bool
) -> None:
    names = [name for name in "ABCD"[:n_curves] for _ in range(4)]
    found = table([*one_to(4)] * n_curves, [1] * 4 * n_curves, groups=names)
    many = KaplanMeierData(
        curve=derive_dimmed(estimate_survival(found)), counts=count_at(found, times=[0, 4])
    )
    assert bool(layers(kaplan_meier_chart(many, options=OPTIONS), "area")) == has_bands
    every = replace(OPTIONS, has_every_band=True)
    assert layers(kaplan_meier_chart(many, options=every), "area")
    assert not layers(kaplan_meier_chart(many, options=replace(every, has_band=False)), "area")


def test_one_group_needs_no_name_on_its_curve() -> None:
    found = table(one_to(4))
    alone = KaplanMeierData(
        curve=derive_dimmed(estimate_survival(found)), counts=count_at(found, times=[0, 4])
    )
    assert texts(kaplan_meier_chart(alone, options=OPTIONS)).count("all") == 1


def test_no_value_is_missing_in_the_way_json_does_not_know() -> None:
    values = [
        value
        for part in kaplan_meier_chart(data(), options=OPTIONS)["layer"]
        for mark in marks_of(part["data"]["values"])
        for value in mark.values()
    ]
    assert values
    assert not any(isinstance(value, float) and value != value for value in values)
    assert not any(value is pd.NA for value in values)
