"""Since when nothing has been heard of a patient, and from which day on that is too long.

Too long is more than 90 days on treatment, 180 off it, and any day of a patient lost to follow-up
or transferred. The last day observed is day 300.
"""

import pytest

from tests.builders import day, run_mart


def silence(vital_status, *, seen, is_ongoing=None, source="imaging", departure=None):
    summary = {
        "patient_id": "P",
        "observed_until": day(300),
        "vital_status": vital_status,
        "is_line_ongoing": is_ongoing,
        "silent_after_days": 90 if is_ongoing else 180,
        "departure": departure,
        "is_followed": departure is None,
    }
    record = {
        "patient_id": "P",
        "kind": "known_alive",
        "occurred_on": day(seen),
        "source_table": source,
        "source_key": "R1",
    }
    tables = {"patient_summary": [summary], "milestone": [record]}
    columns = "rule, known_on, n_days, limit_days, is_silent, source_table, source_key"
    return run_mart("patient_silence", tables, columns=columns)


@pytest.mark.parametrize(
    ("vital_status", "is_ongoing", "seen", "rule", "limit_days", "is_silent"),
    [
        ("alive", True, 211, "SILENCE_ON_TREATMENT", 90, False),
        ("alive", True, 210, "SILENCE_ON_TREATMENT", 90, False),
        ("alive", True, 209, "SILENCE_ON_TREATMENT", 90, True),
        ("alive", False, 120, "SILENCE_OFF_TREATMENT", 180, False),
        ("alive", False, 119, "SILENCE_OFF_TREATMENT", 180, True),
        ("alive", None, 120, "SILENCE_OFF_TREATMENT", 180, False),
        ("lost", True, 300, "SILENCE_LOST", 0, False),
        ("lost", True, 299, "SILENCE_LOST", 0, True),
    ],
)
def test_the_day_after_the_limit_is_too_long(vital_status, is_ongoing, seen, rule, limit_days, is_silent):
    departure = "LOST" if vital_status == "lost" else None
    found = silence(vital_status, is_ongoing=is_ongoing, seen=seen, departure=departure)
    assert found == [(rule, day(seen), 300 - seen, limit_days, is_silent, "imaging", "R1")]


@pytest.mark.parametrize(("seen", "is_silent"), [(300, False), (299, True)])
def test_of_a_transferred_patient_every_day_is_too_long(seen, is_silent):
    """With the day of the transfer or without: patient_departure says that it holds."""
    (row,) = silence("alive", seen=seen, is_ongoing=True, departure="TRANSFERRED")
    assert row[:5] == ("SILENCE_TRANSFERRED", day(seen), 300 - seen, 0, is_silent)


@pytest.mark.parametrize(
    ("vital_status", "departure"),
    [("dead", "DIED"), ("withdrawn", "WITHDREW"), ("alive", "LEFT_STUDY"), ("alive", "COMPLETED")],
)
def test_of_the_dead_and_of_who_left_the_study_nothing_is_awaited(vital_status, departure):
    assert silence(vital_status, is_ongoing=True, seen=0, departure=departure) == []


def test_enrolment_is_a_record_of_the_table_patient():
    (row,) = silence("alive", seen=0, source="enrolment")
    assert row[-2:] == ("patient", "R1")
