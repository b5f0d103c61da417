"""The page Queries by role: raise, answer, close, reopen, dismiss; what each may see and do."""

from datetime import UTC, date, datetime

import duckdb
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.ui.queries import HIDDEN, NONE_YET
from dashboard.ui.query_card import OTHER_PERSON
from dashboard.ui.query_question import PLEASE_CHECK
from dashboard.ui.query_raise import OLD_CUT
from dashboard.workflow.audit import read_events
from dashboard.workflow.history import Author
from dashboard.workflow.models import AuditKind, UserAccount
from dashboard.workflow.queries import NewQuery, open_queries
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import read_queries
from dashboard.workflow.query_states import State, Step
from tests.pages.said import said, technical_words

PAGE = "pages/conduct/queries.py"
EVERYBODY = ("oncologist", "oncologist-site", "investigator", "coordinator", "admin")
SCOPE = Scope(study_id="alpha")
CURRENT = "2026-05-29-0123abcd"


@pytest.fixture
def page(open_app):
    def opened(username, part=None):
        app = open_app(username).switch_page(PAGE).run()
        if part is not None:
            app.segmented_control(key="queries.part").set_value(part).run()
        return app

    return opened


def button(app, label):
    return next(one for one in app.main.button if one.label == label)


def labels(app):
    return {one.label for one in app.main.button}


def metrics(app):
    return {metric.label: metric.value for metric in app.main.metric}


def select_row(app, key, *, place=0):
    """Select a row of a table, as a click on it does."""
    app.session_state[key] = {"selection": {"rows": [place], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    return app


def raised_by(page, username, question=None):
    """Ask, as this user, about the one data issue there is."""
    app = page(username, "candidates")
    select_row(app, "queries.candidates.All.1")
    if question is not None:
        area(app, "Question to the site").input(question).run()
    button(app, "Raise").click().run()
    assert not app.exception
    return app


def area(app, label):
    return next(one for one in app.main.text_area if one.label == label)


def opened_by(page, username):
    """The one query, selected in the list."""
    return select_row(page(username), "queries.list.1")


def act(app, label, words=""):
    area(app, "Comment, answer or reason").input(words).run()
    button(app, label).click().run()
    assert not app.exception


def only(database):
    return read_queries(database, SCOPE)[0]


@pytest.mark.parametrize("username", EVERYBODY)
def test_every_role_sees_the_page_and_no_technical_word(page, username):
    app = page(username)
    assert not app.exception
    assert technical_words(app) == []
    assert NONE_YET in said(app)


def test_the_data_issue_nobody_has_asked_about_is_counted_and_listed(page):
    app = page("coordinator", "candidates")
    assert metrics(app)["Not yet asked"] == "1"
    row = app.main.dataframe[0].value.iloc[0]
    assert (row["Site"], row["Patient"]) == ("South", "P13")
    assert "started 3 Feb 2024, ended 5 Jan 2024" in row["What was found"]


def test_a_query_is_raised_answered_and_closed_by_three_people(page, database):
    app = raised_by(page, "coordinator", "Which date is right?")
    assert "1 query raised." in said(app)
    assert metrics(app)["Open"] == "1"
    assert metrics(app)["Not yet asked"] == "0"
    act(opened_by(page, "oncologist"), "Answer", "5 Feb 2024")
    waiting = opened_by(page, "coordinator")
    assert metrics(waiting)["Answered, to be closed"] == "1"
    assert button(waiting, "Close").disabled
    assert OTHER_PERSON in said(waiting)
    act(opened_by(page, "investigator"), "Close")
    assert [(one.step, one.state) for one in only(database).steps] == [
        (Step.OPENED, State.OPEN),
        (Step.ANSWERED, State.ANSWERED),
        (Step.CLOSED, State.CLOSED),
    ]
    history = opened_by(page, "coordinator").main.table[0].value
    assert list(history["Step"]) == ["Raised", "Answered", "Closed"]
    assert list(history["Words"])[:2] == ["Which date is right?", "5 Feb 2024"]


def test_the_query_opened_shows_its_record_as_received_and_the_opening_is_recorded(page, database):
    raised_by(page, "coordinator")
    app = opened_by(page, "investigator")
    record = app.main.dataframe[1].value.set_index("Column")["As received"]
    assert (record["patient_id"], record["ended_on"]) == ("P13", "2024-01-05")
    opened = [event for event in read_events(database) if event.kind is AuditKind.PATIENT_OPENED]
    assert {event.patient_id for event in opened} == {"P13"}


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("oncologist", {"Comment", "Answer"}),
        ("investigator", {"Comment", "Answer", "Dismiss"}),
        ("coordinator", {"Comment", "Answer", "Dismiss"}),
    ],
)
def test_each_role_has_its_own_buttons(page, username, expected):
    raised_by(page, "coordinator")
    assert labels(opened_by(page, username)) & {"Comment", "Answer", "Close", "Reopen", "Dismiss"} == expected


