"""Pieces of a course that all studies share: treatments that run and end, contacts, loss and death."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboard.demo.chance import happens, pick
from dashboard.demo.person import Person
from dashboard.demo.scans import Disease, Follow, scan
from dashboard.demo.truth import Record
from dashboard.demo.workdays import weekday, weekday_before

FOREVER = 10_000_000


@dataclass(frozen=True)
class Drug:
    """A systemic course about to start."""

    line: int | None
    label: str
    agents: str
    start_reason: str = "unknown"
    intent: str = "metastatic"


def start_drug(person: Person, day: int, drug: Drug) -> Record:
    """A systemic treatment that goes on until `stop_drug`."""
    return person.write(
        "treatment",
        day,
        treatment_id=f"RX{person.number('treatment')}",
        kind="systemic",
        intent=drug.intent,
        regimen=drug.label,
        agents=drug.agents,
        agents_as_written=drug.label,
        line=drug.line,
        started_on=day,
        is_ongoing=True,
        start_reason=drug.start_reason,
    )


def stop_drug(person: Person, record: Record, day: int, reason: str) -> None:
    """The last dose; nothing where the patient's file ends before it."""
    if day <= person.until:
        record.revise(person.seen_on(day), ended_on=day, is_ongoing=False, stop_reason=reason)


def past_drug(person: Person, start: int, end: int, drug: Drug, *, stop_reason: str) -> Record:
    """A systemic treatment that was over before the patient entered the study."""
    record = start_drug(person, start, drug)
    record.values |= {"ended_on": end, "is_ongoing": False, "stop_reason": stop_reason}
    return record


@dataclass(frozen=True)
class Schedule:
    """Days between scans, and their scatter."""

    interval: int
    scatter: int = 10
    missed: float = 0.03


def follow_line(
    person: Person, disease: Disease, follow: Follow, *, schedule: Schedule, stop_after: int
) -> int | None:
    """Scan until progression is called, the file ends or `stop_after`; gives the day of progression."""
    while True:
        follow.planned = max(follow.planned, follow.started) + schedule.interval
        day = weekday(follow.planned + person.wobble(-schedule.scatter, schedule.scatter))
        if day > min(person.until, stop_after):
            return None
        if happens(person.rng, schedule.missed):
            continue
        if scan(person, disease, follow, day) == "pd":
            return day


def write_clinical_progression(person: Person, day: int, line: int) -> int:
    """Progression written by the clinician without a scan; gives its day."""
    person.write(
        "response",
        day,
        assessed_on=day,
        assessor="treating_physician",
        visit=f"L{line} clinical",
        basis="clinical",
        overall="pd",
        progression_pattern="other",
        progression_site="clinical deterioration",
    )
    return day


def continue_beyond(
    person: Person, disease: Disease, follow: Follow, progressed: int, schedule: Schedule
) -> int | None:
    """Oligoprogression: one lesion irradiated, the same drugs go on for months; gives their last day."""
    start = weekday(progressed + person.wobble(14, 28))
    if start + 10 > person.until:
        return None
    person.write(
        "treatment",
        start,
        treatment_id=f"RT{person.number('radiotherapy')}",
        kind="radiotherapy",
        intent="palliative",
        regimen="SBRT of one lesion",
        started_on=start,
        ended_on=weekday(start + 9),
        modality="sbrt",
        organ=disease.lesions[-1].organ,
        lesion_id=disease.lesions[-1].lesion_id,
        total_dose_gy=Decimal(35),
        fractions=5,
        dose_per_fraction_gy=Decimal(7),
        start_reason="imaging_progression",
    ).known_on += 10
    end = weekday(progressed + person.wobble(110, 220))
    follow_line(person, disease, follow, schedule=schedule, stop_after=min(progressed + 100, end))
    return end if end <= person.until else None


def visit_days(person: Person, first: int, interval: int) -> list[int]:
    """Days of the visits up to the end of the file, jitter −3 to +10 days."""
    days, planned = [first], first + interval
    while planned <= person.until:
        day = weekday(max(planned + person.wobble(-3, 10), first))
        if day <= person.until:
            days.append(day)
        planned += interval
    return sorted(set(days))


def write_visit(person: Person, day: int, name: str, *, is_reviewed: bool = True) -> None:
    """A visit with its contact."""
    person.write("visit", day, visit_on=day, visit=name, has_occurred=True, is_treatment_reviewed=is_reviewed)
    if day != person.died_on:
        person.write("contact", day, contact_on=day, vital_status="alive", is_treatment_reviewed=is_reviewed)


def write_death(person: Person, causes: dict[str, float]) -> None:
    """The contact that reports the death, known some days later."""
    if person.died_on is None:
        return
    cause = pick(person.rng, causes)
    values: dict[str, Any] = {"vital_status": "dead", "died_on": person.died_on, "death_cause": cause}
    record = person.write(
        "contact", person.died_on, contact_on=person.died_on, is_treatment_reviewed=True, **values
    )
    record.known_on += person.wobble(2, 20)


def write_loss(person: Person, day: int) -> None:
    """Lost to follow-up: the last row of the file."""
    person.write("contact", day, contact_on=day, vital_status="lost")
    person.write(
        "disposition", day, kind="lost_to_follow_up", happened_on=day, reason="not reached by telephone"
    )
    person.until = min(person.until, day)


def write_withdrawal(person: Person, day: int) -> None:
    """Consent withdrawn: nothing is written about the patient after this day."""
    person.write(
        "disposition", day, kind="withdrawal_of_consent", happened_on=day, reason="patient's decision"
    )


def end_by_death(person: Person, day: float) -> None:
    """The patient dies on a day if the file goes so far."""
    died = weekday_before(day)
    if died <= person.until:
        person.died_on = died
        person.until = died
