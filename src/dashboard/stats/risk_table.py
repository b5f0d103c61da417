"""The risk table: the small frame every time-to-event figure is computed from.

Time may be in days or months; every result is in the unit of the table. A patient is at risk at `t` when
entry < t <= time. Whoever enters at time 0 is at risk from the start, time 0 included, so a death on day 0
counts (R: `Surv(time, event)`); a later entry is a delayed entry (R: `Surv(entry, time, event)`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from dashboard.errors import DashboardError

ALL_PATIENTS = "all"
RISK_TABLE_COLUMNS = ("group", "time", "n_event", "n_censored", "n_entered")

# Of one group, by the name of the column.
Columns = dict[str, np.ndarray]

# Times closer than this are one: months from a subtraction differ in the last bits (R: `timefix = TRUE`).
TIE_TOLERANCE = 1e-9
# Three centuries: a larger whole number is no time of a patient in days.
MOST_WHOLE_DAYS = 110_000


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
    groups = _groups(frame, group)
    entered, left, distinct = _moments(frame, time=time, entry=entry)
    happened = _events(frame, event)
    n_times, n_groups = len(distinct), len(groups.cat.categories)
    code = groups.cat.codes.to_numpy()
    if entry is not None:
        counted = (distinct[entered] == 0) | (entered < left)
        code, entered, left, happened = (one[counted] for one in (code, entered, left, happened))
    # Counted in one pass over the rows: a place for each group, ending without or with the event, and time.
    place = 2 * code.astype(np.int64) + happened
    place *= n_times
    place += left
    ends = np.bincount(place, minlength=2 * n_groups * n_times).reshape(n_groups, 2, n_times)
    n_entered = _entries(code, None if entry is None else entered, ends).ravel()
    n_event, n_left = ends[:, 1].ravel(), ends.sum(axis=1).ravel()
    rows = np.flatnonzero(n_left + n_entered)
    counts = pd.DataFrame(
        {
            "group": pd.Categorical.from_codes(
                (rows // len(distinct)).tolist(),
                categories=groups.cat.categories,
                ordered=bool(groups.cat.ordered),
            ),
            "time": distinct[rows % len(distinct)],
            "n_event": n_event[rows],
            "n_censored": (n_left - n_event)[rows],
            "n_entered": n_entered[rows],
        }
    )
    return counts.reindex(columns=RISK_TABLE_COLUMNS)


def _entries(code: np.ndarray, entered: np.ndarray | None, ends: np.ndarray) -> np.ndarray:
    """Entries by group and time; all at the first time, which is 0, where nobody enters late."""
    n_groups, _, n_times = ends.shape
    if entered is not None:
        places = code * np.int64(n_times) + entered
        return np.bincount(places, minlength=n_groups * n_times).reshape(n_groups, n_times)
    found = np.zeros((n_groups, n_times), dtype=np.int64)
    found[:, 0] = ends.sum(axis=(1, 2))
    return found


def derive_at_risk(table: pd.DataFrame) -> pd.DataFrame:
    """Add `at_risk`, the number at risk just before the time; rows ordered by group and time.

    Needs the columns of `risk_table`. R: `n.risk` of `survfit`.
    """
    ordered = _in_order(table)
    starts = _group_starts(ordered["group"])
    at, n_entered = ordered["time"].to_numpy(), ordered["n_entered"].to_numpy()
    leaving = ordered["n_event"].to_numpy() + ordered["n_censored"].to_numpy()
    # Only those entering at time 0 are at risk at the very time they enter.
    delayed = np.where(at > 0, n_entered, 0)
    gone = _sum_within(leaving, starts) - leaving
    return with_columns(ordered, at_risk=_sum_within(n_entered, starts) - delayed - gone)


def groups_in_order(table: pd.DataFrame, *columns: str) -> Iterator[tuple[str, Columns]]:
    """Name of each group and these columns of its rows, groups in their order and rows by time."""
    ordered = _in_order(table)
    starts = _group_starts(ordered["group"])
    names, whole = ordered["group"].array[starts], {name: _plain(ordered[name]) for name in columns}
    for name, (first, after) in zip(names, pairwise([*starts, len(ordered)]), strict=True):
        yield str(name), {column: values[first:after] for column, values in whole.items()}


def _plain(column: pd.Series) -> np.ndarray:
    """Numbers of a column, NaN where null."""
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy()
    return column.to_numpy(dtype=float, na_value=np.nan)


def with_columns(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """The frame with more columns; the frame itself stays as it is, and its values are not copied."""
    more = frame.copy(deep=False)
    for name, values in columns.items():
        more[name] = values
    return more


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """By group and time, rows numbered anew; a risk table is so already, and is then not sorted again."""
    group, at = _codes(table["group"]), table["time"].to_numpy()
    later = np.diff(group)
    if ((later > 0) | ((later == 0) & (np.diff(at) >= 0))).all():
        return table if isinstance(table.index, pd.RangeIndex) else table.reset_index(drop=True)
    return table.sort_values(["group", "time"], ignore_index=True)


def _codes(groups: pd.Series) -> np.ndarray:
    if isinstance(groups.dtype, pd.CategoricalDtype):
        return np.asarray(groups.cat.codes.to_numpy(), dtype=np.int64)
    return np.asarray(pd.factorize(groups, sort=True)[0])


def _group_starts(groups: pd.Series) -> list[int]:
    """Place of the first row of each group; the rows of a group lie together."""
    found: list[int] = np.flatnonzero(np.diff(_codes(groups), prepend=-1)).tolist()
    return found


def _sum_within(counts: np.ndarray, starts: list[int]) -> np.ndarray:
    """Running sums that begin anew with each group."""
    total = np.cumsum(counts)
    before = np.concatenate([[0], total])[starts]
    sizes = np.diff([*starts, len(counts)])
    return np.asarray(total - np.repeat(before, sizes))


def count_at(table: pd.DataFrame, *, times: Sequence[float] | np.ndarray) -> pd.DataFrame:
    """One row per group and asked time: at_risk, n_event, n_censored, n_not_entered.

    Events and censorings are those strictly before the time, because whoever leaves at `t` is still at risk
    at `t`: the four counts add up to the size of the group at every time. Layout of KMunicate (Morris 2019,
    BMJ Open 9:e030215).
    """
    asked = np.asarray(times, dtype=float)
    moved = ("n_event", "n_censored", "n_entered")
    found = [_count_group(name, rows, asked) for name, rows in groups_in_order(table, "time", *moved)]
    columns = ["group", "time", "at_risk", "n_event", "n_censored", "n_not_entered"]
    if not found:
        return pd.DataFrame(columns=columns)
    return pd.DataFrame({column: np.concatenate([one[column] for one in found]) for column in columns})


def _count_group(name: str, rows: Columns, asked: np.ndarray) -> Columns:
    at = rows["time"].astype(float)
    before = np.searchsorted(at, asked - TIE_TOLERANCE, side="left")
    # Those entering at time 0 are at risk from the start, so a count at 0 has them in.
    entered_by = np.where(asked <= 0, np.searchsorted(at, 0.0, side="right"), before)
    total = {
        column: np.concatenate([[0], values.astype(int).cumsum()])
        for column, values in rows.items()
        if column != "time"
    }
    n_event, n_censored = total["n_event"][before], total["n_censored"][before]
    n_entered = total["n_entered"][entered_by]
    return {
        "group": np.full(len(asked), name, dtype=object),
        "time": asked,
        "at_risk": n_entered - n_event - n_censored,
        "n_event": n_event,
        "n_censored": n_censored,
        "n_not_entered": total["n_entered"][-1] - n_entered,
    }


def time_to_event_records(
    frame: pd.DataFrame, *, time: str, event: str, group: str | None = None, entry: str | None = None
) -> pd.DataFrame:
    """One row per row of `frame`, same order: group, entry, time, event (1 or 0), with near ties made exact.

    Rows whose delayed entry is on or after the end stay in. Raises what `risk_table` raises.
    """
    entered, left, distinct = _moments(frame, time=time, entry=entry)
    return pd.DataFrame(
        {
            "group": _groups(frame, group),
            "entry": distinct[entered],
            "time": distinct[left],
            "event": _events(frame, event).astype(int),
        }
    )


def _moments(
    frame: pd.DataFrame, *, time: str, entry: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per row the place of its entry and of its end among the times, which come third, ascending.

    Whole days are their own places: no search for the distinct ones among a million rows.
    """
    ended = _times(frame, time)
    delays = np.zeros_like(ended) if entry is None else _delays(frame[entry])
    if all(_are_whole_days(one) for one in (ended, delays)):
        return delays, ended, np.arange(max(ended.max(), delays.max()) + 1, dtype=float)
    # Time 0 goes along, so that an entry a few bits above 0 is no delayed entry.
    place, distinct = _places(np.concatenate([[0.0], delays, ended]))
    return place[1 : len(delays) + 1], place[len(delays) + 1 :], distinct


