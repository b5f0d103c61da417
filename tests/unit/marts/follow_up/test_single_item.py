"""follow_up of an item planned once: draw 2, due on days 90 to 180 after enrolment, grace 30 days."""

import pytest

from tests.builders import day
from tests.unit.marts.follow_up.courses import (
    DRAW_2,
    alive,
    died,
    draw,
    drug,
    follow_up,
    left,
    until,
)

PD = [{"assessed_on": day(60), "assessor": "treating_physician", "overall": "pd", "basis": "imaging"}]
# case: (course, state, days outside its window or late)
CASES = {
    "the day before it opens": (until(89), "NOT_YET_DUE", None),
    "the day it opens": (until(90), "DUE_NOW", None),
    "31 days before the close": (until(149), "DUE_NOW", None),
    "30 days before the close": (until(150), "CLOSES_SOON", None),
    "the last day": (until(180), "CLOSES_SOON", None),
    "the first day of the grace": (until(181), "DUE_NOW", None),
    "the last day of the grace": (until(210), "DUE_NOW", None),
    "the day after the grace": (until(211), "OVERDUE", 31),
    "drawn the day before": (until(400, ctdna_sample=[draw(89)]), "DONE_OUTSIDE_WINDOW", -1),
    "drawn on the first day": (until(400, ctdna_sample=[draw(90)]), "DONE_IN_WINDOW", 0),
    "drawn on the last day": (until(400, ctdna_sample=[draw(180)]), "DONE_IN_WINDOW", 0),
    "drawn the day after": (until(400, ctdna_sample=[draw(181)]), "DONE_OUTSIDE_WINDOW", 1),
    "drawn long after": (until(400, ctdna_sample=[draw(300)]), "DONE_OUTSIDE_WINDOW", 120),
    "drawn before enrolment only": (until(211, ctdna_sample=[draw(-1)]), "OVERDUE", 31),
    "failed in the laboratory": (until(400, ctdna_sample=[draw(100, "failed")]), "DONE_IN_WINDOW", 0),
    "planned but not drawn": (until(211, ctdna_sample=[draw(100, "not_done")]), "OVERDUE", 31),
    "drawn after the data cut": (until(120, ctdna_sample=[draw(150)]), "DUE_NOW", None),
    "died before it opened": (until(400, contact=died(89)), "NOT_EXPECTED", None),
    "died on the last day": (until(400, contact=died(180)), "NOT_EXPECTED", None),
    "died the day after the close": (until(400, contact=died(181)), "NOT_EXPECTED", None),
    "died the day before the last of the grace": (until(400, contact=died(209)), "NOT_EXPECTED", None),
    "died on the last day of the grace": (until(400, contact=died(210)), "NOT_EXPECTED", None),
    "died the day after the grace": (until(400, contact=died(211)), "CANNOT_BE_OBTAINED", None),
    "died after the draw": (until(400, contact=died(150), ctdna_sample=[draw(100)]), "DONE_IN_WINDOW", 0),
    "withdrew today": (until(150, disposition=left("withdrawal_of_consent", 150)), "NOT_EXPECTED", None),
    "withdrew once overdue": (
        until(240, disposition=left("withdrawal_of_consent", 240)),
        "CANNOT_BE_OBTAINED",
        None,
    ),
    "withdrew without a date": (
        until(150, disposition=left("withdrawal_of_consent", None)),
        "NOT_EXPECTED",
        None,
    ),
    "withdraws tomorrow": (until(150, disposition=left("withdrawal_of_consent", 151)), "CLOSES_SOON", None),
    "transferred in the window": (until(400, disposition=left("transfer", 120)), "NOT_EXPECTED", None),
    "lost in the window": (until(400, disposition=left("lost_to_follow_up", 120)), "NOT_EXPECTED", None),
    "lost and seen again": (
        until(400, disposition=left("lost_to_follow_up", 120), contact=alive(121)),
        "OVERDUE",
        220,
    ),
    "declined without a date": (until(400, disposition=left("ctdna_declined", None)), "NOT_EXPECTED", None),
    "progressed": (until(211, treatment=[drug(0)], response=PD), "OVERDUE", 31),
    "not enrolled": ({"patient": [{"enrolled_on": None}]}, "CANNOT_TELL", None),
}
# Its plan: 10 days before the window, and 10 days after its grace.
BOUNDED = {**DRAW_2, "early_days": 10, "late_days": 40}
BOUNDED_CASES = {
    "the day before the first that counts": (until(400, ctdna_sample=[draw(79)]), "OVERDUE", 220),
    "the first day that counts": (until(400, ctdna_sample=[draw(80)]), "DONE_OUTSIDE_WINDOW", -10),
    "the last day that counts": (until(400, ctdna_sample=[draw(220)]), "DONE_OUTSIDE_WINDOW", 40),
    "the day after the last that counts": (
        until(400, ctdna_sample=[draw(221)]),
        "CANNOT_BE_OBTAINED",
        None,
    ),
    "too early, then in the window": (
        until(400, ctdna_sample=[draw(79), draw(90)]),
        "DONE_IN_WINDOW",
        0,
    ),
}
# On treatment since day -100: the baseline draw was due on days -128 to -93.
BASELINE = {
    **DRAW_2,
    "anchor": "line_start",
    "opens_days": -28,
    "closes_days": 7,
    "early_days": 30,
    "late_days": 30,
}
TREATED = {"treatment": [drug(-100)]}
JOINED_LATER = {
    "day before 30 days before": ([draw(-159)], "NOT_EXPECTED", None),
    "30 days before": ([draw(-158)], "DONE_OUTSIDE_WINDOW", -30),
    "between the window and enrolment": ([draw(-20)], "DONE_OUTSIDE_WINDOW", 73),
    "on the day of enrolment": ([draw(0)], "DONE_OUTSIDE_WINDOW", 93),
    "30 days after enrolment": ([draw(30)], "DONE_OUTSIDE_WINDOW", 123),
    "31 days after enrolment": ([draw(31)], "NOT_EXPECTED", None),
}
REASONS = {
    "died before it opened": ("DIED", day(89)),
    "withdrew today": ("WITHDREW", day(150)),
    "withdrew without a date": ("WITHDREW", None),
    "transferred in the window": ("TRANSFERRED", day(120)),
    "lost in the window": ("LOST", day(120)),
    "declined without a date": ("DECLINED_CTDNA", None),
}


