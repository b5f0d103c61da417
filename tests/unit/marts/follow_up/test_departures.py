"""follow_up on the day a patient leaves, who owed everything, and in the next data cut."""

import pytest

from tests.builders import day
from tests.unit.marts.follow_up.courses import (
    DRAW_2,
    SCANS,
    alive,
    died,
    draw,
    drug,
    follow_up,
    left,
    scans,
    until,
)

LAST = 300
SERIOUS = {"event_id": "1", "term": "pneumonitis", "started_on": None, "is_serious": True}
RECORDS = {
    "ctdna_result",
    "draw_reason",
    "laboratory_result",
    "response",
    "sae_outcome",
    "start_reason",
    "stop_reason",
}
PLANNED = {"draw_2", "imaging", "vital_status"}


def owing(**more):
    """A patient who owes one of everything on day 300, seen last on day 20."""
    course = {
        "treatment": [drug(0, 30, start_reason=None)],
        "imaging": scans(25, modality="ct"),
        "ctdna_sample": [draw(10, "pending", reason=None)],
        "adverse_event": [SERIOUS],
        "sample_link": [{"laboratory_id": "L1", "draw": "draw 1"}],
        "contact": alive(20),
    }
    return until(LAST, **{**course, **more})


COURSES = {
    "stays": owing(),
    "withdraws on the last day": owing(disposition=left("withdrawal_of_consent", LAST)),
    "withdraws the day after": owing(disposition=left("withdrawal_of_consent", LAST + 1)),
    "withdrew without a date": owing(disposition=left("withdrawal_of_consent", None)),
    "died on the last day": owing(contact=[*alive(20), *died(LAST)]),
    "transferred on the last day": owing(disposition=left("transfer", LAST)),
    "left on the last day": owing(disposition=left("left_study", LAST)),
    "completed on the last day": owing(disposition=left("completed", LAST)),
}


@pytest.fixture(scope="module")
def found():
    return follow_up(COURSES, plan=[DRAW_2, SCANS])


def asked_for(rows):
    """Items somebody would be asked for: owed, or not to be judged for want of a date."""
    return {row["item"] for row in rows if row["is_owed"] or row["state"] == "CANNOT_TELL"}


def test_who_stays_is_asked_for_everything_owed(found):
    # The draw of day 10 is taken for the second one outside its window, so none is owed.
    assert asked_for(found["stays"]) == (PLANNED | RECORDS) - {"draw_2"}


@pytest.mark.parametrize("case", ["withdraws on the last day", "withdrew without a date"])
def test_withdrawal_of_consent_takes_the_patient_off_every_list_the_same_day(found, case):
    assert asked_for(found[case]) == set()


def test_a_withdrawal_of_tomorrow_changes_nothing_today(found):
    assert asked_for(found["withdraws the day after"]) == asked_for(found["stays"])


@pytest.mark.parametrize(
    "case",
    [
        "died on the last day",
        "transferred on the last day",
        "left on the last day",
        "completed on the last day",
    ],
)
def test_after_another_departure_only_records_of_before_are_asked_for(found, case):
    assert asked_for(found[case]) == RECORDS


KINDS = ("withdrawal_of_consent", "transfer", "left_study", "lost_to_follow_up")
DAYS = (180, 181, 209, 210, 211)


@pytest.fixture(scope="module")
def at_boundaries():
    courses = {f"{kind} {last}": until(last, disposition=left(kind, last)) for kind in KINDS for last in DAYS}
    return follow_up(courses, plan=[DRAW_2])


