"""When a number is withheld and where a curve is dimmed, so that small groups do not mislead.

The defaults are those of `[display]` in study.toml; the codes are explained in `rules/study.toml`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.stats.quantiles import QuantileEstimate
from dashboard.stats.risk_table import derive_at_risk, groups_in_order, with_columns

MEDIAN_NOT_ESTIMABLE = "MEDIAN_NOT_ESTIMABLE"
MEDIAN_UNBOUNDED = "MEDIAN_UNBOUNDED"
HAZARD_RATIO_WITHHELD = "HAZARD_RATIO_WITHHELD"
HAZARD_RATIO_NOT_ESTIMABLE = "HAZARD_RATIO_NOT_ESTIMABLE"
P_VALUE_WITHHELD = "P_VALUE_WITHHELD"


@dataclass(frozen=True, kw_only=True)
class Guards:
    """The limits of clinical-decisions A28 and A29; below `counts_only_below` a group has no per cent.

    Below `small_analysis_below` an analysis has no hazard ratio, a group no median without an upper limit.
    """

    dim_share_percent: int = 10
    dim_at_risk_min: int = 5
    dim_at_risk_max: int = 10
    median_min_events: int = 5
    hazard_ratio_min_events: int = 10
    hazard_ratio_min_events_per_group: int = 5
    p_value_min_per_group: int = 10
    small_analysis_below: int = 30
    counts_only_below: int = 25
    is_confirmatory: bool = False

    @property
    def dimming(self) -> tuple[int, int, int]:
        """Per cent of a group at risk below which its curve is dimmed, and the least and most number."""
        return self.dim_share_percent, self.dim_at_risk_min, self.dim_at_risk_max


DEFAULT_GUARDS = Guards()


def dimming_limit(n: int, *, guards: Guards = DEFAULT_GUARDS) -> int:
    """The curve of a group of `n` is dimmed where fewer than this many are at risk.

    A tenth of n, rounded up, but never below 5 nor above 10 (A29): 22 gives 5, 73 gives 8, 200 gives 10.
    """
    share = -(-n * guards.dim_share_percent // 100)
    return min(max(share, guards.dim_at_risk_min), guards.dim_at_risk_max)


def derive_dimmed(table: pd.DataFrame, *, guards: Guards = DEFAULT_GUARDS) -> pd.DataFrame:
    """Add `at_risk` and `is_dimmed`: whether the curve is dimmed from the time before up to this time.

    `table` is a `risk_table` or the curve made of it. Between two times of a group the number at risk is that
    just before the second. With delayed entry the beginning may be dimmed too.
    """
    counted = derive_at_risk(table)
    groups = groups_in_order(counted, "n_entered", "at_risk")
    is_dimmed = [
        rows["at_risk"] < dimming_limit(int(rows["n_entered"].sum()), guards=guards) for _, rows in groups
    ]
    return with_columns(counted, is_dimmed=np.concatenate([np.empty(0, dtype=bool), *is_dimmed]))


def why_no_median(median: QuantileEstimate, *, guards: Guards = DEFAULT_GUARDS) -> str | None:
    """The code of the rule that withholds a median; None where it may be shown.

    Fewer than 5 events (A29), or no upper limit in a group of few. Not the same as a median not reached,
    which is shown as such in a group that is large enough.
    """
    if median.n_event < guards.median_min_events:
        return MEDIAN_NOT_ESTIMABLE
    return None if is_bounded(median, guards=guards) else MEDIAN_UNBOUNDED


def is_bounded(median: QuantileEstimate, *, guards: Guards = DEFAULT_GUARDS) -> bool:
    """Whether a median has its upper limit, which it needs in a group of few."""
    return median.n >= guards.small_analysis_below or None not in (median.time, median.upper)


def why_no_hazard_ratio(
    n_event: int, n_event_reference: int, *, guards: Guards = DEFAULT_GUARDS
) -> str | None:
    """The code of the rule that withholds a hazard ratio: fewer than 10 events, or 5 in a group (A29)."""
    per_group = min(n_event, n_event_reference)
    enough = n_event + n_event_reference >= guards.hazard_ratio_min_events
    if enough and per_group >= guards.hazard_ratio_min_events_per_group:
        return None
    return HAZARD_RATIO_WITHHELD


def why_no_p_value(table: pd.DataFrame, *, guards: Guards = DEFAULT_GUARDS) -> str | None:
    """The code of the rule that withholds p values: a descriptive study (A28), or a group below 10 (A29)."""
    smallest = table.groupby("group", observed=True)["n_entered"].sum().to_numpy(dtype=int)
    large = len(smallest) > 0 and int(np.min(smallest)) >= guards.p_value_min_per_group
    return None if guards.is_confirmatory and large else P_VALUE_WITHHELD
