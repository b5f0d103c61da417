"""The first progression of a line is what imaging or the clinic first said of it."""

import pytest

from tests.builders import day, run_mart


def milestone(kind, on, line=1):
    return {"patient_id": "P", "line": line, "kind": kind, "occurred_on": day(on)}


@pytest.mark.parametrize(
    ("kinds", "progressed"),
    [
        ({"radiological_progression": 90, "clinical_progression": 80}, [day(80)]),
        ({"radiological_progression": 80, "clinical_progression": 90}, [day(80)]),
        ({"radiological_progression": 90, "molecular_progression": 70}, [day(90)]),
        ({"death": 60}, []),
    ],
)
def test_the_line_progressed_when_imaging_or_the_clinic_first_said_so(kinds, progressed):
    milestones = [milestone(kind, on) for kind, on in kinds.items()]
    found = run_mart("line_progression", {"milestone": milestones}, columns="progressed_on")
    assert [on for (on,) in found] == progressed


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([("line_start", 100, 2)], "NEXT_LINE"),
        ([("line_start", 100, 2), ("death", 200, 2)], "NEXT_LINE"),
        ([("death", 200, 1)], "DIED"),
        # The line itself, and one after the next, are not the next line.
        ([("line_start", 0, 1)], "NOT_RECORDED"),
        ([("line_start", 100, 3)], "NOT_RECORDED"),
        ([], "NOT_RECORDED"),
    ],
)
def test_after_a_progression_the_next_line_started_or_the_patient_died_or_nothing_is_recorded(
    after, expected
):
    milestones = [milestone("radiological_progression", 90), *(milestone(*one) for one in after)]
    found = run_mart("line_progression", {"milestone": milestones}, columns="what_followed")
    assert found == [(expected,)]


def test_each_line_has_its_own_and_a_progression_outside_all_lines_none():
    milestones = [
        milestone("radiological_progression", on, line)
        for line, on in ((0, 10), (None, 20), (1, 90), (1, 120), (2, 200))
    ]
    found = run_mart("line_progression", {"milestone": milestones}, columns="line, progressed_on")
    assert found == [(1, day(90)), (2, day(200))]
