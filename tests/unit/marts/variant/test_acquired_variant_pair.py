"""Which two samples can show what was acquired on a line (clinical-decisions A35, A36)."""

import pytest

from tests.builders import day
from tests.unit.marts.variant.pairs import found, line, progression, sample, variant

ND = "not_detected"


def pair(columns: str = "rule", **given) -> list:
    return found("acquired_variant_pair", columns, **given)


def two(baseline_on: int = 0, progression_on: int = 300, status: str = "detected", **more) -> list:
    return [sample("A", baseline_on, ND), sample("B", progression_on, status, **more)]


def test_a_line_without_progression_has_no_row():
    samples = [sample("A", 0), sample("B", 300)]
    assert pair(samples=samples, progressions=[progression(300, overall="sd")]) == []


def test_the_pair_names_its_samples_and_their_distance():
    columns = (
        "line, baseline_sample_id, baseline_day_of_line, progression_sample_id, days_from_progression, "
        "n_genes_at_both, is_assessable, rule"
    )
    assert pair(columns, samples=two(-5, 310)) == [(1, "A", -5, "B", 10, 3, True, "PAIR_ASSESSABLE")]


@pytest.mark.parametrize(("on", "rule"), [(28, "PAIR_ASSESSABLE"), (29, "PAIR_NO_BASELINE")])
def test_the_baseline_lies_at_most_28_days_after_the_start_of_the_line(on, rule):
    assert pair(samples=two(on)) == [(rule,)]


@pytest.mark.parametrize(
    ("on", "rule"),
    [
        (285, "PAIR_NO_PROGRESSION_SAMPLE"),
        (286, "PAIR_ASSESSABLE"),  # 14 days before
        (330, "PAIR_ASSESSABLE"),  # 30 days after
        (331, "PAIR_NO_PROGRESSION_SAMPLE"),
    ],
)
def test_the_progression_sample_lies_14_days_before_to_30_days_after_the_progression(on, rule):
    assert pair(samples=two(0, on)) == [(rule,)]


@pytest.mark.parametrize(("on", "rule"), [(310, "PAIR_ASSESSABLE"), (311, "PAIR_NO_PROGRESSION_SAMPLE")])
def test_the_progression_sample_is_drawn_before_the_first_dose_of_the_next_line(on, rule):
    lines = [line(1, 0, 305), line(2, 310)]
    assert pair(samples=two(0, on), lines=lines) == [(rule,)]


def test_the_sample_nearest_to_the_progression_counts_and_of_two_the_later():
    samples = [sample("A", 0), sample("B", 290), sample("C", 305), sample("D", 320)]
    assert pair("progression_sample_id", samples=samples) == [("C",)]
    samples = [sample("A", 0), sample("B", 290), sample("C", 310)]
    assert pair("progression_sample_id", samples=samples) == [("C",)]


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_a_progression_sample_without_a_result_is_said_and_gives_way_to_one_with(status):
    assert pair(samples=two(0, 300, status)) == [("PAIR_NO_RESULT",)]
    samples = [sample("A", 0), sample("B", 300, status), sample("C", 325)]
    assert pair("progression_sample_id, rule", samples=samples) == [("C", "PAIR_ASSESSABLE")]


def test_a_progression_sample_without_any_ctdna_cannot_exclude():
    assert pair("is_assessable, rule", samples=two(0, 300, ND)) == [(False, "PAIR_NO_CTDNA")]
    assert pair(samples=two(0, 300, "below_loq")) == [("PAIR_ASSESSABLE",)]


@pytest.mark.parametrize("origin", ["germline", "clonal_haematopoiesis"])
def test_variants_that_the_laboratory_says_are_not_of_the_tumour_are_no_ctdna(origin):
    other = variant("B", gene="TP53", origin=origin)
    assert pair(samples=two(), variants=[other]) == [("PAIR_NO_CTDNA",)]
    assert pair(samples=two(), variants=[other, variant("B", gene="PIK3CA")]) == [("PAIR_ASSESSABLE",)]


def test_a_tumour_informed_assay_cannot_show_acquired_variants():
    followed = {"panel": "followed", "assay": "bespoke"}
    samples = [sample("A", 0, **followed), sample("B", 300, **followed)]
    assert pair("is_assessable, rule", samples=samples) == [(False, "PAIR_TUMOUR_INFORMED")]


def test_without_a_gene_covered_at_both_nothing_can_be_said():
    samples = [sample("A", 0, panel="small"), sample("B", 300)]
    assert pair("n_genes_at_both, rule", samples=samples) == [(1, "PAIR_ASSESSABLE")]
    assert pair(samples=samples, panel_genes=[]) == [("PAIR_NOT_COVERED",)]


def test_the_baseline_is_the_last_sample_up_to_day_7_else_the_first_after_it():
    samples = [sample("A", -40), sample("B", 7), sample("C", 8), sample("D", 300)]
    assert pair("baseline_sample_id", samples=samples) == [("B",)]
    samples = [sample("A", 8), sample("B", 28), sample("C", 300)]
    assert pair("baseline_sample_id", samples=samples) == [("A",)]


def test_each_line_has_its_own_pair_and_the_progression_of_one_is_the_baseline_of_the_next():
    lines = [line(1, 0, 305), line(2, 320)]
    samples = [sample("A", 0), sample("B", 301), sample("C", 601)]
    progressions = [progression(300), progression(600)]
    columns = "line, baseline_sample_id, progression_sample_id, rule"
    assert pair(columns, samples=samples, lines=lines, progressions=progressions) == [
        (1, "A", "B", "PAIR_ASSESSABLE"),
        (2, "B", "C", "PAIR_ASSESSABLE"),
    ]


@pytest.mark.parametrize(("on", "rule"), [(28, "PAIR_NO_BASELINE"), (29, "PAIR_ASSESSABLE")])
def test_the_baseline_of_the_line_before_is_no_baseline_of_this_line(on, rule):
    lines = [line(1, 0, 305), line(2, 320)]
    given = {
        "samples": [sample("A", on), sample("C", 600)],
        "lines": lines,
        "progressions": [progression(300), progression(600)],
    }
    assert pair("line, rule", **given)[1] == (2, rule)


def test_an_early_progression_does_not_make_one_sample_both():
    columns = "baseline_sample_id, progression_sample_id, rule"
    given = {"samples": [sample("A", 15)], "progressions": [progression(20)]}
    assert pair(columns, **given) == [(None, "A", "PAIR_NO_BASELINE")]


def test_a_clinical_progression_counts_and_the_first_one_decides():
    progressions = [progression(200, basis="clinical"), progression(300)]
    samples = [sample("A", 0), sample("B", 200), sample("C", 300)]
    assert pair("progressed_on, progression_sample_id", samples=samples, progressions=progressions) == [
        (day(200), "B")
    ]
