"""Groups that patients join and leave at their draws: stretches of the time-dependent view.

A patient stands in a group only while the last valid draw shows it (docs/decisions 0028).
"""

import pandas as pd

from dashboard.figures.clearance.material import (
    CENSORED_BEFORE,
    EVENT_BEFORE,
    NO_RATIO,
    NOT_COMPARABLE,
    NOT_EVALUABLE,
    Followed,
    Material,
    eligible_of,
    near_suspicion,
    without_zeros,
)
from dashboard.figures.clearance.request import AfterDrawRequest
from dashboard.stats import DAYS_PER_MONTH, split_at_changes


def moving_groups(material: Material, request: AfterDrawRequest) -> Followed:
    """Stretches (start, stop] in months from the baseline draw; at every comparable draw patients may move.

    Columns as `split_at_changes` gives them: start, stop, event_observed, state. Whoever enrols after the
    baseline draw joins then. At a valid draw that cannot be compared with the baseline a patient leaves,
    until one that can: what the draw before it showed is no longer known to hold (docs/decisions 0028).
    """
    scheme = request.clearance.scheme
    eligible, excluded = eligible_of(material.patients)
    timed = eligible.assign(
        time=(eligible["ended_on"] - eligible["baseline_on"]).dt.days,
        entry=(eligible["enrolled_on"] - eligible["baseline_on"]).dt.days.clip(lower=0),
    )
    early = timed["time"] < 0
    never = ~early & (timed["entry"] > 0) & (timed["entry"] >= timed["time"])
    excluded |= without_zeros(
        {
            EVENT_BEFORE: int(((early | never) & timed["event_observed"]).sum()),
            CENSORED_BEFORE: int(((early | never) & ~timed["event_observed"]).sum()),
        }
    )
    followed = timed[~(early | never)]
    columns = ["patient_id", "time", "entry", "event_observed", "status"]
    names, changes = scheme.at_the_time, _changes(material.draws, followed, request)
    counted = changes[~changes["is_suspicion"]] if request.leaves_out_suspicion else changes
    rows = split_at_changes(followed[columns], changes=counted, initial=scheme.initial)
    is_known = rows["state"] != NOT_EVALUABLE
    known, unknown = rows[is_known].reset_index(drop=True), rows[~is_known]
    never_in = set(unknown["patient_id"]) - set(known["patient_id"])
    excluded |= _by_reason(counted[counted["patient_id"].isin(never_in)])
    state = pd.Categorical(known["state"].map(names), categories=list(names.values()))
    kept = known.assign(
        state=state.remove_unused_categories(),
        start=known["start"] / DAYS_PER_MONTH,
        stop=known["stop"] / DAYS_PER_MONTH,
    )
    return Followed(
        kept=kept,
        excluded=excluded,
        n_cohort=len(material.patients),
        suspicion=near_suspicion(changes["state"].map(names), changes["is_suspicion"], names=names),
        left=_left(rows, never_in),
    )


def _left(rows: pd.DataFrame, never_in: set[str]) -> tuple[int, int]:
    """Patients who were in a group and in none at the end, and those of them who had the event then."""
    last = rows[~rows["patient_id"].isin(never_in)].drop_duplicates("patient_id", keep="last")
    gone = last[last["state"] == NOT_EVALUABLE]
    return len(gone), int(gone["event_observed"].sum())


def _by_reason(draws: pd.DataFrame) -> dict[str, int]:
    """Patients whose draws cannot be compared, by why: NO_RATIO only where none is of another assay."""
    unknown = draws[draws["state"] == NOT_EVALUABLE]
    without_ratio = unknown.groupby("patient_id")["is_without_ratio"].all()
    n_without = int(without_ratio.sum())
    return without_zeros({NO_RATIO: n_without, NOT_COMPARABLE: len(without_ratio) - n_without})


def _changes(draws: pd.DataFrame, patients: pd.DataFrame, request: AfterDrawRequest) -> pd.DataFrame:
    """What each valid draw showed and when, in days from the baseline draw; NOT_EVALUABLE for no comparison.

    A draw on the day the patient's time ends, or later, moves nobody and is left away. Of two draws of one
    day, one of a new assay beside the old, the one that can be compared speaks.
    """
    valid = draws[draws["is_valid"].astype(bool)]
    joined = valid.merge(patients[["patient_id", "baseline_on", "time"]], on="patient_id")
    is_known = joined["group"].isin(list(request.clearance.scheme.categories))
    timed = joined.assign(
        since=(joined["collected_on"] - joined["baseline_on"]).dt.days,
        state=joined["group"].where(is_known, NOT_EVALUABLE),
        is_known=is_known,
    )
    return timed[timed["since"] < timed["time"]].sort_values("is_known", kind="stable")
