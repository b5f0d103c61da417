"""Numbers of the biomarker page: who is assessable for a gene, and in whom it is altered.

A patient counts in the denominator of a gene only with a valid sample whose assay covers it; what may come
from white cells or the germline is counted apart (clinical-decisions A36, A45).
"""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

SEQUENCE, COPY_NUMBER = "sequence", "copy_number"
ALTERED = "ALTERED"
POSSIBLE_CHIP = "POSSIBLE_CHIP"
OTHER_ORIGIN = "OTHER_ORIGIN"
NO_CTDNA = "NO_CTDNA"
NOT_DETECTED = "NOT_DETECTED"
NOT_COVERED = "NOT_COVERED"
FOUND_UNCOVERED = "FOUND_UNCOVERED"
KEYS = ["patient_id", "gene", "alteration"]
# Of a pair of samples; the first that a patient's variants of a gene show.
PAIR_STATES = ("ACQUIRED", "PRESENT_AT_BOTH", "NO_LONGER", "SEEN_BEFORE", OTHER_ORIGIN, "NEITHER")
NO_COPIES = {
    "n_amplified": 0,
    "n_deleted": 0,
    "lowest_copy_number": math.nan,
    "highest_copy_number": math.nan,
}
LOSSES = ("deletion", "loss")
PREVALENCE_COLUMNS = [
    "gene", "alteration", "n_cohort", "n_valid", "n_assessable", "n_with_ctdna", "n_detected", "n_no_ctdna",
    "n_not_detected", "n_possible_chip_only", "n_other_origin_only", "n_not_covered", "n_found_not_covered",
    "n_several",
    "n_amplified", "n_deleted", "lowest_copy_number", "highest_copy_number",
]  # fmt: skip
EMERGENCE_COLUMNS = [
    "gene", "alteration", "n_progressed", "n_assessable", "n_new", "n_several_new", "n_still", "n_no_longer",
    "n_seen_before", "n_other_origin_only", "n_neither", "n_not_covered", "n_no_ctdna", "n_not_assessable",
    "n_new_possible_chip_only", "new_variants",
]  # fmt: skip


def gene_states(cells: pd.DataFrame, *, counts_possible_chip: bool = False) -> pd.DataFrame:
    """One row per patient with a valid sample, gene and kind of alteration: state, has_ctdna, n_variants.

    `cells` are the rows of biomarkers_cell.sql. First that applies: NOT_COVERED (FOUND_UNCOVERED where a
    variant is reported all the same), ALTERED, POSSIBLE_CHIP, NO_CTDNA (no ctDNA in the sample at all),
    OTHER_ORIGIN, NOT_DETECTED.
    """
    own = cells[(cells["standing"] == "VALID") & cells["gene"].notna()]
    is_possible = own["origin"] == "POSSIBLE"
    flags = own[KEYS].assign(
        is_covered=own["is_covered"].astype(bool),
        has_ctdna=own["has_ctdna"].fillna(value=False).astype(bool),
        n_variants=((own["origin"] == "TUMOUR") | (is_possible & counts_possible_chip)).astype(int),
        n_possible=is_possible.astype(int),
        n_stated=own["origin"].isin(["STATED", "GERMLINE"]).astype(int),
    )
    states = flags.groupby(KEYS, as_index=False, sort=True).agg(
        is_covered=("is_covered", "max"),
        has_ctdna=("has_ctdna", "max"),
        n_variants=("n_variants", "sum"),
        n_possible=("n_possible", "sum"),
        n_stated=("n_stated", "sum"),
    )
    return states.assign(state=_state(states)).drop(columns=["n_possible", "n_stated", "is_covered"])


def _state(states: pd.DataFrame) -> np.ndarray:
    covered = states["is_covered"].to_numpy(dtype=bool)
    return np.select(
        [
            ~covered & (states["n_variants"] > 0),
            ~covered,
            states["n_variants"] > 0,
            states["n_possible"] > 0,
            ~states["has_ctdna"].to_numpy(dtype=bool),
            states["n_stated"] > 0,
        ],
        [FOUND_UNCOVERED, NOT_COVERED, ALTERED, POSSIBLE_CHIP, NO_CTDNA, OTHER_ORIGIN],
        default=NOT_DETECTED,
    )


def prevalence_counts(
    cells: pd.DataFrame, *, alteration: str, counts_possible_chip: bool = False
) -> pd.DataFrame:
    """One row per gene: n_assessable is n_detected + n_no_ctdna + n_not_detected + of other origin only.

    n_with_ctdna is n_assessable without n_no_ctdna: a sample without any ctDNA cannot exclude an alteration.
    n_valid is n_assessable + n_not_covered. Sorted by gene.
    """
    states = gene_states(cells, counts_possible_chip=counts_possible_chip)
    own = states[states["alteration"] == alteration]
    n_cohort = cells["patient_id"].nunique()
    n_valid = cells.loc[cells["standing"] == "VALID", "patient_id"].nunique()
    numbers = _copy_numbers(cells) if alteration == COPY_NUMBER else {}
    rows = [
        {
            "gene": gene,
            "alteration": alteration,
            "n_cohort": n_cohort,
            "n_valid": n_valid,
            **_state_counts(group),
            **numbers.get(str(gene), NO_COPIES),
        }
        for gene, group in own.groupby("gene", sort=True)
    ]
    return pd.DataFrame(rows, columns=PREVALENCE_COLUMNS)


