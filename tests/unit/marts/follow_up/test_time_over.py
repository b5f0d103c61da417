"""When the time for the second draw is over: due on days 90 to 180 after enrolment, grace until day 210."""

import pytest

from tests.unit.marts.follow_up.courses import DRAW_2, SCANS, draw, follow_up, left, scans, until

DRAWN = [draw(100)]
# case: (course, whether the time for the draw is over)
CASES = {
    "drawn, the last day of the window": (until(180, ctdna_sample=DRAWN), False),
    "drawn, the last day of the grace": (until(210, ctdna_sample=DRAWN), False),
    "drawn, the day after the grace": (until(211, ctdna_sample=DRAWN), True),
    "drawn too early, the last day of the grace": (until(210, ctdna_sample=[draw(89)]), False),
    "drawn too early, the day after the grace": (until(211, ctdna_sample=[draw(89)]), True),
    "not drawn, the last day of the grace": (until(210), False),
    "overdue": (until(211), True),
    "left once the grace was over": (until(400, disposition=left("transfer", 211)), True),
    "left in the grace": (until(400, disposition=left("transfer", 210)), False),
    "not yet due": (until(89), False),
    "not to be told": ({"patient": [{"enrolled_on": None}]}, False),
}


@pytest.fixture(scope="module")
def found():
    rows = follow_up({name: course for name, (course, _) in CASES.items()}, plan=[DRAW_2])
    return {name: next(row for row in mine if row["item"] == "draw_2") for name, mine in rows.items()}


@pytest.mark.parametrize("case", CASES)
def test_what_was_not_drawn_counts_from_the_day_after_the_grace_and_so_does_what_was(found, case):
    assert found[case]["is_time_over"] is CASES[case][1]


def test_of_a_repeated_scan_each_window_is_over_on_its_own():
    rows = follow_up({"P": until(120, imaging=scans(90))}, plan=[SCANS])["P"]
    over = {row["due_on"]: row["is_time_over"] for row in rows if row["item"] == "imaging"}
    assert [over[due] for due in sorted(over)] == [True, False]