def test_an_answer_without_words_is_not_kept_and_says_so(page, database):
    raised_by(page, "coordinator")
    app = opened_by(page, "oncologist")
    act(app, "Answer", " ")
    assert "The answer is empty" in said(app)
    assert only(database).last.state is State.OPEN


def test_what_somebody_else_did_meanwhile_is_told_and_the_words_stay(page, database):
    raised_by(page, "coordinator")
    late = opened_by(page, "oncologist")
    act(opened_by(page, "investigator"), "Answer", "first")
    area(late, "Comment, answer or reason").input("second")
    button(late, "Answer").click().run()
    assert "Somebody else" in said(late)
    assert area(late, "Comment, answer or reason").value == "second"
    assert [one.comment for one in only(database).steps[1:]] == ["first"]


def test_a_data_issue_is_dismissed_with_its_reason_by_who_may(page, database):
    assert "Dismiss" not in labels(select_row(page("oncologist", "candidates"), "queries.candidates.All.1"))
    app = select_row(page("coordinator", "candidates"), "queries.candidates.All.1")
    area(app, "Why no query is needed").input("The site has confirmed both dates.").run()
    button(app, "Dismiss").click().run()
    assert (only(database).last.state, metrics(app)["Dismissed"]) == (State.DISMISSED, "1")


def test_all_of_a_check_are_asked_about_at_once(page, database):
    app = page("coordinator", "candidates")
    box = next(one for one in app.main.selectbox if one.label == "Check")
    box.select_index(1).run()
    button(app, "Raise 1 query").click().run()
    assert only(database).patient_id == "P13"


def test_a_user_of_one_site_sees_its_queries_alone(page, limit_to_site):
    raised_by(page, "coordinator")
    limit_to_site("oncologist-site", "01")
    north = page("oncologist-site")
    assert (metrics(north)["Open"], metrics(north)["Not yet asked"]) == ("0", "0")
    assert "P13" not in said(north)
    limit_to_site("oncologist-site", "02")
    assert metrics(page("oncologist-site"))["Open"] == "1"


def test_an_administrator_sees_the_query_about_a_whole_check_and_no_patient(page, database):
    raised_by(page, "coordinator")
    whole = NewQuery(
        check_id="DQ40",
        is_systematic=True,
        table_name="",
        row_key="",
        title="First draw after the start of treatment (DQ40)",
        found="systematic: 9 patients, probably the mapping",
    )
    with Session(database) as session:
        who = session.scalars(select(UserAccount).where(UserAccount.username == "coordinator")).one()
    author = Author(user_id=who.id, at=datetime.now(UTC))
    cut = Cut(study_id="alpha", snapshot_id=CURRENT, cut_off=date(2026, 5, 29))
    open_queries(database, [whole], "Is the mapping right?", cut=cut, author=author)
    app = page("admin")
    assert HIDDEN in said(app)
    assert "P13" not in said(app)
    assert list(app.main.dataframe[0].value["About"]) == [whole.title]
    act(select_row(app, "queries.list.2"), "Answer", "Mended in mapping.toml")
    assert metrics(app)["Answered, to be closed"] == "1"
    assert "Close" not in labels(app)
    assert "Export" not in labels(app)


def test_queries_are_not_raised_on_an_earlier_data_cut(page):
    app = page("coordinator", "candidates")
    picker = next(one for one in app.sidebar.selectbox if one.label == "Data cut-off")
    picker.select_index(1).run()
    select_row(app, "queries.candidates.All.1")
    assert OLD_CUT in said(app)
    assert "Raise" not in labels(app)


@pytest.mark.parametrize("layout", ["list", "redcap", "openclinica"])
def test_an_export_is_recorded_with_its_layout(page, database, layout):
    raised_by(page, "coordinator")
    app = page("coordinator")
    next(one for one in app.main.selectbox if one.label == "File").set_value(layout).run()
    button(app, "Export").click().run()
    assert not app.exception
    exported = [event for event in read_events(database) if event.kind is AuditKind.EXPORT]
    assert [event.detail for event in exported] == [{"what": "queries", "layout": layout, "n_queries": 1}]


def test_sites_and_ages_have_their_denominators(page):
    raised_by(page, "coordinator")
    table = page("coordinator", "metrics").main.dataframe[0].value.set_index("")["South"]
    assert (table["Raised"], table["Open"], table["Open 0–7 days"]) == ("1", "1", "1")
    assert table["First answer within 14 days"] == "0 of 0"


