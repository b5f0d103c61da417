"""Parts of a page behind tabs: only the open one is computed, drawn and sent to the browser."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.ui.export import Exported

Part = Callable[[], Mapping[str, Exported]]


def open_part(offered: Mapping[str, Part], *, key: str) -> Mapping[str, Exported]:
    """A tab for each part by its name; draws the one that is open and gives its figures by title.

    A closed part is not even asked, so that a redraw costs what is on the screen. A single part needs no tab.
    """
    if len(offered) == 1:
        return next(iter(offered.values()))()
    tabs = st.tabs(list(offered), key=key, on_change="rerun")
    for tab, draw in zip(tabs, offered.values(), strict=True):
        if tab.open:
            with tab:
                return draw()
    return {}
