"""The patient by gene map as rows: which mark each patient has in each gene, patients and genes in order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.tables.biomarkers import STANDING_WORDS
from dashboard.tables.biomarkers_counts import COPY_NUMBER
from dashboard.tables.formats import NOTHING, format_ppm

CTDNA_ROW = "ctDNA"
SNV, OTHER, COPIES, POSSIBLE, CTDNA = "SNV", "OTHER", "COPY_NUMBER", "POSSIBLE_CHIP", "CTDNA"
COVERED, NOT_COVERED, EMPTY = "COVERED", "NOT_COVERED", "EMPTY"
# A substitution of one base; from the protein where the coding change is not given: one amino acid or stop.
BASE_CHANGE = re.compile(r"\d[+-]?\d*[ACGT]>[ACGT]$")
PROTEIN_CHANGE = re.compile(r"^p\.\(?(?:[A-Z]|[A-Z][a-z]{2})\d+(?:[A-Z*=]|[A-Z][a-z]{2})\)?$")


@dataclass(frozen=True)
class GeneMap:
    """`cells` has one row per patient and gene in order: patient, place, gene, ground, marks, words."""

    cells: pd.DataFrame
    patients: tuple[str, ...]
    genes: tuple[str, ...]
    n_genes_left_out: int


def mark_of(row: Mapping[Any, Any]) -> str:
    """The mark of a found variant: copy number, SNV, or indel and others; a possible other origin apart."""
    if row["origin"] != "TUMOUR":
        return POSSIBLE
    if row["alteration"] == COPY_NUMBER:
        return COPIES
    if isinstance(row["hgvs_c"], str) and row["hgvs_c"]:
        return SNV if BASE_CHANGE.search(row["hgvs_c"]) else OTHER
    names = [name for name in (row["hgvs_p"], row["variant"]) if isinstance(name, str)]
    return SNV if any(PROTEIN_CHANGE.match(name) for name in names) else OTHER


def gene_map(
    cells: pd.DataFrame, *, n_genes: int, counts_possible_chip: bool, with_unsampled: bool
) -> GeneMap:
    """The map of the rows of biomarkers_cell.sql.

    Genes with an alteration, those altered in most patients first, at most `n_genes`. Patients by their
    altered genes in that order, those without a valid sample last or left out.
    """
    known = cells[(cells["standing"] == "VALID") & cells["gene"].notna()].copy()
    if counts_possible_chip:
        known["origin"] = known["origin"].replace("POSSIBLE", "TUMOUR")
    found = known[known["variant"].notna()].copy()
    found["mark"] = [mark_of(row) for row in found.to_dict("records")]
    genes = _genes(found)
    shown = genes[:n_genes]
    found = found[found["gene"].isin(shown)]
    standing = cells.drop_duplicates("patient_id").set_index("patient_id")[["standing", "has_ctdna"]]
    sampled = standing[standing["standing"] == "VALID"]
    order = _patients(found, shown, has_ctdna=sampled["has_ctdna"].fillna(value=False).astype(bool))
    if with_unsampled:
        order += sorted(str(one) for one in standing.index if one not in sampled.index)
    covered = known[known["is_covered"].astype(bool)]
    return GeneMap(
        cells=_cells(order, shown, found=found, covered=covered, standing=standing),
        patients=tuple(order),
        genes=tuple(shown),
        n_genes_left_out=len(genes) - len(shown),
    )


def _genes(found: pd.DataFrame) -> list[str]:
    """Genes by patients altered by the tumour, then by those with a possible other origin."""
    if found.empty:
        return []
    is_tumour = found["mark"] != POSSIBLE
    tumour = found[is_tumour].groupby("gene")["patient_id"].nunique()
    anything = found.groupby("gene")["patient_id"].nunique()
    return sorted(anything.index, key=lambda gene: (-int(tumour.get(gene, 0)), -int(anything[gene]), gene))


def _patients(found: pd.DataFrame, genes: Sequence[str], *, has_ctdna: pd.Series) -> list[str]:
    """Patients with a valid sample: altered in the first gene first, and so on; without any ctDNA last."""
    rank = {(one, gene): 2 for one in has_ctdna.index for gene in genes}
    for row in found.to_dict("records"):
        key = (row["patient_id"], row["gene"])
        rank[key] = min(rank[key], 1 if row["mark"] == POSSIBLE else 0)
    return sorted(
        (str(one) for one in has_ctdna.index),
        key=lambda one: (tuple(rank[(one, gene)] for gene in genes), not has_ctdna[one], one),
    )


def _cells(
    patients: Sequence[str],
    genes: Sequence[str],
    *,
    found: pd.DataFrame,
    covered: pd.DataFrame,
    standing: pd.DataFrame,
) -> pd.DataFrame:
    marks: dict[tuple[str, str], list[str]] = {}
    words: dict[tuple[str, str], list[str]] = {}
    for row in found.to_dict("records"):
        key = (str(row["patient_id"]), str(row["gene"]))
        marks.setdefault(key, []).append(str(row["mark"]))
        words.setdefault(key, []).append(_variant_words(row))
    looked = set(zip(covered["patient_id"], covered["gene"], strict=True))
    rows = []
    own = standing.to_dict("index")
    for place, patient in enumerate(patients):
        why = str(own[patient]["standing"])
        is_sampled = why == "VALID"
        has_ctdna = is_sampled and bool(own[patient]["has_ctdna"])
        rows.append(_ctdna_cell(patient, place, is_sampled=is_sampled, has_ctdna=has_ctdna))
        for gene in genes:
            ground = (COVERED if (patient, gene) in looked else NOT_COVERED) if is_sampled else EMPTY
            plain = {
                COVERED: "not detected" if has_ctdna else "not detected, no ctDNA in the sample",
                NOT_COVERED: "not covered",
                EMPTY: STANDING_WORDS[why],
            }
            said = ", ".join(words.get((patient, gene), [])) or plain[ground]
            kinds = tuple(sorted(set(marks.get((patient, gene), []))))
            rows.append((patient, place, gene, ground, kinds, said))
    return pd.DataFrame(rows, columns=["patient", "place", "gene", "ground", "marks", "words"])


def _ctdna_cell(
    patient: str, place: int, *, is_sampled: bool, has_ctdna: bool
) -> tuple[str, int, str, str, tuple[str, ...], str]:
    words = "detected" if has_ctdna else "not detected" if is_sampled else NOTHING
    ground = COVERED if is_sampled else EMPTY
    return patient, place, CTDNA_ROW, ground, (CTDNA,) if has_ctdna else (), words


def _variant_words(row: Mapping[Any, Any]) -> str:
    """A variant with its number: p.D538G 1.20 %, amplification CN 6.2; a possible other origin says so."""
    number = ""
    if row["alteration"] == COPY_NUMBER and not pd.isna(row["copy_number"]):
        number = f" CN {row['copy_number']:g}"
    elif row["alteration"] != COPY_NUMBER and not pd.isna(row["maf_ppm"]):
        number = f" {format_ppm(row['maf_ppm'])} %"
    notes = {
        "POSSIBLE": " (possible clonal haematopoiesis)",
        "STATED": " (clonal haematopoiesis, stated)",
        "GERMLINE": " (germline, stated)",
    }
    return f"{row['variant']}{number}{notes.get(str(row['origin']), '')}"


def map_table(found: GeneMap) -> pd.DataFrame:
    """The twin: one row per patient in the order of the drawing, one column per gene in words."""
    if found.cells.empty:
        return pd.DataFrame(columns=["Patient", CTDNA_ROW])
    wide = found.cells.pivot(index="place", columns="gene", values="words")
    wide = wide.reindex(columns=[CTDNA_ROW, *found.genes]).sort_index()
    wide.insert(0, "Patient", list(found.patients))
    return wide.reset_index(drop=True).rename_axis(columns=None)
