"""Toxicity that limits choice on the MDT page: grade 3 on the latest line; QT, lung and nerves at any grade.

The first line began on day 0, the second on day 100 (clinical-decisions A16).
"""

import pytest

from dashboard.figures.patient.header import TOXICITY
from tests.builders import day
from tests.unit.figures.readers import memory_reader

LINE_2 = 100
LAST_DAY = 400
# Patient: term, grade, first day of each event.
EVENTS = {
    "grade 2 on the line": [("diarrhoea", 2, LINE_2)],
    "grade 3 the day before": [("diarrhoea", 3, LINE_2 - 1)],
    "grade 3 on its first day": [("diarrhoea", 3, LINE_2)],
    "grade missing": [("diarrhoea", None, LINE_2)],
    "QT": [("electrocardiogram QT prolonged", 1, 5)],
    "QTc": [("QTc interval increased", 1, 5)],
    "pneumonitis": [("radiation pneumonitis", 1, 5)],
    "lung disease": [("Interstitial lung disease", 1, 5)],
    "nerves": [("peripheral sensory neuropathy", 1, 5)],
    "lung, grade missing": [("pneumonitis", None, 5)],
    "other lung": [("pneumonia", 2, 5), ("cough", 2, LINE_2)],
    "worst first": [("neuropathy", 2, 5), ("anaemia", 4, LINE_2), ("fatigue", 3, LINE_2 + 1)],
    "the same again": [("pneumonitis", 1, 5), ("pneumonitis", 2, 50), ("pneumonitis", 2, 40)],
    "on the last day read": [("diarrhoea", 3, LAST_DAY)],
    "after the last day read": [("diarrhoea", 3, LAST_DAY + 1)],
}
UNTREATED = {"never treated": [("diarrhoea", 3, 5), ("nausea", 2, 5)]}


@pytest.fixture(scope="module")
def reader():
    events = [
        {
            "patient_id": patient,
            "event_id": f"{patient} {number}",
            "term": term,
            "grade": grade,
            "started_on": day(started),
        }
        for patient, known in {**EVENTS, **UNTREATED}.items()
        for number, (term, grade, started) in enumerate(known)
    ]
    lines = [
        {
            "patient_id": patient,
            "treatment_id": f"{patient} {line}",
            "kind": "systemic",
            "line": line,
            "agents": drug,
            "regimen": drug,
            "started_on": day(started),
            "ended_on": day(started + 90),
        }
        for patient in EVENTS
        for line, drug, started in ((1, "letrozole", 0), (2, "capecitabine", LINE_2))
    ]
    patients = [
        {"patient_id": name, "enrolled_on": day(0), "observed_until": day(LAST_DAY)}
        for name in {**EVENTS, **UNTREATED}
    ]
    return memory_reader({"patient": patients, "treatment": lines, "adverse_event": events})


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        ("grade 2 on the line", []),
        ("grade 3 the day before", []),
        ("grade 3 on its first day", [("diarrhoea", 3, LINE_2, 1)]),
        ("grade missing", []),
        ("QT", [("electrocardiogram QT prolonged", 1, 5, 1)]),
        ("QTc", [("QTc interval increased", 1, 5, 1)]),
        ("pneumonitis", [("radiation pneumonitis", 1, 5, 1)]),
        ("lung disease", [("Interstitial lung disease", 1, 5, 1)]),
        ("nerves", [("peripheral sensory neuropathy", 1, 5, 1)]),
        ("lung, grade missing", [("pneumonitis", None, 5, 1)]),
        ("other lung", []),
        (
            "worst first",
            [("anaemia", 4, LINE_2, 1), ("fatigue", 3, LINE_2 + 1, 1), ("neuropathy", 2, 5, 1)],
        ),
        ("the same again", [("pneumonitis", 2, 50, 3)]),
        ("never treated", [("diarrhoea", 3, 5, 1)]),
        ("on the last day read", [("diarrhoea", 3, LAST_DAY, 1)]),
        ("after the last day read", []),
    ],
)
def test_what_limits_choice_stands_with_its_worst_grade_and_how_often(reader, patient, expected):
    found = reader.records(TOXICITY, {"patient_id": patient})
    assert [(row["term"], row["grade"], row["started_on"], row["n_events"]) for row in found] == [
        (term, grade, day(started), n) for term, grade, started, n in expected
    ]


@pytest.mark.parametrize(
    ("patient", "rules"),
    [
        ("grade 3 on its first day", ["LIMITING_SEVERE"]),
        ("QT", ["LIMITING_QT"]),
        ("nerves", ["LIMITING_NEUROPATHY"]),
        # The lung: grade 1 is imaging alone, grade 2 and a missing grade are not.
        ("pneumonitis", ["LIMITING_LUNG_IMAGING"]),
        ("lung disease", ["LIMITING_LUNG_IMAGING"]),
        ("the same again", ["LIMITING_LUNG"]),
        ("lung, grade missing", ["LIMITING_LUNG"]),
    ],
)
def test_the_rule_says_why_it_limits_the_choice(reader, patient, rules):
    assert [row["rule"] for row in reader.records(TOXICITY, {"patient_id": patient})] == rules
