"""Lines of therapy of a CDK4/6 patient, one after the other, as the scans decide."""

from dataclasses import dataclass, field
from math import exp, log

from dashboard.demo.burden import Effect
from dashboard.demo.cdk46_plan import Cdk46Plan, progression_days
from dashboard.demo.chance import between, happens, lognormal, one_of, pick
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
from dashboard.demo.parameters_cdk46 import NEXT_LINES, THIRD_LINE, Cdk46Parameters
from dashboard.demo.person import Person
from dashboard.demo.scans import Disease, Follow, scan
from dashboard.demo.shown import days_as_planted, scans_end
from dashboard.demo.truth import Record
from dashboard.demo.workdays import weekday

EARLY_PROGRESSION_DAYS = 100
DIAMETER_RATIO = {"cr": (0.01, 0.06), "pr": (0.30, 0.62), "sd": (0.76, 0.99), "pd": (1.0, 1.0)}
VIABLE_RATIO = {"cr": (0.0002, 0.8), "pr": (0.03, 1.2), "sd": (0.10, 1.0), "pd": (1.0, 0.0)}
VIABLE_AT_MOST = {"cr": 0.001, "pr": 0.2, "sd": 0.8, "pd": 1.0}


@dataclass
class Course:
    """The course of one patient as it is written."""

    person: Person
    plan: Cdk46Plan
    parameters: Cdk46Parameters
    disease: Disease
    endocrine: str
    first_treatments: list[Record] = field(default_factory=list)
    line_starts: list[int] = field(default_factory=list)
    progressions: list[int] = field(default_factory=list)


def simulate(course: Course, started: int) -> None:
    """Line 1 with the inhibitor, then what the physicians chose, until death or the end of the file."""
    person, parameters = course.person, course.parameters
    progressed = _first_line(course, started)
    if progressed is None:
        return
    if not happens(person.rng, parameters.next_line):
        _to_death(course, progressed, parameters.survival_without_line_2_months)
        return
    for line in (2, 3):
        day = weekday(progressed + person.wobble(10, 34))
        if day > person.until:
            return
        progressed = _later_line(course, line, day)
        if progressed is None:
            return
        if line == 3 or not happens(person.rng, parameters.third_line):
            _to_death(course, progressed, parameters.survival_after_last_line_months)
            return


def _first_line(course: Course, started: int) -> int | None:
    person, plan = course.person, course.plan
    days = days_as_planted(plan.special, started, progression_days(plan, course.parameters))
    if "same_line_after_progression" in plan.special:
        days = min(days, 400)
    response = _response(plan, days)
    person.burden.treat(started, _effect(course, response, started + days))
    course.line_starts.append(started)
    write_first_line(course, started)
    follow = Follow(1, started, int(started + days), happens(person.rng, 0.45))
    if plan.special & {"no_imaging", "everything_on_one_day"}:
        return None
    scan(person, course.disease, follow, weekday(started - person.wobble(2, 24)))
    progressed = _followed(course, follow)
    if progressed is not None:
        stop_drug(
            person, course.first_treatments[-1], weekday(progressed + person.wobble(0, 10)), "progression"
        )
    return progressed


def _response(plan: Cdk46Plan, days: float) -> str:
    if "detected_in_complete_response" in plan.special:
        return "cr"
    if days < EARLY_PROGRESSION_DAYS:
        return "pd"
    share = 0.24 if days < 270 else 0.54
    return (
        "pr"
        if plan.response_u > 0.04 and plan.response_u < share
        else "cr"
        if plan.response_u <= 0.04
        else "sd"
    )


def _followed(course: Course, follow: Follow) -> int | None:
    """Day on which the line is given up: progression, or after it where the same drugs went on."""
    person, plan, disease = course.person, course.plan, course.disease
    is_clinical = "clinical_progression" in plan.special and follow.line == 1
    stop_after = (
        max(plan.enrolled_on, follow.started) + 210 if is_clinical else scans_end(plan.special) or FOREVER
    )
    schedule = Schedule(course.parameters.scan_days)
    progressed = follow_line(person, disease, follow, schedule=schedule, stop_after=stop_after)
    if progressed is None and is_clinical:
        day = weekday(stop_after)
        progressed = write_clinical_progression(person, day, follow.line) if day <= person.until else None
    if progressed is None:
        return None
    course.progressions.append(progressed)
    if "same_line_after_progression" in plan.special and follow.line == 1:
        return continue_beyond(person, disease, follow, progressed, schedule)
    return progressed


