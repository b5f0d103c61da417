"""The sample study cdk46: CDK4/6 inhibitors with endocrine therapy, the lines after them, a ctDNA subset."""

from math import exp

from dashboard.demo.abnormal import write_abnormal
from dashboard.demo.burden import Burden
from dashboard.demo.cdk46_draws import write_draws
from dashboard.demo.cdk46_lines import Course, simulate, write_first_line
from dashboard.demo.cdk46_plan import ENROLMENT, STUDY_END, Cdk46Plan, plans
from dashboard.demo.cdk46_plasma import write_panel_genes
from dashboard.demo.cdk46_records import (
    NEW_ORGANS,
    ORGANS,
    VISCERA,
    endocrine_agent,
    write_groups,
    write_patient,
    write_receptors,
    write_screen_failure,
)
from dashboard.demo.cdk46_visits import write_exposure, write_visits
from dashboard.demo.chance import days_between, happens, pick, quota, stream
from dashboard.demo.course import end_by_death, write_loss, write_withdrawal
from dashboard.demo.lesions import LOCATIONS, Lesion, other_lesions, target_lesions
from dashboard.demo.parameters_cdk46 import Cdk46Parameters
from dashboard.demo.person import Person
from dashboard.demo.scans import Disease, Follow, scan
from dashboard.demo.shown import enlarge_target
from dashboard.demo.truth import StudyTruth
from dashboard.demo.workdays import ordinal, weekday

STUDY_ID = "cdk46"
STUDY_NUMBER = 2
SIZE_MEDIAN_MM = 46.0
SIZE_SIGMA = 0.40
TREATED_BEFORE = {"add_on_day_60": 60, "add_on_day_95": 95, "chemotherapy_then_maintenance": 140}
SUDDEN_DEATH = 0.16


def generate_cdk46(seed: int, parameters: Cdk46Parameters | None = None) -> StudyTruth:
    """The finished study: 320 patients and the screening failures."""
    parameters = parameters or Cdk46Parameters()
    truth = StudyTruth(STUDY_ID, seed)
    rng = stream(seed, STUDY_NUMBER)
    write_panel_genes(truth, ENROLMENT[0])
    for plan in plans(rng, parameters):
        _write_patient_course(truth, plan, parameters)
    sites = quota(rng, parameters.screen_failures, {"01": 1.0, "02": 1.0, "03": 1.0})
    for number, site in enumerate(sites):
        day = weekday(ordinal(2021, 7, 1) + 190 * number + days_between(rng, 0, 60))
        person = Person(
            truth, rng, f"CDK-{parameters.patients + 1 + number:04d}", site, day, day, Burden(day)
        )
        write_screen_failure(person, number, day)
    for patient_id in list(truth.planted.get("response_differs", [])):
        enlarge_target(truth, patient_id)
    return truth


def _write_patient_course(truth: StudyTruth, plan: Cdk46Plan, parameters: Cdk46Parameters) -> None:
    rng = stream(truth.seed, STUDY_NUMBER, plan.number)
    started = _start_day(plan)
    person = Person(
        truth,
        rng,
        plan.patient_id,
        plan.site_id,
        plan.enrolled_on,
        STUDY_END,
        Burden(started - 120),
        base_ecog=pick(rng, {0: 0.45, 1: 0.5, 2: 0.05}),
        entry_days=days_between(rng, 3, 12),
    )
    _arrange(person, plan)
    write_patient(person, plan, started - TREATED_BEFORE.get(next(iter(plan.special), ""), 0))
    write_groups(person, plan)
    write_receptors(person, plan)
    course = Course(person, plan, parameters, _disease(person, plan), endocrine_agent(person, plan))
    first_lesions = list(course.disease.lesions)
    if person.until > max(plan.enrolled_on, started):
        if happens(rng, SUDDEN_DEATH) and not plan.special:
            end_by_death(person, max(started, plan.enrolled_on) + days_between(rng, 120, 1400))
        simulate(course, started)
    else:
        _write_single_day(course)
    write_draws(course, started)
    write_exposure(course, started)
    write_visits(course)
    write_abnormal(person)
    _name_viscera(person, first_lesions, plan.pattern)


def _start_day(plan: Cdk46Plan) -> int:
    started = weekday(plan.enrolled_on - plan.days_on_drug)
    if "everything_on_one_day" in plan.special:
        return plan.enrolled_on
    before = TREATED_BEFORE.get(next(iter(plan.special), ""), 0)
    while weekday(started - before) != started - before:
        started = weekday(started + 1)
    return started


def _arrange(person: Person, plan: Cdk46Plan) -> None:
    """Early ends of the file, and a note of what is planted in this patient."""
    for name in plan.special:
        person.truth.plant(name, plan.patient_id)
    day = weekday(plan.enrolled_on + person.wobble(140, 400))
    if "withdrawn_consent" in plan.special:
        write_withdrawal(person, day)
        person.until = day
    elif "lost_to_follow_up" in plan.special:
        write_loss(person, day)
    elif "transferred" in plan.special:
        person.write(
            "disposition", day, kind="transfer", happened_on=day, reason="care moved to another hospital"
        )
        person.until = day
    elif "early_death" in plan.special:
        end_by_death(person, plan.enrolled_on + 20)
    elif "everything_on_one_day" in plan.special:
        person.until = plan.enrolled_on


def _disease(person: Person, plan: Cdk46Plan) -> Disease:
    rng, organs = person.rng, dict(ORGANS[plan.pattern])
    lesions = other_lesions(
        rng, organs, days_between(rng, 1, 3) if not plan.is_measurable else days_between(rng, 0, 2), 1.0
    )
    if plan.is_measurable:
        size = SIZE_MEDIAN_MM * exp(SIZE_SIGMA * (0.95 * plan.burden_z + 0.3 * float(rng.standard_normal())))
        lesions = target_lesions(rng, organs, min(size, 160), 1.0) + lesions
    return Disease(lesions, new_organs=NEW_ORGANS[plan.pattern])


def _name_viscera(person: Person, lesions: list[Lesion], pattern: str) -> None:
    """Write one of the first lesions as a visceral one where the pattern asks for it and none was drawn.

    The course stays as it was simulated: a lesion that is no node first, then one that is no target.
    """
    organ = {"liver": "liver", "other_visceral": "lung"}.get(pattern)
    if organ is None or any(lesion.organ in VISCERA for lesion in lesions):
        return
    moved = min(lesions, key=lambda lesion: (lesion.is_node, lesion.role == "target"))
    place = {"organ": organ, "location": LOCATIONS[organ][0], "is_node": False}
    for record in person.truth.of("lesion", patient_id=person.patient_id, lesion_id=moved.lesion_id):
        record.values |= place


def _write_single_day(course: Course) -> None:
    """Treatment, scan, draw and visit all lie on one day."""
    day = course.plan.enrolled_on
    write_first_line(course, day)
    scan(course.person, course.disease, Follow(1, day, day + 400, False), day)
