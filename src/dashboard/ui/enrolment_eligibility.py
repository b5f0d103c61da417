"""Cards of the enrolment page about eligibility: criteria, readings, and the patients behind them."""

import pandas as pd
import streamlit as st

from dashboard.figures.enrolment.eligibility import (
    EligibilityRequest,
    enrolment_criteria,
    enrolment_eligibility,
    enrolment_readings,
    enrolment_verdicts,
)
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.enrolment_eligibility import VERDICT_NAMES, reading_table
from dashboard.tables.overview_eligibility import reading_words
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made, plain
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.enrolment_cards import word_table
from dashboard.ui.open_patient import pick_and_open_patient
from dashboard.ui.overview_cards import question_text
from dashboard.ui.overview_eligibility import meanings_of

WHAT = "eligibility of patients, list on screen"
NO_CRITERIA = "Not applicable: the study definition has no eligibility criteria."
EVERYBODY = "All"


@remembered(entries=50)
def _criteria(reader: Reader) -> Figure:
    return enrolment_criteria(reader)


@remembered(entries=50)
def _readings(reader: Reader) -> Figure:
    return enrolment_readings(reader)


@remembered(entries=50)
def _verdicts(reader: Reader) -> tuple[pd.DataFrame, list[str]]:
    return enrolment_verdicts(reader)


@remembered(entries=50)
def _patients(reader: Reader, request: EligibilityRequest) -> Figure:
    return enrolment_eligibility(reader, request)


def eligibility_cards(context: PageContext, reader: Reader) -> None:
    """Eligibility by criterion and reading, open questions, and on demand the patients."""
    verdicts, sentences = _verdicts(reader)
    if verdicts.empty:
        with st.container(border=True):
            st.header("Eligibility by the data", anchor=False)
            st.markdown(NO_CRITERIA)
        return
    _criteria_card(reader, sentences)
    _readings_card(reader, context.study)
    if context.may(Permission.PATIENT):
        _patients_card(context, is_limited=reader != context.reader)
    else:
        st.caption("Single patients are not shown to your role.")


def _criteria_card(reader: Reader, sentences: list[str]) -> None:
    """The enrolled by verdict, and the criteria somebody does not simply meet."""
    figure = _criteria(reader)
    with st.container(border=True):
        st.header("Eligibility of the enrolled, by the data", anchor=False)
        st.markdown("  \n".join(sentences))
        if figure.table.empty:
            st.markdown("Every criterion is met by everybody enrolled.")
        else:
            word_table(figure.table, alt=figure.alt)
            st.caption(f"{figure.caption} A patient may be in several rows.")
        how_made(figure)


def _readings_card(reader: Reader, study: Study) -> None:
    """What each reading of the protocol decides, and what the readings say."""
    figure = _readings(reader)
    with st.container(border=True):
        st.header("What each reading of the protocol decides", anchor=False)
        if figure.table.empty:
            st.markdown("Not applicable: no criterion of this study has two readings.")
            return
        word_table(reading_table(figure.rows, meanings=meanings_of(study)), alt=figure.alt)
        st.caption(figure.caption)
        asked = set(figure.rows["question"])
        for question in study.open_questions:
            if question.question_id in asked:
                with st.expander(plain(question.topic)):
                    question_text(question, study=study)
                    for sentence in reading_words(figure.rows, question.question_id):
                        st.caption(plain(sentence))
        how_made(figure)


def _patients_card(context: PageContext, *, is_limited: bool) -> None:
    """A button; the list once the audit trail has it."""
    with st.container(border=True):
        st.header("Eligibility, patient by patient", anchor=False)
        if is_limited:
            st.caption("The list has the patients of your own sites.")
        if not st.button("Show the list", icon=":material/list:"):
            st.caption("The list names patients; showing it is recorded.")
            return
        context.record_export(WHAT)
        _listed(context.study.study_id, context.reader)


@st.fragment
def _listed(study_id: str, reader: Reader) -> None:
    """The list with its choices; a fragment, so that choosing does not close it."""
    everybody = _patients(reader, EligibilityRequest())
    counts = everybody.rows["verdict"].value_counts()
    names = {EVERYBODY: None, **{name: code for code, name in VERDICT_NAMES.items() if code in counts}}
    criteria = [EVERYBODY, *sorted(_criteria(reader).rows["criterion"])]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Result", list(names), width=200)
        criterion = st.selectbox("Criterion not simply met", criteria, width=220)
    request = EligibilityRequest(
        verdict=names[chosen], criterion=None if criterion == EVERYBODY else criterion
    )
    figure = _patients(reader, request)
    st.caption(figure.caption)
    if figure.table.empty:
        return
    st.dataframe(figure.table, hide_index=True, key="enrolment.patients", alt=figure.alt)
    how_made(figure)
    pick_and_open_patient(study_id, list(figure.table["Patient"]))
