"""Cards of the completeness page that show single patients: the matrix, and the patients of an item."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.figures.completeness.matrix import completeness_item, completeness_matrix
from dashboard.figures.completeness.request import CompletenessRequest, Order
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.completeness_cells import STATES
from dashboard.ui.caching import remembered
from dashboard.ui.cards import figure_card, how_made
from dashboard.ui.context import PageContext
from dashboard.ui.open_patient import pick_and_open_patient

ORDERS: dict[str, Order] = {"Most missing first": "missing", "By site": "site"}
OPENED_WITH = ["PARTIAL", "MISSING", "REASON"]
OWN_SITES = "Patients of your sites only."
NOBODY = "No patient of this cohort is at your sites."


@remembered(entries=50)
def _matrix(reader: Reader, request: CompletenessRequest) -> Figure:
    return completeness_matrix(reader, request)


@remembered(entries=200)
def _item(reader: Reader, request: CompletenessRequest) -> Figure:
    return completeness_item(reader, request)


def matrix_card(context: PageContext, request: CompletenessRequest, *, is_limited: bool) -> None:
    """Patients by items as a heat map or a table."""
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Patients by items", anchor=False)
        order = head.segmented_control(
            "Order", list(ORDERS), default="Most missing first", required=True, label_visibility="collapsed"
        )
        shows_table = head.toggle("Table", key="completeness.table")
        if is_limited:
            st.caption(OWN_SITES)
        figure = _matrix(context.reader, replace(request, order=ORDERS[order]))
        if not figure.spec:
            st.markdown(NOBODY)
            return
        figure_card(figure, key="completeness.matrix", shows_table=shows_table)


def patients_card(context: PageContext, request: CompletenessRequest, *, items: pd.DataFrame) -> None:
    """Choose an item: its patients with state, reason and the way to each."""
    with st.container(border=True):
        st.header("Patients of an item", anchor=False)
        if context.reader.sites is not None:
            st.caption(OWN_SITES)
        missing = items["n_cells_missing"] + items["n_cells_partial"]
        ordered = items.assign(missing=missing).sort_values("missing", ascending=False, kind="stable")
        names = {
            str(row["item"]): f"{row['label']} ({row['missing']} missing or partial)"
            for row in ordered.to_dict("records")
        }
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = st.selectbox("Item", list(names), format_func=names.__getitem__, width=420)
            states = st.multiselect(
                "States", list(STATES), default=OPENED_WITH, format_func=STATES.__getitem__, width=460
            )
        figure = _item(context.reader, replace(request, item=key, states=tuple(states)))
        st.caption(figure.caption)
        if figure.table.empty:
            st.markdown("No patient in these states.")
            return
        st.dataframe(figure.table, hide_index=True, key="completeness.patients", alt=figure.alt)
        how_made(figure)
        pick_and_open_patient(context.study.study_id, list(figure.table["Patient"]))
