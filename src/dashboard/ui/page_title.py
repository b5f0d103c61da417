"""Title row of the cohort and conduct pages: study, data cut and the sites counted."""

import streamlit as st

from dashboard.store.reader import Reader
from dashboard.tables.formats import format_date
from dashboard.ui.context import PageContext
from dashboard.ui.filters import counted_reader


def page_title(context: PageContext, title: str, *, question: str = "") -> Reader:
    """Title row, under it the question of the page, study, data cut and sites; gives the reader to count.

    That reader has all sites by right and choice, else the user's.
    """
    st.title(title, anchor=False)
    place = st.empty()
    reader = counted_reader(context)
    cut = format_date(context.snapshot.cut_off)
    asked = f"{question}  \n" if question else ""
    place.caption(f"{asked}{context.study.title} · data cut of {cut} · {sites_counted(reader)}")
    return reader


def sites_counted(reader: Reader) -> str:
    """Which sites a reader counts, for instance "your sites: S01, S02"."""
    return "all sites" if reader.sites is None else f"your sites: {', '.join(reader.sites) or 'none'}"
