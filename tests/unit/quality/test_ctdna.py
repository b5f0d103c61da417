"""Checks of ctDNA samples and variants."""

import pytest

from dashboard.quality.run import catalogue, run_check
from tests.unit.quality.tables import connection_with, day, found, n_found


def sample(number=1, **columns):
    return {
        "sample_id": f"S{number}",
        "collected_on": day(10 * number),
        "collected_on_precision": "day",
        "status": "detected",
        "panel": "K",
        **columns,
    }


def variant(number=1, **columns):
    return {
        "sample_id": f"S{number}",
        "gene": "TP53",
        "variant": "p.R175H",
        "status": "detected",
        "maf_ppm": 1000,
        **columns,
    }


def level(number=1, **columns):
    return {
        "sample_id": f"S{number}",
        "draw_no": number,
        "collected_on": day(10 * number),
        "source_table": "ctdna_sample",
        "source_key": f"S{number}",
        "is_valid": True,
        **columns,
    }


@pytest.mark.parametrize(("ppm", "n"), [(999_999.999, 0), (1_000_000, 0), (1_000_000.001, 1)])
def test_an_allele_fraction_of_one_is_the_highest(ppm, n):
    assert n_found("DQ31", ctdna_sample=[sample()], variant=[variant(maf_ppm=ppm)]) == n


@pytest.mark.parametrize(("highest", "n"), [(10_000, 1), (10_001, 0)])
def test_a_file_without_a_fraction_above_one_per_cent_is_one_data_issue(highest, n):
    low = [variant(gene=f"G{place}", maf_ppm=highest - place, source_file="may.csv") for place in range(20)]
    high = [variant(2, gene=f"G{place}", maf_ppm=20_000, source_file="june.csv") for place in range(20)]
    assert n_found("DQ31B", ctdna_sample=[sample(), sample(2)], variant=[*low, *high]) == n
    assert n_found("DQ31B", ctdna_sample=[sample(), sample(2)], variant=[*low[:19], *high]) == 0


def test_the_file_is_named_with_its_numbers_and_patients_and_belongs_to_no_patient():
    low = [
        variant(1 + place % 2, gene=f"G{place}", maf_ppm=9_000, source_file="may.csv") for place in range(21)
    ]
    high = [variant(3, gene=f"G{place}", maf_ppm=20_000, source_file="june.csv") for place in range(20)]
    samples = [sample(1, patient_id="A"), sample(2, patient_id="B"), sample(3, patient_id="A")]
    tables = {"ctdna_sample": samples, "variant": [*low, *high]}
    assert found("DQ31B", **tables) == ["may.csv: 21 allele fractions of 2 patients"]
    connection = connection_with(tables)
    (check,) = [one for one in catalogue() if one.check_id == "DQ31B"]
    run_check(connection, check)
    rows = connection.execute("select table_name, row_key, patient_id from data_issue").fetchall()
    assert rows == [("variant", "S1 | G0 | p.R175H", None)]


@pytest.mark.parametrize(
    ("status", "ppm", "n"), [("not_detected", 5, 1), ("not_detected", None, 0), ("detected", 5, 0)]
)
def test_not_detected_has_no_number(status, ppm, n):
    assert n_found("DQ32", ctdna_sample=[sample()], variant=[variant(status=status, maf_ppm=ppm)]) == n


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({}, 1),
        ({"alt_molecules": 3}, 0),
        ({"copy_number": 8}, 0),
        ({"variant": "amplification"}, 0),
        ({"status": "below_loq"}, 0),
    ],
)
def test_detected_has_some_number(columns, n):
    rows = [variant(maf_ppm=None, **columns), variant(gene="KRAS")]
    assert n_found("DQ32B", ctdna_sample=[sample()], variant=rows) == n


