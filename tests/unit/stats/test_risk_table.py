import numpy as np
import pandas as pd
import pytest

from dashboard.stats import SurvivalInputError, count_at, derive_at_risk, risk_table

from .tables import table


def rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def at_risk(frame: pd.DataFrame) -> dict[float, int]:
    derived = derive_at_risk(frame)
    return dict(zip(derived["time"], derived["at_risk"], strict=True))


def test_there_is_one_row_for_each_group_and_distinct_time() -> None:
    found = table([2, 2, 2, 5, 3], [1, 1, 0, 0, 1], groups=["A", "A", "A", "A", "B"])
    assert list(found.columns) == ["group", "time", "n_event", "n_censored", "n_entered"]
    assert rows(found) == [
        ("A", 0, 0, 0, 4),
        ("A", 2, 2, 1, 0),
        ("A", 5, 0, 1, 0),
        ("B", 0, 0, 0, 1),
        ("B", 3, 1, 0, 0),
    ]


def test_a_patient_censored_at_the_time_of_an_event_is_still_at_risk_for_it() -> None:
    assert at_risk(table([2, 2, 5], [1, 0, 1])) == {0: 3, 2: 3, 5: 1}


def test_a_delayed_entry_is_at_risk_only_after_the_entry() -> None:
    """Just before, on and just after entry at 3: at risk means entry < t <= time."""
    found = at_risk(table([2.9, 3, 3.1, 9], [1, 1, 1, 1], entries=[0, 0, 0, 3]))
    assert found == {0: 3, 2.9: 3, 3: 2, 3.1: 2, 9: 1}


def test_whoever_enters_at_time_zero_is_at_risk_on_day_zero() -> None:
    assert at_risk(table([0, 4], [1, 1])) == {0: 2, 4: 1}


@pytest.mark.parametrize("entry", [None, -2, 0])
def test_a_missing_or_early_entry_means_followed_from_the_start(entry: float | None) -> None:
    assert at_risk(table([4, 6], [1, 1], entries=[entry, 0])) == {0: 2, 4: 2, 6: 1}


@pytest.mark.parametrize(("entry", "n_entered"), [(3.9, 2), (4, 1), (4.1, 1)])
def test_an_entry_on_or_after_the_end_is_never_at_risk_and_not_counted(entry: float, n_entered: int) -> None:
    found = table([4, 6], [1, 1], entries=[entry, 0])
    assert found["n_entered"].sum() == n_entered
    assert found["n_event"].sum() == n_entered


def test_times_equal_but_for_rounding_are_one_time() -> None:
    """0.1 + 0.2 is 0.30000000000000004: two deaths on one day would become two steps."""
    assert table([0.1 + 0.2, 0.3, 0.4])["n_event"].tolist() == [0, 2, 1]
    assert table([0.3, 0.3 + 1e-8, 0.4])["n_event"].tolist() == [0, 1, 1, 1]


def test_an_entry_equal_to_a_time_but_for_rounding_is_not_before_it() -> None:
    assert at_risk(table([0.3, 0.9], entries=[0, 0.1 + 0.2])) == {0: 1, 0.3: 1, 0.9: 1}
    assert at_risk(table([0.1 + 0.2, 0.9], entries=[0, 0.3])) == {0: 1, 0.3: 1, 0.9: 1}


def test_the_order_of_rows_and_the_index_of_the_frame_do_not_matter() -> None:
    frame = pd.DataFrame(
        {"time": [3, 1, 2, 2], "event": [1, 0, 1, 0], "arm": ["B", "A", "A", "B"]}, index=[9, 9, 4, 7]
    )
    shuffled = frame.iloc[[2, 0, 3, 1]]
    columns = {"time": "time", "event": "event", "group": "arm"}
    pd.testing.assert_frame_equal(risk_table(frame, **columns), risk_table(shuffled, **columns))


def test_groups_keep_the_order_of_a_categorical_column_and_numbers_sort_as_numbers() -> None:
    frame = pd.DataFrame({"time": [1, 2, 3], "event": [1, 1, 1], "cohort": [2, 10, 2]})
    assert risk_table(frame, time="time", event="event", group="cohort")["group"].unique().tolist() == [
        "2",
        "10",
    ]
    ordered = frame.assign(cohort=pd.Categorical(["low", "high", "low"], categories=["low", "high"]))
    found = risk_table(ordered, time="time", event="event", group="cohort")
    assert found["group"].unique().tolist() == ["low", "high"]


def test_no_patient_gives_an_empty_table() -> None:
    assert rows(table([])) == []
    assert rows(count_at(table([]), times=[0, 6])) == []


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("time", [1.0, None], "time has 1 missing or infinite"),
        ("time", [1.0, np.inf], "time has 1 missing or infinite"),
        ("time", [1.0, -0.5], "time has -0.5 as its smallest"),
        ("event", [1, 2], r"event has \[2\]; allowed are true and false"),
        ("event", [True, None], r"event has \[None\]"),
        ("arm", ["A", None], "arm is missing for 1 patients"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(column: str, values: list[object], message: str) -> None:
    frame = pd.DataFrame({"time": [1.0, 2.0], "event": [1, 0], "arm": ["A", "B"]}).assign(**{column: values})
    with pytest.raises(SurvivalInputError, match=message):
        risk_table(frame, time="time", event="event", group="arm")


def test_the_number_at_risk_is_counted_just_before_the_tick() -> None:
    """Reference vector B: at risk at t are all with time >= t."""
    counts = count_at(table([1, 2, 10, 20], [1, 1, 1, 0]), times=[0, 1, 2, 3, 10, 15, 20, 21])
    assert counts["at_risk"].tolist() == [4, 4, 3, 2, 2, 1, 1, 0]
    assert counts["n_event"].tolist() == [0, 0, 1, 2, 2, 3, 3, 3]
    assert counts["n_censored"].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_the_counts_at_a_tick_add_up_to_the_group() -> None:
    delayed = table([1, 2, 2, 7, 9], [1, 0, 1, 1, 0], entries=[0, 0, 1, 2, 5])
    counts = count_at(delayed, times=[0, 1, 1.5, 2, 5, 5.5, 9, 12])
    columns = ["at_risk", "n_event", "n_censored", "n_not_entered"]
    assert counts[columns].sum(axis=1).tolist() == [5] * 8
    assert counts["n_not_entered"].tolist() == [3, 3, 2, 2, 1, 0, 0, 0]
    assert counts["at_risk"].tolist() == [2, 2, 2, 2, 1, 2, 1, 0]
