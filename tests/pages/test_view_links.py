"""Links to a view: what was shown comes back, and nobody learns from a link what he may not see."""

import datetime as dt
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.figures.patient.timeline import TimelineRequest
from dashboard.ui import context, view_links
from dashboard.ui.patient_timeline_view import kept_choices
from dashboard.workflow.audit import read_events
from dashboard.workflow.entries import SavedView
from dashboard.workflow.history import Author
from dashboard.workflow.models import AuditKind
from dashboard.workflow.saved_views import View, save_view
from dashboard.workflow.users import list_users
from tests.pages.said import said

PATIENT = "pages/review/patient.py"
CURRENT, OLDER = "2026-05-29-0123abcd", "2026-03-01-0123abcd"
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def linked(database):
    """Gives the token of a view of a patient's page; what differs from P1 on the current cut is named."""
    by = next(user.user_id for user in list_users(database) if user.username == "coordinator")

    def token(patient_id="P1", snapshot_id=CURRENT, **more):
        view = View(
            page=more.pop("page", "patient"),
            study_id=more.pop("study_id", "alpha"),
            patient_id=patient_id,
            snapshot_id=snapshot_id,
            cut_off=dt.date.fromisoformat(snapshot_id[:10]),
            choices=kept_choices(TimelineRequest(patient_id=patient_id, **more), shows_table=False),
        )
        return save_view(database, view, author=Author(user_id=by, at=NOON))

    return token


def follow(app, token, file=PATIENT):
    """The application after the address with this token was opened."""
    app.switch_page(file)
    app.query_params["view"] = token
    app.run()
    assert not app.exception
    return app


def named(widgets, label):
    return next(one for one in widgets if one.label == label)


def shown(app):
    """What the controls of the timeline say, and the days the slider shows."""
    choices = [one.value for one in (*app.main.segmented_control, *app.main.selectbox, *app.main.toggle)]
    return [title.value for title in app.title], choices, [slider.value for slider in app.slider]


def refusals(database):
    return [
        (event.detail, event.study_id, event.patient_id)
        for event in read_events(database)
        if event.kind is AuditKind.REFUSED
    ]


def test_a_link_brings_back_patient_day_0_level_scale_switches_and_the_part_shown(open_app, database):
    app = open_app("oncologist").switch_page(PATIENT).run()
    picker = next(box for box in app.selectbox if "P2" in box.options)
    picker.select("P2").run()
    for control, value in (("Time", "Days"), ("Scale", "Linear")):
        named(app.main.segmented_control, control).set_value(value)
    named(app.selectbox, "Day 0").select("enrolment")
    named(app.selectbox, "ctDNA level").select("max")
    named(app.toggle, "Variants").set_value(False)
    named(app.toggle, "Table").set_value(True).run()
    app.button(key="timeline.shown.Zoom in").click().run()
    before = shown(app)
    assert before[0] == ["P2"]
    app.session_state["link.offer"] = True
    app.run()
    address = app.code[0].value
    token = parse_qs(urlsplit(address).query)["view"][0]
    assert (urlsplit(address).path, len(token)) == ("/patient", 22)
    assert "data cut of 29 May 2026" in said(app)
    app.run()
    with Session(database) as session:
        assert session.scalars(select(SavedView.token)).all() == [token]

    other = follow(open_app("investigator"), token)
    assert shown(other) == before
    assert "view" not in other.query_params
    assert "This link" not in said(other)


def test_whoever_may_not_see_it_reads_the_same_words_for_everything_and_it_is_recorded_once(
    open_app, database, linked
):
    elsewhere = (linked("P12"), linked(study_id="gamma"), linked("P99"), linked(page="overview"), "in vented")
    pages = []
    app = open_app("oncologist-site")
    for token in elsewhere:
        pages.append(said(follow(app, token)))
        assert [one.value for one in app.info] == [view_links.REFUSAL]
        assert not app.title
    assert len(set(pages)) == 1
    app.run()
    kept = [{"link": "not permitted"}] * 4 + [{"link": "unknown"}]
    assert [detail for detail, _study, _patient in reversed(refusals(database))] == kept
    assert refusals(database)[-1][1:] == ("alpha", "P12")
    named(app.main.button, "Open the page without the link").click().run()
    assert [title.value for title in app.title] == ["P1"]
    assert all(event.patient_id in {None, "P1"} for event in read_events(database) if not event.detail)


def test_a_link_to_a_patient_of_the_own_site_opens(open_app, linked):
    assert [title.value for title in follow(open_app("oncologist-site"), linked("P11")).title] == ["P11"]


def test_without_its_record_a_refusal_says_only_that(open_app, database, monkeypatch):
    def fails(*_arguments, **_options):
        raise context.AuditUnavailable("no disk")

    app = open_app("oncologist")
    monkeypatch.setattr(view_links, "record", fails)
    follow(app, "invented")
    assert [one.value for one in app.info] == [context.NO_AUDIT]
    assert refusals(database) == []


def test_a_link_shows_its_own_data_cut_and_leads_to_the_current_one(open_app, linked):
    app = follow(open_app("oncologist"), linked("P2", OLDER))
    assert "This link shows the data cut of 1 Mar 2026. The current one is of 29 May 2026." in said(app)
    assert app.session_state["snapshot_id.alpha"] == OLDER
    named(app.main.button, "Show the current data cut").click().run()
    assert "This link" not in said(app)
    assert (app.session_state["snapshot_id.alpha"], app.title[0].value) == (CURRENT, "P2")


def test_a_link_whose_data_cut_is_gone_shows_the_current_one_and_says_so(open_app, installation, linked):
    token = linked("P2", OLDER)
    shutil.rmtree(installation.store / "alpha" / OLDER)
    app = follow(open_app("oncologist"), token)
    assert "The data cut of 1 Mar 2026 that this link was made on is no longer kept" in said(app)
    assert "Show the current data cut" not in [one.label for one in app.main.button]
    assert app.session_state["snapshot_id.alpha"] == CURRENT


def test_while_the_screen_is_shared_no_link_is_made_or_followed(open_app, linked):
    app = open_app("oncologist").switch_page(PATIENT).run()
    app.session_state["link.offer"] = True
    app.session_state["is_sharing"] = True
    app.run()
    assert not app.code
    app.query_params["view"] = linked("P2", OLDER)
    app.run()
    assert "Mar 2026" not in said(app)


def test_a_choice_the_patient_does_not_have_stays_as_the_timeline_opens(open_app, linked):
    app = follow(open_app("oncologist"), linked("P4", level="max", zero="line 3", time="study_time"))
    assert named(app.selectbox, "Day 0").value != "line 3"
    assert named(app.main.segmented_control, "Time").value == "Dates"
