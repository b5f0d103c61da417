"""When an item of the follow-up list was asked for: each time is kept, by whom, and nothing is lost."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.workflow.audit import read_events
from dashboard.workflow.item_requests import AskedItem, record_requests, requests_of
from dashboard.workflow.models import AuditKind
from dashboard.workflow.query_events import Cut, Scope
from tests.unit.workflow.conftest import NOON

CUT = Cut(study_id="k4care", snapshot_id="cut-1", cut_off=date(2026, 2, 28))
LATER = Cut(study_id="k4care", snapshot_id="cut-2", cut_off=date(2026, 5, 31))
SCOPE = Scope(study_id="k4care")
DRAW = AskedItem(patient_id="K1", item="draw_2", item_key="0 | 2025-09-05")
SCAN = AskedItem(patient_id="K1", item="imaging", item_key="1 | 2025-10-01")


def asked(engine, item, *, scope=SCOPE):
    return [
        (one.by, (one.at - NOON).total_seconds() / 60) for one in requests_of(engine, scope).get(item, [])
    ]


def test_each_time_is_kept_with_who_asked_and_in_the_audit_trail(staffed, author):
    assert record_requests(staffed, [DRAW, SCAN, DRAW], cut=CUT, author=author("ada")) == 2
    record_requests(staffed, [DRAW], cut=LATER, author=author("bo", minutes=30))
    assert asked(staffed, DRAW) == [("Dr Ada", 0), ("Dr Bo", 30)]
    assert asked(staffed, SCAN) == [("Dr Ada", 0)]
    audited = [event for event in read_events(staffed) if event.kind is AuditKind.REQUEST]
    assert [(event.patient_id, event.snapshot_id, event.detail) for event in audited] == [
        ("K1", "cut-2", {"item": "draw_2"}),
        ("K1", "cut-1", {"item": "imaging"}),
        ("K1", "cut-1", {"item": "draw_2"}),
    ]


def test_another_window_of_the_same_item_was_never_asked_for(staffed, author):
    record_requests(staffed, [DRAW], cut=CUT, author=author("ada"))
    later = AskedItem(patient_id="K1", item="draw_2", item_key="0 | 2026-03-05")
    assert asked(staffed, later) == []


def test_another_study_and_who_opens_no_patient_see_none(staffed, author):
    record_requests(staffed, [DRAW], cut=CUT, author=author("ada"))
    assert asked(staffed, DRAW, scope=Scope(study_id="cdk46")) == []
    assert asked(staffed, DRAW, scope=Scope(study_id="k4care", sees_patients=False)) == []


@pytest.mark.parametrize("change", ["update item_request set item = 'x'", "delete from item_request"])
def test_no_request_can_be_changed_or_deleted(staffed, author, change):
    record_requests(staffed, [DRAW], cut=CUT, author=author("ada"))
    with pytest.raises(DBAPIError), staffed.begin() as connection:
        connection.execute(text(change))
    assert asked(staffed, DRAW) == [("Dr Ada", 0)]


def test_two_people_who_ask_at_the_same_moment_are_both_kept(staffed, author, together):
    errors = together(
        lambda: record_requests(staffed, [DRAW], cut=CUT, author=author("ada")),
        lambda: record_requests(staffed, [DRAW], cut=CUT, author=author("bo")),
    )
    assert errors == [None, None]
    assert {by for by, _minutes in asked(staffed, DRAW)} == {"Dr Ada", "Dr Bo"}
