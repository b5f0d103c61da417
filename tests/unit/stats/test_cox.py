"""Cox regression on tables small enough for a pencil."""

import math

import numpy as np
import pandas as pd
import pytest

from dashboard.stats import CoxModel, SurvivalInputError, fit_cox


def frame(times: list[float], events: list[int], x: list[float | None], **more: object) -> pd.DataFrame:
    return pd.DataFrame({"time": times, "event_observed": events, "x": pd.Series(x, dtype=float)}).assign(
        **more
    )


def model(*terms: str, **options: object) -> CoxModel:
    return CoxModel(time="time", event="event_observed", terms=terms or ("x",), **options)


def test_two_deaths_by_hand() -> None:
    """Dies at 1 with x = 1 among {1, 0, 1}, at 2 with x = 0 among {0, 1}.

    Likelihood r / (2 r + 1) * 1 / (1 + r) with r = exp(b), greatest where 2 r² = 1: r = 0.7071.
    """
    fit = fit_cox(frame([1, 2, 3], [1, 1, 0], [1, 0, 1]), model=model())
    assert fit.terms[0].hazard_ratio == pytest.approx(math.sqrt(1 / 2), abs=1e-9)


def test_tied_deaths_by_efron_and_by_breslow() -> None:
    """x = 1 and x = 0 die together, another x = 0 lives on.

    Breslow r / (r + 2)², greatest at r = 2. Efron r / ((r + 2) (r + 2 - (r + 1) / 2)), greatest where r² = 6.
    """
    tied = frame([1, 1, 2], [1, 1, 0], [1, 0, 0])
    efron = fit_cox(tied, model=model())
    breslow = fit_cox(tied, model=model(ties="breslow"))
    assert efron.terms[0].hazard_ratio == pytest.approx(math.sqrt(6), abs=1e-9)
    assert breslow.terms[0].hazard_ratio == pytest.approx(2, abs=1e-9)


def test_the_limits_are_those_of_wald() -> None:
    """The information of the two deaths is p (1 - p) summed, p = 2 r / (2 r + 1) and r / (1 + r)."""
    term = fit_cox(frame([1, 2, 3], [1, 1, 0], [1, 0, 1]), model=model()).terms[0]
    r = math.sqrt(1 / 2)
    shares = [2 * r / (2 * r + 1), r / (1 + r)]
    error = 1 / math.sqrt(sum(p * (1 - p) for p in shares))
    assert term.standard_error == pytest.approx(error, abs=1e-9)
    assert term.upper == pytest.approx(r * math.exp(1.959963984540054 * error), abs=1e-9)


@pytest.mark.parametrize(("entry", "at_risk"), [(0.5, True), (0.999, True), (1.0, False), (1.5, False)])
def test_whoever_enters_at_the_time_of_a_death_is_not_at_risk_there(entry: float, at_risk: bool) -> None:
    """The third patient (x = 1) enters before, on and after the death at 1."""
    rows = frame([1, 2, 3], [1, 1, 0], [1, 0, 1], entry=[0, 0, entry])
    ratio = fit_cox(rows, model=model(entry="entry")).terms[0].hazard_ratio
    # Not at risk at 1: r / (r + 1) / (1 + r), greatest at r = 1.
    assert ratio == pytest.approx(math.sqrt(1 / 2) if at_risk else 1, abs=1e-9)


def test_a_death_on_day_0_counts() -> None:
    late = fit_cox(frame([1, 2, 3], [1, 1, 0], [1, 0, 1]), model=model())
    on_day_0 = fit_cox(frame([0, 2, 3], [1, 1, 0], [1, 0, 1]), model=model())
    assert on_day_0.n_event == 2
    assert on_day_0.terms[0].coefficient == pytest.approx(late.terms[0].coefficient, abs=1e-12)


def test_patients_are_compared_only_within_their_stratum() -> None:
    """One stratum is the three patients above; in the other both have the same x and tell nothing."""
    rows = frame([1, 2, 3, 1, 2], [1, 1, 0, 1, 1], [1, 0, 1, 1, 1], site=["A", "A", "A", "B", "B"])
    fit = fit_cox(rows, model=model(stratum="site"))
    assert fit.terms[0].hazard_ratio == pytest.approx(math.sqrt(1 / 2), abs=1e-9)


def test_a_missing_term_and_a_patient_never_at_risk_are_counted() -> None:
    rows = frame([1, 2, 3, 4, 2], [1, 1, 0, 1, 1], [1, 0, 1, None, 1], entry=[0, 0, 0, 0, 2])
    fit = fit_cox(rows, model=model(entry="entry"))
    assert (fit.n, fit.n_event, fit.n_missing, fit.n_never_at_risk) == (3, 2, 1, 1)


@pytest.mark.parametrize(
    ("events", "x"),
    [
        ([0, 0, 0, 0], [1, 0, 1, 0]),
        ([1, 1, 1, 1], [1, 1, 1, 1]),
        ([1, 0, 1, 0], [1, 0, 1, 0]),
        ([0, 1, 0, 1], [1, 0, 1, 0]),
    ],
    ids=["no event", "one value only", "events only where x is 1", "events only where x is 0"],
)
def test_without_a_finite_solution_nothing_is_given(events: list[int], x: list[float | None]) -> None:
    fit = fit_cox(frame([1, 2, 3, 4], events, x), model=model())
    assert not fit.is_estimable
    assert (fit.terms, fit.score_test, fit.proportional_hazards) == ((), None, {})


