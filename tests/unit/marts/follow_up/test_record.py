"""follow_up of records that should be complete: responses, results, reasons, outcomes, last contact."""

import datetime as dt

import pytest

from dashboard.figures.follow_up.request import follow_up_sql
from tests.builders import day
from tests.unit.marts.follow_up.courses import (
    alive,
    died,
    draw,
    drug,
    follow_up,
    left,
    scans,
    until,
)

PR = {"assessor": "treating_physician", "overall": "pr", "basis": "imaging"}
SERIOUS = {"event_id": "1", "term": "pneumonitis", "started_on": day(50), "is_serious": True}
ON = [drug(0)]
LINK = [{"laboratory_id": "L1", "draw": "draw 1"}]


TWO_LINES = [drug(0, 180, stop_reason="toxicity"), drug(200, line=2)]


def progressed(on):
    return [{"assessed_on": day(on), **PR, "overall": "pd"}]


def assessed(on):
    return [{"assessed_on": day(on), **PR}]


# case: (item, course, state, days late)
CASES = {
    "CT, last day for its response": (
        "response",
        until(114, treatment=ON, imaging=scans(100, modality="ct")),
        "CLOSES_SOON",
        None,
    ),
    "CT, the day after": (
        "response",
        until(115, treatment=ON, imaging=scans(100, modality="ct")),
        "OVERDUE",
        1,
    ),
    "CT answered within 14 days": (
        "response",
        until(200, treatment=ON, imaging=scans(100, modality="ct"), response=assessed(114)),
        "DONE_IN_WINDOW",
        None,
    ),
    "CT answered on day 15": (
        "response",
        until(200, treatment=ON, imaging=scans(100, modality="ct"), response=assessed(115)),
        "OVERDUE",
        86,
    ),
    "CT of a patient who died since": (
        "response",
        until(200, treatment=ON, imaging=scans(100, modality="ct"), contact=died(110)),
        "OVERDUE",
        86,
    ),
    "CT of a patient who withdrew": (
        "response",
        until(
            115,
            treatment=ON,
            imaging=scans(100, modality="ct"),
            disposition=left("withdrawal_of_consent", 115),
        ),
        "NOT_EXPECTED",
        None,
    ),
    "CT before the patient enrolled": (
        "response",
        until(200, treatment=[drug(-90)], imaging=scans(-1, modality="ct")),
        None,
        None,
    ),
    "CT on the day the patient enrolled, on treatment": (
        "response",
        until(200, treatment=[drug(-90)], imaging=scans(0, modality="ct")),
        "OVERDUE",
        186,
    ),
    "CT before the index line, after an operation years ago": (
        "response",
        until(
            200,
            treatment=[drug(30), {"treatment_id": "OP", "kind": "surgery", "started_on": day(-900)}],
            imaging=scans(20, modality="ct"),
        ),
        None,
        None,
    ),
    "CT of a patient whose enrolment is not dated": (
        "response",
        {
            "patient": [{"enrolled_on": None, "observed_until": day(200)}],
            "treatment": [drug(-90)],
            "imaging": scans(100, modality="ct"),
        },
        "CANNOT_TELL",
        None,
    ),
    "answered CT of a patient whose enrolment is not dated": (
        "response",
        {
            "patient": [{"enrolled_on": None, "observed_until": day(200)}],
            "treatment": [drug(-90)],
            "imaging": scans(100, modality="ct"),
            "response": assessed(100),
        },
        "DONE_IN_WINDOW",
        None,
    ),
    "CT of a patient not dated who withdrew": (
        "response",
        {
            "patient": [{"enrolled_on": None, "observed_until": day(200)}],
            "treatment": [drug(-90)],
            "imaging": scans(100, modality="ct"),
            "disposition": left("withdrawal_of_consent", 150),
        },
        "NOT_EXPECTED",
        None,
    ),
    "baseline CT": ("response", until(200, treatment=ON, imaging=scans(7, modality="ct")), None, None),
    # Line 2 starts on day 200; progression on line 1 was called on day 170.
    "baseline CT of line 2 after the progression": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(195, modality="ct"), response=progressed(170)),
        None,
        None,
    ),
    "baseline CT of line 2 after a stop for progression": (
        "response",
        until(
            300,
            treatment=[drug(0, 180, stop_reason="progression"), drug(200, line=2)],
            imaging=scans(195, modality="ct"),
        ),
        None,
        None,
    ),
    "CT before line 2 that may be the first to show progression": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(195, modality="ct")),
        "OVERDUE",
        91,
    ),
    "baseline CT 7 days into line 2": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(207, modality="ct")),
        None,
        None,
    ),
    "CT 8 days into line 2": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(208, modality="ct")),
        "OVERDUE",
        78,
    ),
    "CT 28 days before line 2": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(172, modality="ct"), response=progressed(150)),
        None,
        None,
    ),
    "CT 29 days before line 2": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(171, modality="ct"), response=progressed(150)),
        "OVERDUE",
        115,
    ),
    "baseline CT of line 2 answered with the progression": (
        "response",
        until(300, treatment=TWO_LINES, imaging=scans(195, modality="ct"), response=progressed(195)),
        "DONE_IN_WINDOW",
        None,
    ),
    "stopped 10 days ago": ("stop_reason", until(60, treatment=[drug(0, 50)]), "CLOSES_SOON", None),
    "stopped 11 days ago": ("stop_reason", until(61, treatment=[drug(0, 50)]), "OVERDUE", 1),
    "stopped with a reason": (
        "stop_reason",
        until(61, treatment=[drug(0, 50, stop_reason="toxicity")]),
        "DONE_IN_WINDOW",
        None,
    ),
    "stopped, reason said to be unknown": (
        "stop_reason",
        until(61, treatment=[drug(0, 50, stop_reason="unknown")]),
        "DONE_IN_WINDOW",
        None,
    ),
    "not stopped": ("stop_reason", until(61, treatment=ON), None, None),
    "started 10 days ago": (
        "start_reason",
        until(10, treatment=[drug(0, start_reason=None)]),
        "CLOSES_SOON",
        None,
    ),
    "started 11 days ago": (
        "start_reason",
        until(11, treatment=[drug(0, start_reason=None)]),
        "OVERDUE",
        1,
    ),
    "started with a reason": ("start_reason", until(11, treatment=ON), "DONE_IN_WINDOW", None),
    "drawn 10 days ago": (
        "draw_reason",
        until(60, ctdna_sample=[draw(50, reason=None)]),
        "CLOSES_SOON",
        None,
    ),
    "drawn 11 days ago": ("draw_reason", until(61, ctdna_sample=[draw(50, reason=None)]), "OVERDUE", 1),
    "drawn for a reason": ("draw_reason", until(61, ctdna_sample=[draw(50)]), "DONE_IN_WINDOW", None),
    "serious event, day 10": ("sae_outcome", until(60, adverse_event=[SERIOUS]), "CLOSES_SOON", None),
    "serious event, day 11": ("sae_outcome", until(61, adverse_event=[SERIOUS]), "OVERDUE", 1),
    "serious event, recovering": (
        "sae_outcome",
        until(61, adverse_event=[{**SERIOUS, "outcome": "recovering"}]),
        "OVERDUE",
        1,
    ),
    "serious event, recovered": (
        "sae_outcome",
        until(61, adverse_event=[{**SERIOUS, "outcome": "recovered"}]),
        "DONE_IN_WINDOW",
        None,
    ),
    "serious event, ended late": (
        "sae_outcome",
        until(99, adverse_event=[{**SERIOUS, "ended_on": day(61)}]),
        "DONE_IN_WINDOW",
        None,
    ),
    "serious event without a date": (
        "sae_outcome",
        until(61, adverse_event=[{**SERIOUS, "started_on": None}]),
        "CANNOT_TELL",
        None,
    ),
    "event not serious": (
        "sae_outcome",
        until(61, adverse_event=[{**SERIOUS, "is_serious": False}]),
        None,
        None,
    ),
    "on treatment, seen 59 days ago": (
        "vital_status",
        until(79, treatment=ON, contact=alive(20)),
        "NOT_YET_DUE",
        None,
    ),
    "on treatment, seen 60 days ago": (
        "vital_status",
        until(80, treatment=ON, contact=alive(20)),
        "CLOSES_SOON",
        None,
    ),
    "on treatment, seen 90 days ago": (
        "vital_status",
        until(110, treatment=ON, contact=alive(20)),
        "CLOSES_SOON",
        None,
    ),
    "on treatment, seen 91 days ago": (
        "vital_status",
        until(111, treatment=ON, contact=alive(20)),
        "OVERDUE",
        1,
    ),
    "off treatment, seen 180 days ago": ("vital_status", until(200, contact=alive(20)), "CLOSES_SOON", None),
    "off treatment, seen 181 days ago": ("vital_status", until(201, contact=alive(20)), "OVERDUE", 1),
    "dead": ("vital_status", until(400, contact=died(20)), "NOT_EXPECTED", None),
    "lost": (
        "vital_status",
        until(400, contact=alive(20), disposition=left("lost_to_follow_up", 30)),
        "NOT_EXPECTED",
        None,
    ),
    "tube linked, no result": ("laboratory_result", until(60, sample_link=LINK), "CANNOT_TELL", None),
    "tube linked, result there": (
        "laboratory_result",
        until(
            60, sample_link=[{**LINK[0], "laboratory_id": "L2"}], ctdna_sample=[draw(1, laboratory_id="L2")]
        ),
        None,
        None,
    ),
    "pending without a date": (
        "ctdna_result",
        until(60, ctdna_sample=[draw(1, "pending", collected_on=None)]),
        "CANNOT_TELL",
        None,
    ),
    "reported in time": (
        "ctdna_result",
        until(60, ctdna_sample=[draw(0, reported_on=day(21))]),
        "DONE_IN_WINDOW",
        None,
    ),
    "reported late": (
        "ctdna_result",
        until(60, ctdna_sample=[draw(0, reported_on=day(22))]),
        "DONE_OUTSIDE_WINDOW",
        None,
    ),
    "amended late": (
        "ctdna_result",
        until(60, ctdna_sample=[draw(0, reported_on=day(50), report_version=2)]),
        "DONE_IN_WINDOW",
        None,
    ),
    "first version late": (
        "ctdna_result",
        until(60, ctdna_sample=[draw(0, reported_on=day(50), report_version=1)]),
        "DONE_OUTSIDE_WINDOW",
        None,
    ),
    "amended without a date": (
        "ctdna_result",
        until(60, ctdna_sample=[draw(0, reported_on=None, report_version=2)]),
        "DONE_IN_WINDOW",
        None,
    ),
    "second version pending": (
        "ctdna_result",
        until(22, ctdna_sample=[draw(0, "pending", report_version=2)]),
        "OVERDUE",
        1,
    ),
}
# Every weekday of the draw against the days round three weeks later; day 0 is a Monday.
PENDING = {
    (drawn, last): until(last, ctdna_sample=[draw(drawn, "pending")])
    for drawn in range(7)
    for last in range(19, 32)
}


