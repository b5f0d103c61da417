"""Kaplan-Meier: the curve with its band, and survival at chosen times. Checked against R's `survfit`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.stats.intervals import log_log_band
from dashboard.stats.risk_table import (
    TIE_TOLERANCE,
    Columns,
    count_at,
    derive_at_risk,
    groups_in_order,
    with_columns,
)

UNDEFINED_WHERE_UNKNOWN = ("survival", "standard_error", "lower", "upper")


def estimate_survival(table: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per group and distinct time: the risk table plus at_risk, survival, standard_error and band.

    `table` is a `risk_table`. `survival` is the share event-free just after the time; before the first row
    it is 1. Standard error by Greenwood; `lower` and `upper` by log-log. Undefined values are null (`pd.NA`):
    standard error and band once survival is 0, the band while it is still 1. Where delayed entry lets an
    early risk set empty by events, the curve stays at 0 as in R. R: `survfit(..., conf.type = "log-log")`.
    """
    curve = derive_at_risk(table)
    at_risk, n_event = curve["at_risk"].to_numpy(dtype=float), curve["n_event"].to_numpy(dtype=float)
    happened = n_event > 0
    stay, log_variance = np.ones(len(curve)), np.zeros(len(curve))
    stay[happened] = (at_risk[happened] - n_event[happened]) / at_risk[happened]
    log_variance[happened] = _greenwood_terms(at_risk[happened], n_event[happened])
    survival, log_variance = _products_and_sums(curve["group"], stay, log_variance)
    lower, upper = log_log_band(survival, log_variance=log_variance, confidence=confidence)
    known = np.where(survival > 0, log_variance, np.nan)
    return with_columns(
        curve,
        survival=_null_where_undefined(survival),
        standard_error=_null_where_undefined(survival * np.sqrt(known)),
        lower=_null_where_undefined(lower),
        upper=_null_where_undefined(upper),
    )


def estimate_survival_at(
    table: pd.DataFrame, *, times: Sequence[float], confidence: float = 0.95
) -> pd.DataFrame:
    """One row per group and asked time: at_risk, survival, standard_error, lower, upper.

    Survival counts events up to and including the time. Null after the last observed time of a group unless
    the curve has reached 0: a curve is never drawn on. R: `summary(survfit(...), times = ...)`.
    """
    return survival_of(estimate_survival(table, confidence=confidence), times=times)


def survival_of(curve: pd.DataFrame, *, times: Sequence[float]) -> pd.DataFrame:
    """The same of a curve of `estimate_survival`, where it is at hand already."""
    asked = np.asarray(times, dtype=float)
    counts = count_at(curve, times=times)[["group", "time", "at_risk"]]
    groups = groups_in_order(curve, "time", *UNDEFINED_WHERE_UNKNOWN)
    held = [_read_off(rows, asked) for _, rows in groups]
    read = np.concatenate(held) if held else np.empty((0, len(UNDEFINED_WHERE_UNKNOWN)))
    columns = dict(zip(UNDEFINED_WHERE_UNKNOWN, read.T, strict=True))
    return with_columns(counts, **{name: _null_where_undefined(found) for name, found in columns.items()})


def _products_and_sums(
    groups: pd.Series, factors: np.ndarray, terms: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Running products of the factors and running sums of the terms, within each group."""
    # By the name of a column: given the groups themselves, pandas writes them out for an error it drops.
    steps = pd.DataFrame({"group": groups, "factor": factors, "term": terms})
    by_group = steps.groupby("group", observed=True)
    return by_group["factor"].cumprod().to_numpy(), by_group["term"].cumsum().to_numpy()


def _greenwood_terms(at_risk: np.ndarray, n_event: np.ndarray) -> np.ndarray:
    """d / (n (n - d)) at each time."""
    # Where nobody survives, survival is 0 and the error undefined: the 1 only avoids dividing by 0.
    return np.asarray(n_event / (at_risk * np.maximum(at_risk - n_event, 1)))


def _null_where_undefined(values: np.ndarray) -> pd.arrays.FloatingArray:
    return pd.arrays.FloatingArray(values, mask=np.isnan(values))


def _read_off(curve: Columns, times: np.ndarray) -> np.ndarray:
    """The step of one group that holds at each asked time: asked times by the columns that may be null."""
    at, steps = curve["time"], [curve[column] for column in UNDEFINED_WHERE_UNKNOWN]
    start = np.array([[1.0, 0.0, np.nan, np.nan]])
    held = np.vstack([start, np.column_stack(steps)])[
        np.searchsorted(at, times + TIE_TOLERANCE, side="right")
    ]
    held[(times > at[-1] + TIE_TOLERANCE) & (held[:, 0] > 0)] = np.nan
    return np.asarray(held)
