"""What was given on a line, what its scans were called, and since when nothing is known of it.

Line 1 begins on day 0; its baseline scan is on day 5; the last observed day is day 300.
"""

import pytest

from tests.builders import day, run_mart

LINE = {"patient_id": "P", "line": 1, "regimen": "A", "started_on": day(0), "source_key": "T1"}
GOES_ON = LINE | {"is_ongoing": True}
BASELINE = {"patient_id": "P", "line": 1, "baseline_on": day(5)}
SUMMARY = {"patient_id": "P", "observed_until": day(300), "vital_status": "alive", "last_seen_on": day(299)}


def found(columns, **given):
    tables = {
        "study": [{"contact_stale_on_treatment_days": 90}],
        "line_of_therapy": [GOES_ON],
        "patient_summary": [SUMMARY],
        "line_baseline": [BASELINE],
        "overall_response": [],
        "milestone": [],
        "treatment_episode": [],
        **given,
    }
    (row,) = run_mart("line_summary", tables, columns=columns)
    return row[0] if len(row) == 1 else row


def given(label, on, **more):
    return {"patient_id": "P", "line": 1, "kind": "systemic", "label": label, "started_on": day(on), **more}


def scan(on, response, *, basis="imaging", called=None):
    first = None if called is None else day(called)
    return {
        "patient_id": "P",
        "line": 1,
        "assessed_on": day(on),
        "response": response,
        "basis": basis,
        "first_called_on": first,
    }


def test_drugs_stand_in_the_order_of_their_first_doses_and_together_where_begun_on_one_day():
    episodes = [
        given("palbociclib", 0),
        given("letrozole", 0),
        given("abemaciclib", 40),
        given("letrozole", 80),
        given("a dose step", 10, part_of="T1"),
        given("ablation", 20, kind="ablation"),
    ]
    assert found("given_in_order", treatment_episode=episodes) == "letrozole + palbociclib | abemaciclib"


def test_without_a_named_drug_the_regimen_stands_as_written():
    assert found("given_in_order", treatment_episode=[given(None, 0)]) == "A"


def test_scans_are_counted_after_the_baseline_in_the_order_first_called():
    scans = [scan(5, "PD"), scan(6, "SD"), scan(60, "PR"), scan(120, "PR"), scan(180, "PD"), scan(200, None)]
    assert found("responses_called, n_called, pd_called_on, n_pd", overall_response=scans) == (
        "1 SD, 2 PR, 1 PD",
        4,
        day(180),
        2,
    )


def test_a_progression_that_is_only_repeated_was_called_when_it_was_first():
    assert found("pd_called_on", overall_response=[scan(180, "PD", called=100)]) == day(100)


def test_a_clinical_progression_is_no_scan():
    clinical = [scan(180, "PD", basis="clinical")]
    assert found("responses_called, n_called, n_pd", overall_response=clinical) == (None, 0, 1)


@pytest.mark.parametrize(("imaged", "only"), [(None, 5), (5, 5), (6, None)])
def test_the_baseline_is_the_only_scan_where_nothing_was_imaged_after_it(imaged, only):
    summary = SUMMARY | {"last_imaging_on": None if imaged is None else day(imaged)}
    expected = None if only is None else day(only)
    assert found("only_baseline_on", patient_summary=[summary]) == expected


@pytest.mark.parametrize(("on", "assessed"), [(5, None), (6, 6)])
def test_the_baseline_scan_is_no_assessment_of_the_line(on, assessed):
    milestones = [{"patient_id": "P", "line": 1, "kind": "adequate_assessment", "occurred_on": day(on)}]
    expected = None if assessed is None else day(assessed)
    assert found("assessed_on", milestone=milestones) == expected


def test_the_day_of_progression_is_that_of_the_line():
    days = [{"patient_id": "P", "line": line, "progressed_on": day(on)} for line, on in ((1, 80), (2, 200))]
    assert found("progressed_on", line_progression=days) == day(80)


@pytest.mark.parametrize(
    ("line", "of_patient", "last_record"),
    [
        (GOES_ON, {"last_seen_on": day(210)}, None),
        (GOES_ON, {"last_seen_on": day(209)}, 209),
        (GOES_ON, {"last_seen_on": day(299), "withdrew_on": day(299)}, 299),
        (GOES_ON, {"last_seen_on": day(100), "died_on": day(290)}, None),
        (LINE | {"is_ongoing": False}, {"last_seen_on": day(100)}, None),
    ],
    ids=["90 days", "91 days", "withdrew", "died", "line ended"],
)
def test_an_ongoing_line_of_a_patient_not_seen_for_long_says_the_last_contact(line, of_patient, last_record):
    expected = None if last_record is None else day(last_record)
    summary = SUMMARY | of_patient
    assert found("last_record_on", line_of_therapy=[line], patient_summary=[summary]) == expected


@pytest.mark.parametrize(
    ("is_ongoing", "vital_status", "may_follow"),
    [
        (True, "alive", True),
        (True, None, True),
        (True, "dead", False),
        (True, "withdrawn", False),
        (True, "lost", False),
        (False, "alive", False),
        (None, "alive", False),
    ],
)
def test_a_scan_may_follow_while_the_line_goes_on_and_the_patient_is_followed(
    is_ongoing, vital_status, may_follow
):
    line, summary = LINE | {"is_ongoing": is_ongoing}, SUMMARY | {"vital_status": vital_status}
    assert found("may_follow", line_of_therapy=[line], patient_summary=[summary]) is may_follow
