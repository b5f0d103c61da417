"""Recorded stops that the median time on treatment does not count as ended are named beside it."""

import pandas as pd

from dashboard.figures.treatment.lines import waiting_words

GOES_ON = {"is_discontinued": False, "is_ongoing": True, "is_not_followed": False}
LEFT = {"is_discontinued": False, "is_ongoing": False, "is_not_followed": True}
ENDED = {"is_discontinued": True, "is_ongoing": False, "is_not_followed": False}
WAITS = {"is_discontinued": False, "is_ongoing": False, "is_not_followed": False}


def lines(*rows):
    """Line and state of each patient; followed for 100 days from the first unless said otherwise."""
    return pd.DataFrame([{"line": 1, "duration_days": 100, "entry_days": 0, **row} for row in rows])


def test_a_recorded_stop_not_yet_counted_is_named_by_line():
    said = waiting_words(lines(GOES_ON, LEFT, ENDED, WAITS, WAITS, {**WAITS, "line": 2}))
    assert said.endswith("3 recorded stops are not counted yet (line 1 2, line 2 1).")


def test_nothing_is_said_where_every_stop_counts_or_nobody_is_followed():
    assert waiting_words(lines(GOES_ON, LEFT, ENDED)) == ""
    assert waiting_words(lines(ENDED, {**WAITS, "entry_days": 100})) == ""
