"""Page Enrolment: from screening to an evaluable response, against the plan, with the reasons."""

import streamlit as st

from dashboard.figures.enrolment.flow import enrolment_flow
from dashboard.figures.enrolment.request import EnrolmentRequest, enrolment_request
from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.request import has_follow_up
from dashboard.store.reader import Reader
from dashboard.ui import enrolment_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission, stop_with
from dashboard.ui.enrolment_eligibility import eligibility_cards
from dashboard.ui.export import export_row
from dashboard.ui.overview_cards import accrual_card
from dashboard.ui.page_title import page_title
from dashboard.ui.style import page_theme

TITLE = "Enrolment"
NOBODY = "No patient is recorded at your sites in this data cut."
NO_CALENDAR = "Not applicable: the extract has no calendar dates, so enrolment has no months."


@remembered(entries=50)
def _flow(reader: Reader, request: EnrolmentRequest) -> Figure:
    return enrolment_flow(reader, request)


def show(context: PageContext) -> None:
    """Key figures, flow, accrual and projection, sites and tumour types, reasons, eligibility, export."""
    context.require_data(TITLE)
    reader = page_title(context, TITLE)
    if not has_follow_up(reader):
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
    # By site and tumour type this counts months, which a study without calendar dates has not.
    groups = {} if study.calendar == "relative" else {"enrolled": cards.groups_card(reader, request)}
    sites = cards.sites_card(reader, request)
    eligibility_cards(context, reader)
    if context.may(Permission.EXPORT):
        export_row(context, {"flow": flow, **groups, "sites": sites}, what="enrolment")


def _accrual(context: PageContext, reader: Reader, request: EnrolmentRequest) -> None:
    """Enrolment by month as on the overview, and the projection."""
    if context.study.calendar == "relative":
        st.markdown(NO_CALENDAR)
        return
    accrual_card(reader, context.study)
    cards.projection_card(reader, request)
