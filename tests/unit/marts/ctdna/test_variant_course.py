"""Variants over time (clinical-decisions A15, A35, A45)."""

import pytest

from tests.builders import day
from tests.unit.marts.ctdna.tables import draw, line, maf, rows_of

ND = "not_detected"
GENES = [{"panel": "fixed", "gene": gene, "alteration": "sequence"} for gene in ("ESR1", "TP53", "PIK3CA")]
FOLLOWED = {"assay": "bespoke", "panel": "followed"}
ESR1 = {"gene": "ESR1", "change": "p.D538G"}


def course(samples: list, variants: list, columns: str = "status, rule", **tables: list) -> list:
    given = {"definition_panel_gene": GENES, "ctdna_sample": samples, "variant": variants, **tables}
    return rows_of("variant_course", columns, given, lines=[line(1, 0)])


def test_covered_and_not_detected_at_baseline_then_detected_is_new():
    assert course([draw("A", 0, ND), draw("B", 300)], [maf("B", 400, **ESR1)]) == [("NEW", "VARIANT_NEW")]


@pytest.mark.parametrize(
    ("first", "timing", "reference"),
    [
        (7, "PRE_TREATMENT", "BASELINE"),
        (8, "ON_TREATMENT", "FIRST_DRAW"),
        (272, "OTHER_LINE", "FIRST_DRAW"),
        (307, "OTHER_LINE", "FIRST_DRAW"),
    ],
)
def test_a_draw_before_line_2_only_is_a_first_draw_and_no_baseline(first, timing, reference):
    tables = {
        "definition_panel_gene": GENES,
        "ctdna_sample": [draw("A", first, ND), draw("B", 400)],
        "variant": [maf("B", 400, **ESR1)],
    }
    lines = [line(1, 0, 250), line(2, 300)]
    found = rows_of("variant_course", "status, baseline_timing, reference", tables, lines=lines)
    assert found == [("NEW", timing, reference)]


def test_a_gene_the_baseline_panel_does_not_cover_cannot_be_new():
    samples = [draw("A", 0, ND, panel="small"), draw("B", 300)]
    assert course(samples, [maf("B", 400, **ESR1)]) == [("NOT_COVERED", "VARIANT_NOT_COVERED_BASELINE")]


def test_panel_genes_of_the_extract_count_like_those_of_the_study_definition():
    samples = [draw("A", 0, ND, panel="small"), draw("B", 300)]
    covered = [{"panel": "small", "gene": "ESR1", "alteration": "sequence"}]
    assert course(samples, [maf("B", 400, **ESR1)], "status", panel_gene=covered) == ["NEW"]


def test_a_row_not_detected_shows_that_it_was_looked_for():
    samples = [draw("A", 0, ND, panel="small"), draw("B", 300)]
    assert course(samples, [maf("A", None, **ESR1), maf("B", 400, **ESR1)], "status") == ["NEW"]


def test_detected_at_baseline_and_now_is_still_detected():
    variants = [maf("A", 900, **ESR1), maf("B", None, status="below_loq", **ESR1)]
    assert course([draw("A", 0), draw("B", 300)], variants) == [("STILL", "VARIANT_STILL")]


def test_detected_before_the_baseline_is_not_new():
    variants = [maf("A", 900, **ESR1), maf("C", 900, **ESR1)]
    assert course([draw("A", -60), draw("B", 0, ND), draw("C", 300)], variants, "status") == ["AGAIN"]


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (draw("B", 60, ND), ("AGAIN", "VARIANT_AGAIN")),
        (draw("B", 60), ("AGAIN", "VARIANT_AGAIN")),
        (draw("B", 60, ND, panel="small"), ("STILL", "VARIANT_STILL")),
        (draw("B", 60, "failed"), ("STILL", "VARIANT_STILL")),
        (draw("B", -60, ND), ("STILL", "VARIANT_STILL")),
    ],
    ids=["not detected", "not reported", "not covered", "no result", "before the first detection"],
)
def test_looked_for_and_not_found_in_between_it_is_detected_again(between, expected):
    variants = [maf("A", 900, **ESR1), maf("C", 900, **ESR1)]
    assert course([draw("A", 0), between, draw("C", 300)], variants) == [expected]


OTHER = [*GENES, {"panel": "other", "gene": "ESR1", "alteration": "sequence"}]


