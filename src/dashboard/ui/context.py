"""Who is asking, and what they may see: the first thing every page fetches."""

from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st

from dashboard.access.roles import Permission, may
from dashboard.access.sessions import SignedIn, find_session
from dashboard.errors import AuditUnavailable
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.ui import installation, state
from dashboard.workflow.audit import Event, record, record_patient_opened
from dashboard.workflow.models import AuditKind
from dashboard.workflow.users import User

__all__ = ["PageContext", "Permission", "current_user", "require"]

SIGN_IN_NOTICE = "Please sign in to see this page."
REFUSAL = "This page is not available to you. If you need it, ask your administrator."
NO_AUDIT = "This cannot be shown, because it could not be recorded. Please tell your administrator."
SESSION_ENDED = "Your session has ended. Please sign in again."
OLD_DATA_CUT = (
    "This data cut was built by an earlier version of the application, without what this page shows. "
    "Build it again to see it."
)


@dataclass(frozen=True)
class PageContext:
    """What a page works with. Study, snapshot and reader stop the page with a notice where there is none."""

    user: User
    session_id: int
    studies: dict[str, Study]

    @property
    def study(self) -> Study:
        """The chosen study, else the first of those granted."""
        if not self.studies:
            stop_with("No study has been granted to you yet. Please ask your administrator.")
        chosen = state.study_id()
        return self.studies.get(chosen or "") or next(iter(self.studies.values()))

    @property
    def snapshot(self) -> Snapshot:
        """The chosen data cut of the study, else the current one."""
        snapshot = chosen_snapshot(self.study.study_id)
        if snapshot is None:
            stop_with(f"{self.study.title} has no data cut yet. Build one with `dashboard build`.")
        return snapshot

    @property
    def reader(self) -> Reader:
        """The way to the rows of this data cut at the sites the user may see."""
        return self.reader_of(self.snapshot)

    def require_data(self, title: str) -> None:
        """Stop under the page's title where the chosen study has no data cut yet."""
        if chosen_snapshot(self.study.study_id) is None:
            st.title(title, anchor=False)
            _ = self.snapshot

    def reader_of(self, snapshot: Snapshot) -> Reader:
        """The same for another data cut or study; a study not granted has no rows."""
        return Reader(snapshot, self.user.sites_in(snapshot.study_id))

    def may(self, permission: Permission) -> bool:
        """Whether the user's role has a further right, for parts of a page."""
        return may(self.user.role, permission)

    def record_patient_opened(self, patient_id: str) -> None:
        """Write to the audit trail that this patient is opened, before any of the data are read.

        Once per session, patient and snapshot. Stops the page when it cannot be written.
        """
        event = self._event(AuditKind.PATIENT_OPENED, patient_id=patient_id)
        try:
            record_patient_opened(installation.workflow(), event, now=installation.utc_now())
        except AuditUnavailable:
            stop_with(NO_AUDIT)

    def record_export(self, what: str, *, patient_id: str | None = None, **detail: Any) -> None:
        """Write to the audit trail that `what` is exported, before it is; stops the page if it cannot."""
        event = self._event(AuditKind.EXPORT, patient_id=patient_id, what=what, **detail)
        try:
            record(installation.workflow(), event, now=installation.utc_now())
        except AuditUnavailable:
            stop_with(NO_AUDIT)

    def record_refused_link(self, what: str) -> None:
        """Write to the audit trail that an address led nowhere; stops the page if it cannot."""
        event = self._event(AuditKind.REFUSED, patient_id=None, link=what)
        try:
            record(installation.workflow(), event, now=installation.utc_now())
        except AuditUnavailable:
            stop_with(NO_AUDIT)

    def _event(self, kind: AuditKind, *, patient_id: str | None, **detail: Any) -> Event:
        return Event(
            kind=kind,
            user_id=self.user.user_id,
            session_id=self.session_id,
            study_id=self.study.study_id,
            patient_id=patient_id,
            snapshot_id=self.snapshot.snapshot_id,
            detail=detail,
        )


def current_user() -> SignedIn | None:
    """Who is signed in, asked of the database at every step; None when nobody is.

    The only place that knows how somebody proves who they are: single sign-on would be asked here.
    """
    token = state.session_token()
    if token is None or installation.start_problem():
        return None
    limits = installation.sign_in_options().session
    found = find_session(installation.workflow(), token, now=installation.utc_now(), limits=limits)
    if found is None:
        state.end_session(SESSION_ENDED)
    return found


def require(permission: Permission) -> PageContext:
    """What the page may work with; stops it when nobody is signed in or the role lacks the right."""
    signed_in = current_user()
    if signed_in is None:
        st.info(SIGN_IN_NOTICE, icon=":material/lock:")
        st.stop()
    if not may(signed_in.user.role, permission):
        refuse(signed_in, permission)
    return PageContext(signed_in.user, signed_in.session_id, granted_studies(signed_in.user))


def refuse(signed_in: SignedIn, permission: Permission) -> NoReturn:
    """Stop with the neutral refusal, and record it."""
    event = Event(
        kind=AuditKind.REFUSED,
        user_id=signed_in.user.user_id,
        session_id=signed_in.session_id,
        detail={"permission": permission.value},
    )
    try:
        record(installation.workflow(), event, now=installation.utc_now())
    except AuditUnavailable:
        stop_with(NO_AUDIT)
    stop_with(REFUSAL)


def granted_studies(user: User) -> dict[str, Study]:
    """The studies the user may see and whose definition can be read, by id."""
    known = installation.all_studies()
    return {study_id: known[study_id] for study_id in user.study_ids if study_id in known}


def chosen_snapshot(study_id: str) -> Snapshot | None:
    """The chosen data cut of a study, else the current one, else the newest; None without any."""
    found = installation.snapshots(study_id)
    chosen = [snapshot for snapshot in found if snapshot.snapshot_id == state.snapshot_id(study_id)]
    current = [snapshot for snapshot in found if snapshot.is_current]
    return next(iter([*chosen, *current, *found]), None)


def stop_with(notice: str) -> NoReturn:
    """Show a notice in place of the rest of the page."""
    st.info(notice)
    st.stop()
