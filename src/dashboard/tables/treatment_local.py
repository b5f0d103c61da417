"""Local treatment in words: groups, lesions, doses against the window of the protocol, control per lesion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_count
from dashboard.tables.shares import count_words

ORDER = ("RADIOTHERAPY", "ABLATION", "SURGERY", "MULTIPLE")
NONE = "No local therapy recorded"
BELOW, WITHIN, ABOVE = "below", "within", "above"
WINDOW_WORDS = {
    BELOW: "below the protocol window",
    WITHIN: "in the protocol window",
    ABOVE: "above the protocol window (often clinically intended)",
}
NO_BED = "not calculable: fractions or dose not recorded"
KEY = ["patient_id", "lesion_id"]


def local_groups(sessions: pd.DataFrame) -> pd.DataFrame:
    """One row per group of the first course: techniques, n_patients, n_lesions, n_lesion_missing, n_repeat.

    `sessions` has one row per session: patient_id, course, kind, modality, lesion_id. Several kinds in the
    first course make the group MULTIPLE (clinical-decisions A31). Lesions are those of the first course;
    `n_repeat` patients had a later one, `n_lesion_missing` a session that names no lesion.
    """
    rows = []
    first = sessions.groupby("patient_id")["course"].transform("min") == sessions["course"]
    for _, own in sessions.groupby("patient_id", sort=True):
        course = own[first.loc[own.index]]
        kinds = sorted(set(course["kind"]))
        rows.append(
            {
                "group_code": kinds[0].upper() if len(kinds) == 1 else "MULTIPLE",
                "n_lesions": int(course["lesion_id"].nunique()),
                "is_lesion_missing": bool(course["lesion_id"].isna().any()),
                "is_repeated": own["course"].nunique() > 1,
                "modalities": frozenset(_techniques(course)),
            }
        )
    patients = pd.DataFrame(
        rows, columns=["group_code", "n_lesions", "is_lesion_missing", "is_repeated", "modalities"]
    )
    return pd.DataFrame(
        [_group_row(code, patients) for code in ORDER if (patients["group_code"] == code).any()]
    )


def _techniques(course: pd.DataFrame) -> list[str]:
    """The technique of each session; its kind where none is named."""
    named = course["modality"].where(course["modality"] != "other")
    return [str(one) for one in named.fillna(course["kind"])]


def _group_row(code: str, patients: pd.DataFrame) -> dict[str, object]:
    own = patients[patients["group_code"] == code]
    modalities = sorted(set().union(*own["modalities"]))
    return {
        "group_code": code,
        "techniques": " + ".join(modalities),
        "n_patients": len(own),
        "n_lesions": int(own["n_lesions"].sum()),
        "n_lesion_missing": int(own["is_lesion_missing"].sum()),
        "n_repeat": int(own["is_repeated"].sum()),
    }


def groups_table(groups: pd.DataFrame, *, n_cohort: int, counts_only_below: int) -> pd.DataFrame:
    """One row per group of local therapy, then those without; shares of the cohort."""
    rows = [
        {
            "Local therapy (first course)": vocabulary.LOCAL_GROUPS[str(row["group_code"])],
            "Techniques": ", ".join(_technique(one) for one in str(row["techniques"]).split(" + ")),
            "Patients": count_words(int(row["n_patients"]), n=n_cohort, counts_only_below=counts_only_below),
            "Lesions treated in it": _lesions(int(row["n_lesions"]), missing=int(row["n_lesion_missing"])),
            "Repeat local therapy": f"{row['n_repeat']} of {row['n_patients']}",
        }
        for row in groups.to_dict("records")
    ]
    without = n_cohort - (int(groups["n_patients"].sum()) if len(groups) else 0)
    if without:
        rows.append(
            {
                "Local therapy (first course)": NONE,
                "Techniques": NOTHING,
                "Patients": count_words(without, n=n_cohort, counts_only_below=counts_only_below),
                "Lesions treated in it": NOTHING,
                "Repeat local therapy": NOTHING,
            }
        )
    return pd.DataFrame(rows)


def _lesions(n: int, *, missing: int) -> str:
    return f"{n}; lesion not named in {missing}" if missing else str(n)


def _technique(name: str) -> str:
    kinds = {kind.lower(): words for kind, words in vocabulary.LOCAL_GROUPS.items()}
    return vocabulary.MODALITIES.get(name, kinds.get(name, name))


def dose_counts(sessions: pd.DataFrame, *, from_gy: float | None, to_gy: float | None) -> pd.DataFrame:
    """One row per radiation schedule, the highest BED10 first, with n_treatments, n_patients and window.

    `window` is below, within or above the protocol's, empty where there is none or BED10 is not calculable.
    """
    own = sessions[sessions["kind"] == "radiotherapy"]
    keys = ["modality", "total_dose_gy", "fractions", "bed10_centigray"]
    counted = own.groupby(keys, dropna=False, as_index=False).agg(
        n_treatments=("patient_id", "size"), n_patients=("patient_id", "nunique")
    )
    counted["window"] = [window_of(one, from_gy=from_gy, to_gy=to_gy) for one in counted["bed10_centigray"]]
    return counted.sort_values(
        ["bed10_centigray", "total_dose_gy"], ascending=False, na_position="last", ignore_index=True
    )


def window_of(bed10_centigray: Any, *, from_gy: float | None, to_gy: float | None) -> str:
    """Where a BED10 lies; both ends belong to the window (clinical-decisions A32)."""
    if pd.isna(bed10_centigray) or from_gy is None or to_gy is None:
        return ""
    if bed10_centigray < 100 * from_gy:
        return BELOW
    return ABOVE if bed10_centigray > 100 * to_gy else WITHIN


def dose_table(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per schedule: 50 Gy in 5 fractions, BED10, lesions, patients, and where BED10 lies."""
    return pd.DataFrame(
        [
            {
                "Schedule": _schedule(row["total_dose_gy"], row["fractions"]),
                "Technique": _technique("radiotherapy" if pd.isna(row["modality"]) else str(row["modality"])),
                "BED10, Gy": NO_BED
                if pd.isna(row["bed10_centigray"])
                else f"{row['bed10_centigray'] / 100:g}",
                "Treatments": int(row["n_treatments"]),
                "Patients": int(row["n_patients"]),
                "Protocol": WINDOW_WORDS.get(str(row["window"]), NOTHING),
            }
            for row in counts.to_dict("records")
        ]
    )


