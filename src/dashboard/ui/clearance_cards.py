"""Cards of the clearance page about response, lead time, balance and agreement."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.figures.clearance.balance import BalanceRequest, clearance_balance
from dashboard.figures.clearance.lead import clearance_lead, informative_counts, lead_rows
from dashboard.figures.clearance.more import (
    Agreement,
    agreement_of,
    clearance_agreement,
    clearance_first_draws,
    clearance_tumour_types,
)
from dashboard.figures.clearance.request import ClearanceRequest
from dashboard.figures.clearance.response import (
    clearance_response,
    judged_sentence,
    response_sentences,
)
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.clearance import SUBTOTAL, TOTAL, WITH_CHANGE
from dashboard.tables.clearance_tint import row_shares
from dashboard.tables.formats import format_count
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain
from dashboard.ui.export import Exported
from dashboard.ui.link_state import page_choice

NOT_ONE = (
    "Not applicable here: no patient has both ctDNA detected before treatment and a later sample to compare. "
    "Where everybody stands is counted below."
)
ONE_TYPE = "All pairs are of one tumour type: {}."
SHADE = "Shade: share of the row, in rows of {least} patients or more."
FOUR_CATEGORIES = "four categories are no yes or no"
KAPPA_LOW = "Kappa is low by design where the two differ in frequency; clearance with SD is no error."
# Text stays readable (contrast above 4.5) on the deepest tint in both themes.
MOST_TINT_PERCENT = 55
_TINT = "background-color: color-mix(in srgb, light-dark(#1F5FA6, #6FA8DC) {percent}%, transparent)"
_QUIET = "color: light-dark(#566172, #A7B1BF)"
RESPONSE, LEAD_TIME, BALANCE = "ctDNA change and response", "Lead time", "Balance"
TYPES, FIRST_DRAWS, METHODS = "By tumour type", "No sample before the index treatment", "Method comparison"
# The same whatever change of ctDNA is chosen.
WITHOUT_SCHEME = (FIRST_DRAWS, LEAD_TIME, BALANCE)
ANY_RESULT, COMPARED = "Any ctDNA result", "Compared with response"


@remembered(entries=50)
def _response(reader: Reader, request: ClearanceRequest) -> Figure:
    return clearance_response(reader, request)


@remembered(entries=50)
def _types(reader: Reader, request: ClearanceRequest) -> Figure:
    return clearance_tumour_types(reader, request)


@remembered(entries=50)
def _first_draws(reader: Reader, request: ClearanceRequest) -> Figure | None:
    return clearance_first_draws(reader, request)


@remembered(entries=50)
def _agreement(reader: Reader, request: ClearanceRequest) -> Figure | None:
    return clearance_agreement(reader, request)


@remembered(entries=50)
def _lead(reader: Reader, request: ClearanceRequest) -> tuple[Figure, pd.DataFrame]:
    return clearance_lead(reader, request), lead_rows(reader, request)


@remembered(entries=50)
def _balance(reader: Reader, request: BalanceRequest) -> Figure:
    return clearance_balance(reader, request)


def files(reader: Reader, request: ClearanceRequest, *, balance: BalanceRequest) -> dict[str, Exported]:
    """Every figure of these cards by its title, made when it is asked for."""
    return {
        RESPONSE: partial(_response, reader, request),
        TYPES: partial(_types_file, reader, request),
        FIRST_DRAWS: partial(_first_draws, reader, request),
        METHODS: partial(_agreement, reader, request),
        LEAD_TIME: partial(_lead_figure, reader, request),
        BALANCE: partial(_balance, reader, balance),
    }


def _types_file(reader: Reader, request: ClearanceRequest) -> Figure | None:
    """The tumour types; None where the page shows no table of them."""
    types = _types(reader, request)
    return types if _has_types(types) else None


def _has_types(types: Figure) -> bool:
    return len(types.table) > 1


def _lead_figure(reader: Reader, request: ClearanceRequest) -> Figure:
    return _lead(reader, request)[0]


def sentences_card(rows: pd.DataFrame, request: ClearanceRequest) -> None:
    """The sentences the protocol asks for, then the sum of all patients (A27)."""
    *sentences, everybody = response_sentences(rows, request)
    with st.container(border=True):
        if rows["place"].isin(WITH_CHANGE).any():
            for one in sentences:
                st.markdown(f"**{plain(one)}**")
        else:
            st.info(NOT_ONE)
        st.markdown(plain(everybody))
        st.caption(plain(judged_sentence(rows, request)))


def response_cards(reader: Reader, request: ClearanceRequest, *, rows: pd.DataFrame) -> dict[str, Figure]:
    """The table of every patient, beside it the tumour types; first draws; agreement."""
    figure, types = _response(reader, request), _types(reader, request)
    left, right = st.columns([66, 34], gap="small") if _has_types(types) else (st.container(), None)
    with left.container(border=True):
        st.header(RESPONSE, anchor=False)
        bold = [place for place, name in enumerate(figure.table.iloc[:, 0]) if name in (SUBTOTAL, TOTAL)]
        shares = row_shares(
            figure.table, categories=request.scheme.categories.values(), least=request.least_compared
        )
        show_table(figure.table, alt=figure.alt, bold=bold, shares=shares)
        one_type = ONE_TYPE.format(types.table["Tumour type"].iloc[0]) if len(types.table) == 1 else ""
        shade = SHADE.format(least=request.least_compared) if shares.any(axis=None) else ""
        st.caption(plain(" ".join(part for part in (figure.caption, shade, one_type) if part)))
        how_made(figure)
    if right is not None:
        with right.container(border=True):
            good = "No evidence of disease" if request.is_post_local else "CR or PR"
            st.header(f"{good} by tumour type", anchor=False)
            show_table(types.table, alt=types.alt)
            st.caption(types.caption)
            how_made(types)
    first_draw_card(_first_draws(reader, request))
    agreement_box(_agreement(reader, request), request, rows=rows)
    return {RESPONSE: figure}


def first_draw_card(figure: Figure | None) -> None:
    """Patients without a pre-treatment sample, as their own block (A2)."""
    if figure is None:
        return
    with st.container(border=True):
        st.header(FIRST_DRAWS, anchor=False)
        st.markdown(plain(figure.caption))
        show_table(figure.table, alt=figure.alt)
        how_made(figure)


def lead_card(reader: Reader, request: ClearanceRequest) -> dict[str, Figure]:
    """Which came first; the days drawn where enough patients are assessable."""
    figure, rows = _lead(reader, request)
    with st.container(border=True):
        st.header("Lead time: ctDNA or imaging first", anchor=False)
        st.markdown(plain(figure.caption))
        if request.is_low_shedding:
            found = informative_counts(rows)
            st.markdown(
                f"Before local therapy: detected (informative) **{found.detected}** of {len(rows)}, not "
                f"detected (not informative) **{found.not_detected}**, not sampled **{found.not_sampled}**."
            )
        if figure.spec:
            draw_figure(figure, key="clearance.lead")
        show_table(figure.table, alt="Categories of lead time", bold=[-1])
        how_made(figure)
    return {LEAD_TIME: figure}


def balance_card(reader: Reader, request: BalanceRequest) -> dict[str, Figure]:
    """Standardised differences of patients with ctDNA and without; which count as with is chosen here."""
    with st.container(border=True):
        st.header("Are patients with ctDNA like those without?", anchor=False)
        chosen = st.segmented_control(
            "Patients with ctDNA",
            [ANY_RESULT, COMPARED],
            key=page_choice("Patients with ctDNA", [ANY_RESULT, COMPARED], default=ANY_RESULT),
            required=True,
            label_visibility="collapsed",
        )
        figure = _balance(reader, replace(request, is_paired=chosen == COMPARED))
        st.markdown(plain(figure.caption))
        if figure.spec:
            draw_figure(figure, key="clearance.balance")
            with st.expander("Table"):
                show_table(figure.table, alt=figure.alt)
        how_made(figure)
    return {BALANCE: figure}


def agreement_box(figure: Figure | None, request: ClearanceRequest, *, rows: pd.DataFrame) -> None:
    """Agreement statistics in a closed box, each with its sentence, without p values (A27)."""
    found = agreement_of(rows, request)
    pairs = format_count(found.n, "pair")
    with st.expander(METHODS):
        if figure is None:
            few = f"{pairs}, fewer than {request.counts_only_below}"
            st.caption(f"Not compared: {few if request.scheme.is_binary else FOUR_CATEGORIES}.")
            return
        show_table(figure.table, alt=figure.alt)
        st.caption(f"{_kappa_words(found)} {pairs} with evaluable response. {KAPPA_LOW}")
        how_made(figure)


def _kappa_words(found: Agreement) -> str:
    kappa = found.kappa
    if kappa is None or kappa.estimate is None or kappa.lower is None or kappa.upper is None:
        return "Cohen's kappa cannot be given."
    return f"Cohen's kappa {kappa.estimate:.2f} ({kappa.lower:.2f} to {kappa.upper:.2f})."


def show_table(
    table: pd.DataFrame, *, alt: str, bold: Sequence[int] = (), shares: pd.DataFrame | None = None
) -> None:
    """A table of words, numbers included, safe from the signs of Markdown; `shares` tint their cells."""
    safe = table.rename(columns=lambda name: plain(str(name))).map(lambda cell: plain(str(cell)))
    for place in bold:
        safe.iloc[place] = [f"**{cell}**" for cell in safe.iloc[place]]
    shown = safe if shares is None else safe.style.apply(lambda _: _tints(table, shares), axis=None)
    st.table(shown, border="horizontal", hide_index=True, alt=alt)


def _tints(table: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """The style of every cell: the deeper the larger the share, never hiding the number; zeros quiet."""
    css = shares.map(lambda share: _TINT.format(percent=round(MOST_TINT_PERCENT * share)) if share else "")
    css = css.mask(table == "0", _QUIET)
    return css.set_axis([plain(str(name)) for name in css.columns], axis=1)
