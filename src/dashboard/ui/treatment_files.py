"""Export of the treatment page: tables as CSV, drawings as pictures; recorded before they are offered."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_csv, figure_png
from dashboard.tables.csv_file import csv_text
from dashboard.ui.context import PageContext

PICTURE_WIDTH_PX = 1000
# Of a curve the file has the drawn points: its rows are single patients.
CURVES = frozenset({"curve", "local-control"})


def export_row(context: PageContext, figures: Mapping[str, Figure]) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            context.record_export("treatment", footer=next(iter(figures.values())).footer)
            for name, figure in figures.items():
                _files(context, name, figure)
        st.caption("Numbers and drawings with study, data cut, snapshot and cohort; each export is recorded.")


def _files(context: PageContext, name: str, figure: Figure) -> None:
    stem = f"{context.study.study_id}-treatment-{name}-{context.snapshot.cut_off.isoformat()}"
    title = name.replace("-", " ")
    content = figure_csv(figure) if name in CURVES else _numbers(figure)
    st.download_button(
        f"Save {title} as CSV", content, file_name=f"{stem}.csv", mime="text/csv", on_click="ignore"
    )
    if figure.spec:
        picture = figure_png(replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX}))
        st.download_button(
            f"Save {title} as PNG", picture, file_name=f"{stem}.png", mime="image/png", on_click="ignore"
        )


def _numbers(figure: Figure) -> bytes:
    return csv_text(figure.rows, provenance=figure.footer).encode("utf-8")
