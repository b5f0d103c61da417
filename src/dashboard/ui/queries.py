"""Page Queries: what was asked of the sites and how it stands, what nobody has asked about yet, how fast."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.quality.run import chased_checks
from dashboard.studies.schema import Study
from dashboard.tables.data_load_issues import GROUPS, NOT_COUNTED
from dashboard.tables.formats import format_count, format_date
from dashboard.tables.queries import NOT_APPLICABLE, STATES, WAITING, age_days, queries_table, site_name
from dashboard.tables.query_metrics import QueryDays, metrics_table
from dashboard.ui import queries_candidates, queries_files, query_card, query_data, query_raise, state
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.page_title import sites_counted
from dashboard.workflow.query_list import Query

Row = Mapping[str, Any]
TITLE = "Queries"
NONE_YET = "No query has been raised yet at the sites you see."
NONE_SHOWN = "No query with these filters."
EVERY = "All"
THE_SITE = "The site"
# Narrow enough that what was found stands on a screen of 1280 without scrolling; rows of three lines.
WIDTHS = {
    "No.": st.column_config.NumberColumn(width=45),
    "State": st.column_config.TextColumn(width=100),
    "Age": st.column_config.TextColumn(width=65),
    "Site": st.column_config.TextColumn(width=105),
    "Patient": st.column_config.TextColumn(width=85),
    "About": st.column_config.TextColumn(width=150),
    "What was found": st.column_config.TextColumn(width=265),
    "Last step": st.column_config.TextColumn(width=110),
}
WAITING_STATES = "Waiting for an answer"
TO_CLOSE = "Answered, to be closed"
STATE_FILTERS = {
    EVERY: tuple(state for state in STATES if state != NOT_APPLICABLE),
    WAITING_STATES: WAITING,
    TO_CLOSE: ("answered",),
    "Closed": ("closed",),
    "Dismissed": ("dismissed",),
    STATES[NOT_APPLICABLE]: (NOT_APPLICABLE,),
}
ROW_HEIGHT_PX = 66
HIDDEN_BY_CONSENT = "consent was withdrawn. They are in no count; the filter State lists them."
HIDDEN = (
    "Your role sees queries about a whole check, which name no patient; the single ones are for the people "
    "who may open patients."
)


def show(context: PageContext) -> None:
    """Counts, then one part at a time: queries, data issues nobody has asked about, sites and ages."""
    context.require_data(TITLE)
    query_data.reconcile_with_serving(context)
    queries = query_data.queries_of(context)
    rows = [query_data.as_row(one) for one in queries]
    candidates = query_data.candidates_of(context)
    st.title(TITLE, anchor=False)
    cut = f"data cut of {format_date(context.snapshot.cut_off)}"
    st.caption(f"{context.study.title} · {cut} · {sites_counted(context.reader)} · ages are counted to today")
    if not context.may(Permission.PATIENT):
        st.caption(HIDDEN)
    query_raise.say_what_was_saved()
    chased = chased_checks()
    counted = [
        one for one in candidates if one["issue_group"] != NOT_COUNTED and one["check_id"] not in chased
    ]
    applying = [row for row in rows if row["state"] != NOT_APPLICABLE]
    days = query_days(context.study)
    _counts(applying, counted, days=days)
    parts: dict[str, tuple[str, Callable[[], None]]] = {
        "queries": (f"Queries {len(applying)}", lambda: _queries(context, queries, rows)),
        "candidates": (
            f"Not yet asked {len(counted)}",
            lambda: queries_candidates.show(context, candidates),
        ),
        "metrics": ("Sites and ages", lambda: _metrics(context, applying)),
    }
    chosen = st.segmented_control(
        "Part",
        list(parts),
        default="queries",
        required=True,
        format_func=lambda part: parts[part][0],
        label_visibility="collapsed",
        key="queries.part",
    )
    parts[chosen][1]()


def _counts(rows: Sequence[Row], candidates: Sequence[Row], *, days: QueryDays) -> None:
    """Key figures; every one is a number of queries, the first of data issues."""
    today = query_data.today()
    blocking = sum(one["issue_group"] == "blocks_primary" for one in candidates)
    states = [row["state"] for row in rows]
    ages = [age for row in rows if (age := age_days(row, today)) is not None]
    by_data = sum(row["state"] == "answered" and row["finding"] == "gone" for row in rows)
    figures = (
        ("Not yet asked", len(candidates), f"{blocking} blocking"),
        ("Open", len(ages), f"{states.count('reopened')} of them reopened"),
        (f"Open over {days.late} days", sum(age > days.late for age in ages), f"of {len(ages)} open"),
        ("Answered, to be closed", states.count("answered"), f"{by_data} of them by the data"),
        ("Closed", states.count("closed"), f"of {len(rows)}"),
        ("Dismissed", states.count("dismissed"), f"of {len(rows)}"),
    )
    for column, (label, value, note) in zip(st.columns(len(figures), gap="small"), figures, strict=True):
        column.metric(label, str(value), note, delta_color="off", delta_arrow="off", border=True)


def query_days(study: Study) -> QueryDays:
    """Within how many days an answer is expected, and from when on a query is late."""
    return QueryDays(answer=study.conduct.query_answer_days, late=study.conduct.query_late_days)


def _queries(context: PageContext, queries: Sequence[Query], rows: Sequence[Row]) -> None:
    """The list with its filters, and the query selected."""
    if not rows:
        st.info(NONE_YET)
        return
    shown = _filtered(context, rows)
    if shown:
        _list(context, shown)
        listed = "1 of 1 query" if len(rows) == 1 else f"{len(shown)} of {len(rows)} queries"
        st.caption(f"{listed}. Select one to see its record and history.")
    else:
        st.info(NONE_SHOWN)
    n_hidden = sum(row["state"] == NOT_APPLICABLE for row in rows)
    if n_hidden:
        st.caption(f"{n_hidden} no longer {'applies' if n_hidden == 1 else 'apply'}: {HIDDEN_BY_CONSENT}")
    absent = {row["patient_id"] for row in rows if row["is_patient_vanished"]}
    if absent:
        n_absent = sum(row["is_patient_vanished"] for row in rows)
        st.caption(absent_words(n_absent, n_patients=len(absent)))
    opened = state.opened_query(context.study.study_id)
    for query in queries:
        if query.query_id == opened:
            query_card.show(context, query)
    if shown and context.may(Permission.EXPORT):
        queries_files.show(context, shown)


def absent_words(n_queries: int, *, n_patients: int) -> str:
    """That queries are about patients who are not in the data cut, said once."""
    asked = "1 query is" if n_queries == 1 else f"{n_queries} queries are"
    return (
        f"{asked} about {format_count(n_patients, 'patient')} not in this data cut: nobody can say whether "
        "what was asked about was corrected. Each such patient is one data issue under Not yet asked."
    )


def _list(context: PageContext, shown: Sequence[Row]) -> None:
    """The table; the query opened stays open when a step taken with it moves it or takes it off the list."""
    study_id = context.study.study_id
    ids = [row["query_id"] for row in shown]
    opened = state.opened_query(study_id)
    place = [ids.index(opened)] if opened in ids else []
    event = st.dataframe(
        queries_table(shown, today=query_data.today(), site_names=query_data.site_names(context)),
        hide_index=True,
        alt="Queries",
        key=f"queries.list.{'.'.join(str(query_id) for query_id in ids[:50])}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": place, "columns": [], "cells": []}},
        column_config=WIDTHS,
        row_height=ROW_HEIGHT_PX,
        height=query_data.list_height_px(len(shown), row_px=ROW_HEIGHT_PX),
    )
    chosen = [ids[place] for place in event.selection.rows if place < len(ids)]
    if chosen or opened in ids:
        state.set_opened_query(study_id, chosen[0] if chosen else None)


def _filtered(context: PageContext, rows: Sequence[Row]) -> list[Row]:
    """The queries that the filters leave, those that wait first, the oldest of them first."""
    groups = {EVERY: tuple(GROUPS)} | {GROUPS[one]: (one,) for one in GROUPS}
    checks = [EVERY, *dict.fromkeys(row["title"] for row in rows if row["check_id"] is not None)]
    names = query_data.site_names(context)
    with st.container(horizontal=True):
        site = st.selectbox(
            "Site",
            [EVERY, *query_data.sites_in(rows)],
            format_func=lambda one: site_name(one, names),
            width=190,
            key="queries.site",
        )
        chosen = st.selectbox("State", list(STATE_FILTERS), width=190, key="queries.state")
        group = st.selectbox("Group", list(groups), width=190, key="queries.group")
        check = st.selectbox("Check", checks, width=320, key="queries.check")
        others = sorted({row["asked_of"] for row in rows if row["asked_of"]})
        whom = EVERY
        if others:
            whom = st.selectbox(
                "To be answered by", [EVERY, THE_SITE, *others], width=190, key="queries.whom"
            )
    today = query_data.today()
    kept = [
        row
        for row in rows
        if site in (EVERY, row["site_id"])
        and row["state"] in STATE_FILTERS[chosen]
        and row["issue_group"] in groups[group]
        and check in (EVERY, row["title"])
        and whom in (EVERY, row["asked_of"] or THE_SITE)
    ]
    order = {one: place for place, one in enumerate(("reopened", "open", "answered"))}
    return sorted(kept, key=lambda row: (order.get(row["state"], 9), -(age_days(row, today) or 0)))


def _metrics(context: PageContext, rows: Sequence[Row]) -> None:
    """Open queries by site and age, and how fast sites answer."""
    if not rows:
        st.info(NONE_YET)
        return
    days = query_days(context.study)
    names = query_data.site_names(context)
    table = metrics_table(rows, today=query_data.today(), site_names=names, days=days)
    # One column per site: the names of the rows are long, the numbers short.
    turned = table.set_index("Site").T.astype(str).reset_index(names="")
    st.dataframe(turned, hide_index=True, alt="Queries by site and age", height="content")
    st.caption(
        "Dismissed data issues that were never asked are not counted, nor queries on patients who withdrew "
        "consent. Age: days since a query was raised or "
        f"last reopened. Within {days.answer} days: of the queries that have an answer or were raised more "
        f"than {days.answer} days ago. Medians of the queries that have an answer, or are closed."
    )
