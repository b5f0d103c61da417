"""Alterations by gene: how many of the assessable have one, what is new at progression, copy number."""

import pandas as pd

from dashboard.charts.prevalence import PrevalenceOptions, prevalence_chart
from dashboard.figures.biomarkers.request import (
    BiomarkerRequest,
    ask,
    biomarkers_sql,
    cells_of,
    footer_words,
    kinds_of_assay,
)
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.stats import proportion_interval
from dashboard.store.reader import Reader
from dashboard.studies.vocabulary import WORDS
from dashboard.tables.biomarkers import (
    MOMENTS,
    chip_words,
    copy_number_table,
    emergence_table,
    first_gene_words,
    other_origin_table,
    other_origin_words,
    pair_words,
    prevalence_table,
    standing_words,
    tissue_table,
)
from dashboard.tables.biomarkers_counts import COPY_NUMBER, SEQUENCE, emergence_counts, prevalence_counts

TUMOUR_INFORMED = ("tumour_informed",)
NOT_ASSESSABLE = f"{WORDS['tumour_informed']} New variants: not assessable."
FOLLOWED = (
    "The assay follows variants of each patient's tumour: a gene counts where one of its variants is "
    "followed, so the numbers do not say how common an alteration is."
)
CHIP_APART = (
    "Possible clonal haematopoiesis and what the laboratory states to come from elsewhere is counted apart."
)
CHIP_COUNTED = "Possible clonal haematopoiesis is counted as an alteration of the tumour here."
CHIP_IN = "possible clonal haematopoiesis counted"
CHIP_OUT = "possible clonal haematopoiesis not counted"
PREVALENCE_METHOD = (
    "Assessable for a gene: patients with a valid sample whose assay covers the gene. Baseline: the last "
    "valid sample before treatment; a first draw on treatment only where chosen. At progression: the "
    "valid sample nearest to the progression on the line, from {draw_from} to {draw_to} it and "
    "before the next line. Any draw: detected in at least one valid sample. Not detected in a "
    "sample without any ctDNA stands apart, with a fixed panel outside the denominator: an alteration "
    "cannot be excluded there. Intervals: exact (Clopper–Pearson), given from {counts_only_below} patients "
    "with ctDNA on."
)
EMERGENCE_METHOD = (
    "Pairs of samples per patient on one line: the baseline at latest {baseline_to} the start of the line, "
    "the other from {draw_from} to {draw_to} the progression and before the next line. Assessable "
    "for a gene: covered by both samples, ctDNA detected in the sample at progression. New: covered and not "
    "detected at baseline, detected at progression; a patient with a new variant counts as new also where "
    "another variant of the gene is still detected. Intervals: exact (Clopper–Pearson), given from "
    "{counts_only_below} assessable patients on."
)
COPY_NUMBER_METHOD = (
    "Copy number is never mixed with allele fractions. Assessed: valid sample whose assay looks for copy "
    "number of the gene. At a low ctDNA level an amplification may be missed."
)


@registered("biomarkers_prevalence", writes_rows=True, key=("gene",))
def biomarkers_prevalence(reader: Reader, request: BiomarkerRequest) -> Figure:
    """Sequence alterations by gene at the moment, the most frequent first; `rows` are the numbers."""
    cells = cells_of(reader, request)
    is_followed = kinds_of_assay(reader) == TUMOUR_INFORMED
    counts = prevalence_counts(cells, alteration=SEQUENCE, counts_possible_chip=request.counts_possible_chip)
    rows = in_order(
        with_shares(counts, "n_detected", of="n_with_ctdna"), request=request, is_followed=is_followed
    )
    rows = _without_set_aside(rows)
    return Figure(
        rows=rows,
        spec=_prevalence_drawing(rows, request, is_followed=is_followed),
        table=prevalence_table(rows, counts_only_below=request.counts_only_below, is_followed=is_followed),
        caption=_said(
            standing_words(cells),
            first_gene_words(rows, counts_only_below=request.counts_only_below) if not is_followed else "",
            FOLLOWED if is_followed else _chip_words(request, rows),
            "" if request.counts_possible_chip else other_origin_words(cells),
            _not_drawn_words(rows, request, is_followed=is_followed),
        ),
        method=PREVALENCE_METHOD.format(counts_only_below=request.counts_only_below, **request.days),
        footer=where_words(footer_words(reader, request), request, says_chip=not is_followed),
        alt=f"{len(rows)} genes by how often altered {MOMENTS[request.moment]}. Every number has a table.",
    )