def _schedule(total: Any, fractions: Any) -> str:
    if pd.isna(total):
        return "dose not recorded"
    if pd.isna(fractions):
        return f"{total:g} Gy, fractions not recorded"
    return f"{total:g} Gy in {fractions:g}"


@dataclass(frozen=True, kw_only=True)
class LesionRow:
    """Lesions first treated in one way: how many, in how many patients, and what became of them."""

    kind: str
    n_lesions: int
    n_patients: int
    n_followed: int
    n_progressed: int
    n_progressed_patients: int
    n_equivocal: int
    longest_months: float | None


def lesion_table(rows: Sequence[LesionRow]) -> pd.DataFrame:
    """One row per kind of first treatment: lesions and patients, local progression k of n, equivocal now."""
    return pd.DataFrame(
        [
            {
                "First treatment of the lesion": _technique(one.kind) if one.kind != "all" else "All lesions",
                "Lesions (patients)": f"{one.n_lesions} ({one.n_patients})",
                "Followed after it": f"{one.n_followed} of {one.n_lesions}",
                "Local progression": _progressed(one),
                "Equivocal at the last look": f"{one.n_equivocal} of {one.n_followed}",
                "Longest observed, months": NOTHING
                if one.longest_months is None
                else f"{one.longest_months:.1f}",
            }
            for one in rows
        ]
    )


def _progressed(row: LesionRow) -> str:
    words = f"{row.n_progressed} of {format_count(row.n_lesions, 'lesion')}"
    if not row.n_progressed:
        return words
    return f"{words}, in {format_count(row.n_progressed_patients, 'patient')}"
