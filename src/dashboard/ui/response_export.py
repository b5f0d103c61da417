"""Export of the response page: its tables as one text file, the drawing shown as picture; all recorded."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_png, figure_svg
from dashboard.tables.overview_export import export_text
from dashboard.ui.context import PageContext

# Wide enough for 40 rows of a swimmer beside their ids.
PICTURE_WIDTH_PX = 1000


def export_row(context: PageContext, figures: Mapping[str, Figure]) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            context.record_export(
                "response", tables=list(figures), footer=next(iter(figures.values())).footer
            )
            _files(context, figures)
        st.caption("Tables and the drawing shown, with study, data cut and cohort; it is recorded.")


def _files(context: PageContext, figures: Mapping[str, Figure]) -> None:
    stem = f"{context.study.study_id}-response-{context.snapshot.cut_off.isoformat()}"
    tables = {title: figure.table for title, figure in figures.items()}
    text = export_text(tables, footer=next(iter(figures.values())).footer)
    st.download_button("Save CSV file", text, file_name=f"{stem}.csv", mime="text/csv", on_click="ignore")
    for title, figure in figures.items():
        if figure.spec:
            drawn = replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX})
            name = f"{stem}-{title.lower()}"
            st.download_button(
                f"Save {title.lower()} as PNG",
                figure_png(drawn),
                file_name=f"{name}.png",
                mime="image/png",
                on_click="ignore",
            )
            st.download_button(
                f"Save {title.lower()} as SVG",
                figure_svg(drawn),
                file_name=f"{name}.svg",
                mime="image/svg+xml",
                on_click="ignore",
            )
