"""Study rules: the study definition with its questions to the PI, the rules in words, the checks."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.figures.survival.words import MILESTONE_WORDS
from dashboard.quality.run import catalogue
from dashboard.rules import outline, rules
from dashboard.studies.schema import Study
from dashboard.tables.overview_words import SEVERITIES
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.ui.overview_cards import question_text

PARTS = {
    "protocol": "Protocol and choices",
    "rules": "How results are derived",
    "checks": "Checks of the data",
}
CHOICES = {
    "ctdna": "ctDNA",
    "response": "Imaging response",
    "lines": "Lines of therapy",
    "follow_up": "Follow-up",
    "local_therapy": "Local therapy",
    "safety": "Adverse events",
    "conduct": "Queries and indicators of sites",
    "display": "When figures hold back",
}
PLANNED = {"label": "Item", "kind": "Kind", "anchor": "Counted from", "note": "Note"}
ENDPOINTS = {"endpoint_id": "Endpoint", "label": "Meaning", "per": "Per"}
REPORTED = {"endpoint_id": "Endpoint", "label": "Meaning", "day_zero": "Day 0", "event": "Event"}
CRITERIA = {"criterion": "Criterion", "label": "Meaning", "kind": "Kind", "status": "Status"}
KINDS = {"ctdna": "blood draw for ctDNA", "needs_ruling": "needs a ruling by the PI"}
GROUPS = {
    "ctdna": "ctDNA",
    "response": "Imaging response",
    "treatment": "Treatment and lines of therapy",
    "outcome": "Time to event",
    "safety": "Adverse events",
    "study": "Eligibility, and when figures hold back",
}
LEFT_OUT = {
    "none": "nothing",
    "row": "the row",
    "value": "the value",
    "date": "the date, and a row that stands on it",
}


def show(context: PageContext) -> None:
    """The definition of the chosen study, read from its study.toml, and the rules in words."""
    study = context.study
    st.title("Study rules", anchor=False)
    dates = "calendar dates" if study.calendar == "calendar" else "days from each patient's day 0"
    st.caption(f"{study.title} · {dates} · from the definition of the study")
    part = st.segmented_control(
        "Part",
        list(PARTS),
        default="protocol",
        required=True,
        format_func=lambda one: PARTS[one],
        label_visibility="collapsed",
    )
    if part == "rules":
        _show_rules()
    elif part == "checks":
        _show_checks()
    else:
        _show_protocol(study)


def _show_protocol(study: Study) -> None:
    definition = study.model_dump(mode="json")
    _show_questions(study)
    _show_list("Endpoints", definition["endpoints"], columns=ENDPOINTS)
    if definition["reported_endpoints"]:
        _show_list("Outcomes as reported", definition["reported_endpoints"], columns=REPORTED)
    _show_list("Visit plan", definition["visit_plan"], columns=PLANNED)
    _show_list("Eligibility criteria", definition["criteria"], columns=CRITERIA)
    st.header("Choices in force", anchor=False)
    for field, title in CHOICES.items():
        with st.expander(title):
            _show_choices(definition[field])


def _show_questions(study: Study) -> None:
    waiting = [question for question in study.open_questions if question.status == "open"]
    st.header("Needs a ruling by the PI", anchor=False)
    if not waiting:
        st.markdown("No open question.")
    for question in waiting:
        with st.expander(plain(question.topic)):
            question_text(question, study=study)


def _show_rules() -> None:
    """Every rule sentence by group, with its source; numbers of a patient stand as names in brackets."""
    wanted = st.text_input("Search", placeholder="word in a rule", label_visibility="collapsed", width=320)
    st.caption("‹…› is a number, date or word of the patient. The same sentences stand beside each result.")
    found = [
        (rule.group, outline(code), rule.source, code)
        for code, rule in rules().items()
        if wanted.strip().lower() in f"{outline(code)} {rule.source} {code}".lower()
    ]
    if not found:
        st.markdown(f"No rule contains “{plain(wanted)}”.")
    for group in dict.fromkeys(group for group, *_ in found):
        own = [(words, source, code) for name, words, source, code in found if name == group]
        with st.expander(
            f"{GROUPS.get(group, _words(group).capitalize())}: {len(own)}", expanded=bool(wanted)
        ):
            _show_sentences(own)


def _show_sentences(rows: Sequence[tuple[str, str, str]]) -> None:
    shown = [(plain(words), plain(source), plain(code)) for words, source, code in rows]
    table = pd.DataFrame(shown, columns=["Rule", "Source", "Code"])
    st.table(table, border="horizontal", hide_index=True, alt="Rules in words with their sources")


def _show_checks() -> None:
    """Every check with its severity, why it matters and what it leaves out."""
    rows = [
        (
            plain(one.title),
            SEVERITIES.get(one.severity, one.severity),
            plain(one.why_it_matters),
            LEFT_OUT[one.excludes],
            one.check_id,
        )
        for one in catalogue()
    ]
    columns = ["Check", "Severity", "Why it matters", "Left out until corrected", "Code"]
    st.table(
        pd.DataFrame(rows, columns=columns), border="horizontal", hide_index=True, alt="Checks of the data"
    )
    st.caption("A patient is never left out by a check, only a row or a value.")


def _show_list(title: str, rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str]) -> None:
    st.header(title, anchor=False)
    if not rows:
        st.markdown("None defined in this study.")
        return
    frame = pd.DataFrame(rows)[list(columns)].rename(columns=columns)
    for name, column in columns.items():
        frame[column] = [plain(_said(name, value)) for value in frame[column]]
    # A table wraps its notes; in a grid they would be cut off.
    st.table(frame, border="horizontal", hide_index=True, alt=f"{title} of the study")


def _show_choices(choices: Mapping[str, Any]) -> None:
    rows = [{"Choice": _words(name), "Value": _value(value)} for name, value in choices.items()]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", alt="Choices and their values")


def _said(name: str, value: Any) -> str:
    """A value of the definition in words, by the field it stands in."""
    if value is None:
        return ""
    if name == "anchor":
        return MILESTONE_WORDS.get(value, _words(value))
    return KINDS.get(value, _words(value)) if name in {"kind", "per", "status"} else str(value)


def _words(name: str) -> str:
    return str(name).replace("_", " ")


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    return ", ".join(map(str, value)) if isinstance(value, list) else _words(value)
