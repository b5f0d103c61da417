"""Part "Not yet asked" of the page Queries: data issues nobody has asked about, singly or a check at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.quality.run import chased_checks
from dashboard.tables.data_load_issues import GROUPS, NOT_COUNTED
from dashboard.tables.formats import format_count
from dashboard.tables.queries import addressee_words, candidates_table, site_name
from dashboard.ui import query_data, query_question, query_raise, query_save, state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.workflow.queries import NewQuery

Row = Mapping[str, Any]
WIDTHS = {
    "Group": st.column_config.TextColumn(width=130),
    "Site": st.column_config.TextColumn(width=120),
    "Patient": st.column_config.TextColumn(width=90),
    "About": st.column_config.TextColumn(width=210),
    "What was found": st.column_config.TextColumn(width=380),
}
ROW_HEIGHT_PX = 66
EVERY = "All"
COUNTED = "To check"
CHASED = "Overdue (page Follow-up)"
# Each query is written with its row and its audit; so many take about a second.
MOST_AT_ONCE = 200
NOTHING = "Somebody has asked about every data issue, or there is none."


def show(context: PageContext, candidates: Sequence[Row]) -> None:
    """Filters, the list, the one selected, and all of one check together."""
    if not candidates:
        st.info(NOTHING)
        return
    shown, check = _filtered(context, candidates)
    if not shown:
        st.info("No data issue with these filters.")
        return
    event = st.dataframe(
        candidates_table(shown, site_names=query_data.site_names(context)),
        hide_index=True,
        alt="Data issues nobody has asked about",
        key=f"queries.candidates.{check}.{len(shown)}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=WIDTHS,
        row_height=ROW_HEIGHT_PX,
        height=query_data.list_height_px(len(shown), row_px=ROW_HEIGHT_PX),
    )
    chosen = [place for place in event.selection.rows if place < len(shown)]
    if chosen:
        _one(context, shown[chosen[0]])
    elif check == EVERY:
        listed = format_count(len(shown), "data issue")
        st.caption(
            f"{listed}, none of a patient who withdrew consent. Select one, or choose a check to ask about "
            "all of it."
        )
    else:
        _all_of(context, shown)


def _filtered(context: PageContext, candidates: Sequence[Row]) -> tuple[list[Row], str]:
    """The data issues that the filters leave, and the check chosen."""
    groups = {COUNTED: tuple(set(GROUPS) - {NOT_COUNTED})} | {GROUPS[one]: (one,) for one in GROUPS}
    with st.container(horizontal=True):
        sites = [EVERY, *query_data.sites_in(candidates)]
        names = query_data.site_names(context)
        site = st.selectbox(
            "Site",
            sites,
            format_func=lambda one: site_name(one, names),
            width=210,
            key="candidates.site",
        )
        group = st.selectbox("Group", [*groups, CHASED], width=220, key="candidates.group")
        chased = chased_checks()
        wanted = [
            one
            for one in candidates
            if site in (EVERY, one["site_id"])
            and (one["check_id"] in chased) is (group == CHASED)
            and (group == CHASED or one["issue_group"] in groups[group])
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


def _own_question(context: PageContext, candidate: Row) -> str:
    language = query_question.language_of(context, candidate["site_id"])
    return query_question.question_of(context, candidate, language=language).text


def _all_of(context: PageContext, shown: Sequence[Row]) -> None:
    """One query for each data issue of the check, with the same question."""
    if not query_data.is_serving(context):
        st.caption(query_raise.OLD_CUT)
        return
    asked_now = shown[:MOST_AT_ONCE]
    sites = format_count(len({one["site_id"] for one in asked_now}), "site")
    other = addressee_words(str(asked_now[0]["asked_of"])).lower()

    def asked() -> Sequence[NewQuery]:
        return [
            replace(query_data.as_new_query(context, one), question=_own_question(context, one))
            for one in asked_now
        ]

    form = "raise.check"
    with st.container(border=True):
        st.markdown(
            f"**Ask about all {len(asked_now)} of this check**: one query each, "
            f"to {f'the {other}' if other else sites}."
        )
        if len(shown) > MOST_AT_ONCE:
            st.caption(f"At most {MOST_AT_ONCE} at once; {len(shown) - MOST_AT_ONCE} stay for the next time.")
        st.markdown("Each asks in the words of its own data issue. The first:")
        st.text(_own_question(context, asked_now[0]))
        st.text_area(
            "Added to every question, if needed",
            max_chars=query_raise.LONGEST,
            height=70,
            key=state.form_key(form, query_save.WORDS),
        )
        st.button(
            f"Raise {len(asked_now)} {'query' if len(asked_now) == 1 else 'queries'}",
            type="primary",
            key=f"{form}.button",
            on_click=query_save.raise_queries,
            args=(asked, query_data.cut_of(context.snapshot), form),
        )
