"""Groups that patients join and leave over time: Simon-Makuch curves, Mantel-Byar test, extended Cox model.

A state counts from the time it is known; what happens on the very day it becomes known still counts under the
state before. Checked against R's `coxph` and `survfit` with `Surv(start, stop, event)`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.stats.guards import DEFAULT_GUARDS, Guards
from dashboard.stats.hazard_ratio import GroupComparison, HazardRatio, compare_hazards
from dashboard.stats.log_rank import LogRankResult, log_rank
from dashboard.stats.risk_table import SurvivalInputError, risk_table, time_to_event_records

MOVES = ("at_risk", "n_event", "n_censored", "n_moved_in", "n_moved_out", "n_not_entered")


def split_at_changes(patients: pd.DataFrame, *, changes: pd.DataFrame, initial: str) -> pd.DataFrame:
    """One row per patient and stretch (start, stop] in one state; the other columns of `patients` go along.

    `patients` has one row per patient: patient_id, time, event_observed and, where some enter late, entry.
    `changes` has patient_id, since (same unit and origin as time) and state; before a patient's first change
    the state is `initial`. Of two changes at one time the later row speaks; changes at or after the end do
    not count. The event belongs to the last stretch. A patient whose entry is on or after the end has no row.

    Raises SurvivalInputError for a patient in two rows, or a change without patient, time or state.
    """
    _refuse(patients, changes)
    records = time_to_event_records(patients, time="time", event="event_observed", entry=_entry(patients))
    followed = patients.assign(
        entry=records["entry"].to_numpy(), time=records["time"].to_numpy(), order=np.arange(len(patients))
    )
    begun = pd.DataFrame({"patient_id": patients["patient_id"], "since": -np.inf, "state": initial})
    own = changes.loc[changes["patient_id"].isin(patients["patient_id"]), ["patient_id", "since", "state"]]
    known = begun if own.empty else pd.concat([begun, own], ignore_index=True)
    rows = followed.merge(known, on="patient_id").sort_values(["order", "since"], kind="stable")
    following = rows.groupby("order")["since"].shift(-1).fillna(np.inf)
    rows = rows.assign(start=rows[["since", "entry"]].max(axis=1), stop=np.minimum(following, rows["time"]))
    ends_at_start = (rows["time"] == 0) & (rows["entry"] == 0) & (rows["since"] <= 0) & (following > 0)
    kept = rows[(rows["start"] < rows["stop"]) | ends_at_start]
    at_end = kept["stop"] == kept["time"]
    happened = kept["event_observed"].astype(bool) & at_end
    return _merge_same_state(kept.assign(event_observed=happened)).reset_index(drop=True)


def simon_makuch_table(rows: pd.DataFrame, *, from_time: float = 0.0) -> pd.DataFrame:
    """The `risk_table` of the states: patients enter a state as they move to it and leave as they move on.

    `rows` as from `split_at_changes`. Curves start at `from_time` (time is measured from there), with those
    still followed after it. In this table a move out counts as censored and every stretch as an entry: the
    rows under a figure come from `count_moves_at`. Simon and Makuch 1984, Stat Med 3:35.
    """
    later = rows[(rows["stop"] > from_time) | (from_time <= 0)]
    shifted = later.assign(start=(later["start"] - from_time).clip(lower=0), stop=later["stop"] - from_time)
    return risk_table(shifted, time="stop", event="event_observed", group="state", entry="start")


def mantel_byar(rows: pd.DataFrame) -> LogRankResult:
    """The log-rank test with every patient at risk in the state of the moment.

    Mantel and Byar 1974, J Am Stat Assoc 69:81. With two states and no tied events it is the score test of
    R's `coxph(Surv(start, stop, event) ~ state)`.
    """
    return log_rank(simon_makuch_table(rows))


def compare_states(
    rows: pd.DataFrame, *, reference: str, adjusted_for: tuple[str, ...] = (), guards: Guards = DEFAULT_GUARDS
) -> dict[str, HazardRatio]:
    """One hazard ratio per state against `reference`, from the Cox model with the state of the moment.

    `rows` as from `split_at_changes`; `n` of a result counts stretches. R: `coxph(Surv(start, stop, event) ~
    state)`.
    """
    comparison = GroupComparison(
        time="stop",
        event="event_observed",
        entry="start",
        group="state",
        reference=reference,
        adjusted_for=adjusted_for,
    )
    return compare_hazards(rows, comparison=comparison, guards=guards)


def count_moves_at(rows: pd.DataFrame, *, times: Sequence[float]) -> pd.DataFrame:
    """One row per state and asked time: group, time, and the columns of MOVES.

    Counts are of what happened strictly before the time, as in `count_at`. Over all states together at_risk,
    n_event, n_censored and n_not_entered add up to the patients; within a state at_risk is those who began in
    it or moved in, less those moved out, censored or with an event. Rows of a state may be left away: whose
    rows end with it counts as censored there, and who comes back has moved out and in.
    """
    by_patient = rows.groupby("patient_id", observed=True)["start"]
    marked = rows.assign(
        is_first=rows["start"] == by_patient.transform("min"),
        is_last=rows["stop"] == rows.groupby("patient_id", observed=True)["stop"].transform("max"),
    )
    counted = [
        {"group": str(state), "time": float(time), **_moves(stretches, float(time))}
        for state, stretches in marked.groupby("state", observed=True)
        for time in times
    ]
    return pd.DataFrame(counted, columns=["group", "time", *MOVES])


def _moves(rows: pd.DataFrame, time: float) -> dict[str, int]:
    """The counts of one state just before a time."""
    entered = (rows["start"] < time) | (rows["start"] <= 0)
    left = rows["stop"] < time
    happened = rows["event_observed"]
    numbers = {
        "at_risk": entered & ~left,
        "n_event": left & happened,
        "n_censored": left & rows["is_last"] & ~happened,
        "n_moved_in": entered & ~rows["is_first"],
        "n_moved_out": left & ~rows["is_last"],
        "n_not_entered": ~entered & rows["is_first"],
    }
    return {name: int(chosen.sum()) for name, chosen in numbers.items()}


def _merge_same_state(rows: pd.DataFrame) -> pd.DataFrame:
    """Stretches that touch and have one state become one; order of columns: id, start, stop, event, state."""
    fresh = (rows["state"] != rows.groupby("order")["state"].shift()).groupby(rows["order"]).cumsum()
    first = rows.groupby([rows["order"], fresh.rename("stretch")], sort=False)
    merged = first.first().assign(stop=first["stop"].max(), event_observed=first["event_observed"].any())
    named = ["patient_id", "start", "stop", "event_observed", "state"]
    others = [name for name in merged.columns if name not in {*named, "since", "time", "entry", "order"}]
    return merged[[*named, *others]]


def _entry(patients: pd.DataFrame) -> str | None:
    return "entry" if "entry" in patients else None


def _refuse(patients: pd.DataFrame, changes: pd.DataFrame) -> None:
    repeated = int(patients["patient_id"].duplicated().sum())
    if repeated:
        raise SurvivalInputError(f"patient_id repeats in {repeated} rows; every patient has one row")
    incomplete = int(changes[["patient_id", "since", "state"]].isna().any(axis=1).sum())
    if incomplete:
        raise SurvivalInputError(
            f"changes has {incomplete} rows with a gap; each needs patient_id, since, state"
        )
