"""Which patient has an alteration in which gene at baseline: the patient by gene map and its table twin."""

from dataclasses import dataclass, replace

import pandas as pd

from dashboard.charts.gene_map import GeneMapOptions, gene_map_chart
from dashboard.figures.biomarkers_request import BiomarkerRequest, cells_of, origin
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.biomarkers import standing_words
from dashboard.tables.biomarkers_map import CTDNA_ROW, POSSIBLE, GeneMap, gene_map, map_table

METHOD = (
    "One column per patient with a valid sample, one row per gene altered in at least one of them, the most "
    "frequent first, at most {most}. Patients are sorted by their altered genes from the top. SNV: one base "
    "exchanged. Copy number is never mixed with allele fractions. A patient with several alterations of a "
    "gene has several marks in the cell. Possible other origin: possible clonal haematopoiesis, or stated by "
    "the laboratory to come from elsewhere; not counted behind the row. Behind each row: altered of "
    "assessable patients drawn."
)


@dataclass(frozen=True, kw_only=True)
class GeneMapRequest:
    """`shows_patients`: patients may be named; else they are numbered in the order of the drawing."""

    biomarkers: BiomarkerRequest
    shows_patients: bool
    with_unsampled: bool = False
    most_genes: int = 20


@registered("biomarkers_map", writes_rows=True, key=("place", "gene"))
def biomarkers_map(reader: Reader, request: GeneMapRequest) -> Figure | None:
    """The map at baseline; `rows` has one row per patient and gene. None where nothing is altered."""
    base = replace(request.biomarkers, moment="BASELINE")
    cells = cells_of(reader, base)
    found = gene_map(
        cells,
        n_genes=request.most_genes,
        counts_possible_chip=base.counts_possible_chip,
        with_unsampled=request.with_unsampled,
    )
    if not found.genes:
        return None
    if not request.shows_patients:
        found = _numbered(found)
    options = GeneMapOptions(
        genes=(CTDNA_ROW, *found.genes),
        n_patients=len(found.patients),
        counts=_counts(found),
        theme=base.theme,
    )
    footer, code = origin(reader, base, "cell", **base.values)
    n_sampled = int((cells.drop_duplicates("patient_id")["standing"] == "VALID").sum())
    return Figure(
        rows=found.cells.assign(marks=found.cells["marks"].map(" + ".join)),
        spec=gene_map_chart(found.cells, options=options),
        table=map_table(found),
        caption=f"{standing_words(cells)} {_left_out(found)}".strip(),
        method=METHOD.format(most=request.most_genes),
        footer=f"{footer} · ctDNA at baseline",
        code=code if request.shows_patients else "",
        alt=f"{len(found.genes)} genes in {n_sampled} patients with a valid sample at baseline.",
    )


def _numbered(found: GeneMap) -> GeneMap:
    """The same without names: patients by their place."""
    return replace(
        found,
        cells=found.cells.assign(patient=[str(place + 1) for place in found.cells["place"]]),
        patients=tuple(str(place + 1) for place in range(len(found.patients))),
    )


def _counts(found: GeneMap) -> tuple[str, ...]:
    """Altered of assessable for each row; the first row counts ctDNA in valid samples."""
    cells = found.cells.assign(
        is_assessable=found.cells["ground"] == "COVERED",
        is_altered=found.cells["marks"].map(lambda marks: bool(set(marks) - {POSSIBLE})),
    )
    both = cells.assign(is_altered=cells["is_altered"] & cells["is_assessable"])
    sums: pd.DataFrame = both.groupby("gene")[["is_altered", "is_assessable"]].sum()
    counts = {str(row.Index): f"{row.is_altered} of {row.is_assessable}" for row in sums.itertuples()}
    return tuple(counts[gene] for gene in (CTDNA_ROW, *found.genes))


def _left_out(found: GeneMap) -> str:
    n = found.n_genes_left_out
    return f"{n} genes altered in fewer patients are not drawn." if n else ""
