"""follow_up of an item planned again and again: a scan 90 days, 14 either way, after the last one."""

import pytest

from tests.builders import day
from tests.unit.marts.follow_up.courses import SCANS, died, drug, follow_up, scans, until

D, OUT, NOT_DUE, SOON, LATE = (
    "DONE_IN_WINDOW",
    "DONE_OUTSIDE_WINDOW",
    "NOT_YET_DUE",
    "CLOSES_SOON",
    "OVERDUE",
)
GONE, NONE = "CANNOT_BE_OBTAINED", "NOT_EXPECTED"
# case: (course, [(first day of the window, state, days outside or late)])
CASES = {
    "the day before it opens": (until(75), [(76, NOT_DUE, None)]),
    "the day it opens": (until(76), [(76, SOON, None)]),
    "the last day": (until(104), [(76, SOON, None), (166, NOT_DUE, None)]),
    "the day after": (until(105), [(76, LATE, 1), (166, NOT_DUE, None)]),
    "an early scan moves the next one": (until(80, imaging=scans(35)), [(111, NOT_DUE, None)]),
    "a scan the day before the window": (until(80, imaging=scans(75)), [(151, NOT_DUE, None)]),
    "a scan on the first day": (until(80, imaging=scans(76)), [(76, D, 0), (152, NOT_DUE, None)]),
    "a scan on the last day": (until(110, imaging=scans(104)), [(76, D, 0), (180, NOT_DUE, None)]),
    "a scan the day after": (until(110, imaging=scans(105)), [(76, OUT, 1), (181, NOT_DUE, None)]),
    "a scan the day before the next window": (
        until(170, imaging=scans(165)),
        [(76, OUT, 61), (241, NOT_DUE, None)],
    ),
    "a scan on the first day of the next window": (
        until(170, imaging=scans(166)),
        [(76, GONE, None), (166, D, 0), (242, NOT_DUE, None)],
    ),
    "a scan after three whole intervals": (
        until(300, imaging=scans(280)),
        [(76, GONE, None), (166, GONE, None), (256, D, 0), (356, NOT_DUE, None)],
    ),
    "two scans within a week": (until(120, imaging=scans(90, 95)), [(76, D, 0), (171, NOT_DUE, None)]),
    "visits that drift stay on time": (
        until(320, imaging=scans(35, 130, 226, 312)),
        [(111, D, 0), (206, D, 0), (302, D, 0), (388, NOT_DUE, None)],
    ),
    "nothing for three intervals": (
        until(300),
        [(76, LATE, 196), (166, GONE, None), (256, GONE, None), (346, NOT_DUE, None)],
    ),
    "died in the first window": (until(300, contact=died(104)), [(76, NONE, None), (166, NONE, None)]),
    "died after the first window": (until(300, contact=died(105)), [(76, GONE, None), (166, NONE, None)]),
}


@pytest.fixture(scope="module")
def found():
    rows = follow_up({name: course for name, (course, _) in CASES.items()}, plan=[SCANS])
    return {name: [row for row in mine if row["item"] == "imaging"] for name, mine in rows.items()}


def in_days(rows):
    return [
        (
            (row["opens_on"] - day(0)).days,
            row["state"],
            row["days_late"] if row["state"] == LATE else row["days_outside"],
        )
        for row in sorted(rows, key=lambda row: row["opens_on"])
    ]


@pytest.mark.parametrize("case", CASES)
def test_each_window_counts_from_the_last_one_done(found, case):
    assert in_days(found[case]) == CASES[case][1]


@pytest.mark.parametrize("case", CASES)
def test_the_patient_stands_at_one_window_and_the_first_owed_is_the_one_chased(found, case):
    (current,) = (row for row in found[case] if row["is_current"])
    owed = [row for row in found[case] if row["is_owed"]]
    states = [state for _, state, _ in CASES[case][1]]
    if LATE in states or SOON in states:
        assert owed == [current]
        assert (current["opens_on"] - day(0)).days == 76
    else:
        assert owed == []


def test_of_the_windows_that_closed_one_is_chased_and_the_others_are_lost(found):
    """Nothing for three windows: a scan now makes up for one of them."""
    rows = sorted(found["nothing for three intervals"], key=lambda row: row["opens_on"])
    assert [(row["rule"], row["is_owed"], row["days_late"]) for row in rows[:3]] == [
        ("FOLLOW_UP_OVERDUE", True, 196),
        ("FOLLOW_UP_ASKED_ONCE", False, None),
        ("FOLLOW_UP_ASKED_ONCE", False, None),
    ]
    # Windows of days 166 to 194 and 256 to 284: lost when they closed.
    assert [row["reason_on"] for row in rows[:3]] == [None, day(194), day(284)]


def test_of_a_repeated_item_the_windows_closed_count_and_the_one_where_the_patient_stands(found):
    """Overdue from day 76, two lost, one to come, in which the patient does not stand yet."""
    rows = sorted(found["nothing for three intervals"], key=lambda row: row["opens_on"])
    assert [(row["is_counted"], row["is_due"]) for row in rows] == [
        (True, True),
        (True, True),
        (True, True),
        (False, False),
    ]
    rows = sorted(found["the last day"], key=lambda row: row["opens_on"])
    assert [(row["is_counted"], row["is_due"]) for row in rows] == [(True, False), (False, False)]


def test_the_next_data_cut_brings_the_scan_and_the_window_is_done():
    cuts = {"before": until(120), "after": until(140, imaging=scans(130))}
    rows = follow_up(cuts, plan=[SCANS])
    states = {name: [row["state"] for row in mine if row["item"] == "imaging"] for name, mine in rows.items()}
    assert states == {"before": [LATE, NOT_DUE], "after": [OUT, NOT_DUE]}


