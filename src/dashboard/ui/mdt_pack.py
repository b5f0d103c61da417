"""The MDT pack: the pages of an agenda's patients as one PDF, made on the data cut that is shown."""

from collections.abc import Sequence

import streamlit as st

from dashboard.figures.patient.report import ReportRequest, patient_report
from dashboard.report.mdt import MdtCase, MdtPack, mdt_pack, pack_name
from dashboard.tables.formats import format_count
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.patient_files import check_words
from dashboard.workflow.actions import Course
from dashboard.workflow.meetings import Meeting


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
    cases = []
    for course in courses:
        request = ReportRequest(
            patient_id=course.case.patient_id,
            study=context.study,
            checks=check_words(),
            is_deidentified=is_deidentified,
        )
        report = patient_report(context.reader, request)
        cases.append(MdtCase(report=report, question=course.case.question))
    pack = MdtPack(title=meeting.title, held_on=meeting.held_on, cases=tuple(cases))
    bar = st.progress(0.0, text=f"Drawing {format_count(len(cases), 'page')}")

    def told(done: int, n: int) -> None:
        bar.progress(done / n, text=f"Page {done} of {n}")

    content = mdt_pack(pack, progress=told)
    bar.empty()
    name = pack_name(pack)
    st.download_button(
        f"Save {name}", content, file_name=name, mime="application/pdf", type="primary", on_click="ignore"
    )
