"""How a draw stands to the others of its line: twice the lowest and above the LoQ, both sides of each."""

from typing import Any

import pytest

from tests.unit.marts.ctdna.tables import Row, line, rows_of, series

LINES = (line(1, 0, 180), line(2, 200))
AFTER_LINE_1 = 210
# 28 days before line 2, the first day of its window (clinical-decisions A2).
IN_WINDOW = 172


def standing(
    *results: tuple[int, float | str], columns: str = "is_twice_lowest, course", **study: Any
) -> Any:
    """The last of the draws given as (study day, MAF in ppm or a status); the LoQ is 400 ppm."""
    given: dict[str, list[Row]] = series(*results)
    samples = [{**sample, "loq_ppm": 400} for sample in given["ctdna_sample"]]
    tables = {**given, "ctdna_sample": samples, "study": [study]}
    return rows_of("ctdna_line_level", columns, tables, lines=LINES)[-1]


@pytest.mark.parametrize(
    ("level", "expected"),
    [(1999.999, (False, "STABLE")), (2000, (True, "UP")), (2000.001, (True, "UP"))],
)
def test_twice_the_lowest_of_the_line_is_a_rise(level, expected):
    assert standing((30, 3000), (60, 1000), (90, level)) == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [(399.999, (False, "STABLE")), (400, (False, "STABLE")), (400.001, (True, "UP"))],
)
def test_a_rise_lies_above_the_limit_of_quantification(level, expected):
    assert standing((30, 100), (90, level)) == expected


@pytest.mark.parametrize(
    ("level", "expected"), [(2999.999, (False, "STABLE")), (3000, (True, "UP")), (3000.001, (True, "UP"))]
)
def test_the_study_says_how_many_times_the_lowest(level, expected):
    assert standing((30, 1000), (90, level), rising_factor=3) == expected


@pytest.mark.parametrize(("level", "course"), [(999.999, "FALLING"), (1000, "FALLING"), (1000.001, "STABLE")])
def test_half_the_first_of_the_line_is_falling(level, course):
    assert standing((30, 2000), (90, level)) == (False, course)


def test_what_a_line_starts_from_is_its_last_draw_before_and_no_earlier_one():
    """The 1000 ppm of line 1 are not compared with; the 5000 before line 2 are."""
    draws = (30, 1000), (IN_WINDOW, 5000)
    assert standing(*draws, (AFTER_LINE_1, 9999)) == (False, "STABLE")
    assert standing(*draws, (AFTER_LINE_1, 10_000)) == (True, "UP")
    assert standing(*draws, (AFTER_LINE_1, 9999), columns="line, lowest_level_sum") == (2, 5000)


def test_detected_after_not_detected_is_up_without_a_lowest_to_double():
    assert standing((30, "not_detected"), (90, 500)) == (False, "UP")
    assert standing((30, "not_detected"), (60, 500), (90, 500)) == (False, "UP")
    assert standing((30, 500), (90, "not_detected")) == (False, "NOT_DETECTED")


def test_a_draw_alone_or_without_a_number_is_detected_and_no_more():
    assert standing((30, 500)) == (False, "DETECTED")
    assert standing((30, 500), (90, "below_loq")) == (False, "DETECTED")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (IN_WINDOW - 1, (False, "DETECTED", None, False)),
        (IN_WINDOW, (True, "UP", "S1", True)),
        (IN_WINDOW + 1, (True, "UP", "S1", True)),
    ],
)
def test_a_draw_before_the_window_of_the_line_is_no_start_of_it(before, expected):
    """5000, then 10 000 on line 2: twice as much, if the first says what line 2 began with."""
    columns = "is_twice_lowest, course, over_sample_id, is_lowest_before_line"
    assert standing((before, 5000), (AFTER_LINE_1, 10_000), columns=columns) == expected


def test_the_second_draw_of_the_line_is_over_the_first_of_it():
    columns = "course, over_sample_id, over_line, is_lowest_before_line"
    draws = (IN_WINDOW, 5000), (AFTER_LINE_1, 4999), (240, 9998)
    assert standing(*draws, columns=columns) == ("UP", "S2", 2, False)
    # Of equal ones the later.
    assert standing((IN_WINDOW, 5000), (210, 5000), (240, 10_000), columns=columns) == ("UP", "S2", 2, False)


@pytest.mark.parametrize(("before", "over"), [(IN_WINDOW - 1, "S1"), (IN_WINDOW, "S1")])
def test_detected_after_not_detected_is_up_over_that_sample_however_old(before, over):
    columns = "course, over_sample_id, over_line"
    assert standing((before, "not_detected"), (AFTER_LINE_1, 900), columns=columns) == ("UP", over, 1)


@pytest.mark.parametrize(("on", "expected"), [(179, False), (180, False), (181, True)])
def test_a_draw_after_the_end_of_its_line_is_not_within_it(on, expected):
    """Line 1 ends on day 180."""
    assert standing((30, 1000), (on, 3000), columns="line, is_after_line") == (1, expected)


def test_a_sample_that_a_rise_is_over_may_lie_after_its_line():
    columns = "over_sample_id, over_line, is_over_after_line"
    assert standing((180, 1000), (AFTER_LINE_1, 3000), columns=columns) == ("S1", 1, False)
    assert standing((181, 1000), (AFTER_LINE_1, 3000), columns=columns) == ("S1", 1, True)
