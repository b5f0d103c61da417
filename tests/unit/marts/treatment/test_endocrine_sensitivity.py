"""Endocrine sensitivity of clinical-decisions A14.3, in calendar months, both sides of each boundary."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import Row, run_mart
from tests.unit.marts.treatment.courses import DRUGS, KEY_CLASS


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def drug(agents: str, start: str, end: str | None, intent: str = "adjuvant", **more: Any) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": f"{agents} {start}",
        "kind": "systemic",
        "intent": intent,
        "agents": agents,
        "regimen": agents.capitalize(),
        "started_on": on(start),
        "ended_on": None if end is None else on(end),
        **more,
    }


def metastatic(agents: str, start: str, end: str | None = None, **more: Any) -> Row:
    return drug(agents, start, end, "metastatic", **more)


def judged(
    *courses: Row,
    relapse: str | None,
    progressions: tuple[str, ...] = (),
    columns: str = "rule",
    key_class: str | None = KEY_CLASS,
    **patient: Any,
) -> list[tuple[Any, ...]]:
    tables = {
        "study": [{"key_class": key_class}],
        "patient": [
            {
                "patient_id": "P",
                "tumour_type": "breast",
                "metastatic_on": None if relapse is None else on(relapse),
                **patient,
            }
        ],
        "treatment": courses,
        "response": [
            {"patient_id": "P", "assessed_on": on(text), "assessor": "investigator", "overall": "pd"}
            for text in progressions
        ],
        "drug_class": DRUGS,
    }
    return run_mart("endocrine_sensitivity", tables, columns=columns)


FIRST_LINE = metastatic("letrozole + palbociclib", "2023-01-10")


@pytest.mark.parametrize(
    ("relapse", "rule", "sensitivity"),
    [
        ("2020-03-14", "ENDOCRINE_RELAPSE_WITHIN_2_YEARS", "PRIMARY_RESISTANCE"),
        ("2020-03-15", "ENDOCRINE_RELAPSE_WITHIN_2_YEARS", "PRIMARY_RESISTANCE"),  # 2 years to the day
        ("2020-03-16", "ENDOCRINE_RELAPSE_AFTER_2_YEARS", "SECONDARY_RESISTANCE"),
    ],
)
def test_relapse_on_adjuvant_therapy_is_primary_up_to_2_years_from_its_start(relapse, rule, sensitivity):
    course = drug("letrozole", "2018-03-15", "2022-06-01")
    assert judged(course, FIRST_LINE, relapse=relapse, columns="rule, sensitivity") == [(rule, sensitivity)]


@pytest.mark.parametrize(
    ("relapse", "rule", "sensitivity", "months"),
    [
        ("2020-08-31", "ENDOCRINE_RELAPSE_AFTER_2_YEARS", "SECONDARY_RESISTANCE", None),  # last dose
        ("2020-09-01", "ENDOCRINE_RELAPSE_WITHIN_12_MONTHS", "SECONDARY_RESISTANCE", 0),
        ("2021-06-15", "ENDOCRINE_RELAPSE_WITHIN_12_MONTHS", "SECONDARY_RESISTANCE", 9),
        ("2021-08-30", "ENDOCRINE_RELAPSE_WITHIN_12_MONTHS", "SECONDARY_RESISTANCE", 11),
        ("2021-08-31", "ENDOCRINE_RELAPSE_WITHIN_12_MONTHS", "SECONDARY_RESISTANCE", 12),
        ("2021-09-01", "ENDOCRINE_LATE_RELAPSE", "SENSITIVE_OR_NAIVE", 12),
    ],
)
def test_relapse_after_adjuvant_therapy_is_secondary_up_to_12_months_from_its_end(
    relapse, rule, sensitivity, months
):
    course = drug("letrozole", "2015-09-01", "2020-08-31", stop_reason="planned")
    columns = "rule, sensitivity, months_after_end"
    assert judged(course, FIRST_LINE, relapse=relapse, columns=columns) == [(rule, sensitivity, months)]


def test_a_short_adjuvant_course_that_ended_before_the_relapse_was_not_relapse_on_it():
    course = drug("letrozole", "2018-01-01", "2018-06-01", stop_reason="toxicity")
    assert judged(course, FIRST_LINE, relapse="2019-03-01") == [("ENDOCRINE_RELAPSE_WITHIN_12_MONTHS",)]


def test_a_course_stopped_for_the_relapse_counts_as_relapse_on_it():
    course = drug("letrozole", "2018-01-01", "2019-02-19", stop_reason="progression")
    columns = "rule, months_from_start, adjuvant_ended_on"
    assert judged(course, FIRST_LINE, relapse="2019-03-01", columns=columns) == [
        ("ENDOCRINE_RELAPSE_WITHIN_2_YEARS", 13, None)
    ]


@pytest.mark.parametrize(
    ("stopped", "relapse", "rule", "months"),
    [
        # Two years after the first dose, the metastases half a year later.
        ("2020-01-01", "2020-07-01", "ENDOCRINE_RELAPSE_WITHIN_2_YEARS", 24),
        ("2020-01-02", "2020-07-01", "ENDOCRINE_RELAPSE_AFTER_2_YEARS", 24),
        # The metastases were there before the drug was stopped.
        ("2020-07-01", "2020-01-01", "ENDOCRINE_RELAPSE_WITHIN_2_YEARS", 24),
        ("2020-07-01", "2020-01-02", "ENDOCRINE_RELAPSE_AFTER_2_YEARS", 24),
    ],
)
def test_a_drug_stopped_for_the_relapse_dates_it_where_the_metastases_came_later(
    stopped, relapse, rule, months
):
    course = drug("letrozole", "2018-01-01", stopped, stop_reason="progression")
    found = judged(course, FIRST_LINE, relapse=relapse, columns="rule, months_from_start")
    assert found == [(rule, months)]


def test_two_adjuvant_courses_count_from_the_first_dose_to_the_last():
    courses = (drug("fulvestrant", "2015-01-01", "2016-06-01"), drug("letrozole", "2016-06-02", "2020-01-01"))
    found = judged(*courses, FIRST_LINE, relapse="2016-12-01", columns="rule, months_from_start")
    assert found == [("ENDOCRINE_RELAPSE_WITHIN_2_YEARS", 23)]


@pytest.mark.parametrize(
    ("progressed", "rule", "sensitivity", "months"),
    [
        ("2022-07-30", "ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS", "PRIMARY_RESISTANCE", 5),
        ("2022-07-31", "ENDOCRINE_PROGRESSION_FROM_6_MONTHS", "SECONDARY_RESISTANCE", 6),
        ("2022-08-01", "ENDOCRINE_PROGRESSION_FROM_6_MONTHS", "SECONDARY_RESISTANCE", 6),
    ],
)
def test_progression_on_first_line_therapy_is_primary_before_6_months(progressed, rule, sensitivity, months):
    lines = (
        metastatic("letrozole", "2022-01-31", progressed),
        metastatic("fulvestrant + palbociclib", "2022-09-01"),
    )
    columns = "rule, sensitivity, months_on_line"
    found = judged(*lines, relapse="2022-01-15", progressions=(progressed,), columns=columns)
    assert found == [(rule, sensitivity, months)]


def test_six_months_from_the_last_day_of_august_end_with_february():
    lines = (metastatic("letrozole", "2022-08-31", "2023-02-28"), metastatic("fulvestrant + palbociclib",
             "2023-04-01"))  # fmt: skip
    assert judged(*lines, relapse="2022-08-01", progressions=("2023-02-27",)) == [
        ("ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS",)
    ]
    assert judged(*lines, relapse="2022-08-01", progressions=("2023-02-28",)) == [
        ("ENDOCRINE_PROGRESSION_FROM_6_MONTHS",)
    ]


def test_progression_on_the_drugs_the_study_follows_is_an_outcome_and_no_characteristic():
    course = metastatic("letrozole + palbociclib", "2022-01-10", "2022-04-10")
    given = {"relapse": "2022-01-01", "progressions": ("2022-04-10",)}
    assert judged(course, **given) == [("ENDOCRINE_NAIVE",)]
    without_class = judged(course, key_class=None, **given)
    assert without_class == [("ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS",)]


def test_primary_resistance_is_named_before_secondary():
    courses = (
        drug("letrozole", "2015-09-01", "2020-08-31"),
        metastatic("fulvestrant", "2021-02-01", "2021-05-01"),
        metastatic("letrozole + palbociclib", "2021-06-01"),
    )
    assert judged(*courses, relapse="2021-01-15", progressions=("2021-05-01",)) == [
        ("ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS",)
    ]


def test_without_endocrine_therapy_before_or_without_progression_on_it_the_patient_is_sensitive_or_naive():
    chemotherapy = drug("paclitaxel", "2018-01-01", "2018-06-01")
    columns = "rule, sensitivity"
    assert judged(chemotherapy, FIRST_LINE, relapse="2022-12-01", columns=columns) == [
        ("ENDOCRINE_NAIVE", "SENSITIVE_OR_NAIVE")
    ]
    lines = (metastatic("letrozole", "2022-06-01", "2022-09-01"), FIRST_LINE)
    assert judged(*lines, relapse="2022-05-01", columns=columns) == [
        ("ENDOCRINE_NO_PROGRESSION", "SENSITIVE_OR_NAIVE")
    ]


def test_a_missing_date_is_unknown_and_never_a_guess():
    columns = "rule, sensitivity"
    course = drug("letrozole", "2015-09-01", "2020-08-31")
    assert judged(course, FIRST_LINE, relapse=None, columns=columns) == [
        ("ENDOCRINE_NO_RELAPSE_DATE", "UNKNOWN")
    ]
    open_end = drug("letrozole", "2015-09-01", None, is_ongoing=False)
    assert judged(open_end, FIRST_LINE, relapse="2022-12-01", columns=columns) == [
        ("ENDOCRINE_NO_END_DATE", "UNKNOWN")
    ]


def test_a_partial_date_is_marked_approximate():
    course = drug(
        "letrozole", "2015-09-01", "2020-08-31", started_on_precision="day", ended_on_precision="day"
    )
    assert judged(course, FIRST_LINE, relapse="2021-06-15", columns="is_approximate") == [(False,)]
    found = judged(course, FIRST_LINE, relapse="2021-06-15", columns="is_approximate",
                   metastatic_on_precision="month")  # fmt: skip
    assert found == [(True,)]


def test_only_patients_with_breast_cancer_have_a_row():
    assert judged(FIRST_LINE, relapse="2022-12-01", tumour_type="lung") == []
