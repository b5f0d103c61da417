"""Where the names of step curves stand: on curves whose free places can be seen by hand."""

from itertools import pairwise

import numpy as np
import pytest

from dashboard.charts.curve_names import (
    CHARACTER_PX,
    NAME_HEIGHT_PX,
    PLOT_HEIGHT_PX,
    PLOT_WIDTH_PX,
    NamePlace,
    free_places,
    keys_of,
    place_keys,
    place_names,
)

UNTIL = 48.0
# A falls at once and stays low, B stays high.
LOW = [(0.0, 100.0), (4.0, 100.0), (4.0, 30.0), (40.0, 30.0)]
HIGH = [(0.0, 100.0), (30.0, 100.0), (30.0, 80.0), (44.0, 80.0)]


def box(place: NamePlace, *, width_px: float = PLOT_WIDTH_PX) -> tuple[float, float, float, float]:
    """Left and right in months, bottom and top in per cent, on a plot of this width."""
    width = len(place.name) * CHARACTER_PX * UNTIL / width_px
    half = 50 * NAME_HEIGHT_PX / PLOT_HEIGHT_PX
    left = place.time if place.align == "left" else place.time - width
    return left, left + width, place.level - half, place.level + half


def crosses(where: tuple[float, float, float, float], corners: list[tuple[float, float]]) -> bool:
    left, right, bottom, top = where
    return any(
        left <= max(a[0], b[0])
        and right >= min(a[0], b[0])
        and bottom <= max(a[1], b[1])
        and top >= min(a[1], b[1])
        for a, b in pairwise(corners)
    )


def px_to_curve(
    where: tuple[float, float, float, float], corners: list[tuple[float, float]], time: float
) -> float:
    """Pixels up or down from a name to a curve at a time; infinite where the curve has ended."""
    if time > corners[-1][0]:
        return float("inf")
    level = [corner for corner in corners if corner[0] <= time][-1][1]
    return max(0.0, where[2] - level, level - where[3]) * PLOT_HEIGHT_PX / 100


def misread(
    places: list[NamePlace], curves: dict[str, list[tuple[float, float]]], *, width_px: float
) -> set[str]:
    """The names that somewhere are not at least 8 px nearer to their own curve than to any other."""
    found = set()
    for place in places:
        where = box(place, width_px=width_px)
        for time in np.linspace(where[0], where[1], 40):
            own = px_to_curve(where, curves[place.name], time)
            rest = [px_to_curve(where, one, time) for name, one in curves.items() if name != place.name]
            if own + 8 > min(rest, default=float("inf")) + 1e-6 or own == float("inf"):
                found.add(place.name)
    return found


WIDTHS = (290, 440, 600, 900)
# A falls from 64 to 44 % at month 6 and goes on alone at its tail; B stays between until it ends.
FALLING = [(0.0, 100.0), (3.0, 100.0), (3.0, 64.0), (9.0, 64.0), (9.0, 44.0), (20.0, 44.0), (20.0, 4.0)]
TAIL = [*FALLING, (44.0, 4.0)]
SHORT = [(0.0, 100.0), (5.0, 100.0), (5.0, 80.0), (12.0, 80.0), (12.0, 20.0), (30.0, 20.0), (30.0, 8.0)]


@pytest.mark.parametrize("width_px", WIDTHS)
def test_a_name_is_nearest_to_its_own_curve_along_its_whole_width(width_px: float) -> None:
    curves = {"First group": HIGH, "Second group": LOW}
    places = free_places(curves, until=UNTIL)
    assert len(places) == 2
    assert not misread(places, curves, width_px=width_px)


@pytest.mark.parametrize("width_px", WIDTHS)
def test_a_name_does_not_go_on_over_the_tail_of_another_curve(width_px: float) -> None:
    """Short ends at month 30 just above the tail of Tail: a name begun there would be read for the tail."""
    curves = {"Abemaciclib": TAIL, "Palbociclib": SHORT}
    assert not misread(free_places(curves, until=UNTIL), curves, width_px=width_px)


def test_a_name_does_not_stand_where_another_curve_has_just_ended() -> None:
    """Alone from month 20 on, the longer curve has its name away from the end of the shorter one."""
    ended = [(0.0, 100.0), (2.0, 100.0), (2.0, 60.0), (20.0, 60.0)]
    goes_on = [(0.0, 100.0), (1.0, 100.0), (1.0, 55.0), (48.0, 55.0)]
    (place,) = [
        one for one in place_names({"Ended": ended, "Goes on": goes_on}, until=UNTIL) if one.name == "Goes on"
    ]
    left, _right, bottom, _top = box(place)
    assert left > 22 or bottom < 50


@pytest.mark.parametrize(("apart", "is_free"), [(30.0, True), (2.0, False)])
def test_curves_closer_than_the_rule_have_no_free_places(apart: float, is_free: bool) -> None:
    """Two level curves: 8 px are 2.7 per cent of the height."""
    upper = [(0.0, 50.0 + apart), (48.0, 50.0 + apart)]
    assert bool(free_places({"Upper": upper, "Lower": [(0.0, 50.0), (48.0, 50.0)]}, until=UNTIL)) == is_free


