"""Frames to the marks of a Kaplan-Meier figure: the rows Vega-Lite draws, as plain values.

A curve is cut where it becomes dim and where it ceases to be; every piece is one row sequence with a `run`.
"""

from itertools import pairwise
from typing import Any

import pandas as pd

Mark = dict[str, Any]
TICK_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_TICKS = 8


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
            if place and stretch["is_dimmed"] != stretches[place - 1]["is_dimmed"]:
                run += 1
            own = {"group": str(name), "run": f"{name}/{run}", "is_dimmed": stretch["is_dimmed"]}
            corners = [(stretch["start"], stretch["level"]), (stretch["stop"], stretch["level"])]
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
            "group": str(row["group"]),
            "time": float(row["time"]),
            "survival": 100 * float(row["survival"]),
            "n_censored": int(row["n_censored"]),
            "is_dimmed": bool(row["is_dimmed"]),
        }
        for row in shown.to_dict("records")
    ]


def step_marks(curve: pd.DataFrame, *, until: float) -> list[Mark]:
    """One mark per group and event time, for the reader who points at it."""
    shown = curve[(curve["n_event"] > 0) & (curve["time"] <= until)]
    return [
        {
            "group": str(row["group"]),
            "time": float(row["time"]),
            "survival": 100 * float(row["survival"]),
            "lower": _percent(row["lower"]),
            "upper": _percent(row["upper"]),
            "at_risk": int(row["at_risk"]),
        }
        for row in shown.to_dict("records")
    ]


def corners_of(curve: pd.DataFrame, *, until: float) -> dict[str, list[tuple[float, float]]]:
    """Per group the corners of its curve, time and survival in per cent; groups without any are left out."""
    corners: dict[str, list[tuple[float, float]]] = {}
    for mark in curve_marks(curve, until=until):
        corners.setdefault(mark["group"], []).append((mark["time"], mark["survival"]))
    return corners


def _stretches(rows: pd.DataFrame, *, until: float) -> list[Mark]:
    """The level parts of one curve: from one time to the next, with the level it then falls to.

    Between two times the flag, like the number at risk, is that of the second.
    """
    start: Mark = {"time": 0.0, "survival": 1.0, "lower": None, "upper": None}
    corners: list[Any] = [start, *rows.sort_values("time").to_dict("records")]
    stretches: list[Mark] = []
    for here, there in pairwise(corners):
        begin, end = float(here["time"]), min(float(there["time"]), until)
        if begin >= until or (end <= begin and there["survival"] == here["survival"]):
            continue
        reached = float(there["time"]) <= until
        stretches.append(
            {
                "start": begin,
                "stop": end,
                "level": 100 * float(here["survival"]),
                "next_level": 100 * float(there["survival"]) if reached else None,
                "lower": _percent(here["lower"]),
                "upper": _percent(here["upper"]),
                "is_dimmed": bool(there["is_dimmed"]),
            }
        )
    return stretches


def _percent(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else 100 * float(value)
