"""Page Overview: who is in the study, how far they are, how long they are followed, what needs a ruling."""

import pandas as pd
import streamlit as st

from dashboard.figures.figure import footer_of
from dashboard.figures.overview_patients import OverviewRequest, overview_patients, overview_request
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.formats import format_date
from dashboard.tables.overview_export import export_text
from dashboard.tables.overview_flow import FlowNumbers, FlowRow, count_at, flow_rows, flow_table
from dashboard.tables.overview_words import surveillance_words
from dashboard.ui import overview_cards as cards
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.filters import cohort_filter, cohort_line, counted_reader
from dashboard.ui.follow_up_cards import owed_card
from dashboard.ui.overview_eligibility import eligibility_card, rulings_card


@st.cache_data(max_entries=50, show_spinner=False)
def _patients(reader: Reader, request: OverviewRequest) -> pd.DataFrame:
    return overview_patients(reader, request)


def show(context: PageContext) -> None:
    """Counts, flow, data cut and follow-up, accrual, baseline table, rulings and data issues."""
    context.require_data("Overview")
    study = context.study
    reader = _title(context)
    patients = _patients(reader, overview_request(study))
    if patients.empty:
        st.info("No patient is recorded at your sites in this data cut.")
        return
    rows = flow_rows(patients, numbers=_numbers(study))
    _key_figures(patients, rows, study=study, is_all_sites=reader.sites is None)
    left, right = st.columns([60, 40], gap="small")
    with left:
        cards.flow_card(rows)
        eligibility_card(reader, study)
        cards.accrual_card(reader, study)
        if study.about.low_shedding_sites:
            cards.sentences_card("ctDNA before local therapy", surveillance_words(patients))
    with right:
        cards.data_cut_card(context.snapshot, study=study)
        cards.follow_up_card(reader, study, may_list=context.may(Permission.PATIENT))
        owed_card(reader, study)
        may_list = context.may(Permission.PATIENT) and reader == context.reader
        cards.issues_card(reader, may_list=may_list, has_data_page=context.may(Permission.DATA))
        rulings_card(reader, study)
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    figure = cards.baseline_card(reader, study, cohort=cohort, cohort_line=line)
    if context.may(Permission.EXPORT):
        tables = {"Flow, all patients": flow_table(rows), f"Patients at enrolment, {line}": figure.table}
        _export(context, tables, footer_of(context.snapshot))


def _title(context: PageContext) -> Reader:
    """Title row; gives the reader of the sites to count: all of them by right and choice, else the user's."""
    st.title("Overview", anchor=False)
    place = st.empty()
    reader = counted_reader(context)
    cut = format_date(context.snapshot.cut_off)
    place.caption(f"{context.study.title} · data cut of {cut} · {_sites(reader)}")
    return reader


def _sites(reader: Reader) -> str:
    if reader.sites is None:
        return "all sites"
    return f"your sites: {', '.join(reader.sites) or 'none'}"


def _numbers(study: Study) -> FlowNumbers:
    return FlowNumbers(
        second_draw_from_day=study.ctdna.second_draw_from_day, pairing_days=study.ctdna.pairing_days
    )


def _export(context: PageContext, tables: dict[str, pd.DataFrame], footer: str) -> None:
    """Flow and baseline table as one CSV file; the file is offered once the audit trail has it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            context.record_export("overview", tables=list(tables))
            st.download_button(
                "Save CSV file",
                export_text(tables, footer=footer),
                file_name=f"{context.study.study_id}-overview-{context.snapshot.cut_off.isoformat()}.csv",
                mime="text/csv",
                on_click="ignore",
            )
        st.caption("Flow and table of patients with study and data cut; each export is recorded.")


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
        (_on_treatment_words(study), int(enrolled["is_on_treatment"].sum()), of_enrolled),
        ("Died", died, of_enrolled),
        ("Valid ctDNA baseline", count_at(rows, "BASELINE"), of_enrolled),
        ("Clearance assessable", count_at(rows, "PAIR"), of_enrolled),
    )
    columns = st.columns(len(figures), gap="small")
    for column, (label, value, note) in zip(columns, figures, strict=True):
        column.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)
