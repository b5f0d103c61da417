"""Cards of the enrolment page."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.figures.enrolment.groups import enrolment_groups
from dashboard.figures.enrolment.projection import enrolment_projection
from dashboard.figures.enrolment.reasons import (
    enrolment_deviations,
    enrolment_failures,
    enrolment_no_sample,
)
from dashboard.figures.enrolment.request import EnrolmentRequest
from dashboard.figures.enrolment.sites import enrolment_sites
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.enrolment_flow import PAIR_WORDS
from dashboard.tables.overview_flow import DIVISIONS
from dashboard.ui.caching import remembered
from dashboard.ui.cards import NO_BREAK, draw_figure, how_made, plain
from dashboard.ui.flow_table import flow_table

# Letters of a name that stays on one line: the days have as many.
LONGEST_WHOLE = 11
GROUPS = {"Site": "site_id", "Tumour type": "tumour_type"}
KEY_STEPS = {
    "SCREENED": "Screened",
    "ENROLLED": "Enrolled",
    "BASELINE": "Valid ctDNA baseline",
    "VALID_PAIR": "Valid pair",
    "PAIR": "Clearance assessable",
    "EVALUABLE": "Response evaluable",
}


@remembered(entries=50)
def _groups(reader: Reader, request: EnrolmentRequest) -> Figure:
    return enrolment_groups(reader, request)


@remembered(entries=50)
def _projection(reader: Reader, request: EnrolmentRequest) -> Figure:
    return enrolment_projection(reader, request)


@remembered(entries=50)
def _reasons(reader: Reader, request: EnrolmentRequest) -> dict[str, Figure]:
    return {
        "Screening failures": enrolment_failures(reader, request),
        "No ctDNA": enrolment_no_sample(reader, request),
        "Deviations": enrolment_deviations(reader),
    }


@remembered(entries=50)
def _sites(reader: Reader, request: EnrolmentRequest) -> Figure:
    return enrolment_sites(reader, request)


def key_figures(rows: pd.DataFrame, request: EnrolmentRequest) -> None:
    """The steps that matter most, with what they are counted of."""
    steps = rows[rows["kind"] == "step"].set_index("step")["n_patients"]
    enrolled = int(steps["ENROLLED"])
    planned = f"of {request.target} planned" if request.is_all_sites else f"{request.target} planned in all"
    notes = {"SCREENED": f"{int(steps['SCREENED']) - enrolled} not enrolled", "ENROLLED": planned}
    for column, (step, label) in zip(st.columns(len(KEY_STEPS), gap="small"), KEY_STEPS.items(), strict=True):
        note = notes.get(step, f"of {enrolled} enrolled")
        column.metric(label, int(steps[step]), note, delta_color="off", delta_arrow="off", border=True)


def flow_card(figure: Figure) -> None:
    """The flow: steps in bold, between them what was left out and why; it adds up from top to bottom."""
    with st.container(border=True):
        st.header("From screening to an evaluable response", anchor=False)
        flow_table(figure)
        st.caption(
            "A bold number is the bold one above it minus the reasons between them. "
            f"{DIVISIONS} {plain(figure.caption)}"
        )
        st.caption(PAIR_WORDS)
        how_made(figure)


def projection_card(reader: Reader, request: EnrolmentRequest) -> None:
    """When the planned number is reached, or why that is not said."""
    figure = _projection(reader, request)
    with st.container(border=True):
        st.header("When the planned number is reached", anchor=False)
        st.markdown(figure.caption)
        how_made(figure)


def reason_cards(reader: Reader, request: EnrolmentRequest) -> None:
    """Screening failures, enrolled patients without ctDNA, deviations: one at a time."""
    figures = _reasons(reader, request)
    with st.container(border=True):
        st.header("Reasons", anchor=False)
        chosen = st.segmented_control(
            "Reasons of",
            list(figures),
            default="Screening failures",
            required=True,
            label_visibility="collapsed",
        )
        figure = figures[chosen]
        st.markdown(figure.caption)
        if not figure.table.empty:
            word_table(figure.table, alt=figure.alt)
        how_made(figure)


def groups_card(reader: Reader, request: EnrolmentRequest) -> Figure:
    """Enrolment by site or tumour type: running totals and a table; gives the figure."""
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Enrolment by site and tumour type", anchor=False)
        chosen = head.segmented_control(
            "Divided by", list(GROUPS), default="Site", required=True, label_visibility="collapsed"
        )
        figure = _groups(reader, replace(request, group=GROUPS[chosen]))
        left, right = st.columns([36, 64], gap="small")
        with left:
            if figure.spec:
                draw_figure(figure, key="enrolment.groups")
        with right:
            whole = figure.table[[chosen, "First", "Last"]].map(_in_one_piece)
            word_table(figure.table.assign(**whole), alt=figure.alt)
            st.caption(figure.caption)
        how_made(figure)
    return figure


def sites_card(reader: Reader, request: EnrolmentRequest) -> Figure:
    """Indicators of conduct by site; gives the figure."""
    figure = _sites(reader, request)
    with st.container(border=True):
        st.header("Conduct by site", anchor=False)
        word_table(figure.table, alt=figure.alt)
        st.caption(figure.caption)
        how_made(figure)
    return figure


def _in_one_piece(words: str) -> str:
    """Days and short names are not broken; a long name may be."""
    return words.replace(" ", NO_BREAK) if len(words) <= LONGEST_WHOLE else words


def word_table(table: pd.DataFrame, *, alt: str) -> None:
    """A table whose words wrap and are never cut, written as they are."""
    written = table.map(lambda value: plain(value) if isinstance(value, str) else value)
    st.table(written, border="horizontal", hide_index=True, alt=alt)
