"""Cards of the biomarker page that show counts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.figures.biomarkers.genes import (
    NOT_ASSESSABLE,
    biomarkers_copy_number,
    biomarkers_emergence,
    biomarkers_prevalence,
    biomarkers_tissue,
)
from dashboard.figures.biomarkers.request import BiomarkerRequest
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.biomarkers import MOMENTS
from dashboard.tables.biomarkers_counts import COPY_NUMBER, SEQUENCE
from dashboard.tables.biomarkers_shown import shown_by_gene
from dashboard.ui import biomarkers_names as names
from dashboard.ui.biomarkers_patients import other_origin
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain, table_switch
from dashboard.ui.export import Exported

NO_COPY_NUMBER = "Not assessed: no assay of these patients looks for copy number."
NOTHING_FOUND = "No alteration was detected in these patients."
NO_PAIR = "No pair of samples on this line is assessable for a gene."


@remembered(entries=100)
def prevalence(reader: Reader, request: BiomarkerRequest) -> Figure:
    """The figure of alterations by gene, kept."""
    return biomarkers_prevalence(reader, request)


@remembered(entries=100)
def copy_number(reader: Reader, request: BiomarkerRequest) -> Figure:
    """The figure of copy number by gene, kept."""
    return biomarkers_copy_number(reader, request)


@remembered(entries=100)
def _emergence(reader: Reader, request: BiomarkerRequest) -> Figure | None:
    return biomarkers_emergence(reader, request)


@remembered(entries=100)
def _tissue(reader: Reader, request: BiomarkerRequest) -> Figure:
    return biomarkers_tissue(reader, request)


def files(reader: Reader, request: BiomarkerRequest) -> dict[str, Exported]:
    """The figures of counts by the name of their file, made when they are asked for."""
    progression = replace(request, moment="PROGRESSION", alteration=SEQUENCE)
    return {
        names.BY_GENE: partial(prevalence, reader, request),
        names.COPY_NUMBER: partial(_with_rows, copy_number, reader, request),
        names.NEW: partial(_with_rows, _emergence, reader, progression),
        names.NEW_COPY_NUMBER: partial(
            _with_rows, _emergence, reader, replace(progression, alteration=COPY_NUMBER)
        ),
        names.OTHER_ORIGIN: partial(_with_rows, other_origin, reader, request),
        names.TISSUE: partial(_with_rows, _tissue, reader, request),
    }


def _with_rows(
    made: Callable[[Reader, BiomarkerRequest], Figure | None], reader: Reader, request: BiomarkerRequest
) -> Figure | None:
    figure = made(reader, request)
    return None if figure is None or figure.table.empty else figure


def prevalence_card(reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """The most frequent alterations as bars, on demand all genes as a table."""
    figure = prevalence(reader, request)
    title = f"Alterations by gene, {MOMENTS[request.moment]}{_line(request)}"
    with st.container(border=True):
        head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
        head.header(title, anchor=False)
        shows_table = table_switch(head, "Alterations by gene")
        if figure.table.empty:
            st.markdown(NOTHING_FOUND)
        elif shows_table or not figure.spec:
            _by_gene(figure)
        else:
            draw_figure(figure, key="biomarkers.prevalence.chart")
        st.caption(plain(figure.caption))
        how_made(figure)
    return {names.BY_GENE: figure}


def copy_number_card(reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """Copy number, apart from allele fractions."""
    figure = copy_number(reader, request)
    with st.container(border=True):
        st.header(f"Copy number, {MOMENTS[request.moment]}{_line(request)}", anchor=False)
        if figure.table.empty:
            st.markdown(NO_COPY_NUMBER)
            return {}
        _by_gene(figure)
        st.caption("Amplified / not amplified / not assessed; never mixed with allele fractions.")
        how_made(figure)
    return {names.COPY_NUMBER: figure}


def emergence_card(reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """New, still and no longer detected at progression; hidden for tumour-informed assays (A35)."""
    with st.container(border=True):
        st.header(f"New since baseline, at progression on line {request.line}", anchor=False)
        figure = _emergence(reader, replace(request, moment="PROGRESSION", alteration=SEQUENCE))
        if figure is None:
            st.markdown(NOT_ASSESSABLE)
            return {}
        if figure.table.empty:
            st.markdown(NO_PAIR)
            st.caption(plain(figure.caption))
            return {}
        _by_gene(figure)
        figures = {names.NEW: figure}
        copies = _emergence(reader, replace(request, moment="PROGRESSION", alteration=COPY_NUMBER))
        if copies is not None and len(copies.table):
            st.markdown("**Copy number**")
            _by_gene(copies)
            figures[names.NEW_COPY_NUMBER] = copies
        st.caption(plain(figure.caption))
        how_made(figure)
    return figures


def tissue_card(reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """Tests of tissue; never added to ctDNA."""
    figure = _tissue(reader, request)
    if figure.table.empty:
        return {}
    with st.container(border=True):
        st.header("Tissue", anchor=False)
        st.table(
            figure.table.map(lambda cell: plain(str(cell))),
            border="horizontal",
            hide_index=True,
            alt=figure.alt,
        )
        st.caption(figure.caption)
        how_made(figure)
    return {names.TISSUE: figure}


def _by_gene(figure: Figure) -> None:
    """The table of a figure with one row per gene, wrapped so that no column is cut."""
    shown = shown_by_gene(figure.table).rename(columns=plain).map(plain)
    st.table(shown, border="horizontal", hide_index=True, alt=figure.alt)


def _line(request: BiomarkerRequest) -> str:
    return f" on line {request.line}" if request.moment == "PROGRESSION" else ""
