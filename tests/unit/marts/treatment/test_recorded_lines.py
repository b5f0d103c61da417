"""A line the study recorded wins over the derived one, and a disagreement is shown."""

import pytest

from tests.builders import day

from .courses import course, lines

COLUMNS = "line, started_on, source, recorded_disagrees"


def test_a_recorded_line_wins() -> None:
    """By the rules the switch within the class would be one line."""
    courses = [course("palbociclib", 0, 100, line=1), course("dalpiciclib", 110, 200, line=2)]
    assert lines(*courses, columns=COLUMNS) == [
        (1, day(0), "RECORDED", True),
        (2, day(110), "RECORDED", True),
    ]


def test_two_lines_by_the_rules_recorded_as_one_disagree() -> None:
    courses = [course("paclitaxel", 0, 100, line=1), course("capecitabine", 110, 200, line=1)]
    assert lines(*courses, columns=COLUMNS) == [(1, day(0), "RECORDED", True)]


def test_equal_boundaries_agree_whatever_the_first_number() -> None:
    """A patient may enter the study in line 2."""
    courses = [course("paclitaxel", 0, 100, line=2), course("capecitabine", 110, 200, line=3)]
    assert lines(*courses, columns=COLUMNS) == [
        (2, day(0), "RECORDED", False),
        (3, day(110), "RECORDED", False),
    ]


def test_a_course_nobody_numbered_joins_the_line_it_continues() -> None:
    courses = [course("letrozole", 0, 400, line=2), course("palbociclib", 10, 400)]
    assert lines(*courses, columns="line, agents, source") == [(2, "letrozole + palbociclib", "RECORDED")]


def test_a_line_nobody_numbered_takes_the_next_free_number() -> None:
    courses = [course("paclitaxel", 0, 100, line=1), course("capecitabine", 110, 200)]
    assert lines(*courses, columns=COLUMNS) == [
        (1, day(0), "RECORDED", False),
        (2, day(110), "DERIVED", False),
    ]


def test_where_no_number_is_free_the_course_stays_with_the_line_before() -> None:
    courses = [
        course("paclitaxel", 0, 100, line=1),
        course("capecitabine", 110, 200),
        course("everolimus", 300, 400, line=2),
    ]
    assert lines(*courses, columns="line, agents") == [(1, "capecitabine + paclitaxel"), (2, "everolimus")]


def test_adjuvant_treatment_is_no_line_even_where_one_is_recorded() -> None:
    assert lines(course("letrozole", 0, 100, intent="adjuvant", line=1)) == []


def test_curative_treatment_is_a_line_only_where_recorded() -> None:
    assert lines(course("cisplatin", 0, 40, intent="curative")) == []
    assert lines(course("cisplatin", 0, 40, intent="curative", line=1), columns="line") == [(1,)]


@pytest.mark.parametrize(
    ("last_dose", "rule"),
    [(109, "LINE_RECORDED"), (110, "LINE_RECORDED"), (111, "LINE_RECORDED_OVERLAPPING")],
)
def test_the_last_dose_of_a_recorded_line_is_what_was_recorded_also_where_lines_overlap(
    last_dose: int, rule: str
) -> None:
    courses = [course("paclitaxel", 0, last_dose, line=1), course("capecitabine", 110, 200, line=2)]
    assert lines(*courses, columns="line, last_dose_on, ended_on, next_started_on, rule") == [
        (1, day(last_dose), day(last_dose), day(110), rule),
        (2, day(200), day(200), None, "LINE_RECORDED"),
    ]


def test_the_last_dose_of_a_derived_line_is_at_the_latest_the_start_of_the_next() -> None:
    courses = [course("paclitaxel", 0, 150), course("capecitabine", 110, 200)]
    assert lines(*courses, columns="line, last_dose_on, rule") == [
        (1, day(110), "LINE_FIRST"),
        (2, day(200), "LINE_NEW_DRUG"),
    ]
