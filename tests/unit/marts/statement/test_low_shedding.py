"""ctDNA never detected in disease that sheds little: the scan that showed it, the draw made then (A4).

The first local treatment is on day 0; its baseline scan lies in the 28 days before it.
"""

import pytest

from dashboard.tables.patient_statements import statements as said_of
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.marts.statement.patients import draws, images, local, scans, statements

AFTER_LOCAL = {
    "index_origin": "local_therapy",
    "response_mode": "post_local_therapy",
    "draw_baseline_to_day": 0,
}
ND = "not_detected"
NEVER = "ctDNA was never detected in this patient"
VISIBLE = f"{NEVER}, also not while disease was visible on imaging"
NO_REASSURANCE = "A result of not detected does not exclude recurrence here."
# Patient: days of draws, rows of imaging, days of PD, and what is said.
PATIENTS = {
    "CT before the draw": ([-3, 40], images(-10), [], f"{VISIBLE} (CT day -10, draw day -3)."),
    "draw before the CT": ([-10, 40], images(-3), [], f"{VISIBLE} (CT day -3, draw day -10)."),
    "on one day": ([0], images(0), [], f"{VISIBLE} (CT day 0, draw day 0)."),
    "the last of two scans": ([-3], images(-20, -10), [], f"{VISIBLE} (CT day -10, draw day -3)."),
    "CT and MRI of one day": (
        [-3],
        [*images(-10, modality="mri"), *images(-10)],
        [],
        f"{VISIBLE} (CT day -10, draw day -3).",
    ),
    "PET-CT": ([-3], images(-10, modality="pet_ct"), [], f"{VISIBLE} (PET-CT day -10, draw day -3)."),
    "out of the window": (
        [-3],
        images(-29),
        [],
        f"{NEVER}, also not before the first local treatment (draw day -3).",
    ),
    "no scan": ([-3], [], [], f"{NEVER}, also not before the first local treatment (draw day -3)."),
    # The first draw is after the treatment; the one of day 100 is paired with the progression of day 90.
    "at a progression": ([1, 100], images(-10, 90), [90], f"{VISIBLE} (CT day 90, draw day 100)."),
    "at a progression without a row of imaging": ([100], [], [90], f"{VISIBLE} (scan day 90, draw day 100)."),
    # A draw with a scan to name says more than an earlier one without.
    "no scan before, then progression": (
        [-3, 100],
        images(90),
        [90],
        f"{VISIBLE} (CT day 90, draw day 100).",
    ),
    "scan before, then progression": (
        [-3, 100],
        images(-10, 90),
        [90],
        f"{VISIBLE} (CT day -10, draw day -3).",
    ),
    "never while visible": (
        [1, 40],
        images(-10),
        [],
        f"{NEVER}; no sample was drawn while disease was visible.",
    ),
}


@pytest.fixture(scope="module")
def found():
    courses = {
        name: {
            "treatment": local(0),
            "ctdna_sample": draws(*((at, ND) for at in drawn)),
            "imaging": imaging,
            "response": scans(*((at, "pd") for at in progressed)),
        }
        for name, (drawn, imaging, progressed, _) in PATIENTS.items()
    }
    return statements(courses, settings=AFTER_LOCAL, low_shedding=True)


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_sentence_names_the_scan_and_the_draw(found, patient):
    rows = [row for row in found[patient] if row["statement"] == "LOW_SHEDDING"]
    (one,) = said_of(rows, clock=Clock(day(0), is_study_time=True))
    assert one.sentence.replace("−", "-") == f"{PATIENTS[patient][3]} {NO_REASSURANCE}"


def test_it_rests_on_the_rows_of_both(found):
    (row,) = [row for row in found["CT before the draw"] if row["statement"] == "LOW_SHEDDING"]
    assert (row["source_table"], row["other_source_table"]) == ("imaging", "ctdna_sample")
    assert row["source_key"] != row["other_source_key"]
