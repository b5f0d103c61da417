"""The days of a worklist row are brought out on the timeline, and nothing else is moved by that."""

import datetime as dt

import pytest

from dashboard.charts.timeline import plotted_keys
from dashboard.charts.timeline_frame import TimelineOptions, event_rows, make_canvas
from dashboard.figures.patient.timeline import choice_words
from tests.builders import day
from tests.unit.charts.timeline_events import event, frame, rows, sample, spec, x_of

DRAW = sample(100, "DETECTED", percent=0.5)
SCAN = event("RESPONSE", 120, code="SD", basis="imaging", label="treating_physician")
BOTH = (day(100), day(120))


def pointers(part):
    """Places of the pointers at the top edge, above every other mark."""
    found = [row for row in rows(part, mark="point") if row.get("y", 18) < 18]
    return sorted(row["x"] for row in found)


def strips(part):
    """Strips that run from the top edge through the panels to the bottom, with their middle."""
    height = part["height"]
    narrow = [
        row
        for row in rows(part, mark="rect")
        if row["y2"] - row["y"] > height * 0.9 and "key" not in row and row["x2"] - row["x"] < 30 * 86_400_000
    ]
    return sorted((row["x"] + row["x2"]) / 2 for row in narrow)


def test_both_days_have_a_pointer_and_a_strip_through_all_panels():
    part = spec(DRAW, SCAN, marked=BOTH)
    assert pointers(part) == [x_of(100), x_of(120)]
    assert strips(part) == pytest.approx([x_of(100), x_of(120)], abs=43_200_000)


def test_without_marked_days_there_is_neither():
    part = spec(DRAW, SCAN)
    assert (pointers(part), strips(part)) == ([], [])


def test_a_day_that_is_not_on_the_axis_has_none():
    part = spec(DRAW, SCAN, marked=(day(-2000), day(120)))
    assert pointers(part) == [x_of(120)]


def test_marking_adds_no_event_and_moves_none():
    plain, marked = spec(DRAW, SCAN), spec(DRAW, SCAN, marked=BOTH)
    assert plotted_keys(plain) == plotted_keys(marked)
    assert plain["height"] == marked["height"]


@pytest.mark.parametrize(
    ("time", "words"),
    [("dates", "10 Apr 2024 and 30 Apr 2024"), ("study_time", "day 100 and day 120")],
)
def test_the_caption_names_them_in_the_words_of_the_page(time, words):
    options = TimelineOptions(marked=BOTH, time=time)
    line = event("LINE", 0, line=1, is_ongoing=True)
    canvas = make_canvas(event_rows(frame(line, DRAW, SCAN)), options=options)
    assert day(0) == dt.date(2024, 1, 1)
    assert f"Marked through all panels, as on the worklist: {words}." in choice_words(canvas)
