"""Part "Not yet asked" of the page Queries: data issues nobody has asked about, singly or a check at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.tables.data_load_issues import GROUPS, NOT_COUNTED
from dashboard.tables.formats import format_count
from dashboard.tables.queries import candidates_table
from dashboard.ui import query_data, query_raise, query_save
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.workflow.queries import NewQuery

Row = Mapping[str, Any]
WIDTHS = {
    "Group": st.column_config.TextColumn(width=150),
    "About": st.column_config.TextColumn(width=230),
    "What was found": st.column_config.TextColumn(width="large"),
}
EVERY = "All"
COUNTED = "To check"
# Each query is written with its row and its audit; so many take about a second.
MOST_AT_ONCE = 200
NOTHING = "Somebody has asked about every data issue, or there is none."


def show(context: PageContext, candidates: Sequence[Row]) -> None:
    """Filters, the list, the one selected, and all of one check together."""
    if not candidates:
        st.info(NOTHING)
        return
    shown, check = _filtered(candidates)
    if not shown:
        st.info("No data issue with these filters.")
        return
    event = st.dataframe(
        candidates_table(shown),
        hide_index=True,
        alt="Data issues nobody has asked about",
        key=f"queries.candidates.{check}.{len(shown)}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=WIDTHS,
    )
    chosen = [place for place in event.selection.rows if place < len(shown)]
    if chosen:
        _one(context, shown[chosen[0]])
    elif check == EVERY:
        st.caption(f"{len(shown)} data issues. Select one, or choose a check to ask about all of it.")
    else:
        _all_of(context, shown)


def _filtered(candidates: Sequence[Row]) -> tuple[list[Row], str]:
    """The data issues that the filters leave, and the check chosen."""
    wanted_groups = {COUNTED: tuple(set(GROUPS) - {NOT_COUNTED})} | {GROUPS[one]: (one,) for one in GROUPS}
    with st.container(horizontal=True):
        sites = [EVERY, *query_data.sites_in(candidates)]
        site = st.selectbox("Site", sites, width=140, key="candidates.site")
        group = st.selectbox("Group", list(wanted_groups), width=220, key="candidates.group")
        wanted = [
            one
            for one in candidates
            if site in (EVERY, one["site_id"]) and one["issue_group"] in wanted_groups[group]
        ]
        titles = {one["title"]: sum(other["title"] == one["title"] for other in wanted) for one in wanted}
        check = st.selectbox(
            "Check",
            [EVERY, *titles],
            format_func=lambda title: f"{title}: {titles[title]}" if title in titles else title,
            width=420,
            key=f"candidates.check.{site}.{group}",
        )
    return [one for one in wanted if check in (EVERY, one["title"])], check


def _one(context: PageContext, candidate: Row) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(candidate['title'])}** · {plain(candidate['found'])}")
        words = query_data.check_words().get(candidate["check_id"])
        if words is not None:
            st.markdown(plain(words.why_it_matters))
        query_raise.on_candidate(context, candidate)


def _all_of(context: PageContext, shown: Sequence[Row]) -> None:
    """One query for each data issue of the check, with the same question."""
    if not query_data.is_serving(context):
        st.caption(query_raise.OLD_CUT)
        return
    asked_now = shown[:MOST_AT_ONCE]
    n_sites = len({one["site_id"] for one in asked_now})

    def asked() -> Sequence[NewQuery]:
        return [query_data.as_new_query(context, one) for one in asked_now]

    form = "raise.check"
    with st.container(border=True):
        st.markdown(
            f"**Ask about all {len(asked_now)} of this check**: one query each, "
            f"to {format_count(n_sites, 'site')}."
        )
        if len(shown) > MOST_AT_ONCE:
            st.caption(f"At most {MOST_AT_ONCE} at once; {len(shown) - MOST_AT_ONCE} stay for the next time.")
        words = query_raise.question_area(context, form, site_ids=[one["site_id"] for one in asked_now])
        st.button(
            f"Raise {len(asked_now)} {'query' if len(asked_now) == 1 else 'queries'}",
            type="primary",
            key=f"{form}.button",
            disabled=not words.strip(),
            on_click=query_save.raise_queries,
            args=(asked, query_data.cut_of(context.snapshot), form),
        )
