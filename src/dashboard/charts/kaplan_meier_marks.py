"""Frames to the marks of a Kaplan-Meier figure: the rows Vega-Lite draws, as plain values.

A curve is cut where it becomes dim and where it ceases to be; every piece is one row sequence with a `run`.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

Mark = dict[str, Any]
TICK_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_TICKS = 8
HEIGHTS = ("time", "survival", "lower", "upper")


def axis_ticks(longest: float) -> list[float]:
    """Ticks of the time axis from 0 to the first at or after `longest`: whole steps, at most nine of them."""
    step = next((step for step in TICK_STEPS if longest <= MOST_TICKS * step), TICK_STEPS[-1])
    n_steps = max(1, -int(-longest // step))
    return [float(step * place) for place in range(n_steps + 1)]


def curve_marks(curve: pd.DataFrame, *, until: float) -> list[Mark]:
    """One mark per corner of the step curves: group, run, is_dimmed, time and survival in per cent."""
    marks: list[Mark] = []
    for name, rows in curve.groupby("group", observed=True, sort=False):
        stretches = _stretches(rows, until=until)
        run = 0
        for place, stretch in enumerate(stretches):
            is_new = place > 0 and stretch["is_dimmed"] != stretches[place - 1]["is_dimmed"]
            run += is_new
            own = {"group": str(name), "run": f"{name}/{run}", "is_dimmed": stretch["is_dimmed"]}
            corners = [(stretch["stop"], stretch["level"])]
            if is_new or not place:  # else the stretch before has ended in this corner
                corners.insert(0, (stretch["start"], stretch["level"]))
            if stretch["next_level"] is not None:
                corners.append((stretch["stop"], stretch["next_level"]))
            marks += [{**own, "time": time, "survival": level} for time, level in corners]
    return marks


def band_marks(curve: pd.DataFrame, *, until: float) -> list[Mark]:
    """One mark per corner of the bands: as `curve_marks`, with lower and upper; none where unknown."""
    marks: list[Mark] = []
    for name, rows in curve.groupby("group", observed=True, sort=False):
        run, before = 0, None
        for stretch in _stretches(rows, until=until):
            known = stretch["lower"] is not None and stretch["upper"] is not None
            if (known, stretch["is_dimmed"]) != before:
                run, before = run + 1, (known, stretch["is_dimmed"])
            if known:
                own = {"group": str(name), "run": f"{name}/{run}", "is_dimmed": stretch["is_dimmed"]}
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
            "survival": 100 * survival,
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
            "survival": 100 * survival,
            "lower": _percent(lower),
            "upper": _percent(upper),
            "at_risk": int(at_risk),
        }
        for time, survival, lower, upper, group, at_risk in _values(shown, "group", "at_risk")
    ]


def corners_of(curve: pd.DataFrame, *, until: float) -> dict[str, list[tuple[float, float]]]:
    """Per group the corners of its curve, time and survival in per cent; groups without any are left out."""
    corners: dict[str, list[tuple[float, float]]] = {}
    for mark in curve_marks(curve, until=until):
        corners.setdefault(mark["group"], []).append((mark["time"], mark["survival"]))
    return corners


def _stretches(rows: pd.DataFrame, *, until: float) -> list[Mark]:
    """The level parts of one curve: from one fall to the next, with the level it then falls to.

    Between two times the flag, like the number at risk, is that of the second. A time at which nothing
    but censoring happened parts no level.
    """
    start = (0.0, 1.0, math.nan, math.nan, False)
    points = [start, *_values(rows.sort_values("time"), "is_dimmed")]
    stretches: list[Mark] = []
    for (begin, level, lower, upper, _), (time, next_level, *_, is_dimmed) in pairwise(points):
        end = min(time, until)
        if begin >= until or (end <= begin and next_level == level):
            continue
        after = 100 * next_level if time <= until else None
        same = {
            "level": 100 * level,
            "lower": _percent(lower),
            "upper": _percent(upper),
            "is_dimmed": is_dimmed,
        }
        if stretches and all(stretches[-1][name] == value for name, value in same.items()):
            stretches[-1] |= {"stop": end, "next_level": after}
        else:
            stretches.append({"start": begin, "stop": end, "next_level": after, **same})
    return stretches


def _values(curve: pd.DataFrame, *more: str) -> Iterator[tuple[Any, ...]]:
    """Time, survival and limits of each row as plain numbers, NaN where undefined; then `more` columns.

    By column, since the curve of many patients has thousands of rows.
    """
    columns = [curve[name].to_numpy(dtype=float, na_value=np.nan).tolist() for name in HEIGHTS]
    return zip(*columns, *(curve[name].tolist() for name in more), strict=True)


def _percent(value: float) -> float | None:
    return None if math.isnan(value) else 100 * value
