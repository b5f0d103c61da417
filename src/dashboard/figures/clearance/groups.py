"""Who is compared after a later ctDNA draw, from when, in which group; and who is not, with the reason.

The clock starts when the group is known: at the second draw, at a fixed month, or patients move between
groups at every draw (clinical-decisions A10, A11; clinical-rules 4.6, 4.7).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from dashboard.figures.clearance.material import (
    CENSORED_BEFORE,
    EVENT_BEFORE,
    NO_RATIO,
    NOT_COMPARABLE,
    NOT_EVALUABLE,
    Followed,
    Material,
    eligible_of,
    near_suspicion,
    without_zeros,
)
from dashboard.figures.clearance.moving import moving_groups
from dashboard.figures.clearance.request import AfterDrawRequest
from dashboard.stats import (
    DAYS_PER_MONTH,
    LandmarkSelection,
    select_after_second_draw,
    select_at_landmark,
)
from dashboard.tables.clearance import Scheme

SUSPICION = "SUSPICION"
WITHOUT_GROUP = "Not comparable"
Select = Callable[[pd.DataFrame, pd.DataFrame], LandmarkSelection]


def after_second_draw(material: Material, request: AfterDrawRequest) -> Followed:
    """The clock starts at the second draw and the group is what it showed: the default (A10)."""
    from_day = request.clearance.second_draw_from_day

    def select(patients: pd.DataFrame, draws: pd.DataFrame) -> LandmarkSelection:
        return select_after_second_draw(patients, draws=draws, from_day=from_day)

    return _at_one_moment(material, request, select, counts_unfollowed=True)


def at_landmark(material: Material, request: AfterDrawRequest) -> Followed:
    """The clock starts some calendar months after enrolment; the group is that of the last draw by then."""

    def select(patients: pd.DataFrame, draws: pd.DataFrame) -> LandmarkSelection:
        return select_at_landmark(patients, draws=draws, months=request.landmark_months)

    return _at_one_moment(material, request, select)


def groups_of(material: Material, request: AfterDrawRequest) -> Followed:
    """The analysis the request asks for."""
    analyses = {
        "second_draw": after_second_draw,
        "landmark": at_landmark,
        "moving": moving_groups,
        "naive": naive_groups,
    }
    found = analyses[request.view](material, request)
    is_kept = material.patients["patient_id"].isin(found.kept["patient_id"])
    n_other = int((is_kept & material.patients["is_baseline_of_other_origin"]).sum())
    return replace(found, n_other_origin=n_other, questions=material.questions)


def naive_groups(material: Material, request: AfterDrawRequest) -> Followed:
    """From the baseline draw, by whether a later draw ever showed it: biased, for the explicit switch alone.

    Whoever cleared had to live, and stay free of the event, until the draw (guarantee-time bias).
    """
    eligible, excluded = eligible_of(material.patients)
    late = eligible["ended_on"] < eligible["baseline_on"]
    excluded |= without_zeros(
        {
            EVENT_BEFORE: int((late & eligible["event_observed"]).sum()),
            CENSORED_BEFORE: int((late & ~eligible["event_observed"]).sum()),
        }
    )
    kept = eligible[~late]
    best = next(iter(request.clearance.scheme.categories))
    draws = material.draws[material.draws["is_valid"].astype(bool) & (material.draws["group"] == best)]
    ever = kept["patient_id"].isin(draws["patient_id"])
    named = kept.assign(
        months=_months(kept["ended_on"] - kept["baseline_on"]),
        group=pd.Categorical(
            ever.map(dict(zip((True, False), naive_names(request.clearance.scheme), strict=True))),
            categories=list(naive_names(request.clearance.scheme)),
        ),
    )
    return Followed(kept=_finished(named), excluded=excluded, n_cohort=len(material.patients))


def naive_names(scheme: Scheme) -> tuple[str, str]:
    """Names of both groups of the biased comparison."""
    best = next(iter(scheme.categories.values()))
    return f"{best} at any time", f"{best} at no time"


def _at_one_moment(
    material: Material, request: AfterDrawRequest, select: Select, *, counts_unfollowed: bool = False
) -> Followed:
    patients, excluded = eligible_of(material.patients)
    found = select(patients, material.draws)
    excluded |= found.excluded_counts
    kept = found.kept
    comparable = kept["group"] != NOT_EVALUABLE
    suspected = comparable & kept["is_suspicion"].astype("boolean").fillna(value=False).astype(bool)
    names = request.clearance.scheme.categories
    suspicion = near_suspicion(kept.loc[comparable, "group"].map(names), suspected[comparable], names=names)
    left_out = suspected & request.leaves_out_suspicion
    without_ratio = ~comparable & kept["is_without_ratio"].astype(bool)
    excluded |= without_zeros(
        {
            NOT_COMPARABLE: int((~comparable & ~without_ratio).sum()),
            NO_RATIO: int(without_ratio.sum()),
            SUSPICION: int(left_out.sum()),
        }
    )
    unfollowed = _unfollowed(found, names) if counts_unfollowed else {}
    by_group = {CENSORED_BEFORE: unfollowed} if unfollowed else {}
    if left_out.any():
        by_group[SUSPICION] = {name: k for name, (k, _n) in suspicion.items() if k}
    kept = kept[comparable & ~left_out]
    named = kept.assign(
        months=kept["time"] / DAYS_PER_MONTH,
        group=pd.Categorical(kept["group"].map(names), categories=list(names.values())),
    )
    return Followed(
        kept=_finished(named),
        excluded=excluded,
        n_cohort=len(material.patients),
        by_group=by_group,
        suspicion=suspicion,
    )


def _unfollowed(found: LandmarkSelection, names: Mapping[str, str]) -> dict[str, int]:
    """Patients last seen before their second draw, by what it showed: one group may lose more."""
    groups = found.excluded.loc[found.excluded["reason"] == CENSORED_BEFORE, "group"]
    shown = groups.map(names).fillna(WITHOUT_GROUP).value_counts().to_dict()
    return {name: int(shown[name]) for name in (*names.values(), WITHOUT_GROUP) if name in shown}


def _months(apart: pd.Series) -> pd.Series:
    return apart.dt.days / DAYS_PER_MONTH


def _finished(kept: pd.DataFrame) -> pd.DataFrame:
    """The columns every estimate needs; groups without a patient left away."""
    named = kept.assign(entry_months=0.0, is_event=kept["event_observed"].astype(bool))
    named["group"] = named["group"].cat.remove_unused_categories()
    return named.reset_index(drop=True)
