"""Page Clearance: does a change of ctDNA go with response, and with survival after it is known."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.figures.clearance.request import (
    ClearanceRequest,
    clearance_request,
    has_clearance,
    offered_schemes,
    outcomes_of,
)
from dashboard.figures.clearance.response import clearance_rows
from dashboard.figures.overview.baseline import baseline_variables
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.ui import clearance_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.clearance_survival import survival_card
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission
from dashboard.ui.export import Exported, export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.page_title import page_title
from dashboard.ui.style import page_theme

TITLE = "Clearance"
QUESTION = "Does a change of ctDNA go with response, and with what happens after it is known?"
NO_SCHEME = "Not applicable: the study definition names no way to judge a change of ctDNA."
NO_RESULT = "Not applicable: no patient of this cohort has a ctDNA result."


@remembered(entries=50)
def _rows(reader: Reader, request: ClearanceRequest) -> pd.DataFrame:
    return clearance_rows(reader, request)


def show(context: PageContext) -> None:
    """Filter and scheme; the sentences; tables; survival; lead time and balance; agreement; export."""
    context.require_data(TITLE)
    study = context.study
    reader = page_title(context, TITLE, question=QUESTION)
    if not has_clearance(reader) or not offered_schemes(study):
        st.info(NO_SCHEME if has_clearance(reader) else OLD_DATA_CUT)
        return
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    base = clearance_request(
        study, scheme=_scheme(study), cohort=cohort, cohort_line=line, theme=page_theme()
    )
    rows = _rows(reader, base)
    if not (rows["n_samples"] > 0).any():
        st.info(NO_RESULT)
        return
    later: list[Callable[[], None]] = []
    figures = _figures(reader, base, rows=rows, study=study, later=later)
    if context.may(Permission.EXPORT):
        export_row(context, figures, what="clearance")
    for draw in later:
        draw()


def _figures(
    reader: Reader,
    base: ClearanceRequest,
    *,
    rows: pd.DataFrame,
    study: Study,
    later: list[Callable[[], None]],
) -> dict[str, Exported]:
    """Every card of the page; gives the figures to export by title."""
    cards.sentences_card(rows, base)
    figures: dict[str, Exported] = {**cards.response_cards(reader, base, rows=rows)}
    cards.first_draw_card(rows, base)
    if outcomes_of(study):
        figures |= survival_card(reader, base, study=study, later=later)
    left, right = st.columns(2, gap="small")
    with left:
        figures |= cards.lead_card(reader, base)
    with right:
        figures |= cards.balance_card(
            reader,
            base,
            variables=baseline_variables(study),
            after_days=study.follow_up.laboratory_screening_days,
        )
    cards.agreement_box(rows, base)
    return figures


def _scheme(study: Study) -> str:
    """The scheme chosen; its default is that of the study."""
    names = {rule.label: rule.scheme for rule in offered_schemes(study)}
    chosen = st.segmented_control("ctDNA change", list(names), default=next(iter(names)), required=True)
    return names[chosen]
