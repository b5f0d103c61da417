"""Which line an adverse event belongs to (clinical-decisions A25b)."""

import pytest

from tests.builders import day, run_mart
from tests.unit.marts.safety.events import LINE_1, TWO_LINES, course, died_on, event, merged, safety_tables


def line_of(onset, **options):
    return merged([event(1, "nausea", onset)], "line, rule, is_counted", **options)[0]


@pytest.mark.parametrize(
    ("onset", "expected"),
    [
        (-1, (None, "AE_BEFORE_TREATMENT", False)),
        (0, (1, "AE_ON_LINE", True)),
        (100, (1, "AE_ON_LINE", True)),
        (101, (1, "AE_AFTER_LAST_DOSE", True)),
        (128, (1, "AE_AFTER_LAST_DOSE", True)),
        (129, (None, "AE_AFTER_WINDOW", False)),
        (None, (None, "AE_NO_ONSET", True)),
    ],
)
def test_an_event_belongs_to_the_line_from_the_first_dose_to_28_days_after_the_last(onset, expected):
    assert line_of(onset) == expected


def test_the_study_says_how_many_days_after_the_last_dose_still_count():
    study = [{"adverse_event_after_days": 30}]
    assert line_of(130, study=study)[0] == 1
    assert line_of(131, study=study)[0] is None


@pytest.mark.parametrize(("onset", "line"), [(109, 1), (110, 2), (128, 2)])
def test_from_the_first_day_of_the_next_line_an_event_belongs_to_that(onset, line):
    assert line_of(onset, treatment=TWO_LINES)[0] == line


def test_a_patient_without_treatment_has_no_event_under_treatment():
    assert line_of(5, treatment=[]) == (None, "AE_NOT_TREATED", False)


def test_events_after_the_last_day_that_may_be_read_are_left_out():
    patient = [{"patient_id": "P1", "observed_until": day(50)}]
    found = merged([event(1, "nausea", 50), event(2, "rash", 51)], "preferred_term", patient=patient)
    assert found == [("nausea",)]


def test_late_effects_of_local_treatment_count_until_systemic_treatment_begins():
    treatment = [
        {
            "patient_id": "P1",
            "treatment_id": "R1",
            "kind": "radiotherapy",
            "modality": "sbrt",
            "started_on": day(10),
            "ended_on": day(14),
            "row_key": "P1 | R1",
        },
        course(2, "capecitabine", 300, None),
    ]
    study = [{"index_origin": "local_therapy"}]
    onsets = (9, 10, 299, 300)
    events = [event(number, f"term {number}", onset) for number, onset in enumerate(onsets, start=1)]
    assert merged(events, "period, rule", treatment=treatment, study=study) == [
        ("BEFORE", "AE_BEFORE_TREATMENT"),
        ("LOCAL", "AE_AFTER_LOCAL_TREATMENT"),
        ("LOCAL", "AE_AFTER_LOCAL_TREATMENT"),
        ("LINE 1", "AE_ON_LINE"),
    ]


def exposure(scope, treatment=LINE_1, **others):
    rows = run_mart(
        "adverse_event_denominator",
        safety_tables([], treatment=treatment, **others),
        columns="scope, unit, exposure_days, risk_days",
        order_by="scope, unit",
    )
    return [row[1:] for row in rows if row[0] == scope]


def test_days_of_exposure_count_the_first_and_the_last_dose():
    assert exposure("LINE") == [("1", 101, 129)]
    assert exposure("DRUG") == [("letrozole", 101, 129), ("palbociclib", 101, 129)]
    assert exposure("ALL") == [("ALL", 101, 129)]


def test_no_day_counts_for_two_lines():
    observed = [{"patient_id": "P1", "observed_until": day(200)}]
    assert exposure("LINE", TWO_LINES, patient=observed) == [("1", 101, 110), ("2", 91, 91)]
    assert exposure("ALL", TWO_LINES, patient=observed) == [("ALL", 192, 201)]


def test_a_dead_patient_is_not_at_risk():
    assert exposure("LINE", contact=[died_on(105)]) == [("1", 101, 106)]


