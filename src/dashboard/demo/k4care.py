"""The sample study k4care: metastatic cancer of several types, two blood draws, tumour-informed assay."""

from dataclasses import dataclass
from math import exp, log

from dashboard.demo.abnormal import write_abnormal
from dashboard.demo.anti_egfr import replace_anti_egfr
from dashboard.demo.anti_her2 import lower_untreated_her2, replace_trastuzumab
from dashboard.demo.burden import Burden, Effect
from dashboard.demo.chance import between, days_between, happens, lognormal, pick, quota, stream
from dashboard.demo.course import (
    FOREVER,
    Drug,
    Schedule,
    continue_beyond,
    end_by_death,
    follow_line,
    start_drug,
    stop_drug,
    write_clinical_progression,
)
from dashboard.demo.k4care_plan import STUDY_END, K4CarePlan, elapsed_days, plans, progression_days
from dashboard.demo.k4care_planted import arrange, finish
from dashboard.demo.k4care_records import (
    driver,
    write_earlier_lines,
    write_history,
    write_pathology,
    write_patient,
    write_screen_failure,
)
from dashboard.demo.k4care_visits import write_draws, write_visits
from dashboard.demo.lesions import other_lesions, target_lesions
from dashboard.demo.parameters_k4care import LINES, PFS_FACTOR, TUMOURS, K4CareParameters
from dashboard.demo.person import Person
from dashboard.demo.regimens import regimen
from dashboard.demo.scans import Disease, Follow, scan
from dashboard.demo.shown import days_as_planted, days_before_same_line, scans_end
from dashboard.demo.truth import StudyTruth
from dashboard.demo.workdays import ordinal, weekday, weekday_before

STUDY_ID = "k4care"
STUDY_NUMBER = 1
SIZE_MEDIAN_MM = 58.0
SIZE_SIGMA = 0.40
DIAMETER_RATIO = {"cr": (0.01, 0.06), "pr": (0.28, 0.62), "sd": (0.76, 0.99), "pd": (1.0, 1.0)}
VIABLE_RATIO = {"cr": (0.0002, 0.8), "pr": (0.035, 1.2), "sd": (0.07, 1.3), "pd": (1.0, 0.0)}
VIABLE_AT_MOST = {"cr": 0.001, "pr": 0.2, "sd": 0.8, "pd": 1.0}


@dataclass
class Course:
    """The course of one patient as it is written."""

    person: Person
    plan: K4CarePlan
    parameters: K4CareParameters
    disease: Disease
    kind: str
    progressions: list[int]
    line_starts: list[int]


def generate_k4care(seed: int, parameters: K4CareParameters | None = None) -> StudyTruth:
    """The finished study: 200 patients and the screening failures."""
    parameters = parameters or K4CareParameters()
    truth = StudyTruth(STUDY_ID, seed)
    rng = stream(seed, STUDY_NUMBER)
    for plan in plans(rng, parameters):
        _write_patient_course(truth, plan, parameters, seed)
    screened = quota(rng, parameters.screen_failures, {site: 1.0 for site in parameters.sites})
    for number, site in enumerate(screened):
        day = weekday(ordinal(2025, 3, 10) + 35 * number + days_between(rng, 0, 6))
        person = Person(truth, rng, f"K4C-{201 + number:04d}", site, day, day, Burden(day))
        write_screen_failure(person, number, day)
    replace_anti_egfr(truth)
    replace_trastuzumab(truth)
    lower_untreated_her2(truth)
    finish(truth)
    return truth


def _write_patient_course(
    truth: StudyTruth, plan: K4CarePlan, parameters: K4CareParameters, seed: int
) -> None:
    rng = stream(seed, STUDY_NUMBER, plan.number)
    started = weekday(plan.enrolled_on - elapsed_days(rng, plan, parameters))
    person = Person(
        truth,
        rng,
        plan.patient_id,
        plan.site_id,
        plan.enrolled_on,
        STUDY_END,
        Burden(started - 120),
        base_ecog=pick(rng, {0: 0.4, 1: 0.5, 2: 0.1}),
        entry_days=days_between(rng, 2, 8),
    )
    arrange(person, plan)
    has_driver = driver(person, plan)
    kind = has_driver or plan.tumour
    first_line_on = write_earlier_lines(person, plan, kind, started)
    write_patient(person, plan, first_line_on)
    write_history(person, plan)
    write_pathology(person, plan, has_driver)
    course = Course(person, plan, parameters, _disease(person, plan), kind, [], [])
    if person.until > plan.enrolled_on:
        _simulate(course, started)
    else:
        _write_single_day(course)
    write_draws(person, plan, parameters, course.progressions)
    write_visits(person, plan, course.line_starts)
    write_abnormal(person)


def _write_single_day(course: Course) -> None:
    """Treatment, scan, draw and visit all lie on the day of enrolment."""
    person, day = course.person, course.plan.enrolled_on
    drugs = regimen(person.rng, disease=course.kind, line=course.plan.line)
    start_drug(person, day, Drug(course.plan.line, drugs.label, drugs.agents, "planned"))
    scan(person, course.disease, Follow(course.plan.line, day, day + 400, False), day)