@pytest.fixture(scope="module")
def found():
    courses = {name: course for name, (_, course, *_) in CASES.items()}
    courses |= {f"pending {drawn} {last}": course for (drawn, last), course in PENDING.items()}
    return follow_up(courses, plan=[])


@pytest.mark.parametrize("case", CASES)
def test_the_record_is_owed_from_the_day_after_its_time(found, case):
    item, _, state, late = CASES[case]
    rows = [row for row in found[case] if row["item"] == item]
    assert [(row["state"], row["days_late"]) for row in rows] == ([] if state is None else [(state, late)])


@pytest.mark.parametrize(
    ("case", "missing"),
    [
        ("CT of a patient whose enrolment is not dated", "enrolment"),
        ("tube linked, no result", "draw"),
        ("serious event without a date", "start of the event"),
    ],
)
def test_the_missing_date_is_named(found, case, missing):
    assert {row["missing_date"] for row in found[case] if row["item"] == CASES[case][0]} == {missing}


def test_a_missing_day_of_enrolment_is_asked_for_once_however_many_scans_wait_on_it():
    patient = [{"enrolled_on": None, "observed_until": day(200)}]
    course = {"patient": patient, "treatment": [drug(-90)], "imaging": scans(100, 150, modality="ct")}
    listed = follow_up({"A": course}, plan=[], query=follow_up_sql("listed"))["A"]
    waiting = [row for row in listed if row["item"] == "response"]
    assert [(row["state"], row["opens_on"], row["closes_on"]) for row in waiting] == [
        ("CANNOT_TELL", day(100), None)
    ]


