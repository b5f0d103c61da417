"""Courses of local treatment: sessions at most course_gap_days apart (here 60)."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart


def session(
    on: int, kind: str = "radiotherapy", *, until: int | None = None, lesion: str = "1", **more: Any
) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": f"{kind} {on} {lesion}",
        "kind": kind,
        "started_on": day(on),
        "ended_on": None if until is None else day(until),
        "lesion_id": lesion,
        **more,
    }


def courses(*sessions: Row, columns: str, **patient: Any) -> list[tuple[Any, ...]]:
    given = {"patient": [{"patient_id": "P", **patient}], "treatment": sessions}
    return run_mart("local_course", given, columns=columns, order_by="course")


@pytest.mark.parametrize(("gap", "expected"), [(59, 1), (60, 1), (61, 2)])
def test_a_course_ends_after_60_days_without_a_session(gap: int, expected: int) -> None:
    rows = courses(
        session(0, until=10), session(10 + gap, lesion="2"), columns="course, n_sessions, n_lesions"
    )
    assert len(rows) == expected


def test_the_gap_counts_from_the_latest_end_so_far() -> None:
    """The long first radiotherapy ends after the short second one."""
    rows = courses(
        session(0, until=100),
        session(10, until=20, lesion="2"),
        session(150, lesion="3"),
        columns="started_on, ended_on",
    )
    assert rows == [(day(0), day(150))]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["radiotherapy", "radiotherapy"], "RADIOTHERAPY"),
        (["ablation", "ablation"], "ABLATION"),
        (["surgery"], "SURGERY"),
        (["radiotherapy", "ablation"], "MULTIPLE"),
        (["ablation", "surgery"], "MULTIPLE"),
    ],
)
def test_more_than_one_kind_of_treatment_is_the_fourth_group(kinds: list[str], expected: str) -> None:
    sessions = [session(place, kind, lesion=str(place)) for place, kind in enumerate(kinds)]
    assert courses(*sessions, columns="group_code") == [(expected,)]


def test_what_the_course_was_made_of() -> None:
    rows = courses(
        session(0, "radiotherapy", modality="sbrt", lesion="1"),
        session(14, "ablation", modality="rfa", lesion="2"),
        session(15, "ablation", modality="rfa", lesion="2", treatment_id="again"),
        columns="n_sessions, n_lesions, modalities",
    )
    assert rows == [(3, 2, "rfa + sbrt")]


def test_treatment_of_the_primary_tumour_is_no_course_of_the_oligometastases() -> None:
    """The resection that reached no evidence of disease came before they were found on day 300."""
    sessions = [
        session(0, "surgery"),
        session(299, "surgery", lesion="2"),
        session(300, "ablation", lesion="3"),
    ]
    rows = courses(*sessions, columns="course, group_code", oligometastatic_on=day(300))
    assert rows == [(1, "ABLATION")]


@pytest.mark.parametrize("intent", ["adjuvant", "neoadjuvant"])
def test_adjuvant_radiotherapy_is_no_course(intent: str) -> None:
    assert courses(session(0, intent=intent), columns="course") == []


@pytest.mark.parametrize(
    ("precision", "on", "expected"),
    [
        ("day", 29, 0),
        ("day", 30, 1),
        ("month", -1, 0),
        ("month", 0, 1),
        ("month", 29, 1),
        ("month", 31, 1),
        ("year", -1, 0),
        ("year", 0, 1),
    ],
)
def test_oligometastases_known_to_the_month_do_not_exclude_a_session_of_that_month(
    precision: str, on: int, expected: int
) -> None:
    """The diagnosis is stored as 31 January 2024 (day 30), the last day of a month known without its day."""
    found = courses(
        session(on), columns="course", oligometastatic_on=day(30), oligometastatic_on_precision=precision
    )
    assert len(found) == expected


def test_the_same_month_of_the_year_before_is_not_the_same_month() -> None:
    patient = {"oligometastatic_on": day(30), "oligometastatic_on_precision": "month"}
    assert courses(session(-366 + 15), columns="course", **patient) == []
