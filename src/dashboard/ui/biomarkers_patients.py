"""The patient by gene map, and the variants that may not come from the tumour."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.biomarkers.genes import biomarkers_other_origin
from dashboard.figures.biomarkers.map import GeneMapRequest, biomarkers_map
from dashboard.figures.biomarkers.request import BiomarkerRequest
from dashboard.figures.figure import Figure
from dashboard.store.reader import Reader
from dashboard.tables.biomarkers import other_origin_patients
from dashboard.ui.as_received import day_name
from dashboard.ui.biomarkers_names import OTHER_ORIGIN
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain, table_switch, text_columns
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.filters import cohort_line

NO_MAP = "No alteration was detected at baseline, so there is nothing to draw."
MAP = "Patient by gene"
MAP_OF_ALL = f"{MAP}, also without a sample"
NO_NAMES = "Patients are numbered: your role sees no single patient."


@remembered(entries=50)
def _map(reader: Reader, request: GeneMapRequest) -> Figure | None:
    return biomarkers_map(reader, request)


@remembered(entries=50)
def other_origin(reader: Reader, request: BiomarkerRequest) -> Figure:
    """Variants that may not come from the tumour, kept."""
    return biomarkers_other_origin(reader, request)


def own_reader(
    context: PageContext, reader: Reader, request: BiomarkerRequest
) -> tuple[Reader, BiomarkerRequest]:
    """Who may open patients sees those of the own sites only; the request says so in its footer."""
    if not context.may(Permission.PATIENT) or reader == context.reader:
        return reader, request
    line = cohort_line(context, request.cohort, reader=context.reader)
    return context.reader, replace(request, cohort_line=line)


def map_file(context: PageContext, reader: Reader, request: BiomarkerRequest) -> Figure | None:
    """The map as it opens, of patients with a sample."""
    own, narrowed = own_reader(context, reader, request)
    return _map(own, _map_request(context, narrowed, with_unsampled=False))


def _map_request(context: PageContext, request: BiomarkerRequest, *, with_unsampled: bool) -> GeneMapRequest:
    return GeneMapRequest(
        biomarkers=replace(request, moment="BASELINE", line=1),
        shows_patients=context.may(Permission.PATIENT),
        with_unsampled=with_unsampled,
    )


def map_card(context: PageContext, reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """One column per patient, one row per gene, or the table behind."""
    own, narrowed = own_reader(context, reader, request)
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.header("Patient by gene, at baseline", anchor=False)
        head.space("stretch")
        with_unsampled = head.toggle("Patients without a sample", key="biomarkers.map.unsampled")
        shows_table = table_switch(head, "Patient by gene")
        figure = _map(own, _map_request(context, narrowed, with_unsampled=with_unsampled))
        if figure is None:
            st.markdown(NO_MAP)
            return {}
        if shows_table:
            st.dataframe(figure.table, hide_index=True, key="biomarkers.map.rows", alt=figure.alt)
        else:
            draw_figure(figure, key="biomarkers.map.chart")
        notes = [figure.caption, "" if context.may(Permission.PATIENT) else NO_NAMES]
        if own != reader:
            notes.append("Patients of your sites only.")
        st.caption(plain(" ".join(note for note in notes if note)))
        how_made(figure)
    return {MAP_OF_ALL if with_unsampled else MAP: figure}


def other_origin_card(context: PageContext, reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """Variants that may not come from the tumour, with their reason; nothing where there are none."""
    figure = other_origin(reader, request)
    if figure.table.empty:
        return {}
    with st.container(border=True):
        st.header("Possibly not from the tumour", anchor=False)
        st.dataframe(figure.table, hide_index=True, key="biomarkers.other_origin", alt=figure.alt)
        st.caption(plain(figure.caption))
        if context.may(Permission.PATIENT):
            own, narrowed = own_reader(context, reader, request)
            with st.expander("Patient by patient, with the reason"):
                records = other_origin(own, narrowed).rows.to_dict("records")
                patients = other_origin_patients(records, name_day=day_name(context))
                st.dataframe(
                    patients,
                    hide_index=True,
                    key="biomarkers.other_origin.patients",
                    alt="Variants with their patient and reason",
                    column_config=text_columns(patients),
                )
        how_made(figure)
    return {OTHER_ORIGIN: figure}
