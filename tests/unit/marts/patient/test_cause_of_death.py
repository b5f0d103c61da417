"""The cause of death: that of the row of the first death, a known one before an unknown one."""

from tests.builders import Row, day, run_mart

# Each row of a death: its day, the cause recorded, the day it was told.
TWO_ROWS = {
    # Another day: the earlier row, whatever the alphabet or the later row says.
    "known, then another": ((300, "cancer", 300), (301, "treatment", 310)),
    "unknown, then known": ((300, "unknown", 300), (301, "cancer", 310)),
    "empty, then known": ((300, None, 300), (301, "cancer", 310)),
    # The same day: known before unknown before empty.
    "unknown and known": ((300, "unknown", 300), (300, "cancer", 310)),
    "empty and unknown": ((300, None, 300), (300, "unknown", 310)),
    "known and empty": ((300, "cancer", 300), (300, None, 310)),
    # The last day that may be read and the day after it.
    "on the last day": ((400, "cancer", 400), (401, "other", 401)),
    "after the last day": ((401, "cancer", 401), (402, "other", 402)),
}
EXPECTED = {
    "known, then another": (day(300), "cancer"),
    "unknown, then known": (day(300), "unknown"),
    "empty, then known": (day(300), None),
    "unknown and known": (day(300), "cancer"),
    "empty and unknown": (day(300), "unknown"),
    "known and empty": (day(300), "cancer"),
    "on the last day": (day(400), "cancer"),
    "after the last day": (None, None),
}


def patient(name: str) -> Row:
    return {"patient_id": name, "enrolled_on": day(0), "observed_until": day(400)}


def dead(name: str, on: int, cause: str | None, told: int) -> Row:
    return {
        "patient_id": name,
        "contact_on": day(told),
        "vital_status": "dead",
        "died_on": day(on),
        "death_cause": cause,
    }


def test_the_cause_is_that_of_the_row_of_the_first_death():
    tables = {
        "patient": [patient(name) for name in TWO_ROWS],
        "contact": [dead(name, *row) for name, rows in TWO_ROWS.items() for row in rows],
    }
    found = run_mart("patient_summary", tables, columns="patient_id, died_on, death_cause")
    assert {name: (died_on, cause) for name, died_on, cause in found} == EXPECTED


def test_a_cause_known_in_another_row_of_the_day_is_not_said_to_be_missing():
    names = ("unknown, then known", "unknown and known")
    tables = {
        "patient": [patient(name) for name in names],
        "contact": [dead(name, *row) for name in names for row in TWO_ROWS[name]],
    }
    found = run_mart("patient_statement_course", tables, columns="patient_id, rule")
    assert [name for name, rule in found if rule == "DEATH_CAUSE_MISSING"] == ["unknown, then known"]
