"""Page Survival: one endpoint at a time, with its card, its curve, its numbers and what they leave out."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.request import (
    SurvivalRequest,
    composite_of,
    group_variables,
    offered_endpoints,
    variants_of,
)
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable
from dashboard.ui import installation
from dashboard.ui import survival_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.cards import treatment_caution
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.group_baseline import survival_groups_card
from dashboard.ui.link_state import page_choice
from dashboard.ui.page_title import page_title
from dashboard.ui.style import page_theme
from dashboard.ui.survival_export import export_row

TITLE = "Survival"
AT_ENROLMENT = "Line at enrolment"
NO_GROUPS = "All together"
NO_ENDPOINT = "Not applicable: the study definition names no time to event."
BAND, MARKS, PREVIOUS, RATIO = "95 % band", "Censor marks", "Previous data cut", "Hazard ratio"
LINES = "select distinct line from line_of_therapy order by line"


@dataclass(frozen=True)
class _Choice:
    """What the row of choices says."""

    request: SurvivalRequest
    shows: tuple[str, ...]


@remembered(entries=50)
def _lines(reader: Reader) -> list[int]:
    return [int(row["line"]) for row in reader.records(LINES)]


def show(context: PageContext) -> None:
    """Filter and choices; curve and its numbers beside the endpoint card; other definitions, statistics."""
    context.require_data(TITLE)
    study = context.study
    reader = page_title(context, TITLE)
    if not offered_endpoints(study):
        st.info(NO_ENDPOINT)
        return
    cohort = cohort_filter(context, reader=reader)
    choice = _choices(reader, study)
    line = cohort_line(context, cohort, reader=reader)
    request = replace(choice.request, cohort=cohort, cohort_line=line, theme=page_theme())
    _show(context, reader, replace(choice, request=cards.usable_group(reader, request)))


def _show(context: PageContext, reader: Reader, choice: _Choice) -> None:
    """The cards of a choice. What fits models comes last, each at its place: nothing waits for it."""
    study, request = context.study, choice.request
    previous = _previous(context, reader, request) if PREVIOUS in choice.shows else None
    # Single patients are those of the user's own sites, whichever sites are counted.
    may_list = context.may(Permission.PATIENT) and reader == context.reader
    treatment_caution(request.group)
    figures, place_of_ratio = _show_figures(
        reader, request, study=study, previous=previous, may_list=may_list
    )
    figures |= survival_groups_card(reader, cards.drawn_request(request, study=study), study=study)
    cards.variants_card(reader, request, study=study)
    place_of_more = st.container()
    if context.may(Permission.EXPORT) and figures:
        export_row(context, figures, reader=reader, request=request, has_ratios=RATIO in choice.shows)
    if RATIO in choice.shows:
        with place_of_ratio:
            cards.ratio_card(reader, request, study=study)
    with place_of_more:
        cards.more_card(reader, request, study=study)


def _show_figures(
    reader: Reader, request: SurvivalRequest, *, study: Study, previous: Reader | None, may_list: bool
) -> tuple[dict[str, Figure], st.delta_generator.DeltaGenerator]:
    """Curve with its numbers, endpoint card, follow-up; gives the figures and the place of the ratio."""
    left, right = st.columns([70, 30], gap="small")
    with left:
        figures = cards.curve_card(reader, request, study=study, previous=previous)
        cards.numbers_card(reader, request, study=study)
    with right:
        cards.endpoint_box(reader, request, study=study, may_list=may_list)
        place_of_ratio = st.container()
        cards.follow_up_card(reader, request, may_list=may_list)
    return figures, place_of_ratio


def _choices(reader: Reader, study: Study) -> _Choice:
    """Endpoint, definition, line, group, and what is drawn."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    offered = {one.label: one for one in offered_endpoints(study)}
    endpoint = offered[_select(row, "Endpoint", list(offered), width=330)]
    variants = {one.label: one for one in variants_of(study, endpoint)}
    if len(variants) > 1:
        endpoint = variants[_select(row, "Definition", list(variants), width=330)]
    line = _line(row, reader) if endpoint.per == "line" else None
    group = _group(row, study, endpoint)
    options = (BAND, MARKS, PREVIOUS, RATIO)
    key = page_choice("Show", options, default=[BAND, MARKS])
    shown = row.pills("Show", options, selection_mode="multi", width="content", key=key)
    request = SurvivalRequest(
        endpoint=endpoint,
        guards=study_guards(study),
        grace_days=study.lines.index_grace_days,
        stale_days=study.follow_up.contact_stale_on_treatment_days,
        group=group,
        line=line,
        has_band=BAND in shown,
        has_censor_marks=MARKS in shown,
    )
    return _Choice(request, tuple(shown))


def _line(row: st.delta_generator.DeltaGenerator, reader: Reader) -> int | None:
    names: dict[str, int | None] = {AT_ENROLMENT: None, **{f"Line {one}": one for one in _lines(reader)}}
    return names[_select(row, "Line", list(names), width=180)]


def _group(row: st.delta_generator.DeltaGenerator, study: Study, endpoint: Endpoint) -> Variable | None:
    """The characteristic that divides the patients; none where another event competes."""
    if endpoint.competing and composite_of(study, endpoint) is None:
        return None
    groups = {one.label: one for one in group_variables(study, endpoint)}
    return groups.get(_select(row, "Group by", [NO_GROUPS, *groups], width=250))


def _select(row: st.delta_generator.DeltaGenerator, label: str, options: list[str], *, width: int) -> str:
    """What is chosen of the options; the first where nothing was, or what a link asked for."""
    return row.selectbox(label, options, width=width, key=page_choice(label, options, default=options[0]))


def _previous(context: PageContext, reader: Reader, request: SurvivalRequest) -> Reader | None:
    """The same sites in the data cut before the one shown; says so where it is not drawn."""
    if request.group is not None:
        st.caption("The previous data cut is drawn for all together only: choose no group.")
        return None
    cut_off = context.snapshot.cut_off
    earlier = [one for one in installation.snapshots(context.study.study_id) if one.cut_off < cut_off]
    if not earlier:
        st.caption("There is no earlier data cut.")
        return None
    return Reader(max(earlier, key=lambda one: one.cut_off), reader.sites)
