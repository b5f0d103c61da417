"""Target response by RECIST 1.1 (clinical-rules section 1.2, vectors of section 9F)."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import assessment, lesion, tables


def judged(*lesions: Row, columns: str = "response", lines: Sequence[int] = (0,), **more: Any) -> list[Any]:
    """Values of the visits after the baseline, in order; the first visit lies on day -5."""
    rows = run_mart(
        "target_response",
        tables(lesion=lesions, lines=lines, **more),
        columns=columns,
        order_by="assessed_on",
    )
    return [row[0] if len(row) == 1 else row for row in rows][1:]


def sums(*diameters: str) -> list[Row]:
    """One target measured on day -5 and every 60 days from then on."""
    return [lesion(-5 + 60 * place, diameter) for place, diameter in enumerate(diameters)]


@pytest.mark.parametrize(
    ("diameters", "expected"),
    [
        (("100", "50", "60"), "PD"),
        (("100", "20", "24"), "PR"),
        (("100", "20", "25"), "PD"),
        (("100", "119"), "SD"),
        (("100", "119.9"), "SD"),
        (("100", "120"), "PD"),
        (("100", "70"), "PR"),
        (("100", "70.1"), "SD"),
        (("100", "71"), "SD"),
        (("90", "63"), "PR"),
        (("170", "119"), "PR"),
        (("180", "126"), "PR"),
        (("30", "25", "29.9"), "SD"),
        (("30", "25", "30"), "PD"),
        (("30", "20", "24.9"), "SD"),
        (("30", "20", "25"), "PD"),
    ],
)
def test_the_published_boundaries(diameters: tuple[str, ...], expected: str) -> None:
    """30 % below baseline, 20 % and 5 mm above the nadir, all inclusive, in tenths of a millimetre."""
    assert judged(*sums(*diameters))[-1] == expected


def test_progression_is_judged_before_partial_response() -> None:
    """Baseline 100, nadir 50, now 60 mm: 40 % below baseline and yet progression."""
    columns = "response, sum_tenth_mm, baseline_tenth_mm, nadir_tenth_mm, rule"
    assert judged(*sums("100", "50", "60"), columns=columns)[-1] == ("PD", 600, 1000, 500, "TARGET_PD")


@pytest.mark.parametrize(
    ("nadir", "pd_from"),
    [("50", 600), ("63", 760), ("25", 300), ("24", 290), ("20", 250), ("10.1", 160), ("0", 10)],
)
def test_the_smallest_whole_millimetre_that_is_progression(nadir: str, pd_from: int) -> None:
    limits = run_mart(
        "target_limit", tables(lesion=sums("100", nadir)), columns="pd_from_tenth_mm", order_by="from_on"
    )
    assert limits == [(1200,), (pd_from,)]
    at = str(pd_from // 10)
    below = str(pd_from // 10 - 1)
    assert judged(*sums("100", nadir, at))[-1] == "PD"
    assert judged(*sums("100", nadir, below))[-1] != "PD"


@pytest.mark.parametrize(("short_axis", "expected"), [("9.9", "CR"), ("10", "PR"), ("9", "CR")])
def test_a_node_under_10_mm_is_a_complete_response(short_axis: str, expected: str) -> None:
    """Nodal target 18 to 9 mm and nothing else: complete response with a sum of 9 mm."""
    node = {"is_node": True}
    assert judged(lesion(-5, "18", **node), lesion(60, short_axis, **node)) == [expected]


def test_a_normal_node_that_grows_stays_a_complete_response() -> None:
    """4 to 9 mm is +125 % and +5 mm over the nadir, yet a normal node."""
    visits = [lesion(on, mm, is_node=True) for on, mm in [(-5, "18"), (60, "4"), (120, "9")]]
    assert judged(*visits) == ["CR", "CR"]


@pytest.mark.parametrize(
    ("baseline", "later", "expected"),
    [
        # A node of normal size at the baseline of the line, whatever it does while it stays one.
        ({"diameter_mm": "9.9", "is_node": True}, "9.9", (None, "TARGET_NONE")),
        ({"diameter_mm": "7", "is_node": True}, "4", (None, "TARGET_NONE")),
        ({"diameter_mm": "7", "is_node": True}, "11.9", (None, "TARGET_NONE")),
        # Over the nadir by 5 mm and 20 %, and a node of 10 mm or more: it has come back.
        ({"diameter_mm": "7", "is_node": True}, "12", ("PD", "TARGET_PD_FROM_NONE")),
        ({"diameter_mm": "10", "is_node": True}, "15", ("PD", "TARGET_PD")),
        ({"diameter_mm": "4", "is_node": True}, "9.9", (None, "TARGET_NONE")),
        ({"diameter_mm": "10", "is_node": True}, "9.9", ("CR", "TARGET_CR")),
        # Gone at the baseline of the line, and gone still or seen again.
        ({"diameter_mm": "0"}, "0", (None, "TARGET_NONE")),
        ({"diameter_mm": "0"}, "1", ("PD", "TARGET_PD_REAPPEARED")),
        ({"diameter_mm": "1"}, "0", ("CR", "TARGET_CR")),
    ],
)
def test_without_target_disease_at_the_baseline_of_a_line_there_is_no_target_response(
    baseline: Row, later: str, expected: tuple[str | None, str]
) -> None:
    after = {**baseline, "diameter_mm": later}
    assert judged(lesion(-5, **baseline), lesion(60, **after), columns="response, rule") == [expected]


@pytest.mark.parametrize(
    ("baseline", "pd_from"),
    [
        ({"diameter_mm": "9.9", "is_node": True}, []),
        ({"diameter_mm": "10", "is_node": True}, [(150,)]),
        ({"diameter_mm": "0"}, []),
        ({"diameter_mm": "1"}, [(60,)]),
    ],
)
def test_without_target_disease_at_the_baseline_of_a_line_no_sum_is_its_limit(
    baseline: Row, pd_from: list[tuple[int]]
) -> None:
    scans = tables(lesion=[lesion(-5, **baseline), lesion(60, **baseline)])
    assert run_mart("target_limit", scans, columns="pd_from_tenth_mm") == pd_from


def limit_steps(*lesions: Row, lines: Sequence[int] = (0,), **more: Any) -> list[Any]:
    """Line, first day, last day, nadir and sum for PD in mm of every limit, oldest first."""
    rows = run_mart(
        "target_limit",
        tables(lesion=lesions, lines=lines, **more),
        columns="line, from_on, until_on, nadir_tenth_mm, pd_from_tenth_mm",
        order_by="line, from_on",
    )
    return [
        (
            line,
            (first - day(0)).days,
            None if last is None else (last - day(0)).days,
            nadir / 10,
            pd_from / 10,
        )
        for line, first, last, nadir, pd_from in rows
    ]


@pytest.mark.parametrize(
    ("diameters", "steps"),
    [
        # A sum of 49.9 mm is under the nadir of 50 mm, one of 50 mm is not.
        (("50", "49.9"), [(1, -5, 55, 50, 60), (1, 55, None, 49.9, 60)]),
        (("50", "50"), [(1, -5, None, 50, 60)]),
        # A sum higher than the nadir leaves it, on the way down and back.
        (("50", "40", "45", "39"), [(1, -5, 55, 50, 60), (1, 55, 175, 40, 48), (1, 175, None, 39, 47)]),
        # All gone: any diameter is PD from that day on, not before.
        (("50", "0"), [(1, -5, 55, 50, 60), (1, 55, None, 0, 1)]),
    ],
)
def test_the_limit_of_a_day_is_that_of_the_nadir_in_force(
    diameters: tuple[str, ...], steps: list[Any]
) -> None:
    assert limit_steps(*sums(*diameters)) == steps


def test_a_scan_is_never_compared_with_a_limit_that_came_after_it() -> None:
    """72 mm on day 115 over a nadir of 65 mm is under 78 mm; the nadir of 60 mm, PD from 72 mm, is later."""
    measured = sums("100", "65", "72", "60")
    assert judged(*measured) == ["PR", "SD", "PR"]
    assert [step for step in limit_steps(*measured) if step[1] < 115 <= (step[2] or 999)] == [
        (1, 55, 175, 65, 78)
    ]


def test_a_sum_that_is_not_complete_is_no_nadir() -> None:
    both = [lesion(-5, "30"), lesion(-5, "20", name="b"), lesion(55, "20")]
    assert limit_steps(*both) == [(1, -5, None, 50, 60)]
    assert limit_steps(*both, lesion(55, "20", name="b")) == [(1, -5, 55, 50, 60), (1, 55, None, 40, 48)]


@pytest.mark.parametrize(
    ("start", "steps"),
    [
        # 28 days before line 2 the scan of day 55 is its baseline and a nadir of line 1 as well.
        (83, [(1, -5, 55, 50, 60), (1, 55, 83, 40, 48), (2, 55, 115, 40, 48), (2, 115, None, 30, 36)]),
        # 29 days before it is borrowed: a limit of line 2 from its start only.
        (84, [(1, -5, 55, 50, 60), (1, 55, 84, 40, 48), (2, 84, 115, 40, 48), (2, 115, None, 30, 36)]),
    ],
)
def test_the_nadir_begins_anew_with_each_line(start: int, steps: list[Any]) -> None:
    assert limit_steps(*sums("50", "40", "30"), lines=(0, start)) == steps


def test_a_lesion_that_is_no_node_must_have_gone() -> None:
    assert judged(lesion(-5, "18"), lesion(60, "9")) == ["PR"]
    assert judged(lesion(-5, "18"), lesion(60, "0")) == ["CR"]
    assert judged(lesion(-5, "18"), lesion(60, state="absent")) == ["CR"]


@pytest.mark.parametrize("diameter", ["1", "5"])
def test_any_diameter_over_a_nadir_of_0_is_progression(diameter: str) -> None:
    columns = "response, nadir_tenth_mm, rule"
    assert judged(*sums("40", "0", diameter), columns=columns)[-1] == ("PD", 0, "TARGET_PD_REAPPEARED")


def test_a_lesion_too_small_to_measure_counts_5_mm() -> None:
    assert judged(lesion(-5, "40"), lesion(60, state="too_small"), columns="sum_tenth_mm") == [50]


@pytest.mark.parametrize(("other", "expected"), [("95.9", "NE"), ("96", "PD")])
def test_a_missing_target_is_not_evaluable_unless_the_rest_already_is_progression(
    other: str, expected: str
) -> None:
    """Baseline 40 + 40 mm: one lesion missing, the other alone must reach 20 % over 80 mm."""
    rows = judged(
        lesion(-5, "40"),
        lesion(-5, "40", name="b"),
        lesion(60, other),
        lesion(60, name="b", state="not_assessed"),
        columns="response, n_targets, n_measured, is_complete",
    )
    assert rows == [(expected, 2, 1, False)]


def test_an_incomplete_sum_is_no_nadir() -> None:
    """20 mm on day 60 lack a lesion; the nadir of day 120 is the baseline of 80 mm."""
    rows = judged(
        lesion(-5, "40"),
        lesion(-5, "40", name="b"),
        lesion(60, "20"),
        lesion(120, "40"),
        lesion(120, "40", name="b"),
        columns="response, nadir_tenth_mm",
    )
    assert rows == [("NE", 800), ("SD", 800)]


def test_a_lesion_found_later_does_not_enter_the_sum() -> None:
    rows = judged(
        lesion(-5, "40"), lesion(60, "40"), lesion(60, "30", name="b"), columns="sum_tenth_mm, n_measured"
    )
    assert rows == [(400, 1)]


def test_nadir_and_baseline_start_again_with_each_line() -> None:
    """The scan of day 100 is progression in line 1 and the baseline of line 2 (clinical-decisions A1)."""
    visits = [lesion(on, mm) for on, mm in [(-5, "100"), (60, "50"), (100, "80"), (160, "70"), (220, "56")]]
    rows = judged(*visits, lines=[0, 105], columns="line, response, baseline_tenth_mm, nadir_tenth_mm")
    assert rows == [
        (1, "PR", 1000, 1000),
        (1, "PD", 1000, 500),
        (2, "SD", 800, 800),
        (2, "PR", 800, 700),
    ]


def test_lesions_of_one_visit_measured_on_several_days_form_one_sum_of_its_last_day() -> None:
    rows = judged(
        lesion(-5, "40", visit="screening"),
        lesion(-3, "20", name="b", visit="screening"),
        lesion(60, "30", visit="week 8"),
        lesion(63, "10", name="b", visit="week 8"),
        columns="assessed_on, first_measured_on, sum_tenth_mm, response",
    )
    assert rows == [(day(63), day(60), 400, "PR")]


def test_a_label_used_for_several_dates_of_one_lesion_is_no_visit() -> None:
    rows = judged(
        lesion(-5, "40"),
        lesion(60, "30", visit="follow-up"),
        lesion(120, "20", visit="follow-up"),
        columns="sum_tenth_mm",
    )
    assert rows == [300, 200]


def test_without_a_baseline_nothing_can_be_judged() -> None:
    """The only earlier scan is 29 days before the start of treatment."""
    rows = run_mart(
        "target_response", tables(lesion=[lesion(-29, "40"), lesion(60, "20")]), columns="response, rule"
    )
    assert rows == [("NE", "TARGET_NO_BASELINE"), (None, "TARGET_BEFORE_LINE")]


def test_a_reported_sum_stands_in_where_no_lesion_is_recorded() -> None:
    responses = [assessment(-5, sum_of_diameters_mm="90"), assessment(60, "sd", sum_of_diameters_mm="63")]
    rows = run_mart("target_response", tables(response=responses), columns="response, source_table, rule")
    assert rows == [("PR", "response", "TARGET_PR"), (None, "response", "TARGET_BASELINE")]


def test_a_locally_treated_lesion_is_no_target() -> None:
    """Decision A5: lesion a, ablated on day 10, grows from 20 to 35 mm; only lesion b is summed."""
    given = tables(
        lesion=[
            lesion(5, "20"),
            lesion(5, "30", name="b"),
            lesion(70, "35"),
            lesion(70, "30", name="b"),
        ],
        study=[{"response_mode": "post_local_therapy", "index_origin": "local_therapy"}],
    )
    given["treatment"] = [
        {"patient_id": "P", "treatment_id": "x", "kind": "ablation", "lesion_id": "a", "started_on": day(10)}
    ]
    columns = "line, sum_tenth_mm, baseline_tenth_mm, response"
    rows = run_mart("target_response", given, columns=columns, order_by="assessed_on")
    assert rows == [(None, 300, 300, None), (None, 300, 300, "SD")]