def working_days(first: dt.date, last: dt.date) -> int:
    """Mondays to Fridays after the first day up to the last."""
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(one.weekday() < 5 for one in days)


@pytest.mark.parametrize(("drawn", "last"), PENDING)
def test_a_result_is_late_after_fifteen_working_days(found, drawn, last):
    (row,) = (row for row in found[f"pending {drawn} {last}"] if row["item"] == "ctdna_result")
    assert (row["state"] == "OVERDUE") == (working_days(day(drawn), day(last)) > 15)
    assert working_days(day(drawn), row["due_on"]) == 15
    assert row["due_on"].weekday() < 5


def test_who_can_complete_it_is_said(found):
    owners = {row["item"]: row["owner"] for rows in found.values() for row in rows}
    assert owners["ctdna_result"] == owners["laboratory_result"] == "laboratory"
    assert owners["stop_reason"] == owners["vital_status"] == owners["response"] == "site"


@pytest.mark.parametrize("case", CASES)
def test_a_survival_status_is_due_at_all_times_and_another_record_once_its_time_is_over(found, case):
    item, _, state, _ = CASES[case]
    rows = [row for row in found[case] if row["item"] == item]
    to_come_or_never = {"NOT_EXPECTED"}
    if item != "vital_status":
        to_come_or_never |= {"NOT_YET_DUE", "DUE_NOW", "CLOSES_SOON"}
    assert [(row["is_counted"], row["is_due"]) for row in rows] == [
        (True, state not in to_come_or_never) for _ in rows
    ]


