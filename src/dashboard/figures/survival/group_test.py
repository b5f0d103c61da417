"""The log-rank test of the survival page, for studies that may show one (clinical-decisions A28, A29)."""

from dataclasses import replace

import pandas as pd

from dashboard.figures.survival.numbers import compared_groups, table_of
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.stats import LogRankResult, log_rank
from dashboard.tables.group_test import LOG_RANK, GroupTest


def log_rank_shown(kept: pd.DataFrame, *, request: SurvivalRequest) -> GroupTest | None:
    """The test over the groups of the frame of `followed`; whoever's group is not recorded is left out.

    None where the study is descriptive, the analysis small, another event competes, nobody has the event, or
    there is one group.
    """
    guards = request.guards
    is_small = len(kept) < guards.small_analysis_below
    if not guards.is_confirmatory or is_small or request.endpoint.competing:
        return None
    compared = compared_groups(kept, request=request)
    sizes = compared["group"].value_counts()
    if len(sizes) < 2 or not compared["is_event"].any():
        return None
    test = GroupTest(
        name=LOG_RANK,
        n=len(compared),
        n_event=int(compared["is_event"].sum()),
        n_groups=len(sizes),
        smallest=int(sizes.min()),
        least=guards.p_value_min_per_group,
        unit=request.unit,
    )
    return test if test.is_withheld else with_result(test, log_rank(table_of(compared)))


def with_result(test: GroupTest, result: LogRankResult) -> GroupTest:
    """The test with what it gives."""
    return replace(
        test,
        chi_squared=result.chi_squared,
        degrees_of_freedom=result.degrees_of_freedom,
        p_value=result.p_value,
    )
