"""What this installation has: settings, workflow database, studies, data cuts."""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from dashboard.access.auth import SignInOptions
from dashboard.access.demo_users import create_demo_users
from dashboard.access.sessions import SessionLimits
from dashboard.errors import DashboardError, UserExists
from dashboard.settings import Settings, load_settings
from dashboard.store.snapshot import Snapshot, list_snapshots, list_studies
from dashboard.studies.load import load_study
from dashboard.studies.schema import Study
from dashboard.workflow.database import Engine, open_workflow
from dashboard.workflow.users import count_users, has_demo_users

DEFINITION = "study.toml"


def utc_now() -> datetime:
    """The moment, in UTC: the one clock of the pages."""
    return datetime.now(UTC)


def settings() -> Settings:
    """The settings of this installation."""
    return load_settings()


def sign_in_options() -> SignInOptions:
    """Limits of sessions and attempts in force."""
    limits = SessionLimits(life=settings().session_life, idle=settings().idle_limit)
    return SignInOptions(session=limits)


def workflow() -> Engine:
    """The workflow database; at the first start of a demonstration its users are made."""
    engine = _open_workflow(settings().workflow_url)
    _welcome_demo(settings().workflow_url)
    return engine


@st.cache_resource(show_spinner=False)
def _open_workflow(url: str) -> Engine:
    return open_workflow(url)


@st.cache_resource(show_spinner=False)
def _welcome_demo(url: str) -> None:
    engine = _open_workflow(url)
    studies = all_studies()
    if count_users(engine) or not studies or real_study_ids() or not all(s.sample for s in studies.values()):
        return
    first_sites = {study_id: study.recruitment.sites[0].site_id for study_id, study in studies.items()}
    try:
        create_demo_users(engine, first_sites, now=utc_now())
    except UserExists:
        return  # another process of the same installation was first


def study_folders() -> list[Path]:
    """The folders that hold a study definition, by name."""
    return sorted(path.parent for path in settings().studies.glob(f"*/{DEFINITION}"))


def all_studies() -> dict[str, Study]:
    """Every study whose definition can be read, by its id."""
    found = [_study_or_none(folder) for folder in study_folders()]
    return {study.study_id: study for study in found if study is not None}


def _study_or_none(folder: Path) -> Study | None:
    """A definition with errors closes its own study, not the others; `dashboard check` prints the errors."""
    try:
        return _load_study(str(folder), (folder / DEFINITION).stat().st_mtime_ns)
    except (DashboardError, OSError):
        return None


@st.cache_resource(show_spinner=False, max_entries=64)
def _load_study(folder: str, changed_ns: int) -> Study:
    return load_study(Path(folder))


def snapshots(study_id: str) -> list[Snapshot]:
    """The data cuts of a study, newest first."""
    return list_snapshots(settings().store, study_id)


@st.cache_data(show_spinner=False, ttl=30)
def _stored_study_ids(store: str) -> list[str]:
    return list_studies(Path(store))


def real_study_ids() -> list[str]:
    """The studies with data in the store that are not known to be samples; unknown ones count as real."""
    known = all_studies()
    stored = _stored_study_ids(str(settings().store))
    return [study_id for study_id in stored if study_id not in known or not known[study_id].sample]


def start_problem() -> str | None:
    """Why the app must not open now: published passwords would open real patient data."""
    real = real_study_ids()
    if not real or not has_demo_users(workflow()):
        return None
    return (
        f"The store holds data that are not sample data ({', '.join(real)}), and users with the published "
        "demonstration password can still sign in. Give each of them a new password or switch them off, "
        "or use a separate store for the demonstration. Then reload this page."
    )
