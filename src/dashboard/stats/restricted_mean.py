"""Restricted mean survival time: the area under the curve up to a time. Checked against R's `survmean`."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.stats.risk_table import Columns, groups_in_order
from dashboard.stats.survival import estimate_survival


@dataclass(frozen=True, kw_only=True)
class RestrictedMean:
    """Mean event-free time within the first `until`, in the unit of the table; None where not estimable."""

    group: str
    until: float
    mean: float | None
    standard_error: float | None


def restricted_mean(table: pd.DataFrame, *, until: float) -> dict[str, RestrictedMean]:
    """One restricted mean per group, with the standard error of the mean.

    The variance sums, over the event times, the squared area still to come times d / (n (n - d)). None where
    the group was not observed up to `until` and its curve has not reached 0. Raises ValueError unless `until`
    is above 0. R: `summary(survfit(...), rmean = until)`.
    """
    return restricted_means_of(estimate_survival(table), until=until)


def restricted_means_of(curve: pd.DataFrame, *, until: float) -> dict[str, RestrictedMean]:
    """The same of a curve of `estimate_survival`, where it is at hand already."""
    if not until > 0:
        raise ValueError(f"until is {until}; allowed is a time above 0")
    groups = groups_in_order(curve, "time", "n_event", "at_risk", "survival")
    return {name: _restricted_mean(name, rows, until) for name, rows in groups}


def _restricted_mean(group: str, curve: Columns, until: float) -> RestrictedMean:
    survival, at = curve["survival"], curve["time"]
    if at[-1] < until and survival[-1] > 0:
        return RestrictedMean(group=group, until=until, mean=None, standard_error=None)
    within = at < until
    edges = np.concatenate([[0.0], at[within], [until]])
    areas = np.diff(edges) * np.concatenate([[1.0], survival[within]])
    to_come = areas[::-1].cumsum()[::-1][1:]
    n_event, at_risk = curve["n_event"][within].astype(float), curve["at_risk"][within].astype(float)
    # Where all at risk had the event nothing is to come, and the term is 0 (R does the same).
    counts = (n_event > 0) & (n_event < at_risk)
    terms = to_come[counts] ** 2 * n_event[counts] / (at_risk[counts] * (at_risk[counts] - n_event[counts]))
    return RestrictedMean(
        group=group, until=until, mean=float(areas.sum()), standard_error=float(np.sqrt(terms.sum()))
    )
