"""Cards of the treatment page about local therapy."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.survival.incidence import headline_sentence
from dashboard.figures.treatment.local import (
    LESIONS,
    local_control_curve,
    n_below,
    treatment_doses,
    treatment_lesions,
    treatment_local_groups,
)
from dashboard.figures.treatment.outcomes import survival_request
from dashboard.figures.treatment.request import TreatmentRequest
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain
from dashboard.ui.export import Exported
from dashboard.ui.treatment_cards import plain_table

NO_LOCAL = "Not applicable: no local therapy of metastatic disease is recorded for these patients."
NO_TIME = "Not applicable: the study definition names no time from local to systemic therapy."
FIGURES: dict[str, Callable[[Reader, TreatmentRequest], Figure | None]] = {
    "local-groups": treatment_local_groups,
    "doses": treatment_doses,
    "lesions": treatment_lesions,
}


@remembered(entries=100)
def _figure(reader: Reader, request: TreatmentRequest, name: str) -> Figure | None:
    return FIGURES[name](reader, request)


@remembered(entries=50)
def _control(reader: Reader, request: TreatmentRequest) -> tuple[Figure | None, str]:
    return local_control_curve(reader, request)


def files(reader: Reader, request: TreatmentRequest) -> dict[str, Exported]:
    """Every figure of local therapy by the name of its file, made when it is asked for."""

    def control() -> Figure | None:
        return _control(reader, request)[0]

    return {
        **{name: partial(_figure, reader, request, name) for name in FIGURES},
        "local-control": control,
    }


def local_cards(reader: Reader, request: TreatmentRequest, *, study: Study) -> dict[str, Figure]:
    """Groups, time to systemic therapy, doses, lesions; one sentence where nobody was treated."""
    groups = _figure(reader, request, "local-groups")
    if groups is None:
        st.info(NO_LOCAL)
        return {}
    with st.container(border=True):
        st.header("Groups of local therapy", anchor=False)
        _to_systemic(reader, request, study=study)
        plain_table(groups.table, alt=groups.alt)
        st.caption(groups.caption)
        how_made(groups)
    return {"local-groups": groups} | _doses(reader, request) | _lesions(reader, request)


def _to_systemic(reader: Reader, request: TreatmentRequest, *, study: Study) -> None:
    """Time to systemic therapy as the sentence of A7."""
    if request.to_systemic is None:
        st.caption(NO_TIME)
        return
    asked = survival_request(request, request.to_systemic, line=None)
    st.markdown(f"**{plain(headline_sentence(reader, asked, study=study))}**")


def _doses(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    figure = _figure(reader, request, "doses")
    if figure is None:
        return {}
    with st.container(border=True):
        st.header("Radiation dose", anchor=False)
        plain_table(figure.table, alt=figure.alt)
        below = n_below(figure.rows)
        if below:
            lies = "radiation treatment lies" if below == 1 else "radiation treatments lie"
            st.warning(f"{below} {lies} below the protocol window.", icon=":material/rule:")
        st.caption(figure.caption)
        how_made(figure)
    return {"doses": figure}


def _lesions(reader: Reader, request: TreatmentRequest) -> dict[str, Figure]:
    """Local control per lesion: counts always, the curve where enough lesions progressed."""
    with st.container(border=True):
        st.header("Local control of treated lesions", anchor=False)
        figure = _figure(reader, request, "lesions")
        if figure is None:
            st.info(LESIONS)
            return {}
        st.markdown(plain(figure.caption))
        plain_table(figure.table, alt=figure.alt)
        curve, why_not = _control(reader, request)
        if curve is None:
            st.caption(why_not)
        else:
            draw_figure(curve, key="treatment.control")
            st.caption(curve.caption)
            how_made(curve, label="How was the curve made?")
        how_made(figure)
    found = {"lesions": figure}
    return found if curve is None else {**found, "local-control": curve}
