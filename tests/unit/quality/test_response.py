"""Checks of imaging, lesions and response."""

import pytest

from tests.unit.quality.tables import day, found, n_found


def response(number, overall, **columns):
    return {
        "assessed_on": day(number),
        "assessed_on_precision": "day",
        "assessor": "investigator",
        "visit": f"V{number}",
        "overall": overall,
        **columns,
    }


def report(number, **columns):
    return {
        "assessed_on": day(number),
        "assessor": "investigator",
        "source_table": "response",
        "source_key": f"P1 | {number}",
        **columns,
    }


@pytest.mark.parametrize(("imaged", "n"), [(85, 1), (86, 0), (114, 0), (115, 1)])
def test_a_response_rests_on_an_examination_within_the_days_of_the_study(imaged, n):
    scan = [{"imaged_on": day(imaged), "modality": "ct"}]
    assert n_found("DQ26", response=[response(100, "sd")], imaging=scan) == n
    assert n_found("DQ26", response=[response(100, "sd", basis="clinical")], imaging=scan) == 0
    assert n_found("DQ26", response=[response(100, "sd")]) == 0  # the extract records no examination


@pytest.mark.parametrize(
    ("number", "overall", "n"),
    [(-1, "pr", 1), (-1, "cr", 1), (0, "pr", 0), (1, "pr", 0), (-1, "sd", 0), (-1, "pd", 0), (-1, "ned", 0)],
)
def test_there_is_no_response_before_the_first_treatment(number, overall, n):
    drug = {"treatment_id": "T1", "kind": "systemic", "started_on": day(0), "started_on_precision": "day"}
    assert n_found("DQ27", response=[response(number, overall)], treatment=[drug]) == n
    assert n_found("DQ27", response=[response(number, overall)]) == 0


def test_an_operation_before_is_a_treatment_and_a_dose_step_is_none():
    drug = {"treatment_id": "T1", "kind": "systemic", "started_on": day(0), "started_on_precision": "day"}
    surgery = {**drug, "treatment_id": "S1", "kind": "surgery", "started_on": day(-60)}
    hold = {**drug, "treatment_id": "H1", "kind": "dose_hold", "started_on": day(-60)}
    before = [response(-10, "pr")]
    assert n_found("DQ27", response=before, treatment=[drug, surgery]) == 0
    assert n_found("DQ27", response=before, treatment=[drug, hold]) == 1


@pytest.mark.parametrize(
    ("reported", "calculated", "is_after", "n"),
    [
        ("pr", "SD", False, 1),
        ("pr", "PR", False, 0),
        ("ne", "PR", False, 0),
        ("pr", "NE", False, 0),
        ("pr", "PD", True, 0),
    ],
)
def test_reported_and_calculated_target_response_agree(reported, calculated, is_after, n):
    tables = {
        "response_report": [report(60, target=reported)],
        "target_response": [{"assessed_on": day(60), "response": calculated}],
        "overall_response": [
            {"assessed_on": day(60), "assessor": "investigator", "is_after_progression": is_after}
        ],
    }
    assert n_found("DQ29", **tables) == n


def lesion(lesion_id, number=0, **columns):
    return {
        "lesion_id": lesion_id,
        "assessed_on": day(number),
        "role": "target",
        "diameter_mm": 20,
        **columns,
    }


@pytest.mark.parametrize(("total", "n"), [(38.9, 1), (39, 0), (40, 0), (41, 0), (41.1, 1)])
def test_a_sum_may_be_a_millimetre_off(total, n):
    lesions = [lesion("L1"), lesion("L2"), lesion("L3", role="non_target")]
    assert n_found("DQ30", response=[response(0, "sd", sum_of_diameters_mm=total)], lesion=lesions) == n


def test_a_sum_with_an_unmeasured_lesion_is_not_compared():
    lesions = [lesion("L1"), lesion("L2", diameter_mm=None)]
    assert n_found("DQ30", response=[response(0, "sd", sum_of_diameters_mm=50)], lesion=lesions) == 0


