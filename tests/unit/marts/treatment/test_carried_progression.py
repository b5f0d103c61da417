"""A status PD carried over to systemic treatment after local therapy is no new progression (A1, A5)."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart

LOCAL: Row = {"response_mode": "post_local_therapy", "index_origin": "local_therapy"}
CHEMOTHERAPY: Row = {
    "patient_id": "P",
    "treatment_id": "S",
    "kind": "systemic",
    "line": 1,
    "agents": "capecitabine",
    "started_on": day(110),
}
LIVER: Row = {"progression_pattern": "extrathoracic", "progression_site": "liver"}


def scan(on: int, overall: str = "pd", **more: Any) -> Row:
    site = LIVER if overall == "pd" else {}
    return {
        "patient_id": "P",
        "assessed_on": day(on),
        "assessor": "investigator",
        "overall": overall,
        **site,
        **more,
    }


def given(*scans: Row, mode: Row = LOCAL, **tables: Any) -> dict[str, Any]:
    local = {"patient_id": "P", "treatment_id": "L", "kind": "ablation", "started_on": day(0)}
    return {
        "study": [mode],
        "patient": [{"patient_id": "P", "enrolled_on": day(-10), "observed_until": day(400)}],
        "treatment": [local, CHEMOTHERAPY],
        "response": scans,
        **tables,
    }


def carried(*scans: Row, **more: Any) -> list[tuple[int, int]]:
    """Study days of the carried progressions, each with the day it dates from."""
    rows = run_mart("carried_progression", given(*scans, **more), columns="assessed_on, since_on")
    return [((assessed_on - day(0)).days, (since_on - day(0)).days) for assessed_on, since_on in rows]


def test_a_status_that_was_pd_before_the_line_and_stays_pd_is_carried_over_from_its_first_day():
    assert carried(scan(50, "ned"), scan(100), scan(190), scan(280)) == [(190, 100), (280, 100)]


def test_a_change_to_pd_after_the_line_began_is_a_progression_and_what_follows_repeats_it():
    assert carried(scan(100, "ned"), scan(190), scan(280)) == [(280, 190)]


def test_pd_after_another_status_is_a_progression_again():
    assert carried(scan(100), scan(190, "ned"), scan(280)) == []


def test_a_scan_that_could_not_be_judged_does_not_make_pd_new():
    assert carried(scan(100), scan(190, "ne"), scan(280)) == [(280, 100)]


@pytest.mark.parametrize(("on", "found"), [(109, []), (110, []), (111, [(111, 100)])])
def test_only_assessments_after_the_first_dose_are_of_the_systemic_line(on: int, found: list[Any]):
    assert carried(scan(100), scan(on)) == found


@pytest.mark.parametrize(
    "named",
    [
        {"new_lesion": "yes"},
        {"target": "pd"},
        {"non_target": "pd"},
        {"progression_pattern": "new_lung_up_to_5"},
        {"progression_site": "bone"},
        {"basis": "clinical"},
    ],
)
def test_a_new_lesion_a_part_called_pd_another_kind_or_site_or_a_clinical_progression_is_new(named: Row):
    assert carried(scan(100), scan(190, **named)) == []


@pytest.mark.parametrize(
    "same", [{"new_lesion": "no"}, {"new_lesion": "equivocal"}, {"progression_site": "Liver"}]
)
def test_the_same_site_and_an_equivocal_lesion_are_not(same: Row):
    assert carried(scan(100), scan(190, **same)) == [(190, 100)]


@pytest.mark.parametrize(("first_seen", "found"), [(189, [(190, 100)]), (190, []), (191, [(190, 100)])])
def test_a_new_lesion_among_the_lesions_is_new_on_the_day_it_is_first_seen(first_seen: int, found: list[Any]):
    seen = {
        "patient_id": "P",
        "lesion_id": "N1",
        "assessed_on": day(first_seen),
        "role": "new",
        "state": "present",
    }
    assert carried(scan(100), scan(190), lesion=[seen]) == found


def test_in_a_study_by_recist_every_pd_counts():
    assert carried(scan(100), scan(190), mode={"response_mode": "recist"}) == []


def test_another_assessor_carries_nothing_over():
    assert carried(scan(100, assessor="radiologist"), scan(190)) == []


LINE = "progressed_on, treated_beyond_progression"


def test_the_line_has_no_progression_of_its_own_and_no_treatment_beyond_it():
    assert run_mart("line_of_therapy", given(scan(100), scan(190), scan(280)), columns=LINE) == [
        (None, False)
    ]
    changed = given(scan(100, "ned"), scan(190), scan(280))
    assert run_mart("line_of_therapy", changed, columns=LINE) == [(day(190), True)]


def test_a_stop_for_progression_still_ends_the_line_with_one():
    stopped = {**CHEMOTHERAPY, "ended_on": day(200), "stop_reason": "progression"}
    facts = given(scan(100), scan(190), treatment=[stopped])
    assert run_mart("line_of_therapy", facts, columns=LINE) == [(day(200), False)]
    columns = "kind, occurred_on, line"
    kinds = ("radiological_progression", "clinical_progression")
    rows = [row for row in run_mart("milestone", facts, columns=columns) if row[0] in kinds]
    assert rows == [("clinical_progression", day(200), 1), ("radiological_progression", day(100), 0)]


def test_only_the_first_of_the_repeated_statuses_is_a_progression_of_the_course():
    def days(*scans: Row) -> list[tuple[Any, ...]]:
        rows = run_mart("milestone", given(*scans), columns="kind, occurred_on, line")
        return [row[1:] for row in rows if row[0] == "radiological_progression"]

    assert days(scan(100), scan(190), scan(280)) == [(day(100), 0)]
    assert days(scan(100), scan(190), scan(280, new_lesion="yes")) == [(day(100), 0), (day(280), 1)]


def test_a_scan_on_the_line_is_not_after_progression_of_the_line_until_there_is_one():
    columns = "assessed_on, is_after_progression"
    rows = run_mart("overall_response", given(scan(100), scan(190), scan(280)), columns=columns)
    assert [is_after for _, is_after in rows] == [False, False, False]
    rows = run_mart("overall_response", given(scan(100, "ned"), scan(190), scan(280)), columns=columns)
    assert [is_after for _, is_after in rows] == [False, False, True]
