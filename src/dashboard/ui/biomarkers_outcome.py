"""The card of the outcome by an alteration at baseline."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.biomarkers.outcome import OutcomeRequest, biomarkers_outcome, primary_endpoint
from dashboard.figures.biomarkers.request import BiomarkerRequest
from dashboard.figures.figure import Figure
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.store.reader import Reader
from dashboard.studies.endpoints import Endpoint
from dashboard.studies.schema import Study
from dashboard.tables.biomarkers_counts import COPY_NUMBER, SEQUENCE
from dashboard.ui.biomarkers_cards import copy_number, prevalence
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain
from dashboard.ui.context import PageContext
from dashboard.ui.link_state import page_choice

TITLE = "Outcome by alteration at baseline"
NO_ENDPOINT = "Not applicable: the study definition names no progression-free survival."
NO_GENE = "No alteration was detected at baseline, so there are no groups."
NOBODY = "Nobody in this cohort is followed for this endpoint."


@remembered(entries=100)
def _outcome(reader: Reader, request: OutcomeRequest) -> Figure | None:
    return biomarkers_outcome(reader, request)


def outcome_card(context: PageContext, reader: Reader, request: BiomarkerRequest) -> dict[str, Figure]:
    """Curve and numbers of one gene chosen by the reader."""
    endpoint = primary_endpoint(context.study)
    base = replace(request, moment="BASELINE", line=1)
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="bottom")
        head.header(TITLE, anchor=False)
        if endpoint is None:
            st.markdown(NO_ENDPOINT)
            return {}
        genes = _genes(reader, base)
        if not genes:
            st.markdown(NO_GENE)
            return {}
        head.space("stretch")
        key = page_choice("Gene", list(genes), default=next(iter(genes)))
        chosen = head.selectbox("Gene", list(genes), width=260, key=key)
        gene, alteration = genes[chosen]
        figure = _outcome(
            reader,
            OutcomeRequest(
                gene=gene,
                alteration=alteration,
                biomarkers=base,
                survival=_survival(context.study, endpoint, base),
            ),
        )
        if figure is None:
            st.info(NOBODY)
            return {}
        _shown(figure, endpoint=endpoint)
    return {f"Outcome by {chosen}": figure}


def _shown(figure: Figure, *, endpoint: Endpoint) -> None:
    st.caption(plain(endpoint.label))
    if figure.spec:
        draw_figure(figure, key="biomarkers.outcome.chart")
    table = figure.table.rename(columns=plain).map(lambda cell: plain(str(cell)))
    st.table(table, border="horizontal", hide_index=True, alt=figure.alt)
    st.caption(plain(figure.caption))
    how_made(figure)


def _genes(reader: Reader, request: BiomarkerRequest) -> dict[str, tuple[str, str]]:
    """Genes altered in at least one patient, the most frequent first; copy number under its own name."""
    sequence, copies = prevalence(reader, request).rows, copy_number(reader, request).rows
    altered = [str(gene) for gene in sequence.loc[sequence["n_detected"] > 0, "gene"]]
    changed = [str(gene) for gene in copies.loc[copies["n_detected"] > 0, "gene"]]
    named = {gene: (gene, SEQUENCE) for gene in altered}
    return named | {f"{gene} (copy number)": (gene, COPY_NUMBER) for gene in changed}


def _survival(study: Study, endpoint: Endpoint, request: BiomarkerRequest) -> SurvivalRequest:
    return SurvivalRequest(
        endpoint=endpoint,
        guards=study_guards(study),
        grace_days=study.lines.index_grace_days,
        stale_days=study.follow_up.contact_stale_on_treatment_days,
        cohort=request.cohort,
        cohort_line=request.cohort_line,
        theme=request.theme,
    )
