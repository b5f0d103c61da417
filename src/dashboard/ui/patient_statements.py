"""Two cards of the patient page: what the data say, and what we do not know."""

from collections.abc import Sequence

import streamlit as st

from dashboard.figures.patient.statements import PatientStatements, StatementsRequest, patient_statements
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.study_time import DAY_ZERO
from dashboard.tables.patient_statements import KINDS, STANDS_OUT, Note, Statement, headed
from dashboard.tables.patient_timeline import Clock
from dashboard.ui.caching import remembered
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.ui.rule_source import rule_line

MOST = 6
NOTHING = {
    "SAY": "No ctDNA result and no response to report.",
    "UNKNOWN": "Nothing is pending, failed, overdue or missing.",
}
MARKS = {True: ":material/check_box:", False: ":material/check_box_outline_blank:"}
SENTENCE_SHARE, WHY_SHARE = 83, 17


@remembered(entries=500)
def _said(reader: Reader, request: StatementsRequest) -> PatientStatements:
    return patient_statements(reader, request)


def show(context: PageContext, patient_id: str, *, clock: Clock) -> None:
    """Both cards: one sentence a line, the most important first, each with its rule and source rows."""
    said = _said(context.reader, StatementsRequest(patient_id=patient_id, clock=clock))
    for kind, title in KINDS.items():
        _card(title, said.of(kind), nothing=NOTHING[kind], snapshot=context.reader.snapshot)


def show_warning(context: PageContext, patient_id: str) -> None:
    """Only the sentence that stands out, where the patient has one (clinical-decisions A4)."""
    clock = Clock(DAY_ZERO, is_study_time=context.study.calendar == "relative")
    said = _said(context.reader, StatementsRequest(patient_id=patient_id, clock=clock))
    for one in said.of("SAY"):
        if one.rule in STANDS_OUT:
            st.markdown(_warning(one.sentence))


def _card(title: str, said: Sequence[Statement], *, nothing: str, snapshot: Snapshot) -> None:
    with st.container(border=True, gap="xsmall"):
        st.header(title, anchor=False)
        if not said:
            st.markdown(nothing)
        for one in said[:MOST]:
            _line(one, snapshot)
        if len(said) > MOST:
            with st.expander(f"{len(said) - MOST} more"):
                for one in said[MOST:]:
                    _line(one, snapshot)


def _line(one: Statement, snapshot: Snapshot) -> None:
    left, right = st.columns([SENTENCE_SHARE, WHY_SHARE], gap="xxsmall")
    with left:
        st.markdown(_warning(one.sentence) if one.rule in STANDS_OUT else _sentence(one.sentence))
        if one.notes:
            st.caption("To check: " + " · ".join(_note(note) for note in one.notes))
    with right, st.popover("why", type="tertiary"):
        _why(one, snapshot)


def _warning(text: str) -> str:
    return f":material/warning: :orange[**{plain(text)}**]"


def _sentence(text: str) -> str:
    """The words before a colon in bold, and no line break between a number and its unit."""
    head, rest = headed(text)
    shown = f"**{plain(head)}** {plain(rest)}" if head else plain(text)
    for unit in ("%", "mm"):
        shown = shown.replace(f" {unit}", f"\N{NO-BREAK SPACE}{unit}")
    return shown


def _why(one: Statement, snapshot: Snapshot) -> None:
    st.markdown(plain(one.why))
    recorded = [f"{plain(note.text)} ({plain(note.source)})" for note in one.notes if note.is_recorded]
    if one.notes:
        st.markdown(f"To check, ticked where the data hold it: {'; '.join(recorded) or 'none is recorded'}.")
    if one.sources:
        st.caption(f"Source rows: {plain('; '.join(one.sources))}")
    st.caption(plain(rule_line(one.rule_source, snapshot)))


def _note(note: Note) -> str:
    return f"{MARKS[note.is_recorded]} {plain(note.text)}"
