"""Who the groups of a figure by treatment are: the baseline table beside it (A42)."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import (
    MOST_COLUMNS,
    BaselineRequest,
    groups_request,
    overview_baseline,
)
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.schema import Study
from dashboard.tables.overview_baseline import Variable
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made
from dashboard.ui.overview_cards import escaped_baseline

TITLE = "Who the groups are"
WHOSE = "All enrolled of the cohort, also whom the figure leaves out; columns for the {most} largest groups."


@remembered(entries=50)
def _baseline(reader: Reader, request: BaselineRequest) -> Figure:
    return overview_baseline(reader, request).without_rows()


def groups_card(
    reader: Reader, study: Study, *, group: Variable | None, cohort: Cohort, cohort_line: str
) -> dict[str, Figure]:
    """The baseline table with a column for each group, by its title; nothing for another characteristic."""
    if group is None or not group.is_treatment:
        return {}
    request = groups_request(study, group=group)
    figure = _baseline(reader, replace(request, cohort=cohort, cohort_line=cohort_line))
    with st.container(border=True):
        st.header(TITLE, anchor=False)
        st.table(escaped_baseline(figure), border="horizontal", hide_index=True, alt=figure.alt)
        st.caption(f"{WHOSE.format(most=MOST_COLUMNS)} {figure.caption} {figure.method}")
        how_made(figure)
    return {TITLE: figure}
