"""Bounds of lines of therapy that show on the very day: last day observed, day of progression, gaps."""

from typing import Any

import pytest

from tests.builders import OBSERVED_UNTIL, Row, day, run_mart

from .courses import course, lines, starts, tables

LAST = (OBSERVED_UNTIL - day(0)).days


@pytest.mark.parametrize(("ended", "expected"), [(LAST, (day(LAST), False)), (LAST + 1, (None, True))])
def test_an_end_on_the_last_day_observed_is_an_end(ended: int, expected: tuple[Any, ...]) -> None:
    assert lines(course("letrozole", 0, ended), columns="ended_on, is_ongoing") == [expected]


@pytest.mark.parametrize(("started", "n_lines"), [(LAST, 2), (LAST + 1, 1)])
def test_a_course_that_starts_on_the_last_day_observed_is_a_line(started: int, n_lines: int) -> None:
    assert len(lines(course("letrozole", 0, 400), course("paclitaxel", started))) == n_lines


@pytest.mark.parametrize(("died", "is_ongoing"), [(LAST, False), (LAST + 1, True)])
def test_a_death_on_the_last_day_observed_ends_the_line(died: int, is_ongoing: bool) -> None:
    death = {"patient_id": "P", "contact_on": day(died), "vital_status": "dead", "died_on": day(died)}
    given = {**tables([course("letrozole", 0)]), "contact": [death]}
    assert run_mart("line_of_therapy", given, columns="is_ongoing") == [(is_ongoing,)]


@pytest.mark.parametrize(
    ("ended", "recorded", "expected"),
    [
        (None, None, "death"),
        (200, None, "death"),
        (200, "unknown", "death"),
        (199, None, None),
        (200, "toxicity", "toxicity"),
    ],
)
def test_a_line_that_ended_on_the_day_of_death_without_a_reason_ended_by_death(
    ended: int | None, recorded: str | None, expected: str | None
) -> None:
    death = {"patient_id": "P", "contact_on": day(200), "vital_status": "dead", "died_on": day(200)}
    given = {**tables([course("letrozole", 0, ended, stop_reason=recorded)]), "contact": [death]}
    assert run_mart("line_of_therapy", given, columns="stop_reason") == [(expected,)]


@pytest.mark.parametrize(("progressed", "expected"), [(LAST, day(LAST)), (LAST + 1, None)])
def test_a_progression_on_the_last_day_observed_counts(progressed: int, expected: Any) -> None:
    found = lines(course("letrozole", 0), progressions=[progressed], columns="progressed_on")
    assert found == [(expected,)]


@pytest.mark.parametrize(("gap", "expected"), [(119, [0]), (120, [0]), (121, [0, 221])])
def test_fewer_drugs_of_the_regimen_after_a_gap_over_120_days_are_a_new_line(
    gap: int, expected: list[int]
) -> None:
    assert (
        starts(course("carboplatin + paclitaxel", 0, 100), course("paclitaxel", 100 + gap, 400)) == expected
    )


@pytest.mark.parametrize(
    ("treated", "expected"), [(199, False), (200, True), (209, True), (210, False), (211, False)]
)
def test_local_treatment_from_the_day_of_progression_to_before_the_last_dose_is_treatment_beyond_it(
    treated: int, expected: bool
) -> None:
    """Progression on day 200, last dose on day 210, within the 28 days that need no local treatment."""
    local: Row = {
        "patient_id": "P",
        "treatment_id": "sbrt",
        "kind": "radiotherapy",
        "started_on": day(treated),
    }
    given = tables([course("letrozole + palbociclib", 0, 210), local], progressions=[200])
    found = run_mart("line_of_therapy", given, columns="treated_beyond_progression")
    assert found == [(expected,)]