@pytest.mark.parametrize(
    ("panels", "found", "expected"),
    [
        # One panel throughout.
        (("fixed", "fixed", "fixed"), "A C", ("AGAIN", False)),
        (("fixed", "fixed", "fixed"), "A B C", ("STILL", False)),
        # Both panels cover the gene: the same status, wherever the panel changed.
        (("fixed", "fixed", "other"), "A C", ("AGAIN", True)),
        (("fixed", "other", "other"), "A C", ("AGAIN", True)),
        (("fixed", "other", "fixed"), "A C", ("AGAIN", True)),
        # A sample that the status does not compare changes nothing.
        (("fixed", "other", "fixed"), "A B C", ("STILL", False)),
        (("fixed", "other", "fixed"), "C", ("NEW", False)),
        (("fixed", "other", "fixed"), "B C", ("NEW", False)),
        (("fixed", "fixed", "other"), "A B C", ("STILL", True)),
        # What is gone is compared with the sample that found it last.
        (("fixed", "other", "other"), "A", ("NO_LONGER", True)),
        (("fixed", "other", "other"), "A B", ("NO_LONGER", False)),
        (("fixed", "fixed", "other"), "A B", ("NO_LONGER", True)),
        (("fixed", "other", "fixed"), "A", ("NO_LONGER", False)),
        (("fixed", "other", "fixed"), "A B", ("NO_LONGER", True)),
        (("fixed", "other", "fixed"), "B", ("NO_LONGER", True)),
        (("fixed", "fixed", "other"), "C", ("NEW", True)),
        # A panel that does not cover the gene says nothing of it, in between either.
        (("fixed", "small", "fixed"), "A C", ("STILL", False)),
        (("fixed", "fixed", "small"), "A B", ("NOT_COVERED", False)),
        (("small", "fixed", "other"), "C", ("NOT_COVERED", False)),
    ],
)
def test_across_panels_it_is_compared_whether_a_variant_was_found_where_both_cover_its_gene(
    panels, found, expected
):
    """ESR1 in the samples named, at baseline (A), on day 60 (B) and on day 300 (C)."""
    samples = [
        draw(name, on, panel=panel) for name, on, panel in zip("ABC", (0, 60, 300), panels, strict=True)
    ]
    variants = [maf(name, 900, **ESR1) for name in found.split()]
    columns = "status, is_across_assays"
    assert course(samples, variants, columns, definition_panel_gene=OTHER) == [expected]


@pytest.mark.parametrize(
    ("panels", "found", "expected"),
    [
        # The baseline is of day 0; the draw of day -60 counts where the baseline did not find the variant.
        (("other", "fixed", "fixed"), "A B C", ("STILL", False)),
        (("other", "fixed", "fixed"), "A C", ("AGAIN", True)),
        (("fixed", "fixed", "fixed"), "A C", ("AGAIN", False)),
        (("other", "small", "fixed"), "A C", ("STILL", True)),
        (("fixed", "small", "fixed"), "A C", ("STILL", False)),
    ],
)
def test_what_was_found_before_the_baseline_is_compared_where_the_baseline_did_not_find_it(
    panels, found, expected
):
    """ESR1 in the samples named, on day -60 (A), at baseline (B) and on day 300 (C)."""
    samples = [
        draw(name, on, panel=panel) for name, on, panel in zip("ABC", (-60, 0, 300), panels, strict=True)
    ]
    variants = [maf(name, 900, **ESR1) for name in found.split()]
    columns = "status, is_across_assays"
    assert course(samples, variants, columns, definition_panel_gene=OTHER) == [expected]


def test_a_copy_number_and_a_mutation_have_the_same_status_for_the_same_course_across_panels():
    """Found, not found, found by another panel that covers both."""
    covered = [
        {"panel": panel, "gene": gene, "alteration": how}
        for panel in ("fixed", "other")
        for gene, how in (("FGFR1", "copy_number"), ("TP53", "sequence"))
    ]
    samples = [draw("A", 0), draw("B", 60, ND), draw("C", 300, panel="other")]
    amplified = {"gene": "FGFR1", "change": "amplification"}
    variants = [
        *(maf(name, None, status="detected", copy_number=6.9, **amplified) for name in "AC"),
        *(maf(name, 900, "TP53", "p.R282W") for name in "AC"),
    ]
    found = course(samples, variants, "gene, status, is_across_assays", definition_panel_gene=covered)
    assert found == [("FGFR1", "AGAIN", True), ("TP53", "AGAIN", True)]