def _are_whole_days(times: np.ndarray) -> bool:
    return times.dtype.kind == "i" and len(times) > 0 and int(times.max()) <= MOST_WHOLE_DAYS


def _delays(entries: pd.Series) -> np.ndarray:
    return _numbers(entries.fillna(0).clip(lower=0))


def _numbers(column: pd.Series) -> np.ndarray:
    """Whole numbers as such, all others as floats."""
    is_whole = pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans
    return column.astype("int64" if is_whole else float, copy=False).to_numpy()


def _places(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each time among the distinct times, and these, ascending, near ties made one."""
    # A hash table first: sorting a million times to find a few thousand takes five times as long.
    codes, found = pd.factorize(times)
    order = np.argsort(found, kind="stable")
    first = np.diff(found[order], prepend=-np.inf) > TIE_TOLERANCE
    place_of_code = np.empty(len(found), dtype=np.int64)
    place_of_code[order] = np.cumsum(first) - 1
    return place_of_code[codes], np.asarray(found[order][first])


def _times(frame: pd.DataFrame, column: str) -> np.ndarray:
    values = _numbers(frame[column])
    unknown = 0 if values.dtype.kind == "i" else int((~np.isfinite(values)).sum())
    if unknown:
        raise SurvivalInputError(
            f"{column} has {unknown} missing or infinite values; every patient needs a time"
        )
    if (values < 0).any():
        raise SurvivalInputError(f"{column} has {values.min()} as its smallest value; a time is 0 or more")
    return values


def _events(frame: pd.DataFrame, column: str) -> np.ndarray:
    if frame[column].dtype == bool:
        return frame[column].to_numpy()
    found: list[Any] = frame[column].unique().tolist()
    unknown = [value for value in found if pd.isna(value) or value not in (0, 1)]
    if unknown:
        raise SurvivalInputError(f"{column} has {unknown}; allowed are true and false (or 1 and 0)")
    return frame[column].to_numpy().astype(bool)


def _groups(frame: pd.DataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series([ALL_PATIENTS] * len(frame), dtype="category")
    groups = frame[column].astype("category").reset_index(drop=True)
    missing = int(groups.isna().sum())
    if missing:
        raise SurvivalInputError(f"{column} is missing for {missing} patients; every patient needs a group")
    return groups.cat.rename_categories(str)
