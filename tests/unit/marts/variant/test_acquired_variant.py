"""What was acquired between the two samples of a line, by variant and by gene (clinical-decisions A36)."""

from tests.builders import day
from tests.unit.marts.variant.pairs import found, line, progression, sample, variant

TWO = [sample("A", 0), sample("B", 300)]


def acquired(columns: str = "gene, status", **given) -> list:
    return found("acquired_variant", columns, **{"samples": TWO, **given})


def genes(columns: str = "gene, status", **given) -> list:
    return found("acquired_variant_gene", columns, **{"samples": TWO, **given})


def test_covered_and_absent_at_baseline_and_found_at_progression_is_acquired():
    columns = "status, baseline_outcome, progression_maf_ppm, source_key, rule"
    assert acquired(columns, variants=[variant("B", 400)]) == [
        ("ACQUIRED", "ABSENT", 400, "B | ESR1 | p.D538G", "ACQUIRED_YES")
    ]


def test_found_at_both_is_present_at_both_also_below_the_limit_of_quantification():
    variants = [variant("A"), variant("B", None, status="below_loq")]
    assert acquired(variants=variants) == [("ESR1", "PRESENT_AT_BOTH")]


def test_found_at_baseline_only_is_no_longer_detected():
    assert acquired(variants=[variant("A"), variant("B", gene="PIK3CA")]) == [
        ("ESR1", "NO_LONGER"),
        ("PIK3CA", "ACQUIRED"),
    ]


def test_what_either_panel_does_not_cover_is_neither_acquired_nor_gone():
    small_first = [sample("A", 0, panel="small"), sample("B", 300)]
    small_last = [sample("A", 0), sample("B", 300, panel="small")]
    assert acquired("status, rule", samples=small_first, variants=[variant("B")]) == [
        ("NOT_COVERED", "ACQUIRED_NOT_COVERED_BASELINE")
    ]
    assert acquired("status, rule", samples=small_last, variants=[variant("A")]) == [
        ("NOT_COVERED", "ACQUIRED_NOT_COVERED_PROGRESSION")
    ]


def test_a_pair_that_cannot_be_assessed_has_no_variants():
    empty = [sample("A", 0), sample("B", 300, "not_detected")]
    assert acquired(samples=empty, variants=[variant("A")]) == []
    assert genes(samples=empty, variants=[variant("A")]) == []


def test_a_variant_of_an_earlier_line_that_comes_back_was_not_acquired_on_this_one():
    given = {
        "samples": [sample("A", 0), sample("B", 301), sample("C", 310, "not_detected"), sample("D", 600)],
        "lines": [line(1, 0, 305), line(2, 320)],
        "progressions": [progression(300), progression(600)],
        "variants": [variant("B"), variant("D")],
    }
    assert acquired("line, status", **given) == [(1, "ACQUIRED"), (2, "SEEN_BEFORE")]


def test_the_first_sample_that_shows_it_is_dated_against_the_progression():
    given = {"samples": [*TWO, sample("M", 150)], "variants": [variant("M"), variant("B")]}
    assert acquired("first_found_on, days_before_progression", **given) == [(day(150), 150)]


def test_every_gene_of_the_panels_counts_in_its_denominator():
    assert genes("gene, alteration, is_assessable, status", variants=[variant("B")]) == [
        ("ESR1", "sequence", True, "ACQUIRED"),
        ("FGFR1", "copy_number", True, "NEVER"),
        ("PIK3CA", "sequence", True, "NEVER"),
    ]


def test_a_gene_one_panel_does_not_cover_is_not_in_the_denominator():
    given = {"samples": [sample("A", 0, panel="small"), sample("B", 300)], "variants": [variant("B")]}
    assert genes("gene, is_assessable, status", **given) == [
        ("ESR1", False, "NOT_COVERED"),
        ("FGFR1", False, "NOT_COVERED"),
        ("PIK3CA", True, "NEVER"),
    ]


def test_two_acquired_variants_of_one_gene_are_counted_and_a_stated_germline_variant_is_not():
    variants = [variant("B"), variant("B", variant="p.Y537S"), variant("B", gene="PIK3CA", origin="germline")]
    assert genes("gene, n_acquired", variants=variants) == [("ESR1", 2), ("FGFR1", 0), ("PIK3CA", 0)]


def test_an_acquired_amplification_is_copy_number_of_its_gene():
    amplified = variant("B", None, gene="FGFR1", variant="amplification", copy_number=6.2)
    assert genes("gene, alteration, status", variants=[amplified])[1] == ("FGFR1", "copy_number", "ACQUIRED")
    columns = "is_copy_number, progression_copy_number, progression_maf_ppm"
    assert [(one, float(two), three) for one, two, three in acquired(columns, variants=[amplified])] == [
        (True, 6.2, None)
    ]
