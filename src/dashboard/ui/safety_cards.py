"""Cards of the safety page."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.safety.events import safety_by_unit, safety_laboratory, safety_summary, safety_versions
from dashboard.figures.safety.request import SafetyRequest
from dashboard.store.reader import Reader
from dashboard.tables.formats import NOTHING
from dashboard.tables.shares import count_words
from dashboard.ui.caching import remembered
from dashboard.ui.cards import NO_BREAK, draw_figure, how_made, plain
from dashboard.ui.link_state import page_choice

# The drug is the one chosen above; its name has no room here.
RELATED_HERE = "Related, this drug"
EVENTS, LABORATORY = "adverse events", "laboratory values"
SCOPES = {"Drug": "DRUG", "Line": "LINE"}


def is_silent(units: pd.DataFrame, scope: str) -> bool:
    """Whether no event of anybody is recorded under any line, or any drug, of `units`."""
    return scope in SCOPES.values() and not bool(units[units["scope"] == scope]["is_recorded"].any())


@remembered(entries=50)
def _by_unit(reader: Reader, request: SafetyRequest) -> Figure:
    return safety_by_unit(reader, request)


@remembered(entries=50)
def _laboratory(reader: Reader, request: SafetyRequest) -> Figure:
    return safety_laboratory(reader, request)


@remembered(entries=50)
def _versions(reader: Reader, request: SafetyRequest) -> str:
    return safety_versions(reader, request)


def version_banner(reader: Reader, request: SafetyRequest) -> None:
    """A warning where reports are graded by several versions of CTCAE."""
    words = _versions(reader, request)
    if words:
        st.warning(words, icon=":material/rule:")


def key_figures(counts: pd.DataFrame, *, n_treated: int, request: SafetyRequest, is_known: bool) -> None:
    """Patients treated, and how many had any event, grade 3 or more, serious, grade 5, related.

    Under one drug: related to it, and to any study drug beside it.
    Where it is not known whether events were collected (`is_known`), a dash stands for each count of them.
    """
    found = counts[counts["level"] == "ANY"].to_dict("records")
    row: dict[Any, Any] = found[0] if found else {}
    figures = (
        ("Any adverse event", "n_any"),
        ("Grade ≥ 3", "n_from_3"),
        ("Serious", "n_serious"),
        ("Grade 5", "n_grade_5"),
        *([(RELATED_HERE, "n_related")] if request.drug else []),
        ("Related (ADR)", "n_adr"),
    )
    columns = st.columns(1 + len(figures), gap="xsmall" if request.drug else "small")
    treated = "local treatment" if request.scope == "LOCAL" else "at least one dose"
    columns[0].metric("Treated", n_treated, treated, delta_color="off", delta_arrow="off", border=True)
    for column, (label, name) in zip(columns[1:], figures, strict=True):
        n = int(row.get(name, 0))
        share = count_words(n, n=n_treated, counts_only_below=request.counts_only_below).partition(" ")[2]
        note = f"of {n_treated} {share}".strip()
        shown, note = (n, note) if is_known else (NOTHING, "not known")
        column.metric(label, shown, note, delta_color="off", delta_arrow="off", border=True)


def terms_cards(figure: Figure, *, counts_only_below: int, drug: str) -> dict[str, Figure]:
    """Drawing and worst grades side by side, below them the table of all terms; the figure by its title."""
    worst, relation = safety_summary(figure.rows, counts_only_below=counts_only_below, drug=drug)
    left, right = st.columns([64, 36], gap="small")
    with left.container(border=True):
        st.header("Most frequent adverse events", anchor=False)
        draw_figure(figure, key="safety.chart")
        words = "Each patient once per term, at the worst grade. What CTCAE does not grade is hollow."
        st.caption(f"{words} Related: to {drug}." if drug else words)
    with right.container(border=True):
        st.header("Worst grade of each patient", anchor=False)
        _wrapped(worst, alt="Worst grade of each patient")
        _wrapped(relation, alt="Relation and seriousness")
    with st.container(border=True):
        st.header("Adverse events under treatment", anchor=False)
        _wrapped(figure.table, alt=figure.alt)
        st.caption(figure.caption)
        how_made(figure)
    return {EVENTS: figure}


def has_sides(units: pd.DataFrame) -> bool:
    """Whether a drug or a line was given to anybody."""
    return bool(units["scope"].isin(list(SCOPES.values())).any())


def unit_card(reader: Reader, request: SafetyRequest, units: pd.DataFrame) -> dict[str, Figure]:
    """Drugs or lines side by side; the figure by its title."""
    offered = [name for name, scope in SCOPES.items() if (units["scope"] == scope).any()]
    with st.container(border=True):
        st.header("By drug and by line", anchor=False)
        chosen = offered[0]
        shown = [name for name in offered if not is_silent(units, SCOPES[name])]
        if shown:
            key = page_choice("Side by side", shown, default=shown[0])
            chosen = str(
                st.segmented_control(
                    "Side by side", shown, key=key, required=True, label_visibility="collapsed"
                )
            )
        figure = _by_unit(reader, replace(request, scope=SCOPES[chosen], unit="side by side"))
        if figure.table.empty:
            st.markdown(figure.caption)
            return {}
        _wrapped(figure.table, alt="Adverse events by drug or line")
        st.caption(
            "Any grade · grade ≥ 3. Patients with at least one dose; drugs given at the same time count the "
            "same events, and the groups were not assigned by chance. " + figure.caption
        )
        how_made(figure)
    return {f"by {chosen.lower()}": figure}


def laboratory_card(reader: Reader, request: SafetyRequest) -> dict[str, Figure]:
    """Grades from laboratory values beside reported events; the figure by its title."""
    with st.container(border=True):
        st.header("Laboratory values beside reported events", anchor=False)
        figure = _laboratory(reader, request)
        if figure.table.empty:
            st.markdown("No laboratory value with a limit of normal is recorded under this treatment.")
            return {}
        _wrapped(figure.table, alt="Grades from laboratory values")
        st.caption(figure.caption)
        how_made(figure)
    return {LABORATORY: figure}


def _wrapped(table: pd.DataFrame, *, alt: str) -> None:
    """A table whose headings wrap, so that no column is cut; no count is broken from its per cent."""
    safe = table.rename(columns=plain).map(lambda cell: plain(str(cell)))
    numbers = [column for column in safe.columns[1:] if column != "Organ class"]
    safe[numbers] = safe[numbers].map(_in_one_piece)
    st.table(safe, border="horizontal", hide_index=True, alt=alt)


def _in_one_piece(cell: str) -> str:
    """Two counts may stand on two lines, one count with its per cent may not."""
    return " · ".join(part.replace(" ", NO_BREAK) for part in cell.split(" · "))
