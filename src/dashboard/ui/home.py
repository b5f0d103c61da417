"""Home: the granted studies with their enrolled patients and data cut, and the way to their pages."""

from pathlib import Path

import streamlit as st

from dashboard.access.roles import may
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.ui import state
from dashboard.ui.context import PageContext, chosen_snapshot, stop_with
from dashboard.ui.frame import HOME, PAGES, format_date

ENROLLED = (Path(__file__).parent / "enrolled.sql").read_text(encoding="utf-8")


def show(context: PageContext) -> None:
    """One card per granted study."""
    st.title("Home", anchor=False)
    st.caption(f"Signed in as {context.user.display_name}, {context.user.role.value}")
    if not context.studies:
        stop_with("No study has been granted to you yet. Please ask your administrator.")
    for study in context.studies.values():
        with st.container(border=True):
            _show_study(context, study)


def _show_study(context: PageContext, study: Study) -> None:
    st.header(study.title, anchor=False)
    snapshot = chosen_snapshot(study.study_id)
    if snapshot is None:
        st.caption("No data cut yet.")
    else:
        _show_counts(context, snapshot)
    st.caption("Synthetic sample data" if study.sample else "Study data")
    with st.container(horizontal=True):
        for spec in PAGES:
            if spec is not HOME and may(context.user.role, spec.permission):
                chosen = st.button(
                    spec.title,
                    key=f"open.{study.study_id}.{spec.url_path}",
                    icon=f":material/{spec.icon}:",
                    on_click=state.set_study_id,
                    args=(study.study_id,),
                )
                if chosen:
                    st.switch_page(spec.path)


def _show_counts(context: PageContext, snapshot: Snapshot) -> None:
    enrolled = context.reader_of(snapshot).records(ENROLLED)[0]["n_enrolled"]
    sites = context.user.sites_in(snapshot.study_id)
    where = "all sites" if sites is None else "your sites: " + (", ".join(sites) or "none")
    with st.container(horizontal=True):
        st.metric(f"Enrolled, {where}", enrolled, width="content")
        st.metric("Data cut-off", format_date(snapshot.cut_off), width="content")
