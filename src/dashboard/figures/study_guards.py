"""The limits of a study below which a curve is dimmed or a number withheld."""

from dashboard.stats import Guards
from dashboard.studies.schema import Study


def study_guards(study: Study) -> Guards:
    """Limits of the block [display] (clinical-decisions A29), and whether p values may be shown (A28)."""
    display = study.display
    return Guards(
        dim_share_percent=display.dim_share_percent,
        dim_at_risk_min=display.dim_at_risk_min,
        dim_at_risk_max=display.dim_at_risk_max,
        median_min_events=display.median_min_events,
        hazard_ratio_min_events=display.hazard_ratio_min_events,
        hazard_ratio_min_events_per_group=display.hazard_ratio_min_events_per_group,
        p_value_min_per_group=display.p_value_min_per_group,
        small_analysis_below=display.small_analysis_below,
        counts_only_below=counts_only_below(study),
        is_confirmatory=study.inference == "confirmatory",
    )


def counts_only_below(study: Study) -> int:
    """Fewest patients for a per cent on every page; a study may raise it, never lower it."""
    return study.display.counts_only_below
