"""Log-rank comparison of two or more groups. Checked against R's `survdiff`."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from dashboard.stats.risk_table import count_at


@dataclass(frozen=True, kw_only=True)
class LogRankResult:
    """Observed and expected events per group; the test is None where the groups cannot be compared."""

    observed: dict[str, int]
    expected: dict[str, float]
    chi_squared: float | None
    degrees_of_freedom: int
    p_value: float | None


def log_rank(table: pd.DataFrame) -> LogRankResult:
    """Compare the groups of a `risk_table`, delayed entry included (then the Mantel-Byar test).

    At every event time the events are shared out by the numbers at risk, with the hypergeometric variance for
    ties. A group never at risk at an event time adds no degree of freedom. R: `survdiff(Surv(time, event) ~
    group)`.
    """
    named = table["group"].astype(str)
    names = named.unique().tolist()
    parts = {name: table[named == name] for name in names}
    at = np.unique(table["time"].to_numpy(dtype=float)[table["n_event"].to_numpy() > 0])
    n_risk, n_event = np.zeros((len(at), len(names))), np.zeros((len(at), len(names)))
    for place, name in enumerate(names):
        n_risk[:, place] = count_at(parts[name], times=at)["at_risk"]
        n_event[:, place] = _events_at(parts[name], at)
    share = n_risk / n_risk.sum(axis=1, keepdims=True)
    expected = (n_event.sum(axis=1)[:, np.newaxis] * share).sum(axis=0)
    chi_squared, degrees = _compare(n_event.sum(axis=0) - expected, expected, _covariance(n_event, n_risk))
    return LogRankResult(
        observed=dict(zip(names, n_event.sum(axis=0).astype(int).tolist(), strict=True)),
        expected=dict(zip(names, expected.tolist(), strict=True)),
        chi_squared=chi_squared,
        degrees_of_freedom=degrees,
        p_value=None if chi_squared is None else float(stats.chi2.sf(chi_squared, degrees)),
    )


def _events_at(rows: pd.DataFrame, at: np.ndarray) -> np.ndarray:
    """Events of one group at the times `at`, 0 where it has none."""
    n_event = rows["n_event"].to_numpy()
    found = np.zeros(len(at))
    found[np.searchsorted(at, rows["time"].to_numpy(dtype=float)[n_event > 0])] = n_event[n_event > 0]
    return found


def _covariance(n_event: np.ndarray, n_risk: np.ndarray) -> np.ndarray:
    """Covariance of observed minus expected, summed over the event times; groups by groups."""
    total, happened = n_risk.sum(axis=1), n_event.sum(axis=1)
    share = n_risk / total[:, np.newaxis]
    weight = happened * (total - happened) / np.maximum(total - 1, 1)
    within = np.einsum("t,ti->i", weight, share)
    between = np.einsum("t,ti,tj->ij", weight, share, share)
    return np.asarray(np.diag(within) - between)


def _compare(
    difference: np.ndarray, expected: np.ndarray, covariance: np.ndarray
) -> tuple[float | None, int]:
    """The chi-squared statistic, None where it cannot be computed, and its degrees of freedom."""
    compared = np.flatnonzero(expected > 0)[:-1]
    if not compared.size:
        return None, 0
    matrix = covariance[np.ix_(compared, compared)]
    if np.linalg.matrix_rank(matrix) < compared.size:
        return None, int(compared.size)
    apart = difference[compared]
    return float(apart @ np.linalg.solve(matrix, apart)), int(compared.size)
