"""What was asked about a row of the follow-up list: requests sent, its query, the form to raise one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.figures.follow_up.item import issue_of, item_key
from dashboard.figures.follow_up.request import Row
from dashboard.tables.follow_up import asked_words
from dashboard.tables.queries import state_words
from dashboard.ui import installation, query_data, query_raise, query_save, state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, Permission
from dashboard.workflow.item_requests import Asked, AskedItem, requests_of
from dashboard.workflow.query_list import Query
from dashboard.workflow.query_states import Step

QUERIES_PAGE = "pages/conduct/queries.py"
COPIED = "Copy it, send it, then say so: the list keeps who asked, when and how often."
Line = Mapping[Any, Any]


@dataclass(frozen=True)
class Known:
    """Requests and queries of the study shown, as the reader may see them."""

    requests: Mapping[AskedItem, Sequence[Asked]]
    queries: Mapping[str, Query]


def known_of(context: PageContext) -> Known:
    """What was asked so far; the data cut that serves has answered the queries before."""
    query_data.reconcile_with_serving(context)
    queries = query_data.queries_of(context)
    return Known(
        requests=requests_of(installation.workflow(), query_data.scope_of(context)),
        queries={one.issue_hash: one for one in queries if one.issue_hash is not None},
    )


def asked_item(row: Row) -> AskedItem:
    """The row as requests name it."""
    return AskedItem(patient_id=row["patient_id"], item=row["item"], item_key=item_key(row))


def query_about(row: Row, known: Known) -> Query | None:
    """The query about the data issue that the row is."""
    issue = issue_of(row)
    if issue is None:
        return None
    hashed = query_data.hash_of(vars(issue))
    return known.queries.get(hashed)


def said(row: Row, known: Known) -> str:
    """When and how often it was asked for: by requests sent and by its query; empty where never."""
    days = [one.at.date() for one in known.requests.get(asked_item(row), ())]
    query = query_about(row, known)
    if query is not None:
        days += [one.at.date() for one in query.steps if one.step is Step.OPENED]
    return asked_words(sorted(days))


def mark_button(context: PageContext, rows: Sequence[Row], *, label: str, key: str) -> None:
    """Says that these items were asked for; only of the data cut that serves."""
    if not query_data.is_serving(context) or not rows:
        return
    st.button(
        label,
        icon=":material/mark_email_read:",
        key=key,
        on_click=query_save.mark_asked,
        args=([asked_item(row) for row in rows], query_data.cut_of(context.snapshot)),
    )
    st.caption(COPIED)


def query_cell(context: PageContext, row: Row, known: Known, *, number: int) -> None:
    """The query about the row with its state and the way to it, else the button that begins one."""
    if not context.may(Permission.QUERIES):
        return
    query = query_about(row, known)
    if query is not None:
        _query_link(context.study.study_id, query, number=number)
    elif issue_of(row) is not None and query_data.is_serving(context):
        st.button(
            "Query",
            key=f"follow_up.raise.{number}",
            type="tertiary",
            help="Raise a query about it",
            on_click=state.set_query_item,
            args=(asked_item(row),),
        )


def _query_link(study_id: str, query: Query, *, number: int) -> None:
    is_opened = st.button(
        plain(f"Query {query.query_id}: {state_words(query_data.as_row(query))}"),
        key=f"follow_up.query.{number}",
        type="tertiary",
        help="Open this query",
        on_click=state.set_opened_query,
        args=(study_id, query.query_id),
    )
    if is_opened:
        st.switch_page(QUERIES_PAGE)


def query_form(context: PageContext, row: Row, line: Line, known: Known) -> None:
    """Under the row whose button was pressed: patient, item and due date, the question, and who is asked."""
    item = asked_item(row)
    issue = issue_of(row)
    if issue is None or state.query_item() != item or query_about(row, known) is not None:
        return
    with st.container(border=True, key="follow_up.query_form"):
        st.markdown(
            f"**Query about {plain(line['patient_id'])}: {plain(line['Item'])}** · {plain(line['Window'])} · "
            f"{plain(line['State'])}"
        )
        query_raise.raise_here(context, vars(issue) | {"patient_id": row["patient_id"]})
        st.button("Cancel", key="follow_up.query_form.close", type="tertiary", on_click=state.set_query_item)