def test_counted_from_the_anchor_the_same_visits_drift_out_of_their_windows():
    course = CASES["visits that drift stay on time"][0]
    plan = [{**SCANS, "repeat_from": "anchor"}]
    rows = follow_up({"A": course}, plan=plan, mart="follow_up_planned")["A"]
    assert in_days(rows) == [(76, GONE, None), (166, GONE, None), (256, GONE, None), (346, NOT_DUE, None)]


@pytest.mark.parametrize(("on", "state"), [(104, D), (105, OUT), (114, OUT), (115, GONE)])
def test_counted_from_the_anchor_a_scan_in_the_grace_is_done_outside_the_window(on, state):
    plan = [{**SCANS, "repeat_from": "anchor", "grace_days": 10}]
    course = until(120, imaging=scans(on))
    rows = follow_up({"A": course}, plan=plan, mart="follow_up_planned")["A"]
    assert in_days(rows)[0][1] == state


def test_a_scan_fulfils_one_window_only_and_still_moves_the_next():
    first = {**SCANS, "item": "first", "repeat_days": None, "repeat_from": None, "window_days": None}
    first |= {"opens_days": 28, "closes_days": 56}
    plan = [first, {**SCANS, "repeat_days": 60}]
    course = until(100, imaging=scans(50))
    rows = follow_up({"A": course}, plan=plan, mart="follow_up_planned")["A"]
    assert [(row["item"], *state) for row in rows for state in in_days([row])] == [
        ("first", 28, D, 0),
        ("imaging", 46, NONE, None),
        ("imaging", 96, SOON, None),
    ]
    assert [row["reason"] for row in rows] == [None, "COUNTED_ELSEWHERE", None]


def test_of_an_interval_the_protocol_does_not_state_the_days_without_are_said():
    courses = {"A": until(300, imaging=scans(20))}
    asked = follow_up(courses, plan=[SCANS], mart="timeline_planned")["A"]
    assumed = follow_up(courses, plan=[{**SCANS, "is_protocol": False}], mart="timeline_planned")["A"]

    def windows(rows):
        return [
            (row["code"], row["value_n"])
            for row in sorted(rows, key=lambda row: row["occurred_on"])
            if row["kind"] == "SCAN_WINDOW"
        ]

    # Windows from days 96, 186 and 276 on; the last one closes on day 304.
    assert windows(asked) == [
        ("OVERDUE", None),
        ("CANNOT_BE_OBTAINED", None),
        ("CLOSES_SOON", None),
        ("NOT_YET_DUE", None),
    ]
    assert windows(assumed) == [
        ("WITHOUT", 280),
        ("WITHOUT", None),
        ("CLOSES_SOON", None),
        ("NOT_YET_DUE", None),
    ]


def test_the_rule_of_an_assumed_interval_says_the_days_without():
    courses = {"A": until(300, imaging=scans(20))}
    rows = follow_up(courses, plan=[{**SCANS, "is_protocol": False}])["A"]
    (row,) = (row for row in rows if row["item"] == "imaging" and row["is_owed"])
    assert (row["rule"], row["days_without"], row["last_done_on"]) == (
        "FOLLOW_UP_OVERDUE_ASSUMED",
        280,
        day(20),
    )


PER_LINE = {**SCANS, "anchor": "line_start", "line_scope": "line"}
PROGRESSION = [
    {"assessed_on": day(60), "assessor": "treating_physician", "overall": "pd", "basis": "imaging"}
]


def test_windows_begin_anew_with_the_next_line():
    course = until(185, treatment=[drug(0, 95), drug(100, line=2)])
    rows = follow_up({"A": course}, plan=[PER_LINE], mart="follow_up_planned")["A"]
    # The window of line 1 (days 76 to 104) closes after line 2 began.
    assert in_days(rows) == [(76, NONE, None), (176, SOON, None)]
    assert (rows[0]["reason"], rows[0]["reason_on"]) == ("NEXT_LINE", day(100))


@pytest.mark.parametrize(
    ("treatment", "response", "state"),
    [
        ([drug(0, 70)], PROGRESSION, NONE),
        ([drug(0)], PROGRESSION, LATE),
        ([drug(0, 70)], [], LATE),
    ],
    ids=["ended and progressed", "goes on after progression", "ended without progression"],
)
def test_no_scan_is_asked_for_once_the_line_has_ended_and_progressed(treatment, response, state):
    course = until(260, treatment=treatment, response=response)
    rows = follow_up({"A": course}, plan=[PER_LINE], mart="follow_up_planned")["A"]
    assert rows[0]["state"] == state
    assert (rows[0]["reason"], rows[0]["reason_on"]) == (
        ("LINE_OVER", day(70)) if state == NONE else (None, None)
    )


@pytest.mark.parametrize(
    ("enrolled", "expected"),
    [
        # Windows of days −124 to −96 and −34 to −6; the scan that enrols the patient is on day 10.
        (-5, [(-124, NONE, None), (-34, NONE, None), (86, NOT_DUE, None)]),
        (-6, [(-124, NONE, None), (-34, OUT, 16), (86, NOT_DUE, None)]),
    ],
)
def test_a_scan_is_not_late_for_a_window_that_closed_before_enrolment(enrolled, expected):
    course = {
        "patient": [{"observed_until": day(40), "enrolled_on": day(enrolled)}],
        "treatment": [drug(-200)],
        "imaging": scans(10),
    }
    plan = SCANS | {"anchor": "line_start", "line_scope": "line"}
    rows = follow_up({"A": course}, plan=[plan])["A"]
    assert in_days([row for row in rows if row["item"] == "imaging"]) == expected
