"""Who is in the sample study cdk46: quotas and evenly spread quantiles for 320 patients, who is planted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log

from numpy.random import Generator

from dashboard.demo.allotment import within
from dashboard.demo.chance import between, even, lognormal, normal, quota
from dashboard.demo.parameters_cdk46 import INHIBITORS, Cdk46Parameters
from dashboard.demo.workdays import ordinal, weekday

ENROLMENT = (ordinal(2021, 6, 1), ordinal(2025, 6, 27))
STUDY_END = ordinal(2026, 6, 30)
SITES = {"01": 0.28, "02": 0.22, "03": 0.18, "04": 0.14, "05": 0.10, "06": 0.08}


@dataclass(frozen=True)
class Cdk46Plan:
    """One patient before the course is simulated: allocated groups and latent quantiles."""

    number: int
    patient_id: str
    site_id: str
    enrolled_on: int
    days_on_drug: int
    age: int
    is_de_novo: bool
    pattern: str
    is_measurable: bool
    sensitivity: str
    inhibitor: str
    partner: str
    progression_u: float
    response_u: float
    has_ctdna: bool
    is_shedder: bool
    burden_z: float
    shedding_z: float
    death_u: float
    resistance_u: float
    special: frozenset[str] = frozenset()

    @property
    def menopausal_status(self) -> str:
        """By age; 40 % are pre- or perimenopausal."""
        return "premenopausal" if self.age < 49 else "perimenopausal" if self.age < 52 else "postmenopausal"


def plans(rng: Generator, parameters: Cdk46Parameters) -> list[Cdk46Plan]:
    """One plan per patient, in the order of enrolment, planted ones marked."""
    n, first, last = parameters.patients, *ENROLMENT
    days = sorted(weekday(first + (last - first) * u**0.85) for u in even(rng, n))
    prevalent = quota(rng, n, {True: parameters.prevalent, False: 1 - parameters.prevalent})
    patterns = quota(rng, n, parameters.metastatic_pattern)
    sensitivity, de_novo = _history(rng, parameters)
    partners = within(rng, sensitivity, lambda r, kind, k: quota(r, k, _partner_shares(parameters, kind)))
    groups = list(zip(sensitivity, [p == "liver" for p in patterns], partners, strict=True))
    progression_u = within(rng, groups, lambda r, _, k: even(r, k))
    inhibitors = quota(rng, n, {name: kind.share for name, kind in INHIBITORS.items()})
    subset = quota(rng, n, {True: parameters.in_ctdna_subset, False: 1 - parameters.in_ctdna_subset})
    shedders = within(
        rng, subset, lambda r, _, k: quota(r, k, {True: parameters.shedders, False: 1 - parameters.shedders})
    )
    kinds = list(zip(subset, shedders, strict=True))
    burden_z, shedding_z = (
        within(rng, kinds, lambda r, _, k: [normal(u) for u in even(r, k)]) for _ in range(2)
    )
    resistance_u = within(rng, list(zip(partners, subset, strict=True)), lambda r, _, k: even(r, k))
    response_u, death_u, sites = even(rng, n), even(rng, n), quota(rng, n, SITES)
    measurable = within(rng, patterns, lambda r, kind, k: quota(r, k, _measurable_shares(parameters, kind)))
    result = [
        Cdk46Plan(
            number=i + 1,
            patient_id=f"CDK-{i + 1:04d}",
            site_id=sites[i],
            enrolled_on=days[i],
            days_on_drug=_days_on_drug(rng, parameters, prevalent[i]),
            age=_age(rng, parameters),
            is_de_novo=de_novo[i],
            pattern=patterns[i],
            is_measurable=measurable[i],
            sensitivity=sensitivity[i],
            inhibitor=inhibitors[i],
            partner=partners[i],
            progression_u=progression_u[i],
            response_u=response_u[i],
            has_ctdna=subset[i],
            is_shedder=shedders[i],
            burden_z=burden_z[i],
            shedding_z=shedding_z[i],
            death_u=death_u[i],
            resistance_u=resistance_u[i],
        )
        for i in range(n)
    ]
    return _with_special(rng, result)


def _history(rng: Generator, parameters: Cdk46Parameters) -> tuple[list[str], list[bool]]:
    """De novo patients have had no endocrine therapy, so they count as sensitive."""
    sensitivity = quota(rng, parameters.patients, parameters.sensitivity)
    share = parameters.de_novo / parameters.sensitivity["sensitive"]
    shares = {True: {True: share, False: 1 - share}, False: {False: 1.0}}
    de_novo = within(
        rng, [kind == "sensitive" for kind in sensitivity], lambda r, kind, k: quota(r, k, shares[kind])
    )
    return sensitivity, de_novo


def _partner_shares(parameters: Cdk46Parameters, kind: str) -> dict[str, float]:
    return {
        "fulvestrant": parameters.fulvestrant[kind],
        "aromatase_inhibitor": 1 - parameters.fulvestrant[kind],
    }


def _measurable_shares(parameters: Cdk46Parameters, pattern: str) -> dict[bool, float]:
    share = (
        0.0
        if pattern == "bone_only"
        else parameters.measurable / (1 - parameters.metastatic_pattern["bone_only"])
    )
    return {True: share, False: 1 - share}


def _age(rng: Generator, parameters: Cdk46Parameters) -> int:
    low, high = parameters.age_quartiles
    point = normal(between(rng, 0.01, 0.99))
    spread = (parameters.age_median - low if point < 0 else high - parameters.age_median) / normal(0.75)
    return int(min(max(parameters.age_median + spread * point, 27), 86))


def _days_on_drug(rng: Generator, parameters: Cdk46Parameters, is_prevalent: bool) -> int:
    if not is_prevalent:
        return int(between(rng, -12, 6))
    months = lognormal(parameters.months_on_drug_median, 0.75, between(rng, 0.04, 0.96))
    return int(min(max(months, 1) * 30.4375, 700))


def progression_days(plan: Cdk46Plan, parameters: Cdk46Parameters) -> float:
    """Days from the start of line 1 to the progression a scan can see, later than enrolment."""
    median = parameters.pfs_months[plan.partner] * 30.4375
    median *= parameters.pfs_liver if plan.pattern == "liver" else 1.0
    median *= parameters.pfs_primary_resistance if plan.sensitivity == "primary_resistance" else 1.0
    hazard = log(2) / median**parameters.pfs_shape
    # Whoever joins on treatment is progression-free so far: the quantile is taken of the rest.
    before = hazard * max(plan.days_on_drug, 0) ** parameters.pfs_shape
    days = ((before - log(1 - plan.progression_u)) / hazard) ** (1 / parameters.pfs_shape)
    return float(max(days - 25, plan.days_on_drug + 20, 40))


_Rule = Callable[[Cdk46Plan], bool]
_SHOWN = (ordinal(2024, 1, 1), ordinal(2025, 4, 30))


def _is_shown(plan: Cdk46Plan) -> bool:
    return (
        plan.has_ctdna
        and plan.is_shedder
        and _SHOWN[0] < plan.enrolled_on < _SHOWN[1]
        and plan.days_on_drug < 7
    )


def _is_early(plan: Cdk46Plan) -> bool:
    return plan.enrolled_on < ordinal(2024, 6, 30)


_SPECIALS: tuple[tuple[str, int, _Rule], ...] = (
    (
        "forty_samples",
        1,
        lambda p: p.has_ctdna and p.is_shedder and p.enrolled_on < ordinal(2022, 6, 1) and p.days_on_drug < 7,
    ),
    ("withdrawn_consent", 2, _is_early),
    ("lost_to_follow_up", 8, _is_early),
    ("transferred", 3, _is_early),
    ("same_line_after_progression", 5, lambda p: _is_early(p) and p.is_measurable and p.progression_u < 0.5),
    ("add_on_day_60", 2, lambda p: _is_early(p) and p.days_on_drug < 7),
    ("add_on_day_95", 2, lambda p: _is_early(p) and p.days_on_drug < 7),
    (
        "chemotherapy_then_maintenance",
        8,
        lambda p: p.days_on_drug < 7 and p.pattern in ("liver", "other_visceral"),
    ),
    ("switch_without_progression", 3, lambda p: p.inhibitor == "palbociclib" and p.progression_u > 0.4),
    (
        "esr1_guided_switch",
        2,
        lambda p: (
            p.has_ctdna and p.is_shedder and p.partner == "aromatase_inhibitor" and p.progression_u > 0.3
        ),
    ),
    ("adjuvant_cdk46", 2, lambda p: not p.is_de_novo and p.enrolled_on > ordinal(2023, 6, 1)),
    ("her2_2_without_ish", 4, lambda p: True),
    ("clinical_progression", 3, _is_early),
    ("no_imaging", 3, _is_early),
    ("no_baseline_draw", 3, lambda p: p.has_ctdna),
    ("only_failed_samples", 2, lambda p: p.has_ctdna and _is_early(p)),
    ("early_death", 2, lambda p: p.has_ctdna and p.days_on_drug < 7),
    ("everything_on_one_day", 1, lambda p: p.has_ctdna and p.days_on_drug < 7),
    ("newly_detected_no_scan", 2, lambda p: _is_shown(p)),
    ("rising_without_progression", 3, lambda p: _is_shown(p)),
    ("detected_in_complete_response", 2, lambda p: _is_shown(p) and p.is_measurable),
    ("progression_not_detected", 3, lambda p: _is_shown(p)),
    ("scan_overdue", 4, lambda p: _is_shown(p)),
    ("pending_long", 3, lambda p: _is_shown(p)),
    ("failed_without_redraw", 3, lambda p: _is_shown(p)),
    ("response_differs", 3, lambda p: _is_shown(p) and p.is_measurable),
)


def _with_special(rng: Generator, all_plans: list[Cdk46Plan]) -> list[Cdk46Plan]:
    taken: dict[int, str] = {}
    for name, count, qualifies in _SPECIALS:
        free = [p.number for p in all_plans if p.number not in taken and qualifies(p)]
        order = [free[int(index)] for index in rng.permutation(len(free))]
        taken |= dict.fromkeys(order[:count], name)
    marked = [replace(p, special=frozenset({taken[p.number]})) if p.number in taken else p for p in all_plans]
    # Forty draws need somebody who lives long, with one progression on the way.
    return [
        replace(p, progression_u=0.55, death_u=0.99) if "forty_samples" in p.special else p for p in marked
    ]
