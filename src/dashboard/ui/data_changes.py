"""Part of the page Data: how many records changed since the previous data cut, by table."""

import streamlit as st

from dashboard.model.tables import canonical_tables
from dashboard.store.diff import TableCount, count_by_table, study_changes
from dashboard.store.reader import Reader
from dashboard.tables.change_counts import change_count_table
from dashboard.tables.formats import format_date
from dashboard.ui import installation
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext
from dashboard.ui.patient_changes import previous_cut


@remembered(entries=50)
def _counts(before: Reader, after: Reader) -> tuple[TableCount, ...]:
    return count_by_table(study_changes(before, after))


def show(context: PageContext) -> None:
    """One small table; says so where there is no earlier data cut or nothing changed."""
    st.header("Changes since the previous data cut", anchor=False)
    previous = previous_cut(installation.snapshots(context.study.study_id), shown=context.snapshot)
    if previous is None:
        st.markdown("This is the first data cut of the study: there is nothing to compare with.")
        return
    counts = _counts(context.reader_of(previous), context.reader)
    table = change_count_table(counts, titles={name: one.title for name, one in canonical_tables().items()})
    since = format_date(previous.cut_off)
    if table.empty:
        st.markdown(f"No record changed since the data cut of {since}.")
        return
    alt = f"Records that changed since the data cut of {since}"
    st.dataframe(table, hide_index=True, height="content", alt=alt)
    where = "" if context.reader.sites is None else " at your sites"
    st.caption(
        f"Records{where}, compared with the data cut of {since}. A record that was empty in one place and is "
        "now filled counts as new. How a value is written, its file and its row do not count."
    )
