"""Blood draws, visits, markers and toxicity of a K4Care patient, read off the burden that was simulated."""

from math import log10

from dashboard.demo.chance import between, days_between, happens, normal, one_of, pick
from dashboard.demo.course import visit_days, write_death, write_visit
from dashboard.demo.k4care_plan import K4CarePlan
from dashboard.demo.k4care_records import tissue_variants
from dashboard.demo.laboratory import write_blood, write_ecog, write_marker
from dashboard.demo.parameters_k4care import TUMOURS, K4CareParameters
from dashboard.demo.person import Person
from dashboard.demo.plasma import Assay, Draw, Shedding, Tumour, draw_tracked, tracked_variants
from dashboard.demo.shown import LAST_CUT
from dashboard.demo.workdays import months_after, weekday, weekday_before

P90_IN_SIGMA = 2 * normal(0.9)
NO_SHEDDING_PPM = (5, 120)
TRACKED_COUNT = {2: 0.16, 3: 0.2, 4: 0.22, 5: 0.14, 6: 0.1, 7: 0.07, 8: 0.05, 9: 0.03, 10: 0.03}
SET_LEVEL_PPM = {
    "newly_detected_no_scan": 4200.0,
    "detected_in_complete_response": 900.0,
    "progression_not_detected": 60.0,
}
RISES_FROM_PPM = (2500.0, 40_000.0)
CHEMOTHERAPY_EVENTS = (
    ("nausea", "Gastrointestinal disorders"),
    ("neutrophil count decreased", "Investigations"),
    ("fatigue", "General disorders"),
    ("peripheral sensory neuropathy", "Nervous system disorders"),
    ("rash", "Skin and subcutaneous tissue disorders"),
    ("diarrhoea", "Gastrointestinal disorders"),
)


def k4care_assay(parameters: K4CareParameters) -> Assay:
    """K-4CARE as the laboratory runs it."""
    return Assay(
        "K-4CARE",
        "K-4CARE",
        parameters.lod_ppm,
        None,
        parameters.variant_floor_ppm,
        parameters.sample_sigma_log10,
        parameters.turnaround_working_days,
        "LAB",
    )


def _shedding(person: Person, plan: K4CarePlan, parameters: K4CareParameters) -> Shedding:
    kind, rng = TUMOURS[plan.tumour], person.rng
    total = (log10(kind.maf_p90_percent) - log10(kind.maf_p10_percent)) / P90_IN_SIGMA
    by_burden = (
        max(total**2 - parameters.shedding_sigma_log10**2 - parameters.sample_sigma_log10**2, 0.16) ** 0.5
    )
    exponent = parameters.shedding_sigma_log10 * plan.shedding_z + by_burden * plan.burden_z
    base = kind.maf_median_percent * 10_000 * 10**exponent
    if not plan.is_shedder:
        base = min(base, between(rng, *NO_SHEDDING_PPM))
    count = pick(rng, TRACKED_COUNT)
    tumour = Tumour(kind.genes, tissue_variants(person))
    return Shedding(
        tracked_variants(rng, tumour, count=count, mean_of_highest=parameters.mean_of_highest), base
    )


def write_draws(
    person: Person, plan: K4CarePlan, parameters: K4CareParameters, progressions: list[int]
) -> None:
    """The first draw at enrolment, the second by the patient's plan, a third for some."""
    if plan.tumour == "other" or plan.special & {"no_ctdna", "dead_before_first_draw"}:
        return
    shedding, assay = _shedding(person, plan, parameters), k4care_assay(parameters)
    draws = [Draw(plan.enrolled_on, "draw 1", "enrolment", _fails(person, plan, parameters, 1))]
    second = _second_draw(person, plan, progressions, parameters)
    if second is not None:
        draws.append(second)
        third = weekday(second.day + person.wobble(80, 110))
        if happens(person.rng, 0.1) and third <= person.until:
            draws.append(Draw(third, "draw 3", "planned_follow_up"))
    for draw in draws:
        draw_tracked(person, assay, _as_planted(person, plan, shedding, draw), draw)


def _fails(person: Person, plan: K4CarePlan, parameters: K4CareParameters, number: int) -> bool:
    if "only_failed_samples" in plan.special or ("failed_without_redraw" in plan.special and number == 1):
        return True
    return happens(person.rng, parameters.failed_sample) and not plan.special


