"""Cohorts kept under a name: choose one, keep the one shown, give one's own up."""

import streamlit as st

from dashboard.errors import AuditUnavailable, ChangedMeanwhile, DashboardError, EntryIncomplete, NoSuchEntry
from dashboard.studies.cohort import Cohort, CohortError, cohort_labels, cohort_of
from dashboard.ui import installation, state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext
from dashboard.workflow.history import Author
from dashboard.workflow.saved_cohorts import (
    NAME_LENGTH,
    SavedCohort,
    find_cohort,
    list_cohorts,
    save_cohort,
    withdraw_cohort,
)

# The only thing about a cohort that may stand in an address.
ADDRESS = "cohort"


def take_address(context: PageContext) -> None:
    """Show the saved cohort whose token the address holds, in its study; say so where it leads nowhere."""
    study_id = context.study.study_id
    asked = st.query_params.get(ADDRESS)
    if not asked or asked == state.cohort_token(study_id):
        return
    home = _study_of(context, asked)
    if home is not None and home != study_id:
        state.ask_study_id(home)
        st.rerun()
    try:
        found = find_cohort(installation.workflow(), asked, study_id=study_id)
        state.set_cohort(study_id, cohort_of(found.definition), token=asked)
        state.next_form_round(f"cohort.{study_id}")
    except (NoSuchEntry, CohortError):
        del st.query_params[ADDRESS]
        context.record_refused_link("saved cohort")
        st.warning("The saved cohort of this address is not there (any more). Choose the patients anew.")


def _study_of(context: PageContext, token: str) -> str | None:
    """The granted study a token belongs to; None where it leads nowhere the user may go."""
    for study_id in context.studies:
        try:
            find_cohort(installation.workflow(), token, study_id=study_id)
        except NoSuchEntry:
            continue
        return study_id
    return None


def put_address(study_id: str) -> None:
    """Leave the token of the saved cohort in the address; nothing where the choices are not saved."""
    token = state.cohort_token(study_id)
    if token:
        st.query_params[ADDRESS] = token
    elif ADDRESS in st.query_params:
        del st.query_params[ADDRESS]


def choose(study_id: str, cohort: Cohort, *, token: str | None = None) -> None:
    """Count these patients from now on, on every cohort page."""
    state.set_cohort(study_id, cohort, token=token)
    state.next_form_round(f"cohort.{study_id}")
    put_address(study_id)


def saved_panel(context: PageContext, cohort: Cohort) -> None:
    """Inside the popover: the saved cohorts of the study, and the name for the one shown."""
    study_id = context.study.study_id
    saved = list_cohorts(installation.workflow(), study_id)
    if not saved:
        st.caption("No cohort of this study is saved yet.")
    for one in saved:
        _row(context, one)
    if cohort.is_everybody:
        st.caption("To save a cohort, choose patients with Filter first.")
        return
    with st.form(f"save_cohort.{study_id}", border=False, clear_on_submit=True):
        name = st.text_input("Save the patients shown under a name", max_chars=NAME_LENGTH)
        if st.form_submit_button("Save"):
            _save(context, cohort, name=name)


def _row(context: PageContext, saved: SavedCohort) -> None:
    study_id = context.study.study_id
    row = st.container(horizontal=True, vertical_alignment="center")
    try:
        cohort = cohort_of(saved.definition)
    except CohortError:
        row.caption(f"{plain(saved.name)}: saved by another release, cannot be shown")
        return
    is_shown = state.cohort_token(study_id) == saved.token
    row.button(
        saved.name,
        key=f"saved.{saved.cohort_id}",
        type="primary" if is_shown else "secondary",
        help=f"{plain(cohort.words(cohort_labels(context.study)))} (saved by {plain(saved.owner)})",
        on_click=choose,
        args=(study_id, cohort),
        kwargs={"token": saved.token},
    )
    if saved.owner_id == context.user.user_id:
        row.button(
            "Delete",
            key=f"delete.{saved.cohort_id}",
            type="tertiary",
            on_click=_withdraw,
            args=(context, saved),
        )


def _author(context: PageContext) -> Author:
    return Author(user_id=context.user.user_id, at=installation.utc_now(), session_id=context.session_id)


def _save(context: PageContext, cohort: Cohort, *, name: str) -> None:
    study_id = context.study.study_id
    try:
        token = save_cohort(
            installation.workflow(),
            study_id,
            name,
            definition=cohort.definition(),
            author=_author(context),
        )
    except (EntryIncomplete, AuditUnavailable) as problem:
        st.error(plain(str(problem)))
        return
    state.set_cohort(study_id, cohort, token=token)
    st.rerun()


def _withdraw(context: PageContext, saved: SavedCohort) -> None:
    study_id = context.study.study_id
    try:
        withdraw_cohort(installation.workflow(), saved, author=_author(context))
    except (NoSuchEntry, ChangedMeanwhile, AuditUnavailable) as problem:
        _say(problem)
        return
    if state.cohort_token(study_id) == saved.token:
        choose(study_id, state.cohort(study_id))


def _say(problem: DashboardError) -> None:
    st.toast(plain(str(problem)))
