"""Level of a sample and series of comparable samples (clinical-decisions A3, A35)."""

from decimal import Decimal

from tests.unit.marts.ctdna.tables import draw, maf, rows_of

FOLLOWED = {"assay": "bespoke", "panel": "followed"}


def level(sample: dict, *variants: dict) -> tuple[object, ...]:
    tables = {"ctdna_sample": [sample], "variant": list(variants)}
    return rows_of("ctdna_level", "level_metric, level_sum, level_n, rule", tables)[0]


def test_tumour_informed_level_is_the_mean_over_the_tracked_set():
    found = level(
        draw("S", 0, **FOLLOWED),
        maf("S", 1200, "TP53", "p.R175H", is_tracked=True),
        maf("S", 300, "KRAS", "p.G12D", is_tracked=True),
        maf("S", None, "APC", "p.R876*", is_tracked=True),  # adds nothing to the sum, one to the count
        maf("S", 9000, "DNMT3A", "p.R882H", is_tracked=False),
    )
    assert found == ("MEAN", Decimal(1500), 3, "LEVEL_MEAN")


def test_level_of_any_other_assay_is_the_highest_maf():
    found = level(
        draw("S", 0),
        maf("S", 1200, "TP53"),
        maf("S", 300),
        maf("S", None, "APC"),
        maf("S", None, "EGFR", status="below_loq"),
    )
    assert found == ("MAX", Decimal(1200), 1, "LEVEL_MAX")


def test_germline_and_clonal_haematopoiesis_stay_outside_mean_and_highest():
    blood = (
        maf("S", 480_000, "BRCA2", origin="germline"),
        maf("S", 9000, "DNMT3A", origin="clonal_haematopoiesis"),
    )
    assert level(draw("S", 0), maf("S", 300, origin="tumour"), *blood) == (
        "MAX",
        Decimal(300),
        1,
        "LEVEL_MAX",
    )
    assert level(draw("S", 0, **FOLLOWED), maf("S", 300), *blood) == ("MEAN", Decimal(300), 1, "LEVEL_MEAN")


def test_copy_number_never_enters_the_level():
    amplified = maf("S", None, "FGFR1", "amplification", status="detected", copy_number=6.2)
    assert level(draw("S", 0), maf("S", 300), amplified) == ("MAX", Decimal(300), 1, "LEVEL_MAX")
    assert level(draw("S", 0), amplified) == (None, None, None, "LEVEL_NO_NUMBER")


def test_a_row_with_a_copy_number_alone_is_not_in_the_count_of_the_mean():
    gain = maf("S", None, "MET", "gain of 7q", status="detected", copy_number=5)
    assert level(draw("S", 0, **FOLLOWED), maf("S", 300), gain) == ("MEAN", Decimal(300), 1, "LEVEL_MEAN")


def test_not_detected_and_below_loq_have_no_number():
    assert level(draw("S", 0, "not_detected"), maf("S", None)) == (None, None, None, "LEVEL_NOT_DETECTED")
    assert level(draw("S", 0, "below_loq"), maf("S", None, status="below_loq")) == (
        None, None, None, "LEVEL_BELOW_LOQ",
    )  # fmt: skip


def test_a_tracked_variant_below_loq_leaves_the_mean_without_a_number():
    found = level(draw("S", 0, **FOLLOWED), maf("S", 900), maf("S", None, "APC", status="below_loq"))
    assert found == (None, None, None, "LEVEL_NO_NUMBER")


def test_without_variants_the_level_is_what_the_laboratory_reports():
    reported = {"quantity_kind": "molecules_per_ml", "quantity_value": Decimal("12.300000000001")}
    assert level(draw("S", 0, **reported)) == ("REPORTED", Decimal("12.300000000001"), 1, "LEVEL_REPORTED")


def test_limits_are_those_of_the_sample_else_of_the_panel():
    panel = {"panel": "fixed", "assay": "capture", "tracks": "fixed_panel", "lod_ppm": 500, "loq_ppm": 1000}
    tables = {"assay_panel": [panel], "ctdna_sample": [draw("A", 0), draw("B", 1, lod_ppm=200, loq_ppm=400)]}
    assert rows_of("ctdna_level", "lod_ppm, loq_ppm", tables) == [(500, 1000), (200, 400)]


