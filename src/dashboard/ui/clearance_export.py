"""Export of the clearance page: numbers as CSV, drawings as pictures; recorded before they are offered."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.figures.clearance_request import ClearanceRequest
from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_png, figure_svg
from dashboard.store.reader import Reader
from dashboard.tables.csv_file import csv_text
from dashboard.ui.context import PageContext

PICTURE_WIDTH_PX = 900


def export_row(
    context: PageContext, figures: Mapping[str, Figure], *, reader: Reader, request: ClearanceRequest
) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            footer = request.footer(reader)
            context.record_export("clearance", figures=list(figures), footer=footer)
            _files(context, figures)
        st.caption("Numbers and drawings with study, data cut, snapshot and cohort; each export is recorded.")


def _files(context: PageContext, figures: Mapping[str, Figure]) -> None:
    stem = f"{context.study.study_id}-clearance-{context.snapshot.cut_off.isoformat()}"
    for number, (title, figure) in enumerate(figures.items(), start=1):
        name = f"{stem}-{number}"
        if len(figure.rows):
            text = csv_text(figure.rows, provenance=figure.footer).encode("utf-8")
            _save(f"Save {title} as CSV", text, f"{name}.csv")
        if figure.spec:
            drawn = replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX})
            _save(f"Save {title} as PNG", figure_png(drawn), f"{name}.png")
            _save(f"Save {title} as SVG", figure_svg(drawn), f"{name}.svg")


def _save(label: str, content: bytes, name: str) -> None:
    kinds = {"csv": "text/csv", "png": "image/png", "svg": "image/svg+xml"}
    mime = kinds[name.rpartition(".")[2]]
    st.download_button(label, content, file_name=name, mime=mime, on_click="ignore")
