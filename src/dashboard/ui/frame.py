"""The frame round every page: navigation by role, study and data-cut picker, who is signed in, footer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from traceback import walk_stack
from urllib.parse import urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from dashboard.access.roles import Permission, may
from dashboard.access.sessions import SignedIn, revoke_session
from dashboard.errors import AuditUnavailable, BuiltEarlier
from dashboard.store.snapshot import Snapshot
from dashboard.tables.formats import format_date
from dashboard.ui import installation, state
from dashboard.ui.context import (
    OLD_DATA_CUT,
    chosen_snapshot,
    current_user,
    granted_studies,
    require,
    stop_with,
)
from dashboard.ui.sign_in import APP_NAME, sign_in_page
from dashboard.workflow.audit import Event, record
from dashboard.workflow.models import AuditKind
from dashboard.workflow.users import User


@dataclass(frozen=True)
class PageSpec:
    """One page of the application, the right it asks for, and whether it can hide who the patients are."""

    section: str
    path: str
    title: str
    icon: str
    url_path: str
    permission: Permission
    is_shareable: bool = False


PAGES = (
    PageSpec("", "pages/start/home.py", "Home", "home", "", Permission.HOME),
    PageSpec("Review", "pages/review/worklist.py", "Worklist", "checklist", "worklist", Permission.PATIENT),
    PageSpec("Review", "pages/review/patient.py", "Patient", "person", "patient", Permission.PATIENT, True),
    PageSpec("Review", "pages/review/mdt.py", "MDT meetings", "groups", "mdt", Permission.PATIENT),
    PageSpec("Cohort", "pages/cohort/overview.py", "Overview", "dashboard", "overview", Permission.AGGREGATE),
    PageSpec(
        "Cohort", "pages/cohort/survival.py", "Survival", "trending_down", "survival", Permission.AGGREGATE
    ),
    PageSpec(
        "Cohort", "pages/cohort/clearance.py", "Clearance", "water_drop", "clearance", Permission.AGGREGATE
    ),
    PageSpec("Cohort", "pages/cohort/response.py", "Response", "bar_chart", "response", Permission.AGGREGATE),
    PageSpec(
        "Cohort", "pages/cohort/treatment.py", "Treatment", "medication", "treatment", Permission.AGGREGATE
    ),
    PageSpec(
        "Cohort", "pages/cohort/biomarkers.py", "Biomarkers", "genetics", "biomarkers", Permission.AGGREGATE
    ),
    PageSpec(
        "Cohort", "pages/cohort/safety.py", "Safety", "health_and_safety", "safety", Permission.AGGREGATE
    ),
    PageSpec(
        "Conduct",
        "pages/conduct/follow_up.py",
        "Follow-up",
        "event_upcoming",
        "follow-up",
        Permission.PATIENT,
    ),
    PageSpec(
        "Conduct", "pages/conduct/enrolment.py", "Enrolment", "group_add", "enrolment", Permission.AGGREGATE
    ),
    PageSpec(
        "Conduct",
        "pages/conduct/completeness.py",
        "Completeness",
        "grid_on",
        "completeness",
        Permission.AGGREGATE,
    ),
    PageSpec(
        "Conduct", "pages/conduct/queries.py", "Queries", "contact_support", "queries", Permission.QUERIES
    ),
    PageSpec("Admin", "pages/admin/data.py", "Data", "database", "data", Permission.DATA),
    PageSpec(
        "Admin",
        "pages/admin/definitions.py",
        "Study rules",
        "menu_book",
        "study-rules",
        Permission.STUDY_RULES,
    ),
)
HOME = PAGES[0]


def must_load_again() -> bool:
    """Whether the browser wrongly shows "Page not found" and only loading again takes that back.

    Until some session has reached `st.navigation`, a fresh server runs the frame in Streamlit's older way
    (read in 1.67, `script_runner._mpa_v1`), which knows no page but this one and says so at once.
    """
    if not _asked_path():
        return False
    return any(frame.f_code.co_name == "_mpa_v1" for frame, _line in walk_stack(None))


def _asked_path() -> str:
    """The last part of the address asked for; empty for the start page."""
    return urlsplit(st.context.url or "").path.rpartition("/")[2]


def navigate() -> tuple[Page, SignedIn | None]:
    """The page to run and who is signed in; signed out, every address leads to the sign-in page."""
    signed_in = current_user()
    if signed_in is None:
        return st.navigation(_sign_in_pages(), position="hidden"), None
    return st.navigation(_pages_for(signed_in.user), expanded=True), signed_in


def show(page: Page) -> None:
    """Run the page; where its data cut was built by an earlier version, a sentence says so."""
    try:
        page.run()
    except BuiltEarlier:
        st.info(OLD_DATA_CUT)


def _sign_in_pages() -> list[Page]:
    """Every address with the sign-in page behind it: the one that was asked for is kept for afterwards."""
    pages = [_page(spec, sign_in_page, title="Sign in") for spec in PAGES]
    asked = _asked_path()
    if re.fullmatch(r"[\w.-]+", asked) and asked not in {spec.url_path for spec in PAGES}:
        pages.append(st.Page(sign_in_page, url_path=asked, title="Sign in"))
    return pages


def _pages_for(user: User) -> dict[str, list[Page]]:
    """The pages of the role by section; the address of any other page leads to the recorded refusal."""
    sections: dict[str, list[Page]] = {}
    for spec in PAGES:
        if state.is_sharing() and not spec.is_shareable:
            page = _page(spec, _hidden_while_sharing, title="Hidden", visibility="hidden")
        elif may(user.role, spec.permission):
            page = _page(spec, spec.path, title=spec.title)
        else:
            page = _page(spec, _refusal(spec.permission), title="Not available", visibility="hidden")
        sections.setdefault(spec.section, []).append(page)
    return sections


def _hidden_while_sharing() -> None:
    """In place of a page that names patients, dates or data cuts."""
    stop_with("This page is hidden while you share your screen. The page Patient shows study days only.")


def _page(spec: PageSpec, content: str | Callable[[], None], **options: str) -> Page:
    icon = f":material/{spec.icon}:"
    return st.Page(content, icon=icon, url_path=spec.url_path, default=spec is HOME, **options)  # type: ignore[arg-type]


def _refusal(permission: Permission) -> Callable[[], None]:
    def refused() -> None:
        require(permission)

    return refused


def sidebar(signed_in: SignedIn) -> None:
    """Study and data cut above the pages (the style block places them); below, who is signed in, sign out."""
    with st.sidebar.container(key="sidebar_study"):
        _pick_study(signed_in.user)
    with st.sidebar.container(key="sidebar_account"):
        st.toggle(
            "Screen share", key=state.SHARING, help="Hides patient ids, birth years and calendar dates."
        )
        if state.is_sharing():
            return
        sites = _sites_text(signed_in.user, state.study_id())
        st.markdown(f":material/account_circle: {signed_in.user.display_name} · {sites}")
        if st.button("Sign out", icon=":material/logout:", type="tertiary"):
            _sign_out(signed_in)


def _pick_study(user: User) -> None:
    studies = granted_studies(user)
    if not studies:
        return
    asked = state.take_asked_study_id()
    if asked in studies:
        state.set_study_id(asked)
    study_id = state.study_id()
    # Written at every step: a page opened by a button would begin with the first study again.
    state.set_study_id(study_id if study_id in studies else next(iter(studies)))
    chosen = st.selectbox(
        "Study", list(studies), format_func=lambda study_id: studies[study_id].short_title, key=state.STUDY
    )
    _pick_snapshot(chosen)


def _pick_snapshot(study_id: str) -> None:
    found = {snapshot.snapshot_id: snapshot for snapshot in installation.snapshots(study_id)}
    preselected = chosen_snapshot(study_id)
    if preselected is None:
        st.caption("No data cut yet")
        return
    # Written at every step: a choice whose picker is hidden would be forgotten.
    state.set_snapshot_id(study_id, preselected.snapshot_id)
    if state.is_sharing():
        return
    st.selectbox(
        "Data cut-off",
        list(found),
        format_func=lambda snapshot_id: _snapshot_label(found[snapshot_id]),
        key=state.snapshot_key(study_id),
    )


def _snapshot_label(snapshot: Snapshot) -> str:
    return format_date(snapshot.cut_off) + (", current" if snapshot.is_current else "")


def _sites_text(user: User, study_id: str | None) -> str:
    sites = user.sites_in(study_id) if study_id else ()
    if sites is None:
        return "all sites"
    return f"site {sites[0]}" if len(sites) == 1 else f"{len(sites)} sites"


def _sign_out(signed_in: SignedIn) -> None:
    now = installation.utc_now()
    event = Event(kind=AuditKind.SIGN_OUT, user_id=signed_in.user.user_id, session_id=signed_in.session_id)
    revoke_session(installation.workflow(), signed_in.session_id, now=now)
    state.end_session("You are signed out.")
    try:
        record(installation.workflow(), event, now=now)
    except AuditUnavailable:
        state.end_session("You are signed out, but this could not be recorded.")
    st.rerun()


def body() -> DeltaGenerator:
    """Where page and footer are drawn: after a change of study or data cut not where they were before.

    What Streamlit drew stays, greyed, until it is drawn over, so the numbers of one study would stand under
    the name of the next; an emptied place has none.
    """
    study_id = state.study_id()
    snapshot = chosen_snapshot(study_id) if study_id else None
    is_second = state.is_second_place((study_id, snapshot.snapshot_id if snapshot else None))
    if is_second:
        st.empty()
    place = st.container()
    if not is_second:
        st.empty()
    return place


def footer(signed_in: SignedIn) -> None:
    """What the page shows and from when: study, data cut, snapshot, rules, application."""
    studies = granted_studies(signed_in.user)
    study = studies.get(state.study_id() or "")
    snapshot = chosen_snapshot(study.study_id) if study else None
    parts = [f"{APP_NAME} {version('ctdna-dashboard')}", "research use, not for treatment selection"]
    if study and snapshot and state.is_sharing():
        parts = ["study days only: the screen is shared", *parts]
    elif study and snapshot:
        cut = f"data cut-off **{format_date(snapshot.cut_off)}** · snapshot `{snapshot.snapshot_id}`"
        rules = f"rules `{snapshot.manifest['rules']}`" if snapshot.manifest.get("rules") else ""
        parts = [study.title, "synthetic sample data" if study.sample else "", cut, rules, *parts]
    with st.container(key="page_footer"):
        st.caption(" · ".join(part for part in parts if part))
