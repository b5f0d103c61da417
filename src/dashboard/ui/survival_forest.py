"""The forest plot of the survival page: computed on demand, kept, and never in the way of the page."""

from dataclasses import replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.overview.baseline import baseline_variables
from dashboard.figures.survival.forest import (
    ForestRequest,
    forest_groups,
    survival_forest,
    why_no_forest,
)
from dashboard.figures.survival.request import SurvivalRequest, followed, survival_rows
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.formats import NOTHING
from dashboard.tables.overview_baseline import Variable
from dashboard.ui import state
from dashboard.ui.caching import remembered
from dashboard.ui.cards import draw_figure, how_made, plain
from dashboard.ui.group_baseline import note_of

TITLE = "Forest plot"
SHOW = "Compute the forest plot"


@remembered(entries=50, spinner="Computing one hazard ratio per subgroup …")
def _forest(reader: Reader, request: ForestRequest) -> Figure | None:
    return survival_forest(reader, request)


@remembered(entries=100)
def _groups(reader: Reader, request: SurvivalRequest) -> tuple[str | None, tuple[str, ...]]:
    """Why there is no plot, if so; and the groups to compare, the largest first."""
    rows = survival_rows(reader, request)
    if request.group is None:
        return why_no_forest(rows[rows["status"] != "NOT_AT_RISK"], request), ()
    kept = followed(rows, group=request.group)
    return why_no_forest(kept, request), tuple(forest_groups(kept, group=request.group))


def shown_forest(reader: Reader, request: SurvivalRequest, *, study: Study) -> Figure | None:
    """The plot as it is open on the page, for the export; None where it is not."""
    if request.group is None:
        return None
    pair = state.open_forest(_key(request.group))
    why, names = _groups(reader, request)
    if pair is None or why is not None or len(set(pair) & set(names)) < len(pair):
        return None
    return _forest(reader, _request(request, study, pair=pair))


@st.fragment
def forest_box(reader: Reader, request: SurvivalRequest, *, study: Study) -> None:
    """Hazard ratios within subgroups behind a switch; a fragment, so that the page does not wait for it."""
    st.subheader(TITLE, anchor=False)
    why, names = _groups(reader, request)
    if why is not None or request.group is None:
        st.caption(plain(why or ""))
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    key = _key(request.group)
    compared = row.selectbox("Group", names, index=1, key=f"{key}.group", width=230)
    others = [name for name in names if name != compared]
    reference = row.selectbox("Against", others, key=f"{key}.reference", width=230)
    if not row.toggle(SHOW, key=f"{key}.show"):
        st.caption("One Cox model per subgroup; this takes a few seconds the first time.")
        return
    forest = _request(request, study, pair=(compared, reference))
    _shown(_forest(reader, forest), has_table=row.toggle("Table", key=f"{key}.table"))
    if note := note_of(study, request.group):
        st.warning(plain(note))


def _key(group: Variable) -> str:
    return f"survival.forest.{group.name}"


def _request(request: SurvivalRequest, study: Study, *, pair: tuple[str, str]) -> ForestRequest:
    """The plot of one group against another within every subgroup of the study."""
    compared, reference = pair
    subgroups = tuple(one for one in baseline_variables(study) if one.source != "number")
    own = replace(request, reference=reference)
    return ForestRequest(survival=own, compared=compared, reference=reference, subgroups=subgroups)


def _shown(figure: Figure | None, *, has_table: bool) -> None:
    if figure is None:
        return
    if has_table:
        table = figure.table.fillna(NOTHING)
        st.dataframe(table, hide_index=True, key="survival.forest.rows", alt=figure.alt)
    else:
        draw_figure(figure, key="survival.forest.chart")
    st.caption(plain(figure.caption))
    how_made(figure)
