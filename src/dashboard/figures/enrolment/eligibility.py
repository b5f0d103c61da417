"""Eligibility by the data: of each patient, by criterion, and what each reading of the protocol decides."""

from dataclasses import dataclass

import pandas as pd

from dashboard.figures.enrolment.request import enrolment_sql
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.overview.eligibility import overview_eligibility
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.enrolment_eligibility import (
    criterion_lines,
    criterion_table,
    patient_table,
    reading_table,
    verdict_words,
)
from dashboard.tables.formats import format_count

METHOD = (
    "Criteria of the study definition, judged from the data as of enrolment; where the data are silent, by "
    "the answer of the investigator. Nothing recorded is never a pass. Where the readings of the protocol "
    "differ for a patient the criterion needs a ruling by the PI; a ruling about one patient is shown as "
    "such. A patient is not eligible with one criterion not met, else waits for a ruling, else cannot be "
    "judged, else meets all."
)


@dataclass(frozen=True, kw_only=True)
class EligibilityRequest:
    """Which patients to list: all of a verdict or of a result of one criterion; None for everybody."""

    verdict: str | None = None
    criterion: str | None = None


@registered("enrolment_criteria", writes_rows=True, key=("criterion_no",))
def enrolment_criteria(reader: Reader) -> Figure:
    """One row per criterion: enrolled patients by result; the five results add up to the enrolled."""
    sql = enrolment_sql("criterion_count")
    rows = reader.rows(sql)
    n_all_met = int((rows["n_met"] == rows["n_enrolled"]).sum())
    return Figure(
        rows=rows,
        spec={},
        table=criterion_table(rows),
        caption=f"{n_all_met} of {len(rows)} criteria are met by everybody enrolled and are left out.",
        method=METHOD,
        footer=footer_of(reader.snapshot),
        alt="Eligibility criteria with enrolled patients by result",
    )


@registered("enrolment_readings", writes_rows=True, key=("criterion_no", "question", "reading"))
def enrolment_readings(reader: Reader) -> Figure:
    """One row per criterion and reading, with the patients it lets in and whom the ruling decides."""
    rows = overview_eligibility(reader)
    rows = rows[rows["reading"] != ""].reset_index(drop=True)
    return Figure(
        rows=rows,
        spec={},
        table=reading_table(rows),
        caption=(
            "Decides: enrolled patients whom the readings judge differently, or about whom only a ruling "
            "decides. Eligible: who meets all criteria if this reading is chosen for its question."
        ),
        method=METHOD,
        footer=footer_of(reader.snapshot),
        alt="Readings of the protocol with the patients each decides",
    )


def enrolment_verdicts(reader: Reader) -> tuple[pd.DataFrame, list[str]]:
    """One row per patient with the verdict, and the sentence of the enrolled."""
    rows = reader.rows(enrolment_sql("verdict"))
    return rows, verdict_words(rows)


@registered("enrolment_eligibility")
def enrolment_eligibility(reader: Reader, request: EligibilityRequest) -> Figure:
    """The patients with what is not simply met, in words: only for who may open patients."""
    sql = enrolment_sql("verdict")
    rows = reader.rows(sql)
    lines = criterion_lines(reader.records(enrolment_sql("criterion")))
    if request.criterion is not None:
        named = {line.patient_id for line in lines if line.criterion == request.criterion}
        rows = rows[rows["patient_id"].isin(named)]
        lines = [line for line in lines if line.criterion == request.criterion]
    if request.verdict is not None:
        rows = rows[rows["verdict"] == request.verdict]
    return Figure(
        rows=rows.reset_index(drop=True),
        spec={},
        table=patient_table(rows, lines=lines),
        caption=f"{format_count(len(rows), 'patient')}, screening failures included.",
        method=METHOD,
        footer=footer_of(reader.snapshot),
        alt="Patients with the eligibility criteria that are not simply met",
    )