@pytest.fixture(scope="module")
def found():
    courses = {name: course for name, (course, *_) in CASES.items()}
    failure = {"patient": [{"enrolled_on": None}], "disposition": left("screen_failure", 0)}
    rows = follow_up({**courses, "screen failure": failure}, plan=[DRAW_2])
    return {name: [row for row in mine if row["item"] == "draw_2"] for name, mine in rows.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_state_on_each_side_of_every_boundary(found, case):
    (row,) = found[case]
    _, state, days = CASES[case]
    assert (row["state"], row["days_late"] if state == "OVERDUE" else row["days_outside"]) == (state, days)


@pytest.mark.parametrize("case", REASONS)
def test_what_is_not_expected_says_why_and_since_when(found, case):
    (row,) = found[case]
    assert (row["reason"], row["reason_on"]) == REASONS[case]
    assert row["rule"] == f"FOLLOW_UP_{row['reason']}"


@pytest.mark.parametrize("case", CASES)
def test_only_what_is_due_closing_or_overdue_is_chased(found, case):
    (row,) = found[case]
    assert row["is_current"]
    assert row["is_owed"] == (CASES[case][1] in {"DUE_NOW", "CLOSES_SOON", "OVERDUE"})


@pytest.mark.parametrize("case", CASES)
def test_what_was_due_can_be_done_or_missing_and_what_is_to_come_was_not_due(found, case):
    (row,) = found[case]
    to_come_or_never = {"NOT_YET_DUE", "DUE_NOW", "CLOSES_SOON", "NOT_EXPECTED"}
    assert (row["is_counted"], row["is_due"]) == (True, CASES[case][1] not in to_come_or_never)


def test_progression_does_not_lift_what_is_owed_and_is_said(found):
    (row,) = found["progressed"]
    assert (row["rule"], row["progressed_on"]) == ("FOLLOW_UP_OVERDUE_PROGRESSED", day(60))
    assert found["the day after the grace"][0]["rule"] == "FOLLOW_UP_OVERDUE"


def test_the_missing_date_is_named(found):
    assert found["not enrolled"][0]["missing_date"] == "enrolment"


def test_a_screening_failure_is_on_no_list(found):
    assert found["screen failure"] == []


def test_the_window_counts_calendar_months_where_the_plan_does():
    plan = {**DRAW_2, "opens_days": None, "closes_days": None, "opens_months": 3, "closes_months": 6}
    # Enrolled on 1 January 2024.
    (row,) = (
        row
        for row in follow_up({"A": {}}, plan=[plan], mart="follow_up_planned")["A"]
        if row["item"] == "draw_2"
    )
    days = [str(row[column]) for column in ("opens_on", "closes_on", "grace_until")]
    assert days == ["2024-04-01", "2024-07-01", "2024-07-31"]


def test_a_tumour_type_no_assay_follows_owes_no_draw():
    courses = {name: {"patient": [{"tumour_type": name}]} for name in ("colorectal", "pancreatic", "unknown")}
    tracked = [{"panel": "own", "tumour_type": "colorectal"}]
    definition = {"assay_panel": [{"panel": "own"}], "tracked_tumour_type": tracked}
    rows = follow_up(courses, plan=[DRAW_2], mart="follow_up_planned", **definition)
    assert {name: mine[0]["reason"] for name, mine in rows.items()} == {
        "colorectal": None,
        "pancreatic": "NOT_TRACKED",
        "unknown": None,
    }
    open_panel = {**definition, "assay_panel": [{"panel": "own"}, {"panel": "any"}]}
    rows = follow_up(courses, plan=[DRAW_2], mart="follow_up_planned", **open_panel)
    assert rows["pancreatic"][0]["reason"] is None
