"""Drawings of the response page that show single patients: swimmer, waterfall, spider."""

from functools import partial

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.response.lesions import LesionRequest, response_spider, response_waterfall
from dashboard.figures.response.patients import ResponseRequest, is_after_local, response_patients
from dashboard.figures.response.rates import started
from dashboard.figures.response.swimmer import (
    ROWS_PER_PAGE,
    SwimmerOrder,
    SwimmerRequest,
    n_pages,
    response_swimmer,
)
from dashboard.figures.survival.of_line import titled
from dashboard.store.reader import Reader
from dashboard.studies.vocabulary import WORDS
from dashboard.ui.caching import remembered
from dashboard.ui.cards import figure_card, table_switch
from dashboard.ui.context import PageContext
from dashboard.ui.export import Exported
from dashboard.ui.link_state import page_choice
from dashboard.ui.parts import Part
from dashboard.ui.style import page_theme

ORDERS: dict[str, SwimmerOrder] = {"Longest first": "time", "By best response": "response"}
LOCAL_ORDERS: dict[str, SwimmerOrder] = {"Longest first": "time", "By status": "response"}
NO_SUMS = "No waterfall or spider: nobody of this cohort has a sum of diameters at baseline and after it."
SWIMMER, WATERFALL, SPIDER = "Swimmer", "Waterfall", "Spider"
SUMS = "select 1 from overall_response where change_from_baseline_tenth_percent is not null limit 1"
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


@remembered(entries=50)
def _has_sums(reader: Reader) -> bool:
    return bool(reader.records(SUMS))


def patients_parts(context: PageContext, request: ResponseRequest, *, is_limited: bool) -> dict[str, Part]:
    """The drawings to choose from; single patients are those of the user's own sites only."""
    has_sums = _has_sums(context.reader)
    lesions = LesionRequest(response=request, theme=page_theme())
    return {
        name: partial(
            _card, context.reader, lesions, chosen=name, is_limited=is_limited, says_no_sums=not has_sums
        )
        for name in (SWIMMER, WATERFALL, SPIDER)
        if has_sums or name == SWIMMER
    }


def patients_files(context: PageContext, request: ResponseRequest) -> dict[str, Exported]:
    """The swimmer as it opens, made when asked for; any other drawing is a file where it is open."""

    def swimmer() -> Figure | None:
        if not _n_started(context.reader, request):
            return None
        return _swimmer(context.reader, SwimmerRequest(response=request, theme=page_theme()))

    return {SWIMMER: swimmer}


def _card(
    reader: Reader, lesions: LesionRequest, *, chosen: str, is_limited: bool, says_no_sums: bool
) -> dict[str, Exported]:
    """One drawing or its table; gives it by its title."""
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header(titled(chosen, lesions.response.line_words), anchor=False)
        shows_table = table_switch(head, "Patients")
        if says_no_sums:
            _say_no_sums(lesions.response)
        if is_limited:
            st.caption("Patients of your sites only.")
        if not _n_started(reader, lesions.response):
            st.markdown(NOBODY)
            return {}
        figure = _drawing(reader, lesions, chosen=chosen)
        if figure is None:
            _say_no_sums(lesions.response)
            return {}
        figure_card(figure, key=f"response.{chosen}", shows_table=shows_table)
    return {chosen: figure}


def _say_no_sums(request: ResponseRequest) -> None:
    st.caption(f"{NO_SUMS} {WORDS['not_recist']}" if is_after_local(request) else NO_SUMS)


def _drawing(reader: Reader, lesions: LesionRequest, *, chosen: str) -> Figure | None:
    if chosen == WATERFALL:
        return _waterfall(reader, lesions)
    if chosen == SPIDER:
        return _spider(reader, lesions)
    return _swimmer(reader, _swimmer_request(reader, lesions))


def _swimmer_request(reader: Reader, lesions: LesionRequest) -> SwimmerRequest:
    """Order and page of the swimmer."""
    orders = LOCAL_ORDERS if is_after_local(lesions.response) else ORDERS
    row = st.container(horizontal=True, vertical_alignment="center")
    order = row.segmented_control(
        "Order",
        list(orders),
        required=True,
        label_visibility="collapsed",
        key=page_choice("Order", list(orders), default="Longest first"),
        persist_state="session",
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
    return SwimmerRequest(response=lesions.response, order=orders[str(order)], page=page, theme=lesions.theme)


def _page_name(page: int, *, n: int) -> str:
    first = (page - 1) * ROWS_PER_PAGE + 1
    return f"Patients {first} to {min(n, first + ROWS_PER_PAGE - 1)}"
