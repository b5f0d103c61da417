"""Until when a patient who left the study is at risk (docs/decisions/0026).

P1 takes palbociclib and letrozole from day 0 without a recorded end; the last day that may be read is 200.
"""

import pytest

from tests.builders import day, run_mart
from tests.unit.marts.safety.events import course, died_on, event, merged, safety_tables

OBSERVED = [{"patient_id": "P1", "enrolled_on": day(0), "observed_until": day(200)}]
UNENDED = [course(1, "letrozole + palbociclib", 0, None)]
ENDED = [course(1, "letrozole + palbociclib", 0, 100)]
SPELLS = {
    "ALL": ["ALL"],
    "LINE": ["1"],
    "DRUG": ["letrozole", "palbociclib"],
}


def left(kind, on):
    return {"patient_id": "P1", "kind": kind, "happened_on": None if on is None else day(on)}


def exposure(columns, *, gone=(), treatment=UNENDED, mart="adverse_event_denominator", **others):
    tables = safety_tables([], treatment=treatment, patient=OBSERVED, disposition=list(gone), **others)
    rows = run_mart(mart, tables, columns=f"scope, unit, {columns}", order_by="scope, unit")
    return {(scope, unit): values for scope, unit, *values in rows}


def same_in_every_scope(values):
    return {(scope, unit): values for scope, units in SPELLS.items() for unit in units}


# Days of exposure and at risk, the first and the last counted.
@pytest.mark.parametrize(
    ("gone", "days"),
    [
        ([], 201),
        ([left("lost_to_follow_up", 60)], 61),
        ([left("transfer", 60)], 61),
        ([left("withdrawal_of_consent", 60)], 61),
        ([left("left_study", 60)], 61),
        ([left("completed", 60)], 61),
        ([left("left_study", 0)], 1),
        ([left("left_study", 200)], 201),
        ([left("left_study", 201)], 201),
        # Without a day the patient left by the last day that may be read.
        ([left("lost_to_follow_up", None)], 201),
        ([left("transfer", 60), left("lost_to_follow_up", 90)], 61),
        ([left("ctdna_declined", 60)], 201),
    ],
)
def test_a_line_without_an_end_is_at_risk_until_the_patient_left_else_to_the_data_cut(gone, days):
    assert exposure("exposure_days, risk_days", gone=gone) == same_in_every_scope([days, days])


def test_who_was_seen_again_after_a_loss_is_at_risk_to_the_data_cut():
    seen = [{"patient_id": "P1", "contact_on": day(61), "vital_status": "alive"}]
    gone = [left("lost_to_follow_up", 60)]
    assert exposure("risk_days", gone=gone, contact=seen) == same_in_every_scope([201])


@pytest.mark.parametrize(("gone", "days"), [([], 151), ([left("left_study", 60)], 61)])
def test_a_death_ends_the_days_at_risk_unless_the_patient_left_before(gone, days):
    assert exposure("risk_days", gone=gone, contact=[died_on(150)]) == same_in_every_scope([days])


# The last dose is on day 100, so 28 days after it is day 128.
@pytest.mark.parametrize(
    ("on", "exposed", "at_risk"),
    [(99, 100, 100), (100, 101, 101), (110, 101, 111), (128, 101, 129), (129, 101, 129)],
)
def test_the_days_after_a_recorded_last_dose_end_when_the_patient_left(on, exposed, at_risk):
    found = exposure("exposure_days, risk_days", gone=[left("left_study", on)], treatment=ENDED)
    assert found == same_in_every_scope([exposed, at_risk])


def test_after_local_treatment_a_patient_is_at_risk_until_they_left():
    treatment = [
        {
            "patient_id": "P1",
            "treatment_id": "R1",
            "kind": "radiotherapy",
            "modality": "sbrt",
            "started_on": day(10),
            "ended_on": day(14),
            "row_key": "P1 | R1",
        }
    ]
    study = [{"index_origin": "local_therapy"}]
    for gone, days in (([], 191), ([left("left_study", 60)], 51), ([left("left_study", 12)], 3)):
        found = exposure("risk_days", gone=gone, treatment=treatment, study=study)
        assert found == {("ALL", "ALL"): [days], ("LOCAL", "LOCAL"): [days]}


@pytest.mark.parametrize("on", [59, 60, 61, 200])
def test_an_event_recorded_after_the_patient_left_is_counted_all_the_same(on):
    options = {"treatment": UNENDED, "patient": OBSERVED, "disposition": [left("withdrawal_of_consent", 60)]}
    assert merged([event(1, "nausea", on)], "line, rule, is_counted", **options) == [(1, "AE_ON_LINE", True)]


def test_a_line_begun_after_the_patient_left_stays_in_the_denominator_without_a_day():
    later = [course(1, "letrozole + palbociclib", 0, 100), course(2, "capecitabine", 110, None, line=2)]
    found = exposure("exposure_days, risk_days", gone=[left("left_study", 60)], treatment=later)
    assert found["LINE", "1"] == [61, 61]
    assert found["LINE", "2"] == [0, 0]
    assert found["ALL", "ALL"] == [61, 61]
