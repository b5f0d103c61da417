"""Page Patient: one patient's course on one page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.figures.figure import Figure
from dashboard.figures.patient.timeline import TimelineRequest, timeline_clock, timeline_events
from dashboard.tables.formats import format_date
from dashboard.tables.patient_timeline import Clock
from dashboard.ui import (
    cache,
    cards,
    patient_background,
    patient_changes,
    patient_files,
    patient_header,
    patient_queries,
    patient_review,
    patient_statements,
    patient_timeline_controls,
    patient_timeline_table,
    patient_timeline_view,
    patient_variants,
    patient_walk,
    state,
    view_offer,
)
from dashboard.ui.context import PageContext, stop_with
from dashboard.ui.style import page_theme

CHART_SHARE, SIDE_SHARE = 72, 28
SHARED_TITLE = "Patient"


def show(context: PageContext) -> None:
    """Header, timeline, what is and is not known, variants, what changed, review.

    While the screen is shared no id, birth year or calendar date is on the page: days are counted from day 0,
    and the parts that name records, people or data cuts stay away.
    """
    context.require_data("Patient")
    is_sharing = state.is_sharing()
    head = st.container(horizontal=True, vertical_alignment="center")
    title = head.container(gap="xsmall")
    picker = head.container(horizontal=True, width=560, vertical_alignment="center")
    files = head.container(horizontal=True, width="content")
    patient_id = patient_walk.pick(context, where=picker, is_sharing=is_sharing)
    context.record_patient_opened(patient_id)
    summary = cache.patient_summary(context.reader, patient_id)
    if summary is None:
        stop_with("This patient is not in this data cut.")
    with title:
        st.title(SHARED_TITLE if is_sharing else patient_id, anchor=False)
    if not is_sharing:
        # Across the page: beside the picker it would wrap into three lines.
        _caption(context, summary)
    with _emptied(context.study.study_id, patient_id):
        _withdrawal(context, summary, is_sharing=is_sharing)
        _course(context, patient_id, files=files)


def _emptied(study_id: str, patient_id: str) -> DeltaGenerator:
    """Room for the course, emptied for another patient: no part of the one before may stand there."""
    return st.empty().container() if state.is_other_patient(study_id, patient_id) else st.container()


def _course(context: PageContext, patient_id: str, *, files: DeltaGenerator) -> None:
    """Everything under the patient's name."""
    is_sharing = state.is_sharing()
    is_study_time = is_sharing or context.study.calendar == "relative"
    patient_header.show(context, patient_id, hides_dates=is_sharing)
    left, right = st.columns([CHART_SHARE, SIDE_SHARE], gap="small")
    with left, st.container(border=True):
        figure, request, kept = _timeline(context, patient_id, is_study_time=is_study_time)
    if not is_sharing:
        with files:
            view_offer.offer_timeline(context, patient_id, kept)
            patient_files.show(context, patient_id, figure)
    events = timeline_events(figure)
    clock = timeline_clock(events, is_study_time=is_study_time, zero=request.zero)
    with left:
        patient_background.show(context, patient_id, clock=clock)
    with right:
        patient_statements.show(context, patient_id, clock=clock)
        if not is_sharing:
            _own_part(context, patient_id, clock=clock)
    is_fixed = any(event["tracks"] == "tumour_informed" for event in events)
    patient_variants.show(context, patient_id, clock=clock, is_fixed=is_fixed)
    if not is_sharing:
        patient_queries.show(context, patient_id, figure=figure, clock=clock)


def _own_part(context: PageContext, patient_id: str, *, clock: Clock) -> None:
    """What concerns the reader: changes since the last look, and the review."""
    review = patient_review.own_review(context, patient_id)
    patient_changes.show(context, patient_id, clock=clock, **patient_review.opened(review))
    patient_review.show(context, patient_id, review=review)


def _withdrawal(context: PageContext, summary: Mapping[str, Any], *, is_sharing: bool) -> None:
    """The banner of a patient who withdrew consent (clinical-decisions A23)."""
    if not summary["is_withdrawn"]:
        return
    withdrew_on = summary["withdrew_on"]
    if withdrew_on is None:
        words = "Consent withdrawn on a day that is not recorded: which data came after it cannot be told."
        st.warning(words, icon=":material/block:")
        return
    if is_sharing or context.study.calendar == "relative":
        st.warning("Consent withdrawn: data after that day are not used.", icon=":material/block:")
        return
    words = f"Consent withdrawn on {format_date(withdrew_on)}: data after this date are not used."
    st.warning(words, icon=":material/block:")


def _caption(context: PageContext, summary: Mapping[str, Any]) -> None:
    parts = [f"Site {summary['site_id']}"]
    if context.study.calendar != "relative":
        parts.append(f"enrolled {format_date(summary['enrolled_on'])}")
    died_on = summary.get("died_on")
    if died_on is not None:
        when = "" if context.study.calendar == "relative" else f" {format_date(died_on)}"
        parts.append(f"**died{when}** · ages in days are counted to the death")
    elif context.study.calendar != "relative":
        last = "data cut" if summary.get("withdrew_on") is None else "withdrawal of consent"
        parts.append(f"ages in days are counted to the {last}, {format_date(summary['observed_until'])}")
    st.caption(" · ".join(parts))


def _timeline(
    context: PageContext, patient_id: str, *, is_study_time: bool
) -> tuple[Figure, TimelineRequest, dict[str, Any]]:
    """The figure drawn, its request, and the choices as a link keeps them."""
    request, shows_table = patient_timeline_controls.controls(
        context.reader, patient_id, theme=page_theme(), is_study_time=is_study_time
    )
    figure = cache.timeline_figure(context.reader, request)
    shows_method = not state.is_sharing()
    if shows_table:
        patient_timeline_table.show(figure, shows_method=shows_method)
    else:
        cards.figure_card(figure, key="timeline", shows_table=False, shows_method=shows_method)
    return figure, request, patient_timeline_view.kept_choices(request, shows_table=shows_table)
