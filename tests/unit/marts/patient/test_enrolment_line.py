"""The line at enrolment: the index line, where it began by enrolment plus the study's grace days (28)."""

import pytest

from tests.builders import day, run_mart

COLUMNS = "index_line, enrolment_line, enrolment_drug_class"
CLASSES = [
    {"agent": "osimertinib", "drug_class": "egfr_tki", "opens_line": True},
    {"agent": "paclitaxel", "drug_class": "chemotherapy", "opens_line": True},
]


def course(line: int, at: int, agent: str) -> dict[str, object]:
    return {
        "patient_id": "P",
        "treatment_id": f"T{line}",
        "kind": "systemic",
        "line": line,
        "agents": agent,
        "started_on": day(at),
    }


def at_enrolment(*courses: dict[str, object]) -> list[tuple[object, ...]]:
    patient = {"patient_id": "P", "enrolled_on": day(0), "observed_until": day(400)}
    tables = {"patient": [patient], "drug_class": CLASSES, "treatment": courses}
    return run_mart("patient_summary", tables, columns=COLUMNS)


@pytest.mark.parametrize("started", [-200, 0, 27, 28])
def test_a_line_begun_up_to_28_days_after_enrolment_is_the_line_at_enrolment(started: int):
    assert at_enrolment(course(1, started, "osimertinib")) == [(1, 1, "egfr_tki")]


@pytest.mark.parametrize("started", [29, 300])
def test_a_line_begun_later_is_followed_but_is_not_the_line_at_enrolment(started: int):
    assert at_enrolment(course(1, started, "osimertinib")) == [(1, None, None)]


def test_of_two_lines_begun_by_then_the_later_one_and_none_begun_after():
    courses = [course(1, -200, "osimertinib"), course(2, 28, "paclitaxel"), course(3, 29, "osimertinib")]
    assert at_enrolment(*courses) == [(2, 2, "chemotherapy")]


def test_a_patient_without_a_line_has_none():
    assert at_enrolment() == [(None, None, None)]
