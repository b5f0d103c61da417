"""Who is in an analysis by a later draw, and who is not and why (clinical-decisions A10)."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from dashboard.stats import LandmarkSelection, select_after_second_draw, select_at_landmark

DAY_0 = dt.date(2024, 1, 31)


def day(number: int) -> dt.date:
    return DAY_0 + dt.timedelta(days=number)


def patient(ended: int, event: bool, **more: Any) -> pd.DataFrame:
    row = {
        "patient_id": "A",
        "index_on": DAY_0,
        "baseline_on": DAY_0,
        "ended_on": day(ended),
        "event_observed": event,
    }
    return pd.DataFrame([{**row, **more}])


def draws(*rows: tuple[int, str] | tuple[int, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "patient_id": "A",
                "collected_on": day(row[0]),
                "group": row[1],
                "is_valid": row[-1] is not False,
            }
            for row in rows
        ],
        columns=["patient_id", "collected_on", "group", "is_valid"],
    )


def second(found: pd.DataFrame, *rows: tuple[int, str] | tuple[int, str, bool]) -> LandmarkSelection:
    return select_after_second_draw(found, draws=draws(*rows))


def landmark(found: pd.DataFrame, *rows: tuple[int, str] | tuple[int, str, bool]) -> LandmarkSelection:
    return select_at_landmark(found, draws=draws(*rows))


def test_the_clock_starts_at_the_second_draw() -> None:
    found = second(patient(400, True), (0, "detected"), (90, "cleared"), (180, "detected"))
    kept = found.kept.iloc[0]
    assert (kept["group"], kept["time"], kept["event_observed"]) == ("cleared", 310, True)
    assert kept["origin_on"].date() == day(90)
    assert kept["months_from_baseline"] == pytest.approx(90 / 30.4375, abs=1e-12)
    assert found.excluded_counts == {}


@pytest.mark.parametrize(("drawn", "origin"), [(59, 120), (60, 60), (61, 61)])
def test_a_second_draw_comes_60_days_after_the_baseline_or_later(drawn: int, origin: int) -> None:
    kept = second(patient(400, True), (drawn, "early"), (120, "late")).kept
    assert kept["origin_on"].dt.date.tolist() == [day(origin)]


def test_a_draw_without_a_valid_result_is_none() -> None:
    kept = second(patient(400, True), (90, "failed", False), (120, "cleared")).kept
    assert kept["origin_on"].dt.date.tolist() == [day(120)]


@pytest.mark.parametrize(
    ("ended", "event", "reason"),
    [
        (89, True, "EVENT_BEFORE_ORIGIN"),
        (90, True, None),
        (91, True, None),
        (89, False, "CENSORED_BEFORE_ORIGIN"),
        (90, False, None),
    ],
)
def test_whoever_ended_before_the_second_draw_is_left_out(
    ended: int, event: bool, reason: str | None
) -> None:
    found = second(patient(ended, event), (90, "cleared"))
    assert found.excluded["reason"].tolist() == ([] if reason is None else [reason])
    assert len(found.kept) == (reason is None)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (patient(50, True), "EVENT_BEFORE_ORIGIN"),
        (patient(50, False), "NO_VALID_DRAW"),
    ],
)
def test_without_a_second_draw_the_reason_is_said(found: pd.DataFrame, reason: str) -> None:
    selection = second(found)
    assert selection.excluded_counts == {reason: 1}
    assert selection.kept.empty


def test_everybody_is_either_in_or_counted_once() -> None:
    cohort = pd.concat(
        [
            patient(400, True, patient_id="A"),
            patient(50, True, patient_id="B"),
            patient(60, True, patient_id="C"),
            patient(400, False, patient_id="D"),
        ]
    )
    found = second(cohort, (90, "cleared"))
    assert found.kept["patient_id"].tolist() == ["A"]
    assert list(found.excluded_counts.items()) == [
        ("EVENT_BEFORE_ORIGIN", 2),
        ("NO_VALID_DRAW", 1),
    ]


def test_the_landmark_is_six_calendar_months_after_the_index() -> None:
    """31 January 2024 and six months: 31 July, day 182."""
    found = landmark(patient(400, True), (90, "detected"), (170, "cleared"), (200, "detected"))
    kept = found.kept.iloc[0]
    assert kept["origin_on"].date() == dt.date(2024, 7, 31)
    assert (kept["group"], kept["time"]) == ("cleared", 400 - 182)


def test_six_months_after_the_last_of_august_is_the_last_of_february() -> None:
    august = patient(0, True, index_on=dt.date(2023, 8, 31), ended_on=dt.date(2024, 3, 1))
    late = august.assign(baseline_on=dt.date(2023, 8, 31))
    sample = pd.DataFrame(
        {"patient_id": ["A"], "collected_on": [dt.date(2024, 1, 1)], "group": ["x"], "is_valid": [True]}
    )
    assert select_at_landmark(late, draws=sample).kept["origin_on"].dt.date.tolist() == [dt.date(2024, 2, 29)]


@pytest.mark.parametrize(("drawn", "n_kept"), [(181, 1), (182, 1), (183, 0)])
def test_only_what_is_drawn_by_the_landmark_makes_the_group(drawn: int, n_kept: int) -> None:
    found = landmark(patient(400, True), (drawn, "cleared"))
    assert len(found.kept) == n_kept
    assert found.excluded_counts == ({} if n_kept else {"NO_VALID_DRAW": 1})


def test_the_baseline_itself_makes_no_group() -> None:
    assert landmark(patient(400, True), (0, "detected")).excluded_counts == {"NO_VALID_DRAW": 1}


@pytest.mark.parametrize(
    ("ended", "event", "reason"),
    [
        (181, True, "EVENT_BEFORE_ORIGIN"),
        (182, True, "EVENT_BEFORE_ORIGIN"),
        (183, True, None),
        (181, False, "CENSORED_BEFORE_ORIGIN"),
        (182, False, None),
    ],
)
def test_an_event_on_the_day_of_the_landmark_is_before_it(
    ended: int, event: bool, reason: str | None
) -> None:
    found = landmark(patient(ended, event), (90, "cleared"))
    assert found.excluded["reason"].tolist() == ([] if reason is None else [reason])


def test_without_an_index_there_is_no_landmark() -> None:
    found = landmark(patient(400, True, index_on=pd.NaT), (90, "cleared"))
    assert found.excluded_counts == {"NO_ORIGIN": 1}
