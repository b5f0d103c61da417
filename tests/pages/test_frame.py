"""The frame: sign-in, what a session shows, pickers, and when the application stays closed."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from dashboard.access.auth import Refusal
from dashboard.access.demo_users import DEMO_PASSWORD
from dashboard.access.sessions import revoke_session
from dashboard.ui.context import NO_AUDIT, SESSION_ENDED
from dashboard.ui.sign_in import APP_NAME
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from dashboard.workflow.users import NewUser, Role, add_users, set_password
from tests.pages.real_snapshot import real_snapshot
from tests.pages.said import said

APP = Path(__file__).resolve().parents[2] / "app.py"


def fill_form(app, username, password):
    app.text_input[0].input(username)
    app.text_input[1].input(password)
    app.button[0].click().run()
    return app


def titles(app):
    return [title.value for title in app.title]


def button(app, label):
    return next(button for button in app.button if button.label == label)


def test_signed_out_there_is_the_sign_in_page_and_nothing_else(open_app):
    app = open_app(None)
    assert titles(app) == ["ctDNA monitor"]
    assert [field.label for field in app.text_input] == ["User name", "Password"]
    assert [b.label for b in app.button] == ["Sign in"]
    assert not app.sidebar.children


def test_the_form_lets_in_who_knows_the_password(open_app, database):
    app = fill_form(open_app(None), "investigator", DEMO_PASSWORD)
    assert titles(app) == ["Home"]
    assert read_events(database)[0].kind is AuditKind.SIGN_IN


@pytest.mark.parametrize(("username", "password"), [("investigator", "wrong"), ("nobody", DEMO_PASSWORD)])
def test_the_form_refuses_anybody_else_with_one_text(open_app, username, password):
    app = fill_form(open_app(None), username, password)
    assert titles(app) == ["ctDNA monitor"]
    assert [error.value for error in app.error] == [Refusal.NEUTRAL.value]


def test_the_first_start_of_a_demonstration_makes_its_users(installation):
    app = AppTest.from_file(APP, default_timeout=30).run()
    assert any(DEMO_PASSWORD in info.value for info in app.info)
    fill_form(app, "coordinator", DEMO_PASSWORD)
    assert titles(app) == ["Home"]


def test_no_demonstration_users_are_made_beside_a_real_study(installation):
    installation.add_study("gamma", "Study Gamma", sample=False)
    app = AppTest.from_file(APP, default_timeout=30).run()
    assert not app.info
    fill_form(app, "coordinator", DEMO_PASSWORD)
    assert [error.value for error in app.error] == [Refusal.NEUTRAL.value]


def test_sign_out_ends_the_session_for_good(open_app, database):
    app = open_app("oncologist")
    token = app.session_state["session_token"]
    button(app, "Sign out").click().run()
    assert titles(app) == ["ctDNA monitor"]
    assert read_events(database)[0].kind is AuditKind.SIGN_OUT
    app.session_state["session_token"] = token
    app.run()
    assert titles(app) == ["ctDNA monitor"]


def test_a_session_revoked_meanwhile_ends_at_the_next_step_and_forgets_the_patient(open_app, database):
    app = open_app("oncologist")
    app.session_state["patient_id"] = ("alpha", "P1")
    revoke_session(database, 1, now=datetime.now(UTC))
    app.run()
    assert titles(app) == ["ctDNA monitor"]
    assert SESSION_ENDED in [info.value for info in app.info]
    assert "patient_id" not in app.session_state


def test_a_user_limited_to_a_site_sees_the_patients_of_that_site(open_app):
    assert said(open_app("oncologist")).count("20 enrolled of ") == 1
    assert said(open_app("oncologist-site")).count("11 enrolled at your sites (01); ") == 1


def test_the_chosen_data_cut_stays_when_the_page_changes(open_app):
    app = open_app("investigator")
    older = next(s for s in app.selectbox if s.label == "Data cut-off")
    older.select("2026-03-01-0123abcd").run()
    app.switch_page("pages/admin/definitions.py").run()
    assert next(s.value for s in app.selectbox if s.label == "Data cut-off") == "2026-03-01-0123abcd"
    assert "1 Mar 2026" in app.caption[-1].value


def test_the_foot_of_a_page_names_study_data_cut_rules_and_application(open_app):
    foot = open_app("investigator").caption[-1].value
    rules = real_snapshot().manifest["rules"]
    assert foot == (
        "Study Alpha · synthetic sample data · data cut-off **29 May 2026** · "
        f"snapshot `2026-05-29-0123abcd` · rules `{rules}` · {APP_NAME} {version('ctdna-dashboard')} · "
        "research use, not for treatment selection"
    )


def test_each_study_keeps_its_own_data_cut(open_app):
    app = open_app("investigator")
    next(s for s in app.selectbox if s.label == "Data cut-off").select("2026-03-01-0123abcd").run()
    next(s for s in app.selectbox if s.label == "Study").select("beta").run()
    assert "No data cut yet" in [caption.value for caption in app.sidebar.caption]
    next(s for s in app.selectbox if s.label == "Study").select("alpha").run()
    assert next(s.value for s in app.selectbox if s.label == "Data cut-off").startswith("2026-")


def place_of_page(app):
    """Which of the two places has the page; the other one is empty, so nothing drawn there before is left."""
    places = [bool(getattr(node, "children", {})) for node in app.main.children.values()][-2:]
    assert sorted(places) == [False, True]
    return places.index(True)


def test_another_study_or_data_cut_is_drawn_in_another_place_and_a_rerun_is_not(open_app):
    app = open_app("coordinator").switch_page("pages/conduct/completeness.py").run()
    first = place_of_page(app)
    assert place_of_page(app.run()) == first
    app.selectbox(key="snapshot_id.alpha").select_index(1).run()
    assert place_of_page(app) != first
    assert place_of_page(app.run()) != first
    app.selectbox(key="study_id").select("beta").run()
    assert place_of_page(app) == first
    app.selectbox(key="study_id").select("alpha").run()
    assert place_of_page(app) != first


def test_a_data_cut_that_is_pruned_meanwhile_gives_way_to_the_current_one(open_app, installation):
    app = open_app("investigator")
    next(s for s in app.selectbox if s.label == "Data cut-off").select("2026-03-01-0123abcd").run()
    (installation.store / "alpha" / "2026-03-01-0123abcd" / "manifest.json").unlink()
    app.run()
    assert not app.exception
    assert next(s.value for s in app.selectbox if s.label == "Data cut-off") == "2026-05-29-0123abcd"


def offered_cuts(app):
    return next(s.options for s in app.selectbox if s.label == "Data cut-off")


def test_a_newly_published_data_cut_shows_at_the_next_redraw_of_every_session(open_app, installation):
    sessions = [open_app("investigator"), open_app("coordinator")]
    for app in sessions:
        assert offered_cuts(app) == ["29 May 2026, current", "1 Mar 2026"]
    installation.add_snapshot("alpha", "2026-06-30")
    for app in sessions:
        assert offered_cuts(app.run()) == ["30 Jun 2026, current", "29 May 2026", "1 Mar 2026"]


def test_a_study_that_vanishes_meanwhile_gives_way_to_the_first(open_app, installation):
    app = open_app("investigator")
    next(s for s in app.selectbox if s.label == "Study").select("beta").run()
    (installation.studies / "beta" / "study.toml").unlink()
    app.run()
    assert not app.exception
    assert next(s.value for s in app.selectbox if s.label == "Study") == "alpha"


def test_a_user_without_studies_is_told_so(open_app, database):
    new = NewUser(username="new", display_name="New", password_hash="x", role=Role.CLINICIAN)
    add_users(database, [new], now=datetime.now(UTC))
    app = open_app("new")
    assert not app.exception
    assert ["No study has been granted" in info.value for info in app.info] == [True]


def test_a_study_that_cannot_be_read_closes_only_itself(open_app, installation):
    (installation.studies / "beta" / "study.toml").write_text("not toml", encoding="utf-8")
    app = open_app("investigator")
    assert not app.exception
    assert next(s.options for s in app.selectbox if s.label == "Study") == ["Study Alpha"]


@pytest.mark.parametrize("username", [None, "admin"])
def test_the_application_stays_closed_while_demonstration_users_stand_beside_real_data(
    open_app, installation, username
):
    installation.add_study("gamma", "Study Gamma", sample=False)
    installation.add_snapshot("gamma", "2026-05-29")
    app = open_app(username)
    assert titles(app) == ["ctDNA monitor"]
    assert not app.text_input
    assert ["gamma" in error.value for error in app.error] == [True]


def test_a_real_study_without_data_does_not_close_it(open_app, installation):
    installation.add_study("gamma", "Study Gamma", sample=False)
    assert titles(open_app("admin")) == ["Home"]


def test_a_stored_study_whose_definition_is_gone_counts_as_real(open_app, installation):
    installation.add_snapshot("gamma", "2026-05-29")
    assert not open_app("admin").text_input


def test_it_opens_again_once_every_demonstration_user_has_a_password_of_their_own(
    open_app, installation, database
):
    installation.add_study("gamma", "Study Gamma", sample=False)
    installation.add_snapshot("gamma", "2026-05-29")
    for username in ("oncologist", "oncologist-site", "investigator", "coordinator", "admin"):
        set_password(database, username, password_hash="x")
    assert titles(open_app("admin")) == ["Home"]


def open_a_patient():
    import streamlit as st

    from dashboard.ui.context import Permission, require

    context = require(Permission.PATIENT)
    context.record_patient_opened("P1")
    st.title("the patient's data")


def patient_page(engine, username="oncologist"):
    from tests.pages.conftest import sign_in_for_test

    app = AppTest.from_function(open_a_patient, default_timeout=30)
    app.session_state["session_token"] = sign_in_for_test(engine, username)
    return app


def test_opening_a_patient_is_recorded_once_before_the_data_are_shown(database):
    app = patient_page(database)
    app.run()
    app.run()
    assert titles(app) == ["the patient's data"]
    events = [e for e in read_events(database) if e.kind is AuditKind.PATIENT_OPENED]
    assert [(e.study_id, e.patient_id, e.snapshot_id) for e in events] == [
        ("alpha", "P1", "2026-05-29-0123abcd")
    ]


def test_a_patient_is_not_shown_when_the_audit_trail_cannot_be_written(database):
    with database.begin() as connection:
        connection.execute(text("alter table audit_event rename to lost"))
    app = patient_page(database).run()
    assert not titles(app)
    assert [info.value for info in app.info] == [NO_AUDIT]