@pytest.mark.parametrize(
    ("sample_status", "variant_status", "n"),
    [
        ("not_detected", "detected", 1),
        ("not_detected", "below_loq", 1),
        ("not_detected", "not_detected", 0),
        ("detected", "not_detected", 1),
        ("detected", "below_loq", 0),
        ("failed", "not_detected", 0),
    ],
)
def test_a_sample_and_its_variants_agree(sample_status, variant_status, n):
    tables = {"ctdna_sample": [sample(status=sample_status)], "variant": [variant(status=variant_status)]}
    assert n_found("DQ32C", **tables) == n


def test_a_variant_of_white_cells_does_not_make_a_sample_detected():
    rows = [variant(status="not_detected"), variant(gene="DNMT3A", origin="clonal_haematopoiesis")]
    assert n_found("DQ32C", ctdna_sample=[sample(status="not_detected")], variant=rows) == 0


@pytest.mark.parametrize(
    ("ppm", "status", "n"), [(499, "detected", 1), (500, "detected", 0), (499, "below_loq", 0)]
)
def test_the_limit_of_detection_itself_is_detectable(ppm, status, n):
    levels = [level(status=status, max_maf_ppm=ppm, lod_ppm=500)]
    assert found("DQ33", ctdna_level=levels) == ["499.000 | 500.000"] * n


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({"received_on": day(9)}, 1),
        ({"received_on": day(10), "reported_on": day(10)}, 0),
        ({"reported_on": day(9)}, 1),
        ({"received_on": day(12), "received_on_precision": "day", "reported_on": day(11)}, 1),
        ({"reported_on": day(9), "collected_on_precision": "month"}, 0),
    ],
)
def test_collected_then_received_then_reported(columns, n):
    assert n_found("DQ34", ctdna_sample=[sample(**columns)]) == n


@pytest.mark.parametrize(
    ("series", "rule", "n"), [(2, "ASSAY_CHANGED", 1), (2, "TRACKED_SET_CHANGED", 0), (1, "ASSAY_CHANGED", 0)]
)
def test_a_change_of_panel_is_said_at_its_first_sample(series, rule, n):
    first = level(1, series_no=1, series_rule="FIRST_SERIES", panel="v1")
    rows = [level(number, series_no=series, series_rule=rule, panel="v2") for number in (2, 3)]
    assert n_found("DQ38", ctdna_level=[first, *rows]) == n


@pytest.mark.parametrize(
    ("observed", "later", "n"),
    [
        (38, [], 0),
        (39, [], 1),
        (90, [level(4, status="pending")], 0),
        (90, [level(4, status="not_done")], 1),
        (90, [level(4, status="failed")], 1),
    ],
)
def test_a_failed_sample_has_four_weeks_for_the_redraw(observed, later, n):
    patient = [{"observed_until": day(observed)}]
    assert n_found("DQ39", patient=patient, ctdna_level=[level(1, status="failed"), *later]) == n


def test_of_failed_samples_in_a_row_only_the_last_has_no_later_draw():
    """The message says so of each, and a redraw that failed too is a later draw."""
    rows = [level(number, status="failed") for number in (1, 2, 3)]
    patient = [{"observed_until": day(90)}]
    assert found("DQ39", patient=patient, ctdna_level=rows) == ["2024-01-31"]


def test_a_redraw_of_the_same_day_replaces_the_failed_sample():
    again = {"sample_id": "again", "source_key": "again"}
    rows = [level(2, status="failed"), {**level(2, status="detected"), **again}]
    assert found("DQ39", patient=[{"observed_until": day(90)}], ctdna_level=rows) == []


def test_an_earlier_draw_is_no_redraw():
    patient = [{"observed_until": day(90)}]
    rows = [level(1, status="detected"), level(2, status="failed")]
    assert found("DQ39", patient=patient, ctdna_level=rows) == ["2024-01-21"]


