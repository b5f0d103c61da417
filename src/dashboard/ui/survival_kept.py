"""What the survival page keeps of a cohort it has shown: counts, curves, numbers."""

from dataclasses import dataclass

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.survival.curves import survival_figure
from dashboard.figures.survival.group_test import log_rank_shown
from dashboard.figures.survival.incidence import survival_incidence, why_no_incidence
from dashboard.figures.survival.listed import left_out_rows, left_out_table, stale_rows, stale_table
from dashboard.figures.survival.numbers import Measured, hazard_ratios, measure_survival
from dashboard.figures.survival.request import (
    SurvivalRequest,
    followed,
    survival_rows,
)
from dashboard.figures.survival.variants import VariantsRequest, survival_variants
from dashboard.store.reader import Reader
from dashboard.tables.group_test import GroupTest
from dashboard.tables.survival import (
    GroupNumbers,
    RatioWords,
)
from dashboard.ui.caching import remembered


@dataclass(frozen=True)
class Flow:
    """Counts of the cohort, and whether the group is known when joining or only later.

    `n_after_induction`: patients followed from line 1, which was maintenance after chemotherapy.
    `n_unreported_events` and `n_unreported_censored`: those of `n_events` and `n_censored` that rest on a
    scan nobody reported a response to.
    """

    n: int
    n_followed: int
    n_delayed: int
    n_after_induction: int
    n_events: int
    n_unreported_events: int
    n_censored: int
    n_unreported_censored: int
    has_group: bool
    is_known_later: bool


@remembered(entries=100)
def flow(reader: Reader, request: SurvivalRequest) -> Flow:
    """Counts of the cohort of an endpoint."""
    rows = survival_rows(reader, request)
    kept = rows[rows["status"] != "NOT_AT_RISK"]
    is_unreported = kept["is_unreported"].astype(bool)
    is_event, is_censored = (kept["status"] == status for status in ("EVENT", "CENSORED"))
    return Flow(
        n=len(rows),
        n_followed=len(kept),
        n_delayed=int((kept["entry_days"] > 0).sum()),
        n_after_induction=int(kept.loc[kept["is_after_induction"].astype(bool), "patient_id"].nunique()),
        n_events=int(is_event.sum()),
        n_unreported_events=int((is_event & is_unreported).sum()),
        n_censored=int(is_censored.sum()),
        n_unreported_censored=int((is_censored & is_unreported).sum()),
        has_group=bool(kept["group_value"].notna().any()),
        is_known_later=bool(kept["is_known_later"].any()),
    )


@remembered(entries=100)
def stale(reader: Reader, request: SurvivalRequest) -> pd.DataFrame:
    """Who was censored long before the data cut, in words."""
    rows = survival_rows(reader, request)
    return stale_table(stale_rows(rows, cut_off=reader.snapshot.cut_off, days=request.stale_days))


@remembered(entries=100)
def left_out(reader: Reader, request: SurvivalRequest, *, has_dates: bool) -> pd.DataFrame:
    """Who of the cohort is not followed, and why, in words."""
    rows = left_out_rows(survival_rows(reader, request), endpoint=request.endpoint)
    return left_out_table(rows, has_dates=has_dates)


@remembered(entries=100)
def curve(reader: Reader, request: SurvivalRequest, previous: Reader | None) -> Figure | None:
    """The curve, without the rows behind it."""
    figure = survival_figure(reader, request, previous=previous, measured=measured(reader, request))
    return None if figure is None else figure.without_rows()


@remembered(entries=100)
def incidence(reader: Reader, request: SurvivalRequest) -> Figure | None:
    """The cumulative incidence, without the rows behind it."""
    figure = survival_incidence(reader, request)
    return None if figure is None else figure.without_rows()


@remembered(entries=100)
def no_incidence(reader: Reader, request: SurvivalRequest) -> str:
    """Why the cumulative incidence is not drawn; empty where it is, and where nobody is followed."""
    kept = followed(survival_rows(reader, request))
    return "" if kept.empty else why_no_incidence(kept, request)


@remembered(entries=100)
def numbers(reader: Reader, request: SurvivalRequest) -> list[GroupNumbers]:
    """The numbers of each group, then of all together."""
    found = measured(reader, request)
    return [] if found is None else found.numbers


@remembered(entries=100)
def measured(reader: Reader, request: SurvivalRequest) -> Measured | None:
    """Curves and numbers; None where nobody is followed."""
    kept = followed(survival_rows(reader, request), group=request.group)
    return None if kept.empty else measure_survival(kept, request=request)


@remembered(entries=100, spinner="Fitting the Cox model …")
def ratios(reader: Reader, request: SurvivalRequest) -> list[RatioWords]:
    """The hazard ratios of a group."""
    kept = followed(survival_rows(reader, request), group=request.group)
    return hazard_ratios(kept, request=request)


@remembered(entries=100)
def group_test(reader: Reader, request: SurvivalRequest) -> GroupTest | None:
    """The log-rank test over the groups, where the study may show one."""
    return log_rank_shown(followed(survival_rows(reader, request), group=request.group), request=request)


@remembered(entries=100)
def variants(reader: Reader, request: VariantsRequest) -> Figure:
    """Every definition with its median."""
    return survival_variants(reader, request)
