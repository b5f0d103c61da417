"""What one changed row is about, in words: "CT of 12 Feb 2026", "Result of 20 Feb 2026"."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dashboard.studies import vocabulary
from dashboard.tables.patient_changes_values import analyte_name, modality_name
from dashboard.tables.patient_timeline import Clock

Row = Mapping[str, Any]
DAYS = {
    "ctdna_sample": "collected_on",
    "imaging": "imaged_on",
    "lesion": "assessed_on",
    "response": "assessed_on",
    "visit": "visit_on",
    "measurement": "measured_on",
    "contact": "contact_on",
    "treatment": "started_on",
    "adverse_event": "started_on",
    "disposition": "happened_on",
    "attestation": "attested_on",
    "pathology": "taken_on",
    "characteristic": "recorded_on",
}
LOCAL = {"radiotherapy": "Radiotherapy", "ablation": "Ablation", "surgery": "Surgery"}
DOSES = {"dose_reduction": "Dose reduction", "dose_hold": "Dose hold"}
DISPOSITIONS = {
    "screen_failure": "Screening failure",
    "withdrawal_of_consent": "Consent withdrawn",
    "lost_to_follow_up": "Lost to follow-up",
    "transfer": "Care transferred",
    "ctdna_declined": "no ctDNA sampling",
    "completed": "Study completed",
    "left_study": "Left the study",
    "protocol_deviation": "Protocol deviation",
}


class ValueDiff(Protocol):
    """One column with its value before and after."""

    @property
    def column(self) -> str:
        """Name of the column."""

    @property
    def old(self) -> Any:
        """Value before."""

    @property
    def new(self) -> Any:
        """Value now."""


class RowDiff(Protocol):
    """One row before and after; one of them is None where it is new or has vanished."""

    @property
    def table(self) -> str:
        """Name of the table."""

    @property
    def old(self) -> Row | None:
        """The row before."""

    @property
    def new(self) -> Row | None:
        """The row now."""

    @property
    def values(self) -> Sequence[ValueDiff]:
        """Columns that differ; none where the row is new or has gone."""


@dataclass(frozen=True)
class Naming:
    """How the words name days, and the day each sample of the patient was drawn."""

    clock: Clock
    sample_days: Mapping[str, dt.date]

    def day(self, row: Row, table: str) -> dt.date | None:
        """The day a row is about; of a variant the day its sample was drawn."""
        if table == "variant":
            return self.sample_days.get(row["sample_id"])
        return row.get(DAYS.get(table, ""))

    def of(self, row: Row, table: str, word: str = "of") -> str:
        """The day as the end of a subject, empty where there is none."""
        day = self.day(row, table)
        precision = row.get(f"{DAYS.get(table, '')}_precision")
        return "" if day is None else f" {word} {self.clock.name(day, precision)}"


def row_of(change: RowDiff) -> Row:
    """The row as it is now, else as it was."""
    return change.new or change.old or {}


def was_of(change: RowDiff) -> Row:
    """The row as it was, else as it is now."""
    return change.old or change.new or {}


def subject(change: RowDiff, naming: Naming) -> str:
    """What the row is about, as the start of a line. A row that changed is named by what it was before."""
    row = was_of(change)
    known = SUBJECTS.get(change.table)
    if known is None:
        return f"{change.table.replace('_', ' ').capitalize()}{naming.of(row, change.table)}"
    return known(row, naming)


def _result(row: Row, naming: Naming) -> str:
    return f"Result{naming.of(row, 'ctdna_sample')}"


def _variant(row: Row, naming: Naming) -> str:
    return f"Result{naming.of(row, 'variant')}"


def _imaging(row: Row, naming: Naming) -> str:
    return f"{modality_name(row['modality'])}{naming.of(row, 'imaging')}"


def _lesion(row: Row, naming: Naming) -> str:
    return f"Lesion {row['lesion_id']}{naming.of(row, 'lesion', 'on')}"


def _response(row: Row, naming: Naming) -> str:
    assessor = vocabulary.ASSESSORS.get(row["assessor"], row["assessor"])
    return f"Response{naming.of(row, 'response')} ({assessor})"


def _measurement(row: Row, naming: Naming) -> str:
    return f"{analyte_name(row['name'])}{naming.of(row, 'measurement')}"


def _visit(row: Row, naming: Naming) -> str:
    return f"Visit{naming.of(row, 'visit')}"


def _contact(row: Row, naming: Naming) -> str:
    if row["vital_status"] == "dead":
        return f"Death{naming.of(row, 'contact')}"
    return f"Contact{naming.of(row, 'contact')}"


def _treatment(row: Row, naming: Naming) -> str:
    kind, drugs = row["kind"], row.get("regimen") or row.get("agents")
    if kind in DOSES:
        return f"{DOSES[kind]}{naming.of(row, 'treatment', 'from')}"
    if kind in LOCAL:
        name = vocabulary.MODALITIES.get(row.get("modality") or "", LOCAL[kind])
        place = row.get("organ") or row.get("lesion_id")
        return f"{name}{f' ({place})' if place else ''}{naming.of(row, 'treatment')}"
    line = f"Line {row['line']}: " if row.get("line") else ""
    return f"{line}{drugs or 'treatment'}{naming.of(row, 'treatment', 'from')}"


def _adverse_event(row: Row, naming: Naming) -> str:
    return f"{row['term'].capitalize()}{naming.of(row, 'adverse_event', 'from')}"


def _disposition(row: Row, naming: Naming) -> str:
    return f"{DISPOSITIONS.get(row['kind'], row['kind'])}{naming.of(row, 'disposition', 'on')}"


def _pathology(row: Row, naming: Naming) -> str:
    specimen = f" ({row['specimen']})" if row.get("specimen") else ""
    return f"Pathology {row['test'].replace('_', ' ').upper()}{specimen}{naming.of(row, 'pathology')}"


def _characteristic(row: Row, naming: Naming) -> str:
    # A study's own name may run a word and a number together, for instance line2_regimen.
    return re.sub(r"\bline(?=\d)", "line ", row["name"].replace("_", " ")).capitalize()


def _attestation(row: Row, naming: Naming) -> str:
    return f"Criterion {row['criterion']}{naming.of(row, 'attestation', 'on')}"


def _link(row: Row, naming: Naming) -> str:
    return f"Laboratory ID {row['laboratory_id']}"


def _outcome(row: Row, naming: Naming) -> str:
    return f"Reported outcome {row['outcome']}"


def _patient(row: Row, naming: Naming) -> str:
    return "Patient record"


SUBJECTS: dict[str, Callable[[Row, Naming], str]] = {
    "patient": _patient,
    "characteristic": _characteristic,
    "pathology": _pathology,
    "treatment": _treatment,
    "sample_link": _link,
    "ctdna_sample": _result,
    "variant": _variant,
    "imaging": _imaging,
    "lesion": _lesion,
    "response": _response,
    "measurement": _measurement,
    "adverse_event": _adverse_event,
    "visit": _visit,
    "contact": _contact,
    "disposition": _disposition,
    "attestation": _attestation,
    "reported_outcome": _outcome,
}
