"""Page MDT meetings: what is still to do, the agenda, and the case being discussed."""

from datetime import timedelta

import streamlit as st

from dashboard.tables.formats import format_count, format_date
from dashboard.ui import cache, installation, mdt_case, mdt_pack, mdt_save, state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.ui.mdt_words import action_line, agenda_table, meeting_name, outcome_words
from dashboard.workflow.actions import Course, courses_of, open_actions
from dashboard.workflow.meetings import Meeting, list_meetings

TITLE = "MDT meetings"
DATE_FORMAT = "YYYY-MM-DD"
WEEK = timedelta(days=7)


def show(context: PageContext) -> None:
    """The chosen meeting from its open actions to the case on the table."""
    context.require_data(TITLE)
    st.title(TITLE, anchor=False)
    st.caption(
        f"{context.study.title}. Decisions are kept with every earlier version, who saved it and when."
    )
    _say()
    study_id = context.study.study_id
    found = list_meetings(installation.workflow(), study_id)
    visible = set(cache.patient_ids(context.reader))
    meeting = _pick(found)
    if meeting is None:
        st.info(
            "No meeting is planned in this study yet. Plan one here; then patients can be put on its agenda, "
            "from this page, each with the question to be answered."
        )
        _plan(study_id, is_open=True)
        return
    _open_actions(study_id, meeting, visible=visible)
    courses = courses_of(installation.workflow(), study_id, meeting_id=meeting.meeting_id)
    _agenda(context, meeting, courses, visible=visible)
    shown = [course for course in courses if course.case.patient_id in visible]
    if shown:
        mdt_pack.show(context, meeting, shown)
        mdt_case.show(context, shown, agenda=[course.case for course in courses])


def _say() -> None:
    said = state.take_said()
    if said is None:
        return
    text, is_problem = said
    if is_problem:
        st.error(plain(text), icon=":material/error:")
    else:
        st.success(plain(text), icon=":material/check:")
        # The button may be far below the head of the page: the confirmation is seen wherever the reader is.
        st.toast(plain(text), icon=":material/check:")


def _pick(found: list[Meeting]) -> Meeting | None:
    """The chosen meeting; at first the next one to come, else the last one held."""
    if not found:
        return None
    today = installation.utc_now().date()
    by_id = {meeting.meeting_id: meeting for meeting in found}
    to_come = [meeting for meeting in found if meeting.held_on >= today]
    study_id = found[0].study_id
    state.start_meeting(study_id, list(by_id), first=(to_come or found[:1])[-1].meeting_id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Meeting",
            list(by_id),
            format_func=lambda meeting_id: meeting_name(by_id[meeting_id]),
            key=state.meeting_key(study_id),
            width=420,
        )
        meeting = by_id[chosen]
        with st.popover("Plan a meeting", icon=":material/event:"):
            _plan(meeting.study_id, is_open=False)
        with st.popover("Change this meeting", icon=":material/edit:"):
            _change(meeting)
    return meeting


def _plan(study_id: str, *, is_open: bool) -> None:
    form = mdt_save.PLAN
    with st.form(form, border=is_open, width=520 if is_open else "stretch"):
        st.date_input(
            "Date",
            value=installation.utc_now().date() + WEEK,
            format=DATE_FORMAT,
            key=state.form_key(form, "held_on"),
        )
        st.text_input("Title", key=state.form_key(form, "title"), placeholder="for instance Lung MDT")
        st.form_submit_button("Plan", on_click=mdt_save.plan_meeting, args=(study_id,))


def _change(meeting: Meeting) -> None:
    form = mdt_save.meeting_form(meeting)
    with st.form(form, border=False):
        st.date_input("Date", value=meeting.held_on, format=DATE_FORMAT, key=state.form_key(form, "held_on"))
        st.text_input("Title", value=meeting.title, key=state.form_key(form, "title"))
        st.form_submit_button("Save", on_click=mdt_save.change_meeting, args=(meeting,))


def _open_actions(study_id: str, meeting: Meeting, *, visible: set[str]) -> None:
    found = open_actions(installation.workflow(), study_id, before=meeting)
    shown = [course for course in found if course.case.patient_id in visible]
    with st.container(border=True, key="mdt_open_actions"):
        st.header(f"Still to do from earlier meetings: {len(shown)}", anchor=False)
        if not shown:
            st.markdown("No action decided at an earlier meeting is open.")
        for course in shown:
            _open_action(course)


def _open_action(course: Course) -> None:
    action = course.decision.next_action if course.decision else ""
    today = installation.utc_now().date()
    line = action_line(course)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"**{plain(course.case.patient_id)}** · {plain(action)}  \n:gray[{plain(line)}]"
        if course.is_overdue(today):
            words += " :red-badge[overdue]"
        if course.statement:
            words += f"  \n:gray[{plain(outcome_words(course))}]"
        st.markdown(words, width="stretch")
        with st.popover("What became of it?"):
            mdt_case.outcome_form(course, place="open")


def _agenda(context: PageContext, meeting: Meeting, courses: list[Course], *, visible: set[str]) -> None:
    shown = [course for course in courses if course.case.patient_id in visible]
    st.header(f"Agenda of {format_date(meeting.held_on)}", anchor=False)
    if shown:
        decided = sum(course.decision is not None for course in shown)
        st.table(
            agenda_table(courses, visible=visible).map(lambda value: plain(str(value))),
            hide_index=True,
            alt=f"{format_count(len(shown), 'patient')} on the agenda, {decided} with a decision",
        )
        st.caption(f"{decided} of {format_count(len(shown), 'patient')} with a decision.")
    elif not courses:
        st.markdown("Nobody is on this agenda yet. Add the first patient below.")
    hidden = len(courses) - len(shown)
    if hidden:
        st.caption(f"{hidden} on this agenda not shown: at other sites, or not in the data cut chosen.")
    on_it = {course.case.patient_id for course in courses}
    _add(context, meeting, sorted(visible - on_it))


def _add(context: PageContext, meeting: Meeting, patient_ids: list[str]) -> None:
    form = mdt_save.ADD
    with st.expander("Add a patient", icon=":material/person_add:"), st.form(form, border=False):
        chosen = state.patient_id(meeting.study_id)
        st.selectbox(
            "Patient",
            patient_ids,
            index=patient_ids.index(chosen) if chosen in patient_ids else None,
            placeholder="Search by study ID",
            key=state.form_key(form, "patient"),
        )
        st.text_input("Question for the MDT", key=state.form_key(form, "question"))
        cut = context.snapshot.snapshot_id
        st.form_submit_button("Add to the agenda", on_click=mdt_save.add_case, args=(meeting, cut))
