"""Biomarkers of twelve patients: every denominator can be counted by hand (tests/biomarker_study.py)."""

from dataclasses import replace

import pytest
from scipy.stats import binomtest

from dashboard.figures.biomarkers import outcome as outcome_figure
from dashboard.figures.biomarkers.genes import (
    biomarkers_copy_number,
    biomarkers_emergence,
    biomarkers_other_origin,
    biomarkers_prevalence,
    biomarkers_tissue,
)
from dashboard.figures.biomarkers.map import GeneMapRequest, biomarkers_map
from dashboard.figures.biomarkers.outcome import (
    OutcomeRequest,
    biomarkers_outcome,
    outcome_rows,
    primary_endpoint,
)
from dashboard.figures.biomarkers.request import BiomarkerRequest, cells_of, has_biomarkers
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.stats import Guards
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.biomarkers import other_origin_patients, other_origin_words
from tests.biomarker_study import biomarker_snapshot, biomarker_study_folder

REQUEST = BiomarkerRequest(cohort=Cohort(), baseline_to_day=28, draw_from_day=-14, draw_to_day=30)
PARTS = ("n_detected", "n_no_ctdna", "n_not_detected", "n_possible_chip_only", "n_other_origin_only")


@pytest.fixture(scope="module")
def reader():
    return Reader(biomarker_snapshot())


def row(figure, gene):
    return figure.rows.set_index("gene").loc[gene]


def of_gene(figure, gene, *names):
    return tuple(int(row(figure, gene)[name]) for name in names)


def test_every_patient_of_the_cohort_stands_somewhere(reader):
    cells = cells_of(reader, REQUEST)
    standing = cells.drop_duplicates("patient_id").set_index("patient_id")["standing"]
    assert standing.value_counts().to_dict() == {"VALID": 9, "LATER_ONLY": 1, "NO_RESULT": 1, "NO_SAMPLE": 1}
    assert (standing["B08"], standing["B06"], standing["B07"]) == ("LATER_ONLY", "NO_RESULT", "NO_SAMPLE")
    assert biomarkers_prevalence(reader, REQUEST).caption.startswith(
        "12 patients: 9 with a valid sample, 1 whose"
    )


def test_the_methods_name_the_days_of_the_study(reader):
    asked = replace(REQUEST, baseline_to_day=1, draw_from_day=-21, draw_to_day=0)
    assert "from 14 days before to 30 days after it and" in biomarkers_prevalence(reader, REQUEST).method
    assert "from 21 days before to the day of it and" in biomarkers_prevalence(reader, asked).method
    (usual, other) = (biomarkers_emergence(reader, one).method for one in (REQUEST, asked))
    assert "at latest 28 days after the start of the line, the other from 14 days before to 30" in usual
    assert "at latest 1 day after the start of the line, the other from 21 days before to the day" in other


def test_a_gene_covered_by_both_panels_is_assessable_in_every_valid_sample(reader):
    figure = biomarkers_prevalence(reader, REQUEST)
    assert of_gene(figure, "PIK3CA", "n_assessable", "n_not_covered", *PARTS) == (9, 0, 3, 2, 4, 0, 0)
    assert of_gene(figure, "ESR1", "n_assessable", *PARTS) == (9, 1, 2, 6, 0, 0)


def test_a_gene_of_one_panel_has_the_denominator_of_that_panel(reader):
    figure = biomarkers_prevalence(reader, REQUEST)
    assert of_gene(figure, "BRCA1", "n_assessable", "n_not_covered", "n_not_detected") == (1, 8, 1)


def test_a_variant_outside_the_covered_genes_is_no_numerator(reader):
    figure = biomarkers_prevalence(reader, REQUEST)
    names = ("n_assessable", "n_detected", "n_not_covered", "n_found_not_covered")
    assert of_gene(figure, "PTEN", *names) == (0, 0, 9, 1)


def test_possible_clonal_haematopoiesis_is_apart_until_it_is_counted(reader):
    names = ("n_assessable", "n_detected", "n_possible_chip_only")
    assert of_gene(biomarkers_prevalence(reader, REQUEST), "TP53", *names) == (1, 0, 1)
    counted = replace(REQUEST, counts_possible_chip=True)
    assert of_gene(biomarkers_prevalence(reader, counted), "TP53", *names) == (1, 1, 0)
    assert "TP53 in 1" in biomarkers_prevalence(reader, REQUEST).caption


