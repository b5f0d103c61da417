"""Eligibility in words: only what is not simply met is listed, and each reading has its numbers."""

import pandas as pd

from dashboard.tables.overview_eligibility import criteria_table, reading_words, readings_table

MET = {
    "criterion_no": 1,
    "criterion": "I01",
    "label": "Age",
    "question": "",
    "reading": "",
    "is_in_force": True,
    "n": 20,
    "n_met": 20,
    "n_failed": 0,
    "n_open": 0,
    "n_ruled": 0,
    "n_decided": 0,
    "n_failed_in_force": 0,
    "n_needs_ruling": 0,
    "n_unknown": 0,
    "n_contradicted": 0,
    "n_eligible": None,
}
SIZE = {**MET, "criterion_no": 2, "criterion": "I07", "label": "Lesion", "question": "size"}
SIZE |= {"n_decided": 9, "n_failed_in_force": 5, "n_needs_ruling": 9}
FOUND = pd.DataFrame(
    [
        MET,
        {**SIZE, "reading": "b", "n_met": 6, "n_failed": 13, "n_open": 1, "n_eligible": 4},
        {**SIZE, "reading": "a", "n_met": 15, "n_failed": 5, "n_eligible": 9},
        {**MET, "criterion_no": 3, "criterion": "E06", "label": "CEA", "n_contradicted": 1, "n_unknown": 2},
        {**MET, "criterion_no": 4, "criterion": "E07", "is_in_force": False, "reading": "b", "n_unknown": 3},
    ]
)


def test_only_criteria_not_simply_met_are_listed_once_in_the_order_of_the_protocol():
    assert criteria_table(FOUND).to_dict("records") == [
        {
            "Criterion": "I07 Lesion",
            "Not met": 5,
            "Needs a ruling": 9,
            "Cannot be judged": 0,
            "Against answer": 0,
        },
        {
            "Criterion": "E06 CEA",
            "Not met": 0,
            "Needs a ruling": 0,
            "Cannot be judged": 2,
            "Against answer": 1,
        },
    ]


def test_nothing_is_listed_where_everybody_meets_everything():
    assert criteria_table(pd.DataFrame([MET])).empty


def test_contradictions_have_a_column_only_where_there_is_one():
    assert "Against answer" not in criteria_table(FOUND.assign(n_contradicted=0))


def test_a_recorded_ruling_stands_apart_from_what_is_met():
    ruled = FOUND.assign(n_ruled=[0, 1, 1, 0, 0], n_met=[20, 5, 14, 20, 20])
    assert list(criteria_table(ruled)["Ruling recorded"]) == [1, 0]
    assert "reading a, met by 14 of 20, ruling recorded for 1;" in reading_words(ruled, "size")[0]
    assert "Ruling recorded" not in criteria_table(FOUND)


def test_each_reading_has_its_numbers_and_the_ruling_what_it_decides():
    assert reading_words(FOUND, "size") == [
        "I07: reading a, met by 15 of 20; reading b, met by 6 of 20, 1 cannot be judged. "
        "The ruling decides 9 enrolled patients. All criteria met: 9 under reading a, 4 under reading b."
    ]


def test_one_patient_is_said_as_one():
    one = FOUND.assign(n_decided=1)
    assert "The ruling decides 1 enrolled patient." in reading_words(one, "size")[0]


def test_a_question_without_a_criterion_has_no_numbers():
    assert reading_words(FOUND, "dose") == []


def test_a_criterion_with_two_readings_has_its_counts_under_each():
    table = readings_table(FOUND, meanings={("I07", "a"): "Over 10 mm."})
    assert table.to_dict("records") == [
        {
            "Criterion": "I07 Lesion",
            "Reading": "(a) Over 10 mm.",
            "Meets it": "15 of 20",
            "Meets all": "9 of 20",
        },
        {"Criterion": "I07 Lesion", "Reading": "(b)", "Meets it": "6 of 20", "Meets all": "4 of 20"},
    ]


def test_without_a_criterion_of_two_readings_there_is_no_table_of_them():
    assert readings_table(pd.DataFrame([MET]), meanings={}).empty
