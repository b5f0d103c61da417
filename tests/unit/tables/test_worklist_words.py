"""The line of therapy of a worklist row."""

import pytest

from dashboard.tables.worklist import CHECKS, line_words, why
from tests.builders import day

ROW = {
    "current_line": 1,
    "is_line_ongoing": True,
    "day_of_line": 352,
    "line_started_on": day(0),
    "observed_until": day(352),
    "contact_stale_on_treatment_days": 90,
}


@pytest.mark.parametrize(
    ("seen", "words"), [(352, "L1 d 352"), (262, "L1 d 352"), (261, "L1 d 261 at last contact")]
)
def test_the_day_of_a_line_stops_at_the_last_contact_after_long_silence(seen, words):
    assert line_words({**ROW, "last_seen_on": day(seen)}) == words


def test_a_line_that_ended_has_no_day():
    assert line_words({**ROW, "is_line_ongoing": False, "last_seen_on": day(10)}) == "L1, ended"


CALLED = {
    "reason_no": 4,
    "occurred_on": day(350),
    "observed_until": day(360),
    "gap_days": 0,
    **dict.fromkeys(CHECKS, False),
}


def test_a_progression_called_again_says_since_when():
    assert why({**CALLED, "first_called_on": None}) == "PD 10 days ago, ctDNA not detected (same day)"
    assert why({**CALLED, "first_called_on": day(260)}) == (
        "PD 10 days ago (first called 100 days ago, no new progression), ctDNA not detected (same day)"
    )


RISEN = {
    "reason_no": 3,
    "occurred_on": day(350),
    "observed_until": day(360),
    "last_imaging_on": day(355),
    "gap_days": 5,
    "response": "SD",
    "from_status": "lowest",
    "from_level_sum": 2000,
    "from_level_n": 1,
    "to_status": "detected",
    "to_level_sum": 20500,
    "to_level_n": 1,
    "quantity_kind": "maf_ppm",
}


@pytest.mark.parametrize(
    ("lod_ppm", "words"),
    [
        (1000, "Lowest of the line 0.20 % → 2.05 % (×10), 10 days ago"),
        # Twice the LoD is the least from which a ratio is stated.
        (1001, "Lowest of the line 0.20 % → 2.05 %, 10 days ago"),
        (None, "Lowest of the line 0.20 % → 2.05 % (×10), 10 days ago"),
    ],
)
def test_a_rise_is_said_from_the_lowest_with_its_ratio(lod_ppm, words):
    assert why({**RISEN, "lod_ppm": lod_ppm}).startswith(words)
