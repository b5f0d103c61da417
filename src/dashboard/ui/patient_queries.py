"""Part "Data issues and queries" of the patient page: what was found and asked, and a query on any entry."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.patient.timeline import timeline_events
from dashboard.model.tables import canonical_tables
from dashboard.store.query_facts import withdrawn_patients
from dashboard.tables.data_load_issues import NOT_COUNTED
from dashboard.tables.patient_timeline import Clock, describe
from dashboard.tables.queries import candidates_table, queries_table
from dashboard.ui import query_data, query_raise
from dashboard.ui.context import PageContext, Permission

NOTHING_FOUND = "No data issue is waiting to be asked about, and there is no query."
NOTHING_ASKED = "Consent withdrawn: no data issue of this patient is asked about, and there is no query."


def show(context: PageContext, patient_id: str, *, figure: Figure, clock: Clock) -> None:
    """The card; figure is the patient's timeline, whose entries may be asked about."""
    if not context.may(Permission.QUERIES):
        return
    query_data.reconcile_with_serving(context)
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Data issues and queries", anchor=False)
        query_raise.say_what_was_saved()
        candidates = [
            one
            for one in query_data.candidates_of(context, patient_id=patient_id)
            if one["issue_group"] != NOT_COUNTED
        ]
        queries = [query_data.as_row(one) for one in query_data.queries_of(context, patient_id=patient_id)]
        if not candidates and not queries:
            is_withdrawn = patient_id in withdrawn_patients(context.reader)
            st.markdown(NOTHING_ASKED if is_withdrawn else NOTHING_FOUND)
        if candidates:
            _candidates(context, patient_id, candidates)
        if queries:
            st.markdown("**Queries**")
            table = queries_table(queries, today=query_data.today()).drop(columns=["Patient", "Site"])
            st.dataframe(table, hide_index=True, alt="Queries about this patient")
            st.caption("The page Queries has their history and takes answers.")
        _on_entry(context, patient_id, figure=figure, clock=clock)


def _candidates(context: PageContext, patient_id: str, candidates: Sequence[Mapping[str, Any]]) -> None:
    st.markdown("**Data issues nobody has asked about**")
    event = st.dataframe(
        candidates_table(candidates).drop(columns=["Patient", "Site"]),
        hide_index=True,
        alt="Data issues of this patient",
        key=f"patient.issues.{patient_id}.{len(candidates)}",
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = [place for place in event.selection.rows if place < len(candidates)]
    if chosen:
        query_raise.on_candidate(context, candidates[chosen[0]])
    else:
        st.caption("Select a data issue to raise a query about it.")


def _on_entry(context: PageContext, patient_id: str, *, figure: Figure, clock: Clock) -> None:
    """Any entry of the timeline, by its words, with the row behind it."""
    entries = _entries(figure, patient_id, clock=clock)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Ask about an entry of the timeline",
            list(entries),
            index=None,
            placeholder="Choose an entry",
            key=f"patient.entry.{patient_id}",
            width=620,
        )
        if chosen is not None:
            query_raise.on_datum(context, entries[chosen], key="timeline")


def _entries(figure: Figure, patient_id: str, *, clock: Clock) -> dict[str, dict[str, Any]]:
    """Entries that come from a row of a file, newest first, by the words they have on the page."""
    tables = canonical_tables()
    found = {}
    for event in reversed(timeline_events(figure)):
        if event["source_table"] not in tables or event["source_key"] is None or event["panel"] == "PLANNED":
            continue
        words = describe(event, clock=clock)
        said = " · ".join(part for part in (words["date"], words["what"], words["result"]) if part)
        found[said] = {
            "table_name": event["source_table"],
            "row_key": event["source_key"],
            "patient_id": patient_id,
            "title": words["what"],
            "found": f"{patient_id} · {said}",
        }
    return found
