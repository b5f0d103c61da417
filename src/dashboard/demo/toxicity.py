"""Adverse events of CDK4/6 inhibitors, with the holds, reductions and stops that follow from them."""

from dataclasses import dataclass
from math import exp

from dashboard.demo.abnormal import ABNORMAL
from dashboard.demo.chance import between, happens, pick
from dashboard.demo.laboratory import write_value
from dashboard.demo.parameters_cdk46 import INHIBITORS, Cdk46Parameters, InhibitorParameters
from dashboard.demo.person import Person
from dashboard.demo.truth import Record
from dashboard.demo.workdays import weekday

COMMON = (
    ("fatigue", "General disorders", 0.40, {1: 0.7, 2: 0.27, 3: 0.03}),
    ("alopecia", "Skin and subcutaneous tissue disorders", 0.33, {1: 0.8, 2: 0.2}),
    ("nausea", "Gastrointestinal disorders", 0.30, {1: 0.75, 2: 0.22, 3: 0.03}),
    ("anaemia", "Blood and lymphatic system disorders", 0.25, {1: 0.6, 2: 0.3, 3: 0.1}),
    ("arthralgia", "Musculoskeletal disorders", 0.22, {1: 0.7, 2: 0.27, 3: 0.03}),
)
ACTION_WORDS = {
    "none": "dose not changed",
    "hold": "drug interrupted",
    "reduce": "dose reduced",
    "stop": "drug withdrawn",
}


@dataclass(frozen=True)
class Event:
    """An adverse event about to be written."""

    term: str
    organ_class: str
    onset: int
    grade: int
    days: int
    action: str = "none"


@dataclass
class Exposure:
    """The inhibitor course of a patient and its dose level so far."""

    person: Person
    parameters: Cdk46Parameters
    inhibitor: str
    course: Record
    started: int
    until: int
    level: int = 0

    @property
    def kind(self) -> InhibitorParameters:
        """Targets of this inhibitor."""
        return INHIBITORS[self.inhibitor]


def write_toxicity(exposure: Exposure) -> None:
    """All events of line 1."""
    person, kind, start = exposure.person, exposure.kind, exposure.started
    _write_neutropenia(exposure)
    worst = _worst(exposure, kind.diarrhoea)
    if worst:
        onset = start + (
            person.wobble(5, 9) if exposure.inhibitor == "abemaciclib" else person.wobble(10, 90)
        )
        _write(
            exposure,
            Event("diarrhoea", "Gastrointestinal disorders", weekday(onset), worst, person.wobble(4, 20)),
        )
    single = (
        ("alanine aminotransferase increased", "Investigations", kind.liver_grade_3, 3, (30, 120), "hold"),
        ("venous thromboembolism", "Vascular disorders", kind.embolism, 3, (60, 400), "none"),
        ("interstitial lung disease", "Respiratory disorders", kind.lung_disease, 2, (60, 400), "hold"),
        ("electrocardiogram QT prolonged", "Investigations", kind.qtc, 3, (14, 60), "hold"),
        ("blood creatinine increased", "Investigations", kind.creatinine, 1, (14, 60), "none"),
    )
    for term, organ_class, share, grade, (low, high), action in single:
        if happens(person.rng, share):
            onset = weekday(start + person.wobble(low, high))
            _write(exposure, Event(term, organ_class, onset, grade, person.wobble(14, 60), action))
    for term, organ_class, share, grades in COMMON:
        if happens(person.rng, share):
            onset = weekday(start + person.wobble(7, 200))
            _write(
                exposure, Event(term, organ_class, onset, pick(person.rng, grades), person.wobble(14, 120))
            )


def _worst(exposure: Exposure, rates: tuple[float, float, float]) -> int:
    """Worst grade: the rates are any grade, then for neutropenia grades 3 and 4, for diarrhoea 2 and 3."""
    grades = (3, 4) if rates is exposure.kind.neutropenia else (2, 3)
    lowest = {2: 0.8, 1: 0.2} if grades == (3, 4) else {1: 1.0}
    point = exposure.person.rng.random()
    if point < rates[2]:
        return grades[1]
    if point < rates[2] + rates[1]:
        return grades[0]
    return pick(exposure.person.rng, lowest) if point < rates[0] else 0


