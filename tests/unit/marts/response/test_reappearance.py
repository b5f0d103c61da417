"""Disease seen again after an overall CR is PD (RECIST 1.1, table 3, footnote): the calculated response."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import assessment, lesion, tables

AGAIN = "OVERALL_PD_REAPPEARED"


def calculated(columns: str = "calculated", *, lines: Sequence[int] = (0,), **given: Any) -> list[Any]:
    rows = run_mart(
        "overall_response", tables(lines=lines, **given), columns=columns, order_by="assessed_on, assessor"
    )
    return [row[0] if len(row) == 1 else row for row in rows]


def seen(*states: str, **more: Any) -> list[Row]:
    """One non-target lesion at the baseline, then every 60 days as the states say."""
    days = [-5, *range(60, 60 * len(states), 60)]
    return [
        lesion(on, name="b", role="non_target", state=state, **more)
        for on, state in zip(days, states, strict=True)
    ]


def measured(*diameters_mm: str, **more: Any) -> list[Row]:
    """One target lesion at the baseline, then every 60 days."""
    return [
        lesion(-5 + 65 * (place > 0) + 60 * max(place - 1, 0), mm, **more)
        for place, mm in enumerate(diameters_mm)
    ]


def test_a_non_target_lesion_back_directly_after_cr_is_pd_and_names_the_cr() -> None:
    rows = calculated(
        "calculated, rule, first_complete_on, progression_pattern",
        lesion=seen("present", "absent", "present"),
    )
    assert rows[1:] == [
        ("CR", "OVERALL_CR_NON_TARGET", None, None),
        ("PD", AGAIN, day(60), "non_target"),
    ]


def test_a_step_not_evaluable_between_cr_and_the_lesion_changes_nothing() -> None:
    assert calculated(lesion=seen("present", "absent", "not_assessed", "present"))[1:] == ["CR", "NE", "PD"]


def test_a_complete_response_that_lasts_stays_one() -> None:
    assert calculated(lesion=seen("present", "absent", "absent", "absent"))[1:] == ["CR", "CR", "CR"]


def test_a_lesion_that_stays_after_it_came_back_stays_pd() -> None:
    rows = calculated(lesion=seen("present", "absent", "present", "present", "absent"))
    assert rows[1:] == ["CR", "PD", "PD", "CR"]


def test_a_cr_of_an_earlier_line_makes_nothing_pd_in_the_next() -> None:
    lesions = [*seen("present", "absent"), lesion(125, name="b", role="non_target", state="present")]
    assert calculated(lines=[0, 200], lesion=[*lesions, {**lesions[-1], "assessed_on": day(260)}])[1:] == [
        "CR",
        "PD",
        "NON-CR/NON-PD",
    ]


def test_the_next_line_begins_with_its_own_cr() -> None:
    """CR on day 60 in line 1; line 2 from day 100: CR on day 160, the lesion is back on day 220."""
    days = {60: "absent", 98: "present", 160: "absent", 220: "present"}
    lesions = [lesion(-5, name="b", role="non_target", state="present")]
    lesions += [lesion(on, name="b", role="non_target", state=state) for on, state in days.items()]
    columns = "line, calculated, first_complete_on"
    assert calculated(columns, lines=[0, 100], lesion=lesions)[1:] == [
        (1, "CR", None),
        (1, "PD", day(60)),
        (2, "CR", None),
        (2, "PD", day(160)),
    ]


def test_a_lesion_that_goes_and_comes_back_in_a_partial_response_only_adds_its_diameter() -> None:
    """Baseline 40 + 20 mm; 20 + 0 (PR), then 20 + 3 mm: 3 mm over the nadir of 20 is no PD."""
    lesions = [*measured("40", "20", "20"), *measured("20", "0", "3", name="c")]
    assert calculated("calculated, sum_tenth_mm", lesion=lesions)[1:] == [("PR", 200), ("PR", 230)]


def test_a_non_target_lesion_that_comes_back_beside_a_target_is_no_pd() -> None:
    lesions = [*measured("40", "20", "20"), *seen("present", "absent", "present")]
    assert calculated(lesion=lesions)[1:] == ["PR", "PR"]


@pytest.mark.parametrize(("again_mm", "expected"), [("0", "CR"), ("0.5", "PD"), ("3", "PD"), ("5", "PD")])
def test_a_target_lesion_back_at_any_size_after_cr_is_pd(again_mm: str, expected: str) -> None:
    """Beside a node of 6 mm the sum has no nadir of 0: 6 to 9 mm would be a partial response."""
    lesions = [*measured("30", "0", again_mm), *measured("20", "6", "6", name="n", is_node=True)]
    assert calculated(lesion=lesions)[1:] == ["CR", expected]


def test_the_rule_names_a_target_lesion_that_came_back_as_growth() -> None:
    lesions = [*measured("30", "0", "3"), *measured("20", "6", "6", name="n", is_node=True)]
    assert calculated("rule, progression_pattern", lesion=lesions)[-1] == (AGAIN, "growth")


def test_the_target_alone_below_5_mm_after_cr_is_pd() -> None:
    columns = "calculated, sum_tenth_mm, rule"
    assert calculated(columns, lesion=measured("30", "0", "3"))[-1] == ("PD", 30, "OVERALL_PD_TARGET")


def test_a_target_lesion_back_but_too_small_to_measure_is_pd() -> None:
    lesions = [*measured("30", "0"), *measured("20", "6", "6", name="n", is_node=True)]
    lesions += [lesion(120, name="a", state="too_small")]
    assert calculated("calculated, sum_tenth_mm", lesion=lesions)[-1] == ("PD", 110)


@pytest.mark.parametrize(
    ("again_mm", "expected"), [("9.9", "CR"), ("11", "PR"), ("13.9", "PR"), ("14", "PD")]
)
def test_a_target_node_that_grows_again_alone_has_not_come_back(again_mm: str, expected: str) -> None:
    """9 mm is a normal node; from 9 mm on 5 mm more are progression, by the sum."""
    lesions = measured("30", "9", again_mm, is_node=True)
    assert calculated("calculated", lesion=lesions)[1:] == ["CR", expected]


def test_a_non_target_node_that_grows_again_alone_has_not_come_back() -> None:
    lesions = [
        lesion(on, mm, name="b", role="non_target", is_node=True)
        for on, mm in ((-5, "12"), (60, "9"), (120, "11"))
    ]
    assert calculated(lesion=lesions)[1:] == ["CR", "NON-CR/NON-PD"]


def test_a_lesion_seen_again_is_pd_although_another_was_not_looked_at() -> None:
    lesions = [*measured("30", "0"), *seen("present", "absent", "present")]
    assert calculated("calculated, target", lesion=lesions)[-1] == ("PD", "NE")


def test_an_equivocal_lesion_has_not_come_back() -> None:
    assert calculated("rule", lesion=seen("present", "absent", "equivocal"))[-1] != AGAIN


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ({"target": "pr", "non_target": "cr"}, "PR"),
        ({"target": "sd"}, "SD"),
        ({"target": "cr", "non_target": "non_cr_non_pd"}, "PR"),
    ],
)
def test_without_lesions_the_tables_stand_for_a_component_may_be_a_node_or_a_marker(
    components: dict[str, str], expected: str
) -> None:
    reports = [
        assessment(60, "cr", target="cr", non_target="cr", new_lesion="no"),
        assessment(120, "pr", new_lesion="no", **components),
    ]
    assert calculated("calculated", response=reports) == ["CR", expected]


def test_what_is_reported_still_counts_and_the_difference_is_marked() -> None:
    lesions = seen("present", "absent", "present")
    reports = [assessment(60, "cr"), assessment(120, "non_cr_non_pd")]
    columns = "reported, calculated, response, differs_in_pd"
    assert calculated(columns, lesion=lesions, response=reports)[-1] == (
        "NON-CR/NON-PD",
        "PD",
        "NON-CR/NON-PD",
        True,
    )


def test_the_cr_of_another_assessor_makes_nothing_pd() -> None:
    radiologist = {**assessment(60, "cr", target="cr"), "assessor": "radiologist"}
    rows = calculated(
        "assessor, calculated",
        response=[radiologist, assessment(60, "pr"), assessment(120, "pr")],
        lesion=measured("40", "20", "20"),
        study=[{"response_assessor": "investigator"}],
    )
    assert rows[1:] == [("investigator", "PR"), ("radiologist", "CR"), ("investigator", "PR")]


LOCAL: Row = {"response_mode": "post_local_therapy", "index_origin": "local_therapy"}


@pytest.mark.parametrize(("is_treated", "expected"), [(True, "NON-CR/NON-PD"), (False, "PD")])
def test_after_local_treatment_a_treated_lesion_seen_again_is_for_the_investigator(
    is_treated: bool, expected: str
) -> None:
    given = tables(lesion=seen("present", "absent", "present"), study=[LOCAL])
    treated = "b" if is_treated else "another"
    given["treatment"] = [
        {
            "patient_id": "P",
            "treatment_id": "x",
            "kind": "ablation",
            "lesion_id": treated,
            "started_on": day(0),
        }
    ]
    rows = run_mart("overall_response", given, columns="calculated", order_by="assessed_on")
    assert [row[0] for row in rows][1:] == ["CR", expected]
