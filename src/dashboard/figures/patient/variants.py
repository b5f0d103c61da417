"""The variants of one patient: a table of their courses, and every result behind it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.figures.figure import Figure, code_of, footer_of
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.formats import format_count
from dashboard.tables.patient_statements import first_draw_words
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.variants import (
    BREAK_NOTE,
    COURSE_NOTE,
    MOST_IN_NUMBERS,
    has_break,
    result_rows,
    result_table,
    variant_table,
)

SQL = (Path(__file__).parent / "variants.sql").read_text(encoding="utf-8")
COURSES = "select * from variant_course where patient_id = $patient_id order by gene, variant"
FIRST_DRAW = (
    "select * from patient_statement where patient_id = $patient_id and statement = 'NO_PRE_TREATMENT'"
)
DRAWN = "select status, is_valid from ctdna_level where patient_id = $patient_id"
NO_SAMPLE = "No ctDNA sample is recorded for this patient."
NO_RESULT = "No ctDNA sample of this patient has a result."
NONE = "No variant was reported for this patient."
CAPTION = (
    "MAF is the mutant allele fraction (VAF), in per cent. A variant that is not detected is never shown as "
    "0. Copy number is never mixed with allele fractions."
)
METHOD = (
    "Only samples with a result count. Covered: the panel covers the gene, or the laboratory reports the "
    "variant as not detected. New since baseline: covered and not detected at baseline, detected in the "
    "latest sample, on an assay that is not tumour-informed. After a change of assay or panel only samples "
    "that cover the gene are compared, and only by whether the variant was found. Possible clonal "
    "haematopoiesis only with its reason: stated by the laboratory; a gene of the study's list without a "
    "matched white-cell result; or MAF near its baseline while the other variants fell, within the bounds of "
    "the study (Study rules). A tumour-informed assay with white-cell filter has no such flag."
)


@dataclass(frozen=True, kw_only=True)
class VariantsRequest:
    """Whose variants, and how days are named: from `zero`, in study time or by date."""

    patient_id: str
    zero: dt.date
    is_study_time: bool = False
    is_fixed: bool = False


@dataclass(frozen=True)
class PatientVariants:
    """The figure, the twin with one row per variant and sample, and what is known of each of its rows."""

    figure: Figure
    results: pd.DataFrame
    sources: tuple[Mapping[str, Any], ...]


def patient_variants(reader: Reader, request: VariantsRequest) -> PatientVariants:
    """Variants of one patient; a patient without any gives an empty table."""
    parameters = {"patient_id": request.patient_id}
    courses = reader.records(COURSES, parameters)
    samples = reader.records(SQL, parameters)
    clock = Clock(request.zero, is_study_time=request.is_study_time)
    first_draw = first_draw_words(reader.records(FIRST_DRAW, parameters))
    table = variant_table(courses, clock=clock, samples=samples)
    figure = Figure(
        rows=pd.DataFrame(samples),
        spec={},
        table=table,
        caption=_caption(courses, samples=samples, first_draw=first_draw, is_fixed=request.is_fixed)
        if samples
        else why_no_variant(reader, request.patient_id),
        method=METHOD,
        footer=footer_of(reader.snapshot),
        code=code_of(reader, (COURSES, parameters), (SQL, parameters)),
        alt=f"{format_count(len(table), 'variant')} with first, highest and last MAF",
    )
    ordered = tuple(result_rows(courses, samples=samples))
    return PatientVariants(figure, result_table(courses, clock=clock, samples=samples), ordered)


def why_no_variant(reader: Reader, patient_id: str) -> str:
    """Why there is no variant: none found, no sample with a result, or no sample at all."""
    drawn = reader.records(DRAWN, {"patient_id": patient_id})
    if any(row["is_valid"] for row in drawn):
        return NONE
    return NO_RESULT if any(row["status"] in ("failed", "pending") for row in drawn) else NO_SAMPLE


def _caption(
    courses: list[dict[str, Any]],
    *,
    samples: Sequence[Mapping[str, Any]],
    first_draw: str,
    is_fixed: bool,
) -> str:
    if not courses:
        return NONE
    has_signs = max(course["n_samples"] for course in courses) > MOST_IN_NUMBERS
    fixed = f"{vocabulary.WORDS['tumour_informed']} New variants: not assessable." if is_fixed else ""
    notes = (COURSE_NOTE if has_signs else "", BREAK_NOTE if has_break(samples) else "")
    first = f"{first_draw[:1].upper()}{first_draw[1:]}: no pre-treatment sample." if first_draw else ""
    return " ".join(part for part in (fixed, CAPTION, first, *notes) if part)
