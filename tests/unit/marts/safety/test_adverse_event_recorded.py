"""Lines and drugs in which not a single event is recorded for anybody have no frequencies."""

import pytest

from tests.builders import run_mart
from tests.unit.marts.safety.events import TWO_LINES, event, safety_tables


def recorded(events):
    """Lines and drugs of P1: letrozole and palbociclib day 0 to 100, capecitabine in line 2 from day 110."""
    rows = run_mart(
        "adverse_event_denominator",
        safety_tables(events, treatment=TWO_LINES),
        columns="scope, unit, is_recorded",
        order_by="scope, unit",
    )
    return {unit for _, unit, is_recorded in rows if is_recorded}


LINE_1, LINE_2 = {"ALL", "1", "letrozole", "palbociclib"}, {"ALL", "2", "capecitabine"}


@pytest.mark.parametrize(
    ("onset", "found"),
    [
        (-1, {"ALL"}),
        (0, LINE_1),
        (109, LINE_1),
        (110, LINE_2),
        (None, {"ALL"}),
    ],
)
def test_an_event_speaks_for_the_line_and_the_drugs_of_its_onset(onset, found):
    assert recorded([event(1, "nausea", onset)]) == found


def test_without_any_event_nothing_is_recorded_anywhere():
    assert recorded([]) == set()


def test_an_event_that_does_not_count_was_still_recorded():
    # Nausea of grade 2 before treatment and again in line 2: not worse, so it does not count.
    same = [event(1, "nausea", -5, 200), event(2, "nausea", 120, 125)]
    assert recorded(same) == LINE_2
