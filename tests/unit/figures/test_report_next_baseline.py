"""The scan after a line that the next one is measured from answers for no line (clinical-decisions A1).

Line 1 runs from day 0 to day 136 without a scan before it, so that its first sum has no baseline to compare
with; line 2 begins on day 162.
"""

import pytest

from dashboard.figures.patient.background import LINES
from dashboard.figures.patient.report_words import best_words
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.figures.readers import memory_reader

STUDY_DAYS = Clock(day(0), is_study_time=True)
LINE_1 = {"line": 1, "started_on": day(0), "ended_on": day(136), "regimen": "A", "agents": "a"}
LINE_2 = {"line": 2, "started_on": day(162), "is_ongoing": True, "regimen": "B", "agents": "b"}
SETTING = {"setting_id": "AS_REPORTED", "mode": None, "source": "reported", "ne_severity": "least"}
# Patient: days of scans with a target sum, what was reported of them, and the words for line 1.
PATIENTS = {
    "inside the line, reported NE": ([100], {100: "ne"}, "NE"),
    "inside the line, nothing reported, then the baseline of line 2": (
        [100, 147],
        {},
        "1 scan on the line, NE (calculated)",
    ),
    # Line 2 has no scan of its own and is measured from this one.
    "inside the line, nothing reported": (
        [100],
        {},
        "no assessment; imaged day 100, no response recorded",
    ),
    "baseline of line 2, nothing reported": (
        [147],
        {},
        "no assessment; imaged day 147, no response recorded",
    ),
    "baseline of line 2, reported NE": ([147], {147: "ne"}, "NE"),
    "baseline of line 2, reported PD": ([147], {147: "pd"}, "PD"),
    # From 28 days before line 2 on, the last day of line 1 is in its window.
    "on the last day, nothing reported": (
        [136],
        {},
        "no assessment; imaged day 136, no response recorded",
    ),
    "on the last day, reported NE": ([136], {136: "ne"}, "NE"),
    "on the last day, then the baseline of line 2": ([136, 147], {}, "1 scan on the line, NE (calculated)"),
    "no scan": ([], {}, "no assessment"),
}


@pytest.fixture(scope="module")
def reader():
    def each(of):
        return [
            {"patient_id": name, **row}
            for name, (days, said, _) in PATIENTS.items()
            for row in of(days, said)
        ]

    treatments = [LINE_1 | {"treatment_id": "1"}, LINE_2 | {"treatment_id": "2"}]
    return memory_reader(
        {
            "response_setting": [SETTING],
            "patient": each(lambda *_: [{"enrolled_on": day(0), "observed_until": day(200)}]),
            "treatment": [
                one | {"kind": "systemic", "treatment_id": f"{one['patient_id']} {one['treatment_id']}"}
                for one in each(lambda *_: treatments)
            ],
            "imaging": each(lambda days, _: [{"imaged_on": day(on), "modality": "ct"} for on in days]),
            "lesion": each(
                lambda days, _: [
                    {"lesion_id": "T1", "assessed_on": day(on), "role": "target", "diameter_mm": 20}
                    for on in days
                ]
            ),
            "response": each(
                lambda _, said: [
                    {"assessed_on": day(on), "assessor": "investigator", "overall": overall}
                    for on, overall in said.items()
                ]
            ),
        }
    )


@pytest.mark.parametrize("patient", PATIENTS)
def test_only_a_scan_that_answers_for_the_line_is_on_it(reader, patient):
    line_1, _ = reader.records(LINES, {"patient_id": patient, "setting": "AS_REPORTED"})
    assert best_words(line_1, clock=STUDY_DAYS) == PATIENTS[patient][2]
