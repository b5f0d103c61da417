"""Cards of the overview page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts.accrual import AccrualView
from dashboard.figures.figure import Figure
from dashboard.figures.overview.accrual import AccrualRequest, accrual_request, overview_accrual
from dashboard.figures.overview.baseline import (
    BaselineRequest,
    baseline_request,
    baseline_variables,
    overview_baseline,
)
from dashboard.figures.overview.follow_up import (
    FollowUp,
    FollowUpRequest,
    follow_up_request,
    overview_follow_up,
)
from dashboard.figures.overview.issues import overview_blocking, overview_issues
from dashboard.quality.run import catalogue, chased_checks
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies import vocabulary
from dashboard.studies.cohort import Cohort
from dashboard.studies.criteria import OpenQuestion
from dashboard.studies.schema import Study
from dashboard.tables.data_load import received_words
from dashboard.tables.data_load_issues import CheckWords, n_blocking
from dashboard.tables.formats import format_count, format_date
from dashboard.tables.overview_flow import DIVISIONS
from dashboard.tables.overview_issues import blocking_patients, blocking_table
from dashboard.tables.overview_words import follow_up_words, stale_words
from dashboard.ui.caching import remembered
from dashboard.ui.cards import NO_BREAK, draw_figure, how_made, plain, table_switch, treatment_caution
from dashboard.ui.flow_table import flow_table
from dashboard.ui.link_state import page_choice
from dashboard.ui.style import page_theme

NO_COLUMNS = "All enrolled together"
VIEWS: dict[str, AccrualView] = {"In all": "total", "By month": "month"}


@remembered(entries=50)
def _accrual(reader: Reader, request: AccrualRequest) -> Figure:
    return overview_accrual(reader, request)


@remembered(entries=50)
def _baseline(reader: Reader, request: BaselineRequest) -> Figure:
    return overview_baseline(reader, request).without_rows()


@remembered(entries=50)
def _follow_up(reader: Reader, request: FollowUpRequest) -> FollowUp:
    return overview_follow_up(reader, request)


@remembered(entries=50)
def _blocking(reader: Reader) -> pd.DataFrame:
    return overview_blocking(reader)


@remembered(entries=50)
def _issues(reader: Reader) -> pd.DataFrame:
    return overview_issues(reader)


def flow_card(figure: Figure) -> None:
    """The flow: steps in bold, between them what was left out and why; it adds up from top to bottom."""
    with st.container(border=True):
        st.header("From screening to an evaluable pair", anchor=False)
        flow_table(figure)
        st.caption(
            "Each patient is left out once, by the first reason that applies: a bold number is the bold one "
            f"above it minus the reasons between them. {DIVISIONS}"
        )
        how_made(figure)


def sentences_card(title: str, sentences: Sequence[str]) -> None:
    """A card of short sentences."""
    with st.container(border=True):
        st.header(title, anchor=False)
        for sentence in sentences:
            st.markdown(sentence)


def data_cut_card(snapshot: Snapshot, *, study: Study) -> None:
    """Data cut, extract, what was loaded, whether this data cut is the one that serves."""
    manifest = snapshot.manifest
    with st.container(border=True):
        st.header("Data cut", anchor=False)
        serving = "current" if snapshot.is_current else "not the current one"
        sample = "sample study, fixed data cut" if study.sample else ""
        parts = [f"**{format_date(snapshot.cut_off)}** ({serving})", received_words(manifest), sample]
        st.markdown(" · ".join(part for part in parts if part))
        counts = {"loaded": "n_loaded", "not loaded": "n_rejected", "set aside by a rule": "n_set_aside"}
        if manifest.get("n_records") is not None:
            said = ", ".join(f"{manifest.get(key, 0):,} {words}" for words, key in counts.items())
            st.caption(f"{manifest['n_records']:,} records of all sites: {said}.")


def follow_up_card(reader: Reader, study: Study, *, may_list: bool) -> None:
    """Median follow-up, who was last seen long before the data cut; ids only for who may open patients."""
    with st.container(border=True):
        st.header("Follow-up", anchor=False)
        request = follow_up_request(study)
        if request is None:
            st.markdown("Not applicable: the study defines no endpoint that death alone ends.")
            return
        found = _follow_up(reader, request)
        value, note = follow_up_words(found.numbers, median_min_events=request.median_min_events)
        st.markdown(f"Median **{value}**" if found.numbers.median is not None else f"**{value}**")
        st.caption(f"{note} Clock of “{plain(found.label)}”.")
        _stale(found, days=request.stale_days, may_list=may_list)


def _stale(found: FollowUp, *, days: int, may_list: bool) -> None:
    if found.stale is None:
        st.markdown("How up to date follow-up is cannot be told: the extract has no calendar dates.")
        return
    n_stale = len(found.stale)
    st.markdown(stale_words(n_stale, n_followed=found.numbers.n_followed, days=days))
    if n_stale and may_list:
        with st.expander(f"List of {n_stale}"):
            words = {**vocabulary.VITAL_STATUSES, **vocabulary.DEPARTURES}
            listed = found.stale.assign(
                ended_on=[format_date(day) for day in found.stale["ended_on"]],
                standing=found.stale["standing"].map(words),
            )
            titles = {
                "patient_id": "Patient",
                "site_id": "Site",
                "ended_on": "Last seen",
                "days_before": "Days before the data cut",
                "standing": "Status",
            }
            st.dataframe(
                listed.rename(columns=titles),
                hide_index=True,
                alt="Patients last seen long before the data cut",
            )


def issues_card(reader: Reader, *, may_list: bool, has_data_page: bool) -> None:
    """What blocks the primary result, by reason, and the patients for who may open them; zero is said."""
    blocking = _blocking(reader)
    # Overdue draws block too; the page Follow-up chases and counts them.
    is_chased = blocking["check_id"].isin(list(chased_checks()))
    blocking, n_chased = blocking[~is_chased], int(is_chased.sum())
    checks = {one.check_id: CheckWords(one.title, one.message, one.why_it_matters) for one in catalogue()}
    with st.container(border=True):
        st.header("Data issues", anchor=False)
        n = n_blocking(_issues(reader), chased=chased_checks())
        st.markdown(f"**{n}** block the primary result")
        if n_chased:
            draws = format_count(n_chased, "overdue blood draw")
            st.caption(f"Besides {draws}, counted on the page Follow-up.")
        if len(blocking):
            table = blocking_table(blocking, checks=checks)
            st.table(table.map(plain), border="horizontal", hide_index=True, alt="What blocks the result")
            st.caption("A patient may be in several rows.")
        if blocking["patient_id"].notna().any() and may_list:
            with st.expander(f"Patients ({blocking['patient_id'].nunique()})"):
                listed = blocking_patients(blocking, checks=checks)
                st.dataframe(listed, hide_index=True, alt="Patients whose data block the primary result")
        if has_data_page:
            st.caption("All data issues, why they matter and the records as received: page Data.")


def accrual_card(reader: Reader, study: Study) -> Figure | None:
    """Enrolment by month against the plan; gives the figure, None in a study without calendar dates."""
    if study.calendar == "relative":
        return None
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Enrolment", anchor=False)
        key = page_choice("Enrolment shown", list(VIEWS), default="In all")
        view = str(
            head.segmented_control(
                "Enrolment shown", list(VIEWS), key=key, required=True, label_visibility="collapsed"
            )
        )
        shows_table = table_switch(head, "Enrolment")
        is_all_sites = reader.sites is None
        request = accrual_request(
            study.recruitment, is_all_sites=is_all_sites, view=VIEWS[view], theme=page_theme()
        )
        figure = _accrual(reader, request)
        st.caption(" ".join([figure.caption, *_plan_words(study, is_all_sites=is_all_sites, view=view)]))
        if shows_table:
            st.dataframe(figure.table, hide_index=True, alt=figure.alt)
        else:
            draw_figure(figure, key="accrual.chart")
        how_made(figure)
    return figure


def _plan_words(study: Study, *, is_all_sites: bool, view: str) -> list[str]:
    if not study.recruitment.month_plan:
        return [f"The study plans {study.recruitment.target} patients, without a number by month."]
    if not is_all_sites:
        return ["The plan is for all sites together and is not compared with part of them."]
    return ["Dashes: planned." if view == "In all" else "Bars: enrolled in the month; dark marks: planned."]


def baseline_card(reader: Reader, study: Study, *, cohort: Cohort, cohort_line: str) -> Figure:
    """The baseline table, on demand with a column for each value of one characteristic; gives the figure."""
    choices = [one.label for one in baseline_variables(study) if one.source != "number"]
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Patients at enrolment", anchor=False)
        options = [NO_COLUMNS, *choices]
        key = page_choice("Columns by", options, default=NO_COLUMNS)
        by = head.selectbox("Columns by", options, label_visibility="collapsed", width=260, key=key)
        request = baseline_request(study, by=None if by == NO_COLUMNS else by)
        treatment_caution(request.by)
        figure = _baseline(reader, replace(request, cohort=cohort, cohort_line=cohort_line))
        _baseline_tables(figure, is_split=by == NO_COLUMNS)
        st.caption(f"{figure.caption} {figure.method}")
        how_made(figure)
    return figure


def _baseline_tables(figure: Figure, *, is_split: bool) -> None:
    """The table; a single column of numbers in two halves side by side, never within a characteristic."""
    table = escaped_baseline(figure)
    starts = [place for place, cell in enumerate(table["Characteristic"]) if cell]
    middle = min(starts, key=lambda place: abs(place - len(table) / 2))
    if not is_split or not middle:
        st.table(table, border="horizontal", hide_index=True, alt=figure.alt)
        return
    halves = (table.iloc[:middle], table.iloc[middle:])
    for column, half in zip(st.columns(2, gap="large"), halves, strict=True):
        column.table(half, border="horizontal", hide_index=True, alt=figure.alt)


def escaped_baseline(figure: Figure) -> pd.DataFrame:
    """Its table: signs of Markdown made harmless, names in bold, no count broken from its per cent."""
    safe: dict[str, list[str]] = {}
    for name, cells in figure.table.items():
        words = [plain(str(cell)) for cell in cells]
        if name == "Characteristic":
            safe[name] = [f"**{one}**" if one else "" for one in words]
        elif name == "Value":
            safe[name] = words
        else:
            heading = plain(str(name)).replace(" = ", f"{NO_BREAK}={NO_BREAK}")
            safe[heading] = [one.replace(" ", NO_BREAK) for one in words]
    return pd.DataFrame(safe)


def question_text(question: OpenQuestion, *, study: Study) -> None:
    """One question with its readings."""
    st.markdown(plain(question.text))
    for reading in question.readings:
        in_force = " **(in force until ruled)**" if reading.reading == question.default else ""
        st.markdown(f"- {plain(reading.reading)}: {plain(reading.meaning)}{in_force}")
    if question.default == "needs_ruling":
        st.markdown("Nothing is assumed: the patients concerned wait for the ruling.")
    criteria: list[Any] = [one.criterion for one in study.criteria if one.question == question.question_id]
    if criteria:
        st.caption(f"Concerns criterion {', '.join(criteria)}.")
    elif question.affects:
        st.caption(f"Affects {plain(', '.join(affected_words(question.affects, study=study)))}.")


def affected_words(affects: Sequence[str], *, study: Study) -> list[str]:
    """What a question bears on, by the labels of the study in place of its codes."""
    labels = {
        **{one.endpoint_id: one.label for one in study.endpoints},
        **{one.setting_id: one.label for one in study.response_settings},
        **{one.scheme: one.label for one in study.molecular_rules},
        **{one.item: one.label for one in study.visit_plan},
    }
    return [labels.get(name, name) for name in affects]