def test_a_sample_without_panel_has_the_only_panel_of_its_assay():
    tables = {"ctdna_sample": [draw("A", 0), draw("B", 1, panel=None)]}
    assert rows_of("ctdna_level", "panel, tracks, series_no", tables) == [("fixed", "fixed_panel", 1)] * 2


def series_of(*samples: dict, variants: tuple = ()) -> list:
    return rows_of("ctdna_level", "series_no, series_rule", {"ctdna_sample": samples, "variant": variants})


def test_another_assay_or_panel_starts_a_new_series():
    found = series_of(
        draw("A", 0), draw("B", 30), draw("C", 60, panel="fixed v2"), draw("D", 90, assay="other")
    )
    assert found == [(1, "FIRST_SERIES")] * 2 + [(2, "ASSAY_CHANGED"), (3, "ASSAY_CHANGED")]


def test_a_failed_sample_on_another_assay_changes_nothing():
    found = series_of(draw("A", 0), draw("B", 30, "failed", assay="other"), draw("C", 60))
    assert found == [(1, "FIRST_SERIES")] * 3


def test_another_quantity_starts_a_new_series_and_a_sample_that_names_none_does_not():
    score = {"quantity_kind": "score", "quantity_value": 2}
    fraction = {"quantity_kind": "tumour_fraction", "quantity_value": 0.1}
    found = series_of(
        draw("A", 0, **score),
        draw("B", 30, "not_detected"),
        draw("C", 60, **score),
        draw("D", 90, **fraction),
    )
    assert found == [(1, "FIRST_SERIES")] * 3 + [(2, "QUANTITY_CHANGED")]


def tracked(sample: str, *genes: str) -> list[dict]:
    return [maf(sample, 100, gene, "p.X1Y", is_tracked=True) for gene in genes]


def test_another_tracked_set_starts_a_series_of_its_own_and_the_first_set_goes_on():
    samples = [draw(name, 30 * number, **FOLLOWED) for number, name in enumerate("ABCDE")]
    variants = (
        *tracked("A", "APC", "KRAS"),
        *tracked("B", "KRAS", "APC"),
        *tracked("C", "APC", "TP53"),
        *tracked("D", "APC", "KRAS"),
        *tracked("E", "APC"),
    )
    assert series_of(*samples, variants=variants) == [
        (1, "FIRST_SERIES"),
        (1, "FIRST_SERIES"),
        (2, "TRACKED_SET_CHANGED"),
        (1, "FIRST_SERIES"),
        (3, "TRACKED_SET_CHANGED"),
    ]


def test_after_a_change_of_assay_the_tracked_sets_count_anew():
    old, new = FOLLOWED, {**FOLLOWED, "assay": "bespoke v2"}
    samples = [draw("A", 0, **old), draw("B", 30, **old), draw("C", 60, **new), draw("D", 90, **new)]
    variants = (*tracked("A", "APC"), *tracked("B", "KRAS"), *tracked("C", "KRAS"), *tracked("D", "APC"))
    assert series_of(*samples, variants=variants) == [
        (1, "FIRST_SERIES"),
        (2, "TRACKED_SET_CHANGED"),
        (3, "ASSAY_CHANGED"),
        (4, "TRACKED_SET_CHANGED"),
    ]


def test_a_sample_without_variant_rows_keeps_the_tracked_set():
    samples = [
        draw("A", 0, "not_detected", **FOLLOWED),
        draw("B", 30, **FOLLOWED),
        draw("C", 60, "not_detected", **FOLLOWED),
    ]
    assert series_of(*samples, variants=tuple(tracked("B", "APC"))) == [(1, "FIRST_SERIES")] * 3


def test_draws_are_numbered_by_day_then_sample_and_a_draw_not_done_has_no_number():
    tables = {
        "ctdna_sample": [draw("B", 30), draw("A", 30), draw("C", 0, "failed"), draw("D", 10, "not_done")]
    }
    found = rows_of("ctdna_level", "sample_id, draw_no, is_valid", tables)
    assert found == [("C", 1, False), ("D", None, False), ("A", 2, True), ("B", 3, True)]
