"""From a list to the page of one of its patients; the list is kept, so that previous and next walk it."""

import datetime as dt
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.ui import state
from dashboard.ui.cards import plain

PATIENT_PAGE = "pages/review/patient.py"
Walk = Sequence[tuple[str, str]]
Marked = Mapping[tuple[str, str], tuple[dt.date, ...]]


def pick_and_open_patient(study_id: str, patients: Sequence[str]) -> None:
    """A picker of the patients of a list and the button that opens the one picked."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Patient", patients, width=220)
        walk = tuple((study_id, one) for one in patients)
        is_opened = st.button("Open this patient", on_click=_choose, args=(study_id, chosen, walk))
    if is_opened:
        st.switch_page(PATIENT_PAGE)


def patient_link(
    study_id: str, patient_id: str, *, key: str, walk: Walk, marked: Marked | None = None
) -> None:
    """The patient's id as a button that opens the patient; `walk` is the whole list as (study, patient).

    `marked` are the days that the list compares, which the timelines of its patients bring out.
    """
    chosen = st.button(
        f"**{plain(patient_id)}**",
        key=key,
        type="tertiary",
        on_click=_choose,
        args=(study_id, patient_id, walk, marked),
        help="Open this patient",
    )
    if chosen:
        st.switch_page(PATIENT_PAGE)


def _choose(study_id: str, patient_id: str, walk: Walk, marked: Marked | None = None) -> None:
    state.set_study_id(study_id)
    state.set_patient_id(study_id, patient_id)
    state.set_patient_list(walk)
    state.set_marked_days(marked or {})
