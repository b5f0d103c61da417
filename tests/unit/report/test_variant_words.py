"""Variants on the sheet: dates once, copy number and possible other origin apart, nothing cut unsaid."""

import datetime as dt

from dashboard.figures.patient.report_variants import MOST_VARIANTS, variant_words
from dashboard.tables.patient_timeline import Clock

ZERO = dt.date(2024, 1, 1)
CLOCK = Clock(ZERO)


def day(number):
    return ZERO + dt.timedelta(days=number)


def course(gene, variant="p.V600E", *, first=None, highest=None, last=None, **changed):
    """A course; `first`, `highest`, `last` are (per cent, day)."""
    known = {
        "gene": gene,
        "variant": variant,
        "hgvs_c": None,
        "status": "STILL",
        "rule": "VARIANT_STILL",
        "is_tracked": False,
        "is_copy_number": False,
        "n_covered": 2,
        "n_samples": 2,
        "baseline_on": day(0),
        "reference": "BASELINE",
        "latest_on": day(90),
        "latest_outcome": "FOUND",
        "last_detected_on": day(90),
        "copy_number_latest": None,
        "chip_rule": None,
        "germline_rule": None,
    }
    for name, result in (("first", first), ("highest", highest), ("last", last)):
        known[f"{name}_maf_ppm"] = None if result is None else result[0] * 10_000
        known[f"{name}_maf_on"] = None if result is None else day(result[1])
        known[f"{name}_draw_no"] = known[f"{name}_maf_draw_no"] = None
    known |= {"first_detected_on": known["first_maf_on"], "first_status": "detected"}
    return {**known, **changed}


def words(*courses):
    return variant_words(courses, clock=CLOCK, samples=())


def test_a_date_that_a_whole_column_shares_stands_in_its_head_and_the_highest_has_none_of_its_own():
    found = words(
        course("KRAS", first=(2, 0), highest=(2, 0), last=(1, 90)),
        course("TP53", first=(1, 0), highest=(3, 90), last=(3, 90)),
    )
    assert found.head == ("Variant", "First, 1 Jan 2024", "Highest", "Last, 31 Mar 2024", "Status")
    assert found.rows == (
        ("TP53 V600E", "1.00", "3.00", "3.00", "still detected"),
        ("KRAS V600E", "2.00", "2.00", "1.00", "still detected"),
    )


def test_dates_that_differ_stand_beside_their_values():
    found = words(
        course("KRAS", first=(2, 0), highest=(4, 30), last=(1, 90)),
        course("TP53", first=(1, 30), highest=(3, 60), last=(2, 90)),
    )
    assert found.head == ("Variant", "First", "Highest", "Last, 31 Mar 2024", "Status")
    assert found.rows[0][:3] == ("KRAS V600E", "2.00 · 1 Jan 2024", "4.00 · 31 Jan 2024")


def test_the_result_of_a_single_sample_stands_once():
    found = words(course("KRAS", first=(2, 0), highest=(2, 0), last=(2, 0), latest_on=day(0)))
    assert found.head == ("Variant", "Last, 1 Jan 2024", "Status")
    assert found.rows == (("KRAS V600E", "2.00", "still detected"),)


def test_a_copy_number_is_a_note_and_never_a_row_of_allele_fractions():
    amplified = course(
        "FGFR1", "amplification", is_copy_number=True, copy_number_latest=6.9, latest_outcome="FOUND"
    )
    found = words(amplified)
    assert found.rows == ()
    assert found.notes == ("Copy number: FGFR1 amplified (CN 6.9) · 31 Mar 2024, still detected",)


def test_a_possible_other_origin_is_never_named_without_its_reason():
    found = words(
        course("TP53", "p.R282W", last=(1, 90), chip_rule="CHIP_GENE"), course("KRAS", last=(1, 90))
    )
    assert found.notes == (
        "TP53 R282W: possible clonal haematopoiesis (by its gene alone, TP53; no matched white-cell result)",
    )


def test_variants_followed_and_never_detected_stand_in_one_line():
    never = {"status": None, "rule": "VARIANT_NEVER_DETECTED", "latest_outcome": "ABSENT"}
    found = words(course("APC", **never), course("KRAS", **never), course("TP53", last=(1, 90)))
    assert [row[0] for row in found.rows] == ["TP53 V600E"]
    assert found.notes == ("Followed, never detected, last sample 31 Mar 2024: APC V600E, KRAS V600E",)


def test_eight_variants_are_the_most_and_the_rest_is_counted():
    for n, more in ((MOST_VARIANTS, 0), (MOST_VARIANTS + 1, 1)):
        found = words(*(course(f"G{n}", last=(n + 1, 90)) for n in range(n)))
        assert (len(found.rows), found.n_more) == (8, more)


def test_without_variants_there_is_neither_row_nor_note():
    found = words()
    assert (found.head, found.rows, found.n_more, found.notes) == ((), (), 0, ())
