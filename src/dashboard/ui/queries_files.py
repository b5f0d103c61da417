"""Export of the queries shown: the list, and the layouts for REDCap and OpenClinica."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.figures.figure import footer_of
from dashboard.tables.query_files import list_csv, openclinica_csv, redcap_csv
from dashboard.ui import query_data
from dashboard.ui.context import PageContext

LAYOUTS = {
    "list": "List, every column",
    "redcap": "REDCap (Data Quality API module)",
    "openclinica": "OpenClinica (to type in)",
}
NOTES = {
    "list": "The queries as filtered above.",
    "redcap": "Queries about a patient that wait for an answer. Put the project's own field names and the "
    "user names in before the import.",
    "openclinica": "Queries about a patient, in OpenClinica's words. It has no import of discrepancy notes.",
}


def show(context: PageContext, rows: Sequence[Mapping[str, Any]]) -> None:
    """Layout to choose and the file, offered once the audit trail has it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layout = st.selectbox(
            "File", list(LAYOUTS), format_func=lambda one: LAYOUTS[one], width=280, key="queries.layout"
        )
        if st.button("Export", icon=":material/download:", key="queries.export"):
            context.record_export("queries", layout=layout, n_queries=len(rows))
            name = f"{context.study.study_id}-queries-{layout}-{context.snapshot.cut_off.isoformat()}.csv"
            text = _text(context, layout, rows)
            st.download_button("Save CSV file", text, file_name=name, mime="text/csv", on_click="ignore")
    st.caption(f"{NOTES[layout]} Each export is recorded.")


def _text(context: PageContext, layout: str, rows: Sequence[Mapping[str, Any]]) -> str:
    if layout == "redcap":
        return redcap_csv(rows)
    if layout == "openclinica":
        return openclinica_csv(rows)
    return list_csv(rows, today=query_data.today(), provenance=footer_of(context.snapshot))
