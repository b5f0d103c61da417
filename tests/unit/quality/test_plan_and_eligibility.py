"""Checks that repeat what the follow-up list and the eligibility of a patient say."""

import pytest

from dashboard.quality.run import catalogue, run_check
from tests.unit.quality.tables import connection_with, day, found, n_found


def owed(item, **columns):
    return {
        "item": item,
        "kind": "ctdna",
        "label": "Second blood draw",
        "is_protocol": True,
        "state": "OVERDUE",
        "is_owed": True,
        "window_key": f"window {item}",
        "opens_on": day(90),
        "closes_on": day(180),
        "days_late": 31,
        "source_table": "patient",
        "source_key": "P1",
        **columns,
    }


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({}, 1),
        ({"state": "CLOSES_SOON"}, 0),
        ({"state": "DONE_OUTSIDE_WINDOW"}, 0),
        ({"is_protocol": False}, 0),
    ],
)
def test_a_blood_draw_of_the_protocol_is_an_issue_when_overdue(columns, n):
    plan = [{"item": "draw_2", "anchor": "enrolment"}]
    assert n_found("DQ36", follow_up=[owed("draw_2", **columns)], visit_plan=plan) == n


@pytest.mark.parametrize(
    ("days_late", "severity"), [(1, "warning"), (30, "warning"), (31, "error"), (None, "warning")]
)
def test_a_blood_draw_more_than_thirty_days_late_is_an_error(days_late, severity):
    rows = {
        "follow_up": [owed("draw_2", days_late=days_late)],
        "visit_plan": [{"item": "draw_2", "anchor": "enrolment"}],
    }
    connection = connection_with(rows)
    (check,) = [one for one in catalogue() if one.check_id == "DQ36"]
    run_check(connection, check)
    assert connection.execute("select severity, issue_group from data_issue").fetchall() == [
        (severity, "blocks_primary")
    ]


def test_a_draw_at_progression_has_a_check_of_its_own():
    plan = [{"item": "at_pd", "is_at_progression": True}]
    assert n_found("DQ36", follow_up=[owed("at_pd")], visit_plan=plan) == 0
    assert n_found("DQ58", follow_up=[owed("at_pd")], visit_plan=plan) == 1
    assert n_found("DQ58", follow_up=[owed("at_pd", state="DONE_IN_WINDOW")], visit_plan=plan) == 0
    other = [{"item": "draw_2", "is_at_progression": False}]
    assert n_found("DQ58", follow_up=[owed("draw_2")], visit_plan=other) == 0
    assert n_found("DQ36", follow_up=[owed("draw_2")], visit_plan=other) == 1


@pytest.mark.parametrize(
    ("columns", "n"),
    [({}, 1), ({"state": "OVERDUE"}, 0), ({"state": "DONE_OUTSIDE_WINDOW"}, 0), ({"is_protocol": False}, 0)],
)
def test_a_draw_at_progression_that_was_not_obtained_is_an_issue_with_its_days(columns, n):
    row = owed("at_pd", **{"state": "CANNOT_BE_OBTAINED", "is_owed": False, **columns})
    days = {"anchor_on": day(104), "opens_on": day(90), "closes_on": day(134)}
    tables = {
        "follow_up": [row],
        "planned_window": [{"window_key": "window at_pd", **days}],
        "visit_plan": [{"item": "at_pd", "is_at_progression": True, "early_days": 16, "late_days": 0}],
    }
    said = f"progression {day(104)}, no draw that counts for the protocol's window {day(90)} to {day(134)}"
    assert found("DQ58B", **tables) == [said] * n


@pytest.mark.parametrize("check_id", ["DQ36", "DQ58", "DQ72"])
def test_of_a_repeated_item_only_the_one_chased_is_an_issue(check_id):
    plan = [{"item": "draw", "is_at_progression": check_id == "DQ58"}]
    first = owed("draw", is_protocol=check_id != "DQ72", window_key="window draw 1")
    later = {**first, "window_key": "window draw 2", "is_owed": False}
    assert n_found(check_id, follow_up=[first, later], visit_plan=plan) == 1


