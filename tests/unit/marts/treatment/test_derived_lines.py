"""Lines of therapy where the study recorded none (clinical-rules section 5.3)."""

import pytest

from tests.builders import day

from .courses import course, lines, starts


@pytest.mark.parametrize(("apart", "expected"), [(27, [0]), (28, [0]), (29, [0, 29])])
def test_drugs_started_within_28_days_are_one_line(apart: int, expected: list[int]) -> None:
    assert starts(course("carboplatin", 0, 300), course("everolimus", apart)) == expected


def test_the_combination_window_counts_from_the_first_drug_of_the_line() -> None:
    """Day 40 is 20 days after the second drug but 40 after the first."""
    assert starts(
        course("carboplatin", 0, 300), course("everolimus", 20, 300), course("capecitabine", 40, 300)
    ) == [0, 40]


def test_a_later_drug_outside_the_regimen_opens_a_line() -> None:
    rows = lines(
        course("paclitaxel", 0, 100), course("capecitabine", 110), columns="line, started_on, agents, rule"
    )
    assert rows == [(1, day(0), "paclitaxel", "LINE_FIRST"), (2, day(110), "capecitabine", "LINE_NEW_DRUG")]


@pytest.mark.parametrize(("gap", "expected"), [(119, [0]), (120, [0]), (121, [0, 221])])
def test_a_gap_over_120_days_in_parenteral_treatment_opens_a_line(gap: int, expected: list[int]) -> None:
    assert starts(course("paclitaxel", 0, 100), course("paclitaxel", 100 + gap, 400)) == expected


@pytest.mark.parametrize(("gap", "expected"), [(179, [0]), (180, [0]), (181, [0, 281])])
def test_a_gap_over_180_days_in_oral_treatment_opens_a_line(gap: int, expected: list[int]) -> None:
    assert starts(course("capecitabine", 0, 100), course("capecitabine", 100 + gap, 400)) == expected


def test_a_drug_of_the_same_substitution_group_is_no_new_line() -> None:
    assert starts(course("paclitaxel", 0, 60), course("nab-paclitaxel", 70, 150)) == [0]
    assert starts(course("carboplatin + paclitaxel", 0, 60), course("cisplatin + paclitaxel", 70, 150)) == [0]
    assert starts(course("carboplatin", 0, 60), course("paclitaxel", 70, 150)) == [0, 70]


def test_fewer_drugs_of_the_regimen_are_no_new_line_before_progression() -> None:
    courses = [course("carboplatin + paclitaxel", 0, 100), course("paclitaxel", 110, 200)]
    assert starts(*courses) == [0]
    assert starts(*courses, progressions=[105]) == [0, 110]


def test_after_progression_any_change_is_the_next_line() -> None:
    """The same CDK4/6 inhibitor goes on with another endocrine partner."""
    courses = [course("letrozole + palbociclib", 0, 200), course("fulvestrant + palbociclib", 201)]
    rows = lines(*courses, progressions=[195], columns="line, started_on, rule")
    assert rows == [(1, day(0), "LINE_FIRST"), (2, day(201), "LINE_AFTER_PROGRESSION")]


@pytest.mark.parametrize("reason", [{"stop_reason": "progression"}, {}])
def test_progression_named_as_the_reason_of_stopping_counts(reason: dict[str, str]) -> None:
    courses = [course("letrozole + palbociclib", 0, 200, **reason), course("dalpiciclib + letrozole", 210)]
    assert starts(*courses) == ([0, 210] if reason else [0])


def test_a_progression_up_to_7_days_after_the_start_belongs_to_what_came_before() -> None:
    """The second drug of a combination starts on day 110; the scan of day 107 ended the line before."""
    courses = [course("paclitaxel", 0, 90), course("letrozole", 100, 400), course("palbociclib", 110, 400)]
    assert starts(*courses, progressions=[107]) == [0, 100]
    assert starts(*courses, progressions=[108]) == [0, 100, 110]


def test_a_drug_of_an_earlier_line_given_again_is_a_line_of_its_own() -> None:
    courses = [course("paclitaxel", 0, 60), course("capecitabine", 70, 100), course("paclitaxel", 140, 200)]
    assert starts(*courses) == [0, 70, 140]


@pytest.mark.parametrize("drug", ["denosumab", "goserelin", "denosumab + goserelin"])
def test_supportive_drugs_never_open_a_line(drug: str) -> None:
    assert starts(course("letrozole", 0, 400), course(drug, 100, 400)) == [0]
    assert starts(course(drug, 0, 400)) == []


def test_a_supportive_drug_in_a_regimen_is_named_but_gives_the_line_no_class() -> None:
    rows = lines(course("goserelin + letrozole", 0, 400), columns="agents, drug_class")
    assert rows == [("goserelin + letrozole", "endocrine")]


def test_supportive_intent_never_opens_a_line() -> None:
    assert starts(course("letrozole", 0, 400), course("dexamethasone", 100, intent="supportive")) == [0]


def test_a_drug_the_class_table_does_not_know_opens_a_line() -> None:
    rows = lines(
        course("letrozole", 0, 90), course("newdrug + oldnewdrug", 100), columns="started_on, drug_class"
    )
    assert rows == [(day(0), "endocrine"), (day(100), None)]


def test_a_dose_step_is_no_course() -> None:
    hold = course("palbociclib", 50, 80, kind="dose_hold", part_of="palbociclib 0000")
    assert starts(course("palbociclib", 0, 300), hold) == [0]


def test_nothing_after_the_last_observed_day_is_read() -> None:
    rows = lines(course("letrozole", 0, 790), course("paclitaxel", 790), columns="line, ended_on, is_ongoing")
    assert rows == [(1, None, True)], "28 February 2026 is day 789"


def test_the_end_of_a_line() -> None:
    columns = "line, last_dose_on, ended_on, is_ongoing, next_started_on, stop_reason"
    courses = [
        course("letrozole + palbociclib", 0, 200, stop_reason="toxicity"),
        course("paclitaxel", 240, None, is_ongoing=True),
    ]
    assert lines(*courses, columns=columns) == [
        (1, day(200), day(200), False, day(240), "toxicity"),
        (2, day(789), None, True, None, None),
    ]


def test_an_open_end_is_at_the_latest_the_start_of_the_next_line() -> None:
    rows = lines(course("letrozole", 0), course("paclitaxel", 100, 200), columns="ended_on, is_ongoing")
    assert rows == [(day(100), False), (day(200), False)]


@pytest.mark.parametrize(("beyond", "agents"), [(28, "fulvestrant"), (29, "fulvestrant + palbociclib")])
def test_a_course_that_runs_on_into_the_next_line_is_part_of_it(beyond: int, agents: str) -> None:
    """Progression on day 195; letrozole is exchanged for fulvestrant on day 201, palbociclib runs on."""
    courses = [
        course("letrozole", 0, 200),
        course("palbociclib", 0, 201 + beyond),
        course("fulvestrant", 201, 500),
    ]
    columns = "started_on, agents, class_started_on, ended_on"
    assert lines(*courses, progressions=[195], columns=columns) == [
        (day(0), "letrozole + palbociclib", day(0), day(201)),
        (day(201), agents, day(201) if beyond == 29 else None, day(500)),
    ]
