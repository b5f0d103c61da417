"""How large the new lesions are that are there at the last scan, as the MDT sheet says it."""

from typing import Any

import pytest

from dashboard.figures.patient.background import NEW_LESIONS
from dashboard.figures.patient.new_lesions import new_lesion_words
from dashboard.tables.patient_timeline import Clock
from tests.builders import day
from tests.unit.figures.readers import memory_reader

LAST_DAY = 400
# Patient: lesion, day of the scan, mm, role, state.
SEEN: dict[str, list[tuple[str, int, float | None, str, str | None]]] = {
    "grows": [
        ("N1", 100, 12, "new", None),
        ("N1", 180, 14, "non_target", None),
        ("N1", 260, 15.5, "target", None),
    ],
    "once": [("T1", 100, 20, "target", None), ("N1", 100, 9, "new", None)],
    "not at the last scan": [("N1", 100, 12, "new", None), ("T1", 180, 20, "target", None)],
    "gone at the last scan": [("N1", 100, 12, "new", None), ("N1", 180, 0, "new", "absent")],
    "never new": [("T1", 100, 20, "target", None)],
    "equivocal first": [("N1", 100, 5, "new", "equivocal"), ("N1", 180, 9, "new", None)],
    "equivocal still": [("N1", 100, 5, "new", "equivocal")],
    "without a diameter": [("N1", 100, None, "new", "present")],
    "treated since": [("N1", 100, 8, "new", None), ("N1", 180, 10, "treated", "controlled")],
    "controlled since": [("N1", 100, 8, "new", None), ("N1", 180, 10, "non_target", "controlled")],
    "one of two treated": [
        ("N1", 100, 8, "new", None),
        ("N2", 100, 9, "new", None),
        ("N1", 180, 10, "treated", "controlled"),
        ("N2", 180, 11, "non_target", None),
    ],
    "two days": [("N2", 180, 7, "new", None), ("N1", 100, 12, "new", None), ("N1", 180, 14, "new", None)],
    "two of one day": [("N2", 100, 7, "new", None), ("N1", 100, 12, "new", None)],
    "on the last day read": [("N1", LAST_DAY, 9, "new", None)],
    "after the last day read": [("N1", LAST_DAY + 1, 9, "new", None)],
    "five scans": [("N1", 100 + 50 * scan, 10 + scan, "new", None) for scan in range(5)],
}


@pytest.fixture(scope="module")
def reader():
    lesions = [
        {
            "patient_id": patient,
            "lesion_id": lesion,
            "assessed_on": day(seen),
            "diameter_mm": mm,
            "role": role,
            "state": state,
            "organ": "liver",
            "location": "segment VIII" if lesion == "N1" else "liver",
        }
        for patient, rows in SEEN.items()
        for lesion, seen, mm, role, state in rows
    ]
    patients = [{"patient_id": patient, "observed_until": day(LAST_DAY)} for patient in SEEN]
    return memory_reader({"lesion": lesions, "patient": patients})


def said(reader: Any, patient: str) -> tuple[str, ...]:
    rows = reader.records(NEW_LESIONS, {"patient_id": patient})
    return new_lesion_words(rows, clock=Clock(day(0), is_study_time=True))


@pytest.mark.parametrize(
    ("patient", "words"),
    [
        ("grows", ("New lesion since day 100: N1 liver, segment VIII 12 → 14 → 15.5 mm",)),
        ("once", ("New lesion since day 100: N1 liver, segment VIII 9 mm",)),
        ("not at the last scan", ()),
        ("gone at the last scan", ()),
        ("never new", ()),
        ("equivocal first", ("New lesion since day 180: N1 liver, segment VIII 9 mm",)),
        ("equivocal still", ()),
        ("without a diameter", ()),
        ("treated since", ()),
        ("controlled since", ()),
        ("one of two treated", ("New lesion since day 100: N2 liver 9 → 11 mm",)),
        (
            "two days",
            (
                "New lesion since day 100: N1 liver, segment VIII 12 → 14 mm",
                "New lesion since day 180: N2 liver 7 mm",
            ),
        ),
        ("two of one day", ("New lesions since day 100: N1 liver, segment VIII 12 mm; N2 liver 7 mm",)),
        ("on the last day read", ("New lesion since day 400: N1 liver, segment VIII 9 mm",)),
        ("after the last day read", ()),
        ("five scans", ("New lesion since day 100: N1 liver, segment VIII … → 11 → 12 → 13 → 14 mm",)),
    ],
)
def test_a_new_lesion_of_the_last_scan_is_said_with_its_diameters(reader, patient, words):
    assert said(reader, patient) == words


def test_rows_of_nobody_say_nothing(reader):
    assert said(reader, "nobody") == ()
