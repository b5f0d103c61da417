"""Cards of the pages: a figure with its words, and the header strip."""

from collections.abc import Sequence

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.tables.header_strip import Cell, Line

CELL_WIDTHS = (1.4, 1.5, 1.0, 1.15, 1.35, 1.2)


def figure_card(figure: Figure, *, key: str, shows_table: bool, shows_method: bool = True) -> None:
    """The drawing, on demand its table twin in the drawing's place, and how it was made."""
    if shows_table:
        st.dataframe(figure.table, hide_index=True, height=640, key=f"{key}.table", alt=figure.alt)
    else:
        st.vega_lite_chart(spec=figure.spec, width="stretch", theme=None, key=f"{key}.chart", alt=figure.alt)
    st.caption(figure.caption)
    if not shows_method:
        return
    with st.expander("How was this made?"):
        st.markdown(figure.method)
        st.caption(figure.footer)
        st.code(figure.code, language="python")


def header_strip(cells: Sequence[Cell]) -> None:
    """The cells in one bordered row."""
    with st.container(border=True):
        columns = st.columns(CELL_WIDTHS, gap="small")
        for column, cell in zip(columns, cells, strict=True):
            with column, st.container(gap="xxsmall"):
                small = "  \n".join(_line(line) for line in cell.lines)
                st.caption(cell.title)
                st.markdown(f"**{plain(cell.value)}**")
                st.caption(small)


def _line(line: Line) -> str:
    return f":orange[**{plain(line.text)}**]" if line.is_late else plain(line.text)


def plain(text: str) -> str:
    """Text from files with the signs of Markdown made harmless."""
    for sign in "\\`*_[]<>#$~|":
        text = text.replace(sign, f"\\{sign}")
    return text.replace(":", "\\:")