def test_every_record_owed_is_chased_not_only_the_first():
    courses = {"A": until(200, treatment=ON, imaging=scans(100, 150, modality="ct"))}
    rows = [row for row in follow_up(courses, plan=[])["A"] if row["item"] == "response"]
    assert [(row["days_late"], row["is_owed"], row["is_current"]) for row in rows] == [
        (86, True, True),
        (36, True, False),
    ]


def test_the_contact_of_the_plan_opens_the_time_of_the_next_one():
    contact = {"item": "vital", "label": "Status", "kind": "contact", "anchor": "enrolment"}
    plan = [{**contact, "repeat_days": 90, "window_days": 50}]
    courses = {str(last): until(last, contact=alive(20)) for last in (59, 60)}
    rows = follow_up(courses, plan=plan)
    states = {
        last: [row["state"] for row in mine if row["item"] == "vital_status"] for last, mine in rows.items()
    }
    assert states == {"59": ["NOT_YET_DUE"], "60": ["DUE_NOW"]}


def test_a_record_closes_soon_by_the_days_of_every_other_item():
    """A response to the CT of day 100 within 40 days, due by day 140; 30 days before is day 110."""
    expected = {109: "DUE_NOW", 110: "CLOSES_SOON", 140: "CLOSES_SOON", 141: "OVERDUE"}
    courses = {str(last): until(last, treatment=ON, imaging=scans(100, modality="ct")) for last in expected}
    rows = follow_up(courses, plan=[], study=[{"response_entry_days": 40, "closing_soon_days": 30}])
    states = {
        int(last): [row["state"] for row in mine if row["item"] == "response"] for last, mine in rows.items()
    }
    assert states == {last: [state] for last, state in expected.items()}


def test_the_end_of_a_serious_event_is_not_the_day_its_outcome_was_recorded(found):
    """Started on day 50, its outcome due by day 60, ended on day 61: when it was recorded is not known."""
    (row,) = (row for row in found["serious event, ended late"] if row["item"] == "sae_outcome")
    assert (row["done_on"], row["days_outside"], row["rule"]) == (None, 0, "FOLLOW_UP_RECORDED_UNDATED")


def test_an_amended_result_says_the_day_of_the_amendment_and_no_day_of_the_first_report(found):
    (row,) = (row for row in found["amended late"] if row["item"] == "ctdna_result")
    assert (row["rule"], row["reason_on"], row["done_on"]) == ("FOLLOW_UP_AMENDED", day(50), None)
    (pending,) = (row for row in found["second version pending"] if row["item"] == "ctdna_result")
    assert (pending["rule"], pending["reason_on"]) == ("FOLLOW_UP_CTDNA_RESULT", None)
