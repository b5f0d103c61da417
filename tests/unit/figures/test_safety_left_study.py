"""Days at risk on the Safety page of two patients who withdrew consent on day 60 (docs/decisions/0026).

Both take letrozole without a recorded end; the last day that may be read is day 200. P1 has a line 2 from day
50 on, in which no event of anybody is recorded. P2 has an event recorded on day 90.
"""

import pytest

from dashboard.figures.safety.events import safety_counts
from dashboard.figures.safety.request import SafetyRequest, ask
from dashboard.studies.cohort import Cohort
from tests.builders import day
from tests.unit.figures.readers import memory_reader
from tests.unit.marts.safety.events import course, event, safety_tables

REQUEST = SafetyRequest(cohort=Cohort())


@pytest.fixture(scope="module")
def reader():
    second = {"patient_id": "P2", "row_key": "P2"}
    patients = [
        {"patient_id": patient, "enrolled_on": day(0), "observed_until": day(200)} for patient in ("P1", "P2")
    ]
    return memory_reader(
        safety_tables(
            [event(1, "nausea", 10), event(2, "nausea", 90) | second],
            treatment=[
                course(1, "letrozole", 0, 49),
                course(2, "capecitabine", 50, None, line=2),
                course(3, "letrozole", 0, None) | second,
            ],
            patient=patients,
            disposition=[
                {"patient_id": patient, "kind": "withdrawal_of_consent", "happened_on": day(60)}
                for patient in ("P1", "P2")
            ],
        )
    )


def test_days_at_risk_end_when_the_patient_left_also_with_an_event_recorded_later(reader):
    found = safety_counts(reader, REQUEST).set_index("label").loc["nausea"]
    assert found["n_any"] == 2
    # P1 up to the onset: day 0 to 10. P2 up to the withdrawal: day 0 to 60.
    assert found["risk_days"] == 11 + 61


def test_days_of_a_line_without_an_event_of_anybody_end_when_the_patient_left(reader):
    silent = ask(reader, REQUEST, "unrecorded", scope="ALL", unit="ALL")
    # Day 50 to 60 of P1.
    assert silent[["patient_id", "line", "risk_days"]].to_numpy().tolist() == [["P1", "2", 11]]