def _write_neutropenia(exposure: Exposure) -> None:
    """First episode about day 16 of a cycle, over in 7 to 10 days, often again in later cycles."""
    person = exposure.person
    worst = _worst(exposure, exposure.kind.neutropenia)
    if not worst:
        return
    onset = exposure.started + 16 * exp(0.3 * float(person.rng.standard_normal()))
    episodes = pick(person.rng, {1: 0.45, 2: 0.35, 3: 0.2})
    worst_episode = int(person.rng.integers(episodes))
    for number in range(episodes):
        grade = worst if number == worst_episode else max(1, worst - 1)
        day = weekday(onset + 28 * number * between(person.rng, 1, 2.2))
        action = pick(person.rng, {"hold": 0.50, "reduce": 0.30, "none": 0.20}) if grade >= 3 else "none"
        event = Event(
            "neutrophil count decreased", "Investigations", day, grade, person.wobble(7, 10), action
        )
        if _write(exposure, event):
            bounds = ABNORMAL[event.term].by_grade[grade]
            write_value(person, day, "unscheduled", name="anc", value=between(person.rng, *bounds))


def _write(exposure: Exposure, event: Event) -> bool:
    """The event and what was done; nothing after the end of the file or of the inhibitor."""
    person, rng = exposure.person, exposure.person.rng
    if event.onset > exposure.until:
        return False
    serious = happens(rng, 0.35 if event.grade == 4 else 0.10 if event.grade == 3 else 0.01)
    grade = (
        {}
        if happens(rng, exposure.parameters.grade_missing) and event.action == "none"
        else {"grade": event.grade}
    )
    relation = {} if happens(rng, exposure.parameters.relation_missing) else _relation(exposure)
    record = person.write(
        "adverse_event",
        event.onset,
        event_id=f"AE{person.number('event')}",
        term=event.term,
        term_as_written=event.term,
        organ_class=event.organ_class,
        ctcae_version="5.0",
        started_on=event.onset,
        is_serious=serious,
        outcome="recovering",
        action_taken=ACTION_WORDS[event.action],
        **grade,
        **relation,
        **({"serious_criterion": "hospitalisation"} if serious else {}),
    )
    ended = weekday(event.onset + event.days)
    if ended <= person.until:
        record.revise(person.seen_on(ended), ended_on=ended, outcome="recovered")
    _write_dose_change(exposure, event, ended)
    return True


def _relation(exposure: Exposure) -> dict[str, str]:
    relation = pick(exposure.person.rng, {"related": 0.8, "not_related": 0.12, "not_assessable": 0.08})
    return {"relatedness": relation} | ({"related_to": exposure.inhibitor} if relation == "related" else {})


def _write_dose_change(exposure: Exposure, event: Event, ended: int) -> None:
    person = exposure.person
    first = weekday(event.onset + person.wobble(0, 2))
    if event.action == "none" or first > exposure.until:
        return
    part = {"part_of": exposure.course.values["treatment_id"], "agents": exposure.inhibitor}
    number = f"D{person.number('dose step')}"
    if event.action == "reduce" and exposure.level > -2:
        exposure.level -= 1
        person.write(
            "treatment",
            first,
            treatment_id=number,
            kind="dose_reduction",
            started_on=first,
            dose_level=exposure.level,
            dose=exposure.kind.doses_mg[-exposure.level],
            dose_unit="mg",
            start_reason="toxicity_of_previous",
            **part,
        )
    elif ended > first:
        hold = person.write(
            "treatment",
            first,
            treatment_id=number,
            kind="dose_hold",
            started_on=first,
            start_reason="toxicity_of_previous",
            **part,
        )
        if ended <= exposure.until:
            hold.revise(person.seen_on(ended), ended_on=ended)


def write_reductions(exposure: Exposure) -> None:
    """Reductions for other reasons, so that the share of patients with one meets its target."""
    person = exposure.person
    day = weekday(exposure.started + person.wobble(40, 260))
    already = 0.3 * sum(exposure.kind.neutropenia[1:])
    rest = 1.25 * max(exposure.kind.reduced - already, 0) / (1 - already)
    if exposure.level == 0 and happens(person.rng, rest) and day <= exposure.until:
        _write_dose_change(exposure, Event("", "", day, 2, 0, "reduce"), day)
