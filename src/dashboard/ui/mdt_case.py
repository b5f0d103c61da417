"""The case being discussed: who it is, the question, the decision, what became of it, and its history."""

import streamlit as st

from dashboard.tables.formats import format_date
from dashboard.ui import (
    cache,
    installation,
    mdt_save,
    patient_decisions,
    patient_header,
    patient_statements,
    state,
)
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.ui.mdt_words import OUTCOMES, ctdna_state_words, header_line, history_lines, outcome_words
from dashboard.ui.open_patient import PATIENT_PAGE
from dashboard.workflow.actions import Course, decided_courses
from dashboard.workflow.decisions import N_RETYPED
from dashboard.workflow.entries import MdtCase
from dashboard.workflow.history import read_changes
from dashboard.workflow.meetings import Case

DATE_FORMAT = "YYYY-MM-DD"
FORM_SHARE, HISTORY_SHARE = 60, 40


def show(context: PageContext, courses: list[Course], *, agenda: list[Case]) -> None:
    """The chosen case. Reading its header is recorded as opening the patient."""
    places = {case.case_id: place for place, case in enumerate(agenda, start=1)}
    by_id = {course.case.case_id: course for course in courses}
    case_id = st.selectbox(
        "Case",
        list(by_id),
        format_func=lambda case_id: f"{places[case_id]} · {by_id[case_id].case.patient_id}",
        key=f"mdt.case.{courses[0].meeting.meeting_id}",
        width=420,
    )
    course = by_id[case_id]
    context.record_patient_opened(course.case.patient_id)
    with st.container(border=True, key="mdt_case"):
        _head(context, course)
        left, right = st.columns([FORM_SHARE, HISTORY_SHARE], gap="medium")
        with left:
            _decision(context, course)
        with right:
            _action(course)
            _history(course)
            _change(course.case, agenda)


def _head(context: PageContext, course: Course) -> None:
    case = course.case
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(case.patient_id, anchor=False, width="stretch")
        clicked = st.button(
            "Open patient",
            icon=":material/person:",
            on_click=state.set_patient_id,
            args=(case.study_id, case.patient_id),
        )
    if clicked:
        st.switch_page(PATIENT_PAGE)
    header = patient_header.found(context, case.patient_id)
    if header is not None:
        summary = cache.patient_summary(context.reader, case.patient_id) or {}
        state_words = ctdna_state_words(summary, direction=header.ctdna_direction)
        st.markdown(plain(header_line(header, ctdna_state=state_words)))
    patient_statements.show_warning(context, case.patient_id)
    question = case.question or "No question was written down."
    st.markdown(f"**Question for the MDT:** {plain(question)}")
    # What another meeting decided is not decided again unseen.
    decided = decided_courses(patient_decisions.patient_courses(context, case.patient_id))
    patient_decisions.show_decisions(context, [one for one in decided if one.case.case_id != case.case_id])
    _data_cut(context, case)


def _data_cut(context: PageContext, case: Case) -> None:
    shown = context.snapshot
    if case.snapshot_id == shown.snapshot_id:
        st.caption(f"Prepared on the data cut of {format_date(shown.cut_off)}.")
        return
    cuts = {cut.snapshot_id: cut.cut_off for cut in installation.snapshots(case.study_id)}
    before = cuts.get(case.snapshot_id)
    named = f"the data cut of {format_date(before)}" if before else "a data cut that is no longer kept"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Prepared on {named}; this page shows the data cut of {format_date(shown.cut_off)}.")
        st.button(
            "Prepare on the data cut shown",
            type="tertiary",
            on_click=mdt_save.use_snapshot,
            args=(case, shown.snapshot_id),
        )


def _decision(context: PageContext, course: Course) -> None:
    decision = course.decision
    form = mdt_save.decision_form(course.case.case_id)
    version = decision.version if decision else 0
    with st.form(form, border=False):
        st.text_area(
            "Decision", value=decision.text if decision else "", key=state.form_key(form, "text"), height=110
        )
        st.text_input(
            "Next action",
            value=decision.next_action if decision else "",
            key=state.form_key(form, "next_action"),
        )
        owner, due = st.columns(2)
        owner.text_input("Owner", value=decision.owner if decision else "", key=state.form_key(form, "owner"))
        due.date_input(
            "Due",
            value=decision.due_on if decision else None,
            format=DATE_FORMAT,
            key=state.form_key(form, "due_on"),
        )
        st.text_input(
            f"Type the last {N_RETYPED} characters of the study ID again",
            key=state.form_key(form, "retyped"),
            max_chars=N_RETYPED,
            autocomplete="off",
            width=320,
        )
        st.form_submit_button(
            "Save the decision" if decision is None else "Save as a new version",
            type="primary",
            on_click=mdt_save.save_decision,
            args=(course.case, version, context.snapshot.snapshot_id),
        )


def _action(course: Course) -> None:
    st.markdown("**Next action**")
    if not course.has_action or course.decision is None:
        st.markdown("No next action yet. One that is saved with the decision is followed up here.")
        return
    st.markdown(f"{plain(course.decision.next_action)}  \n:gray[{plain(outcome_words(course))}]")
    with st.popover("What became of it?"):
        outcome_form(course, place="case")


def outcome_form(course: Course, *, place: str) -> None:
    """Carried out, not yet, or no longer planned, and why not."""
    form = mdt_save.action_form(course, place=place)
    with st.form(form, border=False):
        st.radio(
            "Carried out?",
            list(OUTCOMES),
            format_func=lambda outcome: OUTCOMES[outcome],
            index=None,
            key=state.form_key(form, "outcome"),
        )
        st.text_input("Reason, if it was not carried out", key=state.form_key(form, "why_not"))
        st.form_submit_button("Save", on_click=mdt_save.state_outcome, args=(course, place))


def _history(course: Course) -> None:
    changes = read_changes(installation.workflow(), MdtCase, course.case.case_id)
    lines = history_lines(course, changes)
    with st.expander(f"History: {len(lines)}" if lines else "History", icon=":material/history:"):
        if not lines:
            st.markdown("Nothing was saved on this case yet.")
        for line in lines:
            st.markdown(plain(line))


def _change(case: Case, agenda: list[Case]) -> None:
    form = mdt_save.case_form(case.case_id)
    place = next(n for n, other in enumerate(agenda, start=1) if other.case_id == case.case_id)
    with st.expander("Order and question", icon=":material/edit:"):
        with st.form(form, border=False):
            st.number_input(
                "Place on the agenda", 1, len(agenda), place, key=state.form_key(form, "place"), width=160
            )
            st.text_input("Question for the MDT", value=case.question, key=state.form_key(form, "question"))
            st.form_submit_button("Save", on_click=mdt_save.change_case, args=(case, agenda))
        st.button("Take off the agenda", type="tertiary", on_click=mdt_save.take_off, args=(case,))
