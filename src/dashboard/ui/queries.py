"""Page Queries: what was asked of the sites and how it stands, what nobody has asked about yet, how fast."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.tables.data_load_issues import GROUPS, NOT_COUNTED
from dashboard.tables.formats import format_date
from dashboard.tables.queries import STATES, WAITING, age_days, queries_table
from dashboard.tables.query_metrics import IN_TIME_DAYS, metrics_table
from dashboard.ui import queries_candidates, queries_files, query_card, query_data, query_raise
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.page_title import sites_counted
from dashboard.workflow.query_list import Query

Row = Mapping[str, Any]
TITLE = "Queries"
OVERDUE_DAYS = 30
NONE_YET = "No query has been raised yet at the sites you see."
NONE_SHOWN = "No query with these filters."
EVERY = "All"
WIDTHS = {
    "About": st.column_config.TextColumn(width=210),
    "What was found": st.column_config.TextColumn(width="large"),
}
WAITING_STATES = "Waiting for an answer"
TO_CLOSE = "Answered, to be closed"
STATE_FILTERS = {
    EVERY: tuple(STATES),
    WAITING_STATES: WAITING,
    TO_CLOSE: ("answered",),
    "Closed": ("closed",),
    "Dismissed": ("dismissed",),
}
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
    counted = [one for one in candidates if one["issue_group"] != NOT_COUNTED]
    _counts(rows, counted)
    parts: dict[str, tuple[str, Callable[[], None]]] = {
        "queries": (f"Queries {len(rows)}", lambda: _queries(context, queries, rows)),
        "candidates": (
            f"Not yet asked {len(counted)}",
            lambda: queries_candidates.show(context, candidates),
        ),
        "metrics": ("Sites and ages", lambda: _metrics(rows)),
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


def _counts(rows: Sequence[Row], candidates: Sequence[Row]) -> None:
    """Key figures; every one is a number of queries, the first of data issues."""
    today = query_data.today()
    blocking = sum(one["issue_group"] == "blocks_primary" for one in candidates)
    states = [row["state"] for row in rows]
    ages = [age for row in rows if (age := age_days(row, today)) is not None]
    by_data = sum(row["state"] == "answered" and row["finding"] == "gone" for row in rows)
    figures = (
        ("Not yet asked", len(candidates), f"{blocking} blocking"),
        ("Open", len(ages), f"{states.count('reopened')} of them reopened"),
        (f"Open over {OVERDUE_DAYS} days", sum(age > OVERDUE_DAYS for age in ages), f"of {len(ages)} open"),
        ("Answered, to be closed", states.count("answered"), f"{by_data} of them by the data"),
        ("Closed", states.count("closed"), f"of {len(rows)}"),
        ("Dismissed", states.count("dismissed"), f"of {len(rows)}"),
    )
    for column, (label, value, note) in zip(st.columns(len(figures), gap="small"), figures, strict=True):
        column.metric(label, str(value), note, delta_color="off", delta_arrow="off", border=True)


def _queries(context: PageContext, queries: Sequence[Query], rows: Sequence[Row]) -> None:
    """The list with its filters, and the query selected."""
    if not rows:
        st.info(NONE_YET)
        return
    shown = _filtered(rows)
    if not shown:
        st.info(NONE_SHOWN)
        return
    event = st.dataframe(
        queries_table(shown, today=query_data.today()),
        hide_index=True,
        alt="Queries",
        key=f"queries.list.{'.'.join(str(row['query_id']) for row in shown[:50])}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=WIDTHS,
    )
    st.caption(f"{len(shown)} of {len(rows)} queries. Select one to see its record and history.")
    chosen = [place for place in event.selection.rows if place < len(shown)]
    if chosen:
        by_id = {query.query_id: query for query in queries}
        query_card.show(context, by_id[shown[chosen[0]]["query_id"]])
    if context.may(Permission.EXPORT):
        queries_files.show(context, shown)


def _filtered(rows: Sequence[Row]) -> list[Row]:
    """The queries that the filters leave, those that wait first, the oldest of them first."""
    groups = {EVERY: tuple(GROUPS)} | {GROUPS[one]: (one,) for one in GROUPS}
    checks = [EVERY, *dict.fromkeys(row["title"] for row in rows if row["check_id"] is not None)]
    with st.container(horizontal=True):
        site = st.selectbox("Site", [EVERY, *query_data.sites_in(rows)], width=110, key="queries.site")
        state = st.selectbox("State", list(STATE_FILTERS), width=200, key="queries.state")
        group = st.selectbox("Group", list(groups), width=210, key="queries.group")
        check = st.selectbox("Check", checks, width=330, key="queries.check")
    today = query_data.today()
    kept = [
        row
        for row in rows
        if site in (EVERY, row["site_id"])
        and row["state"] in STATE_FILTERS[state]
        and row["issue_group"] in groups[group]
        and check in (EVERY, row["title"])
    ]
    order = {state: place for place, state in enumerate(("reopened", "open", "answered"))}
    return sorted(kept, key=lambda row: (order.get(row["state"], 9), -(age_days(row, today) or 0)))


def _metrics(rows: Sequence[Row]) -> None:
    """Open queries by site and age, and how fast sites answer."""
    if not rows:
        st.info(NONE_YET)
        return
    table = metrics_table(rows, today=query_data.today())
    # One column per site: the names of the rows are long, the numbers short.
    turned = table.set_index("Site").T.astype(str).reset_index(names="")
    st.dataframe(turned, hide_index=True, alt="Queries by site and age", height="content")
    st.caption(
        "Dismissed data issues that were never asked are not counted. Age: days since a query was raised or "
        f"last reopened. Within {IN_TIME_DAYS} days: of the queries that have an answer or were raised more "
        f"than {IN_TIME_DAYS} days ago. Medians of the queries that have an answer, or are closed."
    )
