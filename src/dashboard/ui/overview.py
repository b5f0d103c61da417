"""Page Overview: who is in the study, how far they are, how long they are followed, what needs a ruling."""

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.overview.flow import FlowRequest, flow_request, overview_flow
from dashboard.figures.overview.patients import overview_patients
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.overview_flow import FlowRow, count_at, flow_rows
from dashboard.tables.overview_words import surveillance_words
from dashboard.ui import overview_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, Permission, require
from dashboard.ui.export import export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.follow_up_cards import owed_card
from dashboard.ui.overview_eligibility import eligibility_card, rulings_card
from dashboard.ui.page_title import page_title

TITLE = "Overview"
UNFILTERED = "All numbers above are of all patients; the filter narrows the table below."
UNFILTERED_SITES = "All numbers above are of all patients of your sites; the filter narrows the table below."


@remembered(entries=50)
def _patients(reader: Reader) -> pd.DataFrame:
    return overview_patients(reader)


@remembered(entries=50)
def _flow(reader: Reader, request: FlowRequest) -> Figure:
    return overview_flow(reader, request)


def show(context: PageContext) -> None:
    """Counts, flow, data cut and follow-up, accrual, baseline table, rulings and data issues."""
    context.require_data(TITLE)
    study = context.study
    reader = page_title(context, TITLE)
    patients = _patients(reader)
    if patients.empty:
        st.info("No patient is recorded at your sites in this data cut.")
        return
    request = flow_request(study)
    rows = flow_rows(patients, numbers=request.numbers)
    flow = _flow(reader, request)
    _key_figures(patients, rows, study=study, is_all_sites=reader.sites is None)
    left, right = st.columns([60, 40], gap="small")
    with left:
        cards.flow_card(flow)
        eligibility_card(reader, study)
        accrual = cards.accrual_card(reader, study)
        if study.about.low_shedding_sites:
            cards.sentences_card("ctDNA before local therapy", surveillance_words(patients))
    with right:
        # Single patients are those of the user's own sites, whichever sites are counted.
        may_list = context.may(Permission.PATIENT) and reader == context.reader
        cards.data_cut_card(context.snapshot, study=study)
        cards.follow_up_card(reader, study, may_list=may_list)
        owed_card(reader, study)
        cards.issues_card(reader, may_list=may_list, has_data_page=context.may(Permission.DATA))
        rulings_card(reader, study)
    above = {"flow": flow} if accrual is None else {"flow": flow, "enrolment": accrual}
    _patients_at_enrolment(context, reader, above=above)


@st.fragment
def _patients_at_enrolment(context: PageContext, reader: Reader, *, above: dict[str, Figure]) -> None:
    """Filter, baseline table and export: what a cohort changes, so that only this is drawn again for it.

    `above` are the figures of the page that no filter narrows.
    """
    if require(Permission.AGGREGATE).user != context.user:
        # Drawn alone it still asks who is signed in; other rights need another page.
        st.rerun()
    st.caption(UNFILTERED if reader.sites is None else UNFILTERED_SITES)
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    figure = cards.baseline_card(reader, context.study, cohort=cohort, cohort_line=line)
    if context.may(Permission.EXPORT):
        export_row(context, {**above, "patients at enrolment": figure}, what="overview")


def _on_treatment_words(study: Study) -> str:
    is_local = study.about.index_origin == "local_therapy"
    return "On systemic therapy" if is_local else "On treatment"


def _key_figures(patients: pd.DataFrame, rows: list[FlowRow], *, study: Study, is_all_sites: bool) -> None:
    enrolled = patients[patients["enrolled_on"].notna()]
    n = len(enrolled)
    target = study.recruitment.target
    planned = f"of {target} planned" if is_all_sites else f"{target} planned in all"
    of_enrolled = f"of {n} enrolled"
    died = int((enrolled["vital_status"] == "dead").sum())
    figures = (
        ("Screened", len(patients), f"{len(patients) - n} not enrolled"),
        ("Enrolled" if is_all_sites else "Enrolled, your sites", n, planned),
        (_on_treatment_words(study), int(enrolled["is_on_treatment"].sum()), f"of {n}, any line"),
        ("Died", died, of_enrolled),
        ("Valid ctDNA baseline", count_at(rows, "BASELINE"), of_enrolled),
        ("Clearance assessable", count_at(rows, "PAIR"), of_enrolled),
    )
    columns = st.columns(len(figures), gap="small")
    for column, (label, value, note) in zip(columns, figures, strict=True):
        column.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)
