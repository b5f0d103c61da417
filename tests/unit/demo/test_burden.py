"""The latent course of burden on cases that can be followed by hand."""

from math import log

import pytest

from dashboard.demo.burden import LETHAL_BURDEN, PLASMA_POWER, Burden, Effect, Knots

RESPONSE = Effect(
    diameter_ratio=0.5, viable_ratio=0.01, progression_day=400, doubling_days=30, shedding_gain=3.0
)
PROGRESSION = Effect(
    diameter_ratio=1.0, viable_ratio=1.0, progression_day=60, doubling_days=40, shedding_gain=2.0
)


def test_a_curve_is_linear_between_its_knots_and_flat_outside():
    curve = Knots([0, 10], [0.0, 1.0])
    assert [curve.at(day) for day in (-5, 0, 5, 10, 20)] == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_cutting_a_curve_keeps_the_value_of_the_day_and_forgets_the_rest():
    curve = Knots([0, 10], [0.0, 1.0])
    curve.cut(4)
    assert (curve.at(4), curve.at(100)) == (pytest.approx(0.4), pytest.approx(0.4))


def test_untreated_burden_stays_as_it_is():
    burden = Burden(0)
    assert (burden.viable_at(50), burden.volume_at(50), burden.plasma_at(50)) == (1, 1, 1)


def test_viable_tumour_halves_every_nine_days_after_an_effective_line():
    burden = Burden(-100)
    burden.treat(0, RESPONSE)
    assert burden.viable_at(9) == pytest.approx(0.5, abs=0.01)
    assert burden.viable_at(18) == pytest.approx(0.25, abs=0.01)
    assert burden.plasma_at(9) == pytest.approx(0.5**PLASMA_POWER, abs=0.01)


def test_plasma_falls_before_the_diameters():
    burden = Burden(-100)
    burden.treat(0, RESPONSE)
    assert burden.plasma_at(18) < 0.2
    assert burden.diameter_at(18) > 0.85


def test_the_diameters_reach_the_ratio_of_the_effect():
    burden = Burden(-100)
    burden.treat(0, RESPONSE)
    assert burden.diameter_at(150) == pytest.approx(0.5, abs=0.01)


def test_the_sum_has_grown_by_a_fifth_on_the_day_of_progression_and_plasma_much_more_and_earlier():
    burden = Burden(-100)
    burden.treat(0, RESPONSE)
    assert burden.diameter_at(400) / burden.diameter_at(150) == pytest.approx(1.2, abs=0.06)
    assert burden.plasma_at(340) > 2 * burden.plasma_at(200)
    assert burden.diameter_at(340) / burden.diameter_at(150) < 1.1


def test_a_line_that_does_not_work_lets_the_tumour_grow_from_the_first_day():
    burden = Burden(-100)
    burden.treat(0, PROGRESSION)
    assert burden.viable_at(20) > 1
    assert burden.diameter_at(60) == pytest.approx(1.2, abs=0.06)


def test_a_second_line_starts_from_where_the_first_one_ended():
    burden = Burden(-100)
    burden.treat(0, PROGRESSION)
    before = burden.viable_at(80)
    burden.treat(80, RESPONSE)
    assert burden.viable_at(80) == pytest.approx(before)
    assert burden.viable_at(89) == pytest.approx(before / 2, rel=0.02)


def test_an_untreated_tumour_is_lethal_on_the_day_of_death():
    burden = Burden(0)
    burden.grow_to_death(100, 200)
    assert burden.viable.at(200) == pytest.approx(log(LETHAL_BURDEN))
    assert burden.viable_at(150) == pytest.approx(LETHAL_BURDEN**0.5)
