"""Statistics on small frames: time-to-event estimates from the risk table, Cox models, exact proportions."""

from dashboard.stats.agreement import (
    Kappa,
    McNemar,
    Measure,
    PairedCounts,
    cohen_kappa,
    describe_agreement,
    mcnemar,
)
from dashboard.stats.balance import BalanceGroups, describe_balance
from dashboard.stats.competing import competing_risk_table, estimate_cumulative_incidence
from dashboard.stats.cox import CoxFit, CoxModel, CoxTerm, fit_cox
from dashboard.stats.guards import (
    Guards,
    derive_dimmed,
    dimming_limit,
    is_bounded,
    why_no_hazard_ratio,
    why_no_median,
    why_no_p_value,
)
from dashboard.stats.hazard_ratio import GroupComparison, HazardRatio, compare_hazards
from dashboard.stats.intervals import ChiSquaredTest
from dashboard.stats.landmark import (
    DAYS_PER_MONTH,
    LandmarkSelection,
    select_after_second_draw,
    select_at_landmark,
)
from dashboard.stats.log_rank import LogRankResult, log_rank
from dashboard.stats.proportions import ProportionResult, proportion_interval
from dashboard.stats.quantiles import (
    QuantileEstimate,
    estimate_median,
    estimate_quantile,
    follow_up,
    quantiles_of,
)
from dashboard.stats.restricted_mean import RestrictedMean, restricted_mean, restricted_means_of
from dashboard.stats.risk_table import SurvivalInputError, count_at, derive_at_risk, risk_table
from dashboard.stats.survival import estimate_survival, estimate_survival_at, survival_of
from dashboard.stats.time_dependent import (
    compare_states,
    count_moves_at,
    mantel_byar,
    simon_makuch_table,
    split_at_changes,
)

__all__ = [
    "DAYS_PER_MONTH",
    "BalanceGroups",
    "ChiSquaredTest",
    "CoxFit",
    "CoxModel",
    "CoxTerm",
    "GroupComparison",
    "Guards",
    "HazardRatio",
    "Kappa",
    "LandmarkSelection",
    "LogRankResult",
    "McNemar",
    "Measure",
    "PairedCounts",
    "ProportionResult",
    "QuantileEstimate",
    "RestrictedMean",
    "SurvivalInputError",
    "cohen_kappa",
    "compare_hazards",
    "compare_states",
    "competing_risk_table",
    "count_at",
    "count_moves_at",
    "derive_at_risk",
    "derive_dimmed",
    "describe_agreement",
    "describe_balance",
    "dimming_limit",
    "estimate_cumulative_incidence",
    "estimate_median",
    "estimate_quantile",
    "estimate_survival",
    "estimate_survival_at",
    "fit_cox",
    "follow_up",
    "is_bounded",
    "log_rank",
    "mantel_byar",
    "mcnemar",
    "proportion_interval",
    "quantiles_of",
    "restricted_mean",
    "restricted_means_of",
    "risk_table",
    "select_after_second_draw",
    "select_at_landmark",
    "simon_makuch_table",
    "split_at_changes",
    "survival_of",
    "why_no_hazard_ratio",
    "why_no_median",
    "why_no_p_value",
]
