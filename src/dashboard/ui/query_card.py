"""One query opened: what was found, the record as received, its history, and what can be done with it."""

import streamlit as st

from dashboard.quality.run import chased_checks
from dashboard.store.raw_record import source_of
from dashboard.tables.data_load_issues import GROUPS
from dashboard.tables.formats import NOTHING
from dashboard.tables.queries import addressee_words, history_table, site_name, state_words
from dashboard.ui import query_data, query_save, state
from dashboard.ui.as_received import as_received
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.query_addressees import addressees
from dashboard.workflow.query_list import Query
from dashboard.workflow.query_states import ENDING, FOUR_EYES, Step, is_allowed

ACTIONS = {
    Step.COMMENTED: ("Comment", ":material/chat_bubble:"),
    Step.ANSWERED: ("Answer", ":material/reply:"),
    Step.CLOSED: ("Close", ":material/check:"),
    Step.REOPENED: ("Reopen", ":material/undo:"),
    Step.DISMISSED: ("Dismiss", ":material/do_not_disturb_on:"),
}
OTHER_PERSON = "You raised or answered this query about an error: somebody else has to close it."
NOT_LOADED = "The row is not in this data cut, so there is no record to show."


def show(context: PageContext, query: Query) -> None:
    """The card of one query."""
    row = query_data.as_row(query)
    with st.container(border=True):
        st.header(f"Query {query.query_id}: {plain(query.title)}", anchor=False)
        st.markdown(f"**{plain(query.found)}**")
        about = [
            state_words(row),
            site_name(query.site_id, query_data.site_names(context)) if query.site_id else "no site",
            f"to be answered by: {addressee_words(query.asked_of.kind, query.asked_of.name) or 'the site'}",
            *_weight(query),
        ]
        st.caption(" · ".join(plain(part) for part in about))
        left, right = st.columns([55, 45], gap="medium")
        with left:
            _history(query)
            _actions(context, query)
        with right:
            _record(context, query)


def _weight(query: Query) -> list[str]:
    """Group and severity; of what the follow-up list chases, that it is counted there."""
    if query.check_id in chased_checks():
        return ["overdue, counted on Follow-up"]
    is_error = query.severity == FOUR_EYES
    said = "error: closed by a second person" if is_error else query.severity
    return [GROUPS.get(query.issue_group, query.issue_group), said]


def _history(query: Query) -> None:
    """Every step with its words in full; what people wrote is never read as Markdown."""
    st.subheader("History", anchor=False)
    st.table(
        history_table(query_data.step_rows(query)).map(plain), hide_index=True, alt="History of the query"
    )


def _actions(context: PageContext, query: Query) -> None:
    """The field for the words and a button for every step that may be taken now."""
    form = query_save.card_form(query.query_id)
    st.text_area(
        "Comment, answer or reason",
        max_chars=4_000,
        height=90,
        key=state.form_key(form, query_save.WORDS),
    )
    may_close = context.may(Permission.CLOSE_QUERIES)
    scope, cut = query_data.scope_of(context), query_data.cut_of(context.snapshot)
    needs_other = query.severity == FOUR_EYES and context.user.user_id in query.taking_part
    with st.container(horizontal=True):
        for step, (label, icon) in ACTIONS.items():
            if not is_allowed(step, state=query.last.state, finding=query.last.finding):
                continue
            if query.is_of_withdrawn and step is not Step.COMMENTED:
                continue
            if step in query_save.CLOSING and not may_close:
                continue
            st.button(
                label,
                icon=icon,
                key=f"{form}.{step.value}",
                disabled=needs_other and step in ENDING,
                help=OTHER_PERSON if needs_other and step in ENDING else None,
                on_click=query_save.go_on,
                args=(query, step, scope, cut),
            )
    if needs_other:
        st.caption(OTHER_PERSON)
    if may_close and is_allowed(Step.ASSIGNED, state=query.last.state, finding=query.last.finding):
        _assign(context, query, form=form)


def _assign(context: PageContext, query: Query, *, form: str) -> None:
    """Who is to answer instead; the reason stands in the field above."""
    if query.is_of_withdrawn:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Give it to",
            addressees(context, query),
            index=None,
            placeholder="somebody else",
            format_func=lambda one: addressee_words(one.kind, one.name) or "Site",
            width=260,
            key=state.form_key(form, query_save.WHOM),
        )
        st.button(
            "Re-assign",
            icon=":material/forward_to_inbox:",
            key=f"{form}.{Step.ASSIGNED.value}",
            help="Write the reason above",
            on_click=query_save.go_on,
            args=(query, Step.ASSIGNED, query_data.scope_of(context), query_data.cut_of(context.snapshot)),
        )


def _record(context: PageContext, query: Query) -> None:
    """The row as it was when somebody asked, and the record behind it in the data cut shown."""
    if not context.may(Permission.PATIENT):
        st.caption("Records are shown to people who may open patients.")
        return
    values = query.row_values or {}
    if query.column_name in values:
        asked = values[query.column_name]
        st.markdown(f"**When asked** · {plain(query.column_name)}: {plain(asked or 'empty')}")
    if not query.table_name:
        st.caption("This query is about a whole check; the page Data lists its data issues.")
        return
    source = source_of(context.reader, query.table_name, query.row_key)
    if source is None:
        st.caption(NOT_LOADED)
        where = f"{query.source_file}, row {query.source_row}" if query.source_file else NOTHING
        st.caption(f"When asked it came from {plain(where)}.")
        return
    as_received(context, *source, concerns=query.patient_id)
