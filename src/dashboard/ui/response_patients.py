"""Card of the response page that shows single patients: swimmer, waterfall, spider."""

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.response.lesions import LesionRequest, response_spider, response_waterfall
from dashboard.figures.response.patients import ResponseRequest, response_patients
from dashboard.figures.response.rates import started
from dashboard.figures.response.swimmer import (
    ROWS_PER_PAGE,
    SwimmerOrder,
    SwimmerRequest,
    n_pages,
    response_swimmer,
)
from dashboard.store.reader import Reader
from dashboard.studies.vocabulary import WORDS
from dashboard.ui.caching import remembered
from dashboard.ui.cards import figure_card
from dashboard.ui.context import PageContext
from dashboard.ui.style import page_theme

ORDERS: dict[str, SwimmerOrder] = {"Longest first": "time", "By best response": "response"}
NO_SUMS = "No waterfall or spider: nobody of this cohort has a sum of diameters at baseline and after it."
NOBODY = "Nobody of this cohort started this line."


@remembered(entries=100)
def _n_started(reader: Reader, request: ResponseRequest) -> int:
    return len(started(response_patients(reader, request)))


@remembered(entries=100)
def _swimmer(reader: Reader, request: SwimmerRequest) -> Figure:
    return response_swimmer(reader, request)


@remembered(entries=100)
def _waterfall(reader: Reader, request: LesionRequest) -> Figure | None:
    return response_waterfall(reader, request)


@remembered(entries=100)
def _spider(reader: Reader, request: LesionRequest) -> Figure | None:
    return response_spider(reader, request)


def patients_card(context: PageContext, request: ResponseRequest, *, is_limited: bool) -> dict[str, Figure]:
    """The drawing chosen; gives it by its title. Single patients are those of the user's own sites only."""
    reader = context.reader
    lesions = LesionRequest(response=request, theme=page_theme())
    offered = ["Swimmer"]
    if _waterfall(reader, lesions) is not None:
        offered += ["Waterfall", "Spider"]
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Patient by patient" if len(offered) > 1 else "Swimmer", anchor=False)
        chosen = offered[0]
        if len(offered) > 1:
            chosen = head.segmented_control(
                "Drawing", offered, default=offered[0], required=True, label_visibility="collapsed"
            )
        shows_table = head.toggle("Table", key="response.table")
        if len(offered) == 1:
            _say_no_sums(request)
        if is_limited:
            st.caption("Patients of your sites only.")
        if not _n_started(reader, request):
            st.markdown(NOBODY)
            return {}
        figure = _drawing(reader, lesions, chosen=chosen)
        if figure is None:
            return {}
        figure_card(figure, key=f"response.{chosen}", shows_table=shows_table)
    return {chosen: figure}


def _say_no_sums(request: ResponseRequest) -> None:
    is_local = request.settings.headline.mode == "post_local_therapy"
    st.caption(f"{NO_SUMS} {WORDS['not_recist']}" if is_local else NO_SUMS)


def _drawing(reader: Reader, lesions: LesionRequest, *, chosen: str) -> Figure | None:
    if chosen == "Waterfall":
        return _waterfall(reader, lesions)
    if chosen == "Spider":
        return _spider(reader, lesions)
    return _swimmer(reader, _swimmer_request(reader, lesions))


def _swimmer_request(reader: Reader, lesions: LesionRequest) -> SwimmerRequest:
    """Order and page of the swimmer."""
    row = st.container(horizontal=True, vertical_alignment="center")
    order = row.segmented_control(
        "Order", list(ORDERS), default="Longest first", required=True, label_visibility="collapsed"
    )
    n = _n_started(reader, lesions.response)
    pages = list(range(1, n_pages(n) + 1))
    page = 1
    if len(pages) > 1:
        page = row.selectbox(
            "Patients",
            pages,
            format_func=lambda one: _page_name(one, n=n),
            label_visibility="collapsed",
            width=170,
        )
    return SwimmerRequest(response=lesions.response, order=ORDERS[order], page=page, theme=lesions.theme)


def _page_name(page: int, *, n: int) -> str:
    first = (page - 1) * ROWS_PER_PAGE + 1
    return f"Patients {first} to {min(n, first + ROWS_PER_PAGE - 1)}"
