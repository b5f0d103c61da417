"""Cards of the pages: a figure with its words, and the header strip."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.figures.figure import Figure
from dashboard.figures.making import how_to_make
from dashboard.tables.header_strip import Cell, Line
from dashboard.tables.overview_baseline import Variable
from dashboard.ui.link_state import page_choice

# Of a table cell: mean width of a character, room around the words, narrowest and widest column.
CHARACTER_PX, CELL_PADDING_PX, LEAST_COLUMN_PX, MOST_COLUMN_PX = 6.7, 24, 70, 420
NO_BREAK = "\N{NO-BREAK SPACE}"
HOW_MADE = "How was this made?"
NO_CURVE = "No curve: every group has too few patients. The counts stand here."
ROWS = "The rows behind it, by query:"
FILE = "The file of its numbers, from a copy of the data cut:"
HARMLESS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#$~|:"})
CELL_WIDTHS = (1.3, 1.4, 0.95, 1.15, 1.75, 1.1)


def figure_card(figure: Figure, *, key: str, shows_table: bool, shows_method: bool = True) -> None:
    """The drawing, on demand its table twin in the drawing's place, and how it was made."""
    if shows_table:
        st.dataframe(
            figure.table,
            hide_index=True,
            height=640,
            key=f"{key}.table",
            alt=figure.alt,
            column_config=text_columns(figure.table),
        )
    else:
        draw_figure(figure, key=f"{key}.chart")
    st.caption(figure.caption)
    if shows_method:
        how_made(figure)


def treatment_caution(group: Variable | None) -> None:
    """The caution above figures by a group that a physician chose; nothing for another group (A42)."""
    if group is not None and group.caution:
        st.warning(plain(group.caution), icon=":material/info:")


def table_switch(place: DeltaGenerator, figure: str) -> bool:
    """The switch to the table of a figure of a cohort page, as the session keeps it or a link brings it."""
    key = page_choice(f"{figure}, table", (False, True), default=False)
    return place.toggle("Table", key=key, persist_state="session")


def draw_figure(figure: Figure, *, key: str) -> None:
    """The drawing in the width of its place, in our own colours; a sentence where there is nothing to draw.

    The page describes it as a whole: marks without words would be read out one by one, and of the settings
    of a specification only that of the marks reaches the browser.
    """
    if not figure.spec:
        st.info(NO_CURVE)
        return
    config = figure.spec.get("config", {})
    mark = {**config.get("mark", {}), "aria": False}
    spec = {**figure.spec, "config": {**config, "mark": mark}}
    st.vega_lite_chart(spec=spec, width="stretch", theme=None, key=key, alt=figure.alt)


def how_made(figure: Figure, *, label: str = HOW_MADE, words: str = "") -> None:
    """Method (or other `words`), origin, rules, query of the rows and Python of the file, in a closed box."""
    with st.expander(label):
        st.markdown(plain(words or figure.method))
        st.caption(plain(" · ".join(part for part in (figure.footer, figure.rules) if part)))
        if figure.code:
            st.caption(ROWS)
            st.code(figure.code, language="python")
        how = how_to_make(figure)
        if how:
            st.caption(FILE)
            st.code(how, language="python")


def text_columns(table: pd.DataFrame) -> dict[str, Any]:
    """Columns of words as wide as their longest word asks for, so that none is cut."""
    return {
        str(name): st.column_config.TextColumn(width=column_px([str(name), *map(str, table[name])]))
        for name in table.columns
        if not pd.api.types.is_numeric_dtype(table[name])
    }


def column_px(words: Iterable[str]) -> int:
    """Width of a column in pixels that shows these words, within what a screen allows."""
    longest = max((len(word) for word in words), default=0)
    return min(max(LEAST_COLUMN_PX, round(longest * CHARACTER_PX) + CELL_PADDING_PX), MOST_COLUMN_PX)


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
    return text.translate(HARMLESS)