def with_shares(counts: pd.DataFrame, column: str, *, of: str) -> pd.DataFrame:
    """The counts with share, lower and upper: `column` of the column `of`, exact interval, as fractions."""
    found = [proportion_interval(int(k), int(n)) for k, n in zip(counts[column], counts[of], strict=True)]
    return counts.assign(
        share=pd.Series([one.estimate for one in found], dtype=float),
        lower=pd.Series([one.lower for one in found], dtype=float),
        upper=pd.Series([one.upper for one in found], dtype=float),
    )


def _without_set_aside(rows: pd.DataFrame) -> pd.DataFrame:
    """No share of a gene in which only what is set aside is found: 0 % would be read as never altered."""
    is_set_aside = (rows["n_detected"] == 0) & (rows["n_possible_chip_only"] > 0)
    limits = ["share", "lower", "upper"]
    return rows.assign(**{name: rows[name].mask(is_set_aside) for name in limits})


def in_order(rows: pd.DataFrame, *, request: BiomarkerRequest, is_followed: bool) -> pd.DataFrame:
    """By frequency: genes with enough patients with ctDNA by their share, behind them the others by count."""
    is_large = (rows["n_with_ctdna"] >= request.counts_only_below) & (not is_followed)
    keys = rows.assign(is_large=is_large, key=rows["share"].where(is_large, rows["n_detected"]))
    ordered = keys.sort_values(
        ["is_large", "key", "n_assessable", "gene"], ascending=[False, False, False, True], kind="stable"
    )
    return ordered.drop(columns=["is_large", "key"]).reset_index(drop=True)


def _prevalence_drawing(
    rows: pd.DataFrame, request: BiomarkerRequest, *, is_followed: bool
) -> dict[str, object]:
    """Shares with intervals, or counts where shares would say nothing; empty where nothing is detected."""
    altered, is_share = _drawn(rows, request, is_followed=is_followed)
    # Named without a bar: a gene left out would look as if nothing had been found in it.
    uncounted = rows[(rows["n_detected"] == 0) & (rows["n_possible_chip_only"] > 0)]
    shown = pd.concat([altered, uncounted.sort_values("n_possible_chip_only", ascending=False)])
    options = PrevalenceOptions(theme=request.theme, is_share=is_share, is_followed=is_followed)
    return prevalence_chart(shown, options=options) if len(altered) else {}


def _drawn(rows: pd.DataFrame, request: BiomarkerRequest, *, is_followed: bool) -> tuple[pd.DataFrame, bool]:
    """The genes with a bar, and whether it is a share."""
    is_large = rows["n_with_ctdna"] >= request.counts_only_below
    is_share = not is_followed and bool(is_large.any())
    drawn = rows[is_large] if is_share else rows
    return drawn[drawn["n_detected"] > 0].head(request.n_genes), is_share


def _not_drawn_words(rows: pd.DataFrame, request: BiomarkerRequest, *, is_followed: bool) -> str:
    """How many altered genes have no bar; "" where all have one."""
    altered, _ = _drawn(rows, request, is_followed=is_followed)
    n = int((rows["n_detected"] > 0).sum()) - len(altered)
    is_one = n == 1
    return f"{n} more altered {'gene is' if is_one else 'genes are'} in the table only." if n else ""


@registered("biomarkers_copy_number", writes_rows=True, key=("gene",))
def biomarkers_copy_number(reader: Reader, request: BiomarkerRequest) -> Figure:
    """Amplified, deleted or neither by gene at the moment, apart from allele fractions."""
    cells = cells_of(reader, request)
    counts = prevalence_counts(
        cells, alteration=COPY_NUMBER, counts_possible_chip=request.counts_possible_chip
    )
    rows = in_order(with_shares(counts, "n_detected", of="n_with_ctdna"), request=request, is_followed=False)
    return Figure(
        rows=rows,
        spec={},
        table=copy_number_table(rows),
        caption=standing_words(cells),
        method=COPY_NUMBER_METHOD,
        footer=where_words(footer_words(reader, request), request),
        alt=f"Copy number of {len(rows)} genes",
    )


