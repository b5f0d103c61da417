"""Page Response: rates, best responses, by group, duration, and the course of each patient."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.response.patients import ResponseRequest, ResponseSettings, response_settings
from dashboard.figures.response.rates import RatesRequest
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable
from dashboard.ui import response_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.export import export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.page_title import page_title
from dashboard.ui.response_patients import patients_card

TITLE = "Response"
AT_ENROLMENT = "Line at enrolment"
LINES = "select distinct line from line_of_therapy order by line"
NO_SETTING = "Not applicable: the study rules name no way of deriving a best response."


@remembered(entries=50)
def _lines(reader: Reader) -> list[int]:
    return [int(row["line"]) for row in reader.records(LINES)]


def show(context: PageContext) -> None:
    """Filter, line and group; rates, best responses, duration; swimmer, waterfall and spider."""
    context.require_data(TITLE)
    study = context.study
    reader = page_title(context, TITLE)
    settings = response_settings(study)
    if settings is None:
        st.info(NO_SETTING)
        return
    cohort = cohort_filter(context, reader=reader)
    line, group = _choices(reader, study)
    request = ResponseRequest(
        settings=settings,
        cohort=cohort,
        cohort_line=cohort_line(context, cohort, reader=reader),
        line=line,
    )
    figures = _numbers(reader, study, request=request, group=group)
    if context.may(Permission.PATIENT):
        own = cohort_line(context, cohort, reader=context.reader)
        is_limited = reader != context.reader
        figures |= patients_card(context, replace(request, cohort_line=own), is_limited=is_limited)
    else:
        st.caption("Single patients are not shown to your role.")
    if context.may(Permission.EXPORT):
        export_row(context, figures, what="response")


def _choices(reader: Reader, study: Study) -> tuple[int | None, Variable | None]:
    """The line to count (None for that at enrolment) and the group that divides the patients."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    line = None
    lines = _lines(reader)
    if study.about.index_origin == "line" and lines:
        names = {AT_ENROLMENT: None, **{f"Line {number}": number for number in lines}}
        line = names[row.segmented_control("Line", list(names), default=AT_ENROLMENT, required=True)]
    groups = {one.label: one for one in baseline_variables(study) if one.source != "number"}
    default = next((group.label for group in study.groups if group.is_default), None)
    labels = list(groups)
    place = labels.index(default) if default in labels else 0
    chosen = row.selectbox("Group by", labels, index=place, width=280)
    return line, groups.get(chosen)


def _numbers(
    reader: Reader, study: Study, *, request: ResponseRequest, group: Variable | None
) -> dict[str, Figure]:
    """The four cards of counts; gives their figures by title."""
    below = study.display.counts_only_below
    rates = RatesRequest(response=request, counts_only_below=below, group=group)
    settings: ResponseSettings = request.settings
    is_local = settings.headline.mode == "post_local_therapy"
    figures = {}
    # After local therapy the table by group has a column per kind of progression: it needs the whole width.
    left, right = (st.container(), st.container()) if is_local else st.columns([58, 42], gap="small")
    with left:
        if is_local:
            figures["Progression after local therapy"] = cards.local_card(reader, request)
        else:
            figures["Response rate"] = cards.rates_card(reader, rates, study=study)
            figures["By group"] = cards.group_card(reader, rates, study=study)
    with right:
        if is_local:
            figures["By group"] = cards.group_card(reader, rates, study=study)
        else:
            figures["Best response"] = cards.best_card(reader, rates)
        duration = cards.duration_card(reader, request, study=study)
        if duration is not None:
            figures["Duration of response"] = duration
    return figures