def _as_planted(person: Person, plan: K4CarePlan, shedding: Shedding, draw: Draw) -> Shedding:
    """Planted levels of the second draw: set so that the plasma of that day gives them."""
    first = shedding.base_ppm * person.burden.plasma_at(plan.enrolled_on)
    if "rising_without_progression" in plan.special:
        # Far enough from both ends that the second draw can show the rise.
        low, high = RISES_FROM_PPM
        within = min(max(first, low), high)
        shedding = Shedding(shedding.variants, shedding.base_ppm * (within / first))
        first = within
    for name, level in (*SET_LEVEL_PPM.items(), ("rising_without_progression", 4.0 * first)):
        if name in plan.special and draw.label == "draw 2":
            return Shedding(shedding.variants, level / person.burden.plasma_at(draw.day))
    return shedding


def _second_draw(
    person: Person, plan: K4CarePlan, progressions: list[int], parameters: K4CareParameters
) -> Draw | None:
    draw = _planted_draw(person, plan, progressions) or _planned_draw(person, plan, progressions, parameters)
    is_taken = draw is not None and plan.enrolled_on < draw.day <= person.until
    return draw if is_taken and "failed_without_redraw" not in plan.special else None


def _planted_draw(person: Person, plan: K4CarePlan, progressions: list[int]) -> Draw | None:
    """A second draw in time for the last data cut, where a planted patient needs one."""
    if plan.special & set(SET_LEVEL_PPM) - {"progression_not_detected"} | plan.special & {
        "rising_without_progression"
    }:
        return Draw(weekday(LAST_CUT - days_between(person.rng, 60, 80)), "draw 2", "planned_follow_up")
    if "pending_long" in plan.special:
        return Draw(
            weekday(LAST_CUT - days_between(person.rng, 30, 40)), "draw 2", "planned_follow_up", False, 45
        )
    if "progression_not_detected" in plan.special and progressions:
        return Draw(weekday(progressions[0] + days_between(person.rng, 1, 6)), "draw 2", "at_progression")
    return None


def _planned_draw(
    person: Person, plan: K4CarePlan, progressions: list[int], parameters: K4CareParameters
) -> Draw | None:
    rng, enrolled = person.rng, plan.enrolled_on
    first, last = (months_after(enrolled, months) - enrolled for months in (3, 6))
    bounds = {"early": (66, 86), "window": (first, last - 3), "late": (190, 240)}.get(plan.second_draw)
    if bounds is None:
        return None
    day, reason = weekday(enrolled + days_between(rng, *bounds)), "planned_follow_up"
    near = [day for day in progressions if enrolled + 66 < day < enrolled + 240]
    if near and happens(rng, parameters.second_draw_at_progression):
        day = weekday(near[0] + days_between(rng, -12, 6))
        reason = "at_progression" if day >= near[0] else "suspected_progression"
    return Draw(day, "draw 2", reason, _fails(person, plan, parameters, 2))


def write_visits(person: Person, plan: K4CarePlan, line_starts: list[int]) -> None:
    """Monthly visits from enrolment to the end of the file, with condition, marker and some blood values."""
    marker = TUMOURS[plan.tumour].marker
    height = between(person.rng, 0.3, 2.0) if happens(person.rng, 0.66) else 0.0
    days = visit_days(person, plan.enrolled_on, 30)
    if person.died_on is not None and days[-1] < person.died_on - 14:
        days.append(weekday_before(person.died_on - 5))
    for number, day in enumerate(days, start=1):
        name = "enrolment" if number == 1 else f"month {number - 1}"
        write_visit(person, day, name)
        write_ecog(person, day, name)
        if marker and number % 2 == 1:
            write_marker(person, day, name, marker=marker, height=height)
        if number % 3 == 1:
            write_blood(
                person, day, name, names=("anc", "alt", "creatinine", "haemoglobin", "platelets", "bilirubin")
            )
    for started in line_starts:
        _write_events(person, max(started, plan.enrolled_on))
    write_death(person, {"cancer": 0.86, "treatment": 0.02, "other": 0.06, "unknown": 0.06})


def _write_events(person: Person, started: int) -> None:
    for term, organ_class in CHEMOTHERAPY_EVENTS:
        onset = weekday(started + person.wobble(5, 70))
        if not happens(person.rng, 0.13) or onset > person.until:
            continue
        grade = pick(person.rng, {1: 0.45, 2: 0.38, 3: 0.15, 4: 0.02})
        event = person.write(
            "adverse_event",
            onset,
            event_id=f"AE{person.number('event')}",
            term=term,
            term_as_written=term,
            organ_class=organ_class,
            grade=grade,
            ctcae_version="5.0",
            started_on=onset,
            is_serious=grade == 4,
            relatedness=one_of(person.rng, ("related", "related", "not_assessable")),
            outcome="recovering",
            **({"serious_criterion": "hospitalisation"} if grade == 4 else {}),
        )
        ended = weekday(onset + person.wobble(5, 30))
        if ended <= person.until:
            event.revise(person.seen_on(ended), ended_on=ended, outcome="recovered")
