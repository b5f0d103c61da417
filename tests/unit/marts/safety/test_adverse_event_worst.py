"""Worst grade of a patient and term: once per patient, with missing grades and relations kept."""

import pytest

from tests.unit.marts.safety.events import TWO_LINES, event, worst


def test_a_patient_counts_once_per_term_at_the_worst_grade():
    events = [
        event(1, "neutropenia", 1, 5, grade=3),
        event(2, "neutropenia", 28, 33, grade=4, is_serious=True),
        event(3, "neutropenia", 56, 60, grade=None),
    ]
    found = worst(events, "preferred_term, worst_grade, n_events, n_ungraded, is_serious", "ALL")
    assert found == [("ALL", "neutrophil count decreased", 4, 3, 1, True)]


def test_an_event_without_grade_is_a_row_without_grade():
    found = worst([event(1, "nausea", 1, grade=None)], "worst_grade, rule", "ALL")
    assert found == [("ALL", None, "AE_WORST_GRADE_MISSING")]


def test_a_term_without_grades_is_counted_and_not_called_missing():
    found = worst([event(1, "骨髓抑制", 1, grade=4)], "worst_grade, rule", "ALL")
    assert found == [("ALL", None, "AE_NOT_GRADABLE")]


def test_the_same_term_is_counted_in_each_line_it_happens_in():
    events = [event(1, "nausea", 1, 5, grade=1), event(2, "nausea", 120, 125, grade=3)]
    assert worst(events, "worst_grade", "LINE", treatment=TWO_LINES) == [("1", 1), ("2", 3)]
    assert worst(events, "worst_grade", "ALL", treatment=TWO_LINES) == [("ALL", 3)]


def test_an_event_without_onset_counts_over_all_and_in_no_line_or_drug():
    events = [event(1, "nausea", None)]
    assert worst(events, "n_events", "ALL") == [("ALL", 1)]
    assert worst(events, "n_events", "LINE") == []
    assert worst(events, "n_events", "DRUG") == []


def test_what_does_not_count_is_in_no_row():
    assert worst([event(1, "nausea", -5, -1), event(2, "rash", 129)], "n_events", "ALL") == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"relatedness": "related"}, (True, True, False)),
        ({"relatedness": "not_assessable"}, (False, True, False)),
        ({"relatedness": None}, (False, True, True)),
        ({"relatedness": "not_related"}, (False, False, False)),
    ],
)
def test_only_the_conservative_reading_takes_what_is_not_assessable_or_missing_as_related(values, expected):
    columns = "is_related, is_related_or_unclear, has_relatedness_missing"
    assert worst([event(1, "nausea", 1, **values)], columns, "ALL") == [("ALL", *expected)]


def test_the_worst_related_grade_is_that_of_the_related_events_alone():
    events = [
        event(1, "nausea", 1, 2, grade=4, relatedness="not_related"),
        event(2, "nausea", 10, 11, grade=2),
    ]
    assert worst(events, "worst_grade, worst_related_grade", "ALL") == [("ALL", 4, 2)]


def test_with_two_drugs_only_the_one_named_is_related():
    events = [event(1, "nausea", 1, related_to="palbociclib")]
    found = worst(events, "is_related, is_related_or_unclear", "DRUG")
    assert found == [("letrozole", False, False), ("palbociclib", True, True)]


@pytest.mark.parametrize(
    ("values", "is_adr"),
    [
        ({"related_to": "palbociclib"}, True),
        ({}, True),
        ({"relatedness": "not_assessable"}, False),
        ({"relatedness": "not_related"}, False),
    ],
)
def test_an_adr_is_related_to_any_study_drug_also_under_the_other_drug(values, is_adr):
    found = worst([event(1, "nausea", 1, **values)], "is_adr", "DRUG")
    assert found == [("letrozole", is_adr), ("palbociclib", is_adr)]
    assert worst([event(1, "nausea", 1, **values)], "is_adr", "ALL") == [("ALL", is_adr)]


def test_related_without_a_drug_stays_unclear_for_each_drug():
    found = worst([event(1, "nausea", 1)], "is_related, is_related_or_unclear", "DRUG")
    assert found == [("letrozole", False, True), ("palbociclib", False, True)]
