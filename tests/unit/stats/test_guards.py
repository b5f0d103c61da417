"""When numbers are withheld and curves dimmed (clinical-decisions A28, A29)."""

import pandas as pd
import pytest

from dashboard.stats import (
    GroupComparison,
    Guards,
    compare_hazards,
    derive_dimmed,
    dimming_limit,
    estimate_median,
    why_no_hazard_ratio,
    why_no_median,
    why_no_p_value,
)

from .tables import one_to, table


@pytest.mark.parametrize(
    ("n", "limit"), [(1, 5), (22, 5), (50, 5), (51, 6), (73, 8), (90, 9), (100, 10), (101, 10), (5000, 10)]
)
def test_the_limit_is_a_tenth_of_the_group_between_5_and_10(n: int, limit: int) -> None:
    assert dimming_limit(n) == limit


def test_the_limits_are_those_of_the_study() -> None:
    assert dimming_limit(100, guards=Guards(dim_share_percent=20, dim_at_risk_max=15)) == 15


def test_the_curve_is_dimmed_from_the_time_on_when_4_are_left_at_risk() -> None:
    """Twelve deaths at 1 to 12: up to 8 five are at risk, from there on four."""
    dimmed = derive_dimmed(table(one_to(12))).set_index("time")
    assert dimmed.loc[8, ["at_risk", "is_dimmed"]].tolist() == [5, False]
    assert dimmed.loc[9, ["at_risk", "is_dimmed"]].tolist() == [4, True]
    assert dimmed.loc[12, "is_dimmed"]


def test_with_delayed_entry_the_beginning_is_dimmed_while_few_have_entered() -> None:
    dimmed = derive_dimmed(table([1, *[9.0] * 6], entries=[0, *[2] * 6])).set_index("time")
    assert dimmed["is_dimmed"].to_dict() == {0: True, 1: True, 2: True, 9: False}


def test_each_group_has_its_own_limit() -> None:
    times = [*one_to(100), *one_to(20)]
    groups = ["large"] * 100 + ["small"] * 20
    dimmed = derive_dimmed(table(times, groups=groups))
    first = dimmed[dimmed["is_dimmed"]].groupby("group", observed=True)["at_risk"].max()
    assert first.to_dict() == {"large": 9, "small": 4}


@pytest.mark.parametrize(("n_events", "code"), [(4, "MEDIAN_NOT_ESTIMABLE"), (5, None), (6, None)])
def test_a_median_needs_5_events(n_events: int, code: str | None) -> None:
    events = [1] * n_events + [0] * (8 - n_events)
    guards = Guards(small_analysis_below=8)
    assert why_no_median(estimate_median(table(one_to(8), events))["all"], guards=guards) == code


@pytest.mark.parametrize(("least", "code"), [(9, None), (10, None), (11, "MEDIAN_UNBOUNDED")])
def test_a_median_of_a_group_of_few_needs_an_upper_limit(least: int, code: str | None) -> None:
    """Ten patients, five deaths: the median is 5.5, its upper limit is not reached."""
    guards = Guards(small_analysis_below=least)
    found = estimate_median(table(one_to(10), [1] * 5 + [0] * 5))["all"]
    assert found.time is not None
    assert found.upper is None
    assert why_no_median(found, guards=guards) == code


def test_a_median_of_a_group_of_few_is_shown_with_an_upper_limit() -> None:
    """Twenty deaths in twenty patients: fewer than 30, with both limits."""
    found = estimate_median(table(one_to(20)))["all"]
    assert None not in (found.lower, found.upper)
    assert why_no_median(found) is None


@pytest.mark.parametrize(
    ("own", "reference", "code"),
    [
        (5, 5, None),
        (4, 5, "HAZARD_RATIO_WITHHELD"),
        (5, 4, "HAZARD_RATIO_WITHHELD"),
        (4, 40, "HAZARD_RATIO_WITHHELD"),
        (6, 5, None),
    ],
)
def test_a_hazard_ratio_needs_10_events_and_5_in_each_group(
    own: int, reference: int, code: str | None
) -> None:
    assert why_no_hazard_ratio(own, reference) == code


