"""Patients behind two counts of the survival page, for who may see single patients."""

import pandas as pd
import streamlit as st

from dashboard.figures.survival.request import SurvivalRequest
from dashboard.store.reader import Reader
from dashboard.studies.reported import ReportedEndpoint
from dashboard.ui import survival_kept as kept


def has_dates(reader: Reader, request: SurvivalRequest) -> bool:
    """Whether the times come from dates of the calendar."""
    is_relative = reader.snapshot.manifest.get("calendar") == "relative"
    return not is_relative and not isinstance(request.endpoint, ReportedEndpoint)


def left_out_list(reader: Reader, request: SurvivalRequest) -> None:
    """Who of the cohort is not in the analysis, and why; nothing where everybody is."""
    table = kept.left_out(reader, request, has_dates=has_dates(reader, request))
    _listed(table, label=f"Not in this analysis: {len(table)}")


def stale_list(reader: Reader, request: SurvivalRequest) -> None:
    """Who was censored long before the data cut; nothing where nobody was."""
    table = kept.stale(reader, request)
    _listed(table, label=f"List of {len(table)}")


def _listed(table: pd.DataFrame, *, label: str) -> None:
    if table.empty:
        return
    with st.expander(label):
        st.dataframe(table, hide_index=True, alt=label)
