"""Who has left the study, why and since when.

Everybody enrolled on day 0 and was last seen alive on day 100; the last day that may be read is day 400.
"""

import pytest

from tests.builders import Row, day, run_mart

ENDED = 400
SEEN = {"contact_on": day(100), "vital_status": "alive"}
DEAD = {"contact_on": day(150), "vital_status": "dead", "died_on": day(150)}
# name: (what the extract tells, reasons with the day recorded and the day counted, the one that stands)
CASES = {
    "stays": ([], [], None),
    "withdrew": ([("withdrawal_of_consent", 120)], [("WITHDREW", 120, 120)], "WITHDREW"),
    "withdrew on the last day": ([("withdrawal_of_consent", 400)], [("WITHDREW", 400, 400)], "WITHDREW"),
    "withdraws the day after": ([("withdrawal_of_consent", 401)], [], None),
    # Data after a withdrawal are not used: being seen takes nothing back.
    "withdrew before being seen": ([("withdrawal_of_consent", 99)], [("WITHDREW", 99, 99)], "WITHDREW"),
    "withdrew, no day": ([("withdrawal_of_consent", None)], [("WITHDREW", None, ENDED)], "WITHDREW"),
    "lost the day after being seen": ([("lost_to_follow_up", 101)], [("LOST", 101, 101)], "LOST"),
    "lost on the day of being seen": ([("lost_to_follow_up", 100)], [("LOST", 100, 100)], "LOST"),
    "lost, then found": ([("lost_to_follow_up", 99)], [], None),
    "lost, found, lost": (
        [("lost_to_follow_up", 50), ("lost_to_follow_up", 130), ("lost_to_follow_up", 120)],
        [("LOST", 120, 120)],
        "LOST",
    ),
    "lost, no day": ([("lost_to_follow_up", None)], [("LOST", None, ENDED)], "LOST"),
    "transferred the day after being seen": ([("transfer", 101)], [("TRANSFERRED", 101, 101)], "TRANSFERRED"),
    "transferred on the day of being seen": ([("transfer", 100)], [("TRANSFERRED", 100, 100)], "TRANSFERRED"),
    "transferred, came back": ([("transfer", 99)], [], None),
    "transferred, no day": ([("transfer", None)], [("TRANSFERRED", None, ENDED)], "TRANSFERRED"),
    "transferred, one of two without a day": (
        [("transfer", None), ("transfer", 120)],
        [("TRANSFERRED", 120, 120)],
        "TRANSFERRED",
    ),
    "came back, then transferred without a day": (
        [("transfer", None), ("transfer", 99)],
        [("TRANSFERRED", None, ENDED)],
        "TRANSFERRED",
    ),
    # A contact after the end of the study brings nobody back into it.
    "left": ([("left_study", 99)], [("LEFT_STUDY", 99, 99)], "LEFT_STUDY"),
    "left, no day": ([("left_study", None)], [("LEFT_STUDY", None, ENDED)], "LEFT_STUDY"),
    "leaves the day after": ([("left_study", 401)], [], None),
    "completed": ([("completed", 99)], [("COMPLETED", 99, 99)], "COMPLETED"),
    "completed, no day": ([("completed", None)], [("COMPLETED", None, ENDED)], "COMPLETED"),
    "transferred, then lost": (
        [("transfer", 110), ("lost_to_follow_up", 120)],
        [("LOST", 120, 120), ("TRANSFERRED", 110, 110)],
        "LOST",
    ),
    # Who enrolled after a screening failure was screened again.
    "failed before enrolment": ([("screen_failure", -1)], [], None),
    "failed on the day of enrolment": (
        [("screen_failure", 0)],
        [("FAILED_SCREENING", 0, 0)],
        "FAILED_SCREENING",
    ),
    "failed, no day, enrolled": ([("screen_failure", None)], [], None),
    "declined ctDNA": ([("ctdna_declined", 50), ("protocol_deviation", 60)], [], None),
}


def told(left: list[tuple[str, int | None]]) -> list[Row]:
    return [
        {"patient_id": "P", "kind": kind, "happened_on": None if on is None else day(on)} for kind, on in left
    ]


def departures(*, columns: str, enrolled_on: int | None = 0, contacts: list[Row], left) -> list[tuple]:
    enrolled = None if enrolled_on is None else day(enrolled_on)
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": enrolled, "observed_until": day(ENDED)}],
        "contact": [{"patient_id": "P"} | contact for contact in contacts],
        "disposition": told(left),
    }
    return run_mart("patient_departure", tables, columns=columns, order_by="place")


@pytest.mark.parametrize("case", CASES)
def test_every_way_of_leaving_at_its_boundaries(case):
    left, expected, first = CASES[case]
    rows = departures(columns="reason, happened_on, left_on", contacts=[SEEN], left=left)
    assert rows == [(reason, None if on is None else day(on), day(since)) for reason, on, since in expected]
    assert (rows[0][0] if rows else None) == first


def test_a_death_stands_before_every_other_way_of_leaving():
    left = [("transfer", 120), ("completed", 130), ("left_study", 125)]
    rows = departures(columns="reason, left_on", contacts=[SEEN, DEAD], left=left)
    assert rows == [
        ("DIED", day(150)),
        ("TRANSFERRED", day(120)),
        ("LEFT_STUDY", day(125)),
        ("COMPLETED", day(130)),
    ]


@pytest.mark.parametrize("on", [-5, None])
def test_who_failed_screening_and_never_enrolled_left(on):
    rows = departures(columns="reason", enrolled_on=None, contacts=[], left=[("screen_failure", on)])
    assert rows == [("FAILED_SCREENING",)]


@pytest.mark.parametrize("case", CASES)
def test_the_patient_is_followed_and_on_the_worklist_while_no_way_of_leaving_holds(case):
    left, _, first = CASES[case]
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(ENDED)}],
        "contact": [{"patient_id": "P"} | SEEN],
        "disposition": told(left),
    }
    (summary,) = run_mart("patient_summary", tables, columns="departure, is_followed")
    listed = run_mart("reason_to_look_patient", tables, columns="patient_id")
    due = run_mart("follow_up", tables, columns="distinct state", order_by="1")
    assert (summary, bool(listed)) == ((first, first is None), first is None)
    # A contact is due of everybody followed; of who failed screening nothing is planned.
    nothing_due = [] if first == "FAILED_SCREENING" else [("NOT_EXPECTED",)]
    assert due == ([("OVERDUE",)] if first is None else nothing_due)