def test_a_file_says_whether_possible_clonal_haematopoiesis_is_counted_and_gives_no_share_where_it_is_not(
    reader,
):
    """Of TP53 only what is set aside is found: 0 % would say that nobody has it."""
    shares = ("share", "lower", "upper")
    apart = biomarkers_prevalence(reader, REQUEST)
    together = biomarkers_prevalence(reader, replace(REQUEST, counts_possible_chip=True))
    row = apart.rows.set_index("gene").loc["TP53", list(shares)]
    assert row.isna().all()
    assert together.rows.set_index("gene").loc["TP53", "share"] == 1
    assert "clonal haematopoiesis not counted" in apart.csv().splitlines()[0]
    assert "clonal haematopoiesis counted" in together.csv().splitlines()[0]


def test_the_head_of_the_map_says_which_samples_and_patients_it_has(reader):
    asked = GeneMapRequest(biomarkers=replace(REQUEST, moment="ANY"), shows_patients=True)
    head = biomarkers_map(reader, asked).csv().splitlines()[0]
    assert head.endswith("· ctDNA at baseline · possible clonal haematopoiesis not counted")
    more = replace(REQUEST, with_on_treatment=True, counts_possible_chip=True)
    head = biomarkers_map(reader, replace(asked, biomarkers=more, with_unsampled=True)).csv().splitlines()[0]
    assert head.endswith(
        "· ctDNA at baseline, first draws on treatment included · possible clonal haematopoiesis counted "
        "· patients without a sample included"
    )


def test_ctdna_by_possible_clonal_haematopoiesis_alone_is_named_in_the_denominator(reader):
    """Of the nine with a valid sample seven have ctDNA, B05 by TP53 alone."""
    said = "In 1 of the 7 with ctDNA it is possible clonal haematopoiesis or germline alone"
    assert said in biomarkers_prevalence(reader, REQUEST).caption
    assert said not in biomarkers_prevalence(reader, replace(REQUEST, counts_possible_chip=True)).caption
    cells = cells_of(reader, REQUEST)
    assert other_origin_words(cells.assign(is_by_other_origin=False)) == ""


def test_the_parts_of_every_gene_add_up(reader):
    for moment in ("BASELINE", "PROGRESSION", "ANY"):
        rows = biomarkers_prevalence(reader, replace(REQUEST, moment=moment)).rows
        assert (rows[list(PARTS)].sum(axis=1) == rows["n_assessable"]).all()
        assert (rows["n_assessable"] + rows["n_not_covered"] == rows["n_valid"]).all()


def test_a_first_draw_on_treatment_is_a_baseline_only_where_chosen(reader):
    figure = biomarkers_prevalence(reader, replace(REQUEST, with_on_treatment=True))
    assert of_gene(figure, "ESR1", "n_assessable", "n_detected") == (10, 2)
    assert "first draws on treatment included" in figure.footer


def test_at_progression_and_in_any_draw_other_samples_count(reader):
    at_progression = biomarkers_prevalence(reader, replace(REQUEST, moment="PROGRESSION"))
    # B01, B02, B03, B04, B05, B08 and B11 have a valid sample; ESR1 is found in B01, B02 and B08.
    assert of_gene(at_progression, "ESR1", "n_assessable", "n_detected", "n_no_ctdna") == (7, 3, 1)
    assert of_gene(at_progression, "ESR1", "n_several") == (1,)
    any_draw = biomarkers_prevalence(reader, replace(REQUEST, moment="ANY"))
    assert of_gene(any_draw, "ESR1", "n_assessable", "n_detected", "n_no_ctdna") == (10, 4, 1)


def test_the_interval_is_exact_and_withheld_below_the_limit(reader):
    figure = biomarkers_prevalence(reader, replace(REQUEST, counts_only_below=7))
    # Nine assessable, two of them without any ctDNA in the sample.
    exact = binomtest(3, 7).proportion_ci(0.95)
    found = row(figure, "PIK3CA")
    assert (found["lower"], found["upper"]) == pytest.approx((exact.low, exact.high), abs=1e-12)
    shown = figure.table.set_index("Gene")["Share (95 % CI)"]
    assert shown["PIK3CA"] == "43 % (10–82)"
    hidden = biomarkers_prevalence(reader, replace(REQUEST, counts_only_below=8)).table
    assert hidden.set_index("Gene")["Share (95 % CI)"]["PIK3CA"] == "–"


