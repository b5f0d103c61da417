"""Cards of the completeness page that count: key figures, by item, by site, over data cuts."""

import pandas as pd
import streamlit as st

from dashboard.figures.completeness.matrix import (
    completeness_by_item,
    completeness_by_site,
    completeness_cuts,
)
from dashboard.figures.completeness.request import CompletenessRequest
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.completeness_cells import STATES
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made


@remembered(entries=50)
def counts(reader: Reader, request: CompletenessRequest) -> tuple[Figure, Figure]:
    """By item and by site."""
    return completeness_by_item(reader, request), completeness_by_site(reader, request)


@remembered(entries=50)
def _cuts(readers: tuple[Reader, ...], request: CompletenessRequest) -> Figure:
    return completeness_cuts(readers, request)


def key_figures(rows: pd.DataFrame) -> None:
    """What is expected of all patients together, by state; the first four add up to it."""
    sums = {code: int(rows[f"n_cells_{code.lower()}"].sum()) for code in STATES}
    expected = int(rows["n_expected"].sum())
    notes = {"NOT_DUE": "window not passed", "NOT_EXPECTED": "nothing asked for"}
    columns = st.columns(len(STATES), gap="small")
    for column, (code, name) in zip(columns, STATES.items(), strict=True):
        label = "Reason recorded" if code == "REASON" else name
        note = notes.get(code, f"of {expected} expected")
        column.metric(label, sums[code], note, delta_color="off", delta_arrow="off", border=True)
    st.caption("One patient and one item each: planned draws and scans, records, facts at enrolment.")


def item_card(figure: Figure) -> None:
    """Patients by state, item by item."""
    with st.container(border=True):
        st.header("By item", anchor=False)
        st.dataframe(
            figure.table, hide_index=True, height="content", key="completeness.items", alt=figure.alt
        )
        st.caption(figure.caption)
        how_made(figure)


def site_card(figure: Figure) -> None:
    """Cells by state, site by site."""
    with st.container(border=True):
        st.header("By site", anchor=False)
        st.dataframe(figure.table, hide_index=True, key="completeness.sites", alt=figure.alt)
        st.caption(figure.caption)
        how_made(figure)


def cuts_card(readers: tuple[Reader, ...], request: CompletenessRequest) -> None:
    """Done of expected at each data cut."""
    with st.container(border=True):
        st.header("Over data cuts", anchor=False)
        if len(readers) < 2:
            st.markdown("Not applicable: there is one data cut so far.")
            return
        figure = _cuts(readers, request)
        st.dataframe(figure.table, hide_index=True, height="content", key="completeness.cuts", alt=figure.alt)
        st.caption(figure.caption)
        how_made(figure)
