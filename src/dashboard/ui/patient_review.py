"""Part "Review" of the patient page: reviews with their notes, what the MDT has, put on an MDT agenda."""

from collections.abc import Container
from typing import Any

import streamlit as st

from dashboard.errors import AuditUnavailable, EntryIncomplete
from dashboard.tables.formats import format_date
from dashboard.ui import installation, patient_decisions
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.ui.worklist_data import author_of
from dashboard.workflow.meetings import Meeting, add_case, list_meetings
from dashboard.workflow.reviews import PatientCut, ReviewEntry, latest_reviews, mark_reviewed, review_history

MDT_PAGE = "pages/review/mdt.py"
NOTE_LENGTH = 2000
ENTRIES_SHOWN = 5


def own_review(context: PageContext, patient_id: str) -> ReviewEntry | None:
    """The review of this patient by this user that stands."""
    study_id = context.study.study_id
    entries = latest_reviews(installation.workflow(), study_id, user_id=context.user.user_id)
    return entries.get(patient_id)


def show(context: PageContext, patient_id: str, *, review: ReviewEntry | None) -> None:
    """The card, with what was written about the patient so far."""
    with st.container(border=True):
        st.header("Review", anchor=False)
        said = (
            f"You reviewed this patient on {format_date(review.at.date())}." if review else "Not yet by you."
        )
        st.markdown(said)
        courses = patient_decisions.patient_courses(context, patient_id)
        patient_decisions.show(context, courses)
        row = st.container(horizontal=True)
        with row.popover("Mark reviewed", icon=":material/check:"):
            _form(context, patient_id)
        with row.popover("Put on MDT agenda", icon=":material/groups:"):
            _agenda(context, patient_id, taken={course.meeting.meeting_id for course in courses})
        _history(context, patient_id)


def _seen(context: PageContext, patient_id: str) -> PatientCut:
    snapshot = context.snapshot
    return PatientCut(study_id=snapshot.study_id, patient_id=patient_id, snapshot_id=snapshot.snapshot_id)


def _form(context: PageContext, patient_id: str) -> None:
    with st.form(f"review.{patient_id}", border=False, clear_on_submit=True):
        note = st.text_area("Note, kept with your name and the time", max_chars=NOTE_LENGTH, height=90)
        st.caption("The patient leaves the worklist until something new arrives.")
        if st.form_submit_button("Reviewed", type="primary"):
            _mark(context, patient_id, note=note)


def _mark(context: PageContext, patient_id: str, *, note: str) -> None:
    engine = installation.workflow()
    try:
        mark_reviewed(engine, _seen(context, patient_id), note=note, author=author_of(context))
    except AuditUnavailable as problem:
        st.error(str(problem))
        return
    st.toast("Reviewed")
    st.rerun()


def _agenda(context: PageContext, patient_id: str, *, taken: Container[int]) -> None:
    """The form for the meetings to come; those in `taken` have the patient already."""
    coming = _coming(context)
    meetings = {one.meeting_id: one for one in coming if one.meeting_id not in taken}
    if not meetings:
        st.markdown("On the agenda of every meeting planned." if coming else "No meeting is planned.")
        st.page_link(MDT_PAGE, label="Plan one on the page MDT meetings", icon=":material/groups:")
        return
    with st.form(f"agenda.{patient_id}", border=False, clear_on_submit=True):
        chosen = st.selectbox("Meeting", list(meetings), format_func=lambda one: _name(meetings[one]))
        question = st.text_input("Question for the meeting", max_chars=NOTE_LENGTH)
        if st.form_submit_button("Put on agenda", type="primary"):
            _add(context, patient_id, meeting_id=chosen, question=question)


def _coming(context: PageContext) -> list[Meeting]:
    """Meetings that have not been held, the next first."""
    today = installation.utc_now().date()
    found = list_meetings(installation.workflow(), context.study.study_id)
    return sorted((one for one in found if one.held_on >= today), key=lambda one: one.held_on)


def _name(meeting: Meeting) -> str:
    return f"{format_date(meeting.held_on)} {meeting.title}".strip()


def _add(context: PageContext, patient_id: str, *, meeting_id: int, question: str) -> None:
    engine = installation.workflow()
    try:
        add_case(engine, meeting_id, _seen(context, patient_id), question=question, author=author_of(context))
    except (EntryIncomplete, AuditUnavailable) as problem:
        st.error(str(problem))
        return
    st.toast("Put on the agenda")
    st.rerun()


def _history(context: PageContext, patient_id: str) -> None:
    entries = review_history(installation.workflow(), context.study.study_id, patient_id)
    for entry in entries[:ENTRIES_SHOWN]:
        word = "reviewed" if entry.is_reviewed else "put back on the worklist"
        note = f": {plain(entry.note)}" if entry.note else ""
        st.caption(f"{format_date(entry.at.date())} · {plain(entry.reviewed_by)} {word}{note}")
    rest = len(entries) - ENTRIES_SHOWN
    if rest > 0:
        st.caption(f"{rest} earlier")


def opened(review: ReviewEntry | None) -> dict[str, Any]:
    """What the part "What changed" needs to know of a review."""
    if review is None:
        return {"reviewed_snapshot": None}
    return {"reviewed_snapshot": review.snapshot_id, "reviewed_on": review.at.date()}
