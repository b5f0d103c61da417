"""The numbers of the survival page: medians, milestones, follow-up, hazard ratios, restricted means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dashboard.figures.survival.of_line import line_column
from dashboard.figures.survival.request import (
    ALL,
    SurvivalRequest,
)
from dashboard.stats import (
    GroupComparison,
    Guards,
    HazardRatio,
    QuantileEstimate,
    compare_hazards,
    dimming_limit,
    estimate_survival,
    follow_up,
    is_bounded,
    log_rank,
    quantiles_of,
    restricted_means_of,
    risk_table,
    survival_of,
    why_no_median,
    why_no_p_value,
)
from dashboard.stats.guards import MEDIAN_UNBOUNDED
from dashboard.stats.risk_table import with_columns
from dashboard.tables.survival import SMALL_ANALYSIS, AtMonth, GroupNumbers, RatioWords

SHORT_MONTHS = (3, 6, 12)
LONG_MONTHS = (12, 24, 36)
MEASURED = ["status", "months", "entry_months", "is_event"]
# A departure from proportional hazards is said where the check would be this surprising (Grambsch 1994).
DEPARTURE_BELOW = 0.05


def table_of(kept: pd.DataFrame) -> pd.DataFrame:
    """The `risk_table` of the frame of `followed`: months, delayed entry, groups in order."""
    return risk_table(kept, time="months", event="is_event", group="group", entry="entry_months")


def ending_table(kept: pd.DataFrame) -> pd.DataFrame:
    """The same with every ending as an event: only whoever is still followed counts as censored."""
    ended = kept.assign(has_ended=kept["status"] != "CENSORED")
    return risk_table(ended, time="months", event="has_ended", group="group", entry="entry_months")


def milestone_months(longest: float) -> tuple[int, ...]:
    """The months a share is given for: 12, 24, 36 where followed so long, else 3, 6, 12."""
    months = LONG_MONTHS if longest >= LONG_MONTHS[1] else SHORT_MONTHS
    return tuple(month for month in months if month <= longest)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The curve of each group as `estimate_survival` gives it, and what is read off.

    `numbers` has one entry per group in their order, then all together where there are groups.
    """

    curve: pd.DataFrame
    numbers: list[GroupNumbers]


def survival_numbers(kept: pd.DataFrame, *, request: SurvivalRequest) -> list[GroupNumbers]:
    """The numbers of `measure_survival`; none where nobody is followed."""
    return [] if kept.empty else measure_survival(kept, request=request).numbers


def measure_survival(kept: pd.DataFrame, *, request: SurvivalRequest) -> Measured:
    """Curves and numbers of the frame of `followed`, which has at least one row."""
    has_groups = kept["group"].nunique() > 1
    measured = _with_everybody(kept, request.everybody) if has_groups else kept
    curve, found = _numbers(measured, request=request)
    # The last month at which no group is dimmed; without one there is no mean, of all together neither.
    shown = [{at.month for at in one.at if at.is_shown} for one in (found[:-1] if has_groups else found)]
    until = max(set.intersection(*shown), default=None)
    numbers = found if until is None else _with_restricted_means(curve, found, until=until)
    return Measured(curve=_without_last(curve) if has_groups else curve, numbers=numbers)


def _with_everybody(kept: pd.DataFrame, name: str) -> pd.DataFrame:
    """What is measured of each row, a second time as a last group of all together."""
    groups = kept["group"].astype("category").cat
    own = kept[MEASURED]
    both = pd.concat([own, own], ignore_index=True)
    codes = np.concatenate([groups.codes, np.full(len(kept), len(groups.categories))])
    order = pd.Index([*groups.categories, name])
    return both.assign(group=pd.Categorical.from_codes(codes.tolist(), categories=order))


def _without_last(curve: pd.DataFrame) -> pd.DataFrame:
    """The curves without that of the last group, which is all together."""
    groups = curve["group"].cat
    own = curve.iloc[: int((groups.codes < len(groups.categories) - 1).sum())]
    # `remove_categories` would sort the others by name.
    return with_columns(own, group=own["group"].cat.set_categories(groups.categories[:-1]))


def _with_restricted_means(
    curve: pd.DataFrame, found: list[GroupNumbers], *, until: int
) -> list[GroupNumbers]:
    means = restricted_means_of(curve, until=float(until))
    return [
        replace(one, until=until, restricted=(means[one.group].mean, means[one.group].standard_error))
        for one in found
    ]


def _numbers(kept: pd.DataFrame, *, request: SurvivalRequest) -> tuple[pd.DataFrame, list[GroupNumbers]]:
    """The curves, and one entry per group in their order read off them."""
    table = table_of(kept)
    # Where nothing competes every ending is an event already.
    ended = table if kept["status"].isin(["EVENT", "CENSORED"]).all() else ending_table(kept)
    curve = estimate_survival(table)
    competes = bool(request.endpoint.competing)
    medians, followed_up = quantiles_of(curve, probability=0.5), follow_up(ended)
    months = milestone_months(float(kept["months"].max()))
    longest = kept.groupby("group", observed=True)["months"].agg(["min", "max"])
    spans = {str(name): (float(low), float(high)) for name, low, high in longest.itertuples()}
    shares = {} if competes else _shares(curve, medians, months=months, guards=request.guards)
    found = [
        replace(
            as_numbers(median, guards=request.guards, competes=competes),
            at=shares.get(name, ()),
            follow_up=(followed_up[name].time, followed_up[name].lower, followed_up[name].upper),
            is_follow_up_shown=is_bounded(followed_up[name], guards=request.guards),
            span=spans.get(name),
        )
        for name, median in medians.items()
    ]
    return curve, found