def test_covered_and_not_detected_now_is_no_longer_detected():
    assert course([draw("A", 0), draw("B", 300, ND)], [maf("A", 900, **ESR1)]) == [
        ("NO_LONGER", "VARIANT_NO_LONGER")
    ]


def test_where_the_latest_panel_does_not_cover_the_gene_it_is_not_called_gone():
    samples = [draw("A", 0), draw("B", 300, ND, panel="small")]
    assert course(samples, [maf("A", 900, **ESR1)]) == [("NOT_COVERED", "VARIANT_NOT_COVERED_LATEST")]


def test_a_failed_latest_sample_does_not_count():
    samples = [draw("A", 0), draw("B", 300), draw("C", 330, "failed")]
    assert course(samples, [maf("A", 900, **ESR1), maf("B", 900, **ESR1)], "status, latest_on") == [
        ("STILL", day(300))
    ]


def test_one_valid_sample_is_not_assessable():
    assert course([draw("A", 0)], [maf("A", 900, **ESR1)]) == [("NOT_ASSESSABLE", "VARIANT_ONE_SAMPLE")]


def test_a_tumour_informed_assay_cannot_show_new_variants_but_reads_the_followed_ones():
    samples = [draw("A", 0, **FOLLOWED), draw("B", 300, **FOLLOWED)]
    variants = [
        maf("A", 500, "TP53", "p.R175H"), maf("B", 500, "TP53", "p.R175H"),
        maf("A", None, **ESR1), maf("B", 400, **ESR1),
        maf("A", None, "APC", "p.R876*"), maf("B", None, "APC", "p.R876*"),
        maf("B", 300, "KRAS", "p.G12D"),
    ]  # fmt: skip
    assert course(samples, variants, "gene, status, rule") == [
        ("APC", "NEVER", "VARIANT_NEVER_DETECTED"),
        ("ESR1", "NOW", "VARIANT_NOW"),
        ("KRAS", "NOT_ASSESSABLE", "VARIANT_TUMOUR_INFORMED"),
        ("TP53", "STILL", "VARIANT_STILL"),
    ]


def test_a_tracked_variant_is_gone_where_the_whole_tumour_informed_sample_is_not_detected():
    samples = [draw("A", 0, **FOLLOWED), draw("B", 300, ND, **FOLLOWED)]
    assert course(samples, [maf("A", 500, **ESR1)], "status") == ["NO_LONGER"]


def test_first_last_and_highest_maf_with_their_dates():
    samples = [draw(name, on) for name, on in (("A", 0), ("B", 90), ("C", 180), ("D", 270))]
    variants = [
        maf("A", 300, **ESR1),
        maf("B", 900, **ESR1),
        maf("C", 100, **ESR1),
        maf("D", None, status="below_loq", **ESR1),
    ]
    columns = (
        "first_status, first_maf_ppm, first_draw_no, "
        "highest_maf_ppm, highest_maf_on, highest_maf_draw_no, "
        "last_maf_ppm, last_maf_on, first_detected_on, last_detected_on, n_detected"
    )
    assert course(samples, variants, columns) == [
        ("detected", 300, 1, 900, day(90), 2, 100, day(180), day(0), day(270), 4)
    ]


@pytest.mark.parametrize(("status", "ppm"), [("below_loq", None), ("detected", 300)])
def test_the_first_detection_is_the_first_value_only_where_it_has_a_number(status, ppm):
    samples = [draw("A", 0), draw("B", 90)]
    variants = [maf("A", ppm, status=status, **ESR1), maf("B", 900, **ESR1)]
    columns = "first_detected_on, first_status, first_maf_ppm, first_draw_no"
    assert course(samples, variants, columns) == [(day(0), status, ppm, 1)]


def test_of_two_samples_of_one_day_the_earlier_draw_has_the_highest_maf_of_both():
    samples = [draw("A", 0), draw("B", 90), draw("C", 90, assay="other", panel="v2")]
    variants = [maf("A", 300, **ESR1), maf("B", 900, **ESR1), maf("C", 900, **ESR1)]
    assert course(samples, variants, "highest_maf_on, highest_maf_draw_no") == [(day(90), 2)]


def test_an_amplification_has_a_copy_number_and_needs_a_panel_that_covers_copy_number():
    samples = [draw("A", 0), draw("B", 300, ND)]
    amplified = [maf("A", None, "FGFR1", "amplification", status="detected", copy_number=6.2)]
    columns = "status, is_copy_number, copy_number_latest, highest_maf_ppm"
    sequence = [{"panel": "fixed", "gene": "FGFR1", "alteration": "sequence"}]
    copies = [{"panel": "fixed", "gene": "FGFR1", "alteration": "copy_number"}]
    found = course(samples, amplified, columns, panel_gene=sequence)
    assert [(row[0], row[1], float(row[2]), row[3]) for row in found] == [("NOT_COVERED", True, 6.2, None)]
    assert course(samples, amplified, "status", panel_gene=copies) == ["NO_LONGER"]


