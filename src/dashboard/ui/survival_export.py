"""Export of the survival page: what it draws, and what is computed only once it is asked for."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.survival.file import survival_numbers_figure
from dashboard.figures.survival.of_line import titled
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.ui.cards import how_made
from dashboard.ui.context import PageContext
from dashboard.ui.export import WORDS, all_footers, save_buttons
from dashboard.ui.group_baseline import TITLE as GROUPS
from dashboard.ui.survival_cards import VARIANTS, drawn_request, variants_figure
from dashboard.ui.survival_forest import TITLE as FOREST
from dashboard.ui.survival_forest import shown_forest

NUMBERS = "numbers"
# The other titles name their endpoint themselves.
WITHOUT_ENDPOINT = (NUMBERS, FOREST, GROUPS, VARIANTS)


def export_row(
    context: PageContext,
    figures: Mapping[str, Figure],
    *,
    reader: Reader,
    request: SurvivalRequest,
    has_ratios: bool,
) -> None:
    """One button; the files, with line and groups in their names, are offered once the audit trail has it.

    `has_ratios`: the page shows hazard ratios, and the file of numbers holds them.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        is_asked = st.button("Export", icon=":material/download:")
        st.caption(WORDS)
    # Below the row: inside it they would have a third of its width, too little for a name and its kind.
    place = st.container(horizontal=True)
    if not is_asked:
        return
    further = _further(reader, request, study=context.study, has_ratios=has_ratios)
    drawn = drawn_request(request, study=context.study)
    # Other definitions are those of the endpoint chosen, also where the curve is that of another.
    files = {
        _name(title, one, request if title == VARIANTS else drawn): one
        for title, one in {**figures, **further}.items()
    }
    context.record_export(
        "survival",
        endpoint=drawn.endpoint.endpoint_id,
        figures=list(files),
        footer=all_footers(files.values()),
    )
    with place:
        save_buttons(context, files, what="survival")
    how_made(further[NUMBERS], label="How was the file of numbers made?")


def _name(title: str, figure: Figure, own: SurvivalRequest) -> str:
    """The title with endpoint and line, and with what the groups are of where the figure says so."""
    is_by_group = own.by and own.by in figure.footer
    named = f"{own.endpoint.label}, {title}" if title in WITHOUT_ENDPOINT else title
    return titled(titled(named, own.line_words), own.by if is_by_group else "")


def _further(
    reader: Reader, request: SurvivalRequest, *, study: Study, has_ratios: bool
) -> dict[str, Figure]:
    """The numbers, the other definitions, and the forest plot where it is open."""
    own = drawn_request(request, study=study)
    made = {
        NUMBERS: survival_numbers_figure(reader, replace(own, has_ratios=has_ratios)),
        VARIANTS: variants_figure(reader, request, study=study),
        FOREST: shown_forest(reader, own, study=study),
    }
    return {title: figure for title, figure in made.items() if figure is not None}
