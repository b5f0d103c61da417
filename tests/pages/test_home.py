"""Home: what each role deals with, in words that fit the number, and what is new since the last visit."""

import datetime as dt
import re

import duckdb
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.ui.home_needs import BY_ROLE, Need
from dashboard.workflow.entries import UserChoice
from dashboard.workflow.history import Author
from dashboard.workflow.last_looked import HOME, WORKLIST, last_look, look_at
from dashboard.workflow.meetings import plan_meeting
from dashboard.workflow.models import Role, UserAccount
from tests.pages.said import said, technical_words

TODAY = dt.datetime.now(dt.UTC)


def lines(app):
    """The lines that lead to a page, by the page they open."""
    found = {}
    for button in app.main.button:
        _, study, page, _ = str(button.key).split(".", 3)
        found.setdefault((study, page), []).append(button.label.replace("**", ""))
    return found


def user_id(database, username):
    with Session(database) as session:
        return session.scalars(select(UserAccount.id).where(UserAccount.username == username)).one()


@pytest.mark.parametrize(
    ("username", "address", "words"),
    [
        ("oncologist", "worklist", "with a reason to look, as before"),
        ("investigator", "overview", "question waiting for a ruling by the PI"),
        ("coordinator", "follow-up", "follow-up items overdue"),
    ],
)
def test_each_role_is_led_to_its_own_work_first(open_app, username, address, words):
    app = open_app(username)
    assert not app.exception
    assert technical_words(app) == []
    found = lines(app)
    assert any(line.endswith(words) for line in found["alpha", address])
    assert not any(study == "beta" for study, _ in found), "a study without a data cut has nothing to do"


def test_a_line_opens_its_page_on_its_study(open_app):
    app = open_app("coordinator")
    next(one for one in app.main.button if ".follow-up." in str(one.key)).click().run()
    assert app.title[0].value == "Follow-up"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("row not loaded", "rejected"),
        ("laboratory results not linked to a patient", "unlinked"),
        ("blocking the primary result", "issues"),
    ],
)
def test_a_line_about_the_data_opens_the_part_where_it_is_dealt_with(open_app, monkeypatch, words, part):
    monkeypatch.setattr("dashboard.ui.follow_up_data.unlinked_of", lambda reader: 3)
    monkeypatch.setattr("dashboard.ui.home_needs.n_blocking", lambda found, *, chased: 2)
    app = open_app("coordinator")
    next(one for one in app.main.button if words in one.label).click().run()
    assert not app.exception
    assert not app.warning
    assert app.title[0].value == "Data"
    assert app.segmented_control(key="data.part").value == part


def test_an_administrator_counts_no_patients(open_app):
    pages = {page for _, page in lines(open_app("admin"))}
    assert pages <= {"data", "overview"}


def test_what_waits_for_nobody_is_said_in_one_line(open_app):
    app = open_app("oncologist")
    said_none = next(one.value for one in app.main.caption if one.value.startswith("At 0 today: "))
    assert "MDT actions overdue" in said_none
    assert not any("MDT actions overdue" in line for found in lines(app).values() for line in found)


def test_a_meeting_ahead_is_counted_and_one_that_was_is_not(open_app, database):
    author = Author(user_id=user_id(database, "oncologist"), at=TODAY, session_id=None)
    for days in (-1, 0, 3):
        held_on = TODAY.date() + dt.timedelta(days=days)
        plan_meeting(database, "alpha", held_on=held_on, title=f"MDT {days}", author=author)
    found = lines(open_app("oncologist"))["alpha", "mdt"]
    assert [line for line in found if line.startswith("2 MDT meetings ahead, the next on")]


@pytest.mark.parametrize(("n", "words"), [(0, "windows"), (1, "window"), (2, "windows")])
def test_the_words_fit_the_number(n, words):
    assert Need(n=n, one="window", many="windows", url_path="follow-up").words == words


@pytest.mark.parametrize(
    ("username", "is_told"), [("coordinator", True), ("admin", True), ("oncologist", False)]
)
def test_results_without_a_patient_are_a_line_for_who_can_link_them(open_app, monkeypatch, username, is_told):
    monkeypatch.setattr("dashboard.ui.follow_up_data.unlinked_of", lambda reader: 3)
    expected = "**3** laboratory results not linked to a patient"
    text = " ".join([said(open_app(username)), *(one.label for one in open_app(username).main.button)])
    assert (expected in text) is is_told


def test_who_sees_some_sites_is_told_nothing_of_results_without_a_patient(open_app, limit_to_site):
    limit_to_site("coordinator", "01")
    assert "not linked to a patient" not in said(open_app("coordinator"))


def test_every_role_has_something_to_do():
    assert set(BY_ROLE) == set(Role)


def test_a_first_visit_has_nothing_new_and_a_later_one_names_the_newer_data_cut(open_app, database):
    assert "New since" not in said(open_app("oncologist"))
    with Session(database) as session, session.begin():
        row = session.scalars(select(UserChoice).where(UserChoice.name == HOME)).one()
        before = {**row.value["now"], "session": 0, "snapshot_id": "2026-03-01-0123abcd"}
        row.value = {"now": before, "before": None}
    assert "data cut of 29 May 2026 (was 1 Mar 2026), with news of 0 patients" in said(open_app("oncologist"))


def test_a_later_visit_to_the_same_data_cut_says_that_nothing_is_new(open_app, database):
    assert "Nothing new" not in said(open_app("oncologist"))
    with Session(database) as session, session.begin():
        row = session.scalars(select(UserChoice).where(UserChoice.name == HOME)).one()
        row.value = {"now": {**row.value["now"], "session": 0}, "before": None}
    shown = said(open_app("oncologist"))
    assert re.search(r"Nothing new since your visit of .*: the same data cut of 29 May 2026\.", shown)
    assert "New since" not in shown


def test_a_later_visit_counts_the_one_patient_whose_result_was_corrected(open_app, installation, database):
    older = installation.store / "alpha" / "2026-03-01-0123abcd" / "store.duckdb"
    with duckdb.connect(str(older)) as connection:
        connection.execute("update variant set maf_ppm = 4100 where sample_id = 'A1'")
    open_app("oncologist")
    with Session(database) as session, session.begin():
        row = session.scalars(select(UserChoice).where(UserChoice.name == HOME)).one()
        before = {**row.value["now"], "session": 0, "snapshot_id": "2026-03-01-0123abcd"}
        row.value = {"now": before, "before": None}
    assert "(was 1 Mar 2026), with news of 1 patient" in said(open_app("oncologist"))
    assert "with news of 1 patients" not in said(open_app("oncologist"))


def test_a_look_at_home_does_not_count_as_a_look_at_the_worklist(open_app, database):
    open_app("oncologist")
    author = Author(user_id=user_id(database, "oncologist"), at=TODAY, session_id=99)
    assert last_look(database, "alpha", author=author, place=WORKLIST) is None
    assert last_look(database, "alpha", author=author, place=HOME) is not None


def test_asking_for_the_last_look_keeps_nothing(database):
    author = Author(user_id=user_id(database, "oncologist"), at=TODAY, session_id=1)
    later = Author(user_id=author.user_id, at=TODAY, session_id=2)
    assert last_look(database, "alpha", author=author) is None
    look_at(database, "alpha", "one", author=author)
    assert last_look(database, "alpha", author=author) is None
    assert last_look(database, "alpha", author=later).snapshot_id == "one"
    assert look_at(database, "alpha", "two", author=later).snapshot_id == "one"
    assert last_look(database, "alpha", author=later).snapshot_id == "one"