def test_samples_without_ctdna_are_apart_in_table_sentence_and_map(reader):
    figure = biomarkers_prevalence(reader, REQUEST)
    shown = figure.table.set_index("Gene").loc["PIK3CA"]
    assert (shown["Detected"], shown["Assessable, no ctDNA in the sample"]) == ("3 of 7", 2)
    words = "PIK3CA: 3 of 7 with ctDNA in the sample; 2 further assessable samples held no ctDNA."
    assert words in figure.caption
    assert "3 of 7 with ctDNA in the sample (43 %);" in (
        biomarkers_prevalence(reader, replace(REQUEST, counts_only_below=7)).caption
    )
    assert "3 of 7" in str(map_of(reader).spec)


def test_a_gene_with_possible_clonal_haematopoiesis_alone_is_never_0_of_n(reader):
    figure = biomarkers_prevalence(reader, REQUEST)
    words = "1 of 1, all possible clonal haematopoiesis, not counted"
    assert figure.table.set_index("Gene").loc["TP53", "Detected"] == words
    bars = {one["gene"]: one for one in figure.spec["data"]["values"]}
    assert (bars["TP53"]["words"], bars["TP53"]["shown"]) == (words, 0)
    drawn = map_of(reader)
    assert "In brackets (TP53): all of possible other origin, not counted." in drawn.caption
    assert drawn.caption.endswith(drawn.spec["title"]["text"])
    assert "(1) of 1" in str(drawn.spec)


def test_genes_stand_by_frequency(reader):
    assert list(biomarkers_prevalence(reader, REQUEST).rows["gene"])[:2] == ["PIK3CA", "ESR1"]


@pytest.mark.parametrize(
    ("n_genes", "said"),
    [
        (2, ""),
        (1, "1 more altered gene is in the table only."),
        (0, "2 more altered genes are in the table only."),
    ],
)
def test_altered_genes_without_a_bar_are_counted(reader, n_genes, said):
    figure = biomarkers_prevalence(reader, replace(REQUEST, n_genes=n_genes))
    assert int((figure.rows["n_detected"] > 0).sum()) == 2
    assert figure.caption.endswith(said)
    assert ("in the table only" in figure.caption) is bool(said)


def test_copy_number_has_its_own_denominator_and_no_allele_fraction(reader):
    figure = biomarkers_copy_number(reader, REQUEST)
    shown = figure.table.set_index("Gene").loc["FGFR1"]
    assert (shown["Amplified"], shown["Of assessed with ctDNA"], shown["Not assessed"]) == (1, 6, 1)
    assert (shown["Copy number"], shown["Assessed, no ctDNA in the sample"]) == ("CN 6.2", 2)
    assert "FGFR1" not in set(biomarkers_prevalence(reader, REQUEST).rows["gene"])


def test_new_since_baseline_counts_assessable_pairs_only(reader):
    figure = biomarkers_emergence(reader, REQUEST)
    names = ("n_progressed", "n_assessable", "n_new", "n_several_new", "n_still", "n_no_longer", "n_neither")
    assert of_gene(figure, "ESR1", *names) == (10, 5, 2, 1, 0, 1, 2)
    assert of_gene(figure, "PIK3CA", *names) == (10, 5, 1, 0, 2, 0, 2)
    assert row(figure, "ESR1")["new_variants"] == "p.D538G (2), p.Y537S (1)"


def test_a_gene_covered_once_only_and_an_empty_sample_are_not_in_the_denominator(reader):
    figure = biomarkers_emergence(reader, REQUEST)
    names = ("n_assessable", "n_not_covered", "n_no_ctdna", "n_not_assessable")
    assert of_gene(figure, "BRCA1", *names) == (1, 4, 1, 4)
    assert "1 no ctDNA at progression: cannot exclude" in figure.caption


