"""What explains a record that is missing: a draw said not to have been done, a reason said to be unknown."""

import pytest

from tests.unit.marts.follow_up.courses import draw, drug, follow_up, until

# From day 90 to day 180 with 30 days of grace: overdue from day 211.
PLAN = {
    "item": "draw_2",
    "kind": "ctdna",
    "label": "Second draw",
    "anchor": "enrolment",
    "opens_days": 90,
    "closes_days": 180,
    "grace_days": 30,
    "is_protocol": True,
}
NO_VEIN = {"failure_reason": "no vein"}
NOT_DONE = {
    "the day before the window": ([draw(89, "not_done", **NO_VEIN)], None),
    "first day": ([draw(90, "not_done", **NO_VEIN)], "no vein"),
    "last day of the grace": ([draw(210, "not_done", **NO_VEIN)], "no vein"),
    "the day after the grace": ([draw(211, "not_done", **NO_VEIN)], None),
    "by the reason of the draw": ([draw(100, "not_done", reason="refused")], "refused"),
    "without any reason": ([draw(100, "not_done", reason=None)], None),
    "drawn after all": ([draw(100, "not_done", **NO_VEIN), draw(120)], None),
    "no draw": ([], None),
}
STOPPED = {"unknown": True, "toxicity": False, None: False}


@pytest.fixture(scope="module")
def found():
    courses = {name: until(400, ctdna_sample=samples) for name, (samples, _) in NOT_DONE.items()}
    courses |= {
        f"stopped: {reason}": until(400, treatment=[drug(0, 50, stop_reason=reason)]) for reason in STOPPED
    }
    return follow_up(courses, plan=[PLAN])


@pytest.mark.parametrize("case", NOT_DONE)
def test_a_draw_not_done_within_the_window_and_its_grace_explains_the_planned_one(found, case):
    (row,) = [row for row in found[case] if row["item"] == "draw_2"]
    assert row["not_done_reason"] == NOT_DONE[case][1]


@pytest.mark.parametrize("reason", STOPPED)
def test_a_reason_recorded_as_unknown_is_told_from_one_that_is_not_recorded(found, reason):
    (row,) = [row for row in found[f"stopped: {reason}"] if row["item"] == "stop_reason"]
    assert row["is_recorded_unknown"] is STOPPED[reason]
