"""The tables of the biomarker page in words: k of n assessable, never one denominator for all genes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import rules
from dashboard.tables.formats import NOTHING, NameDay, format_count, format_date
from dashboard.tables.shares import count_words, per_cent

CHIP_ONLY = "all possible clonal haematopoiesis, not counted"
MOMENTS = {"BASELINE": "at baseline", "PROGRESSION": "at progression", "ANY": "in any draw"}
STANDING_WORDS = {
    "VALID": "with a valid sample",
    "LATER_ONLY": "whose first valid sample was drawn on treatment or later",
    "NO_RESULT": "with a sample without a result",
    "NO_SAMPLE": "without a sample",
    "NO_PROGRESSION": "without a progression on this line",
}
PAIR_WORDS = {
    "PAIR_ASSESSABLE": "assessable pairs of samples",
    "PAIR_NO_CTDNA": "no ctDNA at progression: cannot exclude",
    "PAIR_NO_BASELINE": "no valid sample at the start of the line",
    "PAIR_NO_PROGRESSION_SAMPLE": "no sample at progression",
    "PAIR_NO_RESULT": "sample at progression without a result",
    "PAIR_NOT_COVERED": "no gene covered at both",
    "PAIR_TUMOUR_INFORMED": "tumour-informed assay",
}
# Names of genes stay as they are; these are words or other writings.
TESTS = {"pdl1_tps": "PD-L1 (TPS)", "ki67": "Ki-67", "msi": "MSI", "er": "ER", "pr": "PR", "her2": "HER2"}
RESULTS = {"msi_high": "MSI-high", "mss": "MSS", "reported": "reported as a number"}
Record = Mapping[Any, Any]


def interval_words(row: Record, *, counts_only_below: int, of: str = "n_assessable") -> str:
    """A share with its exact interval, 31 % (22–42); a dash where `of` is too few for a per cent."""
    if int(row[of]) < counts_only_below or math.isnan(float(row["share"])):
        return NOTHING
    share, lower, upper = (per_cent(float(row[name])) for name in ("share", "lower", "upper"))
    return f"{share} % ({lower}–{upper})"


def prevalence_table(rows: pd.DataFrame, *, counts_only_below: int, is_followed: bool) -> pd.DataFrame:
    """One row per gene: in how many detected, of how many with ctDNA, and who is not in the denominator.

    `is_followed`: all assays are tumour-informed, so that a gene is assessable where a variant is followed.
    """
    share, of = "Share (95 % CI)", "n_assessable" if is_followed else "n_with_ctdna"
    lines = [
        {
            "Gene": row["gene"],
            "Detected": detected_words(row, of=of),
            "Followed in" if is_followed else "With ctDNA in the sample": int(row[of]),
            share: _share_words(row, counts_only_below=counts_only_below),
            "Several variants": int(row["n_several"]),
            "Not detected, ctDNA found": int(row["n_not_detected"]),
            "Followed, no ctDNA in the sample" if is_followed else "Assessable, no ctDNA in the sample": int(
                row["n_no_ctdna"]
            ),
            "Possible clonal haematopoiesis only": int(row["n_possible_chip_only"]),
            "Other stated origin only": int(row["n_other_origin_only"]),
            "Not followed" if is_followed else "Not covered": int(row["n_not_covered"]),
        }
        for row in rows.to_dict("records")
    ]
    table = pd.DataFrame(lines)
    if is_followed and len(table):
        return table.drop(columns=[share, "Possible clonal haematopoiesis only"])
    return table


def is_chip_only(row: Record) -> bool:
    """Whether everything found in the gene is possible clonal haematopoiesis."""
    return not int(row["n_detected"]) and int(row["n_possible_chip_only"]) > 0


def detected_words(row: Record, *, of: str = "n_with_ctdna") -> str:
    """In how many of those with ctDNA in the sample: 26 of 62; never 0 where it may all be white cells."""
    n = int(row[of])
    if is_chip_only(row):
        return f"{row['n_possible_chip_only']} of {n}, {CHIP_ONLY}"
    return f"{row['n_detected']} of {n}"


def _share_words(row: Record, *, counts_only_below: int) -> str:
    if is_chip_only(row):
        return NOTHING
    return interval_words(row, counts_only_below=counts_only_below, of="n_with_ctdna")


def first_gene_words(rows: pd.DataFrame, *, counts_only_below: int) -> str:
    """The most frequent gene: ESR1: 26 of 62 with ctDNA in the sample (42 %); 21 further held none."""
    found = rows[rows["n_detected"] > 0].head(1).to_dict("records")
    if not found:
        return ""
    row = found[0]
    k, n, n_none = int(row["n_detected"]), int(row["n_with_ctdna"]), int(row["n_no_ctdna"])
    share = f" ({per_cent(k / n)} %)" if n >= counts_only_below else ""
    samples = "sample" if n_none == 1 else "samples"
    without = f"; {n_none} further assessable {samples} held no ctDNA" if n_none else ""
    return f"{row['gene']}: {k} of {n} with ctDNA in the sample{share}{without}."


def copy_number_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per gene: amplified of assessed with ctDNA, not assessed, copy numbers, deleted, neither."""
    return pd.DataFrame(
        [
            {
                "Gene": row["gene"],
                "Amplified": int(row["n_amplified"]),
                "Of assessed with ctDNA": int(row["n_with_ctdna"]),
                "Assessed, no ctDNA in the sample": int(row["n_no_ctdna"]),
                "Not assessed": int(row["n_not_covered"]),
                "Copy number": _span(float(row["lowest_copy_number"]), float(row["highest_copy_number"])),
                "Deleted": int(row["n_deleted"]),
                "Neither, ctDNA found": int(row["n_not_detected"]),
            }
            for row in rows.to_dict("records")
        ]
    )