TP53 = {"gene": "TP53", "change": "p.R175H"}


def chip(variants: list, samples: list | None = None) -> dict[str, str | None]:
    rows = course(
        samples or [draw("A", 0), draw("B", 90)], variants, "gene, chip_rule, is_possible_chip",
        chip_gene=[{"gene": "TP53"}],
    )  # fmt: skip
    assert all(flag == (rule is not None) for _, rule, flag in rows)
    return {gene: rule for gene, rule, _ in rows}


@pytest.mark.parametrize(
    ("later_ppm", "expected"),
    [
        (699.999, None),
        (700, "CHIP_MAF_UNCHANGED"),  # x 0.7
        (1000, "CHIP_MAF_UNCHANGED"),
        (1400, "CHIP_MAF_UNCHANGED"),  # x 1.4
        (1400.001, None),
    ],
)
def test_maf_within_0_7_to_1_4_of_baseline_while_the_others_fall(later_ppm, expected):
    found = chip(
        [
            maf("A", 1000, **ESR1),
            maf("B", later_ppm, **ESR1),
            maf("A", 5000, "PIK3CA"),
            maf("B", 10, "PIK3CA"),
        ]
    )
    assert found == {"ESR1": expected, "PIK3CA": None}


@pytest.mark.parametrize(
    ("others_ppm", "expected"),
    [(999.999, "CHIP_MAF_UNCHANGED"), (1000, "CHIP_MAF_UNCHANGED"), (1000.001, None)],
)
def test_the_others_must_fall_by_80_per_cent(others_ppm, expected):
    found = chip(
        [
            maf("A", 1000, **ESR1),
            maf("B", 1000, **ESR1),
            maf("A", 5000, "PIK3CA"),
            maf("B", others_ppm, "PIK3CA"),
        ]
    )
    assert found["ESR1"] == expected


def test_others_no_longer_detected_count_as_fallen_and_below_loq_is_unknown():
    kept = [maf("A", 1000, **ESR1), maf("B", 1000, **ESR1), maf("A", 5000, "PIK3CA")]
    assert chip(kept)["ESR1"] == "CHIP_MAF_UNCHANGED"
    assert chip([*kept, maf("B", None, "PIK3CA", status="below_loq")])["ESR1"] is None


def test_a_lone_variant_has_no_others_to_fall():
    assert chip([maf("A", 1000, **ESR1), maf("B", 1000, **ESR1)]) == {"ESR1": None}


def test_a_gene_of_the_list_needs_no_matched_white_cells_and_must_not_be_tracked():
    assert chip([maf("A", 9000, **TP53)]) == {"TP53": "CHIP_GENE"}
    assert chip([maf("A", 9000, is_white_cell_matched=True, **TP53)]) == {"TP53": None}
    assert chip([maf("A", 9000, is_tracked=True, **TP53)]) == {"TP53": None}
    assert chip([maf("A", 9000, **ESR1)]) == {"ESR1": None}


def test_origin_stated_by_the_laboratory_is_the_reason():
    assert chip([maf("A", 9000, origin="clonal_haematopoiesis", **ESR1)]) == {"ESR1": "CHIP_STATED"}
    found = course([draw("A", 0)], [maf("A", 490_000, origin="germline", **ESR1)],
                   "is_possible_germline, germline_rule, is_possible_chip")  # fmt: skip
    assert found == [(True, "GERMLINE_STATED", False)]


@pytest.mark.parametrize(
    ("values", "origin"),
    [
        ({}, "TUMOUR"),
        ({"origin": "tumour"}, "TUMOUR"),
        ({**TP53}, "POSSIBLE"),
        ({"origin": "clonal_haematopoiesis"}, "STATED"),
        ({**TP53, "origin": "clonal_haematopoiesis"}, "STATED"),
        ({"origin": "germline"}, "GERMLINE"),
        ({**TP53, "origin": "germline"}, "GERMLINE"),
    ],
)
def test_what_the_laboratory_states_of_the_origin_comes_before_a_suspicion(values, origin):
    variants = [maf("A", 9000, **{**ESR1, **values})]
    assert course([draw("A", 0)], variants, "origin", chip_gene=[{"gene": "TP53"}]) == [origin]