def write_first_line(course: Course, started: int) -> None:
    """Drugs of line 1, with the planted ways of starting it."""
    person, plan = course.person, course.plan
    both = " + ".join(sorted((course.endocrine, plan.inhibitor)))
    label = f"{plan.inhibitor.capitalize()}, {course.endocrine}"
    before = {"add_on_day_60": 60, "add_on_day_95": 95}.get(next(iter(plan.special), ""), 0)
    if before:
        first = weekday(started - before)
        past_start = start_drug(
            person, first, Drug(1, course.endocrine.capitalize(), course.endocrine, "planned")
        )
        past_start.values["started_on"] = started - before
        past_start.revise(
            person.seen_on(started), ended_on=started - 1, is_ongoing=False, stop_reason="planned"
        )
    if "chemotherapy_then_maintenance" in plan.special:
        first = weekday(started - 140)
        chemo = start_drug(
            person, first, Drug(1, "Docetaxel, capecitabine", "capecitabine + docetaxel", "planned")
        )
        chemo.revise(
            person.seen_on(started), ended_on=weekday(started - 18), is_ongoing=False, stop_reason="planned"
        )
    intent = "maintenance" if "chemotherapy_then_maintenance" in plan.special else "metastatic"
    course.first_treatments.append(start_drug(person, started, Drug(1, label, both, "planned", intent)))
    if plan.menopausal_status != "postmenopausal":
        start_drug(person, started, Drug(None, "Goserelin", "goserelin", "planned", "supportive"))
    _write_switch(course, started)


def _write_switch(course: Course, started: int) -> None:
    """A change of drugs without progression, still line 1."""
    person, plan = course.person, course.plan
    new = {
        "switch_without_progression": ("Dalpiciclib", "dalpiciclib", course.endocrine, "supply"),
        "esr1_guided_switch": (plan.inhibitor.capitalize(), plan.inhibitor, "fulvestrant", "other"),
    }.get(next(iter(plan.special), ""))
    day = weekday(started + person.wobble(150, 200))
    if new is None or day > person.until:
        return
    label, inhibitor, endocrine, reason = new
    stop_drug(person, course.first_treatments[-1], day - 3 if (day - 1) % 7 > 2 else day - 5, reason)
    start_reason = "ctdna_detection" if reason == "other" else "unknown"
    agents = " + ".join(sorted((endocrine, inhibitor)))
    course.first_treatments.append(
        start_drug(person, day, Drug(1, f"{label}, {endocrine}", agents, start_reason))
    )


def _later_line(course: Course, line: int, day: int) -> int | None:
    person, plan, rng = course.person, course.plan, course.person.rng
    kind = _next_kind(course) if line == 2 else "third"
    parameters = THIRD_LINE if line == 3 else NEXT_LINES[kind]
    label, agents = one_of(rng, parameters.regimens)
    if plan.inhibitor == "abemaciclib" and kind == "cdk46_switch":
        label, agents = parameters.regimens[1]
    months = parameters.pfs_median_months * exp(0.8 * float(rng.standard_normal()))
    days = max(months * 30.4375 - 25, 40)
    response = "pd" if days < 95 else "pr" if happens(rng, 0.32) else "sd"
    person.burden.treat(day, _effect(course, response, day + days))
    treatment = start_drug(person, day, Drug(line, label, agents, "imaging_progression"))
    if line == 2:
        person.write("characteristic", day, name="line2_regimen", value=kind, recorded_on=day)
    course.line_starts.append(day)
    follow = Follow(line, day, int(day + days), happens(rng, 0.5))
    scan(person, course.disease, follow, weekday(day - 2))
    progressed = _followed(course, follow)
    if progressed is not None:
        stop_drug(person, treatment, weekday(progressed + person.wobble(0, 10)), "progression")
    return progressed


def _next_kind(course: Course) -> str:
    """Chemotherapy more often after visceral disease or early progression (A42)."""
    shares = {name: kind.share for name, kind in NEXT_LINES.items()}
    is_worse = course.plan.pattern == "liver" or course.progressions[-1] - course.line_starts[0] < 365
    shares["chemotherapy"] *= 1.35 if is_worse else 0.8
    return pick(course.person.rng, shares)


def _effect(course: Course, response: str, progression_day: float) -> Effect:
    rng, parameters = course.person.rng, course.parameters
    viable, sigma = VIABLE_RATIO[response]
    ratio = min(lognormal(viable, sigma, between(rng, 0.02, 0.98)), VIABLE_AT_MOST[response])
    diameter = max(between(rng, *DIAMETER_RATIO[response]), ratio ** (1 / 3))
    low, high = parameters.shedding_gain
    gain = exp(between(rng, log(low), log(high)))
    return Effect(diameter, ratio, progression_day, between(rng, *parameters.doubling_days), gain)


def _to_death(course: Course, progressed: int, median_months: float) -> None:
    death = progressed + max(lognormal(median_months, 0.8, course.plan.death_u) * 30.4375, 25)
    course.person.burden.grow_to_death(progressed, death)
    end_by_death(course.person, death)
