"""Numbers beside the curves by later draws: medians, shares at months, hazard ratios, the file of them."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.material import Followed, clearance_material
from dashboard.figures.clearance.request import AfterDrawRequest, View, view_label
from dashboard.figures.survival.numbers import numbers_file, ratio_words, survival_numbers
from dashboard.figures.survival.request import ALL, SurvivalRequest
from dashboard.stats import (
    GroupComparison,
    Guards,
    HazardRatio,
    compare_hazards,
    compare_states,
    mantel_byar,
)
from dashboard.store.reader import Reader
from dashboard.tables.survival import GroupNumbers, RatioWords

UNADJUSTED = "Not adjusted"
ADJUSTED = "Adjusted for months from baseline to draw"
EXTENDED = "Group of the moment (extended Cox model)"
Row = Mapping[str, object]
UNBIASED: tuple[View, ...] = ("second_draw", "landmark", "moving")


def after_draw_numbers(followed: Followed, request: AfterDrawRequest) -> list[GroupNumbers]:
    """One entry per group, then all together: events, median, shares at months; none for moving groups."""
    if followed.kept.empty or request.view not in ("second_draw", "landmark"):
        return []
    return survival_numbers(followed.kept, request=as_survival(followed, request))


def after_draw_ratios(followed: Followed, request: AfterDrawRequest) -> list[tuple[str, RatioWords]]:
    """Hazard ratios by model, each withheld where there are too few events; none of the biased view (A10).

    The p value only where the study is confirmatory (A28).
    """
    kept = followed.kept
    column = "state" if request.view == "moving" else "group"
    if request.view == "naive" or kept.empty or kept[column].nunique() < 2:
        return []
    guards = request.clearance.guards
    is_small = followed.n < guards.small_analysis_below
    if is_small:
        # No number of events is enough in so small an analysis.
        guards = replace(guards, hazard_ratio_min_events=10**9)
    reference = reference_of(followed, request)
    if request.view == "moving":
        found = {EXTENDED: compare_states(kept, reference=reference, guards=guards)}
    else:
        found = _of_one_moment(kept, reference=reference, guards=guards)
    shows_p = guards.is_confirmatory and smallest_group(kept) >= guards.p_value_min_per_group
    return [
        (model, ratio_words(one, shows_p=shows_p, is_small=is_small))
        for model, ratios in found.items()
        for one in ratios.values()
    ]


def smallest_group(kept: pd.DataFrame) -> int:
    """Patients of the smallest group; of moving groups whoever was ever in it."""
    column = "state" if "state" in kept else "group"
    return int(kept.groupby(column, observed=True)["patient_id"].nunique().min())


def reference_of(followed: Followed, request: AfterDrawRequest) -> str:
    """The group without a change, else the last one there is."""
    kept, scheme = followed.kept, request.clearance.scheme
    is_moving = "state" in kept
    names = [str(name) for name in kept["state" if is_moving else "group"].cat.categories]
    initial = (scheme.at_the_time if is_moving else scheme.categories)[scheme.initial]
    return initial if initial in names else names[-1]


def _of_one_moment(
    kept: pd.DataFrame, *, reference: str, guards: Guards
) -> dict[str, dict[str, HazardRatio]]:
    plain = GroupComparison(time="months", event="is_event", group="group", reference=reference)
    adjusted = replace(plain, adjusted_for=("months_from_baseline",))
    return {
        UNADJUSTED: compare_hazards(kept, comparison=plain, guards=guards),
        ADJUSTED: compare_hazards(kept, comparison=adjusted, guards=guards),
    }


def as_survival(followed: Followed, request: AfterDrawRequest) -> SurvivalRequest:
    """The request as the numbers of the survival page read it."""
    return SurvivalRequest(
        endpoint=request.endpoint,
        guards=request.clearance.guards,
        grace_days=0,
        stale_days=0,
        reference=reference_of(followed, request),
    )


def after_draw_file(reader: Reader, request: AfterDrawRequest) -> pd.DataFrame:
    """One row per number of the three unbiased views, for the CSV file; what the page withholds is empty.

    Of a descriptive study log-rank and Mantel-Byar tests stand only here (A28).
    """
    material = clearance_material(reader, request)
    rows: list[Row] = []
    for view in UNBIASED:
        own = replace(request, view=view)
        followed = groups_of(material, own)
        if followed.kept.empty:
            continue
        numbers = _of_moving(followed, own) if view == "moving" else _of_moment(followed, own)
        rows += [{"analysis": view_label(own), **row} for row in numbers]
    columns = ["analysis", "group", "measure", "month", "n", "events", "value", "lower", "upper"]
    whole = dict.fromkeys(("month", "n", "events"), "Int64")
    return pd.DataFrame(rows, columns=columns).astype(whole)


def _of_moment(followed: Followed, request: AfterDrawRequest) -> list[Row]:
    numbers = numbers_file(followed.kept, request=as_survival(followed, request)).astype(object)
    rows: list[Row] = [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in numbers.to_dict("records")
    ]
    adjusted = [one.measure() for model, one in after_draw_ratios(followed, request) if model == ADJUSTED]
    return rows + [{**one, "measure": "hazard_ratio_adjusted_for_months_to_draw"} for one in adjusted]


def _of_moving(followed: Followed, request: AfterDrawRequest) -> list[Row]:
    kept = followed.kept
    rows: list[Row] = [
        {
            "group": str(name),
            "measure": "person_months",
            "n": int(own["patient_id"].nunique()),
            "events": int(own["event_observed"].sum()),
            "value": float((own["stop"] - own["start"]).sum()),
        }
        for name, own in kept.groupby("state", observed=True)
    ]
    rows += [
        {**one.measure(), "measure": "hazard_ratio_time_dependent"}
        for _model, one in after_draw_ratios(followed, request)
    ]
    is_large = followed.n >= request.clearance.guards.small_analysis_below
    if is_large and kept["state"].nunique() > 1 and kept["event_observed"].any():
        result = mantel_byar(kept)
        test = (("mantel_byar_chi_squared", result.chi_squared), ("mantel_byar_p_value", result.p_value))
        rows += [{"group": ALL, "measure": name, "value": value} for name, value in test]
    return rows