@pytest.mark.parametrize(
    ("item", "columns", "said"),
    [
        (
            "imaging",
            {"kind": "imaging", "label": "CT", "is_protocol": False},
            ["CT was due by 2024-06-29, 31 days late"],
        ),
        (
            "imaging",
            {"kind": "imaging", "label": "CT", "is_protocol": False, "days_late": 1},
            ["CT was due by 2024-06-29, 1 day late"],
        ),
        (
            "sae_outcome",
            {"kind": "record", "label": "Sepsis", "window_key": None},
            ["Outcome of a serious event (Sepsis) was due by 2024-06-29, 31 days late"],
        ),
        (
            "extra",
            {"is_protocol": False, "label": "Third draw"},
            ["Third draw was due by 2024-06-29, 31 days late"],
        ),
        ("imaging", {"kind": "imaging", "state": "CLOSES_SOON"}, []),
        # These have a check of their own.
        ("draw_2", {}, []),
        ("vital_status", {"kind": "record"}, []),
        ("response", {"kind": "record"}, []),
    ],
)
def test_what_else_is_overdue_is_an_issue_for_information(item, columns, said):
    plan = [{"item": item, "anchor": "enrolment"}]
    assert found("DQ72", follow_up=[owed(item, **columns)], visit_plan=plan) == said


@pytest.mark.parametrize(("done", "n"), [(89, 1), (90, 0), (181, 0)])
def test_a_draw_before_its_window_is_said(done, n):
    row = owed(
        "draw_2", state="DONE_OUTSIDE_WINDOW", done_on=day(done), source_table="ctdna_sample", source_key="S2"
    )
    assert n_found("DQ37", follow_up=[row]) == n


@pytest.mark.parametrize(("check_id", "item"), [("DQ14", "vital_status"), ("DQ25", "response")])
def test_what_the_follow_up_list_calls_overdue_is_an_issue(check_id, item):
    assert n_found(check_id, follow_up=[owed(item, kind="record")]) == 1
    assert n_found(check_id, follow_up=[owed(item, kind="record", state="DUE_NOW")]) == 0
    assert n_found(check_id, follow_up=[owed("stop_reason", kind="record")]) == 0


def judged(fact, result, **columns):
    return {
        "criterion": "I01",
        "reading": "",
        "label": "Criterion",
        "fact": fact,
        "is_in_force": True,
        "result_in_force": result,
        "found": "76",
        **columns,
    }


ENROLLED = [{"patient_id": "P1", "enrolled_on": day(0)}]


@pytest.mark.parametrize(
    ("fact", "result", "check_id"),
    [
        ("age_years", "FAIL", "DQ07"),
        ("her2_status", "FAIL", "DQ56"),
        ("her2_status", "UNKNOWN", "DQ56"),
        ("her2_status", "NEEDS_RULING", "DQ56"),
        ("characteristic.hormone_receptor", "FAIL", "DQ56"),
        ("ned_months", "FAIL", "DQ64"),
        ("measurement.cea", "FAIL", "DQ59"),
        ("measurement.cea", "UNKNOWN", "DQ59B"),
    ],
)
def test_each_criterion_not_met_is_found_by_one_check(fact, result, check_id):
    tables = {"patient": ENROLLED, "eligibility_criterion": [judged(fact, result)]}
    checks = ("DQ07", "DQ56", "DQ59", "DQ59B", "DQ64")
    assert [one for one in checks if n_found(one, **tables)] == [check_id]
    assert found(check_id, **tables) == ["I01 Criterion (found: 76)"]


@pytest.mark.parametrize("check_id", ["DQ07", "DQ56", "DQ59", "DQ59B", "DQ64"])
@pytest.mark.parametrize(
    ("patient", "columns"),
    [
        (ENROLLED, {"result_in_force": "PASS"}),
        (ENROLLED, {"is_in_force": False}),
        ([{"patient_id": "P1"}], {}),
    ],
)
def test_a_criterion_met_not_in_force_or_of_somebody_not_enrolled_is_none(check_id, patient, columns):
    fact = {"DQ07": "age_years", "DQ56": "her2_status", "DQ64": "ned_months"}.get(check_id, "sex")
    result = "UNKNOWN" if check_id == "DQ59B" else "FAIL"
    row = judged(fact, result, **columns)
    assert n_found(check_id, patient=patient, eligibility_criterion=[row]) == 0
    assert n_found(check_id, patient=ENROLLED, eligibility_criterion=[judged(fact, result)]) == 1
