"""Export of the safety page: the numbers as CSV, the drawing as picture; recorded before it is offered."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_png
from dashboard.tables.csv_file import csv_text
from dashboard.ui.context import PageContext

PICTURE_WIDTH_PX = 1000


def export_row(context: PageContext, figure: Figure) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            context.record_export("safety", footer=figure.footer)
            _files(context, figure)
        st.caption("Numbers and drawing with study, data cut and cohort; each export is recorded.")


def _files(context: PageContext, figure: Figure) -> None:
    stem = f"{context.study.study_id}-safety-{context.snapshot.cut_off.isoformat()}"
    text = csv_text(figure.rows, provenance=figure.footer, key=["level", "label"])
    st.download_button("Save CSV file", text, file_name=f"{stem}.csv", mime="text/csv", on_click="ignore")
    if figure.spec:
        drawn = replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX})
        st.download_button(
            "Save PNG", figure_png(drawn), file_name=f"{stem}.png", mime="image/png", on_click="ignore"
        )
