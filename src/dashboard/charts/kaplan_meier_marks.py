"""Frames to the marks of a Kaplan-Meier figure: the rows Vega-Lite draws, as plain values.

A curve is cut where it becomes dim and where it ceases to be; every piece is one row sequence with a `run`.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

Mark = dict[str, Any]
Parts = Mapping[str, Sequence[Mark]]
TICK_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_TICKS = 8
HEIGHTS = ("time", "survival", "lower", "upper")
# Finer than a pixel can be; all digits would be half of what the browser is sent.
DECIMALS = 4


def axis_ticks(longest: float) -> list[float]:
    """Ticks of the time axis from 0 to the first at or after `longest`: whole steps, at most nine of them."""
    step = next((step for step in TICK_STEPS if longest <= MOST_TICKS * step), TICK_STEPS[-1])
    n_steps = max(1, -int(-longest // step))
    return [float(step * place) for place in range(n_steps + 1)]


def level_parts(curve: pd.DataFrame, *, until: float) -> Parts:
    """Per group the level parts of its curve up to `until`, from one fall to the next."""
    groups = curve.groupby("group", observed=True, sort=False)
    return {str(name): _stretches(rows, until=until) for name, rows in groups}


def curve_marks(parts: Parts) -> list[Mark]:
    """One mark per corner of the step curves: group, run, is_dimmed, time and survival in per cent."""
    marks: list[Mark] = []
    for name, stretches in parts.items():
        run = 0
        for place, stretch in enumerate(stretches):
            is_new = place > 0 and stretch["is_dimmed"] != stretches[place - 1]["is_dimmed"]
            run += is_new
            own = {"group": name, "run": f"{name}/{run}", "is_dimmed": stretch["is_dimmed"]}
            corners = [(stretch["stop"], stretch["level"])]
            if is_new or not place:  # else the stretch before has ended in this corner
                corners.insert(0, (stretch["start"], stretch["level"]))
            if stretch["next_level"] is not None:
                corners.append((stretch["stop"], stretch["next_level"]))
            marks += [{**own, "time": time, "survival": level} for time, level in corners]
    return marks


def band_marks(parts: Parts) -> list[Mark]:
    """One mark per corner of the bands: as `curve_marks`, with lower and upper; none where unknown."""
    marks: list[Mark] = []
    for name, stretches in parts.items():
        run, before = 0, None
        for stretch in stretches:
            known = stretch["lower"] is not None and stretch["upper"] is not None
            if (known, stretch["is_dimmed"]) != before:
                run, before = run + 1, (known, stretch["is_dimmed"])
            if known:
                own = {"group": name, "run": f"{name}/{run}", "is_dimmed": stretch["is_dimmed"]}
                limits = {"lower": stretch["lower"], "upper": stretch["upper"]}
                marks += [{**own, **limits, "time": time} for time in (stretch["start"], stretch["stop"])]
    return marks


def censor_marks(curve: pd.DataFrame, *, until: float) -> list[Mark]:
    """One mark per group and time at which patients were censored: where on the curve, how many."""
    shown = curve[(curve["n_censored"] > 0) & (curve["time"] <= until)]
    return [
        {
            "group": str(group),
            "time": time,
            "survival": survival,
            "n_censored": int(n_censored),
            "is_dimmed": bool(is_dimmed),
        }
        for time, survival, _, _, group, n_censored, is_dimmed in _values(
            shown, "group", "n_censored", "is_dimmed"
        )
    ]


def step_marks(curve: pd.DataFrame, *, until: float) -> list[Mark]:
    """One mark per group and event time, for the reader who points at it."""
    shown = curve[(curve["n_event"] > 0) & (curve["time"] <= until)]
    return [
        {
            "group": str(group),
            "time": time,
            "survival": survival,
            "lower": _known(lower),
            "upper": _known(upper),
            "at_risk": int(at_risk),
        }
        for time, survival, lower, upper, group, at_risk in _values(shown, "group", "at_risk")
    ]


def corners_of(marks: Iterable[Mark]) -> dict[str, list[tuple[float, float]]]:
    """Of `curve_marks`, per group the corners of its curve; groups without any are left out."""
    corners: dict[str, list[tuple[float, float]]] = {}
    for mark in marks:
        corners.setdefault(mark["group"], []).append((mark["time"], mark["survival"]))
    return corners


def _stretches(rows: pd.DataFrame, *, until: float) -> list[Mark]:
    """The level parts of one curve, each with the level it then falls to; `_merged` says which are one."""
    ordered = rows.sort_values("time")
    after = _heights(ordered)
    before = np.vstack([(0.0, 100.0, np.nan, np.nan), after[:-1]])
    is_dimmed = ordered["is_dimmed"].to_numpy(dtype=bool)
    begins, ends = before[:, 0], np.minimum(after[:, 0], until)
    is_part = (begins < until) & ((ends > begins) | (after[:, 1] != before[:, 1]))
    before, after, is_dimmed, ends = before[is_part], after[is_part], is_dimmed[is_part], ends[is_part]
    first, last = _merged(np.column_stack([before[:, 1:], is_dimmed]))
    parts = zip(
        before[first].tolist(),
        is_dimmed[first].tolist(),
        ends[last].tolist(),
        after[last].tolist(),
        strict=True,
    )
    return [
        {
            "start": begin,
            "stop": end,
            "level": level,
            "next_level": next_level if time <= until else None,
            "lower": _known(lower),
            "upper": _known(upper),
            "is_dimmed": dimmed,
        }
        for (begin, level, lower, upper), dimmed, end, (time, next_level, *_) in parts
    ]


def _merged(same: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last row of each run of equal rows, where NaN equals NaN.

    Between two times the flag, like the number at risk, is that of the second. A time at which nothing
    but censoring happened parts no level.
    """
    is_equal = (same[1:] == same[:-1]) | (np.isnan(same[1:]) & np.isnan(same[:-1]))
    starts = np.flatnonzero(~is_equal.all(axis=1)) + 1
    bounds = np.concatenate([[0], starts, [len(same)]])
    return (bounds[:-1], bounds[1:] - 1) if len(same) else (bounds[:0], bounds[:0])


def _heights(curve: pd.DataFrame) -> np.ndarray:
    """Time, and survival and its limits in per cent, of each row as plain numbers; NaN where undefined."""
    columns = [curve[name].to_numpy(dtype=float, na_value=np.nan) for name in HEIGHTS]
    return np.round(np.column_stack(columns) * (1, 100, 100, 100), DECIMALS)


def _values(curve: pd.DataFrame, *more: str) -> Iterator[tuple[Any, ...]]:
    """What `_heights` gives of each row, then `more` columns.

    By column, since the curve of many patients has thousands of rows.
    """
    return zip(*_heights(curve).T.tolist(), *(curve[name].tolist() for name in more), strict=True)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
