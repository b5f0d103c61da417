"""Numbers of the safety tables: patients counted once per term at the worst grade (clinical-rules 5.1)."""

import numpy as np
import pandas as pd

GRADES = (1, 2, 3, 4, 5)
ANY = "Any adverse event"
KEYS = ["level", "organ_class", "label"]


def term_counts(worst: pd.DataFrame, *, treated: pd.DataFrame) -> pd.DataFrame:
    """One row per level (ANY, CLASS, TERM) and label, the most frequent first.

    `worst` has one row per patient, level and label with the worst grade; `treated` one row per patient with
    the days at risk. Counts are patients, `risk_days` are days at risk up to the first onset.
    """
    flags = _flags(worst)
    if worst.empty:
        return pd.DataFrame(columns=[*KEYS, "n_treated", *flags, "risk_days"])
    days_of = treated.set_index("patient_id")["risk_days"]
    # Whoever had the event is at risk until its onset, everybody else all the days.
    without = worst["risk_days"].fillna(0) - worst["patient_id"].map(days_of).fillna(0)
    flags["risk_days"] = without.to_numpy(dtype=float)
    counts = pd.DataFrame({**{key: worst[key] for key in KEYS}, **flags}).groupby(KEYS, sort=True).sum()
    counts["risk_days"] += int(treated["risk_days"].sum())
    counts.insert(0, "n_treated", len(treated))
    return (
        counts.astype("int64")
        .reset_index()
        .sort_values(
            ["n_any", "n_from_3", "label"], ascending=[False, False, True], kind="stable", ignore_index=True
        )
    )


def _flags(worst: pd.DataFrame) -> dict[str, np.ndarray]:
    """What a row counts for: the worst grade (missing ones apart), and what is said of the event."""
    grade, related_grade = (
        worst[name].to_numpy(dtype=float, na_value=np.nan) for name in ("worst_grade", "worst_related_grade")
    )
    related, gradable = (worst[name].to_numpy(dtype=bool) for name in ("is_related", "is_gradable"))
    return {
        "n_any": np.ones(len(worst), dtype=int),
        **{f"n_grade_{number}": grade == number for number in GRADES},
        "n_grade_missing": np.isnan(grade) & gradable,
        "n_not_gradable": np.isnan(grade) & ~gradable,
        "n_from_3": grade >= 3,
        "n_related": related,
        "n_adr": worst["is_adr"].to_numpy(dtype=bool),
        **{f"n_related_grade_{number}": related_grade == number for number in GRADES},
        "n_related_ungraded": related & np.isnan(related_grade),
        "n_related_from_3": related_grade >= 3,
        "n_related_or_unclear": worst["is_related_or_unclear"].to_numpy(dtype=bool),
        "n_relation_missing": worst["has_relatedness_missing"].to_numpy(dtype=bool),
        "n_serious": worst["is_serious"].to_numpy(dtype=bool),
        "n_events": worst["n_events"].to_numpy(dtype=int),
    }
