"""The MDT page: the whole life of a decision, as those who hold the meeting see it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.ui import mdt_pack
from dashboard.workflow.actions import courses_of
from dashboard.workflow.audit import read_events
from dashboard.workflow.decisions import DecisionDraft, save_decision
from dashboard.workflow.history import Author
from dashboard.workflow.meetings import add_case, agenda_of, list_meetings, plan_meeting
from dashboard.workflow.models import AuditKind, UserAccount
from dashboard.workflow.reviews import PatientCut
from tests.decisions import decisions_on
from tests.pages.said import said, technical_words

CUT = "2026-05-29-0123abcd"
TODAY = datetime.now(UTC).date()
LAST_WEEK, NEXT_WEEK = TODAY - timedelta(days=7), TODAY + timedelta(days=7)


@pytest.fixture
def colleague(database):
    """The investigator, who writes straight into the workflow database."""
    with Session(database) as session:
        wanted = select(UserAccount.id).where(UserAccount.username == "investigator")
        return Author(user_id=session.scalars(wanted).one(), at=datetime.now(UTC))


@pytest.fixture
def meeting(database, colleague):
    """Plans a meeting with these patients; gives the ids of its cases by patient."""

    def planned(*patient_ids, held_on=NEXT_WEEK, title="Lung MDT"):
        meeting_id = plan_meeting(database, "alpha", held_on=held_on, title=title, author=colleague)
        return {
            name: add_case(
                database,
                meeting_id,
                PatientCut(study_id="alpha", patient_id=name, snapshot_id=CUT),
                question=f"What next for {name}?",
                author=colleague,
            )
            for name in patient_ids
        }

    return planned


@pytest.fixture
def open_page(open_app):
    def opened(username="oncologist"):
        app = open_app(username)
        app.switch_page("pages/review/mdt.py").run()
        assert not app.exception
        return app

    return opened


def field(app, label, kind="text_input"):
    """The last field of that label on the page: forms in a box of their own stand before the case."""
    return [element for element in getattr(app, kind) if element.label == label][-1]


def press(app, label):
    [button for button in app.button if button.label == label][-1].click().run()
    assert not app.exception


def save_open_action(app):
    """The button of the only open action of earlier meetings; the new meeting has no case of its own."""
    next(b for b in app.button if "mdt.action.open" in str(b.key or b.form_id)).click().run()
    assert not app.exception


def decide(app, *, retyped, text="Continue, scan in 8 weeks", action="CT", owner="Dr Bo", due=None):
    field(app, "Decision", "text_area").set_value(text)
    field(app, "Next action").set_value(action)
    field(app, "Owner").set_value(owner)
    field(app, "Due", "date_input").set_value(due)
    field(app, "Type the last 3 characters of the study ID again").set_value(retyped)
    press(app, "Save the decision")


def test_without_a_meeting_the_page_says_what_to_do_and_one_can_be_planned(open_page, database):
    app = open_page()
    assert "No meeting is planned in this study yet" in app.info[0].value
    field(app, "Title").set_value("Lung MDT")
    field(app, "Date", "date_input").set_value(date(2026, 6, 4))
    press(app, "Plan")
    assert [success.value for success in app.success] == ["The meeting is planned."]
    assert [(m.held_on, m.title) for m in list_meetings(database, "alpha")] == [
        (date(2026, 6, 4), "Lung MDT")
    ]
    assert "Nobody is on this agenda yet" in said(app)


def test_a_meeting_without_a_title_is_refused_and_the_date_stays_typed(open_page, database):
    app = open_page()
    field(app, "Date", "date_input").set_value(date(2026, 6, 4))
    press(app, "Plan")
    assert "The title is empty" in app.error[0].value
    assert list_meetings(database, "alpha") == []
    assert field(app, "Date", "date_input").value == date(2026, 6, 4)


def test_a_patient_is_put_on_the_agenda_with_the_question_and_the_data_cut(open_page, database, meeting):
    meeting()
    app = open_page()
    field(app, "Patient", "selectbox").set_value("P2")
    field(app, "Question for the MDT").set_value("Rebiopsy?")
    press(app, "Add to the agenda")
    case = agenda_of(database, list_meetings(database, "alpha")[0].meeting_id)[0]
    assert (case.patient_id, case.question, case.snapshot_id) == ("P2", "Rebiopsy?", CUT)
    assert "P2" not in field(app, "Patient", "selectbox").options
    assert "**Question for the MDT:** Rebiopsy?" in said(app)


def test_the_next_meeting_to_come_is_shown_first(open_page, meeting):
    for days, title in ((-7, "past"), (3, "next"), (30, "later")):
        meeting(held_on=TODAY + timedelta(days=days), title=title)
    app = open_page()
    picker = field(app, "Meeting", "selectbox")
    assert picker.options[picker.index].endswith(" · next")


def test_a_meeting_just_planned_is_the_one_shown(open_page, meeting):
    meeting(held_on=TODAY, title="today's")
    app = open_page()
    # The first form plans a meeting, the second changes the one shown.
    next(one for one in app.text_input if one.label == "Title").set_value("the new one")
    press(app, "Plan")
    picker = field(app, "Meeting", "selectbox")
    assert picker.options[picker.index].endswith(" · the new one")
    picker.select_index(1).run()
    assert not app.exception
    assert picker.options[1].endswith(" · today's")
    picker = field(app, "Meeting", "selectbox")
    assert picker.index == 1


def test_a_meeting_that_was_renamed_stays_the_one_shown(open_page, meeting):
    meeting(held_on=TODAY, title="today's")
    meeting(held_on=NEXT_WEEK, title="later")
    app = open_page()
    field(app, "Meeting", "selectbox").select_index(0).run()
    field(app, "Title").set_value("renamed")
    press(app, "Save")
    picker = field(app, "Meeting", "selectbox")
    assert picker.options[picker.index].endswith(" · renamed")


def test_the_case_shows_what_another_meeting_decided_and_not_its_own_decision_twice(open_page, meeting):
    meeting("P2", held_on=LAST_WEEK, title="Last MDT")
    decide(open_page(), retyped="P2", text="Second line")
    meeting("P2", title="Next MDT")
    app = open_page()
    assert "Last MDT:** Second line" in said(app)
    decide(app, retyped="P2", text="Third line")
    assert "Next MDT:** Third line" not in said(app)


def test_a_decision_is_saved_only_with_the_last_three_characters(open_page, database, meeting):
    case_id = meeting("P2")["P2"]
    app = open_page()
    decide(app, retyped="P3")
    assert "not those this patient's study ID ends in" in app.error[0].value
    assert "P2" not in app.error[0].value
    assert decisions_on(database, case_id) == []
    assert field(app, "Decision", "text_area").value == "Continue, scan in 8 weeks"
    field(app, "Type the last 3 characters of the study ID again").set_value("P2")
    press(app, "Save the decision")
    assert app.success[0].value == "The decision on P2 is saved."
    # Seen wherever the reader is on the page, which stays.
    assert [one.value for one in app.toast] == ["The decision on P2 is saved."]
    assert [title.value for title in app.title] == ["MDT meetings"]
    decision = decisions_on(database, case_id)[0]
    assert (decision.text, decision.next_action, decision.owner, decision.snapshot_id) == (
        "Continue, scan in 8 weeks",
        "CT",
        "Dr Bo",
        CUT,
    )
    assert field(app, "Type the last 3 characters of the study ID again").value == ""
    assert field(app, "Decision", "text_area").value == "Continue, scan in 8 weeks"
    event = next(event for event in read_events(database) if event.kind is AuditKind.DECISION)
    assert (event.study_id, event.patient_id, event.snapshot_id) == ("alpha", "P2", CUT)
    assert event.session_id is not None


def test_a_saved_decision_is_there_for_the_next_person_and_its_revision_keeps_it(open_page, meeting):
    meeting("P2")
    decide(open_page("oncologist"), retyped="P2")
    app = open_page("coordinator")
    assert field(app, "Decision", "text_area").value == "Continue, scan in 8 weeks"
    field(app, "Decision", "text_area").set_value("Stop")
    field(app, "Type the last 3 characters of the study ID again").set_value("P2")
    press(app, "Save as a new version")
    text = said(app)
    assert "version 2\\: Stop" in text
    assert "version 1\\: Continue, scan in 8 weeks" in text
    assert [expander.label for expander in app.expander if "History" in expander.label] == ["History: 2"]


def test_what_was_typed_stays_when_somebody_else_saved_first(open_page, database, meeting, colleague):
    case_id = meeting("P2")["P2"]
    app = open_page()
    theirs = DecisionDraft(text="Theirs", retyped="P2", snapshot_id=CUT)
    save_decision(database, case_id, theirs, version=0, author=colleague)
    decide(app, retyped="P2", text="Mine")
    assert "saved version 1 of this decision while you wrote" in app.error[0].value
    assert "Theirs" in said(app)
    assert field(app, "Decision", "text_area").value == "Mine"
    assert [decision.text for decision in decisions_on(database, case_id)] == ["Theirs"]
    press(app, "Save as a new version")
    assert [decision.text for decision in decisions_on(database, case_id)] == ["Mine", "Theirs"]


def test_an_action_not_carried_out_opens_the_next_meeting_until_it_is(open_page, database, meeting):
    case_id = meeting("P2", held_on=LAST_WEEK)["P2"]
    app = open_page()
    decide(app, retyped="P2", due=TODAY - timedelta(days=1))
    meeting(held_on=NEXT_WEEK)
    app = open_page()
    assert "Still to do from earlier meetings: 1" in said(app)
    assert "overdue" in said(app)
    field(app, "Carried out?", "radio").set_value("not_yet")
    save_open_action(app)
    assert "reason" in app.error[0].value
    field(app, "Reason, if it was not carried out").set_value("no slot")
    save_open_action(app)
    assert "Not yet\\: no slot" in said(app)
    assert "Still to do from earlier meetings: 1" in said(app)
    field(app, "Carried out?", "radio").set_value("carried_out")
    save_open_action(app)
    assert "Still to do from earlier meetings: 0" in said(app)
    course = courses_of(database, "alpha")[0]
    assert course.case.case_id == case_id
    assert [s.outcome.value for s in course.statements] == ["carried_out", "not_yet"]


def test_the_agenda_lists_each_case_with_its_decision_and_action(open_page, meeting):
    meeting("P3", "P2")
    app = open_page()
    decide(app, retyped="P3", due=date(2026, 7, 2))
    table = app.table[0].value
    assert table.iloc[0].tolist() == [
        "1",
        "P3",
        "What next for P3?",
        "Continue, scan in 8 weeks",
        "CT",
        "Dr Bo",
        "2 Jul 2026",
        "Not stated yet",
    ]
    assert table.iloc[1].tolist() == ["2", "P2", "What next for P2?", "–", "–", "–", "–", "–"]
    assert "1 of 2 patients with a decision." in said(app)


def test_order_and_question_of_a_case_can_be_changed(open_page, database, meeting):
    meeting("P2", "P3")
    app = open_page()
    field(app, "Place on the agenda", "number_input").set_value(2)
    field(app, "Question for the MDT").set_value("Later?")
    [b for b in app.button if b.label == "Save"][-1].click().run()
    agenda = agenda_of(database, list_meetings(database, "alpha")[0].meeting_id)
    assert [(case.patient_id, case.question) for case in agenda] == [
        ("P3", "What next for P3?"),
        ("P2", "Later?"),
    ]
    field(app, "Case", "selectbox").set_value(agenda[1].case_id).run()
    assert "Oncologist · changed the question, which was\\: What next for P2?" in said(app)


def test_opening_a_case_is_recorded_and_the_patient_is_never_in_the_address(open_page, database, meeting):
    meeting("P2")
    app = open_page()
    opened = [event for event in read_events(database) if event.kind is AuditKind.PATIENT_OPENED]
    assert [(event.patient_id, event.snapshot_id) for event in opened] == [("P2", CUT)]
    press(app, "Open patient")
    assert [title.value for title in app.title] == ["P2"]
    assert "P2" not in str(app.query_params)


def test_patients_of_other_sites_are_counted_and_not_shown(open_page, meeting, database):
    everybody = [f"P{n}" for n in range(1, 21)]
    meeting(*everybody)
    app = open_page("oncologist-site")
    shown = app.table[0].value["Patient"].tolist()
    assert 0 < len(shown) < 20
    assert f"{20 - len(shown)} on this agenda not shown" in said(app)
    picker = field(app, "Case", "selectbox")
    assert len(picker.options) == len(shown)
    hidden = set(everybody) - set(shown)
    assert not hidden & {event.patient_id for event in read_events(database)}


def test_a_case_prepared_on_an_older_data_cut_says_so_and_can_be_renewed(open_page, database, colleague):
    meeting_id = plan_meeting(database, "alpha", held_on=NEXT_WEEK, title="MDT", author=colleague)
    older = PatientCut(study_id="alpha", patient_id="P2", snapshot_id="2026-03-01-0123abcd")
    add_case(database, meeting_id, older, question="", author=colleague)
    app = open_page()
    assert "Prepared on the data cut of 1 Mar 2026; this page shows the data cut of 29 May 2026." in said(app)
    press(app, "Prepare on the data cut shown")
    assert agenda_of(database, meeting_id)[0].snapshot_id == CUT
    assert "Prepared on the data cut of 29 May 2026." in said(app)


def test_a_session_that_ended_meanwhile_saves_nothing(open_page, database, meeting):
    case_id = meeting("P2")["P2"]
    app = open_page()
    app.session_state["session_token"] = "ended"
    field(app, "Decision", "text_area").set_value("Late")
    field(app, "Type the last 3 characters of the study ID again").set_value("P2")
    [b for b in app.button if b.label == "Save the decision"][-1].click().run()
    assert decisions_on(database, case_id) == []


def test_the_page_says_nothing_technical(open_page, meeting):
    meeting("P2", "P3", held_on=LAST_WEEK)
    app = open_page()
    decide(app, retyped="P2")
    assert technical_words(app) == []
    # Only the footer names the id of the data cut.
    assert said(app).lower().count("snapshot") == said(app).count("· snapshot `") == 1


class Bar:
    """Keeps what a bar of progress was told."""

    def __init__(self):
        self.told = []

    def opened(self, value):
        self.told.append((value, ""))
        return self

    def progress(self, value, *, text):
        self.told.append((round(value, 3), text))

    def empty(self):
        self.told.append("closed")


def test_the_pack_tells_each_step_and_every_patient_of_it_is_in_the_audit_trail(
    open_page, meeting, database, monkeypatch
):
    meeting("P1", "P12")
    app = open_page()
    bar = Bar()
    monkeypatch.setattr(mdt_pack.st, "progress", bar.opened)
    press(app, "MDT pack")
    assert bar.told == [
        (0.0, ""),
        (0.0, "Reading patient 1 of 2"),
        (0.08, "Reading patient 2 of 2"),
        (0.16, "Drawing page 1 of 2"),
        (0.475, "Drawing page 2 of 2"),
        (0.79, "Putting the pages together"),
        "closed",
    ]
    (file,) = app.get("download_button")
    assert file.proto.label == f"Save mdt-pack-{NEXT_WEEK.isoformat()}.pdf"
    exported = [event.patient_id for event in read_events(database) if event.kind == AuditKind.EXPORT]
    assert sorted(exported) == ["P1", "P12"]
