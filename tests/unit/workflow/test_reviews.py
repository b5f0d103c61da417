"""Reviews: what stands, what stood before, and two people at the same moment."""

from datetime import date

import pytest

from dashboard.errors import EntryIncomplete
from dashboard.workflow.audit import read_events
from dashboard.workflow.item_requests import AskedItem, record_requests
from dashboard.workflow.meetings import add_case, plan_meeting
from dashboard.workflow.models import AuditKind
from dashboard.workflow.named_snapshots import named_snapshots
from dashboard.workflow.query_events import Cut
from dashboard.workflow.reviews import (
    PatientCut,
    latest_reviews,
    mark_reviewed,
    review_history,
    take_back_review,
)


def seen(patient_id="P1", snapshot_id="cut-1", study_id="k4care"):
    return PatientCut(study_id=study_id, patient_id=patient_id, snapshot_id=snapshot_id)


def test_the_latest_review_of_each_patient_stands_and_names_its_snapshot(staffed, author):
    mark_reviewed(staffed, seen("P1"), author=author("ada"))
    mark_reviewed(staffed, seen("P1", "cut-2"), note=" Ask for a scan. ", author=author("bo", minutes=5))
    mark_reviewed(staffed, seen("P2"), author=author("ada", minutes=6))
    mark_reviewed(staffed, seen("P9", study_id="cdk46"), author=author("ada"))
    found = latest_reviews(staffed, "k4care")
    assert {key: (e.snapshot_id, e.reviewed_by, e.note) for key, e in found.items()} == {
        "P1": ("cut-2", "Dr Bo", "Ask for a scan."),
        "P2": ("cut-1", "Dr Ada", ""),
    }


def test_the_latest_review_of_one_user_is_that_users_own(staffed, author):
    mark_reviewed(staffed, seen("P1", "cut-1"), author=author("ada"))
    mark_reviewed(staffed, seen("P1", "cut-2"), author=author("bo"))
    own = latest_reviews(staffed, "k4care", user_id=author("ada").user_id)
    assert own["P1"].snapshot_id == "cut-1"


def test_a_review_taken_back_no_longer_stands_but_stays_in_the_history(staffed, author):
    mark_reviewed(staffed, seen(), author=author("ada"))
    take_back_review(staffed, seen(), note="new scan came", author=author("bo", minutes=1))
    assert latest_reviews(staffed, "k4care") == {}
    history = review_history(staffed, "k4care", "P1")
    assert [(e.is_reviewed, e.reviewed_by, e.note) for e in history] == [
        (False, "Dr Bo", "new scan came"),
        (True, "Dr Ada", ""),
    ]


def test_each_review_is_in_the_audit_trail_with_patient_and_snapshot(staffed, author):
    mark_reviewed(staffed, seen(), author=author("ada"))
    event = read_events(staffed)[0]
    assert (event.kind, event.user_id) == (AuditKind.REVIEW, author("ada").user_id)
    assert (event.study_id, event.patient_id, event.snapshot_id) == ("k4care", "P1", "cut-1")


def test_two_reviews_at_the_same_moment_are_both_kept(staffed, author, together):
    errors = together(
        lambda: mark_reviewed(staffed, seen(), note="a", author=author("ada")),
        lambda: mark_reviewed(staffed, seen(), note="b", author=author("bo")),
    )
    assert errors == [None, None]
    assert {entry.note for entry in review_history(staffed, "k4care", "P1")} == {"a", "b"}


def test_a_note_of_4000_characters_is_kept_and_one_more_is_refused(staffed, author):
    mark_reviewed(staffed, seen(), note="x" * 4_000, author=author("ada"))
    with pytest.raises(EntryIncomplete, match="4,001 characters; at most 4,000"):
        mark_reviewed(staffed, seen(), note="x" * 4_001, author=author("ada"))
    assert len(review_history(staffed, "k4care", "P1")) == 1


def test_text_in_other_scripts_comes_back_unchanged(staffed, author):
    mark_reviewed(staffed, seen(), note="Ngừng thuốc · 部分缓解 · ≥ 20 %", author=author("ada"))
    assert review_history(staffed, "k4care", "P1")[0].note == "Ngừng thuốc · 部分缓解 · ≥ 20 %"


def test_snapshots_named_by_a_review_request_or_case_are_known_for_pruning(staffed, author):
    mark_reviewed(staffed, seen(snapshot_id="cut-1"), author=author("ada"))
    cut = Cut(study_id="k4care", snapshot_id="cut-2", cut_off=date(2026, 2, 28))
    asked = AskedItem(patient_id="P1", item="draw_2", item_key="0 | 2025-09-05")
    record_requests(staffed, [asked], cut=cut, author=author("ada"))
    held_on = author("ada").at.date()
    meeting_id = plan_meeting(staffed, "k4care", held_on=held_on, title="MDT", author=author("ada"))
    add_case(staffed, meeting_id, seen(snapshot_id="cut-3"), question="", author=author("ada"))
    assert named_snapshots(staffed, "k4care") == {"cut-1", "cut-2", "cut-3"}
    assert named_snapshots(staffed, "cdk46") == set()
