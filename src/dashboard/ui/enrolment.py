"""Page Enrolment: from screening to an evaluable response, against the plan, with the reasons."""

import pandas as pd
import streamlit as st

from dashboard.figures.enrolment_flow import enrolment_flow
from dashboard.figures.enrolment_request import EnrolmentRequest, enrolment_request
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_date
from dashboard.tables.overview_export import export_text
from dashboard.ui import enrolment_cards as cards
from dashboard.ui.context import PageContext, Permission, stop_with
from dashboard.ui.enrolment_eligibility import eligibility_cards
from dashboard.ui.filters import counted_reader
from dashboard.ui.overview_cards import accrual_card
from dashboard.ui.style import page_theme

TITLE = "Enrolment"
OLD_DATA_CUT = "This data cut was built before follow-up was judged. Build it again to see this page."
HAS_FOLLOW_UP = "select 1 as found from information_schema.tables where table_name = 'follow_up'"
NOBODY = "No patient is recorded at your sites in this data cut."
NO_CALENDAR = "Not applicable: the extract has no calendar dates, so enrolment has no months."


@st.cache_data(max_entries=50, show_spinner=False)
def _flow(reader: Reader, request: EnrolmentRequest) -> Figure:
    return enrolment_flow(reader, request)


def show(context: PageContext) -> None:
    """Key figures, flow, accrual and projection, sites and tumour types, reasons, eligibility, export."""
    context.require_data(TITLE)
    reader = _title(context)
    if not reader.records(HAS_FOLLOW_UP):
        st.info(OLD_DATA_CUT)
        return
    study = context.study
    request = enrolment_request(study, is_all_sites=reader.sites is None, theme=page_theme())
    flow = _flow(reader, request)
    if not int(flow.rows["n_patients"].iloc[0]):
        stop_with(NOBODY)
    cards.key_figures(flow.rows, request)
    left, right = st.columns([54, 46], gap="small")
    with left:
        cards.flow_card(flow)
    with right:
        _accrual(context, reader, request)
        cards.reason_cards(reader, request)
    groups = cards.groups_card(reader, request, has_calendar=study.calendar != "relative")
    sites = cards.sites_card(reader, request)
    eligibility_cards(context, reader)
    if context.may(Permission.EXPORT):
        tables = {"Flow": flow.table, "Enrolled": groups.table, "Sites": sites.table}
        _export(context, tables, flow.footer)


def _title(context: PageContext) -> Reader:
    """Title row; gives the reader of the sites to count."""
    st.title(TITLE, anchor=False)
    place = st.empty()
    reader = counted_reader(context)
    sites = "all sites" if reader.sites is None else f"your sites: {', '.join(reader.sites) or 'none'}"
    place.caption(f"{context.study.title} · data cut of {format_date(context.snapshot.cut_off)} · {sites}")
    return reader


def _accrual(context: PageContext, reader: Reader, request: EnrolmentRequest) -> None:
    """Enrolment by month as on the overview, and the projection."""
    if context.study.calendar == "relative":
        st.markdown(NO_CALENDAR)
        return
    accrual_card(reader, context.study)
    cards.projection_card(reader, request)


def _export(context: PageContext, tables: dict[str, pd.DataFrame], footer: str) -> None:
    """The tables as one CSV file; offered once the audit trail has it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            context.record_export("enrolment", tables=list(tables))
            st.download_button(
                "Save CSV file",
                export_text(tables, footer=footer),
                file_name=f"{context.study.study_id}-enrolment-{context.snapshot.cut_off.isoformat()}.csv",
                mime="text/csv",
                on_click="ignore",
            )
        st.caption("Tables of counts with study, data cut and snapshot; each export is recorded.")
