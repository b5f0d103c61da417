"""The workflow database: its migrations, and an audit trail nobody can change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from dashboard.errors import AuditUnavailable, NoSuchUser, UserExists
from dashboard.workflow.audit import Event, read_events, record, record_patient_opened
from dashboard.workflow.database import MIGRATIONS, open_workflow
from dashboard.workflow.entries import Base
from dashboard.workflow.models import AuditKind, Role
from dashboard.workflow.users import (
    NewUser,
    StudyGrant,
    add_users,
    count_users,
    has_demo_users,
    list_users,
    set_active,
    set_password,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(empty_database):
    return empty_database


def person(username, **more):
    return NewUser(username=username, display_name="A", password_hash="x", role=Role.CLINICIAN, **more)


def opened(patient_id, *, snapshot_id="cut-1", session_id=None):
    return Event(
        kind=AuditKind.PATIENT_OPENED,
        session_id=session_id,
        study_id="k4care",
        patient_id=patient_id,
        snapshot_id=snapshot_id,
    )


def add_session(engine):
    add_users(engine, [person("ada")], now=NOON)
    ada = list_users(engine)[0].user_id
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into user_session (id, token_hash, user_id, created_at, last_seen_at, expires_at) "
                "values (1, 'a', :ada, '2026-06-01', '2026-06-01', '2026-06-02'), "
                "(2, 'b', :ada, '2026-06-01', '2026-06-01', '2026-06-02')"
            ),
            {"ada": ada},
        )


def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    with database.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_sqlite_writes_ahead_and_checks_foreign_keys(tmp_path):
    database = open_workflow(f"sqlite:///{tmp_path / 'workflow.sqlite'}")
    with database.connect() as connection:
        assert connection.execute(text("pragma journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("pragma foreign_keys")).scalar_one() == 1
    database.dispose()


def test_opening_again_keeps_what_is_there(open_database):
    add_users(open_database(), [person("ada")], now=NOON)
    assert [user.username for user in list_users(open_database())] == ["ada"]


def test_a_database_of_the_first_revision_is_brought_up_to_date_with_its_rows(workflow_url, open_database):
    if workflow_url.startswith("sqlite"):
        Path(make_url(workflow_url).database).parent.mkdir(parents=True)
    old = create_engine(workflow_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    add_users(old, [person("ada")], now=NOON)
    assert "mdt_decision" not in inspect(old).get_table_names()
    old.dispose()
    now = open_database()
    assert "mdt_decision" in inspect(now).get_table_names()
    assert [user.username for user in list_users(now)] == ["ada"]


def test_processes_that_start_together_migrate_once(open_database):
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _start: open_database(), range(4)))
    add_users(opened[0], [person("ada")], now=NOON)
    assert [count_users(engine) for engine in opened] == [1, 1, 1, 1]


@pytest.mark.parametrize("change", ["update audit_event set kind = 'load'", "delete from audit_event"])
def test_an_audit_event_can_be_neither_changed_nor_removed(database, change):
    record(database, Event(kind=AuditKind.LOAD, study_id="k4care"), now=NOON)
    with pytest.raises(DBAPIError, match="append only"), database.begin() as connection:
        connection.execute(text(change))
    assert [event.kind for event in read_events(database)] == [AuditKind.LOAD]


def test_a_patient_opened_is_recorded_once_per_session_and_snapshot(database):
    add_session(database)
    for event in (
        opened("P1", session_id=1),
        opened("P1", session_id=1),
        opened("P2", session_id=1),
        opened("P1", session_id=2),
        opened("P1", session_id=1, snapshot_id="cut-2"),
        opened("P1", session_id=1),
    ):
        record_patient_opened(database, event, now=NOON)
    kept = [(e.session_id, e.patient_id, e.snapshot_id) for e in reversed(read_events(database))]
    assert kept == [(1, "P1", "cut-1"), (1, "P2", "cut-1"), (2, "P1", "cut-1"), (1, "P1", "cut-2")]


def test_an_event_of_an_unknown_session_is_an_error_not_a_silence(database):
    with pytest.raises(AuditUnavailable):
        record(database, Event(kind=AuditKind.EXPORT, session_id=99), now=NOON)
    with pytest.raises(AuditUnavailable):
        record_patient_opened(database, opened("P1", session_id=99), now=NOON)


def test_an_audit_trail_that_cannot_be_written_is_an_error(database):
    with database.begin() as connection:
        connection.execute(text("alter table audit_event rename to lost"))
    with pytest.raises(AuditUnavailable):
        record_patient_opened(database, opened("P1"), now=NOON)


def test_a_moment_without_time_zone_is_refused(database):
    with pytest.raises(AuditUnavailable):
        record(database, Event(kind=AuditKind.LOAD), now=datetime(2026, 6, 1))


def test_users_are_added_all_or_none(database):
    with pytest.raises(UserExists, match="ada"):
        add_users(database, [person("bob"), person("ada"), person("ADA ")], now=NOON)
    assert count_users(database) == 0


def test_a_demonstration_user_is_one_until_the_password_changes_or_the_user_is_switched_off(database):
    add_users(database, [person("ada", is_demo=True), person("bob", is_demo=True)], now=NOON)
    assert has_demo_users(database)
    set_password(database, "ada", password_hash="y")
    assert has_demo_users(database)
    set_active(database, "bob", is_active=False)
    assert not has_demo_users(database)


def test_no_site_every_site_and_some_sites_are_three_different_things(database):
    grants = [StudyGrant("a", None), StudyGrant("b", ()), StudyGrant("c", ("01", "02"))]
    add_users(database, [person("ada", grants=grants)], now=NOON)
    ada = list_users(database)[0]
    assert [ada.sites_in(study_id) for study_id in "abc"] == [None, (), ("01", "02")]


def test_an_unknown_user_name_is_named(database):
    with pytest.raises(NoSuchUser, match="'nobody'"):
        set_active(database, "nobody", is_active=False)