def test_the_classes_at_progression_add_up_for_every_gene(reader):
    rows = biomarkers_emergence(reader, REQUEST).rows
    inside = ["n_new", "n_still", "n_no_longer", "n_seen_before", "n_other_origin_only", "n_neither"]
    outside = ["n_not_covered", "n_no_ctdna", "n_not_assessable"]
    assert (rows[inside].sum(axis=1) == rows["n_assessable"]).all()
    assert (rows["n_assessable"] + rows[outside].sum(axis=1) == rows["n_progressed"]).all()


def test_possible_clonal_haematopoiesis_at_both_is_still_detected_only_where_counted(reader):
    names = ("n_still", "n_other_origin_only")
    assert of_gene(biomarkers_emergence(reader, REQUEST), "TP53", *names) == (0, 1)
    counted = replace(REQUEST, counts_possible_chip=True)
    assert of_gene(biomarkers_emergence(reader, counted), "TP53", *names) == (1, 0)


def test_copy_number_is_new_in_its_own_table(reader):
    assert "FGFR1" not in set(biomarkers_emergence(reader, REQUEST).rows["gene"])
    copies = biomarkers_emergence(reader, replace(REQUEST, alteration="copy_number"))
    assert of_gene(copies, "FGFR1", "n_new", "n_assessable", "n_not_covered") == (0, 3, 2)


def test_of_several_specimens_the_last_one_counts(reader):
    figure = biomarkers_tissue(reader, REQUEST)
    assert figure.table.iloc[0].tolist() == ["ER", "positive", "2", "2", "10"]


def test_a_variant_of_possible_other_origin_has_its_reason(reader):
    figure = biomarkers_other_origin(reader, REQUEST)
    assert figure.table.to_dict("records") == [
        {
            "Gene": "TP53",
            "Why": "by its gene alone (of the list), no matched white-cell result",
            "Variants": 1,
            "Patients": 1,
        }
    ]
    listed = other_origin_patients(figure.rows.to_dict("records"))
    assert listed["Why"][0].startswith(
        "Possible clonal haematopoiesis (by its gene alone, TP53; no matched white-cell result"
    )


def map_of(reader, **more):
    return biomarkers_map(reader, GeneMapRequest(biomarkers=REQUEST, shows_patients=True, **more))


def test_the_map_is_sorted_by_gene_and_by_patient(reader):
    figure = map_of(reader)
    assert list(figure.table.columns) == ["Patient", "ctDNA", "PIK3CA", "ESR1", "FGFR1", "PTEN", "TP53"]
    order = ["B01", "B02", "B12", "B03", "B09", "B10", "B05", "B04", "B11"]
    assert list(figure.table["Patient"]) == order


def test_every_kind_of_cell_has_its_mark(reader):
    cells = map_of(reader, with_unsampled=True).rows.set_index(["patient", "gene"])
    assert cells.loc[("B01", "PIK3CA"), "marks"] == "SNV"
    assert cells.loc[("B12", "PIK3CA"), "marks"] == "OTHER"
    assert cells.loc[("B09", "FGFR1"), "marks"] == "COPY_NUMBER"
    assert cells.loc[("B05", "TP53"), "marks"] == "POSSIBLE_CHIP"
    assert cells.loc[("B03", "PIK3CA"), ["ground", "marks", "words"]].tolist() == [
        "COVERED",
        "",
        "not detected",
    ]
    assert cells.loc[("B03", "TP53"), ["ground", "words"]].tolist() == ["NOT_COVERED", "not covered"]
    assert cells.loc[("B07", "ESR1"), ["ground", "words"]].tolist() == ["EMPTY", "without a sample"]
    assert cells.loc[("B04", "ESR1"), "words"] == "not detected, no ctDNA in the sample"
    assert cells.loc[("B09", "FGFR1"), "words"] == "amplification CN 6.2"


@pytest.mark.parametrize(
    ("kinds", "said", "of"),
    [
        (("fixed_panel",), "3 of 7", "held ctDNA"),
        # Two samples without ctDNA count where the assay follows known variants, as beside the bars by gene.
        (("tumour_informed",), "3 of 9", "with ctDNA in the sample or without"),
    ],
)
def test_behind_the_rows_of_the_map_stand_the_denominators_of_the_bars(reader, monkeypatch, kinds, said, of):
    for module in ("map", "genes"):
        monkeypatch.setattr(f"dashboard.figures.biomarkers.{module}.kinds_of_assay", lambda _reader: kinds)
    figure, bars = map_of(reader), biomarkers_prevalence(reader, REQUEST)
    assert said in str(figure.spec)
    assert of in figure.method
    assert bars.table.set_index("Gene").loc["PIK3CA", "Detected"] == said
    # An assay that follows known variants flags nothing as possible clonal haematopoiesis (A45).
    assert ("clonal haematopoiesis" in bars.footer) == (kinds == ("fixed_panel",))


