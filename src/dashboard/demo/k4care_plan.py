"""Who is in the sample study k4care: quotas and evenly spread quantiles for 200 patients, who is planted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp

from numpy.random import Generator

from dashboard.demo.allotment import within
from dashboard.demo.chance import between, days_between, even, happens, normal, quota
from dashboard.demo.parameters_k4care import LINES, TUMOURS, K4CareParameters
from dashboard.demo.workdays import months_after, ordinal, weekday, weekday_before

FIRST_MONTH = ordinal(2025, 3, 3)
STUDY_END = ordinal(2026, 9, 30)


@dataclass(frozen=True)
class K4CarePlan:
    """One patient before the course is simulated: allocated groups and latent quantiles."""

    number: int
    patient_id: str
    site_id: str
    enrolled_on: int
    tumour: str
    is_shedder: bool
    female: bool
    age: int
    line: int
    is_pre_treatment: bool
    response: str
    progression_u: float
    burden_z: float
    shedding_z: float
    second_draw: str
    death_u: float
    special: frozenset[str] = frozenset()


def plans(rng: Generator, parameters: K4CareParameters) -> list[K4CarePlan]:
    """One plan per patient, in the order of enrolment, planted ones marked."""
    days = _enrolment_days(rng, parameters)
    n = len(days)
    tumours = quota(rng, n, {name: kind.share for name, kind in TUMOURS.items()})
    lines = quota(rng, n, parameters.line_at_enrolment)
    pre = quota(rng, n, {True: parameters.pre_treatment_draw, False: 1 - parameters.pre_treatment_draw})
    # Detection is set for draws before treatment, so the quota holds among them.
    shedders = within(rng, list(zip(tumours, pre, strict=True)), _shedder_quota)
    kinds = list(zip(tumours, shedders, strict=True))
    responses = within(rng, lines, lambda rng, line, k: quota(rng, k, LINES[line].responses))
    burden_z = within(rng, kinds, lambda rng, _, k: [normal(u) for u in even(rng, k)])
    shedding_z = within(rng, kinds, lambda rng, _, k: [normal(u) for u in even(rng, k)])
    draws = quota(rng, n, parameters.second_draw)
    progression_u, death_u = even(rng, n), even(rng, n)
    sites = quota(rng, n, parameters.sites)
    result = [
        K4CarePlan(
            number=i + 1,
            patient_id=f"K4C-{i + 1:04d}",
            site_id=sites[i],
            enrolled_on=days[i],
            tumour=tumours[i],
            is_shedder=shedders[i],
            female=happens(rng, TUMOURS[tumours[i]].female),
            age=_age(rng, parameters),
            line=lines[i],
            is_pre_treatment=pre[i],
            response=responses[i] if pre[i] or responses[i] != "pd" else "sd",
            progression_u=progression_u[i],
            burden_z=burden_z[i],
            shedding_z=shedding_z[i],
            second_draw=draws[i],
            death_u=death_u[i],
        )
        for i in range(n)
    ]
    return _with_special(rng, result)


def _shedder_quota(rng: Generator, group: tuple[str, bool], count: int) -> list[bool]:
    # Three in a hundred shed, but too little for the limit of detection.
    detected = min(TUMOURS[group[0]].detected + 0.03, 1.0)
    return quota(rng, count, {True: detected, False: 1 - detected})


def _enrolment_days(rng: Generator, parameters: K4CareParameters) -> list[int]:
    days = []
    for month, count in enumerate(parameters.enrolled_per_month):
        first = months_after(FIRST_MONTH, month)
        days += [weekday_before(first + days_between(rng, 0, 25)) for _ in range(count)]
    return sorted(weekday(day) for day in days)


def _age(rng: Generator, parameters: K4CareParameters) -> int:
    low, high = parameters.age_quartiles
    point = normal(between(rng, 0.01, 0.99))
    spread = (parameters.age_median - low if point < 0 else high - parameters.age_median) / normal(0.75)
    return int(min(max(parameters.age_median + spread * point, 24), 88))


def elapsed_days(rng: Generator, plan: K4CarePlan, parameters: K4CareParameters) -> int:
    """Days from the start of the line to enrolment; below 0 where the line starts after the draw."""
    if plan.is_pre_treatment:
        return -days_between(rng, -2, 16)
    days = parameters.on_treatment_days_median * 2.2 ** normal(between(rng, 0.05, 0.95))
    return int(min(max(days, 14), 420))


# Planted patients: name, how many, who qualifies. Enrolled early enough that the last data cut shows them.
_EARLY = ordinal(2025, 9, 30)
_SPECIALS: tuple[tuple[str, int, Callable[[K4CarePlan], bool]], ...] = (
    ("withdrawn_consent", 2, lambda p: p.enrolled_on < _EARLY),
    ("lost_to_follow_up", 5, lambda p: p.enrolled_on < _EARLY),
    ("transferred", 2, lambda p: p.enrolled_on < _EARLY),
    ("no_ctdna", 3, lambda p: p.tumour != "other"),
    ("no_imaging", 3, lambda p: p.enrolled_on < _EARLY),
    ("dead_before_first_draw", 2, lambda p: p.tumour != "other" and p.enrolled_on < _EARLY),
    ("only_failed_samples", 2, lambda p: p.tumour != "other" and p.enrolled_on < _EARLY),
    ("everything_on_one_day", 1, lambda p: p.enrolled_on < _EARLY and p.tumour != "other"),
    ("draw_soon_after_surgery", 2, lambda p: p.tumour == "colorectal" and p.enrolled_on < _EARLY),
    (
        "same_line_after_progression",
        2,
        lambda p: p.tumour == "lung" and p.line == 1 and p.enrolled_on < _EARLY,
    ),
    ("clinical_progression", 3, lambda p: p.enrolled_on < _EARLY),
    ("newly_detected_no_scan", 2, lambda p: _is_shown(p) and not p.is_shedder and p.response in ("sd", "pr")),
    ("rising_without_progression", 3, lambda p: _is_shown(p) and p.is_shedder and p.response in ("sd", "pr")),
    (
        "detected_in_complete_response",
        3,
        lambda p: (
            _is_shown(p) and p.is_shedder and p.response in ("cr", "pr") and p.enrolled_on < _EARLY - 30
        ),
    ),
    ("progression_not_detected", 3, lambda p: _is_shown(p) and p.response in ("sd", "pr")),
    ("scan_overdue", 4, lambda p: _is_shown(p) and p.response in ("pr", "sd") and p.progression_u > 0.5),
    ("pending_long", 3, lambda p: p.tumour != "other" and p.is_pre_treatment and p.enrolled_on < _EARLY),
    (
        "failed_without_redraw",
        3,
        lambda p: (
            p.tumour != "other"
            and p.enrolled_on > ordinal(2025, 6, 1)
            and p.enrolled_on < ordinal(2026, 1, 20)
        ),
    ),
    (
        "response_differs",
        4,
        lambda p: _is_shown(p) and p.response in ("sd", "pr") and p.site_id in ("01", "02"),
    ),
    ("unlinked_laboratory_id", 3, lambda p: p.is_shedder and p.enrolled_on < ordinal(2026, 1, 31)),
)


def _is_shown(plan: K4CarePlan) -> bool:
    # A second draw in time for the last data cut, in a line that still works then.
    return (
        plan.tumour != "other"
        and plan.is_pre_treatment
        and ordinal(2025, 6, 15) < plan.enrolled_on < ordinal(2025, 10, 25)
    )


def _with_special(rng: Generator, all_plans: list[K4CarePlan]) -> list[K4CarePlan]:
    taken: dict[int, str] = {}
    for name, count, qualifies in _SPECIALS:
        free = [p.number for p in all_plans if p.number not in taken and qualifies(p)]
        order = [free[int(index)] for index in rng.permutation(len(free))]
        taken |= dict.fromkeys(order[:count], name)
    marked = [replace(p, special=frozenset({taken[p.number]})) if p.number in taken else p for p in all_plans]
    return [replace(p, response="cr") if "detected_in_complete_response" in p.special else p for p in marked]


def progression_days(plan: K4CarePlan, line: int, response: str, *, factor: float, u: float) -> float:
    """Days from the start of a line to the progression a scan can see; u is the quantile."""
    if response == "pd":
        return 34 + 30 * u
    kind = LINES[line]
    longer = {"cr": 1.6, "pr": 1.15, "sd": 0.85}[response]
    months = kind.pfs_median_months * factor * longer * exp(kind.pfs_sigma * normal(u))
    return max(months * 30.4375 - 25, 55)
