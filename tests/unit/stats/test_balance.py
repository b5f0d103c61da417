"""Standardised mean differences by hand."""

import math
from typing import Any

import pandas as pd
import pytest

from dashboard.stats import BalanceGroups, describe_balance

GROUPS = BalanceGroups(column="ctdna", first="yes", second="no")


def balance(yes: list[Any], no: list[Any]) -> list[dict[str, Any]]:
    frame = pd.DataFrame({"ctdna": ["yes"] * len(yes) + ["no"] * len(no), "x": yes + no})
    found = describe_balance(frame, groups=GROUPS, characteristics=["x"])
    return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in found.to_dict(orient="records")]


def test_a_number_by_hand() -> None:
    """Means 4 and 3, variances 4 and 1: 1 over the root of 2.5."""
    (row,) = balance([2, 4, 6], [2, 3, 4])
    assert (row["kind"], row["n_first"], row["n_second"]) == ("number", 3, 3)
    assert row["difference"] == pytest.approx(1 / math.sqrt(2.5), abs=1e-12)
    assert row["is_imbalanced"]


def test_a_missing_number_is_a_row_of_its_own() -> None:
    """Unknown in 1 of 4 against 0 of 3: 1/4 over the root of (3/16 + 0) / 2."""
    number, missing = balance([2.0, 4, 6, None], [2.0, 3, 4])
    assert (number["n_first"], number["difference"]) == (3, pytest.approx(1 / math.sqrt(2.5), abs=1e-12))
    assert missing["kind"] == "missing"
    assert missing["difference"] == pytest.approx(0.25 / math.sqrt(3 / 32), abs=1e-12)


def test_two_levels_by_hand() -> None:
    """m in 3 of 4 against 1 of 4: 1/2 over the root of 3/16."""
    (row,) = balance(["m", "m", "m", "f"], ["m", "f", "f", "f"])
    assert row["kind"] == "category"
    assert row["difference"] == pytest.approx(0.5 / math.sqrt(3 / 16), abs=1e-12)


def test_true_and_false_are_two_levels() -> None:
    assert balance([True, True, True, False], [True, False, False, False])[0]["difference"] == pytest.approx(
        0.5 / math.sqrt(3 / 16), abs=1e-12
    )


def test_three_levels_by_hand() -> None:
    """Shares (1/2, 1/4, 1/4) and (1/4, 1/2, 1/4); apart (1/4, -1/4) in a and b.

    Covariance of a and b: variances 7/32, covariance -1/8; along (1, -1) the variance is 11/32 and the
    squared distance (1/16) * 2 / (11/32) = 4/11.
    """
    (row,) = balance(["a", "a", "b", "c"], ["a", "b", "b", "c"])
    assert row["difference"] == pytest.approx(math.sqrt(4 / 11), abs=1e-12)


def test_a_missing_category_is_a_level() -> None:
    """The same shares as above, the third level being unknown."""
    (row,) = balance(["a", "a", "b", None], ["a", "b", "b", None])
    assert (row["kind"], row["n_first"]) == ("category", 3)
    assert row["difference"] == pytest.approx(math.sqrt(4 / 11), abs=1e-12)


@pytest.mark.parametrize(
    ("yes", "no", "difference"),
    [
        ([1, 2], [1, 2], 0),
        ([5, 5], [5, 5], 0),
        ([5, 5], [6, 6], None),
        (["a"], ["b"], None),
        (["a"], ["a"], 0),
        (["a", "b", "c"], ["a", "b", "c"], 0),
        ([1.0, 2], [], None),
        (["a"], [], None),
    ],
)
def test_alike_is_zero_and_without_spread_there_is_no_number(
    yes: list[Any], no: list[Any], difference: float | None
) -> None:
    assert balance(yes, no)[0]["difference"] == difference


@pytest.mark.parametrize(("limit", "is_large"), [(63, True), (64, False)])
def test_the_limit_is_that_of_the_study(limit: int, is_large: bool) -> None:
    """1 over the root of 2.5 is 0.632."""
    frame = pd.DataFrame({"ctdna": ["yes"] * 3 + ["no"] * 3, "x": [2, 4, 6, 2, 3, 4]})
    found = describe_balance(frame, groups=GROUPS, characteristics=["x"], limit_percent=limit)
    assert found["is_imbalanced"].tolist() == [is_large]


def test_others_than_the_two_groups_do_not_count() -> None:
    frame = pd.DataFrame({"ctdna": ["yes", "yes", "no", "no", "unknown", None], "x": [1, 3, 1, 3, 99, 99]})
    assert describe_balance(frame, groups=GROUPS, characteristics=["x"])["difference"].tolist() == [0]
