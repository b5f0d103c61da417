"""MDT meetings, their decisions and actions: the whole life, and two people at the same moment."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.errors import ChangedMeanwhile, EntryIncomplete, NoSuchEntry, PatientNotConfirmed
from dashboard.workflow.actions import (
    NewStatement,
    coming_courses,
    courses_of,
    decided_courses,
    open_actions,
    state_outcome,
)
from dashboard.workflow.audit import read_events
from dashboard.workflow.decisions import DecisionDraft, save_decision
from dashboard.workflow.entries import ActionOutcome, MdtCase, MdtMeeting
from dashboard.workflow.history import read_changes
from dashboard.workflow.meetings import (
    add_case,
    agenda_of,
    change_meeting,
    change_question,
    list_meetings,
    move_case,
    plan_meeting,
    take_off_agenda,
    use_snapshot,
)
from dashboard.workflow.models import AuditKind
from dashboard.workflow.reviews import PatientCut
from tests.decisions import decisions_on

MAY, JUNE, JULY = date(2026, 5, 7), date(2026, 6, 4), date(2026, 7, 2)


def patient(patient_id, snapshot_id="cut-1"):
    return PatientCut(study_id="k4care", patient_id=patient_id, snapshot_id=snapshot_id)


def draft(**more):
    entered = {"text": "Continue", "retyped": "001", "snapshot_id": "cut-1"}
    return DecisionDraft(**{**entered, **more})


@pytest.fixture
def plan(staffed, author):
    """Plans a meeting with these patients; gives its id and the ids of its cases."""

    def planned(*patient_ids, held_on=JUNE):
        meeting_id = plan_meeting(staffed, "k4care", held_on=held_on, title="Lung", author=author("ada"))
        case_ids = [
            add_case(staffed, meeting_id, patient(name), question=f"{name}?", author=author("ada"))
            for name in patient_ids
        ]
        return meeting_id, case_ids

    return planned


def meeting_of(database, meeting_id):
    return next(m for m in list_meetings(database, "k4care") if m.meeting_id == meeting_id)


def test_meetings_stand_latest_first_and_only_those_of_the_study(staffed, author, plan):
    plan(held_on=MAY)
    plan(held_on=JULY)
    plan(held_on=JUNE)
    plan_meeting(staffed, "cdk46", held_on=JUNE, title="Breast", author=author("ada"))
    assert [meeting.held_on for meeting in list_meetings(staffed, "k4care")] == [JULY, JUNE, MAY]


def test_a_moved_meeting_keeps_its_old_date_and_title(staffed, author, plan):
    meeting_id, _cases = plan()
    meeting = meeting_of(staffed, meeting_id)
    change_meeting(staffed, meeting, held_on=JULY, title="Lung and liver", author=author("bo"))
    assert meeting_of(staffed, meeting_id).held_on == JULY
    before = [change.before for change in read_changes(staffed, MdtMeeting, meeting_id)]
    assert before == [{"held_on": "2026-06-04", "title": "Lung"}]


def test_patients_stand_in_the_order_of_the_agenda_with_question_and_snapshot(staffed, plan):
    meeting_id, _cases = plan("K-003", "K-001")
    agenda = agenda_of(staffed, meeting_id)
    found = [(c.agenda_order, c.patient_id, c.question, c.snapshot_id) for c in agenda]
    assert found == [(1, "K-003", "K-003?", "cut-1"), (2, "K-001", "K-001?", "cut-1")]


@pytest.mark.parametrize(
    ("patient_id", "to", "expected"),
    [("C", 1, "CAB"), ("A", 3, "BCA"), ("B", 2, "ABC"), ("A", 2, "BAC"), ("C", 2, "ACB")],
)
def test_a_case_moves_to_its_place_and_the_others_close_up(staffed, author, plan, patient_id, to, expected):
    meeting_id, _cases = plan("A", "B", "C")
    agenda = agenda_of(staffed, meeting_id)
    case_id = next(case.case_id for case in agenda if case.patient_id == patient_id)
    move_case(staffed, agenda, case_id, to=to, author=author("ada"))
    found = agenda_of(staffed, meeting_id)
    assert "".join(case.patient_id for case in found) == expected
    assert [case.agenda_order for case in found] == [1, 2, 3]


def test_an_agenda_reordered_by_two_people_follows_one_of_them(staffed, author, plan, together):
    meeting_id, cases = plan("A", "B", "C")
    agenda = agenda_of(staffed, meeting_id)
    errors = together(
        lambda: move_case(staffed, agenda, cases[2], to=1, author=author("ada")),
        lambda: move_case(staffed, agenda, cases[0], to=3, author=author("bo")),
    )
    assert sorted(type(error).__name__ for error in errors) == ["ChangedMeanwhile", "NoneType"]
    expected = ("CAB", "BCA")[errors.index(None)]
    assert "".join(case.patient_id for case in agenda_of(staffed, meeting_id)) == expected


def test_a_patient_stands_on_an_agenda_once(staffed, author, plan):
    meeting_id, _cases = plan("A")
    with pytest.raises(EntryIncomplete, match="A is on the agenda already"):
        add_case(staffed, meeting_id, patient("A"), question="", author=author("bo"))


def test_two_people_adding_the_same_patient_add_one_case(staffed, author, plan, together):
    meeting_id, _cases = plan()
    add = [
        lambda name=name: add_case(staffed, meeting_id, patient("A"), question=name, author=author(name))
        for name in ("ada", "bo")
    ]
    errors = together(*add)
    assert errors.count(None) == 1
    refused = next(error for error in errors if error is not None)
    assert isinstance(refused, ChangedMeanwhile | EntryIncomplete)
    assert [case.patient_id for case in agenda_of(staffed, meeting_id)] == ["A"]


def test_a_patient_of_another_study_is_refused(staffed, author, plan):
    meeting_id, _cases = plan()
    other = PatientCut(study_id="cdk46", patient_id="A", snapshot_id="cut-1")
    with pytest.raises(EntryIncomplete, match="one of study k4care"):
        add_case(staffed, meeting_id, other, question="", author=author("ada"))


def test_a_case_taken_off_comes_back_at_the_end_with_its_history(staffed, author, plan):
    meeting_id, cases = plan("A", "B")
    take_off_agenda(staffed, agenda_of(staffed, meeting_id)[0], author=author("ada"))
    assert [case.patient_id for case in agenda_of(staffed, meeting_id)] == ["B"]
    assert [course.case.patient_id for course in courses_of(staffed, "k4care")] == ["B"]
    add_case(staffed, meeting_id, patient("A", "cut-2"), question="again?", author=author("bo"))
    back = agenda_of(staffed, meeting_id)[1]
    assert (back.case_id, back.question, back.snapshot_id) == (cases[0], "again?", "cut-2")
    assert len(read_changes(staffed, MdtCase, cases[0])) == 2


def test_a_case_with_a_decision_stays_on_the_agenda(staffed, author, plan):
    meeting_id, cases = plan("K-001")
    save_decision(staffed, cases[0], draft(), version=0, author=author("ada"))
    with pytest.raises(EntryIncomplete, match="stays on the agenda"):
        take_off_agenda(staffed, agenda_of(staffed, meeting_id)[0], author=author("ada"))


def test_question_and_data_cut_of_a_case_change_with_their_history(staffed, author, plan):
    meeting_id, cases = plan("A")
    change_question(staffed, agenda_of(staffed, meeting_id)[0], "Rebiopsy?", author=author("bo"))
    use_snapshot(staffed, agenda_of(staffed, meeting_id)[0], "cut-2", author=author("bo"))
    case = agenda_of(staffed, meeting_id)[0]
    assert (case.question, case.snapshot_id, case.version) == ("Rebiopsy?", "cut-2", 3)
    before = [change.before for change in read_changes(staffed, MdtCase, cases[0])]
    assert before == [{"snapshot_id": "cut-1"}, {"question": "A?"}]


@pytest.mark.parametrize("retyped", ["001", " 001 "])
def test_a_decision_is_saved_with_the_last_three_characters(staffed, author, plan, retyped):
    _meeting, cases = plan("K4C-0001")
    assert save_decision(staffed, cases[0], draft(retyped=retyped), version=0, author=author("ada")) == 1


def test_upper_and_lower_case_of_the_characters_count_the_same(staffed, author, plan):
    _meeting, cases = plan("K4C-07A")
    save_decision(staffed, cases[0], draft(retyped="07a"), version=0, author=author("ada"))
    assert len(decisions_on(staffed, cases[0])) == 1


@pytest.mark.parametrize("retyped", ["", "01", "002", "0001", "K4C-0001", "1", "100"])
def test_any_other_characters_save_nothing_and_are_not_given_away(staffed, author, plan, retyped):
    _meeting, cases = plan("K4C-0001")
    with pytest.raises(PatientNotConfirmed, match="last 3 characters") as refused:
        save_decision(staffed, cases[0], draft(retyped=retyped), version=0, author=author("ada"))
    assert "001" not in str(refused.value)
    assert decisions_on(staffed, cases[0]) == []
    assert [event for event in read_events(staffed) if event.kind is AuditKind.DECISION] == []


def test_a_revised_decision_is_a_new_version_and_the_old_one_stays(staffed, author, plan):
    _meeting, cases = plan("K-001")
    save_decision(staffed, cases[0], draft(text="Continue"), version=0, author=author("ada"))
    revised = draft(text="Switch", next_action="Biopsy", owner="Dr Bo", due_on=JULY)
    save_decision(staffed, cases[0], revised, version=1, author=author("bo", minutes=3))
    found = [(d.version, d.text, d.next_action, d.owner, d.due_on) for d in decisions_on(staffed, cases[0])]
    assert found == [(2, "Switch", "Biopsy", "Dr Bo", JULY), (1, "Continue", "", "", None)]
    events = [event for event in read_events(staffed) if event.kind is AuditKind.DECISION]
    assert [(e.patient_id, e.snapshot_id, e.detail["version"]) for e in events] == [
        ("K-001", "cut-1", 2),
        ("K-001", "cut-1", 1),
    ]


def test_a_decision_written_on_an_older_version_is_refused(staffed, author, plan):
    _meeting, cases = plan("K-001")
    save_decision(staffed, cases[0], draft(text="Continue"), version=0, author=author("ada"))
    with pytest.raises(ChangedMeanwhile, match=r"saved version 1 .* you wrote on version 0"):
        save_decision(staffed, cases[0], draft(text="Stop"), version=0, author=author("bo"))
    assert [decision.text for decision in decisions_on(staffed, cases[0])] == ["Continue"]


def test_of_two_decisions_at_the_same_moment_one_is_kept_and_the_other_is_told(
    staffed, open_database, author, plan, together
):
    _meeting, cases = plan("K-001")
    elsewhere = open_database()
    for version in range(8):
        errors = together(
            *(
                lambda db=db, name=name, v=version: save_decision(
                    db, cases[0], draft(text=f"{name} {v}"), version=v, author=author(name)
                )
                for db, name in ((staffed, "ada"), (elsewhere, "bo"))
            )
        )
        assert sorted(type(error).__name__ for error in errors) == ["ChangedMeanwhile", "NoneType"]
        winner = ("ada", "bo")[errors.index(None)]
        assert decisions_on(staffed, cases[0])[0].text == f"{winner} {version}"
    assert [decision.version for decision in decisions_on(staffed, cases[0])] == [8, 7, 6, 5, 4, 3, 2, 1]
    events = [event for event in read_events(staffed) if event.kind is AuditKind.DECISION]
    assert len(events) == 8


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"text": " "}, "The decision is empty"),
        ({"next_action": "Biopsy"}, "has no owner"),
        ({"owner": "Dr Bo"}, "without a next action"),
        ({"due_on": JULY}, "without a next action"),
    ],
)
def test_an_incomplete_decision_is_refused(staffed, author, plan, entered, said):
    _meeting, cases = plan("K-001")
    with pytest.raises(EntryIncomplete, match=said):
        save_decision(staffed, cases[0], draft(**entered), version=0, author=author("ada"))


@pytest.mark.parametrize("table", ["mdt_decision", "mdt_action_outcome", "review", "row_change"])
@pytest.mark.parametrize("change", ["update {} set user_id = user_id", "delete from {}"])
def test_what_was_said_can_be_neither_changed_nor_removed(staffed, author, plan, table, change):
    meeting_id, cases = plan("K-001")
    change_question(staffed, agenda_of(staffed, meeting_id)[0], "Now?", author=author("ada"))
    with_action = draft(next_action="Biopsy", owner="Dr Bo")
    save_decision(staffed, cases[0], with_action, version=0, author=author("ada"))
    state(staffed, cases[0], ActionOutcome.CARRIED_OUT, author=author("bo"))
    fill_review = (
        "insert into review (study_id, patient_id, snapshot_id, user_id, is_reviewed, note, at) "
        "select 'k4care', 'K-001', 'cut-1', user_id, true, '', at from mdt_decision"
    )
    with staffed.begin() as connection:
        connection.execute(text(fill_review))
    with pytest.raises(DBAPIError, match="append only"), staffed.begin() as connection:
        connection.execute(text(change.format(table)))


def state(database, case_id, outcome, *, author, why_not="", version=0):
    decision_id = decisions_on(database, case_id)[0].decision_id
    said = NewStatement(outcome=outcome, version=version, why_not=why_not)
    state_outcome(database, decision_id, said, author=author)


def decide(database, case_id, *, author, version=0, **more):
    entered = draft(**{"next_action": "Biopsy", "owner": "Dr Bo", **more})
    save_decision(database, case_id, entered, version=version, author=author)


def open_patients(database, **which):
    return [course.case.patient_id for course in open_actions(database, "k4care", **which)]


@pytest.mark.parametrize(
    ("outcome", "why_not", "is_open"),
    [
        (None, "", True),
        (ActionOutcome.CARRIED_OUT, "", False),
        (ActionOutcome.NOT_YET, "no slot", True),
        (ActionOutcome.DROPPED, "patient declined", False),
    ],
)
def test_an_action_is_open_until_it_is_carried_out_or_dropped(
    staffed, author, plan, outcome, why_not, is_open
):
    _meeting, cases = plan("K-001")
    decide(staffed, cases[0], author=author("ada"))
    if outcome:
        state(staffed, cases[0], outcome, why_not=why_not, author=author("bo"))
    assert open_patients(staffed) == (["K-001"] if is_open else [])


@pytest.mark.parametrize("outcome", [ActionOutcome.NOT_YET, ActionOutcome.DROPPED])
def test_an_action_not_carried_out_needs_its_reason(staffed, author, plan, outcome):
    _meeting, cases = plan("K-001")
    decide(staffed, cases[0], author=author("ada"))
    with pytest.raises(EntryIncomplete, match="reason"):
        state(staffed, cases[0], outcome, why_not=" ", author=author("bo"))


def test_open_actions_of_earlier_meetings_open_the_next_one(staffed, author, plan):
    _may, (first,) = plan("A001", held_on=MAY)
    june, (second,) = plan("B001", held_on=JUNE)
    july, _cases = plan(held_on=JULY)
    decide(staffed, first, due_on=JULY, author=author("ada"))
    decide(staffed, second, due_on=JUNE, author=author("ada"))
    assert open_patients(staffed, before=meeting_of(staffed, july)) == ["B001", "A001"]
    assert open_patients(staffed, before=meeting_of(staffed, june)) == ["A001"]


def test_of_two_meetings_on_one_day_the_one_planned_later_is_the_next(staffed, author, plan):
    first, (case,) = plan("A001", held_on=JUNE)
    second, _cases = plan(held_on=JUNE)
    decide(staffed, case, author=author("ada"))
    assert open_patients(staffed, before=meeting_of(staffed, second)) == ["A001"]
    assert open_patients(staffed, before=meeting_of(staffed, first)) == []


def test_correcting_the_text_of_a_decision_does_not_open_its_action_again(staffed, author, plan):
    _meeting, (case,) = plan("A001")
    decide(staffed, case, author=author("ada"))
    state(staffed, case, ActionOutcome.CARRIED_OUT, author=author("bo"))
    decide(staffed, case, text="Continue unchanged", version=1, author=author("ada"))
    assert open_patients(staffed) == []
    decide(staffed, case, next_action="PET", version=2, author=author("ada"))
    assert open_patients(staffed) == ["A001"]


def test_a_decision_without_a_next_action_opens_nothing_and_takes_no_statement(staffed, author, plan):
    _meeting, (case,) = plan("A001")
    save_decision(staffed, case, draft(), version=0, author=author("ada"))
    assert open_patients(staffed) == []
    with pytest.raises(NoSuchEntry, match="no next action"):
        state(staffed, case, ActionOutcome.CARRIED_OUT, author=author("ada"))


@pytest.mark.parametrize(("day", "is_overdue"), [(1, False), (2, False), (3, True)])
def test_an_open_action_is_overdue_from_the_day_after_it_was_due(staffed, author, plan, day, is_overdue):
    _meeting, (case,) = plan("A001")
    decide(staffed, case, due_on=date(2026, 7, 2), author=author("ada"))
    assert open_actions(staffed, "k4care")[0].is_overdue(date(2026, 7, day)) is is_overdue


def test_neither_an_undated_nor_a_finished_action_is_overdue(staffed, author, plan):
    _meeting, cases = plan("A001", "B001")
    decide(staffed, cases[0], author=author("ada"))
    decide(staffed, cases[1], due_on=MAY, author=author("ada"))
    state(staffed, cases[1], ActionOutcome.CARRIED_OUT, author=author("ada"))
    assert [c.is_overdue(date(2030, 1, 1)) for c in courses_of(staffed, "k4care")] == [False, False]


def test_of_two_statements_at_the_same_moment_one_is_kept_and_the_other_is_told(
    staffed, author, plan, together
):
    _meeting, (case,) = plan("A001")
    decide(staffed, case, author=author("ada"))
    errors = together(
        lambda: state(staffed, case, ActionOutcome.CARRIED_OUT, author=author("ada")),
        lambda: state(staffed, case, ActionOutcome.DROPPED, why_not="died", author=author("bo")),
    )
    assert sorted(type(error).__name__ for error in errors) == ["ChangedMeanwhile", "NoneType"]
    assert len(courses_of(staffed, "k4care")[0].statements) == 1


def test_the_course_of_a_case_tells_every_version_and_statement_newest_first(staffed, author, plan):
    meeting_id, (case,) = plan("A001")
    decide(staffed, case, author=author("ada"))
    state(staffed, case, ActionOutcome.NOT_YET, why_not="no slot", author=author("bo", minutes=1))
    state(staffed, case, ActionOutcome.CARRIED_OUT, version=1, author=author("bo", minutes=2))
    course = courses_of(staffed, "k4care", meeting_id=meeting_id)[0]
    said = [(s.outcome, s.why_not, s.stated_by) for s in course.statements]
    assert said == [(ActionOutcome.CARRIED_OUT, "", "Dr Bo"), (ActionOutcome.NOT_YET, "no slot", "Dr Bo")]
    assert courses_of(staffed, "k4care", meeting_id=meeting_id + 1) == []


@pytest.mark.parametrize(
    ("today", "held_on"),
    [(MAY, MAY), (date(2026, 5, 8), JUNE), (JUNE, JUNE), (date(2026, 6, 5), None)],
)
def test_the_coming_cases_of_a_patient_are_those_of_meetings_not_yet_held(
    staffed, plan, author, today, held_on
):
    ids = {day: plan("S-001", "S-002", held_on=day) for day in (JUNE, MAY)}
    courses = courses_of(staffed, "k4care", patient_id="S-001")
    assert [course.case.case_id for course in courses] == [ids[MAY][1][0], ids[JUNE][1][0]]
    found = next(iter(coming_courses(courses, today=today)), None)
    assert (found and found.case.case_id) == (held_on and ids[held_on][1][0])
    assert courses_of(staffed, "cdk46", patient_id="S-001") == []
    assert courses_of(staffed, "k4care", patient_id="S-003") == []


def test_a_case_taken_off_the_agenda_is_no_case_of_the_patient(staffed, plan, author):
    meeting_id, _ = plan("S-001")
    (case,) = agenda_of(staffed, meeting_id)
    assert [course.case.question for course in courses_of(staffed, "k4care", patient_id="S-001")] == [
        "S-001?"
    ]
    take_off_agenda(staffed, case, author=author("ada"))
    assert courses_of(staffed, "k4care", patient_id="S-001") == []


def test_of_the_cases_of_a_patient_the_last_meeting_that_decided_comes_first(staffed, plan, author):
    for held_on in (JULY, MAY, JUNE):
        _, (case_id,) = plan("S-001", held_on=held_on)
        if held_on != JUNE:
            draft = DecisionDraft(text=f"of {held_on}", retyped="001", snapshot_id="cut-1")
            save_decision(staffed, case_id, draft, version=0, author=author("ada"))
    found = decided_courses(courses_of(staffed, "k4care", patient_id="S-001"))
    assert [course.meeting.held_on for course in found] == [JULY, MAY]
