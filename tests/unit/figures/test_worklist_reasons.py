"""What people wrote decides three of the reasons, and whether a reviewed row stays away."""

import datetime as dt

import pytest

from dashboard.figures.worklist.reasons import (
    Decided,
    OpenAction,
    Reviewed,
    Written,
    entries,
    reason_key,
    standing_reasons,
)

TODAY = dt.date(2026, 3, 10)
EVENT = dt.date(2026, 2, 12)
PATIENT = {"patient_id": "P", "last_imaging_on": None, "last_imaging_precision": None}


def row(number, *, on=EVENT, is_met=True, detail=None):
    return {"patient_id": "P", "reason_no": number, "occurred_on": on, "is_met": is_met, "detail": detail}


def variant(name, *, is_met, on=EVENT):
    return row(9, on=on, is_met=is_met, detail=name)


def review(**values):
    given = {"snapshot_id": "s1", "reviewed_on": dt.date(2026, 3, 1), "reviewed_by": "Dr A"}
    return Reviewed(patient_id="P", **given | values)


def action(due_on):
    return OpenAction(patient_id="P", due_on=due_on, action="repeat CT", owner="Dr A")


def standing(rows=(), **written):
    return standing_reasons(rows, [PATIENT], written=Written(today=TODAY, **written))


def numbers(rows=(), **written):
    return [found["reason_no"] for found in standing(rows, **written)]


@pytest.mark.parametrize("number", [1, 12])
@pytest.mark.parametrize(("days", "is_answered"), [(-1, False), (0, True), (1, True)])
def test_a_decision_from_that_day_on_answers_a_progression_and_a_stop(number, days, is_answered):
    decision = Decided(patient_id="P", decided_on=EVENT + dt.timedelta(days=days))
    assert numbers([row(number)], decisions=[decision]) == ([] if is_answered else [number])


@pytest.mark.parametrize(("days", "is_undecided"), [(-1, True), (0, False), (1, False)])
def test_a_decision_from_the_day_of_the_progression_on_answers_it_though_the_stop_came_later(
    days, is_undecided
):
    progressed_on = EVENT - dt.timedelta(days=5)
    decision = Decided(patient_id="P", decided_on=progressed_on + dt.timedelta(days=days))
    (found,) = standing([{**row(12), "progressed_on": progressed_on}], decisions=[decision])
    assert found["progressed_on"] == (progressed_on if is_undecided else None)


def test_a_decision_answers_no_other_reason_and_no_other_patient():
    decision = Decided(patient_id="P", decided_on=TODAY)
    assert numbers([row(3), row(6)], decisions=[decision]) == [3, 6]
    assert numbers([row(1)], decisions=[Decided(patient_id="Q", decided_on=TODAY)]) == [1]


@pytest.mark.parametrize(("days", "expected"), [(-1, [11]), (0, []), (1, [])])
def test_an_action_is_overdue_from_the_day_after_it_was_due(days, expected):
    assert numbers(actions=[action(TODAY + dt.timedelta(days=days))]) == expected


def test_an_overdue_action_of_somebody_who_may_not_appear_is_left_out():
    late = OpenAction(patient_id="died", due_on=EVENT, action="repeat CT", owner="Dr A")
    assert numbers(actions=[late]) == []


def test_without_a_review_a_variant_is_new_that_the_baseline_did_not_have():
    found = standing([variant("ESR1 p.D538G", is_met=True), variant("PIK3CA p.H1047R", is_met=False)])
    assert [(line["detail"], line["n_others"]) for line in found] == [("ESR1 p.D538G", 0)]


def test_after_a_review_a_variant_is_new_that_was_not_known_then():
    rows = [variant("ESR1 p.D538G", is_met=True), variant("PIK3CA p.H1047R", is_met=False)]
    assert (
        numbers(rows, reviews=[review(known_variants=frozenset({"ESR1 p.D538G", "PIK3CA p.H1047R"}))]) == []
    )
    found = standing(rows, reviews=[review(known_variants=frozenset({"ESR1 p.D538G"}))])
    assert [line["detail"] for line in found] == ["PIK3CA p.H1047R"]


@pytest.mark.parametrize(
    ("known", "has_news", "expected"),
    [
        ({EVENT}, True, []),
        # Without news the whole row is hidden as it stands.
        ({EVENT}, False, [1]),
        # A PD entered after the review is new to the reviewer, whatever its date.
        ({EVENT - dt.timedelta(days=1)}, True, [1]),
        (set(), True, [1]),
    ],
)
def test_a_progression_the_reviewer_saw_is_not_new_when_something_else_comes(known, has_news, expected):
    seen = review(has_news=has_news, known_progressions=frozenset(known))
    assert numbers([row(1)], reviews=[seen]) == expected
    assert 6 in numbers([row(1), row(6)], reviews=[seen])


def test_several_new_variants_are_one_row_with_the_newest():
    later = EVENT + dt.timedelta(days=1)
    rows = [variant("ESR1 p.D538G", is_met=True), variant("ESR1 p.Y537S", is_met=True, on=later)]
    assert [(line["detail"], line["n_others"]) for line in standing(rows)] == [("ESR1 p.Y537S", 1)]


def test_reasons_come_in_their_order():
    assert numbers([row(12), row(3), row(1), row(8)], actions=[action(EVENT)]) == [1, 3, 8, 11, 12]


def listed(rows, *, known=None, **written):
    held = Written(today=TODAY, **written)
    return entries("s", standing_reasons(rows, [PATIENT], written=held), written=held, known=known)[0]


@pytest.mark.parametrize("has_news", [False, True])
def test_a_reviewed_row_stays_away_until_something_new_arrives(has_news):
    entry = listed([row(3)], reviews=[review(has_news=has_news)])
    assert (entry.is_hidden, entry.is_new) == (not has_news, has_news)


@pytest.mark.parametrize(("days", "is_hidden"), [(-1, True), (0, False), (1, False)])
def test_an_action_that_came_due_since_the_review_brings_the_row_back(days, is_hidden):
    due_on = dt.date(2026, 3, 1) + dt.timedelta(days=days)
    assert listed([row(3)], reviews=[review()], actions=[action(due_on)]).is_hidden is is_hidden


def test_a_row_is_new_that_did_not_stand_when_last_looked():
    assert listed([row(3)]).is_new is False
    assert listed([row(3)], known=frozenset()).is_new is True
    assert listed([row(3)], known=frozenset({reason_key(row(3))})).is_new is False
    other_day = row(3, on=EVENT + dt.timedelta(days=1))
    assert listed([other_day], known=frozenset({reason_key(row(3))})).is_new is True
