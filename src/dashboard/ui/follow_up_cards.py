"""Cards of the follow-up page: key figures, overdue by site, windows by week, data cuts."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.chase_list import ChaseCounts
from dashboard.figures.follow_up.request import ChaseRequest
from dashboard.figures.follow_up.tables import (
    chase_by_site,
    chase_by_state,
    chase_changes,
    chase_weeks,
    departures,
)
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.follow_up import departed_note, departed_words
from dashboard.tables.formats import format_count
from dashboard.ui.caching import remembered
from dashboard.ui.cards import figure_card, how_made
from dashboard.ui.context import PageContext
from dashboard.ui.follow_up_data import counts_of

OVERDUE = "Overdue follow-up"
GONE = "Patients off the list"
COUNTS = ("Overdue by site", "All states")
ONE_DATA_CUT = "What changed is shown once there is a second data cut."


@remembered(entries=50)
def _by_site(reader: Reader, request: ChaseRequest) -> Figure:
    return chase_by_site(reader, request)


@remembered(entries=50)
def _by_state(reader: Reader, request: ChaseRequest) -> Figure:
    return chase_by_state(reader, request)


@remembered(entries=50)
def _departures(reader: Reader) -> dict[str, int]:
    return departures(reader)


@remembered(entries=50)
def _weeks(reader: Reader, request: ChaseRequest) -> Figure:
    return chase_weeks(reader, request)


@remembered(entries=50)
def _changes(readers: tuple[Reader, ...]) -> pd.DataFrame:
    return chase_changes(readers)


def key_figures(
    counts: ChaseCounts, request: ChaseRequest, *, whole: pd.DataFrame, readers: Sequence[Reader]
) -> None:
    """Items by state at all sites of the user, whatever the filters say."""
    new = f", {int(whole['is_new'].sum())} new" if len(readers) > 1 else ""
    departed = _departures(readers[-1])
    ahead = request.within_days
    figures = (
        (OVERDUE, counts.n_overdue, f"{_in(counts.n_patients_overdue)}{new}", None),
        (f"Close in {request.closing_days} days", counts.n_closes_soon, _in(counts.n_patients_closing), None),
        ("Due now or in grace", counts.n_due_now, _in(counts.n_patients_due), None),
        (f"Open in {ahead} days", counts.n_opens, _in(counts.n_patients_opening), None),
        (GONE, sum(departed.values()), departed_note(departed), departed_words(departed)),
    )
    columns = st.columns((1.3, 1, 1.1, 1, 1.3), gap="small")
    for column, (label, value, note, full) in zip(columns, figures, strict=True):
        column.metric(label, value, note, delta_color="off", delta_arrow="off", border=True, help=full)


def _in(n_patients: int) -> str:
    return f"in {format_count(n_patients, 'patient')}"


def below(context: PageContext, request: ChaseRequest, readers: Sequence[Reader]) -> None:
    """Overdue by item and site, the weeks ahead, and what changed over the data cuts."""
    everything = ChaseRequest(site_names=request.site_names, theme=request.theme)
    _counts_card(context, everything)
    left, right = st.columns([60, 40], gap="small")
    with left.container(border=True):
        st.header("Windows that open and close", anchor=False)
        twin = st.toggle("Show as table", key="follow_up.weeks.twin")
        weeks = _weeks(context.reader, everything)
        figure_card(weeks, key="follow_up.weeks", shows_table=twin)
    with right.container(border=True):
        _changes_card(readers)


def _counts_card(context: PageContext, everything: ChaseRequest) -> None:
    with st.container(border=True):
        st.header("All items", anchor=False)
        shown = st.segmented_control(
            "Count", COUNTS, default=COUNTS[0], required=True, label_visibility="collapsed"
        )
        figure = (_by_site if shown == COUNTS[0] else _by_state)(context.reader, everything)
        st.dataframe(
            figure.table, hide_index=True, height="content", key=f"follow_up.{shown}", alt=figure.alt
        )
        st.caption(figure.caption)
        how_made(figure)


def _changes_card(readers: Sequence[Reader]) -> None:
    st.header("Overdue at each data cut", anchor=False)
    if len(readers) < 2:
        st.markdown(ONE_DATA_CUT)
        return
    table = _changes(tuple(readers))
    st.table(table, border="horizontal", hide_index=True, alt="Overdue items at each data cut")
    st.caption(
        "New: not overdue at the data cut before. No longer overdue: done since, cannot be obtained "
        "any more, not expected any more, or the record was changed."
    )


def owed_card(reader: Reader, study: Study) -> None:
    """Overdue, closing and due items for another page; nothing where the data cut knows no follow-up."""
    counts = counts_of(reader, study)
    if counts is None:
        return
    with st.container(border=True):
        st.header("Items owed", anchor=False)
        st.markdown(f"**{counts.n_overdue}** overdue, {_in(counts.n_patients_overdue)}")
        st.markdown(f"{counts.n_closes_soon} closing soon · {counts.n_due_now} due now")
        st.caption("Draws, imaging, contacts and records; states as of the last day observed.")
