"""The table twin of the patient timeline: event, date and result side by side on the narrowest page."""

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.ui import cards

HEIGHT_PX = 640
# Of the 634 px beside the words at a window of 1280 px; longer words are read in the cell or the file.
WIDTHS = {"Event": 262, "Date": 90, "Result": 265}


def show(figure: Figure, *, shows_method: bool) -> None:
    """One row per event drawn; what is read first stands first, every other column behind it."""
    names = [str(name) for name in figure.table.columns]
    first = [name for name in WIDTHS if name in names]
    fixed = {name: st.column_config.TextColumn(width=WIDTHS[name]) for name in first}
    st.dataframe(
        figure.table,
        hide_index=True,
        height=HEIGHT_PX,
        key="timeline.table",
        alt=figure.alt,
        column_order=[*first, *(name for name in names if name not in first)],
        column_config=cards.text_columns(figure.table) | fixed,
    )
    st.caption(figure.caption)
    if shows_method:
        cards.how_made(figure)
