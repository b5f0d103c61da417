"""Tooltips of draws and variants: input, interval, days since a local treatment."""

import pytest

from dashboard.tables.patient_timeline import Clock, describe, timeline_table
from dashboard.tables.patient_timeline_ctdna import input_limit_percent, interval_percent, since_local_words
from tests.builders import day
from tests.unit.charts.timeline_events import event, sample, variant

CLOCK = Clock(day(0))


def informed(**columns):
    return sample(0, "NOT_DETECTED", **{"tracks": "tumour_informed", "cfdna_ng_per_ml": 2.5, **columns})


# 2.5 ng per mL in 4 mL of plasma are 10 ng: 3030 genome equivalents (clinical-decisions A18).
@pytest.mark.parametrize(("n_variants", "percent"), [(1, 0.0990), (4, 0.02475), (10, 0.0099)])
def test_ten_nanograms_allow_what_the_number_of_tracked_variants_says(n_variants, percent):
    assert input_limit_percent(informed(n_variants=n_variants)) == pytest.approx(percent, abs=1e-5)


def test_a_fixed_panel_counts_one_variant_whatever_it_found():
    assert input_limit_percent(informed(tracks="fixed_panel", n_variants=9)) == pytest.approx(
        0.0990, abs=1e-4
    )


@pytest.mark.parametrize(("lod_ppm", "is_low"), [(990, True), (991, False)])
def test_low_input_is_a_warning_where_it_exceeds_the_limit_of_the_assay(lod_ppm, is_low):
    said = describe(informed(n_variants=1, lod_ppm=lod_ppm), clock=CLOCK)
    assert said["input"].startswith("input allowed detection of about 0.099 %")
    assert ("low input: sensitivity below the assay's LoD" in said["input"]) is is_low
    assert said["lod"] == f"{lod_ppm / 10_000:g} %"


def test_without_an_input_nothing_is_said_of_it():
    assert "input" not in describe(informed(cfdna_ng_per_ml=None), clock=CLOCK)


def test_wilsons_interval_of_four_molecules_among_2600():
    # Wilson by hand: centre 0.00226..., half width 0.00166...
    low, high = interval_percent({**variant(0, "KRAS p.G12D"), "alt_molecules": 4, "total_molecules": 2600})
    assert (low, high) == (pytest.approx(0.0598, abs=1e-4), pytest.approx(0.3949, abs=1e-4))


@pytest.mark.parametrize("counts", [(None, None), (3, None), (None, 900), (0, 0)])
def test_there_is_no_interval_without_both_counts(counts):
    row = {**variant(0, "KRAS p.G12D"), "alt_molecules": counts[0], "total_molecules": counts[1]}
    assert interval_percent(row) is None


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, ""),
        ({"days_since_local": 28, "is_unreliable": True},
         "28 days: cell-free DNA from trauma, result unreliable"),
        ({"days_since_local": 29, "is_unreliable": False}, "29 days"),
    ],
)  # fmt: skip
def test_days_since_a_local_treatment_say_whether_the_result_is_unreliable(columns, words):
    assert since_local_words(sample(0, "NOT_DETECTED", **columns)) == words


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"line_in_force": 2, "day_of_line": 84, "is_on_treatment": True}, "on line 2, day 84"),
        ({"line_in_force": 2, "day_of_line": 84, "is_on_treatment": False}, "off, after line 2, day 84"),
        ({}, "before line 1"),
    ],
)
def test_a_draw_says_whether_treatment_was_on_and_why_blood_was_drawn(columns, words):
    said = describe(sample(0, "NOT_DETECTED", reason="suspected_progression", **columns), clock=CLOCK)
    assert (said["treatment"], said["reason"]) == (words, "suspected progression")


def test_a_treatment_says_the_drug_given_beside_its_line():
    row = event("SYSTEMIC", 0, label="Letrozole, palbociclib", is_ongoing=True, accompanied_by="goserelin")
    said = describe(row, clock=CLOCK)
    assert (said["what"], said["result"]) == ("Letrozole, palbociclib", "with goserelin, ongoing")


@pytest.mark.parametrize(
    ("rule", "words"),
    [("TARGET_NONE", "6 mm, no target disease at the start of the line"), ("TARGET_CR", "6 mm")],
)
def test_a_sum_on_a_line_without_target_disease_says_so(rule, words):
    row = event("SUM", 0, line=1, value_sum=60, value_n=10, rule=rule)
    assert describe(row, clock=CLOCK)["result"] == words


def test_the_limits_of_a_line_stand_in_the_table_in_millimetres():
    row = event("LIMIT", 0, line=3, nadir_tenth_mm=2750, pd_from_tenth_mm=3300)
    said = describe(row, clock=CLOCK)
    assert (said["what"], said["result"]) == (
        "Limits of the target sum, line 3",
        "PD from 330 mm, nadir 275 mm",
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("OVERDUE", "overdue"),
        ("CANNOT_BE_OBTAINED", "cannot be obtained any more"),
        ("DUE_NOW", "due now"),
        ("NOT_YET_DUE", "not yet due"),
        ("DONE_IN_WINDOW", "done in window"),
    ],
)
def test_a_planned_window_has_the_words_of_its_state_in_the_follow_up(code, words):
    assert describe(event("DRAW_WINDOW", 0, code=code), clock=CLOCK)["result"] == words


def test_a_serious_event_says_why_it_was_serious():
    row = event("SERIOUS_EVENT", 0, label="pneumonia", grade=3, code="hospitalisation")
    assert describe(row, clock=CLOCK)["result"] == "grade 3, admitted to hospital"


def test_columns_nobody_needs_are_left_out_of_the_table():
    assert "Input" not in timeline_table([event("ENROLMENT", 0)], clock=CLOCK)
    assert "Input" in timeline_table([informed()], clock=CLOCK)


def test_a_progression_called_again_is_no_new_one_and_not_set_against_the_calculation():
    columns = {"code": "PD", "basis": "imaging", "reported": "PD", "calculated": "NON-CR/NON-PD"}
    new = event("RESPONSE", 300, **columns)
    assert describe(new, clock=CLOCK)["result"] == "PD (calculated NON-CR/NON-PD)"
    again = event("RESPONSE", 300, **columns, first_called_on=day(30))
    assert describe(again, clock=CLOCK)["result"] == "PD; the same progression, first called 31 Jan 2024"


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("cancer", "cause: cancer"),
        ("treatment", "cause: treatment"),
        ("other", "other cause"),
        ("unknown", "cause not known"),
        (None, "–"),
    ],
)
def test_the_mark_of_a_death_says_its_cause_where_it_is_recorded(cause, words):
    assert describe(event("DEATH", 300, detail=cause), clock=CLOCK)["result"] == words