def _state_counts(group: pd.DataFrame) -> dict[str, int]:
    n = Counter(group["state"])
    uncovered = n[NOT_COVERED] + n[FOUND_UNCOVERED]
    return {
        "n_assessable": len(group) - uncovered,
        "n_with_ctdna": len(group) - uncovered - n[NO_CTDNA],
        "n_detected": n[ALTERED],
        "n_no_ctdna": n[NO_CTDNA],
        "n_not_detected": n[NOT_DETECTED],
        "n_possible_chip_only": n[POSSIBLE_CHIP],
        "n_other_origin_only": n[OTHER_ORIGIN],
        "n_not_covered": uncovered,
        "n_found_not_covered": n[FOUND_UNCOVERED],
        "n_several": int(((group["state"] == ALTERED) & (group["n_variants"] > 1)).sum()),
    }


def _copy_numbers(cells: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Of each gene: patients with an amplification, with a deletion of the tumour, and the copy numbers."""
    own = cells[
        (cells["alteration"] == COPY_NUMBER)
        & (cells["origin"] == "TUMOUR")
        & cells["is_covered"].eq(other=True)
    ]
    found: dict[str, dict[str, float]] = {}
    for gene, group in own.groupby("gene"):
        is_loss = group["variant"].isin(LOSSES)
        known = group.loc[~is_loss, "copy_number"].dropna()
        found[str(gene)] = {
            "n_amplified": group.loc[~is_loss, "patient_id"].nunique(),
            "n_deleted": group.loc[is_loss, "patient_id"].nunique(),
            "lowest_copy_number": float(known.min()),
            "highest_copy_number": float(known.max()),
        }
    return found


def emergence_counts(
    pairs: pd.DataFrame, *, alteration: str, counts_possible_chip: bool = False
) -> pd.DataFrame:
    """One row per gene: patients with a progression on the line by what their two samples show.

    `pairs` are the rows of biomarkers_pair.sql. n_assessable (the denominator of n_new) is n_new + n_still +
    n_no_longer + n_seen_before + n_other_origin_only + n_neither; with n_not_covered, n_no_ctdna (no ctDNA at
    progression: cannot exclude) and n_not_assessable it gives n_progressed. n_new_possible_chip_only is in
    none of them: patients without a new variant of the tumour who have one of possible clonal haematopoiesis
    that is not counted. Sorted by gene.
    """
    by_rule = Counter(pairs.drop_duplicates("patient_id")["rule"])
    n_pairs = by_rule["PAIR_ASSESSABLE"]
    fixed = {
        "n_progressed": by_rule.total(),
        "n_no_ctdna": by_rule["PAIR_NO_CTDNA"],
        "n_not_assessable": by_rule.total() - n_pairs - by_rule["PAIR_NO_CTDNA"],
    }
    own = pairs[pairs["alteration"] == alteration]
    assessable = own[own["is_assessable"].eq(other=True)]
    is_counted = assessable["origin"].isin(["TUMOUR", *(["POSSIBLE"] if counts_possible_chip else [])])
    states = _pair_states(assessable, is_counted=is_counted)
    is_new = assessable["status"] == "ACQUIRED"
    new, uncounted = assessable[is_counted & is_new], assessable[~is_counted & is_new]
    possible = uncounted[uncounted["origin"] == "POSSIBLE"]
    return pd.DataFrame(
        [
            {
                "gene": gene,
                "alteration": alteration,
                **fixed,
                **_emerged(states[states["gene"] == gene], new[new["gene"] == gene], n_pairs=n_pairs),
                "n_new_possible_chip_only": _only_in(possible, but_not_in=new, gene=gene),
            }
            for gene in sorted(own["gene"].dropna().unique())
        ],
        columns=EMERGENCE_COLUMNS,
    )


def _pair_states(rows: pd.DataFrame, *, is_counted: pd.Series) -> pd.DataFrame:
    """One row per gene and patient: state, the first of PAIR_STATES that a variant shows."""
    ranks = {state: rank for rank, state in enumerate(PAIR_STATES)}
    is_other = rows["origin"].notna().map({True: ranks[OTHER_ORIGIN], False: ranks["NEITHER"]})
    own = rows["status"].where(is_counted).map(ranks).fillna(is_other)
    lowest = rows[["gene", "patient_id"]].assign(rank=own).groupby(["gene", "patient_id"])["rank"].min()
    return lowest.astype(int).map(dict(enumerate(PAIR_STATES))).rename("state").reset_index()


def _emerged(states: pd.DataFrame, new: pd.DataFrame, *, n_pairs: int) -> dict[str, int | str]:
    """The counts of one gene: of its rows of `_pair_states`, and of the new variants."""
    n = Counter(states["state"])
    return {
        "n_assessable": n.total(),
        "n_new": n["ACQUIRED"],
        "n_several_new": int((new["patient_id"].value_counts() > 1).sum()),
        "n_still": n["PRESENT_AT_BOTH"],
        "n_no_longer": n["NO_LONGER"],
        "n_seen_before": n["SEEN_BEFORE"],
        "n_other_origin_only": n[OTHER_ORIGIN],
        "n_neither": n["NEITHER"],
        "n_not_covered": n_pairs - n.total(),
        "new_variants": ", ".join(
            f"{name} ({k})" for name, k in _most_first(Counter(map(str, new["variant"])))
        ),
    }


def _only_in(rows: pd.DataFrame, *, but_not_in: pd.DataFrame, gene: str) -> int:
    """Patients with the gene in `rows` who have none of it in the other rows."""
    found, other = (set(one.loc[one["gene"] == gene, "patient_id"]) for one in (rows, but_not_in))
    return len(found - other)


def _most_first(counted: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))
