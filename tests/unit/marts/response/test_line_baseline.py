"""The baseline of a line (clinical-decisions A1): 28 days before to 7 days after its start, else borrowed."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import assessment, lesion, tables

COLUMNS = "baseline_on, kind, sum_tenth_mm, n_targets"


def baselines(*, lines: Sequence[int] = (0,), columns: str = COLUMNS, **given: Any) -> list[tuple[Any, ...]]:
    return run_mart("line_baseline", tables(lines=lines, **given), columns=columns, order_by="line")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (-29, (None, "NONE", None, None)),
        (-28, (day(-28), "OWN", 400, 1)),
        (-27, (day(-27), "OWN", 400, 1)),
        (6, (day(6), "OWN", 400, 1)),
        (7, (day(7), "OWN", 400, 1)),
        (8, (None, "NONE", None, None)),
    ],
)
def test_the_window_is_28_days_before_to_7_days_after(on: int, expected: tuple[Any, ...]) -> None:
    assert baselines(lesion=[lesion(on, "40")]) == [expected]


def test_the_last_assessment_in_the_window_counts() -> None:
    visits = [lesion(-20, "50"), lesion(-3, "40"), lesion(60, "30")]
    assert baselines(lesion=visits, columns="baseline_on, sum_tenth_mm") == [(day(-3), 400)]


@pytest.mark.parametrize(("on", "kind"), [(171, "BORROWED"), (172, "OWN"), (173, "OWN")])
def test_else_it_is_borrowed_from_the_last_assessment_of_the_line_before(on: int, kind: str) -> None:
    """Line 2 starts on day 200; day 172 is 28 days before."""
    visits = [lesion(-5, "50"), lesion(60, "40"), lesion(on, "60")]
    assert baselines(lines=[0, 200], lesion=visits)[1] == (day(on), kind, 600, 1)


def imaged(on: int) -> Row:
    return {"patient_id": "P", "imaged_on": day(on), "modality": "ct"}


@pytest.mark.parametrize(
    ("visits", "scans", "named"),
    [
        # The sum of the scan that showed PD, then an examination nobody assessed: one baseline, one date.
        ([lesion(-26, "50")], [-3], -26),
        ([lesion(-26, "50"), lesion(-3, "40")], [-3], -3),
        # Without any sum the last examination.
        ([], [-26, -3], -3),
        ([], [], None),
    ],
)
def test_a_baseline_is_named_by_the_day_of_its_sum(
    visits: list[Row], scans: list[int], named: int | None
) -> None:
    found = baselines(lesion=visits, imaging=[imaged(on) for on in scans], columns="named_on")
    assert found == [(None if named is None else day(named),)]


def test_a_baseline_is_never_borrowed_from_before_the_line_before() -> None:
    assert baselines(lines=[0, 100], lesion=[lesion(-29, "50")])[1] == (None, "NONE", None, None)
    assert baselines(lines=[0, 100], lesion=[lesion(-28, "50")])[1] == (day(-28), "BORROWED", 500, 1)


def test_an_assessment_that_is_not_evaluable_is_no_baseline() -> None:
    responses = [assessment(60, "sd"), assessment(95, "ne")]
    assert baselines(lines=[0, 100], response=responses)[1][:2] == (day(60), "BORROWED")


def test_the_scan_that_proves_progression_is_the_baseline_of_the_next_line() -> None:
    responses = [assessment(60, "sd"), assessment(98, "pd")]
    assert baselines(lines=[0, 100], response=responses)[1][:2] == (day(98), "OWN")


@pytest.mark.parametrize(
    ("modality", "kind"),
    [("ct", "OWN"), ("mri", "OWN"), ("pet_ct", "OWN"), ("x_ray", "NONE"), ("bone_scan", "NONE")],
)
def test_an_examination_without_an_assessment_is_a_baseline_if_it_shows_the_body(
    modality: str, kind: str
) -> None:
    imaging = [{"patient_id": "P", "imaged_on": day(-10), "modality": modality}]
    assert baselines(imaging=imaging, columns="kind") == [(kind,)]


MEASURABLE: dict[str, tuple[dict[str, list[Row]], bool | None]] = {
    "a measured target": ({"lesion": [lesion(-5, "40")]}, True),
    "bone lesions only": ({"lesion": [lesion(-5, role="non_target", state="present")]}, False),
    "a reported target response": ({"response": [assessment(60, "sd", target="sd")]}, True),
    "a reported NON-CR/NON-PD": ({"response": [assessment(60, "non_cr_non_pd")]}, False),
    "an overall response alone": ({"response": [assessment(60, "sd")]}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize("case", MEASURABLE)
def test_measurable_disease_at_the_baseline(case: str) -> None:
    given, expected = MEASURABLE[case]
    assert baselines(columns="is_measurable", **given) == [(expected,)]


def test_without_treatment_line_1_starts_at_randomisation() -> None:
    given = tables(lines=[], lesion=[lesion(28, "40")])
    given["patient"] = [{"patient_id": "P", "enrolled_on": day(20), "randomised_on": day(30)}]
    rows = run_mart("line_baseline", given, columns="line, started_on, baseline_on")
    assert rows == [(1, day(30), day(28))]


@pytest.mark.parametrize(
    ("targets", "is_measurable"),
    [
        ([("9.9", True)], False),
        ([("10", True)], True),
        ([("0", False)], False),
        ([("1", False)], True),
        ([("9.9", True), ("1", False)], True),
        ([("9.9", True), ("0", False)], False),
    ],
)
def test_what_has_gone_and_nodes_under_10_mm_are_no_measurable_disease(
    targets: list[tuple[str, bool]], is_measurable: bool
) -> None:
    """Of a later line: lesions chosen as targets before it may be none by then."""
    visits = [lesion(-5, mm, name=f"L{n}", is_node=is_node) for n, (mm, is_node) in enumerate(targets)]
    columns = "has_target, is_measurable"
    assert baselines(lesion=visits, columns=columns) == [(is_measurable, is_measurable)]
