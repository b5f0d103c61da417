"""Hazard ratios of groups against a named reference, each shown only where there are events enough."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.stats.cox import CoxFit, CoxModel, CoxTerm, fit_cox
from dashboard.stats.guards import (
    DEFAULT_GUARDS,
    HAZARD_RATIO_NOT_ESTIMABLE,
    Guards,
    why_no_hazard_ratio,
)
from dashboard.stats.intervals import ChiSquaredTest
from dashboard.stats.risk_table import time_to_event_records


@dataclass(frozen=True, kw_only=True)
class GroupComparison:
    """Which column groups the patients, against which of its groups, adjusted for which columns.

    `references` as in `CoxModel`, for those of `adjusted_for` that are no numbers.
    """

    time: str
    event: str
    group: str
    reference: str
    entry: str | None = None
    adjusted_for: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class HazardRatio:
    """A group against the reference; `estimate` to `p_value` are None where `withheld` names the rule why.

    `proportional_hazards` checks whether one ratio holds at all times, for all groups of the model together.
    """

    group: str
    reference: str
    n: int
    n_reference: int
    n_event: int
    n_event_reference: int
    estimate: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    proportional_hazards: ChiSquaredTest | None
    withheld: str | None


def compare_hazards(
    frame: pd.DataFrame, *, comparison: GroupComparison, guards: Guards = DEFAULT_GUARDS
) -> dict[str, HazardRatio]:
    """One hazard ratio per group other than the reference, with 95 % limits.

    One Cox model (Efron) of all groups, patients with a missing term left out. A group without any event has
    the ratio 0 and tells nothing of the others, so it is left out too. The p value is Wald's; whether to show
    it is `why_no_p_value`. R: `coxph(Surv(entry, time, event) ~ group + ...)`.
    """
    sizes = _sizes(frame, comparison)
    own = sizes.setdefault(comparison.reference, _Size(n=0, n_event=0))
    withheld = {
        name: why_no_hazard_ratio(size.n_event, own.n_event, guards=guards)
        for name, size in sizes.items()
        if name != comparison.reference
    }
    with_event = [name for name, size in sizes.items() if size.n_event]
    fit = None if all(withheld.values()) else _fit(frame, comparison, with_event)
    return {
        name: _hazard_ratio(
            (name, comparison.reference),
            sizes=sizes,
            term=None if reason or fit is None else _term(fit, comparison.group, name),
            check=None if fit is None else fit.proportional_hazards.get(comparison.group),
            reason=reason,
        )
        for name, reason in withheld.items()
    }


@dataclass(frozen=True, kw_only=True)
class _Size:
    n: int
    n_event: int


def _sizes(frame: pd.DataFrame, comparison: GroupComparison) -> dict[str, _Size]:
    """Patients and events per group, of those the model would take: nothing missing, at risk at some time."""
    complete = frame.dropna(subset=[comparison.group, *comparison.adjusted_for])
    records = time_to_event_records(
        complete,
        time=comparison.time,
        event=comparison.event,
        group=comparison.group,
        entry=comparison.entry,
    )
    counted = records[(records["entry"] == 0) | (records["entry"] < records["time"])]
    return {
        str(name): _Size(n=len(rows), n_event=int(rows["event"].sum()))
        for name, rows in counted.groupby("group", observed=True)
    }


def _fit(frame: pd.DataFrame, comparison: GroupComparison, compared: Sequence[str]) -> CoxFit:
    # Groups are named by text; a number would enter the model as a slope.
    names = frame[comparison.group].astype("category").cat.rename_categories(str)
    named = frame.assign(**{comparison.group: names})
    model = CoxModel(
        time=comparison.time,
        event=comparison.event,
        entry=comparison.entry,
        terms=(comparison.group, *comparison.adjusted_for),
        references={comparison.group: comparison.reference, **dict(comparison.references)},
    )
    return fit_cox(named[names.isin(compared)], model=model)


def _hazard_ratio(
    compared: tuple[str, str],
    *,
    sizes: dict[str, _Size],
    term: CoxTerm | None,
    check: ChiSquaredTest | None,
    reason: str | None,
) -> HazardRatio:
    own, reference = (sizes[name] for name in compared)
    return HazardRatio(
        group=compared[0],
        reference=compared[1],
        n=own.n,
        n_reference=reference.n,
        n_event=own.n_event,
        n_event_reference=reference.n_event,
        estimate=None if term is None else term.hazard_ratio,
        lower=None if term is None else term.lower,
        upper=None if term is None else term.upper,
        p_value=None if term is None else term.p_value,
        proportional_hazards=None if term is None else check,
        withheld=reason or (HAZARD_RATIO_NOT_ESTIMABLE if term is None else None),
    )


def _term(fit: CoxFit, column: str, level: str) -> CoxTerm | None:
    return next((term for term in fit.terms if (term.column, term.level) == (column, level)), None)