def test_a_data_issue_of_the_data_page_leads_to_a_query(open_app, database):
    app = open_app("coordinator").switch_page("pages/admin/data.py").run()
    app.segmented_control(key="data.part").set_value("issues").run()
    select_row(app, "data.issues.All")
    button(app, "Raise").click().run()
    assert only(database).row_key == "P13 | T1"
    assert "1 query raised." in said(app)


def test_a_data_issue_of_the_patient_page_leads_to_a_query(open_app, database):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    next(box for box in app.main.selectbox if box.label == "Patient").select("P13").run()
    select_row(app, "patient.issues.P13.1")
    button(app, "Raise").click().run()
    assert (only(database).patient_id, only(database).check_id) == ("P13", "DQ18")
    assert "Open" in said(app)


def test_any_entry_of_the_timeline_leads_to_a_query_on_its_row(open_app, database):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    next(box for box in app.main.selectbox if box.label == "Patient").select("P1").run()
    entries = next(box for box in app.main.selectbox if box.label.startswith("Ask about an entry"))
    entries.select(next(one for one in entries.options if "KRAS" in one and "1.20" in one)).run()
    next(box for box in app.main.selectbox if box.label == "About").set_value("maf_ppm").run()
    area(app, "Question to the site").input("Per cent or fraction?").run()
    button(app, "Raise").click().run()
    query = only(database)
    assert (query.table_name, query.row_key, query.column_name) == (
        "variant",
        "A1 | KRAS | p.G12D",
        "maf_ppm",
    )
    assert (query.check_id, query.site_id, query.row_values["maf_ppm"]) == (None, "01", "12000.000")


def test_nothing_is_shown_while_the_screen_is_shared(page):
    raised_by(page, "coordinator")
    app = page("coordinator")
    next(one for one in app.sidebar.toggle if one.label == "Screen share").set_value(True).run()
    assert "hidden while you share your screen" in said(app)
    assert "P13" not in said(app)


def add_withdrawal(installation, day):
    """P13 withdraws consent on this day, in the current data cut (cut-off 29 May 2026)."""
    with duckdb.connect(str(installation.store / "alpha" / CURRENT / "store.duckdb")) as connection:
        connection.execute(
            "insert into disposition by name select 'P13' as patient_id, "
            "'withdrawal_of_consent' as kind, cast(? as date) as happened_on, 'P13 | w' as row_key",
            [day],
        )


def test_the_question_names_the_patient_and_what_was_found_and_is_english_where_no_other_text_exists(
    page, installation
):
    study = installation.studies / "alpha" / "study.toml"
    text = study.read_text(encoding="utf-8").replace('name = "South"', 'name = "South", language = "vi"')
    study.write_text(text, encoding="utf-8")
    app = select_row(page("coordinator", "candidates"), "queries.candidates.All.1")
    asked = area(app, "Question to the site").value
    assert "P13" in asked
    assert "started 3 Feb 2024, ended 5 Jan 2024" in asked
    assert asked.endswith(PLEASE_CHECK)
    assert "there is no Vietnamese text for this question" in said(app)
    assert "To **South**." in said(app)


def test_all_of_a_check_ask_each_in_the_words_of_its_data_issue(page, database):
    app = page("coordinator", "candidates")
    next(one for one in app.main.selectbox if one.label == "Check").select_index(1).run()
    area(app, "Added to every question, if needed").input("By Friday, please.").run()
    button(app, "Raise 1 query").click().run()
    asked, _, added = only(database).steps[0].comment.partition("\n")
    assert "ended 5 Jan 2024" in asked
    assert added == "By Friday, please."


def test_a_query_stays_open_after_its_answer(page, database):
    raised_by(page, "coordinator")
    app = opened_by(page, "oncologist")
    act(app, "Answer", "5 Feb 2024")
    assert [one.value for one in app.main.header if one.value.startswith("Query 1:")]
    assert list(app.main.table[0].value["Step"]) == ["Raised", "Answered"]
    box = next(one for one in app.main.selectbox if one.label == "State")
    box.set_value("Closed").run()  # no longer in the list, still open below it
    assert [one.value for one in app.main.header if one.value.startswith("Query 1:")]


@pytest.mark.parametrize(
    ("day", "is_hidden"),
    [("2026-05-28", True), ("2026-05-29", True), ("2026-05-30", False), (None, True)],
)
def test_data_issues_of_a_patient_who_withdrew_consent_are_not_offered(page, installation, day, is_hidden):
    add_withdrawal(installation, day)
    app = page("coordinator", "candidates")
    assert metrics(app)["Not yet asked"] == ("0" if is_hidden else "1")


def give(app, addressee, words):
    """Choose whom to give the query to, write why, and press the button."""
    area(app, "Comment, answer or reason").input(words).run()
    box = next(one for one in app.main.selectbox if one.label == "Give it to")
    box.select(addressee).run()
    button(app, "Re-assign").click().run()
    assert not app.exception


