"""Page Clearance: does a change of ctDNA go with response, and with survival after it is known."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.figures.clearance.balance import BalanceRequest
from dashboard.figures.clearance.request import (
    ClearanceRequest,
    clearance_request,
    has_clearance,
    offered_schemes,
)
from dashboard.figures.clearance.response import clearance_rows
from dashboard.figures.overview.baseline import baseline_variables
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.ui import clearance_cards as cards
from dashboard.ui.clearance_survival import survival_files, survival_parts
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission
from dashboard.ui.export import Exported, export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.link_state import page_choice
from dashboard.ui.page_title import page_title
from dashboard.ui.parts import Part, open_part
from dashboard.ui.style import page_theme

TITLE = "Clearance"
QUESTION = "Does a change of ctDNA go with response, and with what happens after it is known?"
NO_SCHEME = "Not applicable: the study definition names no way to judge a change of ctDNA."
NO_RESULT = "Not applicable: no patient of this cohort has a ctDNA result."


def show(context: PageContext) -> None:
    """Filter and scheme; the sentences; tables, survival, lead time and balance in parts; export."""
    context.require_data(TITLE)
    study = context.study
    reader = page_title(context, TITLE, question=QUESTION)
    if not has_clearance(reader) or not offered_schemes(study):
        st.info(NO_SCHEME if has_clearance(reader) else OLD_DATA_CUT)
        return
    base = _request(context, reader)
    rows = clearance_rows(reader, base)
    if (rows["n_samples"] > 0).any():
        _show(context, reader, base, rows=rows)
    else:
        st.info(NO_RESULT)


def _request(context: PageContext, reader: Reader) -> ClearanceRequest:
    """The cohort and the scheme chosen."""
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    scheme = _scheme(context.study)
    return clearance_request(
        context.study, scheme=scheme, cohort=cohort, cohort_line=line, theme=page_theme()
    )


def _show(context: PageContext, reader: Reader, base: ClearanceRequest, *, rows: pd.DataFrame) -> None:
    """The sentences, the part that is open, export; models last."""
    study = context.study
    cards.sentences_card(rows, base)
    later: list[Callable[[], None]] = []
    balance = BalanceRequest(
        clearance=base,
        variables=baseline_variables(study),
        after_days=study.follow_up.laboratory_screening_days,
    )
    offered: dict[str, Part] = {
        "Response": partial(cards.response_cards, reader, base, rows=rows),
        **survival_parts(reader, base, study=study, later=later),
        "Lead time": partial(cards.lead_card, reader, base),
        "With and without ctDNA": partial(cards.balance_card, reader, balance),
    }
    drawn = open_part(offered, key="clearance.part")
    if context.may(Permission.EXPORT):
        files = cards.files(reader, base, balance=balance) | survival_files(reader, base, study=study)
        export_row(context, _named({**files, **drawn}, scheme=base.scheme.label), what="clearance")
    for draw in later:
        draw()


def _named(files: Mapping[str, Exported], *, scheme: str) -> dict[str, Exported]:
    """The files by their titles with the definition of the change, which some do not rest on."""
    return {
        title if title in cards.WITHOUT_SCHEME else f"{title}, {scheme}": one for title, one in files.items()
    }


def _scheme(study: Study) -> str:
    """The scheme chosen; its default is that of the study."""
    names = {rule.label: rule.scheme for rule in offered_schemes(study)}
    key = page_choice("ctDNA change", list(names), default=next(iter(names)))
    return names[str(st.segmented_control("ctDNA change", list(names), key=key, required=True))]
