"""The list of serious adverse events: recorded before it is read, with the way to each patient."""

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.safety.events import safety_serious
from dashboard.figures.safety.request import SafetyRequest
from dashboard.ui.cards import how_made
from dashboard.ui.context import PageContext
from dashboard.ui.open_patient import pick_and_open_patient

WHAT = "serious adverse events, list on screen"
LIMITED = "The list has the patients of your own sites."


def serious_card(context: PageContext, request: SafetyRequest, *, is_limited: bool) -> dict[str, Figure]:
    """A button; the list once the audit trail has it. `is_limited`: the page counts further sites.

    It names patients, so it is no figure of the page's export.
    """
    with st.container(border=True):
        st.header("Serious adverse events", anchor=False)
        if is_limited:
            st.caption(LIMITED)
        if not st.button("Show the list", icon=":material/list:"):
            st.caption("The list names patients; showing it is recorded.")
            return {}
        context.record_export(WHAT)
        figure = safety_serious(context.reader, request)
        _listed(context.study.study_id, figure)
    return {}


@st.fragment
def _listed(study_id: str, figure: Figure) -> None:
    """The list with a choice of patient; a fragment, so that choosing does not close it."""
    st.markdown(figure.caption)
    if figure.table.empty:
        return
    st.dataframe(figure.table, hide_index=True, key="safety.serious", alt="Serious adverse events")
    how_made(figure)
    patients = list(dict.fromkeys(str(one) for one in figure.table["Patient"]))
    pick_and_open_patient(study_id, patients)
