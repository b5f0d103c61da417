"""The line of therapy of a worklist row."""

import pytest

from dashboard.tables.worklist import (
    CHECKS,
    also_stopped_words,
    change,
    day_words,
    line_words,
    no_match_words,
    rule_words,
    why,
)
from tests.builders import day

ROW = {
    "current_line": 1,
    "is_line_ongoing": True,
    "day_of_line": 352,
    "line_started_on": day(0),
    "observed_until": day(352),
}


@pytest.mark.parametrize(
    ("is_silent", "words"), [(False, "L1 d 352"), (None, "L1 d 352"), (True, "L1 d 261 at last contact")]
)
def test_the_day_of_a_line_stops_at_the_last_contact_after_long_silence(is_silent, words):
    assert line_words({**ROW, "last_seen_on": day(261), "is_silent": is_silent}) == words


def test_a_line_that_ended_has_no_day():
    ended = {"is_line_ongoing": False, "last_seen_on": day(10), "is_silent": True}
    assert line_words({**ROW, **ended}) == "L1, ended"


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
        "PD 10 days ago (the same progression, first called 100 days ago), ctDNA not detected (same day)"
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


@pytest.mark.parametrize(
    ("n", "kind", "words"),
    [
        ((1, 1), "maf_ppm", "lowest of the line 0.20 % → 2.05 % (×10)"),
        ((1, 2), "maf_ppm", "lowest of the line 0.20 % → mean 2.05 % (×10)"),
        ((2, 1), "maf_ppm", "lowest mean of the line 0.20 % → 2.05 % (×10)"),
        ((2, 2), "maf_ppm", "lowest mean of the line 0.20 % → mean 2.05 % (×10)"),
        # Molecules per mL are counted, not averaged over variants.
        ((2, 2), "molecules_per_ml", "lowest of the line 2000 mutant molecules per mL"),
    ],
)
def test_the_level_of_several_variants_is_called_a_mean(n, kind, words):
    levels = {
        "from_level_sum": 2000 * n[0],
        "from_level_n": n[0],
        "to_level_sum": 20500 * n[1],
        "to_level_n": n[1],
    }
    assert change({**RISEN, **levels, "quantity_kind": kind, "lod_ppm": 1000}).startswith(words)


def test_the_last_draw_before_the_line_is_not_called_of_the_line():
    row = {**RISEN, "from_status": "before_line", "lod_ppm": 1000}
    assert change(row) == "before the line 0.20 % → 2.05 % (×10)"
    assert change({**row, "from_level_sum": 4000, "from_level_n": 2}).startswith(
        "before the line mean 0.20 %"
    )
    assert why({**row, "lod_ppm": 1001}).startswith("Before the line 0.20 % → 2.05 %, 10 days ago")


def test_a_mean_is_named_before_and_after_an_arrow_and_in_the_line_of_the_reason():
    row = {
        **RISEN,
        "reason_no": 5,
        "response": "CR",
        "from_status": "detected",
        "from_level_sum": 4000,
        "from_level_n": 2,
        "to_level_sum": 41000,
        "to_level_n": 2,
    }
    assert change(row) == "mean 0.20 % → mean 2.05 %"
    assert why(row) == "Mean 2.05 % with CR (5 days apart)"
    assert change({**row, "from_status": "not_detected", "from_level_sum": None, "from_level_n": None}) == (
        "not detected → mean 2.05 %"
    )


MONTH = "month"
PARTIAL = {
    "the draw": (
        {**RISEN, "occurred_precision": MONTH},
        "Lowest of the line 0.20 % → 2.05 %, ≈ 10 days ago; SD ≈ 5 days apart, last imaging 5 days ago",
    ),
    "the scan": (
        {**RISEN, "compared_precision": MONTH, "last_imaging_precision": MONTH},
        "Lowest of the line 0.20 % → 2.05 %, 10 days ago; SD ≈ 5 days apart, last imaging ≈ 5 days ago",
    ),
    "neither": (
        RISEN,
        "Lowest of the line 0.20 % → 2.05 %, 10 days ago; SD 5 days apart, last imaging 5 days ago",
    ),
    "of one day": (
        {**CALLED, "first_called_on": None, "compared_precision": "year"},
        "PD 10 days ago, ctDNA not detected (≈ 0 days apart)",
    ),
    "first called": (
        {**CALLED, "first_called_on": day(260), "first_called_precision": "year"},
        "PD 10 days ago (the same progression, first called ≈ 100 days ago), ctDNA not detected (same day)",
    ),
    "imaged after": (
        {
            **RISEN,
            "reason_no": 2,
            "detail": "IMAGED",
            "occurred_on": day(305),
            "compared_on": day(355),
            "gap_days": 50,
            "compared_precision": MONTH,
        },
        "Lowest of the line 0.20 % → 2.05 %, 55 days ago; first imaging ≈ 50 days after (≈ 5 days ago), "
        "no response assessed",
    ),
    "no imaging": (
        {"reason_no": 6, "detail": "IMAGED", "n_days": 99, "occurred_precision": MONTH},
        "No imaging for ≈ 99 days",
    ),
    "pending": (
        {"reason_no": 8, "n_days": 20, "occurred_precision": MONTH},
        "No result for ≈ 20 working days",
    ),
}


