"""The patient page: who is shown, and how one goes to the next patient."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.workflow.history import Author
from dashboard.workflow.meetings import plan_meeting
from dashboard.workflow.models import UserAccount
from tests.pages.said import said, technical_words


def test_next_goes_on_from_the_patient_that_was_picked(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    picker = next(box for box in app.selectbox if "P1" in box.options)
    third, fourth = picker.options[2:4]
    picker.select(third).run()
    assert [title.value for title in app.title] == [third]
    next(button for button in app.button if button.label == "Next").click().run()
    assert [title.value for title in app.title] == [fourth]


def test_the_page_says_nothing_technical(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    assert not app.exception
    assert technical_words(app) == []


def test_the_page_has_the_treatments_and_tests_of_the_sheet_for_the_mdt(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    treatments = next(one.value for one in app.main.table if "Reason stopped" in one.value.columns)
    assert list(treatments["Line"]) == ["1"]
    assert treatments["Dates"][0].startswith("since 3 Feb 2024")
    for part in ("Last responses", "Toxicity that limits choice", "Organ function and virus"):
        assert f"**{part}**" in said(app)


def meeting_links(app):
    return [(one.proto.page, one.proto.label) for one in app.get("page_link")]


def test_where_no_meeting_is_planned_a_link_leads_to_the_page_that_plans_one(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    assert "No meeting is planned." in said(app)
    assert meeting_links(app) == [("mdt", "Plan one on the page MDT meetings")]


@pytest.mark.parametrize(("days", "n_links"), [(-1, 1), (0, 0)])
def test_a_meeting_of_today_is_offered_and_one_of_yesterday_is_over(open_app, database, days, n_links):
    with Session(database) as session:
        wanted = select(UserAccount.id).where(UserAccount.username == "investigator")
        author = Author(user_id=session.scalars(wanted).one(), at=datetime.now(UTC))
    held_on = datetime.now(UTC).date() + timedelta(days=days)
    plan_meeting(database, "alpha", held_on=held_on, title="Lung MDT", author=author)
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    assert len(meeting_links(app)) == n_links
    assert any("Lung MDT" in option for box in app.selectbox for option in box.options) == (n_links == 0)
