"""Cohorts whose truth is known: clearance with or without effect, and patients who enrol late.

Many cohorts are one frame with the column `seed`, so that a test of 500 of them takes a second.
"""

import numpy as np
import pandas as pd

DAY_0 = pd.Timestamp(2024, 1, 1)
N_PATIENTS = 200
MEAN_FREE_DAYS = 270
CLEARED_SHARE = 0.4


def clearance_cohorts(
    n_seeds: int, *, drawn_within: tuple[float, float], hazard_ratio: float
) -> pd.DataFrame:
    """One row per patient: days to progression or censoring, to the second draw, and what it would show.

    Whoever would clear at the draw has the hazard times `hazard_ratio` from the draw on.
    """
    return (
        pd.concat(
            [_clearance_cohort(seed, drawn_within, hazard_ratio) for seed in range(n_seeds)],
            ignore_index=True,
        )
        .rename_axis("patient_id", axis="index")
        .reset_index()
    )


def _clearance_cohort(seed: int, drawn_within: tuple[float, float], hazard_ratio: float) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    free = random.exponential(MEAN_FREE_DAYS, N_PATIENTS)
    followed = random.uniform(180, 720, N_PATIENTS)
    drawn = random.uniform(*drawn_within, N_PATIENTS)
    clears = random.random(N_PATIENTS) < CLEARED_SHARE
    free = np.where(clears & (free > drawn), drawn + (free - drawn) / hazard_ratio, free)
    return pd.DataFrame(
        {
            "seed": seed,
            "time": np.ceil(np.minimum(free, followed)),
            "event_observed": free <= followed,
            "drawn_at": np.ceil(drawn),
            "clears": clears,
        }
    ).assign(is_drawn=lambda cohort: cohort["drawn_at"] < cohort["time"])


def patients_of(cohorts: pd.DataFrame) -> pd.DataFrame:
    """The cohorts as the analyses read them: baseline and index on day 0."""
    return pd.DataFrame(
        {
            "patient_id": cohorts["patient_id"],
            "seed": cohorts["seed"],
            "baseline_on": DAY_0,
            "index_on": DAY_0,
            "ended_on": DAY_0 + pd.to_timedelta(cohorts["time"], unit="D"),
            "event_observed": cohorts["event_observed"],
        }
    )


def draws_of(cohorts: pd.DataFrame) -> pd.DataFrame:
    """The second draws; none after progression or the end of follow-up."""
    drawn = cohorts[cohorts["is_drawn"]]
    return pd.DataFrame(
        {
            "patient_id": drawn["patient_id"],
            "collected_on": DAY_0 + pd.to_timedelta(drawn["drawn_at"], unit="D"),
            "is_valid": True,
            "group": np.where(drawn["clears"], "cleared", "detected"),
        }
    )


def late_enrolment_cohorts(n_seeds: int, *, median_months: float) -> pd.DataFrame:
    """One row per patient: enrolled 0 to 12 months after the start of the line, if free until then."""
    parts = []
    for seed in range(n_seeds):
        random = np.random.default_rng(seed)
        free = random.exponential(median_months / np.log(2), 600)
        entry = random.uniform(0, 12, 600)
        free, entry = (values[free > entry][:300] for values in (free, entry))
        followed = entry + random.uniform(12, 30, len(entry))
        parts.append(
            pd.DataFrame(
                {
                    "seed": seed,
                    "entry": entry,
                    "time": np.minimum(free, followed),
                    "event_observed": free <= followed,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def log_rank_of_each(rows: pd.DataFrame, *, first: str) -> pd.DataFrame:
    """One row per seed: chi_squared and ratio (Peto's one-step) of group `first` against the other.

    `rows` has seed, start, stop, event_observed, group. The same sums as `log_rank`, for all seeds at once.
    """
    own = rows["group"] == first
    happened = rows["event_observed"].astype(int)
    leaving = pd.DataFrame(
        {
            "seed": rows["seed"],
            "at": rows["stop"],
            "n": 1,
            "n_own": own,
            "d": happened,
            "d_own": happened * own,
        }
    )
    late = rows["start"] > 0
    entering = pd.DataFrame(
        {"seed": rows["seed"], "at": rows["start"], "n": -1, "n_own": -own.astype(int), "d": 0, "d_own": 0}
    )[late]
    # At a time all who leave at or after it are at risk, less those who enter at or after it.
    moves = pd.concat([leaving, entering]).astype({"n_own": int}).groupby(["seed", "at"]).sum()
    risk = moves[["n", "n_own"]][::-1].groupby("seed").cumsum()[::-1]
    at = moves[["d", "d_own"]].join(risk)[moves["d"] > 0]
    share = at["n_own"] / at["n"]
    apart = at["d_own"] - at["d"] * share
    variance = at["d"] * share * (1 - share) * (at["n"] - at["d"]) / (at["n"] - 1).clip(lower=1)
    total = pd.DataFrame({"apart": apart, "variance": variance}).groupby("seed").sum()
    return pd.DataFrame(
        {
            "chi_squared": total["apart"] ** 2 / total["variance"],
            "ratio": np.exp(total["apart"] / total["variance"]),
        }
    )
