"""What was called on a systemic line after local treatment, on the MDT page (clinical-decisions A1, A5, A16).

The local treatment is on day 0, the line begins on day 110; the baseline of the line is the last scan from
28 days before to 7 days after its first dose, day 82 to 117.
"""

import pytest

from dashboard.figures.patient.background import LINES
from dashboard.figures.patient.report_words import best_words
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.figures.readers import memory_reader

STUDY_DAYS = Clock(day(0), is_study_time=True)
LINE_1 = 110
# Patient: day and status of each scan.
SCANS = {
    "PD before the line, PD twice on it": [(100, "pd"), (190, "pd"), (280, "pd")],
    "PD for the first time on it": [(100, "ned"), (190, "ned"), (280, "pd")],
    "three without": [(100, "ned"), (190, "ned"), (280, "ned"), (370, "ned")],
    "one scan": [(100, "ned"), (190, "ned")],
    "the baseline only": [(100, "ned")],
    "on the last day of the baseline": [(100, "ned"), (117, "ned")],
    "on the day after": [(100, "ned"), (118, "ned")],
    "imaged, not assessed": [(100, "ned")],
    "died": [(100, "ned")],
    "never scanned": [],
}
IMAGED = {"the baseline only": 100, "imaged, not assessed": 118}


def treatments(patient):
    yield {"patient_id": patient, "treatment_id": f"{patient} L", "kind": "ablation", "started_on": day(0)}
    yield {
        "patient_id": patient,
        "treatment_id": f"{patient} S",
        "kind": "systemic",
        "line": 1,
        "agents": "capecitabine",
        "regimen": "Capecitabine",
        "started_on": day(LINE_1),
        "is_ongoing": True,
    }


@pytest.fixture(scope="module")
def reader():
    patients = [{"patient_id": name, "enrolled_on": day(-10), "observed_until": day(400)} for name in SCANS]
    death = {"patient_id": "died", "contact_on": day(300), "vital_status": "dead", "died_on": day(300)}
    # Still under observation; a longer silence is said beside the dates of the line.
    seen = [
        {"patient_id": name, "contact_on": day(399), "vital_status": "alive"}
        for name in SCANS
        if name != "died"
    ]
    responses = [
        {"patient_id": name, "assessed_on": day(on), "assessor": "investigator", "overall": overall}
        for name, scans in SCANS.items()
        for on, overall in scans
    ]
    imaging = [{"patient_id": name, "imaged_on": day(on), "modality": "ct"} for name, on in IMAGED.items()]
    return memory_reader(
        {
            "study": [{"response_mode": "post_local_therapy", "index_origin": "local_therapy"}],
            "patient": patients,
            "treatment": [one for name in SCANS for one in treatments(name)],
            "response": responses,
            "imaging": imaging,
            "contact": [death, *seen],
        }
    )


def row(reader, patient):
    (found,) = reader.records(LINES, {"patient_id": patient, "setting": None})
    return found


@pytest.mark.parametrize(
    ("patient", "words"),
    [
        ("PD before the line, PD twice on it", "2 scans on the line, both PD, first called day 100"),
        ("PD for the first time on it", "2 scans on the line: 1 NED, 1 PD, PD first called day 280"),
        ("three without", "3 scans on the line, all NED"),
        ("one scan", "1 scan on the line, NED"),
        ("the baseline only", "no scan yet after the line baseline (day 100)"),
        ("on the last day of the baseline", "no scan yet after the line baseline (day 117)"),
        ("on the day after", "1 scan on the line, NED"),
        (
            "imaged, not assessed",
            "no assessment yet after the line baseline (day 100); imaged day 118, no response recorded",
        ),
        ("died", "no scan after the line baseline (day 100)"),
        ("never scanned", "no assessment"),
    ],
)
def test_the_line_says_what_was_called_at_its_scans(reader, patient, words):
    assert best_words(row(reader, patient), clock=STUDY_DAYS) == words


@pytest.mark.parametrize(
    ("patient", "assessed_on"),
    [
        ("the baseline only", None),
        ("on the last day of the baseline", None),
        ("on the day after", day(118)),
        ("PD before the line, PD twice on it", day(280)),
    ],
)
def test_the_baseline_scan_of_the_line_is_no_assessment_of_it(reader, patient, assessed_on):
    assert row(reader, patient)["assessed_on"] == assessed_on
