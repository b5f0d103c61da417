"""The button "Raise a query", wherever a datum stands: a data issue, an entry of the timeline, a result."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.rules.request_texts import ENGLISH, LANGUAGES
from dashboard.store.query_facts import row_values, withdrawn_patients
from dashboard.tables.queries import addressee_words, site_name
from dashboard.ui import query_data, query_save, state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.query_question import language_of, question_of
from dashboard.workflow.queries import NewQuery

LONGEST = 4_000
OLD_CUT = "Queries are raised on the current data cut; this is an earlier one."
ASKED = "A query about this data issue was raised or dismissed before: see the page Queries."
WITHDRAWN = "The patient withdrew consent: nothing is asked of the site any more."
WHOLE_CHECK = (
    "This check finds so many patients that it is one question to the administrator about the mapping, "
    "not one to each site: see the page Queries."
)


def on_issue(context: PageContext, line: Mapping[Any, Any]) -> None:
    """The button for one data issue, or why there is none."""
    if not context.may(Permission.QUERIES):
        return
    say_what_was_saved()
    if bool(line["is_systematic"]):
        st.caption(WHOLE_CHECK)
        return
    candidate = _candidate(context, line)
    if candidate is not None:
        on_candidate(context, candidate)


def raise_here(context: PageContext, line: Mapping[Any, Any]) -> None:
    """The form for one data issue as it stands, without a button before it, or why there is none."""
    candidate = _candidate(context, line)
    if candidate is not None:
        _form(context, candidate)


def _candidate(context: PageContext, line: Mapping[Any, Any]) -> Mapping[str, Any] | None:
    """The data issue as something to be asked about; says why where it is not."""
    if _text(line["patient_id"]) in withdrawn_patients(context.reader):
        st.caption(WITHDRAWN)
        return None
    key = {name: _text(line[name]) for name in ("check_id", "table_name", "row_key", "column_name")}
    hashed = query_data.hash_of(key)
    candidates = query_data.candidates_of(context, patient_id=_text(line["patient_id"]) or None)
    candidate = next((one for one in candidates if query_data.hash_of(one) == hashed), None)
    if candidate is None:
        st.caption(ASKED)
    return candidate


def on_candidate(context: PageContext, candidate: Mapping[str, Any]) -> None:
    """The button for a data issue nobody has asked about, and for who may the one that dismisses it."""
    if not query_data.is_serving(context):
        st.caption(OLD_CUT)
        return
    with st.container(horizontal=True):
        with st.popover("Raise a query", icon=":material/contact_support:"):
            _form(context, candidate)
        if context.may(Permission.CLOSE_QUERIES):
            _dismiss(_asker(context, candidate), form=_form_of(candidate), context=context)


def _form_of(candidate: Mapping[str, Any]) -> str:
    return f"raise.{query_data.hash_of(candidate)[:16]}"


def _asker(context: PageContext, candidate: Mapping[str, Any]) -> query_save.Asked:
    def asked() -> Sequence[NewQuery]:
        return [query_data.as_new_query(context, candidate)]

    return asked


def _form(context: PageContext, candidate: Mapping[str, Any]) -> None:
    """Whom the query goes to, the question, and the button that raises it."""
    form = _form_of(candidate)
    _to_whom(context, candidate)
    words = question_area(context, form, candidate, site_id=candidate["site_id"])
    _raise_button(context, form, asked=_asker(context, candidate), words=words)


def _raise_button(context: PageContext, form: str, *, asked: query_save.Asked, words: str) -> None:
    st.button(
        "Raise",
        type="primary",
        key=f"{form}.raise",
        disabled=not words.strip(),
        on_click=query_save.raise_queries,
        args=(asked, query_data.cut_of(context.snapshot), form),
    )


def _dismiss(asked: query_save.Asked, *, form: str, context: PageContext) -> None:
    own = f"{form}.dismiss"
    with st.popover("No query needed", icon=":material/do_not_disturb_on:"):
        st.text_area("Why no query is needed", max_chars=LONGEST, key=state.form_key(own, query_save.WORDS))
        st.button(
            "Dismiss",
            key=f"{own}.button",
            on_click=query_save.dismiss,
            args=(asked, query_data.cut_of(context.snapshot), own),
        )


def on_datum(context: PageContext, row: Mapping[str, Any], *, key: str) -> None:
    """The button for a row that no check complained about.

    `row` names table_name, row_key and patient_id, and says in `title` and `found` what it is.
    """
    if not context.may(Permission.QUERIES):
        return
    if not query_data.is_serving(context):
        st.caption(OLD_CUT)
        return
    if row["patient_id"] in withdrawn_patients(context.reader):
        st.caption(WITHDRAWN)
        return
    values = row_values(context.reader, str(row["table_name"]), str(row["row_key"]))
    if values is None:
        st.caption("The row behind it is not in this data cut.")
        return
    with st.popover("Raise a query", icon=":material/contact_support:"):
        _datum_form(context, row, values=values, key=key)


def _datum_form(
    context: PageContext, row: Mapping[str, Any], *, values: Mapping[str, str | None], key: str
) -> None:
    """Which value of the row it is about, then as for a data issue."""
    digest = hashlib.sha256(f"{row['table_name']}\0{row['row_key']}".encode()).hexdigest()[:16]
    form = f"raise.{key}.{digest}"
    st.markdown(f"**{plain(str(row['found']))}**")
    filled = [name for name, value in values.items() if name != "row_key" and value is not None]
    empty = [name for name, value in values.items() if value is None]
    column = st.selectbox(
        "About",
        ["", *filled, *empty],
        format_func=lambda name: _column_words(name, values),
        key=state.form_key(form, "column"),
    )

    def asked() -> Sequence[NewQuery]:
        return [query_data.datum_query(context, {**row, "column_name": column or ""})]

    site_id = query_data.site_of(context, row["patient_id"])
    _to_whom(context, {"site_id": site_id})
    words = question_area(context, form, row, site_id=site_id)
    _raise_button(context, form, asked=asked, words=words)


def _column_words(name: str, values: Mapping[str, str | None]) -> str:
    if not name:
        return "the whole row"
    return f"{name.replace('_', ' ')}: {values[name] or 'empty'}"


def question_area(context: PageContext, form: str, row: Mapping[str, Any], *, site_id: str | None) -> str:
    """The field for the question, with what was found and what is asked for in it."""
    language = language_of(context, site_id)
    asked = question_of(context, row, language=language)
    question = st.text_area(
        f"Question to the {addressee_words(row.get('asked_of') or '').lower() or 'site'}",
        value=asked.text,
        max_chars=LONGEST,
        height=150,
        key=state.form_key(form, query_save.WORDS),
    )
    if asked.language != ENGLISH:
        in_english = plain(question_of(context, row, language=ENGLISH).text)
        st.caption(f"{LANGUAGES[asked.language]}, the language of the site. In English: {in_english}")
    elif language != ENGLISH:
        st.caption(f"In English: there is no {LANGUAGES[language]} text for this question.")
    return question


def _to_whom(context: PageContext, row: Mapping[str, Any]) -> None:
    site_id = row.get("site_id")
    if row.get("is_systematic"):
        st.markdown("To the **administrator**: one query for the whole check.")
    elif row.get("asked_of"):
        st.markdown(f"To the **{addressee_words(row['asked_of']).lower()}**, not to the site.")
    elif site_id:
        st.markdown(f"To **{plain(site_name(site_id, query_data.site_names(context)))}**.")
    else:
        st.markdown("The site is not known.")


def say_what_was_saved() -> None:
    """What the last button said."""
    said = state.take_said()
    if said is None:
        return
    text, is_problem = said
    if is_problem:
        st.error(text)
    else:
        st.success(text)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