def test_a_query_is_given_to_the_laboratory_and_then_to_a_person(page, database):
    raised_by(page, "coordinator")
    app = opened_by(page, "coordinator")
    give(app, "Laboratory", "their file")
    assert "The query is given to somebody else." in said(app)
    assert app.main.dataframe[0].value["Site"].tolist() == ["Laboratory (South)"]
    give(app, "Investigator", "the laboratory does not know")
    assert [(one.step, one.state, one.comment) for one in only(database).steps[1:]] == [
        (Step.ASSIGNED, State.OPEN, "their file"),
        (Step.ASSIGNED, State.OPEN, "the laboratory does not know"),
    ]
    history = opened_by(page, "coordinator").main.table[0].value
    assert list(history["Step"]) == ["Raised", "Re-assigned to Laboratory", "Re-assigned to Investigator"]
    assert "given to you to answer" in home(page, "investigator")
    assert "**1** query given to you to answer" in home(page, "investigator")
    assert "**1** query given to you to answer" not in home(page, "oncologist")


def home(page, username):
    app = page(username).switch_page("pages/start/home.py").run()
    return said(app) + " ".join(one.label for one in app.main.button)


def test_without_a_reason_nobody_else_gets_the_query(page, database):
    raised_by(page, "coordinator")
    app = opened_by(page, "coordinator")
    give(app, "Laboratory", " ")
    assert "The reason is empty" in said(app)
    assert len(only(database).steps) == 1


def test_who_may_not_close_queries_gives_none_away(page):
    raised_by(page, "coordinator")
    assert "Re-assign" not in labels(opened_by(page, "oncologist"))


def test_nobody_is_offered_who_may_not_see_the_query(page, limit_to_site):
    limit_to_site("oncologist-site", "01")
    raised_by(page, "coordinator")
    app = opened_by(page, "coordinator")
    offered = next(one for one in app.main.selectbox if one.label == "Give it to").options
    assert "Administrator" not in offered  # opens no patient
    assert "Site" not in offered  # has it now
    assert not any("site" in one.lower() for one in offered)  # the one limited to the other site


def lose(installation, patient_id):
    """Take a patient with every row out of the current data cut."""
    with duckdb.connect(str(installation.store / "alpha" / CURRENT / "store.duckdb")) as connection:
        tables = connection.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'patient_id'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f'delete from "{table}" where patient_id = ?', [patient_id])


def test_a_patient_no_longer_in_the_extract_is_one_data_issue(page, installation, database):
    lose(installation, "P5")
    app = page("coordinator", "candidates")
    table = app.main.dataframe[0].value
    (row,) = table[table["Patient"] == "P5"].to_dict("records")
    assert row["About"] == "Patient no longer in the extract (DQ68)"
    assert row["What was found"] == "P5 was in the data cut of 1 Mar 2026 and is not in this one."
    assert row["Site"] == "Coordinator (North)"
    select_row(app, "queries.candidates.All.2")
    button(app, "Raise").click().run()
    assert (only(database).patient_id, only(database).asked_of.kind) == ("P5", "coordinator")
    assert "**1** query given to you to answer" in home(page, "coordinator")


@pytest.mark.parametrize(("username", "names"), [("coordinator", ": P5."), ("admin", ".")])
def test_the_page_data_says_how_many_patients_are_lost_and_whom_to_who_may_know(
    open_app, installation, username, names
):
    lose(installation, "P5")
    app = open_app(username).switch_page("pages/admin/data.py").run()
    app.segmented_control(key="data.part").set_value("issues").run()
    (warning,) = app.main.warning
    assert warning.value.replace("\\", "") == f"1 patient of earlier data cuts not in this one{names}"


def test_the_page_data_says_where_rows_are_fewer_than_in_the_data_cut_before(open_app, installation):
    """Both data cuts of the study hold the same visits; one of them goes."""
    with duckdb.connect(str(installation.store / "alpha" / CURRENT / "store.duckdb")) as connection:
        ((n,),) = connection.execute("select count(*) from contact").fetchall()
        connection.execute("delete from contact where row_key = (select min(row_key) from contact)")
    app = open_app("coordinator").switch_page("pages/admin/data.py").run()
    app.segmented_control(key="data.part").set_value("issues").run()
    (warning,) = app.main.warning
    assert warning.value == (
        f"Fewer rows than in the data cut of 1 Mar 2026. Contacts and survival: {n - 1} ({n} before)."
    )


def test_who_sees_one_site_learns_of_no_patient_lost_at_another(page, installation, limit_to_site):
    lose(installation, "P5")
    limit_to_site("oncologist-site", "02")
    assert "P5" not in said(page("oncologist-site", "candidates"))
