"""Who is counted in the rates of a line: on five patients, and on the enrolment of one."""

import duckdb
import pandas as pd
import pytest

from dashboard.figures.response.counted import (
    counted,
    left_out_note,
    not_counted_words,
    outside_rates_words,
)
from dashboard.figures.response.patients import SQL, response_settings
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.load import load_study
from tests.small_study import STUDY_TOML

LEFT_OUT = "chemotherapy then maintenance"
# Two enrolled for line 2 (one of them began with chemotherapy as well), two began with chemotherapy.
FIVE = pd.DataFrame(
    {
        "patient_id": ["P1", "P2", "P3", "P4", "P5"],
        "is_for_later_line": [True, True, False, False, False],
        "is_after_induction": [False, True, True, True, False],
        "response": ["PR", "PR", "PR", "SD", "CR"],
    }
)


def test_who_enrolled_for_a_later_line_is_not_counted_and_said_once():
    assert counted(FIVE, left_out="")["patient_id"].tolist() == ["P3", "P4", "P5"]
    assert not_counted_words(FIVE, left_out="") == (
        "2 enrolled for a later line: their responses to this one are not part of it."
    )


def test_maintenance_after_chemotherapy_is_not_counted_where_the_study_says_so():
    assert counted(FIVE, left_out=LEFT_OUT)["patient_id"].tolist() == ["P5"]
    assert not_counted_words(FIVE[2:], left_out=LEFT_OUT) == (
        "Not counted: 2 of 3, chemotherapy then maintenance; 1 of them responded."
    )


def test_who_stands_outside_the_rates_is_said_beside_those_followed():
    """P1 and P2 enrolled for a later line; P3 and P4 began line 1 with chemotherapy."""
    assert outside_rates_words(FIVE, left_out="") == "2 of them stand outside the response rates."
    assert outside_rates_words(FIVE, left_out=LEFT_OUT) == "4 of them stand outside the response rates."
    assert outside_rates_words(FIVE[1:3], left_out="") == "1 of them stands outside the response rates."
    assert outside_rates_words(FIVE[2:], left_out="") == ""
    assert outside_rates_words(FIVE[4:], left_out=LEFT_OUT) == ""


def test_the_head_of_a_file_says_how_many_the_rates_leave_out():
    """One of the five never started the line, and so is neither counted nor left out."""
    begun = FIVE.assign(started_on=["2024-01-01"] * 4 + [None])
    assert left_out_note(begun, left_out=LEFT_OUT) == "4 of 4 who started it not counted"
    assert left_out_note(begun, left_out="") == "2 of 4 who started it not counted"
    assert left_out_note(begun[2:4], left_out="") == ""


def test_nothing_is_said_where_everybody_is_counted():
    assert len(counted(FIVE[4:], left_out=LEFT_OUT)) == 1
    assert not_counted_words(FIVE[4:], left_out=LEFT_OUT) == ""


@pytest.mark.parametrize(
    ("asked", "at_enrolment", "expected"),
    [(1, 1, False), (1, 2, True), (2, 2, False), (2, 1, False), (None, 2, False), (1, None, False)],
)
def test_a_later_line_at_enrolment_is_after_the_one_asked_for(asked, at_enrolment, expected):
    """The line at enrolment itself, and a line begun after it, are counted."""
    words = "coalesce(patient_summary.index_line > cast($line as integer), false)"
    assert words in SQL
    query = f"select {words} from (select cast($index as integer) as index_line) as patient_summary"
    row = duckdb.execute(query, {"line": asked, "index": at_enrolment}).fetchone()
    assert row == (expected,)


def test_the_choice_is_that_of_the_headline_endpoint(tmp_path):
    require = Endpoint.model_validate(
        {
            "id": "X",
            "label": "X",
            "origin": "class_start",
            "require": {"milestone": "class_start_without_induction", "line": 1},
            "if_required_missing": "exclude",
            "require_words": LEFT_OUT,
            "events": "death",
            "censor": "known_alive",
            "is_headline": True,
        }
    )
    settings = '\n[[response_setting]]\nid = "U"\nlabel = "U"\nis_headline = true\n'
    (tmp_path / "study.toml").write_text(STUDY_TOML + settings, encoding="utf-8")
    study = load_study(tmp_path)
    assert response_settings(study).left_out == ""
    with_choice = study.model_copy(update={"endpoints": (*study.endpoints, require)})
    assert response_settings(with_choice).left_out == LEFT_OUT
    beside = require.model_copy(update={"is_headline": False})
    assert response_settings(study.model_copy(update={"endpoints": (beside,)})).left_out == ""
