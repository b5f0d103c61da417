"""What the MDT meetings have of one patient: the agendas to come, and the decisions so far."""

from collections.abc import Sequence

import streamlit as st

from dashboard.tables.formats import format_count
from dashboard.ui import installation
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.ui.mdt_words import action_words, place_words, recorded_words
from dashboard.workflow.actions import Course, coming_courses, courses_of, decided_courses

DECISIONS_SHOWN = 2


def patient_courses(context: PageContext, patient_id: str) -> list[Course]:
    """The cases of one patient of the study, in the order of the meetings; asked anew at every step."""
    return courses_of(installation.workflow(), context.study.study_id, patient_id=patient_id)


def names_days(context: PageContext) -> bool:
    """Whether calendar dates may stand beside a patient of the study."""
    return context.study.calendar != "relative"


def show_agenda(context: PageContext, courses: Sequence[Course]) -> None:
    """One line per meeting to come that has the patient on its agenda, with the question."""
    for course in coming_courses(courses, today=installation.utc_now().date()):
        where = place_words(course, names_days=names_days(context))
        question = course.case.question or "no question was written down"
        st.markdown(f"**On the agenda of {plain(where)}:** {plain(question)}")


def show_decisions(context: PageContext, decided: Sequence[Course]) -> None:
    """The last decisions, each with its action, what became of it, and who recorded it."""
    is_named = names_days(context)
    today = installation.utc_now().date()
    for course in decided[:DECISIONS_SHOWN]:
        if course.decision is None:
            continue
        late = " :red-badge[overdue]" if course.is_overdue(today) else ""
        st.markdown(
            f"**Decision of {plain(place_words(course, names_days=is_named))}:** "
            f"{plain(course.decision.text)}  \n"
            f"{plain(action_words(course, names_days=is_named))}{late}  \n"
            f":gray[:small[{plain(recorded_words(course.decision, names_days=is_named))}]]"
        )
    rest = len(decided) - DECISIONS_SHOWN
    if rest > 0:
        st.caption(f"{format_count(rest, 'earlier decision')} on the page MDT meetings")


def show(context: PageContext, courses: Sequence[Course]) -> None:
    """Agendas to come, then the decisions; nothing for a patient no meeting has had."""
    show_agenda(context, courses)
    show_decisions(context, decided_courses(courses))
