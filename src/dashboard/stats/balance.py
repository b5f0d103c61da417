"""Are two groups of patients alike? Standardised mean differences, no p values.

Austin 2009, Stat Med 28:3083; for several categories Yang and Dalton 2012, SAS Global Forum 335.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

NUMBER, CATEGORY, MISSING = "number", "category", "missing"
Difference = Callable[[pd.Series, pd.Series], float | None]
COLUMNS = ("characteristic", "kind", "n_first", "n_second", "difference", "is_imbalanced")


@dataclass(frozen=True, kw_only=True)
class BalanceGroups:
    """Which column splits the patients, which two of its groups are compared (first minus second)."""

    column: str
    first: str
    second: str


def describe_balance(
    frame: pd.DataFrame, *, groups: BalanceGroups, characteristics: Sequence[str], limit_percent: int = 20
) -> pd.DataFrame:
    """One row per characteristic and kind: known values of both groups, the difference, and if it is large.

    A number gives its standardised mean difference over the known values and, where any is missing, a second
    row of kind "missing" for the share unknown. Anything else is a category, with missing as a level; with
    more than two levels the difference has no sign. Null where a group has no value, or each has one value
    only and not the same. `is_imbalanced` where the difference is above `limit_percent` / 100 either way.
    """
    named = frame[groups.column].astype("string")
    first, second = frame[named == groups.first], frame[named == groups.second]
    rows: list[dict[str, object]] = []
    for name in characteristics:
        if pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name]):
            rows.append(_row(name, NUMBER, (first[name], second[name]), _of_means))
            if first[name].isna().any() or second[name].isna().any():
                rows.append(_row(name, MISSING, (first[name], second[name]), _of_missing))
        else:
            rows.append(_row(name, CATEGORY, (first[name], second[name]), _of_shares))
    found = pd.DataFrame(rows, columns=list(COLUMNS[:-1])).astype({"difference": "Float64"})
    large = found["difference"].abs() > limit_percent / 100
    return found.assign(is_imbalanced=large.astype("boolean"))


def _row(
    name: str, kind: str, values: tuple[pd.Series, pd.Series], difference: Difference
) -> dict[str, object]:
    first, second = values
    return {
        "characteristic": name,
        "kind": kind,
        "n_first": int(first.notna().sum()),
        "n_second": int(second.notna().sum()),
        "difference": difference(first, second),
    }


def _of_means(first: pd.Series, second: pd.Series) -> float | None:
    """Difference of the means over the root of the mean variance."""
    known = [values.dropna().to_numpy(dtype=float) for values in (first, second)]
    if min(len(values) for values in known) == 0:
        return None
    spread = np.mean([values.var(ddof=1) if len(values) > 1 else 0.0 for values in known])
    return _scaled(float(known[0].mean() - known[1].mean()), float(spread))


def _of_missing(first: pd.Series, second: pd.Series) -> float | None:
    return _of_share(first.isna(), second.isna())


def _of_share(first: pd.Series, second: pd.Series) -> float | None:
    """Two shares: their difference over the root of the mean of p (1 - p)."""
    if first.empty or second.empty:
        return None
    p, q = float(first.mean()), float(second.mean())
    return _scaled(p - q, (p * (1 - p) + q * (1 - q)) / 2)


def _of_shares(first: pd.Series, second: pd.Series) -> float | None:
    """All levels at once: the Mahalanobis distance of the shares; for two levels the signed difference."""
    if first.empty or second.empty:
        return None
    named = [values.astype("string").fillna("missing") for values in (first, second)]
    levels = sorted({level for values in named for level in values})
    if len(levels) <= 2:
        return _of_share(named[0] == levels[-1], named[1] == levels[-1])
    # One level is told by the others.
    shares = [np.array([(values == level).mean() for level in levels[1:]]) for values in named]
    covariance = sum(np.diag(share) - np.outer(share, share) for share in shares) / 2
    apart = shares[0] - shares[1]
    if np.linalg.matrix_rank(covariance) < len(apart):
        return None
    return float(np.sqrt(apart @ np.linalg.solve(covariance, apart)))


def _scaled(apart: float, variance: float) -> float | None:
    if variance > 0:
        return float(apart / np.sqrt(variance))
    return 0.0 if apart == 0 else None
