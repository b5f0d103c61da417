"""From screening to an evaluable response, with the reasons at each step."""

import pandas as pd

from dashboard.figures.enrolment.request import EnrolmentRequest
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.overview.patients import overview_patients
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.tables.enrolment_flow import (
    PAIR_WORDS,
    conduct_flow,
    n_pairs_with_response,
    n_without_consent_date,
)
from dashboard.tables.formats import format_count
from dashboard.tables.overview_flow import DIVISIONS, FlowNumbers, flow_counts, flow_table

CONSENT = "select patient_id, consented_on from usable_patient order by patient_id"
METHOD = (
    "Each patient is left out once, by the first reason that applies, so that a step minus the reasons under "
    "it is the next step. A screening failure whose recorded reason speaks of consent or refusal counts at "
    "consent, every other at eligibility. Whoever is enrolled counts as consented. "
    f"{DIVISIONS} {PAIR_WORDS} Response evaluable: a response other than NE "
    "within the pairing window of the second draw, on the same line."
)


def enrolment_patients(reader: Reader, request: EnrolmentRequest) -> pd.DataFrame:
    """One row per patient known to the study: the rows of the overview with the date of consent."""
    patients = overview_patients(reader)
    return patients.merge(reader.rows(CONSENT), on="patient_id", how="left", validate="one_to_one")


def flow_numbers(request: EnrolmentRequest) -> FlowNumbers:
    """The numbers of the study definition in the words of the flow."""
    return FlowNumbers(second_draw_from_day=request.second_draw_from_day, pairing_days=request.pairing_days)


@registered("enrolment_flow", writes_rows=True)
def enrolment_flow(reader: Reader, request: EnrolmentRequest) -> Figure:
    """The flow as a table; `rows` has one row per step, part or reason."""
    patients = enrolment_patients(reader, request)
    rows = conduct_flow(patients, numbers=flow_numbers(request))
    return Figure(
        rows=flow_counts(rows),
        spec={},
        table=flow_table(rows, counts_only_below=request.counts_only_below),
        caption=_caption(patients),
        method=METHOD,
        footer=footer_of(reader.snapshot),
        alt="Flow of patients from screening to an evaluable response, with the reasons for leaving",
    )


def _caption(patients: pd.DataFrame) -> str:
    k, n = n_pairs_with_response(patients)
    have = "has" if k == 1 else "have"
    evaluable = "an evaluable response, whether or not clearance can be judged"
    parts = [f"Of {format_count(n, 'valid pair')}, {k} {have} {evaluable}."]
    undated = n_without_consent_date(patients)
    if undated:
        count = "counts" if undated == 1 else "count"
        parts.append(f"{undated} enrolled without a date of consent {count} as consented (data issue).")
    return " ".join(parts)