@pytest.mark.parametrize(
    ("rule", "timing", "n"),
    [
        ("BASELINE_FIRST_VALID", "ON_TREATMENT", 1),
        ("BASELINE_FIRST_VALID", "OFF_TREATMENT", 0),
        ("BASELINE_PRE_TREATMENT", "PRE_TREATMENT", 0),
    ],
)
def test_a_first_sample_on_treatment_is_no_true_baseline(rule, timing, n):
    row = level(is_baseline=True, baseline_rule=rule, draw_timing=timing, day_of_line=8, line=1)
    assert n_found("DQ40", ctdna_level=[row]) == n


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"gene": "PIK3CA", "gene_as_written": "PI3KCA"}, ["PI3KCA read as PIK3CA"]),
        ({"gene": "PIK3CA", "gene_as_written": "pik3ca "}, []),
        ({"gene": "PIK3CA"}, []),
        ({"gene": "TP53"}, ["TP53 is not among the genes of K"]),
    ],
)
def test_a_gene_is_on_its_panel_and_under_its_own_name(columns, said):
    panel = [{"panel": "K", "gene": "PIK3CA", "alteration": "sequence"}]
    assert (
        found("DQ41", ctdna_sample=[sample()], variant=[variant(**columns)], definition_panel_gene=panel)
        == said
    )


def test_a_panel_without_a_list_of_genes_covers_any():
    assert n_found("DQ41", ctdna_sample=[sample()], variant=[variant()]) == 0


@pytest.mark.parametrize(
    ("columns", "filtered", "n"),
    [
        ({}, False, 1),
        ({"origin": "tumour"}, False, 0),
        ({"is_white_cell_matched": True}, False, 0),
        ({"is_tracked": True}, False, 0),
        ({"status": "not_detected"}, False, 0),
        ({"gene": "KRAS"}, False, 0),
        ({}, True, 0),
    ],
)
def test_a_gene_of_clonal_haematopoiesis_without_origin_is_said(columns, filtered, n):
    tables = {
        "ctdna_sample": [sample()],
        "variant": [variant(**columns)],
        "chip_gene": [{"gene": "TP53"}],
        "assay_panel": [{"panel": "K", "is_white_cell_filtered": filtered}],
    }
    assert n_found("DQ42", **tables) == n


@pytest.mark.parametrize(
    ("fractions", "n"),
    [
        ((450_000, 550_000), 1),
        ((449_999, 500_000), 0),
        ((550_001, 500_000), 0),
        ((900_000, 990_000), 1),
        ((899_999, 990_000), 0),
        ((500_000, 990_000), 0),
        ((500_000,), 0),
    ],
)
def test_one_half_in_every_sample_looks_like_germline(fractions, n):
    places = range(1, len(fractions) + 1)
    rows = [variant(place, maf_ppm=ppm) for place, ppm in zip(places, fractions, strict=True)]
    samples = [sample(place) for place in places]
    assert n_found("DQ43", ctdna_sample=samples, variant=rows) == n
    germline = [{**row, "origin": "germline"} for row in rows]
    assert n_found("DQ43", ctdna_sample=samples, variant=germline) == 0


def test_one_laboratory_identifier_is_one_sample():
    one, other = sample(1, laboratory_id="LAB-1"), sample(2, laboratory_id="LAB-1", patient_id="P2")
    assert found("DQ71", ctdna_sample=[one, other]) == ["LAB-1", "LAB-1"]
    assert n_found("DQ71", ctdna_sample=[one, {**other, "laboratory_id": "LAB-2"}]) == 0
    assert n_found("DQ71", ctdna_sample=[sample(1), sample(2)]) == 0


@pytest.mark.parametrize(("panel", "n"), [("K", 1), ("L", 0)])
def test_a_sample_not_detected_beside_a_detected_one_of_its_panel_is_found(panel, n):
    clear = {
        "sample_id": "S1",
        "source_table": "ctdna_sample",
        "source_key": "S1",
        "collected_on": day(0),
        "status": "not_detected",
        "assay": "K",
        "panel": "K",
        "is_outweighed": True,
    }
    other = {"sample_id": "S2", "source_key": "S2", "status": "detected", "is_outweighed": False}
    assert n_found("DQ35", ctdna_level=[clear, {**clear, **other, "panel": panel}]) == n
