"""Statistics on small frames: time-to-event estimates from the risk table, and exact proportions."""

from dashboard.stats.competing import competing_risk_table, estimate_cumulative_incidence
from dashboard.stats.log_rank import LogRankResult, log_rank
from dashboard.stats.proportions import ProportionResult, proportion_interval
from dashboard.stats.quantiles import QuantileEstimate, estimate_median, estimate_quantile, follow_up
from dashboard.stats.restricted_mean import RestrictedMean, restricted_mean
from dashboard.stats.risk_table import SurvivalInputError, count_at, derive_at_risk, risk_table
from dashboard.stats.survival import estimate_survival, estimate_survival_at

__all__ = [
    "LogRankResult",
    "ProportionResult",
    "QuantileEstimate",
    "RestrictedMean",
    "SurvivalInputError",
    "competing_risk_table",
    "count_at",
    "derive_at_risk",
    "estimate_cumulative_incidence",
    "estimate_median",
    "estimate_quantile",
    "estimate_survival",
    "estimate_survival_at",
    "follow_up",
    "log_rank",
    "proportion_interval",
    "restricted_mean",
    "risk_table",
]
