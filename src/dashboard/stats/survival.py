"""Kaplan-Meier: the curve with its band, and survival at chosen times. Checked against R's `survfit`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.stats.intervals import log_log_band
from dashboard.stats.risk_table import TIE_TOLERANCE, count_at, derive_at_risk

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
    steps = pd.DataFrame({"group": curve["group"], "stay": 1.0, "log_variance": 0.0})
    happened = n_event > 0
    steps.loc[happened, "stay"] = ((at_risk - n_event) / np.where(happened, at_risk, 1))[happened]
    steps.loc[happened, "log_variance"] = _greenwood_terms(at_risk[happened], n_event[happened])
    by_group = steps.groupby("group", observed=True)
    survival = by_group["stay"].cumprod().to_numpy(dtype=float)
    log_variance = by_group["log_variance"].cumsum().to_numpy(dtype=float)
    lower, upper = log_log_band(survival, log_variance=log_variance, confidence=confidence)
    known = np.where(survival > 0, log_variance, np.nan)
    return curve.assign(
        survival=survival, standard_error=survival * np.sqrt(known), lower=lower, upper=upper
    ).pipe(_null_where_undefined)


def estimate_survival_at(
    table: pd.DataFrame, *, times: Sequence[float], confidence: float = 0.95
) -> pd.DataFrame:
    """One row per group and asked time: at_risk, survival, standard_error, lower, upper.

    Survival counts events up to and including the time. Null after the last observed time of a group unless
    the curve has reached 0: a curve is never drawn on. R: `summary(survfit(...), times = ...)`.
    """
    curve = estimate_survival(table, confidence=confidence)
    counts = count_at(table, times=times)[["group", "time", "at_risk"]]
    parts = [
        _read_off(rows, counts[counts["group"] == str(name)])
        for name, rows in curve.groupby("group", observed=True)
    ]
    columns = ["group", "time", "at_risk", *UNDEFINED_WHERE_UNKNOWN]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _greenwood_terms(at_risk: np.ndarray, n_event: np.ndarray) -> np.ndarray:
    """d / (n (n - d)) at each time."""
    # Where nobody survives, survival is 0 and the error undefined: the 1 only avoids dividing by 0.
    return np.asarray(n_event / (at_risk * np.maximum(at_risk - n_event, 1)))


def _null_where_undefined(curve: pd.DataFrame) -> pd.DataFrame:
    return curve.astype({column: "Float64" for column in UNDEFINED_WHERE_UNKNOWN})


def _read_off(curve: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """The step that holds at each asked time; `asked` has group, time, at_risk."""
    at = curve["time"].to_numpy(dtype=float)
    times = asked["time"].to_numpy(dtype=float)
    steps = curve[list(UNDEFINED_WHERE_UNKNOWN)].astype(float).to_numpy()
    start = np.array([[1.0, 0.0, np.nan, np.nan]])
    held = np.vstack([start, steps])[np.searchsorted(at, times + TIE_TOLERANCE, side="right")]
    held[(times > at[-1] + TIE_TOLERANCE) & (held[:, 0] > 0)] = np.nan
    read = dict(zip(UNDEFINED_WHERE_UNKNOWN, held.T, strict=True))
    return asked.assign(**read).pipe(_null_where_undefined)
