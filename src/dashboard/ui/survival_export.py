"""Export of the survival page: the figures, and the numbers, which are computed once they are asked for."""

from collections.abc import Mapping

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.survival.file import survival_numbers_figure
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.store.reader import Reader
from dashboard.ui.cards import how_made
from dashboard.ui.context import PageContext
from dashboard.ui.export import WORDS, save_buttons


def export_row(
    context: PageContext, figures: Mapping[str, Figure], *, reader: Reader, request: SurvivalRequest
) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        is_asked = st.button("Export", icon=":material/download:")
        place = st.container(horizontal=True)
        st.caption(WORDS)
    if not is_asked:
        return
    endpoint, footer = request.endpoint.endpoint_id, request.footer(reader)
    context.record_export("survival", endpoint=endpoint, figures=list(figures), footer=footer)
    numbers = survival_numbers_figure(reader, request)
    with place:
        save_buttons(context, {**figures, "numbers": numbers}, what="survival")
    how_made(numbers, label="How was the file of numbers made?")