def test_courses_of_one_drug_that_touch_are_one_spell_and_a_pause_is_not_exposure():
    touching = [course(1, "letrozole", 0, 9), course(2, "letrozole", 10, 19)]
    apart = [course(1, "letrozole", 0, 9), course(2, "letrozole", 12, 19)]
    assert exposure("DRUG", touching) == [("letrozole", 20, 48)]
    assert exposure("DRUG", apart) == [("letrozole", 18, 48)]


def test_a_patient_without_a_dose_is_in_no_denominator():
    assert exposure("ALL", []) == []


def enrolled(number, **study):
    """P1 enrolled on that day, in a study that collects events from enrolment where nothing else is said."""
    return {"patient": [{"patient_id": "P1", "enrolled_on": day(number)}], "study": [study]}


@pytest.mark.parametrize(
    ("onset", "expected"),
    [
        (-1, (None, "AE_BEFORE_TREATMENT", False)),
        (49, (None, "AE_BEFORE_ENROLMENT", False)),
        (50, (1, "AE_ON_LINE", True)),
        (129, (None, "AE_AFTER_WINDOW", False)),
    ],
)
def test_an_event_before_enrolment_does_not_count_where_events_are_collected_from_then(onset, expected):
    assert line_of(onset, **enrolled(50)) == expected


def test_an_event_before_enrolment_counts_where_events_are_collected_from_the_first_dose():
    assert line_of(49, **enrolled(50, adverse_events_from="first_dose")) == (1, "AE_ON_LINE", True)


def test_the_day_of_treatment_is_counted_from_the_first_dose_whenever_the_patient_enrolled():
    assert merged([event(1, "nausea", 50)], "day_of_treatment", **enrolled(50)) == [(51,)]


def test_what_the_patient_had_at_enrolment_counts_only_when_it_became_worse():
    reports = [event(1, "nausea", 40, 60), event(2, "nausea", 55, 70), event(3, "nausea", 65, 80, grade=3)]
    found = merged(reports, "n_reports, grade, rule, is_counted", **enrolled(50))
    assert found == [(1, 2, "AE_BEFORE_ENROLMENT", False), (2, 3, "AE_WORSE", True)]
    same = merged(reports[:2], "rule, is_counted", **enrolled(50))
    assert same == [("AE_BEFORE_ENROLMENT", False), ("AE_NOT_WORSE", False)]


@pytest.mark.parametrize(
    ("enrolled_on", "risk_days"), [(-1, 129), (0, 129), (1, 128), (50, 79), (100, 29), (128, 1)]
)
def test_days_at_risk_begin_with_enrolment_or_the_first_dose_whichever_is_later(enrolled_on, risk_days):
    for scope in ("ALL", "LINE"):
        assert [row[-1] for row in exposure(scope, **enrolled(enrolled_on))] == [risk_days]
    assert [row[-1] for row in exposure("DRUG", **enrolled(enrolled_on))] == [risk_days, risk_days]


@pytest.mark.parametrize(("enrolled_on", "units"), [(128, ["1", "2"]), (129, ["2"])])
def test_a_line_whose_last_dose_is_29_days_before_enrolment_is_in_no_denominator(enrolled_on, units):
    # Last dose of line 1 on day 100; line 2 begins on day 140.
    treatment = [*LINE_1, course(2, "capecitabine", 140, None, line=2)]
    assert [row[0] for row in exposure("LINE", treatment, **enrolled(enrolled_on))] == units
    drugs = [row[0] for row in exposure("DRUG", treatment, **enrolled(enrolled_on))]
    assert drugs == (["capecitabine", "letrozole", "palbociclib"] if "1" in units else ["capecitabine"])


def test_a_patient_whose_treatment_ended_before_enrolment_is_neither_in_denominator_nor_numerator():
    assert exposure("ALL", **enrolled(129)) == []
    rules = [event(1, "nausea", 100), event(2, "rash", None)]
    found = merged(rules, "rule, is_counted", **enrolled(129))
    assert found == [("AE_BEFORE_ENROLMENT", False), ("AE_BEFORE_ENROLMENT", False)]
    assert exposure("ALL", **enrolled(129, adverse_events_from="first_dose")) == [("ALL", 101, 129)]
