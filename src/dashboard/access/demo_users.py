"""Users of a demonstration: one per role and one limited to one site, all with one published password."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from dashboard.access.passwords import hash_password
from dashboard.workflow.models import Role
from dashboard.workflow.users import NewUser, StudyGrant, add_users

DEMO_PASSWORD = "demo-ctdna-2026"  # published on purpose; the app refuses it beside real patient data

# User name, name on screen, role, whether limited to the first site of each study.
DEMO_PEOPLE = (
    ("oncologist", "Oncologist", Role.CLINICIAN, False),
    ("oncologist-site", "Oncologist", Role.CLINICIAN, True),
    ("investigator", "Investigator", Role.INVESTIGATOR, False),
    ("coordinator", "Coordinator", Role.COORDINATOR, False),
    ("admin", "Administrator", Role.ADMINISTRATOR, False),
)


def create_demo_users(engine: Engine, first_sites: Mapping[str, str], *, now: datetime) -> None:
    """Add the demonstration users, granted the studies named in `first_sites` (study id to first site id).

    Raises `UserExists` if they are there.
    """
    password_hash = hash_password(DEMO_PASSWORD)
    users = [
        NewUser(
            username=username,
            display_name=display_name,
            password_hash=password_hash,
            role=role,
            grants=[
                StudyGrant(study_id, (site_id,) if is_limited else None)
                for study_id, site_id in first_sites.items()
            ],
            is_demo=True,
        )
        for username, display_name, role, is_limited in DEMO_PEOPLE
    ]
    add_users(engine, users, now=now)
