"""Page Biomarkers: alterations by gene, what is new at progression, copy number, map, outcome, tissue."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.figures.biomarkers.genes import TUMOUR_INFORMED
from dashboard.figures.biomarkers.request import (
    BiomarkerRequest,
    Moment,
    ask,
    biomarker_request,
    has_biomarkers,
    kinds_of_assay,
)
from dashboard.store.reader import Reader
from dashboard.ui import biomarkers_cards as cards
from dashboard.ui.biomarkers_names import named
from dashboard.ui.biomarkers_outcome import outcome_card
from dashboard.ui.biomarkers_patients import MAP, map_card, map_file, other_origin_card
from dashboard.ui.caching import remembered
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission
from dashboard.ui.export import Exported, export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.link_state import page_choice
from dashboard.ui.page_title import page_title
from dashboard.ui.parts import Part, open_part
from dashboard.ui.style import page_theme

TITLE = "Biomarkers"
NO_SAMPLE = "Not applicable: no ctDNA sample of this data cut has a result."
MOMENTS: dict[str, Moment] = {"Baseline": "BASELINE", "At progression": "PROGRESSION", "Any draw": "ANY"}
ON_TREATMENT = "First draws on treatment as baseline"
NOTHING_BESIDE = "No variant of other origin and no test of tissue is recorded for these patients."
CHIP = "Count possible clonal haematopoiesis"


@remembered(entries=100)
def _lines(reader: Reader, request: BiomarkerRequest) -> list[tuple[int, ...]]:
    rows = ask(reader, request, "line")
    return [tuple(map(int, row)) for row in rows[["line", "n_progressed", "n_sampled"]].to_numpy()]


@remembered(entries=20)
def _kinds(reader: Reader) -> tuple[str, ...]:
    return kinds_of_assay(reader)


def show(context: PageContext) -> None:
    """Filter and choices; by gene, patient by gene, outcome, tissue and other origin in parts; export."""
    context.require_data(TITLE)
    reader = page_title(context, TITLE)
    if not has_biomarkers(reader):
        st.info(OLD_DATA_CUT)
        return
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    base = replace(biomarker_request(context.study, cohort=cohort, cohort_line=line), theme=page_theme())
    figures: dict[str, Exported] = {}
    if _kinds(reader):
        request = _choices(reader, base)
        drawn = open_part(_parts(context, reader, request), key="biomarkers.part")
        figures |= named({**_files(context, reader, request), **drawn}, request=request)
    else:
        st.info(NO_SAMPLE)
        figures |= cards.tissue_card(reader, base)
    if context.may(Permission.EXPORT) and figures:
        export_row(context, figures, what="biomarkers")


def _parts(context: PageContext, reader: Reader, request: BiomarkerRequest) -> dict[str, Part]:
    offered: dict[str, Part] = {"By gene": partial(_by_gene, reader, request)}
    if _kinds(reader) != TUMOUR_INFORMED:
        offered["New since baseline"] = partial(cards.emergence_card, reader, request)
    return offered | {
        MAP: partial(map_card, context, reader, request),
        "Outcome": partial(outcome_card, context, reader, request),
        "Other origin and tissue": partial(_beside, context, reader, request),
    }


def _files(context: PageContext, reader: Reader, request: BiomarkerRequest) -> dict[str, Exported]:
    """What can be saved without being open; the outcome is that of a gene chosen in its part."""
    return cards.files(reader, request) | {MAP: partial(map_file, context, reader, request)}


def _by_gene(reader: Reader, request: BiomarkerRequest) -> Mapping[str, Exported]:
    """Alterations and copy number side by side; why nothing new can be seen where only known variants are."""
    left, right = st.columns([58, 42], gap="small")
    with left:
        figures = cards.prevalence_card(reader, request)
    with right:
        figures |= cards.copy_number_card(reader, request)
        if _kinds(reader) == TUMOUR_INFORMED:
            cards.emergence_card(reader, request)
    return figures


def _beside(context: PageContext, reader: Reader, request: BiomarkerRequest) -> Mapping[str, Exported]:
    """What is not counted as tumour, and what tissue showed."""
    figures = other_origin_card(context, reader, request) | cards.tissue_card(reader, request)
    if not figures:
        st.caption(NOTHING_BESIDE)
    return figures


def _choices(reader: Reader, base: BiomarkerRequest) -> BiomarkerRequest:
    """When the sample was drawn, which line's progression, and what counts."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    key = page_choice("Sample", list(MOMENTS), default="Baseline")
    moment = str(row.segmented_control("Sample", list(MOMENTS), key=key, required=True))
    request = replace(base, moment=MOMENTS[moment])
    is_followed = _kinds(reader) == TUMOUR_INFORMED
    lines = _lines(reader, base)
    if lines and (request.moment == "PROGRESSION" or not is_followed):
        most = max(range(len(lines)), key=lambda place: lines[place][2])
        names = {f"Line {line} ({n} progressed, {k} with a result)": line for line, n, k in lines}
        key = page_choice("Progression on", list(names), default=list(names)[most])
        chosen = row.selectbox("Progression on", list(names), key=key, width=310)
        request = replace(request, line=names[chosen])
    with_on_treatment = row.toggle(ON_TREATMENT, key=page_choice(ON_TREATMENT, (False, True), default=False))
    counts_chip = False
    if not is_followed:
        counts_chip = row.toggle(CHIP, key=page_choice(CHIP, (False, True), default=False))
    return replace(request, with_on_treatment=with_on_treatment, counts_possible_chip=counts_chip)
