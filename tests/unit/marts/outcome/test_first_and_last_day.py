"""The first and the last day that counts: origin, entry, start of a line, last day observed."""

import pytest

from tests.builders import day
from tests.unit.marts.outcome.endpoints import outcomes, rule
from tests.unit.marts.outcome.test_milestone import contact, course, milestones
from tests.unit.marts.outcome.test_pairs_and_landmarks import pairs

PFS = [
    rule("origin", "line_start", line=1),
    rule("event", "radiological_progression"),
    rule("censor", "adequate_assessment"),
]
START = ("P", "line_start", 0, {"line": 1})
UNTIL = {"observed_until": day(60)}


@pytest.mark.parametrize(("seen", "expected"), [(-1, "NO_FOLLOW_UP"), (0, "LAST_SEEN"), (1, "LAST_SEEN")])
def test_an_assessment_on_day_0_is_follow_up_and_one_before_it_is_none(seen, expected):
    assert outcomes([START, ("P", "adequate_assessment", seen)], PFS, columns="rule") == [(expected,)]


@pytest.mark.parametrize(
    ("enrolled", "expected"),
    [
        (0, ("CENSORED", "NO_FOLLOW_UP", None)),
        (1, ("NOT_AT_RISK", "ENDED_BEFORE_ENTRY", day(1))),
    ],
)
def test_who_is_enrolled_on_day_0_does_not_join_late(enrolled, expected):
    rules = [*PFS, rule("entry", "enrolment")]
    facts = [START, ("P", "enrolment", enrolled)]
    assert outcomes(facts, rules, columns="status, rule, entry_on") == [expected]


@pytest.mark.parametrize(("died", "expected"), [(60, [(day(60),)]), (61, [])])
def test_a_death_on_the_last_day_observed_counts(died, expected):
    death = contact(died, "dead", died_on=day(died))
    assert milestones("death", columns="occurred_on", patient=UNTIL, contact=[death]) == expected


def test_a_patient_seen_on_the_day_of_death_was_alive_that_day():
    facts = {
        "contact": [contact(50), contact(60, "dead", died_on=day(60))],
        "visit": [{"patient_id": "P", "visit_on": day(60)}],
    }
    assert milestones("known_alive", columns="occurred_on", **facts) == [(day(60),)]


@pytest.mark.parametrize(("started", "expected"), [(60, [(day(60),)]), (61, [])])
def test_a_line_that_starts_on_the_last_day_observed_counts(started, expected):
    courses = [course(1, started, line=1)]
    assert milestones("line_start", columns="occurred_on", patient=UNTIL, treatment=courses) == expected


@pytest.mark.parametrize(("drawn", "expected"), [(60, [(day(60),)]), (61, [])])
def test_a_sample_of_the_last_day_observed_counts(drawn, expected):
    sample = {"sample_id": "S1", "patient_id": "P", "collected_on": day(drawn), "status": "not_detected"}
    assert milestones("valid_sample", columns="occurred_on", patient=UNTIL, ctdna_sample=[sample]) == expected


@pytest.mark.parametrize(("scanned", "n_pairs"), [(100, 1), (101, 0)])
def test_a_scan_on_the_day_the_next_line_starts_answers_for_the_line_before(scanned, n_pairs):
    found = pairs(samples=[(90, "detected")], responses=[(scanned, "sd")], starts=(0, 100))
    assert len(found) == n_pairs