def test_a_name_is_not_left_hanging_where_its_curve_falls_away() -> None:
    """The level stretches are shorter than the name, each fall is deeper than a name may hang."""
    stairs = [(0.0, 100.0), (4.0, 100.0), (4.0, 70.0), (8.0, 70.0), (8.0, 40.0), (12.0, 40.0), (12.0, 10.0)]
    assert not free_places({"A rather long name": stairs, "Other": HIGH}, until=UNTIL)


@pytest.mark.parametrize("width_px", [290, 440, 800, 1500])
def test_a_name_crosses_no_curve_at_any_width_of_the_page(width_px: float) -> None:
    curves = {"Not altered, ctDNA detected": LOW, "Altered": HIGH}
    for place in place_names(curves, until=UNTIL):
        for corners in curves.values():
            assert not crosses(box(place, width_px=width_px), corners)


def test_a_name_stands_nearer_to_its_own_curve_than_to_another() -> None:
    found = {one.name: one for one in place_names({"A": LOW, "B": HIGH}, until=UNTIL)}
    assert abs(found["A"].level - 30) < 10
    assert abs(found["B"].level - 80) < 25
    assert found["B"].level > 65


def test_a_free_place_is_found_where_two_curves_end_together() -> None:
    """Both end at 20 % after month 24; before, B lies well above A: no two names on each other."""
    a = [(0.0, 100.0), (2.0, 100.0), (2.0, 20.0), (40.0, 20.0)]
    b = [(0.0, 100.0), (2.0, 100.0), (2.0, 70.0), (24.0, 70.0), (24.0, 20.0), (40.0, 20.0)]
    first, second = place_names({"First group": a, "Second group": b}, until=UNTIL)
    for one in (first, second):
        assert not crosses(box(one), a)
        assert not crosses(box(one), b)
    one, other = box(first), box(second)
    assert one[1] < other[0] or other[1] < one[0] or one[3] < other[2] or other[3] < one[2]


def test_a_name_keeps_off_the_line_at_one_half() -> None:
    level = [(0.0, 100.0), (1.0, 100.0), (1.0, 52.0), (48.0, 52.0)]
    (place,) = place_names({"Name": level}, until=UNTIL, lines=[((0.0, 50.0), (UNTIL, 50.0))])
    assert box(place)[2] > 52


def test_a_name_keeps_off_a_curve_without_a_name() -> None:
    level = [(0.0, 60.0), (48.0, 60.0)]
    above = [(0.0, 63.0), (48.0, 63.0)]
    (place,) = place_names({"Name": level}, until=UNTIL, others=[above])
    assert box(place)[3] < 60


def test_a_rising_curve_has_its_name_where_it_does_not_go() -> None:
    rising = [(0.0, 0.0), (6.0, 0.0), (6.0, 20.0), (20.0, 20.0), (20.0, 50.0), (40.0, 50.0)]
    (place,) = place_names({"Progression": rising}, until=UNTIL, rises=True)
    assert not crosses(box(place), rising)


def test_where_nothing_is_free_the_name_stands_all_the_same_inside_the_plot() -> None:
    grid = [[(0.0, float(level)), (48.0, float(level))] for level in range(0, 101, 2)]
    (place,) = place_names({"Name": LOW}, until=UNTIL, others=grid)
    left, right, bottom, top = box(place)
    assert (left >= 0, right <= UNTIL, bottom >= 0, top <= 100) == (True, True, True, True)


def test_nobody_is_named_without_curves() -> None:
    assert place_names({}, until=UNTIL) == []


def test_letters_come_in_the_order_of_the_names() -> None:
    assert keys_of(["b", "a"]) == {"b": "A", "a": "B"}


@pytest.mark.parametrize(("n_letters", "is_free"), [(6, True), (60, False)])
def test_names_that_would_lie_on_a_curve_are_none(n_letters: int, is_free: bool) -> None:
    """A curve in nine stairs, lines close together over the right half: a wide name lies on some of them."""
    stairs = [(0.0, 100.0)]
    for step in range(1, 10):
        stairs += [(5.0 * step, 110.0 - 10 * step), (5.0 * step, 100.0 - 10 * step)]
    grid = [((24.0, float(level)), (48.0, float(level))) for level in range(0, 101, 2)]
    found = free_places({"N" * n_letters: stairs}, until=UNTIL, lines=grid)
    assert bool(found) == is_free


def test_a_letter_stands_on_its_own_curve_where_no_other_runs() -> None:
    """Both are one line until month 24 and from month 36 on; between, one is at 70 and the other at 20 %."""
    a = [(0.0, 100.0), (24.0, 100.0), (24.0, 70.0), (36.0, 70.0), (36.0, 10.0), (46.0, 10.0)]
    b = [(0.0, 100.0), (24.0, 100.0), (24.0, 20.0), (36.0, 20.0), (36.0, 10.0), (46.0, 10.0)]
    found = {one.name: one for one in place_keys({"a": a, "b": b}, keys={"a": "A", "b": "B"}, until=UNTIL)}
    assert {name: (one.key, one.level) for name, one in found.items()} == {"a": ("A", 70), "b": ("B", 20)}
    assert all(24 < one.time <= 36 for one in found.values())


def test_a_letter_of_a_curve_that_ends_on_the_axis_does_not_stand_on_its_numbers() -> None:
    falls = [(0.0, 100.0), (10.0, 100.0), (10.0, 50.0), (20.0, 50.0), (20.0, 0.0)]
    (found,) = place_keys({"a": falls}, keys={"a": "A"}, until=UNTIL)
    assert found.level >= 50
