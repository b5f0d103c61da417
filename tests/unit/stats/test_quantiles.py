import pytest

from dashboard.stats import estimate_median, estimate_quantile, follow_up

from .tables import one_to, table


@pytest.mark.parametrize(
    ("n", "median", "lower", "upper"),
    [
        (4, 2.5, 1, None),
        (5, 3, 1, None),
        (6, 3.5, 1, None),
        (8, 4.5, 1, 7),
        (10, 5.5, 1, 8),
        (12, 6.5, 2, 10),
        (14, 7.5, 3, 11),
        (20, 10.5, 5, 15),
        (30, 15.5, 10, 21),
        (50, 25.5, 18, 32),
    ],
)
def test_n_deaths_at_the_times_one_to_n(n: int, median: float, lower: float, upper: float | None) -> None:
    """Reference vector A: R 4.2.2, survival 3.5-3, conf.type log-log."""
    found = estimate_median(table(one_to(n)))["all"]
    assert (found.time, found.lower, found.upper) == (median, lower, upper)
    assert (found.n, found.n_event) == (n, n)


@pytest.mark.parametrize(
    ("events", "median"),
    [
        ([1, 1, 0, 0, 0], None),  # ends at 3/5
        ([1, 1, 1, 0, 0], 3),  # 2/5 from 3 on
    ],
)
def test_the_median_is_reached_only_at_one_half(events: list[int], median: float | None) -> None:
    assert estimate_median(table([1, 2, 3, 8, 9], events))["all"].time == median


def test_a_curve_flat_at_one_half_gives_the_middle_of_the_flat_part() -> None:
    assert estimate_median(table([1, 2, 7, 9]))["all"].time == 4.5


def test_a_curve_ending_at_one_half_gives_the_middle_up_to_the_last_patient_seen() -> None:
    """R's rule: deaths at 1 and 2, the others last seen at 6 and 8."""
    assert estimate_median(table([1, 2, 6, 8], [1, 1, 0, 0]))["all"].time == 5


def test_no_event_means_nothing_is_reached() -> None:
    found = estimate_median(table([3, 4, 5], [0, 0, 0]))["all"]
    assert (found.time, found.lower, found.upper) == (None, None, None)


def test_the_quantile_counts_those_who_had_the_event() -> None:
    """A quarter of ten is passed with the third death, three quarters with the eighth."""
    ten = table(one_to(10))
    assert estimate_quantile(ten, probability=0.25)["all"].time == 3
    assert estimate_quantile(ten, probability=0.75)["all"].time == 8
    assert estimate_quantile(ten, probability=0.2)["all"].time == 2.5


@pytest.mark.parametrize("probability", [0, 1, 50])
def test_a_probability_that_is_no_fraction_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match="allowed is a fraction between 0 and 1"):
        estimate_quantile(table(one_to(3)), probability=probability)


def test_each_group_has_its_own_median() -> None:
    found = estimate_median(table([1, 2, 3, 5, 7, 9], groups=["A", "A", "A", "B", "B", "B"]))
    assert {name: median.time for name, median in found.items()} == {"A": 2, "B": 7}


def test_follow_up_turns_events_and_censorings_round() -> None:
    """Deaths at 1 and 2 hide how long they would have been followed; the others were seen to 6, 7 and 8."""
    found = follow_up(table([1, 2, 6, 7, 8], [1, 1, 0, 0, 0]))["all"]
    assert (found.time, found.n, found.n_event) == (7, 5, 3)


def test_follow_up_is_not_reached_where_nobody_is_censored() -> None:
    assert follow_up(table(one_to(5)))["all"].time is None


def test_no_patient_gives_no_median() -> None:
    assert estimate_median(table([])) == {}
