"""The risk table: the small frame every time-to-event figure is computed from.

Time may be in days or months; every result is in the unit of the table. A patient is at risk at `t` when
entry < t <= time. Whoever enters at time 0 is at risk from the start, time 0 included, so a death on day 0
counts (R: `Surv(time, event)`); a later entry is a delayed entry (R: `Surv(entry, time, event)`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.errors import DashboardError

ALL_PATIENTS = "all"
RISK_TABLE_COLUMNS = ("group", "time", "n_event", "n_censored", "n_entered")

# Times closer than this are one: months from a subtraction differ in the last bits (R: `timefix = TRUE`).
TIE_TOLERANCE = 1e-9


class SurvivalInputError(DashboardError):
    """The frame cannot be a time-to-event frame: names the column, what was found and what is allowed."""


def risk_table(
    frame: pd.DataFrame, *, time: str, event: str, group: str | None = None, entry: str | None = None
) -> pd.DataFrame:
    """One row per group and distinct time: group, time, n_event, n_censored, n_entered.

    `time` and `entry` name columns in one unit, measured from the index date; `event` names the column that
    is true (or 1) when the event was observed. A missing or negative entry means followed from the start. A
    patient whose delayed entry is on or after the end is never at risk and not counted, so
    `len(frame) - table["n_entered"].sum()` is their number. Groups follow the order of a categorical column,
    otherwise sorted order; without `group` all patients form the group "all".

    Raises SurvivalInputError for a missing or negative time, a missing group, or an event other than true or
    false.
    """
    records = time_to_event_records(frame, time=time, event=event, group=group, entry=entry)
    counted = records[(records["entry"] == 0) | (records["entry"] < records["time"])]
    leaving = counted.groupby(["group", "time"], observed=True)["event"].agg(n_event="sum", n_left="size")
    entering = counted.groupby(["group", "entry"], observed=True).agg(n_entered=("event", "size"))
    entering = entering.rename_axis(["group", "time"])
    counts: pd.DataFrame = (
        leaving.join(entering, how="outer").fillna(0).astype("int64").sort_index().reset_index()
    )
    return counts.assign(n_censored=counts["n_left"] - counts["n_event"]).reindex(columns=RISK_TABLE_COLUMNS)


def derive_at_risk(table: pd.DataFrame) -> pd.DataFrame:
    """Add `at_risk`, the number at risk just before the time; rows ordered by group and time.

    Needs the columns of `risk_table`. R: `n.risk` of `survfit`.
    """
    ordered = table.sort_values(["group", "time"], ignore_index=True)
    leaving = ordered["n_event"] + ordered["n_censored"]
    # Only those entering at time 0 are at risk at the very time they enter.
    delayed = ordered["n_entered"].where(ordered["time"] > 0, 0)
    movement = pd.DataFrame({"group": ordered["group"], "entered": ordered["n_entered"], "left": leaving})
    total = movement.groupby("group", observed=True)[["entered", "left"]].cumsum()
    return ordered.assign(at_risk=(total["entered"] - delayed) - (total["left"] - leaving))


def count_at(table: pd.DataFrame, *, times: Sequence[float]) -> pd.DataFrame:
    """One row per group and asked time: at_risk, n_event, n_censored, n_not_entered.

    Events and censorings are those strictly before the time, because whoever leaves at `t` is still at risk
    at `t`: the four counts add up to the size of the group at every time. Layout of KMunicate (Morris 2019,
    BMJ Open 9:e030215).
    """
    asked = np.asarray(times, dtype=float)
    rows = [_count_group(str(name), rows, asked) for name, rows in table.groupby("group", observed=True)]
    columns = ["group", "time", "at_risk", "n_event", "n_censored", "n_not_entered"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def _count_group(name: str, rows: pd.DataFrame, asked: np.ndarray) -> pd.DataFrame:
    ordered = rows.sort_values("time")
    at = ordered["time"].to_numpy(dtype=float)
    before = np.searchsorted(at, asked - TIE_TOLERANCE, side="left")
    # Those entering at time 0 are at risk from the start, so a count at 0 has them in.
    entered_by = np.where(asked <= 0, np.searchsorted(at, 0.0, side="right"), before)
    total = {
        column: np.concatenate([[0], ordered[column].to_numpy(dtype=int).cumsum()])
        for column in ("n_event", "n_censored", "n_entered")
    }
    n_event, n_censored = total["n_event"][before], total["n_censored"][before]
    n_entered = total["n_entered"][entered_by]
    return pd.DataFrame(
        {
            "group": name,
            "time": asked,
            "at_risk": n_entered - n_event - n_censored,
            "n_event": n_event,
            "n_censored": n_censored,
            "n_not_entered": total["n_entered"][-1] - n_entered,
        }
    )


def time_to_event_records(
    frame: pd.DataFrame, *, time: str, event: str, group: str | None = None, entry: str | None = None
) -> pd.DataFrame:
    """One row per row of `frame`, same order: group, entry, time, event (1 or 0), with near ties made exact.

    Rows whose delayed entry is on or after the end stay in. Raises what `risk_table` raises.
    """
    ended = _times(frame, time)
    delays = pd.Series(0.0, index=frame.index) if entry is None else frame[entry].astype(float)
    entered = delays.fillna(0.0).clip(lower=0.0).to_numpy(dtype=float)
    # Time 0 goes along, so that an entry a few bits above 0 is no delayed entry.
    merged = merge_near_ties(np.concatenate([[0.0], entered, ended]))[1:]
    return pd.DataFrame(
        {
            "group": _groups(frame, group),
            "entry": merged[: len(frame)],
            "time": merged[len(frame) :],
            "event": _events(frame, event),
        }
    )


def merge_near_ties(times: np.ndarray) -> np.ndarray:
    """The times, same order; those closer than TIE_TOLERANCE to the next smaller one become equal to it."""
    distinct, position = np.unique(times, return_inverse=True)
    first = np.diff(distinct, prepend=-np.inf) > TIE_TOLERANCE
    return np.asarray(distinct[first][np.cumsum(first)[position] - 1])


def _times(frame: pd.DataFrame, column: str) -> np.ndarray:
    values = frame[column].astype(float).to_numpy(dtype=float)
    unknown = int((~np.isfinite(values)).sum())
    if unknown:
        raise SurvivalInputError(
            f"{column} has {unknown} missing or infinite values; every patient needs a time"
        )
    if (values < 0).any():
        raise SurvivalInputError(f"{column} has {values.min()} as its smallest value; a time is 0 or more")
    return values


def _events(frame: pd.DataFrame, column: str) -> np.ndarray:
    found: list[Any] = frame[column].unique().tolist()
    unknown = [value for value in found if pd.isna(value) or value not in (0, 1)]
    if unknown:
        raise SurvivalInputError(f"{column} has {unknown}; allowed are true and false (or 1 and 0)")
    return frame[column].astype(int).to_numpy()


def _groups(frame: pd.DataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series([ALL_PATIENTS] * len(frame), dtype="category")
    groups = frame[column].astype("category").reset_index(drop=True)
    missing = int(groups.isna().sum())
    if missing:
        raise SurvivalInputError(f"{column} is missing for {missing} patients; every patient needs a group")
    return groups.cat.rename_categories(str)
