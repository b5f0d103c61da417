"""What an MDT asks besides the course, as on its sheet: treatments, responses, toxicity, organ function."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.figures.patient.background import (
    BackgroundRequest,
    PatientBackground,
    headline_setting,
    patient_background,
)
from dashboard.store.reader import Reader
from dashboard.tables.patient_timeline import Clock
from dashboard.ui.caching import remembered
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext

COLUMNS = ("Line", "Regimen", "Dates", "Best response", "Progression-free", "Reason stopped")


@remembered(entries=500)
def _background(reader: Reader, request: BackgroundRequest) -> PatientBackground:
    return patient_background(reader, request)


def show(context: PageContext, patient_id: str, *, clock: Clock) -> None:
    """A card of what the sheet for the MDT says and no other part of the page."""
    request = BackgroundRequest(patient_id=patient_id, clock=clock, setting=headline_setting(context.study))
    found = _background(context.reader, request)
    with st.container(border=True, gap="xsmall"):
        st.header("Treatment: lines of therapy, adjuvant and local", anchor=False)
        _treatments(found)
        for column, (title, said, nothing) in zip(st.columns(3, gap="small"), _parts(found), strict=True):
            with column:
                st.markdown(f"**{title}**")
                st.markdown("  \n".join(plain(words) for words in said) or nothing)


def _treatments(found: PatientBackground) -> None:
    if not found.treatments:
        st.markdown("No treatment is recorded.")
        return
    rows = [[plain(cell) for cell in cells] for cells in found.treatments]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    st.table(table, border="horizontal", hide_index=True, alt="Treatments in the order they began")


def _parts(found: PatientBackground) -> tuple[tuple[str, Sequence[str], str], ...]:
    """Title, words, and what stands where there are none."""
    return (
        ("Last responses", found.responses, "No response assessment is recorded."),
        ("Toxicity that limits choice", found.toxicities, ""),
        ("Organ function and virus", [*found.organs, found.viral], ""),
    )
