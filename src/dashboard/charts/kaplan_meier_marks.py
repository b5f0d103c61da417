"""Frames to the marks of a Kaplan-Meier figure: what Vega-Lite draws, as plain values.

A curve is cut where it becomes dim and where it ceases to be. Each piece is one row whose columns are lists,
which the layer unfolds (`flatten`): thousands of rows by name would be most of what a page costs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.kaplan_meier_rows import layer

Piece = dict[str, Any]
TICK_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_TICKS = 8
HEIGHTS = ("time", "survival", "lower", "upper")
# Finer than a pixel can be; all digits would be half of what the browser is sent.
DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class Stretches:
    """The level parts of one curve, in order: limits NaN where unknown, heights in per cent.

    `next_level` is that to which the curve then falls, NaN where the axis has ended.
    """

    start: np.ndarray
    stop: np.ndarray
    level: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    next_level: np.ndarray
    is_dimmed: np.ndarray


Parts = Mapping[str, Stretches]


def axis_ticks(longest: float) -> list[float]:
    """Ticks of the time axis from 0 to the first at or after `longest`: whole steps, at most nine of them."""
    step = next((step for step in TICK_STEPS if longest <= MOST_TICKS * step), TICK_STEPS[-1])
    n_steps = max(1, -int(-longest // step))
    return [float(step * place) for place in range(n_steps + 1)]


def pieces_layer(pieces: list[Piece], mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    """One layer with a mark for each entry of the lists of its pieces."""
    lists = [name for name, values in pieces[0].items() if isinstance(values, list)] if pieces else []
    unfolded = {"transform": [{"flatten": lists}]} if lists else {}
    return {**layer(pieces, mark, **encoding), **unfolded}


def level_parts(curve: pd.DataFrame, *, until: float) -> Parts:
    """Per group the level parts of its curve up to `until`, from one fall to the next."""
    return {name: _stretches(rows, until=until) for name, rows in _by_group(curve, "is_dimmed")}


def curve_marks(parts: Parts) -> list[Piece]:
    """One piece per run of the curves: group, run, is_dimmed; time and survival in per cent by corner."""
    return [piece for name, own in parts.items() for piece in _curve_pieces(name, own)]


def _curve_pieces(name: str, own: Stretches) -> Iterator[Piece]:
    """Its two ends and the foot of the fall after it; a stretch begins in the corner of the one before."""
    run, is_first = _runs(own.is_dimmed)
    times = np.column_stack([own.start, own.stop, own.stop])
    levels = np.column_stack([own.level, own.level, own.next_level])
    is_corner = np.column_stack([is_first, np.ones_like(is_first), ~np.isnan(own.next_level)])
    for number in range(run[-1] + 1 if len(run) else 0):
        drawn = is_corner & (run == number)[:, None]
        yield {
            "group": name,
            "run": f"{name}/{number}",
            "is_dimmed": bool(own.is_dimmed[run == number][0]),
            "time": times[drawn].tolist(),
            "survival": levels[drawn].tolist(),
        }


def band_marks(parts: Parts) -> list[Piece]:
    """One piece per run of the bands: as `curve_marks`, with lower and upper; none where unknown."""
    return [piece for name, own in parts.items() for piece in _band_pieces(name, own)]


def _band_pieces(name: str, own: Stretches) -> Iterator[Piece]:
    is_known = ~np.isnan(own.lower) & ~np.isnan(own.upper)
    run, _ = _runs(own.is_dimmed + 2 * is_known)
    for number in np.unique(run[is_known]).tolist():
        drawn = run == number
        yield {
            "group": name,
            "run": f"{name}/{number}",
            "is_dimmed": bool(own.is_dimmed[drawn][0]),
            "lower": own.lower[drawn].repeat(2).tolist(),
            "upper": own.upper[drawn].repeat(2).tolist(),
            "time": np.column_stack([own.start[drawn], own.stop[drawn]]).ravel().tolist(),
        }


def _runs(kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of the run of equal kinds that each belongs to, from 0, and whether it is its first."""
    is_first = np.diff(kind.astype(int), prepend=-1) != 0
    return np.cumsum(is_first) - 1, is_first


def censor_marks(curve: pd.DataFrame, *, until: float) -> list[Piece]:
    """One piece per group, by time at which patients were censored: where on the curve, how many."""
    shown = curve[(curve["n_censored"] > 0) & (curve["time"] <= until)]
    return [
        {
            "group": name,
            **{column: rows[column].tolist() for column in ("time", "survival", "n_censored", "is_dimmed")},
        }
        for name, rows in _by_group(shown, "n_censored", "is_dimmed")
    ]


def step_marks(curve: pd.DataFrame, *, until: float) -> list[Piece]:
    """One piece per group, by event time, for the reader who points at it."""
    shown = curve[(curve["n_event"] > 0) & (curve["time"] <= until)]
    return [
        {"group": name, **{column: _known(values.tolist()) for column, values in rows.items()}}
        for name, rows in _by_group(shown, "at_risk")
    ]


def corners_of(pieces: Iterable[Piece]) -> dict[str, list[tuple[float, float]]]:
    """Of `curve_marks`, per group the corners of its curve; groups without any are left out."""
    corners: dict[str, list[tuple[float, float]]] = {}
    for piece in pieces:
        own = corners.setdefault(piece["group"], [])
        own += zip(piece["time"], piece["survival"], strict=True)
    return corners


def _by_group(curve: pd.DataFrame, *more: str) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Name of each group, and of its rows, by time, what `_heights` gives and `more` columns."""
    columns = dict(zip(HEIGHTS, _heights(curve).T, strict=True))
    columns |= {name: curve[name].to_numpy() for name in more}
    codes, names = pd.factorize(curve["group"])
    order = np.lexsort((columns["time"], codes))
    parts = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    return (
        (str(name), {column: values[part] for column, values in columns.items()})
        for name, part in zip(names, parts, strict=False)
    )


def _stretches(rows: Mapping[str, np.ndarray], *, until: float) -> Stretches:
    """The level parts of one curve, each with the level it then falls to; `_merged` says which are one."""
    after = np.column_stack([rows[name] for name in HEIGHTS])
    before = np.vstack([(0.0, 100.0, np.nan, np.nan), after[:-1]])
    is_dimmed = rows["is_dimmed"].astype(bool)
    begins, ends = before[:, 0], np.minimum(after[:, 0], until)
    is_part = (begins < until) & ((ends > begins) | (after[:, 1] != before[:, 1]))
    before, after, is_dimmed, ends = before[is_part], after[is_part], is_dimmed[is_part], ends[is_part]
    first, last = _merged(np.column_stack([before[:, 1:], is_dimmed]))
    start, level, lower, upper = before[first].T
    time, next_level = after[last, 0], after[last, 1]
    return Stretches(
        start=start,
        stop=ends[last],
        level=level,
        lower=lower,
        upper=upper,
        next_level=np.where(time <= until, next_level, np.nan),
        is_dimmed=is_dimmed[first],
    )


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


def _known(values: list[float]) -> list[float | None]:
    return [None if value != value else value for value in values]
