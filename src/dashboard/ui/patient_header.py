"""The header of the patient page: the strip of cells, and the lines under it."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.patient.header import HeaderRequest, PatientHeader, header_request, patient_header
from dashboard.store.reader import Reader
from dashboard.tables.header_facts import HeaderLine
from dashboard.ui import cards
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext, stop_with


@remembered(entries=500)
def _header(reader: Reader, request: HeaderRequest) -> PatientHeader | None:
    return patient_header(reader, request)


def found(context: PageContext, patient_id: str, *, hides_dates: bool = False) -> PatientHeader | None:
    """The header of one patient as the page shows it; None for an id the user may not see."""
    request = header_request(context.study, patient_id, hides_dates=hides_dates)
    return _header(context.reader, replace(request, stands_alone=True))


def show(context: PageContext, patient_id: str, *, hides_dates: bool) -> None:
    """Cells and lines of one patient; stops the page for an id the user may not see."""
    header = found(context, patient_id, hides_dates=hides_dates)
    if header is None:
        stop_with("This patient is not in this data cut.")
    cards.header_strip(header.cells)
    if header.lines:
        st.markdown("  \n".join(_line(line) for line in header.lines))


def _line(line: HeaderLine) -> str:
    text = cards.plain(line.text)
    return f":gray[{line.label}] {f':orange[{text}]' if line.is_late else text}"
