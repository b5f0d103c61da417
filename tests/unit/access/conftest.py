"""A workflow database with two users, quick to check: bcrypt at its lowest cost."""

from datetime import UTC, datetime

import bcrypt
import pytest

from dashboard.workflow.models import Role
from dashboard.workflow.users import NewUser, StudyGrant, add_users, set_active

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PASSWORD = "right-password"


def quick_hash(password):
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def database(empty_database):
    engine = empty_database
    add_users(
        engine,
        [
            NewUser(
                username="ada",
                display_name="Dr Ada",
                password_hash=quick_hash(PASSWORD),
                role=Role.CLINICIAN,
                grants=[StudyGrant("k4care", ("01",)), StudyGrant("cdk46")],
            ),
            NewUser(
                username="gone",
                display_name="Left the hospital",
                password_hash=quick_hash(PASSWORD),
                role=Role.CLINICIAN,
            ),
        ],
        now=NOON,
    )
    set_active(engine, "gone", is_active=False)
    return engine
