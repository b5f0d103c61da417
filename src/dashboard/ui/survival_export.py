"""Export of the survival page: drawn points, numbers and pictures, each with its origin; all recorded."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.survival_numbers import numbers_file
from dashboard.figures.survival_request import SurvivalRequest, followed, survival_rows
from dashboard.report.figure_files import figure_csv, figure_png, figure_svg
from dashboard.store.reader import Reader
from dashboard.tables.csv_file import csv_text
from dashboard.ui.context import PageContext

PICTURE_WIDTH_PX = 900


def export_row(
    context: PageContext, figures: Mapping[str, Figure], *, reader: Reader, request: SurvivalRequest
) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:"):
            footer = request.footer(reader)
            context.record_export("survival", endpoint=request.endpoint.endpoint_id, footer=footer)
            _files(context, figures)
            numbers = numbers_file(
                followed(survival_rows(reader, request), group=request.group), request=request
            )
            _save(
                "Save numbers as CSV", csv_text(numbers, provenance=footer).encode(), f"{_stem(context)}.csv"
            )
        st.caption("Curves, numbers and pictures, with study, data cut, snapshot and cohort; it is recorded.")


def _stem(context: PageContext) -> str:
    return f"{context.study.study_id}-survival-{context.snapshot.cut_off.isoformat()}"


def _files(context: PageContext, figures: Mapping[str, Figure]) -> None:
    for number, (title, figure) in enumerate(figures.items(), start=1):
        name = f"{_stem(context)}-{number}"
        drawn = replace(figure, spec={**figure.spec, "width": PICTURE_WIDTH_PX})
        _save(f"Save {title} as CSV", figure_csv(figure), f"{name}.csv")
        _save(f"Save {title} as PNG", figure_png(drawn), f"{name}.png")
        _save(f"Save {title} as SVG", figure_svg(drawn), f"{name}.svg")


def _save(label: str, content: bytes, name: str) -> None:
    kinds = {"csv": "text/csv", "png": "image/png", "svg": "image/svg+xml"}
    mime = kinds[name.rpartition(".")[2]]
    st.download_button(label, content, file_name=name, mime=mime, on_click="ignore")
