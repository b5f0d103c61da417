"""Treatments as episodes, and the biologically effective dose (clinical-rules 5.4, vectors of 9G)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .courses import course, tables


def episodes(*treatments: Row, columns: str, **more: Any) -> list[tuple[Any, ...]]:
    given = {**tables(treatments), **more}
    return run_mart("treatment_episode", given, columns=columns, order_by="started_on, treatment_id")


def radiotherapy(**dose: Any) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": "rt",
        "kind": "radiotherapy",
        "started_on": day(0),
        "modality": "sbrt",
        **dose,
    }


@pytest.mark.parametrize(
    ("fractions", "dose", "bed10"),
    [
        (5, "10", "100.0"),
        (4, "12", "105.6"),
        (3, "18", "151.2"),
        (8, "7.5", "105.0"),
        (5, "12", "132.0"),
        (10, "5", "75.0"),
        (5, "8", "72.0"),
        (30, "2", "72.0"),
        (20, "3", "78.0"),
        (10, "4.5", "65.25"),
        (15, "2.667", "50.6743335"),
    ],
)
def test_biologically_effective_dose_is_exact(fractions: int, dose: str, bed10: str) -> None:
    rows = episodes(
        radiotherapy(fractions=fractions, dose_per_fraction_gy=dose), columns="bed10_gy, bed10_centigray"
    )
    assert rows == [(Decimal(bed10), round(Decimal(bed10) * 100))]


def test_without_the_dose_of_a_fraction_the_total_is_enough() -> None:
    rows = episodes(radiotherapy(fractions=4, total_dose_gy="48"), columns="bed10_gy, bed10_centigray")
    assert rows == [(None, 10560)]


def test_without_fractions_there_is_no_biologically_effective_dose() -> None:
    assert episodes(radiotherapy(total_dose_gy="48"), columns="bed10_gy, bed10_centigray") == [(None, None)]


def test_each_treatment_knows_its_line() -> None:
    rows = episodes(
        course("letrozole", -400, -100, intent="adjuvant"),
        course("letrozole + palbociclib", 0, 200),
        {**course("palbociclib", 30, 40), "kind": "dose_hold", "part_of": "letrozole + palbociclib 0000"},
        course("denosumab", 50, 300),
        {**course("", 60, 60), "kind": "surgery", "agents": None, "regimen": None},
        course("paclitaxel", 210),
        columns="kind, line, label, drug_class, is_ongoing",
    )
    assert rows == [
        ("systemic", None, "letrozole", "endocrine", False),
        ("systemic", 1, "letrozole + palbociclib", "cdk46_inhibitor + endocrine", False),
        ("dose_hold", 1, "palbociclib", "cdk46_inhibitor", False),
        ("systemic", None, "denosumab", "supportive", False),
        ("surgery", None, "surgery", None, False),
        ("systemic", 2, "paclitaxel", "chemotherapy", True),
    ]


def test_a_supportive_drug_beside_others_gives_no_class() -> None:
    rows = episodes(course("goserelin + letrozole", 0), columns="line, drug_class")
    assert rows == [(1, "endocrine")]


def test_a_recorded_line_wins_over_the_dates() -> None:
    rows = episodes(
        course("paclitaxel", 0, 100, line=1),
        course("capecitabine", 110, 200, line=2),
        course("carboplatin", 120, 130, line=1),
        columns="agents, line",
    )
    assert rows == [("paclitaxel", 1), ("capecitabine", 2), ("carboplatin", 1)]


def test_a_local_treatment_of_one_day_ends_that_day() -> None:
    assert episodes(radiotherapy(), columns="ended_on") == [(day(0),)]


ENDING = "until_on, end_basis, is_ongoing"


def death(on: int) -> dict[str, list[Row]]:
    return {
        "contact": [{"patient_id": "P", "contact_on": day(on), "vital_status": "dead", "died_on": day(on)}]
    }


@pytest.mark.parametrize("goes_on", [True, None])
def test_a_treatment_open_at_death_was_given_until_the_death(goes_on: bool | None) -> None:
    rows = episodes(course("letrozole", 0, is_ongoing=goes_on), columns=ENDING, **death(90))
    assert rows == [(day(90), "DEATH", False)]


def test_a_recorded_end_stands_before_the_death() -> None:
    rows = episodes(course("letrozole", 0, 60), columns=ENDING, **death(90))
    assert rows == [(day(60), "RECORDED", False)]


def test_a_treatment_that_goes_on_has_no_last_day() -> None:
    assert episodes(course("letrozole", 0), columns=ENDING) == [(None, None, True)]


@pytest.mark.parametrize(
    ("died", "first"),
    [
        # The death before the next line began, on its first day, after it.
        (109, (day(109), "NOT_RECORDED")),
        (110, (day(110), "NOT_RECORDED")),
        (111, (day(110), "NOT_RECORDED")),
    ],
)
def test_an_end_not_recorded_is_at_the_latest_the_next_line_or_the_death(
    died: int, first: tuple[Any, ...]
) -> None:
    rows = episodes(
        course("paclitaxel", 0, line=1),
        course("capecitabine", 110, line=2),
        columns="until_on, end_basis",
        **death(died),
    )
    assert rows == [first, (day(max(died, 110)), "DEATH")]


def test_a_treatment_said_to_go_on_is_not_ended_by_the_next_line() -> None:
    two = [course("letrozole", 0, line=1, is_ongoing=True), course("capecitabine", 110, line=2)]
    assert episodes(*two, columns=ENDING) == [(None, None, True), (None, None, True)]
    assert episodes(*two, columns=ENDING, **death(200)) == [(day(200), "DEATH", False)] * 2


def test_a_treatment_said_to_be_over_without_an_end_is_bounded_by_what_is_known() -> None:
    over = course("letrozole", 0, is_ongoing=False)
    assert episodes(over, columns=ENDING) == [(None, "NOT_RECORDED", False)]
    assert episodes(over, columns=ENDING, **death(90)) == [(day(90), "NOT_RECORDED", False)]


def test_a_course_of_an_earlier_line_that_began_after_the_next_line_is_not_bounded_by_it() -> None:
    rows = episodes(
        course("paclitaxel", 0, 100, line=1),
        course("capecitabine", 110, 200, line=2),
        course("carboplatin", 120, line=1),
        columns="agents, until_on, end_basis",
    )
    assert rows[2] == ("carboplatin", None, "NOT_RECORDED")