def _span(lowest: float, highest: float) -> str:
    """Copy numbers from the lowest to the highest; a dash where none is given (NaN)."""
    if math.isnan(lowest) or math.isnan(highest):
        return NOTHING
    return f"CN {lowest:g}" if lowest == highest else f"CN {lowest:g}–{highest:g}"


def emergence_table(rows: pd.DataFrame, *, counts_only_below: int) -> pd.DataFrame:
    """One row per gene: new, still, no longer detected of the assessable pairs; then all who are not."""
    return pd.DataFrame(
        [
            {
                "Gene": row["gene"],
                "New since baseline": _new_words(row),
                "Of assessable pairs": int(row["n_assessable"]),
                "Share new (95 % CI)": NOTHING
                if is_new_chip_only(row)
                else interval_words(row, counts_only_below=counts_only_below),
                "Still detected": int(row["n_still"]),
                "No longer detected": int(row["n_no_longer"]),
                "Not covered": int(row["n_not_covered"]),
                "No ctDNA: cannot exclude": int(row["n_no_ctdna"]),
                "Not assessable": int(row["n_not_assessable"]),
                "More than one new": int(row["n_several_new"]),
                "New variants (patients)": str(row["new_variants"]) or NOTHING,
                "Detected in neither": int(row["n_neither"]),
                "Detected earlier, not at baseline": int(row["n_seen_before"]),
                "Possible other origin only": int(row["n_other_origin_only"]),
            }
            for row in rows.to_dict("records")
        ]
    )


def is_new_chip_only(row: Record) -> bool:
    """Whether everything new in the gene is possible clonal haematopoiesis, which is not counted."""
    return not int(row["n_new"]) and int(row["n_new_possible_chip_only"]) > 0


def _new_words(row: Record) -> str:
    n = int(row["n_assessable"])
    if is_new_chip_only(row):
        return f"{row['n_new_possible_chip_only']} of {n}, {CHIP_ONLY}"
    return f"{row['n_new']} of {n}"


def standing_words(cells: pd.DataFrame) -> str:
    """Who has a valid sample at the moment and who has not; the parts add up to the cohort."""
    counts = cells.drop_duplicates("patient_id")["standing"].value_counts().to_dict()
    parts = [f"{counts[name]} {words}" for name, words in STANDING_WORDS.items() if counts.get(name)]
    return f"{format_count(sum(counts.values()), 'patient')}: {', '.join(parts)}."