@pytest.mark.parametrize("case", PARTIAL)
def test_days_counted_from_a_date_known_to_the_month_are_no_exact_days(case):
    row, words = PARTIAL[case]
    assert why({"lod_ppm": 5000, **row}) == words


@pytest.mark.parametrize(
    ("precision", "is_study_time", "words"),
    [
        (None, False, "15 Dec 2024"),
        ("month", False, "≈ Dec 2024"),
        ("year", False, "≈ 2024"),
        (None, True, "10 days ago"),
        ("month", True, "≈ 10 days ago"),
    ],
)
def test_a_partial_date_of_a_row_is_written_as_far_as_it_is_known(precision, is_study_time, words):
    row = {"observed_until": day(359), "occurred_on": day(349), "occurred_precision": precision}
    assert day_words(row, "occurred", is_study_time=is_study_time) == words


@pytest.mark.parametrize(
    ("occurred", "compared", "words"),
    [("month", None, ["≈ Dec 2024", "15 Dec 2024"]), (None, "month", ["15 Dec 2024", "≈ Dec 2024"])],
)
def test_of_two_dates_of_one_day_each_is_written_as_far_as_it_is_known(occurred, compared, words):
    row = {
        "rule": "LOOK_DETECTED_IN_RESPONSE",
        "occurred_on": day(349),
        "occurred_precision": occurred,
        "compared_on": day(349),
        "compared_precision": compared,
        "gap_days": 0,
        "response": "CR",
        "observed_until": day(359),
    }
    assert [day_words(row, date, is_study_time=False) for date in ("occurred", "compared")] == words
    said = "ctDNA detected on {}; the nearest assessment, ≈ 0 days apart, is CR."
    assert rule_words(row, is_study_time=False) == said.format(words[0])


def test_the_rule_of_a_row_in_study_time_names_no_calendar_date():
    row = {
        "rule": "LOOK_NO_IMAGING",
        "occurred_on": day(249),
        "compared_on": day(359),
        "n_days": 110,
        "observed_until": day(359),
    }
    said = "On treatment or under surveillance, no imaging since 110 days ago (110 days)."
    assert rule_words(row, is_study_time=True) == said


def test_the_rule_of_a_row_names_a_partial_date_and_its_days_as_such():
    row = {
        "rule": "LOOK_STOPPED_NO_NEXT_STEP",
        "occurred_on": day(349),
        "compared_on": day(359),
        "n_days": 10,
        "observed_until": day(359),
    }
    said = "Treatment stopped on {}, no other treatment and no decision recorded since ({})."
    assert rule_words(row, is_study_time=False) == said.format("15 Dec 2024", "10 days")
    partial = {**row, "occurred_precision": "month"}
    assert rule_words(partial, is_study_time=False) == said.format("≈ Dec 2024", "≈ 10 days")
    assert rule_words({**partial, "n_days": 1}, is_study_time=False).endswith("since (≈ 1 day).")


@pytest.mark.parametrize(
    ("n_stopped", "words"),
    [
        (0, ""),
        (1, "New PD, no decision: 14 · +1 with a PD and no decision under “Stopped, no next step”"),
        (19, "New PD, no decision: 14 · +19 with a PD and no decision under “Stopped, no next step”"),
    ],
)
def test_what_stands_under_stopped_is_named_beside_a_new_progression(n_stopped, words):
    assert also_stopped_words(14, n_stopped) == words


@pytest.mark.parametrize(
    ("n_rows", "n_hidden", "words"),
    [
        (1, 0, "Nothing matches “zz”. Without the search: 1 row."),
        (7, 1, "Nothing matches “zz”. Without the search: 7 rows. 1 reviewed row that matches is hidden."),
        (7, 2, "Nothing matches “zz”. Without the search: 7 rows. 2 reviewed rows that match are hidden."),
    ],
)
def test_a_search_without_a_hit_says_how_many_rows_there_are_without_it(n_rows, n_hidden, words):
    assert no_match_words("zz", n_rows=n_rows, n_hidden=n_hidden) == words
