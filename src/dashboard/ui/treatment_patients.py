"""The list of drugs stopped for toxicity while the line went on: recorded before it is read."""

import streamlit as st

from dashboard.figures.treatment.request import TreatmentRequest
from dashboard.figures.treatment.stopped_drugs import stopped_drugs_table, treatment_stopped_drugs
from dashboard.ui.as_received import day_name
from dashboard.ui.cards import how_made
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.open_patient import pick_and_open_patient

WHAT = "drugs stopped for toxicity, list on screen"
LIMITED = "The list has the patients of your own sites."


def stopped_drugs_card(context: PageContext, request: TreatmentRequest, *, is_limited: bool) -> None:
    """A button; the list once the audit trail has it; nothing for who may open no patient.

    `is_limited`: the page counts further sites. It names patients, so it is no figure of the page's export.
    """
    if not context.may(Permission.PATIENT):
        return
    with st.container(border=True):
        st.subheader("Drugs stopped for toxicity while the line went on", anchor=False)
        if is_limited:
            st.caption(LIMITED)
        if not st.button("Show the list", icon=":material/list:", key="treatment.stopped_drugs"):
            st.caption("The list names patients; showing it is recorded.")
            return
        context.record_export(WHAT)
        _listed(context, request)


@st.fragment
def _listed(context: PageContext, request: TreatmentRequest) -> None:
    """The list with a choice of patient; a fragment, so that choosing does not close it."""
    figure = treatment_stopped_drugs(context.reader, request)
    st.markdown(figure.caption)
    if figure.table.empty:
        return
    table = stopped_drugs_table(figure.rows, name_day=day_name(context))
    st.dataframe(table, hide_index=True, key="treatment.stopped_drugs.rows", alt=figure.alt)
    how_made(figure)
    patients = list(dict.fromkeys(str(one) for one in table["Patient"]))
    pick_and_open_patient(context.study.study_id, patients)
