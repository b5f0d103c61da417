"""Links that open a view: a token in the address, behind it page, patient, data cut and choices.

The address names nothing. Whoever opens a link signs in first and gets the view where page, study, site and
patient are theirs; otherwise the same words stand there whether the view exists or not.
"""

import streamlit as st

from dashboard.access.roles import may
from dashboard.access.sessions import SignedIn
from dashboard.errors import AuditUnavailable, NoSuchEntry
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.cohort import Cohort, CohortError, cohort_of
from dashboard.tables.formats import format_date
from dashboard.ui import cache, installation, link_state, patient_timeline_view, state
from dashboard.ui.context import NO_AUDIT, chosen_snapshot, granted_studies
from dashboard.ui.frame import PAGES
from dashboard.workflow.audit import Event, record
from dashboard.workflow.models import AuditKind
from dashboard.workflow.saved_views import View, find_view
from dashboard.workflow.users import User

REFUSAL = "This link leads to nothing that is available to you. If you need it, ask your administrator."
SHOWN = "This link shows the data cut of {linked}. The current one is of {current}."
LOADED_AGAIN = "This link shows the data cut of {linked} as loaded earlier. It has been loaded again since."
GONE = "The data cut of {linked} that this link was made on is no longer kept. Shown is the one of {current}."


def take(signed_in: SignedIn, *, page: str) -> bool:
    """Whether the page may be drawn. A link in the address is taken out of it and its view chosen.

    Asked before study and data cut are picked. A page that is not the role's refuses by itself.
    """
    link_state.set_page(page)
    token = st.query_params.get(link_state.ADDRESS)
    permitted = [spec.url_path for spec in PAGES if may(signed_in.user.role, spec.permission)]
    if not token or page not in permitted:
        return True
    view = _found(token)
    if view is None or view.page != page or not _is_open_to(signed_in.user, view):
        return False
    _restore(view)
    _drop()
    return True


def refuse(signed_in: SignedIn) -> None:
    """In place of the page a link leads to: neutral words, recorded once in a session."""
    token = st.query_params[link_state.ADDRESS]
    if not link_state.is_refused(token):
        view = _found(token)
        about = {} if view is None else {"study_id": view.study_id, "patient_id": view.patient_id}
        event = Event(
            kind=AuditKind.REFUSED,
            user_id=signed_in.user.user_id,
            session_id=signed_in.session_id,
            detail={"link": "unknown" if view is None else "not permitted"},
            **about,
        )
        try:
            record(installation.workflow(), event, now=installation.utc_now())
        except AuditUnavailable:
            st.info(NO_AUDIT)
            return
        link_state.set_refused(token)
    st.info(REFUSAL)
    st.button("Open the page without the link", on_click=_drop)


def say_data_cut() -> None:
    """That a link shows another data cut than the current one, as long as the page shows it."""
    said = link_state.notice()
    if said is None or state.is_sharing() or said.page != link_state.page():
        return
    shown, current = chosen_snapshot(said.study_id), _current(said.study_id)
    if said.study_id != state.study_id() or shown is None or shown.snapshot_id != said.snapshot_id:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(said.text, icon=":material/link:")
        if current is not None and current != shown:
            st.button("Show the current data cut", on_click=_show, args=(current,))


def _found(token: str) -> View | None:
    try:
        return find_view(installation.workflow(), token)
    except NoSuchEntry:
        return None


def _is_open_to(user: User, view: View) -> bool:
    """Whether the user may see all of it: the study, a data cut of it, and the patient there."""
    shown = _shown(view)
    if view.study_id not in granted_studies(user) or shown is None:
        return False
    if view.patient_id is None:
        return _cohort(view) is not None
    return view.patient_id in cache.patient_ids(Reader(shown, user.sites_in(view.study_id)))


def _shown(view: View) -> Snapshot | None:
    """The data cut the link was made on; the current one where that is no longer kept."""
    kept = {snapshot.snapshot_id: snapshot for snapshot in installation.snapshots(view.study_id)}
    return kept.get(view.snapshot_id) or _current(view.study_id)


def _current(study_id: str) -> Snapshot | None:
    found = installation.snapshots(study_id)
    return next((snapshot for snapshot in found if snapshot.is_current), next(iter(found), None))


def _cohort(view: View) -> Cohort | None:
    """The patients of a page about many; None where another release wrote them."""
    try:
        return cohort_of(view.choices["cohort"])
    except CohortError:
        return None


def _restore(view: View) -> None:
    """Choose study, data cut and what the view says about its page."""
    shown = _shown(view)
    if shown is None:
        return
    state.set_study_id(view.study_id)
    state.set_snapshot_id(view.study_id, shown.snapshot_id)
    if view.patient_id is None:
        _restore_cohort(view)
    else:
        state.set_patient_id(view.study_id, view.patient_id)
        state.set_patient_list(())
        patient_timeline_view.restore_choices(view.study_id, view.patient_id, view.choices)
    text = _notice(view, shown=shown)
    notice = link_state.LinkNotice(view.page, view.study_id, shown.snapshot_id, text)
    link_state.set_notice(notice if text else None)


def _restore_cohort(view: View) -> None:
    state.set_cohort(view.study_id, _cohort(view) or Cohort())
    state.next_form_round(f"cohort.{view.study_id}")
    state.set_counts_all_sites(view.study_id, is_chosen=view.choices["all_sites"])
    if view.choices["part"]:
        state.ask_part(view.page, view.choices["part"])
    # Older links name no choices of the page.
    link_state.ask_page(view.page, view.study_id, view.choices.get("page", {}))


def _notice(view: View, *, shown: Snapshot) -> str:
    """What there is to say about the data cut of a link; empty where it is the current one."""
    current = _current(view.study_id)
    if current is None or current.snapshot_id == view.snapshot_id:
        return ""
    words = GONE if shown.snapshot_id != view.snapshot_id else SHOWN
    if words == SHOWN and current.cut_off == view.cut_off:
        words = LOADED_AGAIN
    return words.format(linked=format_date(view.cut_off), current=format_date(current.cut_off))


def _show(snapshot: Snapshot) -> None:
    state.set_snapshot_id(snapshot.study_id, snapshot.snapshot_id)


def _drop() -> None:
    del st.query_params[link_state.ADDRESS]