def test_tumour_informed_and_white_cell_filtered_gives_no_flag_at_all():
    samples = [draw("A", 0, **FOLLOWED), draw("B", 90, **FOLLOWED)]
    variants = [
        maf("A", 1000, is_tracked=False, **TP53), maf("B", 1000, is_tracked=False, **TP53),
        maf("A", 1000, **ESR1), maf("B", 1000, **ESR1), maf("A", 5000, "PIK3CA"), maf("B", 10, "PIK3CA"),
        maf("A", 9000, "DNMT3A", origin="clonal_haematopoiesis"),
    ]  # fmt: skip
    assert set(chip(variants, samples).values()) == {None}


def test_both_reasons_are_named_with_the_fall_of_the_others():
    variants = [maf("A", 9000, **TP53), maf("B", 10_000, **TP53), maf("A", 20_000, "PIK3CA"),
                maf("B", 1000, "PIK3CA")]  # fmt: skip
    columns = "gene, chip_rule, chip_baseline_maf_ppm, chip_later_maf_ppm, others_fall_percent"
    found = course([draw("A", 0), draw("B", 90)], variants, columns, chip_gene=[{"gene": "TP53"}])
    assert found == [
        ("PIK3CA", None, None, None, None),
        ("TP53", "CHIP_GENE_MAF_UNCHANGED", 9000, 10_000, 95),
    ]


def test_the_fall_of_the_others_is_rounded_down_and_whole_where_they_are_gone():
    kept = [maf("A", 1000, **ESR1), maf("B", 1000, **ESR1), maf("A", 30_000, "PIK3CA")]
    samples = [draw("A", 0), draw("B", 90)]
    gone = course(samples, kept, "gene, others_fall_percent")
    fallen = course(samples, [*kept, maf("B", 10, "PIK3CA")], "gene, others_fall_percent")
    assert gone[0] == ("ESR1", 100)
    assert fallen[0] == ("ESR1", 99)


def test_samples_that_cover_the_variant_are_counted_found_or_not():
    samples = [draw("A", 0, ND, panel="small"), draw("B", 90), draw("C", 180, ND), draw("D", 200, "failed")]
    assert course(samples, [maf("B", 400, **ESR1)], "n_detected, n_covered, n_samples") == [(1, 2, 3)]


def test_the_names_of_the_change_are_those_last_reported():
    variants = [
        maf("A", 400, hgvs_c="c.1613A>G", hgvs_p="p.(Asp538Gly)", **ESR1),
        maf("B", 400, hgvs_p="p.D538G", **ESR1),
    ]
    assert course([draw("A", 0), draw("B", 90)], variants, "hgvs_c, hgvs_p") == [("c.1613A>G", "p.D538G")]


def test_each_valid_sample_says_found_absent_or_not_covered_with_its_source_row():
    samples = [draw("A", 0, ND, panel="small"), draw("B", 90), draw("C", 180, ND)]
    given = {"definition_panel_gene": GENES, "ctdna_sample": samples, "variant": [maf("B", 400, **ESR1)]}
    columns = "sample_id, outcome, maf_ppm, source_file, source_row"
    assert rows_of("variant_sample", columns, given, lines=[line(1, 0)]) == [
        ("A", "NOT_COVERED", None, None, None),
        ("B", "FOUND", 400, "variant.csv", 2),
        ("C", "ABSENT", None, None, None),
    ]


def test_a_study_may_choose_other_bounds():
    """Within 90 to 110 % of the baseline while the others halve: 900 of 1000, and 2500 of 5000."""
    study = {"chip_maf_from_percent": 90, "chip_maf_to_percent": 110, "chip_others_fall_percent": 50}

    def flagged(later_ppm, others_ppm):
        variants = [
            maf("A", 1000, **ESR1),
            maf("B", later_ppm, **ESR1),
            maf("A", 5000, "PIK3CA"),
            maf("B", others_ppm, "PIK3CA"),
        ]
        found = course(
            [draw("A", 0), draw("B", 90)], variants, "gene, is_possible_chip", study=[study], chip_gene=[]
        )
        return dict(found)["ESR1"]

    assert [flagged(ppm, 2500) for ppm in (899.999, 900, 1100, 1100.001)] == [False, True, True, False]
    assert [flagged(1000, ppm) for ppm in (2500, 2500.001)] == [True, False]
