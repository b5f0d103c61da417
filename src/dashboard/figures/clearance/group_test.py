"""The test over groups of later draws, for studies that may show one (clinical-decisions A28, A29)."""

from dashboard.figures.clearance.material import Followed
from dashboard.figures.clearance.numbers import as_survival, smallest_group
from dashboard.figures.clearance.request import AfterDrawRequest
from dashboard.figures.survival.group_test import log_rank_shown, with_result
from dashboard.stats import mantel_byar
from dashboard.tables.group_test import MANTEL_BYAR, GroupTest


def after_draw_test(followed: Followed, request: AfterDrawRequest) -> GroupTest | None:
    """Log-rank from the second draw or the landmark, Mantel-Byar where patients move; never the biased view.

    None also where the study is descriptive, the analysis small, nobody has the event, or there is one group.
    """
    if request.view == "naive" or followed.kept.empty:
        return None
    if request.view == "moving":
        return _of_moving(followed, request)
    return log_rank_shown(followed.kept, request=as_survival(followed, request))


def _of_moving(followed: Followed, request: AfterDrawRequest) -> GroupTest | None:
    kept, guards = followed.kept, request.clearance.guards
    n_groups, n_event = kept["state"].nunique(), int(kept["event_observed"].sum())
    is_small = followed.n < guards.small_analysis_below
    if not guards.is_confirmatory or is_small or n_groups < 2 or not n_event:
        return None
    test = GroupTest(
        name=MANTEL_BYAR,
        n=followed.n,
        n_event=n_event,
        n_groups=n_groups,
        smallest=smallest_group(kept),
        least=guards.p_value_min_per_group,
    )
    return test if test.is_withheld else with_result(test, mantel_byar(kept))
