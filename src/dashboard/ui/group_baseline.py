"""Who the groups of a figure by treatment are: the baseline table beside it (A42)."""

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import baseline_request
from dashboard.figures.response.rates import RatesRequest
from dashboard.figures.response.who import ResponseGroupsRequest, response_groups
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.figures.survival.who import SurvivalGroupsRequest, survival_groups
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made, plain
from dashboard.ui.overview_cards import escaped_baseline

TITLE = "Who the groups are"


def note_of(study: Study, group: Variable) -> str:
    """What the study says of a group, unless the figure has the caution of a treatment already (A42)."""
    notes = {one.label: one.note for one in study.groups}
    return "" if group.caution else notes.get(group.label, "")


@remembered(entries=50)
def _survival(reader: Reader, request: SurvivalGroupsRequest) -> Figure | None:
    figure = survival_groups(reader, request)
    return None if figure is None else figure.without_rows()


@remembered(entries=50)
def _response(reader: Reader, request: ResponseGroupsRequest) -> Figure:
    return response_groups(reader, request).without_rows()


def survival_groups_card(reader: Reader, request: SurvivalRequest, *, study: Study) -> dict[str, Figure]:
    """Of the curve by treatment that is drawn, by its title; nothing for another characteristic."""
    if request.group is None or not request.group.is_treatment:
        return {}
    figure = _survival(reader, SurvivalGroupsRequest(survival=request, baseline=baseline_request(study)))
    return {} if figure is None else _card(figure)


def response_groups_card(reader: Reader, request: RatesRequest, *, study: Study) -> dict[str, Figure]:
    """Of the rates by treatment, by its title; nothing for another characteristic."""
    if request.group is None or not request.group.is_treatment:
        return {}
    figure = _response(reader, ResponseGroupsRequest(rates=request, baseline=baseline_request(study)))
    # The other files of the page have the group in their names by themselves.
    return {f"{title}, {request.group.by}": one for title, one in _card(figure).items()}


def _card(figure: Figure) -> dict[str, Figure]:
    with st.container(border=True):
        st.header(TITLE, anchor=False)
        st.table(escaped_baseline(figure), border="horizontal", hide_index=True, alt=figure.alt)
        st.caption(plain(f"{figure.caption} {figure.method}"))
        how_made(figure)
    return {TITLE: figure}