def _disease(person: Person, plan: K4CarePlan) -> Disease:
    rng, organs = person.rng, TUMOURS[plan.tumour].organs
    size = SIZE_MEDIAN_MM * exp(SIZE_SIGMA * (0.95 * plan.burden_z + 0.3 * float(rng.standard_normal())))
    lesions = target_lesions(rng, dict(organs), min(size, 190), 1.0)
    lesions += other_lesions(rng, dict(organs), days_between(rng, 0, 2), 1.0)
    return Disease(lesions, has_lesion_table=plan.site_id in ("01", "02"))


def _simulate(course: Course, started: int) -> None:
    """Lines one after the other until no further line, death or the end of the file."""
    person, plan, parameters = course.person, course.plan, course.parameters
    if happens(person.rng, parameters.sudden_death) and not plan.special:
        end_by_death(person, plan.enrolled_on + between(person.rng, 20, 500))
    line, day, response, u = plan.line, started, plan.response, plan.progression_u
    if day > person.until:
        return
    while True:
        progressed = _one_line(course, line, day, response=response, u=u)
        if progressed is None:
            return
        course.progressions.append(progressed)
        if not happens(person.rng, LINES[min(line, 3)].next_line):
            _to_death(course, progressed)
            return
        line, day = line + 1, weekday(progressed + person.wobble(12, 32))
        if day > person.until:
            return
        response, u = pick(person.rng, LINES[min(line, 3)].responses), between(person.rng, 0.02, 0.98)


def _one_line(course: Course, line: int, day: int, *, response: str, u: float) -> int | None:
    person, at_least = course.person, course.plan.enrolled_on - day
    drugs = regimen(person.rng, disease=course.kind, line=line)
    factor = PFS_FACTOR.get(course.kind, 1.0) if line == 1 else 1.0
    days = progression_days(course.plan, min(line, 3), response, factor=factor, u=u)
    if at_least > 0:
        # Whoever joins on treatment has not progressed yet.
        days = max(days, at_least + 15 + 0.3 * days)
    if line == course.plan.line:
        days = days_as_planted(course.plan.special, day, days)
        if "same_line_after_progression" in course.plan.special:
            days = days_before_same_line(day, days)
    effect = _effect(course, day, response, days)
    person.burden.treat(day, effect)
    reason = "planned" if line == course.plan.line == 1 else "imaging_progression"
    treatment = start_drug(person, day, Drug(line, drugs.label, drugs.agents, reason))
    course.line_starts.append(day)
    has_new = happens(person.rng, 0.45)
    follow = Follow(line, day, int(effect.progression_day), has_new)
    if course.plan.special & {"no_imaging", "everything_on_one_day"}:
        return None
    scan(
        person,
        course.disease,
        follow,
        weekday(day - person.wobble(3, 20)) if line == course.plan.line else weekday_before(day - 1),
    )
    interval = (
        course.parameters.tablet_scan_days if drugs.is_oral else course.parameters.chemotherapy_scan_days
    )
    progressed = _follow(course, follow, Schedule(interval))
    if progressed is not None:
        stop_drug(person, treatment, weekday(progressed + person.wobble(0, 7)), "progression")
    elif person.died_on is not None and person.died_on == person.until:
        treatment.revise(
            person.seen_on(person.until), ended_on=person.until, is_ongoing=False, stop_reason="death"
        )
    return progressed


def _follow(course: Course, follow: Follow, schedule: Schedule) -> int | None:
    """Day on which the line is given up: progression, or after it where the same drugs went on."""
    person, plan, disease = course.person, course.plan, course.disease
    is_clinical = "clinical_progression" in plan.special and follow.line == plan.line
    stop_after = plan.enrolled_on + 120 if is_clinical else scans_end(plan.special) or FOREVER
    progressed = follow_line(person, disease, follow, schedule=schedule, stop_after=stop_after)
    if progressed is None and is_clinical:
        day = weekday(stop_after)
        return write_clinical_progression(person, day, follow.line) if day <= person.until else None
    if progressed is not None and "same_line_after_progression" in plan.special and follow.line == plan.line:
        return continue_beyond(person, disease, follow, progressed, schedule)
    return progressed


def _effect(course: Course, day: int, response: str, days: float) -> Effect:
    rng, parameters = course.person.rng, course.parameters
    viable, sigma = VIABLE_RATIO[response]
    ratio = min(lognormal(viable, sigma, between(rng, 0.02, 0.98)), VIABLE_AT_MOST[response])
    diameter = max(between(rng, *DIAMETER_RATIO[response]), ratio ** (1 / 3))
    low, high = parameters.shedding_gain
    gain = exp(between(rng, log(low), log(high)))
    return Effect(diameter, ratio, day + days, between(rng, *parameters.doubling_days), gain)


def _to_death(course: Course, progressed: int) -> None:
    person, plan = course.person, course.plan
    months = lognormal(course.parameters.survival_after_progression_months, 0.75, plan.death_u)
    death = progressed + max(months * 30.4375, 21)
    person.burden.grow_to_death(progressed, death)
    end_by_death(person, death)
