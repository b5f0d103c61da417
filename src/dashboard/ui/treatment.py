"""Page Treatment: lines and regimens, times from each line, ways through the lines, local therapy."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.treatment.request import TreatmentRequest, treatment_request
from dashboard.store.reader import Reader
from dashboard.ui import treatment_cards as cards
from dashboard.ui import treatment_local_cards as local_cards
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.export import export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.page_title import page_title
from dashboard.ui.style import page_theme

TITLE = "Treatment"
BY_DRUG, BY_CLASS = "Drugs", "Drug classes"


def show(context: PageContext) -> None:
    """Filter; lines, regimens, cases, times, line 2 by treatment, ways; local therapy; export.

    In a study of local therapy that comes first.
    """
    context.require_data(TITLE)
    reader = page_title(context, TITLE)
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    request = replace(treatment_request(context.study, cohort=cohort, cohort_line=line), theme=page_theme())
    if context.study.about.index_origin == "local_therapy":
        figures = _local(context, reader, request) | _systemic(reader, request)
    else:
        figures = _systemic(reader, request) | _local(context, reader, request)
    if context.may(Permission.EXPORT) and figures:
        export_row(context, figures, what="treatment")


def _systemic(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Everything about lines of systemic therapy; the figures by the name of their file."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.header("Systemic therapy", anchor=False)
        chosen = st.segmented_control(
            "Name treatment by", (BY_DRUG, BY_CLASS), default=BY_DRUG, required=True
        )
    named = replace(request, by_class=chosen == BY_CLASS)
    if not cards.has_lines(reader, request):
        st.info(cards.NO_LINE)
        return {}
    return (
        cards.lines_card(reader, named)
        | cards.cases_card(reader, request)
        | cards.outcomes_card(reader, request)
        | cards.second_line_card(reader, request)
        | cards.pathways_card(reader, named)
    )


def _local(context: PageContext, reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Everything about local therapy; the figures by the name of their file."""
    st.header("Local therapy", anchor=False)
    return local_cards.local_cards(reader, request, study=context.study)
