"""Median and other quantiles of a Kaplan-Meier curve, and median follow-up.

Checked against R's `quantile.survfit`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.stats.risk_table import Columns, groups_in_order
from dashboard.stats.survival import estimate_survival

# R: `tolerance = sqrt(.Machine$double.eps)`; without it 0.5000000000000001 is not one half.
LEVEL_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, kw_only=True)
class QuantileEstimate:
    """The time by which the share `probability` of a group has had the event; None means not reached."""

    group: str
    probability: float
    n: int
    n_event: int
    time: float | None
    lower: float | None
    upper: float | None


def estimate_quantile(
    table: pd.DataFrame, *, probability: float, confidence: float = 0.95
) -> dict[str, QuantileEstimate]:
    """One estimate per group, in the unit of the table; None where not reached.

    The first time survival is at or below 1 - probability; the midpoint where the curve lies flat at exactly
    that level, to the last observed time where it lies so to the end. Limits invert the log-log band
    (Brookmeyer and Crowley 1982), where survival 0 has no band, so that a last event cannot serve as an upper
    limit. R: `quantile(survfit(..., conf.type = "log-log"))`. Raises ValueError for a probability outside
    (0, 1).
    """
    if not 0 < probability < 1:
        raise ValueError(f"probability is {probability}; allowed is a fraction between 0 and 1, such as 0.5")
    return quantiles_of(estimate_survival(table, confidence=confidence), probability=probability)


def quantiles_of(curve: pd.DataFrame, *, probability: float) -> dict[str, QuantileEstimate]:
    """The same of a curve of `estimate_survival`, where it is at hand already."""
    groups = groups_in_order(curve, "time", "n_entered", "n_event", "survival", "lower", "upper")
    return {name: _quantile(name, rows, probability) for name, rows in groups}


def estimate_median(table: pd.DataFrame, *, confidence: float = 0.95) -> dict[str, QuantileEstimate]:
    """One median per group with its limits; rule and source as `estimate_quantile`."""
    return estimate_quantile(table, probability=0.5, confidence=confidence)


def follow_up(table: pd.DataFrame, *, confidence: float = 0.95) -> dict[str, QuantileEstimate]:
    """One median follow-up per group by reverse Kaplan-Meier: being censored is the event.

    `n_event` of the result is then the number censored. Schemper and Smith 1996, Control Clin Trials 17:343.
    R: `survfit(Surv(time, 1 - event))`.
    """
    reverse = table.assign(n_event=table["n_censored"], n_censored=table["n_event"])
    return estimate_median(reverse, confidence=confidence)


def _quantile(group: str, curve: Columns, probability: float) -> QuantileEstimate:
    def crossing(column: str) -> float | None:
        return _first_crossing(curve["time"], curve[column], level=1 - probability)

    return QuantileEstimate(
        group=group,
        probability=probability,
        n=int(curve["n_entered"].sum()),
        n_event=int(curve["n_event"].sum()),
        time=crossing("survival"),
        lower=crossing("lower"),
        upper=crossing("upper"),
    )


def _first_crossing(at: np.ndarray, height: np.ndarray, *, level: float) -> float | None:
    """First time `height` is at or below `level`, or the middle of a flat part exactly there."""
    reached = np.flatnonzero(height <= level + LEVEL_TOLERANCE)
    if not reached.size:
        return None
    below = np.flatnonzero(height <= level - LEVEL_TOLERANCE)
    flat_until = at[below[0]] if below.size else at[-1]
    return float((at[reached[0]] + flat_until) / 2)
