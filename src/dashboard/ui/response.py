"""Page Response: rates, best responses, by group, duration, and the course of each patient."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.response.duration import DurationRequest
from dashboard.figures.response.patients import (
    ResponseRequest,
    ResponseSettings,
    is_after_local,
    response_settings,
    settings_in_force,
)
from dashboard.figures.response.rates import RatesRequest
from dashboard.figures.study_guards import counts_only_below, study_guards
from dashboard.figures.survival.of_line import titled
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable
from dashboard.ui import response_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.export import Exported, export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.group_baseline import response_groups_card
from dashboard.ui.link_state import page_choice
from dashboard.ui.page_title import page_title
from dashboard.ui.parts import Part, open_part
from dashboard.ui.response_patients import patients_files, patients_parts

TITLE = "Response"
AT_ENROLMENT = "Line at enrolment"
LINES = "select distinct line from line_of_therapy order by line"
NO_SETTING = "Not applicable: the study rules name no way of deriving a best response."


@remembered(entries=50)
def _lines(reader: Reader) -> list[int]:
    return [int(row["line"]) for row in reader.records(LINES)]


@remembered(entries=50)
def _in_force(reader: Reader, settings: ResponseSettings) -> ResponseSettings:
    return settings_in_force(reader, settings)


def show(context: PageContext) -> None:
    """Filter, line and group; rates, best responses, duration; swimmer, waterfall, spider; export."""
    context.require_data(TITLE)
    study = context.study
    reader = page_title(context, TITLE)
    settings = response_settings(study)
    if settings is None:
        st.info(NO_SETTING)
        return
    cohort = cohort_filter(context, reader=reader)
    lines = _lines(reader) if study.about.index_origin == "line" else []
    line, group = _choices(study, lines)
    own = cohort_line(context, cohort, reader=reader)
    settings = _in_force(context.reader, settings)
    request = ResponseRequest(
        settings=settings, cohort=cohort, cohort_line=own, line=line, has_lines=bool(lines)
    )
    rates = RatesRequest(response=request, counts_only_below=counts_only_below(study), group=group)
    _show(context, reader, rates)


def _show(context: PageContext, reader: Reader, rates: RatesRequest) -> None:
    """The part that is open, and export."""
    study, request = context.study, rates.response
    duration = DurationRequest(response=request, guards=study_guards(study))
    offered: dict[str, Part] = {"Response": partial(_numbers, reader, study, rates=rates, duration=duration)}
    files = cards.files(reader, rates, duration=duration)
    if context.may(Permission.PATIENT):
        line = cohort_line(context, request.cohort, reader=context.reader)
        own = replace(request, cohort_line=line)
        offered |= patients_parts(context, own, is_limited=reader != context.reader)
        files |= patients_files(context, own)
    drawn = open_part(offered, key="response.part")
    if not context.may(Permission.PATIENT):
        st.caption("Single patients are not shown to your role.")
    if context.may(Permission.EXPORT):
        named = {titled(title, request.line_words): one for title, one in {**files, **drawn}.items()}
        export_row(context, named, what="response")


def _choices(study: Study, lines: list[int]) -> tuple[int | None, Variable | None]:
    """The line to count (None for that at enrolment) and the group that divides the patients."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    line = None
    if lines:
        names = {AT_ENROLMENT: None, **{f"Line {number}": number for number in lines}}
        key = page_choice("Line", list(names), default=AT_ENROLMENT)
        line = names[str(row.segmented_control("Line", list(names), key=key, required=True))]
    groups = {one.label: one for one in baseline_variables(study) if one.source != "number"}
    default = next((group.label for group in study.groups if group.is_default), None)
    labels = list(groups)
    key = page_choice("Group by", labels, default=default if default in labels else labels[0])
    chosen = row.selectbox("Group by", labels, key=key, width=280)
    return line, groups.get(chosen)


def _numbers(
    reader: Reader, study: Study, *, rates: RatesRequest, duration: DurationRequest
) -> dict[str, Exported]:
    """The four cards of counts, whose figures are among the files of the page, and who the groups are."""
    is_local = is_after_local(rates.response)
    # After local therapy the table by group has a column per kind of progression: it needs the whole width.
    left, right = (st.container(), st.container()) if is_local else st.columns([58, 42], gap="small")
    with left:
        if is_local:
            cards.local_card(reader, rates.response)
        else:
            cards.rates_card(reader, rates, study=study)
            cards.group_card(reader, rates, study=study)
    with right:
        if is_local:
            cards.group_card(reader, rates, study=study)
        else:
            cards.best_card(reader, rates)
        cards.duration_card(reader, duration)
    return {**response_groups_card(reader, rates, study=study)}
