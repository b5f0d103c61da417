"""Follow-up: when a row was asked for and how often, and the query raised from it."""

from datetime import UTC, datetime

import pytest

from dashboard.tables.formats import format_date
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from dashboard.workflow.query_events import Scope
from dashboard.workflow.query_list import read_queries
from tests.pages.said import said, technical_words

PAGE = "pages/conduct/follow_up.py"
SCOPE = Scope(study_id="alpha")


@pytest.fixture
def overdue(open_app):
    """The page with what is overdue."""

    def opened(username="coordinator"):
        app = open_app(username).switch_page(PAGE).run()
        return app.segmented_control(key="follow_up.view.alpha").set_value("Overdue").run()

    return opened


def press(app, key):
    next(one for one in app.button if one.key == key).click().run()
    assert not app.exception
    return app


def keys(app):
    return {str(one.key) for one in app.button}


def first_patient(app):
    return next(one.label for one in app.button if str(one.key).startswith("follow_up.open.0.")).strip("*")


def today():
    return format_date(datetime.now(UTC).date())


def test_a_row_says_when_it_was_asked_for_and_how_often(overdue, database):
    app = overdue()
    assert "[asked" not in said(app)
    press(app, "follow_up.asked.0")
    assert "1 item marked as asked." in said(app)
    assert f":gray[:small[asked {today()}]]" in said(app)
    press(app, "follow_up.asked.0")
    assert f"asked {today()}, 2 times" in said(app)
    asked = [event for event in read_events(database) if event.kind is AuditKind.REQUEST]
    assert [event.patient_id for event in asked] == [first_patient(app)] * 2
    assert technical_words(app) == []


def test_all_requests_of_a_site_are_marked_with_one_button(overdue, database):
    app = overdue()
    app.selectbox(key="follow_up.site.alpha").select("01").run()
    label = next(one.label for one in app.button if one.key == "follow_up.asked.all")
    press(app, "follow_up.asked.all")
    asked = [event for event in read_events(database) if event.kind is AuditKind.REQUEST]
    assert label in ("Mark as asked", f"Mark these {len(asked)} as asked")
    assert len(asked) > 1
    assert not {event.patient_id for event in asked} & {f"P{number}" for number in range(12, 21)}


def test_a_query_raised_from_a_row_carries_it_and_the_row_leads_to_the_query(overdue, database):
    app = press(overdue(), "follow_up.raise.0")
    patient = first_patient(app)
    assert f"**Query about {patient}:" in said(app)
    question = next(one for one in app.main.text_area if one.label == "Question to the site").value
    assert patient in question
    next(one for one in app.main.button if one.label == "Raise").click().run()
    assert "1 query raised." in said(app)
    (query,) = read_queries(database, SCOPE)
    assert (query.patient_id, query.steps[0].comment) == (patient, question)
    assert query.check_id in ("DQ14", "DQ25", "DQ36", "DQ58", "DQ72")
    assert f"asked {today()}" in said(app)  # a query is a time it was asked for
    assert "**Query about" not in said(app)  # the form is closed
    link = next(one.label for one in app.button if one.key == "follow_up.query.0")
    assert link.replace("\\", "") == "Query 1: Open"
    assert "follow_up.raise.0" not in keys(app)
    press(app, "follow_up.query.0")
    assert [title.value for title in app.title] == ["Queries"]
    assert any(one.value.startswith("Query 1:") for one in app.main.header)


def test_the_form_is_closed_again_and_nothing_is_kept(overdue, database):
    app = press(press(overdue(), "follow_up.raise.0"), "follow_up.query_form.close")
    assert "**Query about" not in said(app)
    assert read_queries(database, SCOPE) == []


def test_only_what_is_overdue_becomes_a_query(overdue):
    app = overdue()
    app.segmented_control(key="follow_up.view.alpha").set_value("Opening").run()
    assert not any(key.startswith("follow_up.raise.") for key in keys(app))


def test_an_earlier_data_cut_takes_neither_a_mark_nor_a_query(overdue):
    app = overdue()
    next(one for one in app.sidebar.selectbox if one.label == "Data cut-off").select_index(1).run()
    assert not {key for key in keys(app) if key.startswith(("follow_up.asked.", "follow_up.raise."))}


def test_a_query_raised_here_leaves_the_numbers_as_they_are(overdue):
    app = overdue()
    before = {metric.label: metric.value for metric in app.main.metric}
    press(app, "follow_up.raise.0")
    next(one for one in app.main.button if one.label == "Raise").click().run()
    assert {metric.label: metric.value for metric in app.main.metric} == before