def test_a_capped_map_says_what_it_leaves_out(reader):
    figure = map_of(reader, most_genes=2)
    assert list(figure.table.columns)[2:] == ["PIK3CA", "ESR1"]
    assert "3 genes altered in fewer patients are not drawn." in figure.caption


def test_a_map_without_names_names_nobody(reader):
    request = GeneMapRequest(biomarkers=REQUEST, shows_patients=False)
    figure = biomarkers_map(reader, request)
    assert list(figure.table["Patient"]) == [str(number) for number in range(1, 10)]
    assert "B0" not in str(figure.spec) + figure.rows.to_csv() + figure.code + figure.caption


@pytest.mark.parametrize(
    ("kinds", "is_said"), [(("tumour_informed",), True), (("panel", "tumour_informed"), False)]
)
def test_where_known_variants_are_followed_altered_is_hardly_more_than_ctdna_detected(
    reader, study, monkeypatch, kinds, is_said
):
    monkeypatch.setattr(outcome_figure, "kinds_of_assay", lambda _: kinds)
    said = biomarkers_outcome(reader, outcome(study)).caption
    assert ("mostly tells whether ctDNA was found, not what the gene does." in said) == is_said


def outcome(study, *, gene="PIK3CA", request=REQUEST, **guards):
    survival = SurvivalRequest(
        endpoint=primary_endpoint(study), guards=Guards(**guards), grace_days=28, stale_days=90
    )
    return OutcomeRequest(gene=gene, biomarkers=request, survival=survival)


@pytest.fixture(scope="module")
def study():
    biomarker_snapshot()
    return load_study(biomarker_study_folder())


def test_groups_of_the_outcome_are_never_mixed(reader, study):
    found = biomarkers_outcome(reader, outcome(study))
    assert found.spec == {}
    assert found.table.to_numpy().tolist() == [
        ["Altered", 3, 3],
        ["Not altered, ctDNA detected", 4, 3],
        ["No ctDNA in the sample", 2, 2],
        ["Not assessable", 3, 2],
    ]
    assert "Fewer than 30 patients are followed" in found.caption
    assert "Exploratory" in found.caption


def test_a_larger_analysis_has_a_curve_and_withholds_medians_of_few_events(reader, study):
    found = biomarkers_outcome(reader, outcome(study, small_analysis_below=12, dim_at_risk_min=1))
    assert found.spec["layer"]
    assert set(found.table["Median, months"]) == {"not estimable (2 events)", "not estimable (3 events)"}
    assert "p " not in found.table.to_csv()


def test_a_sample_drawn_after_joining_does_not_make_a_group(reader, study):
    later = replace(REQUEST, with_on_treatment=True)
    rows = outcome_rows(reader, outcome(study, gene="ESR1", request=later)).set_index("patient_id")
    # 1 Apr is day 82 of the line; 28 days of grace.
    assert rows.loc["B08", ["group", "why"]].tolist() == ["Not assessable", "DRAWN_LATER"]


def test_alterations_of_possible_other_origin_are_not_assessable(reader, study):
    rows = outcome_rows(reader, outcome(study, gene="TP53")).set_index("patient_id")
    assert rows.loc["B05", ["group", "why"]].tolist() == ["Not assessable", "POSSIBLE_CHIP"]
    assert rows.loc["B01", "why"] == "NOT_COVERED"


def test_a_cohort_and_a_site_narrow_everything(reader):
    cohort = replace(REQUEST, cohort=Cohort(site_ids=("01",)))
    site = Reader(biomarker_snapshot(), ("01",))
    for figure in (biomarkers_prevalence(reader, cohort), biomarkers_prevalence(site, REQUEST)):
        assert of_gene(figure, "PIK3CA", "n_cohort", "n_assessable", "n_detected") == (6, 5, 2)
    assert has_biomarkers(site)
