"""Eligibility criteria and open questions of study.toml: every reading of a text that allows several.

A rule states what lets the patient in, for exclusion criteria too. Where the readings of a criterion that
needs a ruling give different answers for a patient, the answer is NEEDS_RULING; where a fact is missing it is
UNKNOWN.
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from dashboard.studies.endpoints import Strict
from dashboard.studies.problems import Problem, listed, shown

# What a rule may read that is not simply a recorded value.
DERIVED_FACTS = {
    "attestation": "Answer of the investigator, or ruling of the PI about a patient (table attestation).",
    "age_years": "Age in completed years at consent.",
    "sex": "Sex as recorded.",
    "tumour_type": "Tumour type.",
    "is_metastatic": "Metastatic disease is recorded, on or before enrolment.",
    "is_consented": "A consent date is recorded, on or before enrolment.",
    "is_assay_done": "A ctDNA sample is recorded; no where the patient declined.",
    "ned_basis": "Treatment by which no evidence of disease was reached.",
    "ned_months": "Completed calendar months from documented NED to the oligometastases or a progression.",
    "ned_treatment_months": "The same from the last local treatment on or before that NED.",
    "lines_before_enrolment": "Highest metastatic line that started before enrolment; 0 without one.",
    "lung_lesions": "Number of lung lesions at the screening examination.",
    "largest_lung_lesion_mm": "Longest diameter of the largest lung lesion at the screening examination.",
    "lung_radiotherapy_before": "Radiotherapy of the lung before enrolment.",
    "metastatic_organs_now": "Organs with metastases at the screening examination, in alphabetical order.",
    "days_since_major_surgery": "Days from the last operation to enrolment.",
    "has_key_class": "A drug of the study's key class in line 1, or planned.",
    "her2_status": "HER2: 0, 1+, 2+ ISH-, 2+ ISH+, 2+ ISH missing, 3+.",
}
# Facts with a number; a pathology result has both a number (per cent) and a word.
NUMERIC_FACTS = (
    "age_years",
    "ned_months",
    "ned_treatment_months",
    "lines_before_enrolment",
    "lung_lesions",
    "largest_lung_lesion_mm",
    "days_since_major_surgery",
)
# measurement_uln: the value as a multiple of the upper limit of normal; attestation.I05: another criterion.
RECORDED_FACT = re.compile(
    r"^((measurement|measurement_uln|pathology|characteristic)\.[a-z]|attestation\.[IE])[a-z0-9_]*$"
)
NUMERIC_OPERATORS = ("at_least", "at_most", "over", "under")
WORD_OPERATORS = ("is", "is_not")
NEEDS_RULING = "needs_ruling"


class Reading(Strict):
    """One reading of a criterion as a rule; `value` may list alternatives joined by " | ".

    `ruling`: only the PI decides, for everyone, or for those whose fact has the value. `equivocal`: values
    that neither let in nor keep out, where only the PI decides (clinical-decisions A30).
    """

    reading: str = ""
    meaning: str = ""
    fact: str = "attestation"
    operator: Literal["at_least", "at_most", "over", "under", "is", "is_not", "attested", "ruling"]
    bound: Decimal | None = None
    value: str | None = None
    equivocal: str | None = None


class Criterion(Strict):
    """One [[criterion]]: an inclusion or exclusion criterion with its readings.

    `applies_to`: the sex it is asked of; met by everyone else.
    """

    criterion: str = Field(alias="id", pattern=r"^[IE]\d\d[a-z]?$")
    label: str
    kind: Literal["inclusion", "exclusion"]
    status: Literal["active", "needs_ruling"] = "active"
    readings: tuple[Reading, ...] = Field(min_length=1)
    question: str | None = None
    applies_to: Literal["female", "male"] | None = None


class QuestionReading(Strict):
    """One way to understand a contradictory text, and what it would mean."""

    reading: str
    meaning: str


class OpenQuestion(Strict):
    """One [[open_question]]: a place where the protocol contradicts itself, the readings, and the default.

    The default is a reading, or needs_ruling where patients wait for the PI.
    """

    question_id: str = Field(alias="id", pattern=r"^[a-z][a-z0-9_]*$")
    topic: str
    text: str
    readings: tuple[QuestionReading, ...] = Field(min_length=2)
    default: str
    affects: tuple[str, ...] = ()
    status: Literal["open", "ruled"] = "open"
    ruling: str | None = None
    ruled_by: str | None = None
    ruled_on: dt.date | None = None

    @property
    def in_force(self) -> str:
        """The reading the software uses now: the ruling where there is one, else the default."""
        return self.ruling or self.default


def criterion_problems(criterion: Criterion) -> Iterator[Problem]:
    """Readings that could not be judged."""
    table = f"[[criterion]] {criterion.criterion}"
    names = [reading.reading for reading in criterion.readings]
    if len(set(names)) < len(names) or (len(names) > 1 and "" in names):
        yield Problem(table, "readings", f"the names {names}", "a name of its own for each reading")
    if criterion.status == "needs_ruling" and criterion.question is None:
        yield Problem(
            table, "question", "nothing", "the id of the open question, because status is needs_ruling"
        )
    for reading in criterion.readings:
        yield from _reading_problems(reading, table=table)


def _reading_problems(reading: Reading, *, table: str) -> Iterator[Problem]:
    key = f"readings {reading.reading}".strip()
    if reading.fact not in DERIVED_FACTS and not RECORDED_FACT.match(reading.fact):
        recorded = "measurement.x, measurement_uln.x, pathology.x, characteristic.x, attestation.I01"
        allowed = f"{listed(sorted(DERIVED_FACTS))}, {recorded}"
        yield Problem(table, f"{key}.fact", shown(reading.fact), allowed)
    else:
        yield from _comparison_problems(reading, table=table, key=key)
    if (reading.bound is None) == (reading.operator in NUMERIC_OPERATORS):
        allowed = "a bound with at_least, at_most, over and under, and only there"
        yield Problem(table, f"{key}.bound", shown(reading.bound), allowed)
    needs_value = reading.operator in WORD_OPERATORS
    if needs_value != (reading.value is not None) and reading.operator != "ruling":
        yield Problem(
            table, f"{key}.value", shown(reading.value), "a value with is and is_not, and only there"
        )


def _comparison_problems(reading: Reading, *, table: str, key: str) -> Iterator[Problem]:
    """A number compared with a fact that is a word, a word with a number, an answer that is none."""
    if reading.operator in NUMERIC_OPERATORS and not _has_number(reading.fact):
        yield Problem(table, f"{key}.operator", shown(reading.operator), "is, is_not or ruling: a word")
    if reading.operator in WORD_OPERATORS and not _has_word(reading.fact):
        allowed = "at_least, at_most, over or under: a number"
        yield Problem(table, f"{key}.operator", shown(reading.operator), allowed)
    if reading.operator == "attested" and not reading.fact.startswith("attestation"):
        yield Problem(table, f"{key}.fact", shown(reading.fact), "attestation, or attestation.I01")


def _has_number(fact: str) -> bool:
    return fact in NUMERIC_FACTS or fact.startswith(("measurement", "pathology."))


def _has_word(fact: str) -> bool:
    return fact not in NUMERIC_FACTS and not fact.startswith("measurement")


def question_problems(question: OpenQuestion) -> Iterator[Problem]:
    """Defaults and rulings that name no reading, or a ruling without its author and date."""
    table = f"[[open_question]] {question.question_id}"
    names = [reading.reading for reading in question.readings]
    if question.default not in (*names, NEEDS_RULING):
        yield Problem(table, "default", shown(question.default), listed([*names, NEEDS_RULING]))
    if question.ruling is not None and question.ruling not in names:
        yield Problem(table, "ruling", shown(question.ruling), listed(names))
    given = (question.ruling, question.ruled_by, question.ruled_on)
    if question.status == "ruled" and None in given:
        yield Problem(table, "status", "'ruled'", "ruled only with ruling, ruled_by and ruled_on")
    if question.status == "open" and any(given):
        yield Problem(table, "status", "'open' beside a ruling", 'status = "ruled"')