@pytest.mark.parametrize("last", DAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_planned_draw_is_not_owed_from_the_day_of_a_departure_at_any_boundary(at_boundaries, kind, last):
    (row,) = (row for row in at_boundaries[f"{kind} {last}"] if row["item"] == "draw_2")
    assert not row["is_owed"]
    assert row["state"] == ("NOT_EXPECTED" if last <= 210 else "CANNOT_BE_OBTAINED")


PENDING = draw(0, "pending")
# item: (course, last day in time); 15 working days after Monday, day 0, are over on day 21.
WITH_A_CLOCK = {
    "response": ({"treatment": [drug(0)], "imaging": scans(100, modality="ct")}, 114),
    "ctdna_result": ({"ctdna_sample": [PENDING]}, 21),
    "draw_reason": ({"ctdna_sample": [draw(0, reason=None)]}, 10),
    "start_reason": ({"treatment": [drug(0, start_reason=None)]}, 10),
    "stop_reason": ({"treatment": [drug(0, 50)]}, 60),
    "sae_outcome": ({"adverse_event": [{**SERIOUS, "started_on": day(50)}]}, 60),
}
GOING = {
    "nobody": lambda on: {},
    "withdrawal": lambda on: {"disposition": left("withdrawal_of_consent", on)},
    "transfer": lambda on: {"disposition": left("transfer", on)},
    "death": lambda on: {"contact": died(on)},
}
# Days after the last one in time, on which the patient goes.
STATE_OF = {-1: "CLOSES_SOON", 0: "CLOSES_SOON", 1: "OVERDUE"}


@pytest.fixture(scope="module")
def gone_in_time():
    courses = {
        f"{item} {going} {after}": until(last + after, **course, **GOING[going](last + after))
        for item, (course, last) in WITH_A_CLOCK.items()
        for going in GOING
        for after in STATE_OF
    }
    return follow_up(courses, plan=[])


@pytest.mark.parametrize("after", STATE_OF)
@pytest.mark.parametrize("going", GOING)
@pytest.mark.parametrize("item", WITH_A_CLOCK)
def test_a_record_stays_due_after_a_departure_in_its_time_unless_consent_is_gone(
    gone_in_time, item, going, after
):
    (row,) = (row for row in gone_in_time[f"{item} {going} {after}"] if row["item"] == item)
    is_withdrawn = going == "withdrawal"
    assert row["state"] == ("NOT_EXPECTED" if is_withdrawn else STATE_OF[after])
    assert row["is_owed"] is not is_withdrawn


SCAN_CASES = {
    "the last day": (until(104), "CLOSES_SOON", None),
    "the first day of the grace": (until(105), "DUE_NOW", None),
    "the last day of the grace": (until(114), "DUE_NOW", None),
    "the day after the grace": (until(115), "OVERDUE", 11),
    "withdrew the day after the grace": (
        until(115, disposition=left("withdrawal_of_consent", 115)),
        "CANNOT_BE_OBTAINED",
        None,
    ),
    "transferred in the window": (until(115, disposition=left("transfer", 104)), "NOT_EXPECTED", None),
    "died in the grace": (until(115, contact=died(110)), "NOT_EXPECTED", None),
    "died on the last day of the grace": (until(115, contact=died(114)), "NOT_EXPECTED", None),
    "died the day after the grace": (until(115, contact=died(115)), "CANNOT_BE_OBTAINED", None),
}


@pytest.fixture(scope="module")
def with_grace():
    courses = {name: course for name, (course, *_) in SCAN_CASES.items()}
    return follow_up(courses, plan=[{**SCANS, "grace_days": 10}])


@pytest.mark.parametrize("case", SCAN_CASES)
def test_a_repeated_item_has_its_grace_too(with_grace, case):
    first = min(
        (row for row in with_grace[case] if row["item"] == "imaging"), key=lambda row: row["opens_on"]
    )
    _, state, late = SCAN_CASES[case]
    assert (first["state"], first["days_late"]) == (state, late)


CONTACTS = {
    "withdrew": left("withdrawal_of_consent", 200),
    "transferred": left("transfer", 200),
}


@pytest.fixture(scope="module")
def called():
    courses = {
        name: until(300, contact=alive(20), disposition=disposition) for name, disposition in CONTACTS.items()
    }
    return follow_up(courses, plan=[])


@pytest.mark.parametrize("case", CONTACTS)
def test_nobody_is_called_after_a_departure(called, case):
    assert [row["state"] for row in called[case] if row["item"] == "vital_status"] == ["NOT_EXPECTED"]


SCAN = {"treatment": [drug(0)], "imaging": scans(100, modality="ct")}
PR = {"assessed_on": day(100), "assessor": "treating_physician", "overall": "pr", "basis": "imaging"}
# item: (course, what the next data cut adds, last day of the first cut, last day of the next)
NEXT_CUT = {
    "draw_2": ({}, {"ctdna_sample": [draw(215)]}, 211, 240),
    "response": (SCAN, {"response": [PR]}, 120, 150),
    "stop_reason": (
        {"treatment": [drug(0, 50)]},
        {"treatment": [drug(0, 50, stop_reason="toxicity")]},
        70,
        100,
    ),
    "start_reason": ({"treatment": [drug(0, start_reason=None)]}, {"treatment": [drug(0)]}, 30, 60),
    "draw_reason": ({"ctdna_sample": [draw(0, reason=None)]}, {"ctdna_sample": [draw(0)]}, 30, 60),
    "ctdna_result": ({"ctdna_sample": [draw(0, "pending")]}, {"ctdna_sample": [draw(0)]}, 30, 60),
    "vital_status": ({"contact": alive(20)}, {"contact": alive(205)}, 210, 240),
    "sae_outcome": (
        {"adverse_event": [{**SERIOUS, "started_on": day(50)}]},
        {"adverse_event": [{**SERIOUS, "started_on": day(50), "outcome": "recovered"}]},
        61,
        90,
    ),
    "laboratory_result": (
        {"sample_link": [{"laboratory_id": "L1", "draw": "draw 1"}]},
        {"ctdna_sample": [draw(1, laboratory_id="L1")]},
        30,
        60,
    ),
}


@pytest.fixture(scope="module")
def at_cuts():
    courses = {}
    for item, (before, after, first, second) in NEXT_CUT.items():
        courses[f"{item} before"] = until(first, **before)
        courses[f"{item} after"] = until(second, **{**before, **after})
        courses[f"{item} not brought"] = until(second, **before)
    return follow_up(courses, plan=[DRAW_2])


@pytest.mark.parametrize("item", NEXT_CUT)
def test_the_next_data_cut_brings_it_and_it_is_off_the_list(at_cuts, item):
    def asked(cut):
        rows = [row for row in at_cuts[f"{item} {cut}"] if row["item"] == item]
        return [row["state"] for row in rows if row["is_owed"] or row["state"] == "CANNOT_TELL"]

    # A link says nothing of the day of the draw.
    state = "CANNOT_TELL" if item == "laboratory_result" else "OVERDUE"
    assert (asked("before"), asked("after"), asked("not brought")) == ([state], [], [state])