@registered("biomarkers_emergence", writes_rows=True, key=("gene",))
def biomarkers_emergence(reader: Reader, request: BiomarkerRequest) -> Figure | None:
    """New, still and no longer detected by gene at progression: line and kind of alteration of the request.

    None where every assay is tumour-informed: it cannot show a new variant (clinical-decisions A35).
    """
    if kinds_of_assay(reader) == TUMOUR_INFORMED:
        return None
    pairs = ask(reader, request, "pair", line=request.line)
    counts = emergence_counts(
        pairs, alteration=request.alteration, counts_possible_chip=request.counts_possible_chip
    )
    rows = with_shares(counts, "n_new", of="n_assessable").sort_values(
        ["n_new", "n_still", "n_no_longer", "n_assessable", "gene"],
        ascending=[False, False, False, False, True],
        ignore_index=True,
    )
    return Figure(
        rows=rows,
        spec={},
        table=emergence_table(rows, counts_only_below=request.counts_only_below),
        caption=_said(
            pair_words(pairs, line=request.line), CHIP_COUNTED if request.counts_possible_chip else CHIP_APART
        ),
        method=EMERGENCE_METHOD.format(counts_only_below=request.counts_only_below, **request.days),
        footer=" · ".join(
            (footer_words(reader, request), f"progression on line {request.line}", _chip_note(request))
        ),
        alt=f"What changed in {len(rows)} genes between baseline and progression on line {request.line}",
    )


@registered("biomarkers_tissue", writes_rows=True, key=("test", "result"))
def biomarkers_tissue(reader: Reader, request: BiomarkerRequest) -> Figure:
    """Results of tests of tissue: their own table, never added to ctDNA."""
    rows = ask(reader, request, "tissue")
    n_cohort = cells_of(reader, request)["patient_id"].nunique()
    return Figure(
        rows=rows,
        spec={},
        table=tissue_table(rows, n_cohort=n_cohort, counts_only_below=request.counts_only_below),
        caption="Tests of tissue, the last specimen of each patient; never added to ctDNA.",
        method="Results as the pathology report gives them. Of tested: patients with a result of this test.",
        footer=footer_words(reader, request),
        alt="Results of tests of tissue",
    )


@registered("biomarkers_other_origin")
def biomarkers_other_origin(reader: Reader, request: BiomarkerRequest) -> Figure:
    """Detected variants that may not come from the tumour, by gene and reason (clinical-decisions A45).

    `rows` has one row per variant with its patient: only for who may open patients.
    """
    found = request.cohort.narrow(biomarkers_sql("other_origin"))
    records = reader.records(found.sql, found.values)
    return Figure(
        rows=pd.DataFrame(records),
        spec={},
        table=other_origin_table(records),
        caption="Variants detected in any valid sample; a possibility with its reason, not a diagnosis.",
        method="Tumour-informed assays with white-cell filter have no such flag.",
        footer=footer_words(reader, request),
        alt="Variants that may not come from the tumour",
    )


def _chip_words(request: BiomarkerRequest, rows: pd.DataFrame) -> str:
    return CHIP_COUNTED if request.counts_possible_chip else chip_words(rows)


def sample_words(request: BiomarkerRequest) -> str:
    """Which samples are counted, for foot and name of a file: at baseline, at progression on line 2."""
    line = f" on line {request.line}" if request.moment == "PROGRESSION" else ""
    first = ", first draws on treatment included" if request.with_on_treatment else ""
    return f"{MOMENTS[request.moment]}{line}{first}"


def where_words(footer: str, request: BiomarkerRequest, *, says_chip: bool = True) -> str:
    """The footer with the moment, and with what is counted; a tumour-informed assay flags nothing (A45)."""
    where = f"{footer} · ctDNA {sample_words(request)}"
    return f"{where} · {_chip_note(request)}" if says_chip else where


def _chip_note(request: BiomarkerRequest) -> str:
    """What every file says of possible clonal haematopoiesis: the same gene has two numbers."""
    return CHIP_IN if request.counts_possible_chip else CHIP_OUT


def _said(*parts: str) -> str:
    return " ".join(part for part in parts if part)
