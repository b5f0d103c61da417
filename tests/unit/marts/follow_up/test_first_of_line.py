"""Which planned window of a line is the first to be over, its grace included: of its scans, of its draws."""

from tests.builders import day, run_mart
from tests.unit.marts.follow_up.courses import DRAW_2, SCANS, drug

EARLY = {
    **SCANS,
    "item": "early",
    "repeat_days": None,
    "repeat_from": None,
    "opens_days": 40,
    "closes_days": 60,
}
OF_LINE = {**SCANS, "item": "of_line", "anchor": "line_start", "line_scope": "line"}


def first(*plan, grace=0, second_line=200):
    """Item, line and last day with grace of the first windows; enrolled and treated from day 0."""
    later = {"patient_id": "P"} | drug(200, line=2)
    later["started_on"] = None if second_line is None else day(second_line)
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(500)}],
        "treatment": [{"patient_id": "P"} | drug(0, 190), later],
        "visit_plan": [{**item, "grace_days": item.get("grace_days", grace)} for item in plan],
    }
    columns = "item, line, closes_on + grace_days as until"
    rows = run_mart(
        "planned_window", {**tables}, columns=f"{columns}, is_first_of_line", order_by="item, line"
    )
    return [(item, line, until) for item, line, until, is_first in rows if is_first]


def test_the_first_scan_of_every_line_and_the_first_draw():
    # Day 90 and 290 (200 + 90), each with 14 days more; the draw up to day 180, with 30 more.
    assert first(OF_LINE, DRAW_2) == [
        ("draw_2", None, day(210)),
        ("of_line", 1, day(104)),
        ("of_line", 2, day(304)),
    ]


def test_of_two_kinds_of_scan_the_one_over_first_grace_included():
    # Over on day 60 and 104; with 44 days of grace on day 104 too, and by its name; with 45 days on day 105.
    assert first({**EARLY, "grace_days": 43}, SCANS) == [("early", None, day(103))]
    assert first({**EARLY, "grace_days": 44}, SCANS) == [("early", None, day(104))]
    assert first({**EARLY, "grace_days": 45}, SCANS) == [("imaging", None, day(104))]


def test_a_plan_without_days_of_grace_is_over_on_the_last_day_of_its_window():
    # The scan of the patient is over on day 104.
    assert first({**EARLY, "closes_days": 103}, SCANS, grace=None) == [("early", None, day(103))]
    assert first({**EARLY, "closes_days": 104}, SCANS, grace=None) == [("early", None, day(104))]
    assert first({**EARLY, "closes_days": 105}, SCANS, grace=None) == [("imaging", None, day(104))]


def test_a_line_of_which_no_day_is_known_has_no_first_window():
    assert first(OF_LINE) == [("of_line", 1, day(104)), ("of_line", 2, day(304))]
    assert first(OF_LINE, second_line=None) == [("of_line", 1, day(104))]
