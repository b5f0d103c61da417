"""Which patient has an alteration in which gene at baseline: the patient by gene map and its table twin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.charts.gene_map import GeneMapOptions, gene_map_chart
from dashboard.figures.biomarkers.genes import TUMOUR_INFORMED, where_words
from dashboard.figures.biomarkers.request import BiomarkerRequest, cells_of, footer_words, kinds_of_assay
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.biomarkers import standing_words
from dashboard.tables.biomarkers_map import CTDNA_ROW, POSSIBLE, GeneMap, gene_map, map_table
from dashboard.tables.formats import format_count

METHOD = (
    "One column per patient with a valid sample, one row per gene altered in at least one of them, the most "
    "frequent first, at most {most}. Patients are sorted by their altered genes from the top. SNV: one base "
    "exchanged. Copy number is never mixed with allele fractions. A patient with several alterations of a "
    "gene has several marks in the cell. Possible other origin: possible clonal haematopoiesis, or stated by "
    "the laboratory to come from elsewhere; not counted behind the row. Behind each row: altered of {of}; "
    "behind the first, ctDNA of valid samples."
)


# As beside the bars by gene: where an assay follows known variants, one is found whenever there is ctDNA.
OF_WITH_CTDNA = "the assessable patients drawn whose sample held ctDNA"
UNSAMPLED = " · patients without a sample included"
OF_FOLLOWED = "all patients drawn in whom the assay follows the gene, with ctDNA in the sample or without"


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
    is_followed = kinds_of_assay(reader) == TUMOUR_INFORMED
    genes, counts = (CTDNA_ROW, *found.genes), _counts(found, is_followed=is_followed)
    note = _possible_only(counts, genes)
    options = GeneMapOptions(
        genes=genes,
        n_patients=len(found.patients),
        counts=counts,
        note=note,
        theme=base.theme,
    )
    n_sampled = int((cells.drop_duplicates("patient_id")["standing"] == "VALID").sum())
    return Figure(
        rows=found.cells.assign(marks=found.cells["marks"].map(" + ".join)),
        spec=gene_map_chart(found.cells, options=options),
        table=map_table(found),
        caption=" ".join(part for part in (standing_words(cells), _left_out(found), note) if part),
        method=METHOD.format(most=request.most_genes, of=OF_FOLLOWED if is_followed else OF_WITH_CTDNA),
        footer=where_words(footer_words(reader, base), base, says_chip=not is_followed)
        + (UNSAMPLED if request.with_unsampled else ""),
        alt=f"{len(found.genes)} genes in {n_sampled} patients with a valid sample at baseline.",
    )


def _numbered(found: GeneMap) -> GeneMap:
    """The same without names: patients by their place."""
    return replace(
        found,
        cells=found.cells.assign(patient=[str(place + 1) for place in found.cells["place"]]),
        patients=tuple(str(place + 1) for place in range(len(found.patients))),
    )


def _counts(found: GeneMap, *, is_followed: bool) -> tuple[str, ...]:
    """Altered of those with ctDNA for each row, of all followed where the assay follows known variants.

    The first row counts ctDNA in valid samples.
    """
    cells = found.cells
    is_first, marks = cells["gene"] == CTDNA_ROW, cells["marks"]
    with_ctdna = set(cells.loc[is_first & marks.map(bool), "place"])
    flags = pd.DataFrame(
        {
            "gene": cells["gene"],
            "n": (cells["ground"] == "COVERED")
            & (is_followed | is_first | cells["place"].isin(with_ctdna) | marks.map(bool)),
            "altered": marks.map(lambda own: bool(set(own) - {POSSIBLE})),
            "possible": marks.map(lambda own: set(own) == {POSSIBLE}),
        }
    )
    for name in ("altered", "possible"):
        flags[name] &= flags["n"]
    sums: pd.DataFrame = flags.groupby("gene")[["n", "altered", "possible"]].sum()
    counted = {str(row["gene"]): _count_words(row) for row in sums.reset_index().to_dict("records")}
    return tuple(counted[gene] for gene in (CTDNA_ROW, *found.genes))


def _count_words(sums: Mapping[Any, Any]) -> str:
    """26 of 62; where all that was found may come from elsewhere, that number and a mark for the note."""
    if not sums["altered"] and sums["possible"]:
        return f"({sums['possible']}) of {sums['n']}"
    return f"{sums['altered']} of {sums['n']}"


def _possible_only(counts: tuple[str, ...], genes: tuple[str, ...]) -> str:
    """The note on rows whose number stands in brackets."""
    named = [gene for gene, count in zip(genes, counts, strict=True) if count.startswith("(")]
    if not named:
        return ""
    return f"In brackets ({', '.join(named)}): all of possible other origin, not counted."


def _left_out(found: GeneMap) -> str:
    n = found.n_genes_left_out
    are = "is" if n == 1 else "are"
    return f"{format_count(n, 'gene')} altered in fewer patients {are} not drawn." if n else ""
