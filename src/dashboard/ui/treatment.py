"""Page Treatment: lines and regimens, times from each line, ways through the lines, local therapy."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.treatment.request import TreatmentRequest, treatment_request
from dashboard.store.reader import Reader
from dashboard.ui import treatment_cards as cards
from dashboard.ui import treatment_local_cards as local_cards
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.export import export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.link_state import open_part_of, page_choice, page_choices
from dashboard.ui.page_title import page_title
from dashboard.ui.parts import Part, open_part
from dashboard.ui.style import page_theme
from dashboard.ui.treatment_patients import stopped_drugs_card

TITLE = "Treatment"
BY_DRUG, BY_CLASS = "Drugs", "Drug classes"
NAMES = (BY_DRUG, BY_CLASS)
NAME_BY = "Name treatment by"
LINES, LOCAL = "Lines", "Local therapy"
# Parts that name what was given; elsewhere the choice is not offered, and still holds for the files.
NAMED_PARTS = frozenset({LINES, "Pathways"})


def show(context: PageContext) -> None:
    """Filter; lines and regimens, times, line 2 by treatment, ways, cases, local therapy in parts; export.

    In a study of local therapy that comes first.
    """
    context.require_data(TITLE)
    reader = page_title(context, TITLE)
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    request = replace(treatment_request(context.study, cohort=cohort, cohort_line=line), theme=page_theme())
    local: dict[str, Part] = {LOCAL: partial(local_cards.local_cards, reader, request, study=context.study)}
    is_local = context.study.about.index_origin == "local_therapy"
    if cards.has_lines(reader, request):
        names_key = page_choice(NAME_BY, NAMES, default=BY_DRUG)
        request = replace(request, by_class=page_choices().get(NAME_BY) == BY_CLASS)
        systemic = _systemic(context, reader, request)
        files = cards.files(reader, request) | local_cards.files(reader, request)
    else:
        names_key = None
        systemic = {"Systemic therapy": cards.no_line}
        files = local_cards.files(reader, request)
    parts = local | systemic if is_local else systemic | local
    if names_key is not None and (open_part_of("treatment") or next(iter(parts))) in NAMED_PARTS:
        st.segmented_control(NAME_BY, NAMES, key=names_key, required=True, persist_state="session")
    drawn = open_part(parts, key="treatment.part")
    if context.may(Permission.EXPORT):
        export_row(context, {**files, **drawn}, what="treatment")


def _systemic(context: PageContext, reader: Reader, request: TreatmentRequest) -> dict[str, Part]:
    """Everything about lines of systemic therapy."""
    unnamed = replace(request, by_class=False)
    return {
        LINES: partial(_lines, context, reader, request),
        "Times": partial(cards.outcomes_card, reader, unnamed),
        "Line 2": partial(cards.second_line_card, reader, unnamed),
        "Pathways": partial(cards.pathways_card, reader, request),
        "Cases": partial(cards.cases_card, reader, unnamed),
    }


def _lines(context: PageContext, reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Lines and regimens, and the list of drugs stopped while the line went on, where there are any."""
    drawn = cards.lines_card(reader, request)
    counts = drawn["lines"].rows
    if counts.loc[counts["measure"] == "drug_stopped", "n"].any():
        stopped_drugs_card(context, request, is_limited=reader != context.reader)
    return drawn
