"""Blood values that go with a graded adverse event: at its onset and at the visits while it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.demo.chance import between, stream
from dashboard.demo.laboratory import rounded, write_value
from dashboard.demo.person import Person
from dashboard.demo.truth import Record

# A stream of its own, so that the rest of a course is the same with and without these values.
ABNORMAL_STREAM = 71


@dataclass(frozen=True)
class Abnormal:
    """The value an event shows in, its range by CTCAE 5.0 grade, and the least of the other values.

    CTCAE grades creatinine by the patient's own baseline too: who has grade 1 starts no lower.
    """

    name: str
    by_grade: Mapping[int, tuple[float, float]]
    usual_at_least: float = 0.0


# Limits of normal as in laboratory.BLOOD: neutrophils 1.8, haemoglobin 115, ALT 40, creatinine 97.
ABNORMAL = {
    "neutrophil count decreased": Abnormal(
        "anc", {1: (1.5, 1.79), 2: (1.0, 1.49), 3: (0.5, 0.99), 4: (0.15, 0.49)}
    ),
    "anaemia": Abnormal("haemoglobin", {1: (101, 114), 2: (81, 99), 3: (62, 79)}),
    "alanine aminotransferase increased": Abnormal(
        "alt", {1: (44, 118), 2: (124, 196), 3: (206, 620), 4: (820, 1400)}
    ),
    "blood creatinine increased": Abnormal("creatinine", {1: (98, 102), 2: (150, 280)}, usual_at_least=69),
}


def write_abnormal(person: Person) -> None:
    """Every graded event of the patient shows in the blood; the worse of two at a time counts."""
    events = [r for r in person.records if r.table == "adverse_event" and r.values["term"] in ABNORMAL]
    graded = [record for record in events if record.values.get("grade")]
    for event in sorted(graded, key=lambda record: record.values["grade"]):
        _write_event(person, event)


def _write_event(person: Person, event: Record) -> None:
    kind, onset = ABNORMAL[event.values["term"]], event.values["started_on"]
    ended = (event.as_of(None) or event.values).get("ended_on") or person.until
    digits = int("".join(char for char in person.patient_id if char.isdigit()))
    rng = stream(person.truth.seed, ABNORMAL_STREAM, digits, onset)
    values = [r for r in person.records if r.table == "measurement" and r.values["name"] == kind.name]
    bounds = kind.by_grade[event.values["grade"]]
    for record in values:
        if onset <= record.values["measured_on"] < ended:
            record.values["value"] = rounded(kind.name, between(rng, *bounds))
        elif record.values["value"] < kind.usual_at_least:
            record.values["value"] = rounded(kind.name, kind.usual_at_least)
    if not any(record.values["measured_on"] == onset for record in values):
        write_value(person, onset, "unscheduled", name=kind.name, value=between(rng, *bounds))
