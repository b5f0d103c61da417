"""The patient page: who is shown, and how one goes to the next patient."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.tables.formats import format_date
from dashboard.ui import patient_files
from dashboard.workflow.decisions import DecisionDraft, save_decision
from dashboard.workflow.history import Author
from dashboard.workflow.meetings import add_case, agenda_of, list_meetings, plan_meeting
from dashboard.workflow.models import UserAccount
from dashboard.workflow.reviews import PatientCut
from tests.pages.said import said, technical_words

TODAY = datetime.now(UTC).date()


def investigator(database):
    """The investigator, who writes straight into the workflow database."""
    with Session(database) as session:
        wanted = select(UserAccount.id).where(UserAccount.username == "investigator")
        return Author(user_id=session.scalars(wanted).one(), at=datetime.now(UTC))


def on_agenda(database, patient_id="P1", *, days, text=None, action=""):
    """Puts the patient on the agenda of a meeting so many days from today, decided or not."""
    author = investigator(database)
    held_on = TODAY + timedelta(days=days)
    meeting_id = plan_meeting(database, "alpha", held_on=held_on, title=f"MDT {days:+}", author=author)
    cut = PatientCut(study_id="alpha", patient_id=patient_id, snapshot_id="2026-05-29-0123abcd")
    case_id = add_case(database, meeting_id, cut, question=f"What next, {days:+}?", author=author)
    if text:
        draft = DecisionDraft(
            text=text, retyped=patient_id, snapshot_id=cut.snapshot_id, next_action=action,
            owner="Dr Bo" if action else "",
        )  # fmt: skip
        save_decision(database, case_id, draft, version=0, author=author)
    return case_id


def plain_words(app):
    return said(app).replace("\\", "")


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
    author = investigator(database)
    held_on = TODAY + timedelta(days=days)
    plan_meeting(database, "alpha", held_on=held_on, title="Lung MDT", author=author)
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    assert len(meeting_links(app)) == n_links
    assert any("Lung MDT" in option for box in app.selectbox for option in box.options) == (n_links == 0)


def opened_page(open_app):
    app = open_app("oncologist")
    app.switch_page("pages/review/patient.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("days", "is_coming"), [(-1, False), (0, True), (1, True)])
def test_an_agenda_not_yet_held_is_named_with_its_question(open_app, database, days, is_coming):
    on_agenda(database, days=days)
    on_agenda(database, "P2", days=2)
    words = plain_words(opened_page(open_app))
    held_on = format_date(TODAY + timedelta(days=days))
    line = f"**On the agenda of {held_on} · MDT {days:+}:** What next, {days:+}?"
    assert (line in words) == is_coming
    assert words.count("On the agenda of") == is_coming
    assert "Decision of" not in words


def test_the_last_two_decisions_stand_on_the_page_with_who_recorded_them(open_app, database):
    for days in (-30, -20, -10):
        on_agenda(database, days=days, text=f"Line {days}", action="Biopsy" if days == -10 else "")
    words = plain_words(opened_page(open_app))
    last, before = (format_date(TODAY + timedelta(days=days)) for days in (-10, -20))
    assert f"**Decision of {last} · MDT -10:** Line -10" in words
    assert "Next action: Biopsy · owner Dr Bo · carried out: open" in words
    assert f"**Decision of {before} · MDT -20:** Line -20  \nNo next action" in words
    assert words.count(f"Recorded by Investigator, {format_date(TODAY)}") == 2
    assert "Line -30" not in words
    assert "1 earlier decision on the page MDT meetings" in words


def test_putting_the_patient_on_an_agenda_shows_at_once_and_that_meeting_is_not_offered_again(
    open_app, database
):
    plan_meeting(database, "alpha", held_on=TODAY, title="Lung MDT", author=investigator(database))
    app = opened_page(open_app)
    next(one for one in app.text_input if one.label == "Question for the meeting").set_value("Which line?")
    next(one for one in app.button if one.label == "Put on agenda").click().run()
    assert f"**On the agenda of {format_date(TODAY)} · Lung MDT:** Which line?" in plain_words(app)
    assert "On the agenda of every meeting planned." in said(app)
    assert [one.label for one in app.button if one.label == "Put on agenda"] == []
    assert [case.patient_id for case in agenda_of(database, list_meetings(database, "alpha")[0].meeting_id)]


def test_nobody_reads_a_decision_of_a_patient_of_another_site(open_app, database, limit_to_site):
    on_agenda(database, "P12", days=-1, text="Not for this reader")
    limit_to_site("oncologist-site", "01")
    app = open_app("oncologist-site")
    app.switch_page("pages/review/patient.py").run()
    assert "Not for this reader" not in said(app)


@pytest.mark.parametrize(("days", "is_in_box"), [(0, True), (-1, False)])
def test_the_pdf_has_the_decision_of_the_meeting_to_come_and_an_earlier_one_as_a_line(
    open_app, database, monkeypatch, days, is_in_box
):
    on_agenda(database, days=-30, text="An old one")
    on_agenda(database, days=days, text="Third line", action="Biopsy")
    made = []

    def kept(case):
        made.append(case)
        return b"%PDF"

    monkeypatch.setattr(patient_files, "mdt_page", kept)
    app = opened_page(open_app)
    next(one for one in app.button if one.label == "PDF for the MDT").click().run()
    assert not app.exception
    (case,) = made
    assert (case.decision is not None and case.decision.text == "Third line") == is_in_box
    earlier = ("An old one", -30) if is_in_box else ("Third line · Biopsy, carried out: open", days)
    held_on = format_date(TODAY + timedelta(days=earlier[1]))
    assert case.earlier == (f"Decision of {held_on}:", earlier[0])


def test_while_the_screen_is_shared_neither_agenda_nor_decision_is_shown(open_app, database):
    on_agenda(database, days=0, text="Third line")
    app = opened_page(open_app)
    assert "Third line" in said(app)
    next(one for one in app.sidebar.toggle if one.label == "Screen share").set_value(True).run()
    assert [words for words in ("Third line", "On the agenda of", "Decision of") if words in said(app)] == []
