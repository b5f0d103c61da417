"""Page Safety: adverse events under treatment, once per patient and term at the worst grade."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.figures.safety.events import safety_terms, safety_units
from dashboard.figures.safety.request import SafetyRequest, has_safety, safety_request
from dashboard.figures.safety.words import NONE_UNDER_SYSTEMIC, NOT_RECORDED
from dashboard.store.reader import Reader
from dashboard.tables.safety import unit_words
from dashboard.ui import safety_cards as cards
from dashboard.ui.caching import remembered
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission
from dashboard.ui.export import Exported, export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.link_state import page_choice
from dashboard.ui.page_title import page_title
from dashboard.ui.parts import Part, open_part
from dashboard.ui.safety_serious import serious_card
from dashboard.ui.style import page_theme

TITLE = "Safety"
NOBODY_TREATED = "No patient of this cohort has a recorded dose, so there is nothing to count events of."
NO_EVENT = "No adverse event under treatment is recorded for these patients."
SCOPES = ("ALL", "LOCAL", "LINE", "DRUG")
# A study that starts with local treatment asks for its toxicity first.
OPENS_ON = {"local_therapy": "LOCAL"}
BY_TERM, BY_CLASS = "By frequency", "By organ class"


@remembered(entries=50)
def _units(reader: Reader, request: SafetyRequest) -> pd.DataFrame:
    return safety_units(reader, request)


@remembered(entries=50)
def _terms(reader: Reader, request: SafetyRequest) -> Any:
    return safety_terms(reader, request)


def show(context: PageContext) -> None:
    """Filter, what to count, key figures; events, sides, laboratory and serious events in parts; export."""
    context.require_data(TITLE)
    reader = page_title(context, TITLE)
    if not has_safety(reader):
        st.info(OLD_DATA_CUT)
        return
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    base = replace(safety_request(context.study, cohort=cohort, cohort_line=line), theme=page_theme())
    units = _units(reader, base)
    if units.empty:
        st.info(NOBODY_TREATED)
        return
    cards.version_banner(reader, base)
    request = _choices(base, units, opens_on=OPENS_ON.get(context.study.about.index_origin, "ALL"))
    figure = _terms(reader, request)
    n, is_known = _treated(units, request)
    cards.key_figures(figure.rows, n_treated=n, request=request, is_known=is_known)
    offered: dict[str, Part] = {}
    if figure.rows.empty:
        silent = NONE_UNDER_SYSTEMIC if cards.is_silent(units, request.scope) else NOT_RECORDED
        st.info(NO_EVENT if is_known else silent)
    else:
        limit = request.counts_only_below
        offered["Events"] = partial(cards.terms_cards, figure, counts_only_below=limit, drug=request.drug)
        if cards.has_sides(units):
            offered["By drug and by line"] = partial(cards.unit_card, reader, base, units)
    offered["Laboratory values"] = partial(cards.laboratory_card, reader, request)
    if context.may(Permission.PATIENT):
        limited = reader != context.reader
        offered["Serious events"] = partial(serious_card, context, base, is_limited=limited)
    drawn = open_part(offered, key="safety.part")
    if not context.may(Permission.PATIENT):
        st.caption("Single patients are not shown to your role.")
    if context.may(Permission.EXPORT) and not figure.rows.empty:
        export_row(context, _named({cards.EVENTS: figure, **drawn}, request=request), what="safety")


def _named(files: Mapping[str, Exported], *, request: SafetyRequest) -> dict[str, Exported]:
    """The files by their titles with what events are counted under, which drugs or lines by side are not."""
    counted = unit_words(request.scope, request.unit)
    of_unit = (cards.EVENTS, cards.LABORATORY)
    return {f"{title}, {counted}" if title in of_unit else title: one for title, one in files.items()}


def _choices(base: SafetyRequest, units: pd.DataFrame, *, opens_on: str) -> SafetyRequest:
    """What to count and how to order the table."""
    names = unit_names(units, opens_on=opens_on)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = page_choice("Count events under", list(names), default=next(iter(names)))
        chosen = st.selectbox("Count events under", list(names), key=key, width=320)
        key = page_choice("Table", [BY_TERM, BY_CLASS], default=BY_TERM)
        order_by = st.segmented_control("Table", [BY_TERM, BY_CLASS], key=key, required=True)
    scope, unit = names[chosen]
    return replace(base, scope=scope, unit=unit, by_class=order_by == BY_CLASS)


def unit_names(units: pd.DataFrame, *, opens_on: str) -> dict[str, tuple[str, str]]:
    """Words of every way of counting, to its scope and unit; what the study starts with comes first."""
    order = {scope: place for place, scope in enumerate(SCOPES)} | {opens_on: -1}
    rows = sorted(units.to_dict("records"), key=lambda row: order[row["scope"]])
    return {
        f"{unit_words(row['scope'], row['unit'])} (n = {row['n']})": (row["scope"], row["unit"])
        for row in rows
    }


def _treated(units: pd.DataFrame, request: SafetyRequest) -> tuple[int, bool]:
    """Patients treated, and whether an event of anybody is recorded under what is counted."""
    own = units[(units["scope"] == request.scope) & (units["unit"] == request.unit)]
    return int(own["n"].iloc[0]), bool(own["is_recorded"].iloc[0])
