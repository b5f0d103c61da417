"""One patient while the course is being written: identity, burden, and the way rows become known."""

from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator

from dashboard.demo.burden import Burden
from dashboard.demo.chance import days_between
from dashboard.demo.truth import Record, StudyTruth


@dataclass
class Person:
    """A patient of a sample study.

    `known_from` is the day the patient enters the study's files; nothing is visible before it. `until` is the
    last day anything may be written about the patient: death, loss, withdrawal or the end of the study.
    """

    truth: StudyTruth
    rng: Generator
    patient_id: str
    site_id: str
    known_from: int
    until: int
    burden: Burden
    base_ecog: int = 0
    died_on: int | None = None
    entry_days: int = 4
    counters: dict[str, int] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)

    def number(self, kind: str) -> int:
        """Next number of a kind within the patient, from 1."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return self.counters[kind]

    def seen_on(self, day: int) -> int:
        """Day on which something of this day is in the study's files."""
        return max(day, self.known_from) + self.entry_days

    def write(self, table: str, day: int, /, **values: Any) -> Record:
        """One row of this patient about this day."""
        record = self.truth.add(table, self.seen_on(day), patient_id=self.patient_id, **values)
        self.records.append(record)
        return record

    def wobble(self, low: int, high: int) -> int:
        """Some days, both bounds included."""
        return days_between(self.rng, low, high)