def test_the_sum_of_events_is_a_limit_of_its_own() -> None:
    guards = Guards(hazard_ratio_min_events=12)
    assert why_no_hazard_ratio(5, 6, guards=guards) == "HAZARD_RATIO_WITHHELD"
    assert why_no_hazard_ratio(6, 6, guards=guards) is None


@pytest.mark.parametrize(
    ("confirmatory", "n_second", "code"),
    [(False, 30, "P_VALUE_WITHHELD"), (True, 9, "P_VALUE_WITHHELD"), (True, 10, None)],
)
def test_a_p_value_needs_a_confirmatory_study_and_10_patients_in_each_group(
    confirmatory: bool, n_second: int, code: str | None
) -> None:
    groups = ["A"] * 20 + ["B"] * n_second
    found = table(one_to(20 + n_second), groups=groups)
    assert why_no_p_value(found, guards=Guards(is_confirmatory=confirmatory)) == code


class TestCompareHazards:
    comparison = GroupComparison(time="time", event="event_observed", group="arm", reference="A")

    def patients(self, **events: int) -> pd.DataFrame:
        """Ten patients per arm; the first k of arm X have the event."""
        rows = [
            {"time": 2.0 * number + place, "event_observed": number < k, "arm": arm}
            for place, (arm, k) in enumerate(events.items())
            for number in range(10)
        ]
        return pd.DataFrame(rows)

    def test_each_group_is_compared_with_the_reference(self) -> None:
        found = compare_hazards(self.patients(A=6, B=7), comparison=self.comparison)["B"]
        assert (found.n, found.n_reference, found.n_event, found.n_event_reference) == (10, 10, 7, 6)
        assert found.withheld is None
        assert found.lower < found.estimate < found.upper
        assert found.proportional_hazards.degrees_of_freedom == 1

    def test_below_5_events_the_reason_stands_in_place_of_the_number(self) -> None:
        found = compare_hazards(self.patients(A=6, B=4), comparison=self.comparison)["B"]
        assert found.withheld == "HAZARD_RATIO_WITHHELD"
        assert (found.estimate, found.lower, found.upper, found.p_value) == (None, None, None, None)
        assert found.n_event == 4

    def test_a_group_too_small_takes_no_number_from_the_others(self) -> None:
        found = compare_hazards(self.patients(A=6, B=7, C=1), comparison=self.comparison)
        assert (found["B"].withheld, found["C"].withheld) == (None, "HAZARD_RATIO_WITHHELD")

    def test_a_group_without_events_leaves_the_ratio_of_the_others_as_it_is(self) -> None:
        alone = compare_hazards(self.patients(A=6, B=7), comparison=self.comparison)["B"]
        found = compare_hazards(self.patients(A=6, B=7, C=0), comparison=self.comparison)["B"]
        assert found.estimate == pytest.approx(alone.estimate, abs=1e-12)

    def test_a_reference_with_too_few_events_withholds_all(self) -> None:
        found = compare_hazards(self.patients(A=4, B=7, C=8), comparison=self.comparison)
        assert {ratio.withheld for ratio in found.values()} == {"HAZARD_RATIO_WITHHELD"}

    def test_groups_named_by_numbers_are_groups(self) -> None:
        rows = self.patients(A=6, B=7, C=8)
        rows["arm"] = rows["arm"].map({"A": 0, "B": 1, "C": 2})
        found = compare_hazards(
            rows, comparison=GroupComparison(time="time", event="event_observed", group="arm", reference="0")
        )
        assert list(found) == ["1", "2"]

    def test_enough_events_without_a_finite_ratio_say_so(self) -> None:
        """All of B die before anyone of A."""
        rows = self.patients(A=6, B=7)
        rows.loc[rows["arm"] == "A", "time"] += 1000
        rows.loc[rows["arm"] == "B", "event_observed"] = True
        found = compare_hazards(rows, comparison=self.comparison)["B"]
        assert (found.withheld, found.estimate) == ("HAZARD_RATIO_NOT_ESTIMABLE", None)

    def test_where_nobody_is_in_the_reference_all_is_withheld(self) -> None:
        found = compare_hazards(self.patients(B=7), comparison=self.comparison)
        assert (found["B"].withheld, found["B"].n_reference) == ("HAZARD_RATIO_WITHHELD", 0)
