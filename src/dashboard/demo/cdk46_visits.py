"""Visits, blood values, marker and toxicity of a CDK4/6 patient."""

from dashboard.demo.cdk46_lines import Course
from dashboard.demo.chance import between, happens
from dashboard.demo.course import visit_days, write_death, write_visit
from dashboard.demo.laboratory import write_blood, write_ecog, write_marker
from dashboard.demo.parameters_cdk46 import INHIBITORS
from dashboard.demo.toxicity import Exposure, write_reductions, write_toxicity
from dashboard.demo.workdays import weekday, weekday_before

DENSE_DAYS = 170
DENSE_INTERVAL = 28
INTERVAL = 56
# Who begins another line is well enough for it: ECOG 0 to 2 in the days before and after its start.
FIT_BEFORE, FIT_AFTER = 90, 28
NEUTROPHILS_ON_INHIBITOR = {"palbociclib": 0.58, "dalpiciclib": 0.5, "ribociclib": 0.6, "abemaciclib": 0.8}


def write_exposure(course: Course, started: int) -> None:
    """Toxicity of line 1 and, for some, the inhibitor stopped for it while endocrine therapy goes on."""
    person, plan = course.person, course.plan
    if not course.first_treatments:
        return
    treatment = course.first_treatments[-1]
    last = _last_day(course)
    stops = happens(person.rng, 1.35 * INHIBITORS[plan.inhibitor].stopped_for_toxicity) and not plan.special
    day = weekday(started + person.wobble(40, 240))
    if stops and day + 10 < last:
        _stop_inhibitor(course, day)
        last = day
    inhibitor = (
        "dalpiciclib"
        if len(course.first_treatments) > 1 and "switch_without_progression" in plan.special
        else plan.inhibitor
    )
    begun = treatment.values["started_on"]
    exposure = Exposure(person, course.parameters, inhibitor, treatment, begun, last)
    write_toxicity(exposure)
    write_reductions(exposure)


def _last_day(course: Course) -> int:
    ends = [change["ended_on"] for _, change in course.first_treatments[-1].revisions if "ended_on" in change]
    return min([*ends, course.person.until])


def _stop_inhibitor(course: Course, day: int) -> None:
    """The endocrine partner goes on alone: a course of its own in the same line."""
    person, both = course.person, course.first_treatments[-1]
    alone = person.write(
        "treatment", day, **{key: value for key, value in both.values.items() if key != "patient_id"}
    )
    alone.values |= {
        "treatment_id": f"RX{person.number('treatment')}",
        "regimen": course.endocrine.capitalize(),
        "agents": course.endocrine,
        "agents_as_written": course.endocrine.capitalize(),
        "started_on": weekday(day + 1),
        "start_reason": "toxicity_of_previous",
    }
    alone.known_on = person.seen_on(weekday(day + 1))
    alone.revisions, both.revisions = both.revisions, []
    both.revise(person.seen_on(day), ended_on=day, is_ongoing=False, stop_reason="toxicity")


def write_visits(course: Course) -> None:
    """Visits every four weeks at first and every eight weeks later, as long as the file goes."""
    person, plan = course.person, course.plan
    days = visit_days(person, plan.enrolled_on, DENSE_INTERVAL)
    kept = [
        day
        for n, day in enumerate(days)
        if day < plan.enrolled_on + DENSE_DAYS or n % (INTERVAL // DENSE_INTERVAL) == 0
    ]
    if person.died_on is not None:
        kept += [day for day in days if day > person.died_on - 100] + [
            weekday_before(max(person.died_on - 4, plan.enrolled_on))
        ]
    height = between(person.rng, 0.3, 2.0) if happens(person.rng, 0.66) else 0.0
    factor = {"anc": NEUTROPHILS_ON_INHIBITOR[plan.inhibitor]}
    for number, day in enumerate(sorted(set(kept))):
        name = "enrolment" if number == 0 else f"visit {number}"
        write_visit(person, day, name)
        is_fit = any(begins - FIT_BEFORE <= day <= begins + FIT_AFTER for begins in course.line_starts[1:])
        write_ecog(person, day, name, most=2 if is_fit else 4)
        if number % 2 == 0:
            write_marker(person, day, name, marker="ca_15_3", height=height)
            write_blood(person, day, name, names=("alt", "creatinine", "haemoglobin"))
        write_blood(person, day, name, names=("anc",), factors=factor)
    write_death(person, {"cancer": 0.88, "treatment": 0.01, "other": 0.05, "unknown": 0.06})