@pytest.mark.parametrize("reference", ["a", "b"])
def test_a_group_all_of_whose_events_fall_while_it_is_watched_against_survivors_has_no_ratio(
    reference: str,
) -> None:
    """The one in b enters late and dies against one of a: the deaths of a fell before b was watched."""
    rows = frame([0, 1, 1, 2, 2], [1, 1, 0, 0, 1], [0] * 5, entry=[0, 0, 0, 0, 1], arm=[*"aaaab"])
    assert not fit_cox(rows, model=model("arm", entry="entry", references={"arm": reference})).is_estimable


def test_a_term_told_by_another_is_not_estimable() -> None:
    rows = frame([1, 2, 3, 4], [1, 1, 1, 1], [1, 0, 0, 1]).assign(twice=lambda f: 2 * f["x"] + 1)
    assert fit_cox(rows, model=model()).is_estimable
    assert not fit_cox(rows, model=model("x", "twice")).is_estimable


def test_a_group_is_compared_with_the_reference_named() -> None:
    rows = frame([1, 2, 3], [1, 1, 0], [1, 0, 1]).assign(arm=lambda f: f["x"].map({0: "old", 1: "new"}))
    against_old = fit_cox(rows, model=model("arm", references={"arm": "old"})).terms[0]
    against_new = fit_cox(rows, model=model("arm", references={"arm": "new"})).terms[0]
    assert (against_old.level, against_old.reference) == ("new", "old")
    assert against_old.hazard_ratio == pytest.approx(math.sqrt(1 / 2), abs=1e-9)
    assert against_new.hazard_ratio == pytest.approx(math.sqrt(2), abs=1e-9)


def test_a_group_without_its_reference_is_refused() -> None:
    rows = frame([1, 2, 3], [1, 1, 0], [1, 0, 1]).assign(arm=["b", "a", "b"])
    with pytest.raises(SurvivalInputError, match=r"arm has no reference; .* of a, b"):
        fit_cox(rows, model=model("arm"))


def test_where_nobody_is_in_the_reference_the_model_is_not_estimable() -> None:
    rows = frame([1, 2, 3], [1, 1, 0], [1, 0, 1]).assign(arm=["b", "c", "b"])
    assert not fit_cox(rows, model=model("arm", references={"arm": "a"})).is_estimable


def test_a_ratio_that_turns_round_is_noticed_and_one_that_holds_is_not() -> None:
    """Group x dies first of all in the first half and last of all in the second: hazards cross."""
    early = frame([*range(1, 21), *range(21, 41)], [1] * 40, [1.0] * 10 + [0] * 20 + [1] * 10)
    mixed = frame(list(range(1, 41)), [1] * 40, [1.0, 0] * 20)
    assert fit_cox(early, model=model()).proportional_hazards["x"].p_value < 0.001
    assert fit_cox(mixed, model=model()).proportional_hazards["x"].p_value > 0.5


def test_the_check_sees_few_events_among_many_patients() -> None:
    """Forty die, the twenty with x = 1 first, of 200,040, half of each: 40 times the squared correlation.

    Of place 1 to n with halves it is 3/4 n² / (n² - 1); next to nobody is gone, so g is the place.
    """
    few = frame([*range(1, 41)], [1] * 40, [1.0] * 20 + [0] * 20)
    many = frame([50.0] * 200_000, [0] * 200_000, [1.0, 0] * 100_000)
    check = fit_cox(pd.concat([few, many], ignore_index=True), model=model()).proportional_hazards["x"]
    assert check.chi_squared == pytest.approx(40 * 3 / 4 * 1600 / 1599, abs=0.01)


def test_a_single_event_time_leaves_nothing_to_check() -> None:
    checks = fit_cox(frame([1, 1, 2], [1, 1, 0], [1, 0, 0]), model=model()).proportional_hazards
    assert checks["x"].chi_squared == 0


def test_an_event_with_only_one_group_at_risk_leaves_nothing_to_check_either() -> None:
    """At 1 only x = 1 is at risk, the others enter at 1: just the death at 3 tells of the ratio."""
    rows = frame([1, 3, 3, 5, 5], [1, 1, 1, 0, 0], [1, 1, 0, 1, 0], entry=[0, 1, 1, 1, 1])
    assert fit_cox(rows, model=model(entry="entry")).proportional_hazards["x"].chi_squared == 0


def test_large_numbers_do_not_overflow() -> None:
    rows = frame([1, 2, 3, 4], [1, 1, 1, 0], [1, 0, 1, 0])
    far = rows.assign(x=1e6 + 1e3 * rows["x"])
    near = fit_cox(rows, model=model()).terms[0].coefficient
    assert fit_cox(far, model=model()).terms[0].coefficient == pytest.approx(near / 1e3, abs=1e-12)
    assert np.isfinite(near)
