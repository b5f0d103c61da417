"""Names of lines: what is given together, what follows, and what is not named again."""

import datetime as dt

import pytest

from dashboard.tables.treatment_names import NOT_NAMED, Given, class_words, line_names, sequence_words

START = dt.date(2024, 1, 1)


def day(number):
    return START + dt.timedelta(days=number)


def given(start, end, *names):
    return Given(day(start), None if end is None else day(end), frozenset(names))


def words(*courses):
    return sequence_words(courses, combination_days=28)


@pytest.mark.parametrize(
    ("start", "said"), [(28, "Carboplatin + pembrolizumab"), (29, "Carboplatin, then pembrolizumab")]
)
def test_courses_begun_at_most_28_days_apart_are_one_regimen(start, said):
    assert words(given(0, 29, "carboplatin"), given(start, 200, "pembrolizumab")) == said


@pytest.mark.parametrize(("end", "said"), [(129, "A + b"), (128, "A, then b")])
def test_a_course_that_runs_on_beside_the_next_for_more_than_28_days_is_given_with_it(end, said):
    assert words(given(0, end, "a"), given(100, 300, "b")) == said


def test_an_open_course_is_given_with_a_drug_added_to_it_and_not_with_what_replaces_it():
    assert words(given(0, None, "letrozole"), given(60, None, "palbociclib")) == "Letrozole + palbociclib"
    switched = words(given(0, None, "letrozole", "x"), given(60, None, "letrozole", "y"))
    assert switched == "Letrozole + x, then letrozole + y"


def test_endocrine_therapy_before_the_inhibitor_or_after_it_is_not_named_again():
    before = words(given(0, 89, "letrozole"), given(90, None, "letrozole", "palbociclib"))
    after = words(given(0, 300, "letrozole", "palbociclib"), given(301, None, "letrozole"))
    assert before == after == "Letrozole + palbociclib"


def test_the_same_drugs_again_after_a_pause_are_named_once():
    assert words(given(0, 50, "docetaxel"), given(100, 150, "docetaxel")) == "Docetaxel"


def test_a_line_without_drugs_says_so():
    assert words() == NOT_NAMED


COURSES = [
    {
        "patient_id": "P",
        "line": 1,
        "source_key": "P | A",
        "started_on": day(0),
        "ended_on": day(80),
        "agent": agent,
        "drug_class": drug_class,
    }
    for agent, drug_class in (
        ("bevacizumab", "antiangiogenic_antibody"),
        ("fluorouracil", "chemotherapy"),
        ("oxaliplatin", "chemotherapy"),
        ("something new", None),
    )
]


def test_partners_stand_behind_what_they_are_added_to():
    found = line_names(COURSES, by_class=False, combination_days=28)
    assert found == {("P", 1): "Fluorouracil + oxaliplatin + something new + bevacizumab"}


def test_classes_stand_once_and_an_unknown_one_says_so():
    found = line_names(COURSES, by_class=True, combination_days=28)
    assert found == {("P", 1): "Chemotherapy + drug of unknown class + antiangiogenic antibody"}


def test_a_class_that_begins_with_a_name_keeps_its_capitals():
    assert [class_words(one) for one in ("cdk46_inhibitor", "chemotherapy", "egfr_tki")] == [
        "CDK4/6 inhibitor",
        "chemotherapy",
        "EGFR inhibitor",
    ]
