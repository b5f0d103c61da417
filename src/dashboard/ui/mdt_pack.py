"""The MDT pack: the pages of an agenda's patients as one PDF, made on the data cut that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.figures.patient.report import ReportRequest, patient_report
from dashboard.report.mdt import MdtCase, MdtPack, mdt_pack, pack_name
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.patient_decisions import patient_courses
from dashboard.ui.patient_files import check_words, mdt_case
from dashboard.workflow.actions import Course
from dashboard.workflow.meetings import Meeting

# About how the time of a pack of fifteen divides: reading, drawing, putting together.
READ_SHARE, DRAWN_SHARE = 0.16, 0.79
LAST_STEP = "Putting the pages together"


@dataclass(frozen=True)
class Step:
    """What is being done, and which share of the whole is behind it."""

    share: float
    text: str


def reading(done: int, n: int) -> Step:
    """The step after the records of `done` of `n` patients are read; it reads the next."""
    return Step(READ_SHARE * done / n, f"Reading patient {done + 1} of {n}")


def drawing(done: int, n: int) -> Step:
    """The step after `done` of `n` pages are drawn: the next one, after the last the file itself."""
    share = READ_SHARE + (DRAWN_SHARE - READ_SHARE) * done / n
    return Step(share, f"Drawing page {done + 1} of {n}" if done < n else LAST_STEP)


def show(context: PageContext, meeting: Meeting, courses: Sequence[Course]) -> None:
    """A button that makes the pack of these cases; nothing for a role that may not export."""
    if not courses or not context.may(Permission.EXPORT):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button(
            "MDT pack", icon=":material/picture_as_pdf:", help="One page a patient, as one PDF."
        )
        is_deidentified = st.toggle("De-identified", key="mdt.pack.deidentified")
    if wanted:
        _make(context, meeting, courses, is_deidentified=is_deidentified)


def _make(
    context: PageContext, meeting: Meeting, courses: Sequence[Course], *, is_deidentified: bool
) -> None:
    for course in courses:
        context.record_patient_opened(course.case.patient_id)
        context.record_export("mdt pack", patient_id=course.case.patient_id, meeting_id=meeting.meeting_id)
    bar = st.progress(0.0)

    def tell(step: Step) -> None:
        bar.progress(step.share, text=step.text)

    cases = []
    for done, course in enumerate(courses):
        tell(reading(done, len(courses)))
        cases.append(_case(context, course, is_deidentified=is_deidentified))
    tell(drawing(0, len(cases)))
    pack = MdtPack(title=meeting.title, held_on=meeting.held_on, cases=tuple(cases))
    content = mdt_pack(pack, progress=lambda done, n: tell(drawing(done, n)))
    bar.empty()
    name = pack_name(pack)
    st.download_button(
        f"Save {name}", content, file_name=name, mime="application/pdf", type="primary", on_click="ignore"
    )


def _case(context: PageContext, course: Course, *, is_deidentified: bool) -> MdtCase:
    request = ReportRequest(
        patient_id=course.case.patient_id,
        study=context.study,
        checks=check_words(),
        is_deidentified=is_deidentified,
    )
    courses = patient_courses(context, course.case.patient_id)
    return mdt_case(context, patient_report(context.reader, request), course, courses=courses)
