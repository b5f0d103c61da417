"""Numbers of the safety tables: patients counted once per term at the worst grade (clinical-rules 5.1)."""

import pandas as pd

GRADES = (1, 2, 3, 4, 5)
ANY = "Any adverse event"
KEYS = ["level", "organ_class", "label"]


def term_counts(worst: pd.DataFrame, *, treated: pd.DataFrame) -> pd.DataFrame:
    """One row per level (ANY, CLASS, TERM) and label, the most frequent first.

    `worst` has one row per patient, level and label with the worst grade; `treated` one row per patient with
    the days at risk. Counts are patients, `risk_days` are days at risk up to the first onset.
    """
    n, all_days = len(treated), int(treated["risk_days"].sum())
    days_of = treated.set_index("patient_id")["risk_days"]
    rows = [
        {**dict(zip(KEYS, key, strict=True)), "n_treated": n, **_counts(group)}
        | {
            "risk_days": all_days
            - int(days_of.reindex(group["patient_id"]).sum())
            + int(group["risk_days"].sum())
        }
        for key, group in worst.groupby(KEYS, sort=True)
    ]
    if not rows:
        return pd.DataFrame(columns=[*KEYS, "n_treated", *_counts(worst), "risk_days"])
    return pd.DataFrame(rows).sort_values(
        ["n_any", "n_from_3", "label"], ascending=[False, False, True], kind="stable", ignore_index=True
    )


def _counts(group: pd.DataFrame) -> dict[str, int]:
    """Patients with the event by worst grade (missing ones apart), and by what is said of it."""
    grade, related_grade = group["worst_grade"], group["worst_related_grade"]
    related = group["is_related"].astype(bool)
    gradable = group["is_gradable"].astype(bool)
    return {
        "n_any": len(group),
        **{f"n_grade_{number}": int((grade == number).sum()) for number in GRADES},
        "n_grade_missing": int((grade.isna() & gradable).sum()),
        "n_not_gradable": int((grade.isna() & ~gradable).sum()),
        "n_from_3": int((grade >= 3).sum()),
        "n_related": int(related.sum()),
        **{f"n_related_grade_{number}": int((related_grade == number).sum()) for number in GRADES},
        "n_related_ungraded": int((related & related_grade.isna()).sum()),
        "n_related_from_3": int((related_grade >= 3).sum()),
        "n_related_or_unclear": int(group["is_related_or_unclear"].astype(bool).sum()),
        "n_relation_missing": int(group["has_relatedness_missing"].astype(bool).sum()),
        "n_serious": int(group["is_serious"].astype(bool).sum()),
        "n_events": int(group["n_events"].sum()),
    }