@pytest.mark.parametrize(
    ("new_lesion", "overall", "n"),
    [("yes", "sd", 1), ("yes", "pd", 0), ("no", "sd", 0), ("equivocal", "sd", 0), ("yes", None, 0)],
)
def test_a_new_lesion_is_a_progression(new_lesion, overall, n):
    assert n_found("DQ44", response=[response(60, overall, new_lesion=new_lesion)]) == n


@pytest.mark.parametrize(
    ("overall", "non_target", "n"),
    [("cr", "non_cr_non_pd", 1), ("cr", "cr", 0), ("cr", None, 0), ("pr", "non_cr_non_pd", 0)],
)
def test_a_complete_response_leaves_no_other_lesion(overall, non_target, n):
    assert n_found("DQ45", response=[response(60, overall, non_target=non_target)]) == n


@pytest.mark.parametrize(
    ("overalls", "n"),
    [
        (("cr", "pr"), 1),
        (("cr", "sd"), 1),
        (("cr", "ne", "pr"), 1),
        (("cr", "pd"), 0),
        (("pr", "sd"), 0),
        (("cr", "pd", "pr"), 0),
    ],
)
def test_a_complete_response_does_not_become_partial(overalls, n):
    rows = [response(60 * number, overall) for number, overall in enumerate(overalls, start=1)]
    assert n_found("DQ46", response=rows) == n


def test_another_assessor_or_a_new_treatment_in_between_is_another_sequence():
    first = response(60, "cr")
    assert n_found("DQ46", response=[first, response(120, "pr", assessor="radiologist")]) == 0
    drug = {"treatment_id": "T2", "kind": "systemic", "started_on": day(90)}
    assert n_found("DQ46", response=[first, response(120, "pr")], treatment=[drug]) == 0


@pytest.mark.parametrize(
    ("diameter", "is_node", "n"),
    [(9.9, False, 1), (10, False, 0), (14.9, True, 1), (15, True, 0), (9.9, None, 1)],
)
def test_a_target_is_large_enough_when_first_measured(diameter, is_node, n):
    lesions = [
        lesion("L1", diameter_mm=diameter, is_node=is_node),
        lesion("L1", 60, diameter_mm=4, is_node=is_node),
    ]
    assert n_found("DQ47", lesion=lesions) == n


@pytest.mark.parametrize(("organs", "n"), [("aabbc", 0), ("aabbcc", 1), ("aaab", 1), ("aab", 0)])
def test_five_targets_and_two_in_an_organ_are_allowed(organs, n):
    lesions = [lesion(f"L{number}", organ=organ) for number, organ in enumerate(organs)]
    assert n_found("DQ47", lesion=lesions) == n


@pytest.mark.parametrize(
    ("reported", "n_measured", "n"), [("PR", 1, 1), ("PR", 2, 0), ("PD", 1, 0), ("NE", 1, 0), ("SD", 0, 1)]
)
def test_a_response_needs_every_target(reported, n_measured, n):
    target = {"assessed_on": day(60), "response": "NE", "n_targets": 2, "n_measured": n_measured}
    assert n_found("DQ48", response_report=[report(60, reported=reported)], target_response=[target]) == n


@pytest.mark.parametrize(("reported", "is_after", "n"), [("PR", True, 1), ("PR", False, 0), ("SD", True, 0)])
def test_a_response_after_progression_is_said(reported, is_after, n):
    row = report(90, response=reported, is_after_progression=is_after)
    assert n_found("DQ49", overall_response=[row]) == n


@pytest.mark.parametrize(("number", "overall", "n"), [(41, "SD", 1), (42, "SD", 0), (41, "PR", 0)])
def test_stable_disease_counts_from_six_weeks(number, overall, n):
    row = report(number, response=overall, line=1, is_baseline=False)
    lines = [{"line": 1, "started_on": day(0)}]
    assert n_found("DQ50", overall_response=[row], line_of_therapy=lines) == n


def test_an_early_stable_disease_names_day_and_line():
    row = report(21, response="SD", line=1, is_baseline=False)
    assert found("DQ50", overall_response=[row], line_of_therapy=[{"line": 1, "started_on": day(0)}]) == [
        "SD on day 21 of line 1"
    ]
