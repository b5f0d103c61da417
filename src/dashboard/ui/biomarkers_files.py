"""Export of the biomarker page: numbers as CSV, drawings as pictures; recorded before it is offered."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_png
from dashboard.tables.csv_file import csv_text
from dashboard.ui.context import PageContext

PICTURE_WIDTH_PX = 1000


def export_row(context: PageContext, figures: Mapping[str, Figure]) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            footer = next(iter(figures.values())).footer
            context.record_export("biomarkers", tables=list(figures), footer=footer)
            _files(context, figures)
        st.caption("Numbers and drawings with study, data cut, snapshot and cohort; each export is recorded.")


def _files(context: PageContext, figures: Mapping[str, Figure]) -> None:
    stem = f"{context.study.study_id}-biomarkers-{context.snapshot.cut_off.isoformat()}"
    for number, (title, figure) in enumerate(figures.items(), start=1):
        text = csv_text(figure.rows, provenance=figure.footer)
        st.download_button(
            f"Save {title} as CSV",
            text,
            file_name=f"{stem}-{number}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        if figure.spec:
            drawn = replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX})
            st.download_button(
                f"Save {title} as PNG",
                figure_png(drawn),
                file_name=f"{stem}-{number}.png",
                mime="image/png",
                on_click="ignore",
            )