def as_numbers(median: QuantileEstimate, *, guards: Guards, competes: bool) -> GroupNumbers:
    """The median of a group; withheld where another event competes."""
    why = why_no_median(median, guards=guards)
    return GroupNumbers(
        group=median.group,
        n=median.n,
        n_event=median.n_event,
        median=median.time,
        lower=median.lower,
        upper=median.upper,
        is_median_shown=not competes and why is None,
        has_competing=competes,
        is_unbounded=why == MEDIAN_UNBOUNDED,
    )


def _shares(
    curve: pd.DataFrame,
    medians: Mapping[str, QuantileEstimate],
    *,
    months: tuple[int, ...],
    guards: Guards,
) -> dict[str, tuple[AtMonth, ...]]:
    """Per group the share free of the event at each month, withheld where the curve is dimmed."""
    found: dict[str, tuple[AtMonth, ...]] = {}
    for row in survival_of(curve, times=months).to_dict("records"):
        share, lower, upper = (
            None if pd.isna(row[column]) else float(row[column]) for column in ("survival", "lower", "upper")
        )
        limit = dimming_limit(medians[row["group"]].n, guards=guards)
        is_shown = share is not None and int(row["at_risk"]) >= limit
        at = AtMonth(month=int(row["time"]), share=share, lower=lower, upper=upper, is_shown=is_shown)
        found[row["group"]] = (*found.get(row["group"], ()), at)
    return found


def hazard_ratios(kept: pd.DataFrame, *, request: SurvivalRequest) -> list[RatioWords]:
    """One entry per group against the reference; withheld ones say by which rule. None without groups.

    Patients whose group is not recorded are left out. The p value only where the study is confirmatory (A28).
    """
    compared = compared_groups(kept, request=request)
    names = [str(name) for name in compared["group"].cat.categories]
    if len(names) < 2 or request.endpoint.competing:
        return []
    reference = request.reference if request.reference in names else largest_group(compared)
    comparison = GroupComparison(
        time="months", event="is_event", group="group", reference=reference, entry="entry_months"
    )
    guards = request.guards
    is_small = len(kept) < guards.small_analysis_below
    if is_small:
        # No number of events is enough in so small an analysis.
        guards = replace(guards, hazard_ratio_min_events=guards.small_analysis_below)
    shows_p = why_no_p_value(table_of(compared), guards=guards) is None
    found = compare_hazards(compared, comparison=comparison, guards=guards)
    return [ratio_words(one, shows_p=shows_p, is_small=is_small) for one in found.values()]


def largest_group(kept: pd.DataFrame) -> str:
    """The group with the most patients, the reference unless another is asked for."""
    return str(kept["group"].value_counts().index[0])


def compared_groups(kept: pd.DataFrame, *, request: SurvivalRequest) -> pd.DataFrame:
    """Those whose group is recorded, in the groups that have anybody."""
    missing = request.group.missing if request.group else ""
    rows = kept[kept["group"].astype(str) != missing].copy()
    rows["group"] = rows["group"].cat.remove_unused_categories()
    return rows


def ratio_words(ratio: HazardRatio, *, shows_p: bool, is_small: bool) -> RatioWords:
    """A hazard ratio as the page shows it: p value only where it may be, one reason where it is withheld."""
    check = ratio.proportional_hazards
    return RatioWords(
        group=ratio.group,
        reference=ratio.reference,
        n_event=ratio.n_event,
        n_event_reference=ratio.n_event_reference,
        estimate=ratio.estimate,
        lower=ratio.lower,
        upper=ratio.upper,
        p_value=ratio.p_value if shows_p else None,
        departs=None if check is None else check.p_value < DEPARTURE_BELOW,
        withheld=SMALL_ANALYSIS if ratio.withheld and is_small else ratio.withheld,
    )


def numbers_file(kept: pd.DataFrame, *, request: SurvivalRequest) -> pd.DataFrame:
    """One row per number, for the CSV file: endpoint, group, measure, month, n, events, value, lower, upper.

    Of an endpoint per line also the line. What the page withholds is empty here too; only here stands the
    log-rank test where a study is descriptive (A28).
    """
    rows: list[Mapping[str, object]] = []
    for one in survival_numbers(kept, request=request):
        rows += one.measures(counts_only_below=request.guards.counts_only_below)
    if request.has_ratios:
        rows += [one.measure() for one in hazard_ratios(kept, request=request)]
    rows += _log_rank_rows(kept, request=request)
    columns = ["group", "measure", "month", "n", "events", "value", "lower", "upper"]
    frame = pd.DataFrame(rows, columns=columns)
    named = frame.assign(endpoint=request.endpoint.csv_column)[["endpoint", *columns]]
    return line_column(named, request.line_words)


def _log_rank_rows(kept: pd.DataFrame, *, request: SurvivalRequest) -> list[Mapping[str, object]]:
    compared = compared_groups(kept, request=request)
    if (
        compared["group"].nunique() < 2
        or not compared["is_event"].any()
        or len(kept) < request.guards.small_analysis_below
    ):
        return []
    result = log_rank(table_of(compared))
    rows: list[Mapping[str, object]] = [
        {"group": name, "measure": "log_rank_expected", "events": result.observed[name], "value": expected}
        for name, expected in result.expected.items()
    ]
    test = (
        ("log_rank_chi_squared", result.chi_squared),
        ("log_rank_degrees_of_freedom", result.degrees_of_freedom),
        ("log_rank_p_value", result.p_value),
    )
    return [*rows, *({"group": ALL, "measure": name, "value": value} for name, value in test)]
