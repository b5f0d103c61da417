"""Page Patient: one patient's course on one page."""

from typing import Any

import streamlit as st

from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import Figure
from dashboard.figures.patient_timeline import TimelineRequest, timeline_clock, timeline_events
from dashboard.studies.schema import Study
from dashboard.tables.ctdna_state import state_sentence, unknowns
from dashboard.tables.formats import format_date
from dashboard.tables.header_strip import AgeLimits, header_cells
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.variants import variant_table
from dashboard.ui import cache, cards, state
from dashboard.ui.context import PageContext, stop_with

CHART_SHARE, SIDE_SHARE = 72, 28
VARIANT_NOTE = (
    "MAF is the mutant allele fraction (VAF). A variant that is not detected counts 0 in a mean over the "
    "tracked set and is never drawn at 0. Copy number is never mixed with allele fractions."
)
FIXED_SET_NOTE = (
    "This assay follows the variants found in this patient's tumour. It cannot show new resistance "
    "mutations: new variants are not assessable."
)


def show(context: PageContext) -> None:
    """Header strip, timeline, what is and is not known, variants."""
    context.require_data("Patient")
    study = context.study
    found = cache.patient_ids(context.reader)
    if not found:
        stop_with("No patient is enrolled at your sites in this data cut.")
    head = st.container(horizontal=True, vertical_alignment="center")
    title = head.container(gap="xsmall")
    patient_id = _pick(
        study.study_id, found, where=head.container(horizontal=True, width=520, vertical_alignment="center")
    )
    context.record_patient_opened(patient_id)
    summary = cache.patient_summary(context.reader, patient_id)
    if summary is None:
        stop_with("This patient is not in this data cut.")
    with title:
        _title(patient_id, summary, study=study)
    is_relative = study.calendar == "relative"
    cards.header_strip(header_cells(summary, limits=_limits(study), is_study_time=is_relative))
    left, right = st.columns([CHART_SHARE, SIDE_SHARE], gap="small")
    with left, st.container(border=True):
        figure = _timeline(context, patient_id, is_relative=is_relative)
    events = timeline_events(figure)
    clock = timeline_clock(events, is_study_time=is_relative)
    with right:
        missing = unknowns(events, clock=clock, observed_until=summary["observed_until"])
        _side(context, patient_id, clock=clock, missing=missing)
    is_fixed = any(event["tracks"] == "tumour_informed" for event in events)
    _variants(context, patient_id, clock=clock, is_fixed=is_fixed)


def _pick(study_id: str, found: list[str], *, where: Any) -> str:
    """Search by id, previous and next. The choice stays in the session, never in the address."""
    chosen = state.patient_id(study_id)
    first = found.index(chosen) if chosen in found else 0
    with where:
        picked = st.selectbox("Patient", found, index=first, label_visibility="collapsed", width=230)
        place = found.index(picked)
        for word, step, icon in (("Previous", -1, "chevron_left"), ("Next", 1, "chevron_right")):
            to = place + step
            st.button(
                word,
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(found),
                on_click=state.set_patient_id,
                args=(study_id, found[to % len(found)]),
            )
        st.caption(f"{place + 1} of {len(found)}", width="content")
    state.set_patient_id(study_id, picked)
    return picked


def _title(patient_id: str, summary: dict[str, Any], *, study: Study) -> None:
    st.title(patient_id, anchor=False)
    parts = [f"Site {summary['site_id']}"]
    if study.calendar != "relative":
        parts.append(f"enrolled {format_date(summary['enrolled_on'])}")
        parts.append(f"ages in days are counted to the data cut, {format_date(summary['observed_until'])}")
    st.caption(" · ".join(parts))


def _limits(study: Study) -> AgeLimits:
    rules = study.follow_up
    return AgeLimits(
        imaging_days=rules.imaging_overdue_days,
        ctdna_days=rules.imaging_overdue_days,
        contact_days=rules.contact_stale_on_treatment_days,
    )


def _timeline(context: PageContext, patient_id: str, *, is_relative: bool) -> Figure:
    with st.container(horizontal=True, vertical_alignment="center"):
        times = ["Days"] if is_relative else ["Dates", "Days"]
        time = st.segmented_control(
            "Time", times, default=times[0], required=True, label_visibility="collapsed"
        )
        scale = st.segmented_control(
            "Scale", ["Log", "Linear"], default="Log", required=True, label_visibility="collapsed"
        )
        variants = st.toggle("Variants", value=True)
        other_origin = st.toggle("Possible CHIP or germline", value=True)
        st.space("stretch")
        shows_table = st.toggle("Table", value=False)
    request = TimelineRequest(
        patient_id=patient_id,
        theme=page_theme(),
        time="days" if time == "Days" else "dates",
        scale="linear" if scale == "Linear" else "log",
        variants=variants,
        other_origin=other_origin,
    )
    figure = cache.timeline_figure(context.reader, request)
    cards.figure_card(figure, key="timeline", shows_table=shows_table)
    return figure


def page_theme() -> ThemeName:
    """The theme the browser shows; light where it does not say."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _side(context: PageContext, patient_id: str, *, clock: Clock, missing: list[tuple[str, str]]) -> None:
    latest = cache.latest_state(context.reader, patient_id)
    said = []
    if latest is not None:
        sentence = state_sentence(latest)
        numbers = "As known on the last draw."
        if latest["collected_on"] is not None:
            numbers = f"As known on the draw of {clock.name(latest['collected_on'])}."
        said.append((sentence[0].upper() + sentence[1:], numbers))
    cards.statements("ctDNA state", said, nothing="No ctDNA state.")
    cards.statements("What we do not know", missing, nothing="Nothing is pending, failed or missed.")


def _variants(context: PageContext, patient_id: str, *, clock: Clock, is_fixed: bool) -> None:
    st.subheader("Variants", anchor=False)
    courses = cache.variant_courses(context.reader, patient_id)
    if not courses:
        st.markdown("No variant was reported for this patient.")
        return
    table = variant_table(courses, clock=clock)
    st.dataframe(
        table, hide_index=True, key="variants", alt=f"{len(table)} variants with first, highest and last MAF"
    )
    st.caption(f"{FIXED_SET_NOTE} {VARIANT_NOTE}" if is_fixed else VARIANT_NOTE)