def chip_words(rows: pd.DataFrame) -> str:
    """The genes with possible clonal haematopoiesis alone, most patients first: TP53 in 28, ATM in 2."""
    found = rows[rows["n_possible_chip_only"] > 0].sort_values("n_possible_chip_only", ascending=False)
    named = [f"{row['gene']} in {row['n_possible_chip_only']}" for row in found.to_dict("records")]
    return f"Possible clonal haematopoiesis alone, counted apart: {', '.join(named)}." if named else ""


def other_origin_words(cells: pd.DataFrame) -> str:
    """How many have ctDNA by variants alone that may not come from the tumour; nothing where nobody has."""
    patients = cells.drop_duplicates("patient_id")
    n_with = int(patients["has_ctdna"].astype("boolean").fillna(value=False).sum())
    n = int(patients["is_by_other_origin"].astype("boolean").fillna(value=False).sum())
    if n == 0:
        return ""
    return (
        f"In {n} of the {n_with} with ctDNA it is possible clonal haematopoiesis or germline alone; "
        "they stay in the denominator."
    )


def pair_words(pairs: pd.DataFrame, *, line: int) -> str:
    """How many progressed on the line and what their samples can show; the parts add up."""
    counts = pairs.drop_duplicates("patient_id")["rule"].value_counts().to_dict()
    if not counts:
        return f"Nobody progressed on line {line}."
    parts = [f"{counts[name]} {words}" for name, words in PAIR_WORDS.items() if counts.get(name)]
    return f"{format_count(sum(counts.values()), 'patient')} progressed on line {line}: {', '.join(parts)}."


def tissue_table(rows: pd.DataFrame, *, n_cohort: int, counts_only_below: int) -> pd.DataFrame:
    """One row per test and result: patients of those tested; then how many were not tested."""
    lines = []
    for test, group in rows.groupby("test", sort=True):
        n_tested = int(group["n_patients"].sum())
        for place, row in enumerate(group.to_dict("records")):
            n = int(row["n_patients"])
            lines.append(
                {
                    "Test of tissue": tissue_test_words(str(test)) if place == 0 else "",
                    "Result": RESULTS.get(str(row["result"]), str(row["result"])),
                    "Patients": count_words(n, n=n_tested, counts_only_below=counts_only_below),
                    "Of tested": str(n_tested),
                    "Not tested or not recorded": str(n_cohort - n_tested),
                }
            )
    return pd.DataFrame(lines)


def tissue_test_words(test: str) -> str:
    """Name of a test of tissue as clinicians write it.

    >>> tissue_test_words("kras"), tissue_test_words("pdl1_tps")
    ('KRAS', 'PD-L1 (TPS)')
    """
    return TESTS.get(test, test.upper().replace("_", " "))


def other_origin_table(rows: Sequence[Record]) -> pd.DataFrame:
    """One row per gene and kind of reason: variants and patients (clinical-decisions A45)."""
    frame = pd.DataFrame(
        [{"Gene": row["gene"], "Why": _kind(row), "patient": row["patient_id"]} for row in rows],
        columns=["Gene", "Why", "patient"],
    )
    grouped = frame.groupby(["Gene", "Why"], as_index=False).agg(
        Variants=("patient", "size"), Patients=("patient", "nunique")
    )
    return grouped.sort_values(["Patients", "Gene", "Why"], ascending=[False, True, True], ignore_index=True)


def _kind(row: Record) -> str:
    named = {
        "CHIP_STATED": "clonal haematopoiesis, stated by the laboratory",
        "CHIP_GENE_MAF_UNCHANGED": "gene of the list, no matched white-cell result, MAF unchanged",
        "CHIP_MAF_UNCHANGED": "MAF near its baseline while the other variants fell",
        "CHIP_GENE": "by its gene alone (of the list), no matched white-cell result",
    }
    return named.get(str(row["chip_rule"]), "possible germline variant, stated by the laboratory")


def other_origin_patients(rows: Sequence[Record], *, name_day: NameDay = format_date) -> pd.DataFrame:
    """One row per variant with its patient and the reason in a sentence; `name_day` writes the dates."""
    return pd.DataFrame(
        [
            {
                "Patient": row["patient_id"],
                "Gene": row["gene"],
                "Variant": row["variant"],
                "Why": rules.sentence(str(row["chip_rule"] or row["germline_rule"]), row, name_day=name_day),
            }
            for row in rows
        ],
        columns=["Patient", "Gene", "Variant", "Why"],
    )
