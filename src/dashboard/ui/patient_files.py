"""Files of one patient: the MDT page as PDF, and the timeline as PNG, SVG or CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.patient.report import PatientReport, ReportRequest, patient_report
from dashboard.quality.run import catalogue
from dashboard.report.figure_files import figure_png, figure_svg
from dashboard.report.mdt import MdtCase, mdt_page, page_name
from dashboard.tables.data_load_issues import CheckWords
from dashboard.ui import installation, patient_decisions
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.mdt_words import earlier_words, recorded_decision
from dashboard.workflow.actions import Course, coming_courses, decided_courses


@dataclass(frozen=True)
class File:
    """A file ready to be saved."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Offer:
    """A file that can be asked for: the words on its button, its name in the audit trail, how it is made."""

    label: str
    what: str
    make: Callable[[], File]


def show(context: PageContext, patient_id: str, figure: Figure) -> None:
    """A menu of files; nothing for a role that may take nothing out.

    A file is made once it is asked for and only after the audit trail has it. It is not left to the saving
    button's own callable: that runs outside the page, where neither the session nor a refusal can be shown.
    """
    if not context.may(Permission.EXPORT):
        return
    with st.popover("Files", icon=":material/download:"):
        for offer in _offers(context, patient_id, figure):
            if st.button(offer.label, key=f"files.{offer.what}", width="stretch"):
                context.record_export(offer.what, patient_id=patient_id)
                with st.spinner("Making the file"):
                    _save(offer.make())


def _save(file: File) -> None:
    st.download_button(
        f"Save {file.name}",
        file.content,
        file_name=file.name,
        mime=file.mime,
        type="primary",
        on_click="ignore",
        width="stretch",
    )


def _offers(context: PageContext, patient_id: str, figure: Figure) -> list[Offer]:
    stem = f"{patient_id}-{context.snapshot.cut_off.isoformat()}"

    def page(*, is_deidentified: bool) -> File:
        return mdt_file(context, patient_id, is_deidentified=is_deidentified)

    return [
        Offer("PDF for the MDT", "mdt page", lambda: page(is_deidentified=False)),
        Offer("PDF, de-identified", "mdt page de-identified", lambda: page(is_deidentified=True)),
        Offer("Timeline, PNG", "timeline png", lambda: File(f"{stem}.png", "image/png", figure_png(figure))),
        Offer(
            "Timeline, SVG", "timeline svg", lambda: File(f"{stem}.svg", "image/svg+xml", figure_svg(figure))
        ),
        Offer("Timeline, CSV", "timeline csv", lambda: _numbers(figure, f"{stem}.csv")),
    ]


def _numbers(figure: Figure, name: str) -> File:
    return File(name, "text/csv", figure.csv().encode("utf-8"))


def mdt_file(context: PageContext, patient_id: str, *, is_deidentified: bool) -> File:
    """The one-page PDF of a patient, with the question and the decision of the coming meeting."""
    courses = patient_decisions.patient_courses(context, patient_id)
    coming = coming_courses(courses, today=installation.utc_now().date())
    report = patient_report(
        context.reader,
        ReportRequest(
            patient_id=patient_id,
            study=context.study,
            checks=check_words(),
            is_deidentified=is_deidentified,
        ),
    )
    case = mdt_case(context, report, coming[0] if coming else None, courses=courses)
    return File(page_name(report), "application/pdf", mdt_page(case))


def mdt_case(
    context: PageContext, report: PatientReport, course: Course | None, *, courses: Sequence[Course]
) -> MdtCase:
    """The sheet for one meeting, of which `course` is the case; `courses` are all of the patient.

    A decision that is recorded stands on it, so that nobody decides the case a second time.
    """
    is_named = patient_decisions.names_days(context)
    others = [one for one in decided_courses(courses) if one != course]
    return MdtCase(
        report=report,
        question="" if course is None else course.case.question,
        decision=None if course is None else recorded_decision(course, names_days=is_named),
        earlier=earlier_words(others[0], names_days=is_named) if others else ("", ""),
    )


def check_words() -> dict[str, CheckWords]:
    """Words of every check, for the data issues on the page."""
    return {one.check_id: CheckWords(one.title, one.message, one.why_it_matters) for one in catalogue()}
