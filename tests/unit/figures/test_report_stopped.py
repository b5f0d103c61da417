"""What was stopped for toxicity on the page for the MDT: of any line, a drug alone or the whole line.

Days of 2024; an inhibitor with an aromatase inhibitor from day 0, the next line from day 200.
"""

import datetime as dt

import pytest

from dashboard.figures.patient.background import BackgroundRequest, patient_background
from dashboard.tables.patient_safety import NO_TOXICITY
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.figures.readers import memory_reader

BOTH = {"agents": "palbociclib + letrozole", "regimen": "palbociclib + letrozole", "line": 1}
ALONE = {"agents": "letrozole", "regimen": "letrozole", "line": 1}
NEXT = {"agents": "capecitabine", "regimen": "capecitabine", "line": 2, "started_on": 200, "ended_on": 300}
# Patient: the courses of line 1.
LINES = {
    "partner went on": [
        {**BOTH, "started_on": 0, "ended_on": 40, "stop_reason": "toxicity"},
        {**ALONE, "started_on": 41, "ended_on": 190, "stop_reason": "progression"},
    ],
    "taken up again": [
        {**BOTH, "started_on": 0, "ended_on": 40, "stop_reason": "toxicity"},
        {**BOTH, "started_on": 60, "ended_on": 190, "stop_reason": "progression"},
    ],
    "all stopped": [{**BOTH, "started_on": 0, "ended_on": 190, "stop_reason": "toxicity"}],
    "progressed": [{**BOTH, "started_on": 0, "ended_on": 190, "stop_reason": "progression"}],
}
DRUGS = [
    {"agent": agent, "drug_class": name, "opens_line": True}
    for agent, name in (
        ("palbociclib", "cdk46_inhibitor"),
        ("letrozole", "endocrine"),
        ("capecitabine", "chemo"),
    )
]


@pytest.fixture(scope="module")
def reader():
    courses = []
    for patient, own in LINES.items():
        for number, course in enumerate([*own, NEXT]):
            days = {name: day(course[name]) for name in ("started_on", "ended_on")}
            given = {"patient_id": patient, "treatment_id": f"{patient} {number}", "kind": "systemic"}
            courses.append({**given, **course, **days})
    patients = [{"patient_id": one, "enrolled_on": day(0), "observed_until": day(400)} for one in LINES]
    event = {
        "patient_id": "progressed",
        "event_id": "E",
        "term": "fatigue",
        "grade": 3,
        "started_on": day(210),
    }
    tables = {"patient": patients, "treatment": courses, "drug_class": DRUGS, "adverse_event": [event]}
    return memory_reader({**tables, "study": [{"key_class": "cdk46_inhibitor"}]})


@pytest.mark.parametrize(
    ("patient", "reason", "toxicities"),
    [
        (
            "partner went on",
            "palbociclib: toxicity, {40}; line: progression",
            ("palbociclib stopped for toxicity {40} (line 1; letrozole went on)", NO_TOXICITY),
        ),
        ("taken up again", "progression", (NO_TOXICITY,)),
        (
            "all stopped",
            "toxicity",
            ("palbociclib + letrozole stopped for toxicity {190} (line 1)", NO_TOXICITY),
        ),
        ("progressed", "progression", ("fatigue grade 3, {210}, end not recorded",)),
    ],
)
def test_a_stop_for_toxicity_is_said_of_its_drug_and_of_any_line(reader, patient, reason, toxicities):
    request = BackgroundRequest(patient_id=patient, clock=Clock(dt.date(2024, 1, 1)), setting=None)
    found = patient_background(reader, request)
    clock = Clock(dt.date(2024, 1, 1))

    def dated(words):
        for number in (40, 190, 210):
            words = words.replace(f"{{{number}}}", clock.name(day(number)))
        return words

    assert found.treatments[0][-1] == dated(reason)
    assert found.toxicities == tuple(dated(one) for one in toxicities)
