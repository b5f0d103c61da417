"""Reviews and notes: what stands, what stood before, and two people at the same moment."""

import pytest

from dashboard.errors import ChangedMeanwhile, EntryIncomplete, NoSuchEntry
from dashboard.workflow.audit import read_events
from dashboard.workflow.entries import PatientNote
from dashboard.workflow.history import read_changes
from dashboard.workflow.meetings import add_case, plan_meeting
from dashboard.workflow.models import AuditKind
from dashboard.workflow.named_snapshots import named_snapshots
from dashboard.workflow.reviews import (
    PatientCut,
    add_note,
    change_note,
    latest_reviews,
    mark_reviewed,
    notes_on,
    review_history,
    take_back_review,
    withdraw_note,
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


def test_a_changed_note_keeps_what_stood_there_who_changed_it_and_when(staffed, author):
    add_note(staffed, seen(), "CT moved", author=author("ada"))
    change_note(staffed, notes_on(staffed, "k4care", "P1")[0], "CT on 4 Jun", author=author("bo", minutes=9))
    note = notes_on(staffed, "k4care", "P1")[0]
    assert (note.text, note.version, note.written_by) == ("CT on 4 Jun", 2, "Dr Ada")
    changes = read_changes(staffed, PatientNote, note.note_id)
    assert [(c.before, c.changed_by, c.version) for c in changes] == [({"text": "CT moved"}, "Dr Bo", 1)]
    assert changes[0].changed_at == author("bo", minutes=9).at


def test_a_note_seen_before_somebody_changed_it_cannot_overwrite_the_change(staffed, author):
    add_note(staffed, seen(), "first", author=author("ada"))
    stale = notes_on(staffed, "k4care", "P1")[0]
    change_note(staffed, stale, "second", author=author("bo"))
    with pytest.raises(ChangedMeanwhile, match="version 2 by now, you saw version 1"):
        change_note(staffed, stale, "third", author=author("ada"))
    assert notes_on(staffed, "k4care", "P1")[0].text == "second"


def test_of_two_changes_at_the_same_moment_one_is_kept_and_the_other_is_told(staffed, author, together):
    add_note(staffed, seen(), "first", author=author("ada"))
    for round_no in range(1, 9):
        note = notes_on(staffed, "k4care", "P1")[0]
        errors = together(
            lambda note=note, n=round_no: change_note(staffed, note, f"ada {n}", author=author("ada")),
            lambda note=note, n=round_no: change_note(staffed, note, f"bo {n}", author=author("bo")),
        )
        assert sorted(type(error).__name__ for error in errors) == ["ChangedMeanwhile", "NoneType"]
        now = notes_on(staffed, "k4care", "P1")[0]
        winner = ("ada", "bo")[errors.index(None)]
        assert (now.text, now.version) == (f"{winner} {round_no}", round_no + 1)
    history = read_changes(staffed, PatientNote, now.note_id)
    assert [change.version for change in history] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_saving_the_same_text_again_is_no_change(staffed, author):
    add_note(staffed, seen(), "same", author=author("ada"))
    note = notes_on(staffed, "k4care", "P1")[0]
    change_note(staffed, note, " same ", author=author("bo"))
    assert notes_on(staffed, "k4care", "P1")[0].version == 1
    assert read_changes(staffed, PatientNote, note.note_id) == []


def test_a_withdrawn_note_is_off_the_page_and_cannot_be_changed(staffed, author):
    add_note(staffed, seen(), "mistaken", author=author("ada"))
    note = notes_on(staffed, "k4care", "P1")[0]
    withdraw_note(staffed, note, author=author("ada"))
    assert notes_on(staffed, "k4care", "P1") == []
    with pytest.raises(NoSuchEntry):
        change_note(staffed, note, "again", author=author("ada"))
    assert read_changes(staffed, PatientNote, note.note_id)[0].before == {"is_withdrawn": False}


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_note_is_refused(staffed, author, text):
    with pytest.raises(EntryIncomplete, match="The note is empty"):
        add_note(staffed, seen(), text, author=author("ada"))


def test_a_note_of_4000_characters_is_kept_and_one_more_is_refused(staffed, author):
    add_note(staffed, seen(), "x" * 4_000, author=author("ada"))
    with pytest.raises(EntryIncomplete, match="4,001 characters; at most 4,000"):
        add_note(staffed, seen(), "x" * 4_001, author=author("ada"))
    assert len(notes_on(staffed, "k4care", "P1")) == 1


def test_text_in_other_scripts_comes_back_unchanged(staffed, author):
    add_note(staffed, seen(), "Ngừng thuốc · 部分缓解 · ≥ 20 %", author=author("ada"))
    assert notes_on(staffed, "k4care", "P1")[0].text == "Ngừng thuốc · 部分缓解 · ≥ 20 %"


def test_snapshots_named_by_a_review_note_or_case_are_known_for_pruning(staffed, author):
    mark_reviewed(staffed, seen(snapshot_id="cut-1"), author=author("ada"))
    add_note(staffed, seen(snapshot_id="cut-2"), "x", author=author("ada"))
    held_on = author("ada").at.date()
    meeting_id = plan_meeting(staffed, "k4care", held_on=held_on, title="MDT", author=author("ada"))
    add_case(staffed, meeting_id, seen(snapshot_id="cut-3"), question="", author=author("ada"))
    assert named_snapshots(staffed, "k4care") == {"cut-1", "cut-2", "cut-3"}
    assert named_snapshots(staffed, "cdk46") == set()
