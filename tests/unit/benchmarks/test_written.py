"""A number that is 30 % worse than the one on record is named; one that is not measured again stays."""

import pytest

from benchmarks.measure import Line
from benchmarks.written import section, sections, worse, write


def ratio(value: float, *, budget: float | None = 20, is_at_most: bool = True, unit: str = "×") -> Line:
    return Line("loading", value, unit, budget=budget, is_at_most=is_at_most)


@pytest.mark.parametrize(
    ("line", "is_named"),
    [
        (ratio(13.0), False),
        (ratio(13.1), True),
        (ratio(5.0), False),
        (ratio(7.0, is_at_most=False), False),
        (ratio(6.9, is_at_most=False), True),
        (ratio(50.0, is_at_most=False), False),
        (ratio(13.1, budget=None), True),
        (ratio(13.1, unit="GB"), False),
    ],
)
def test_ten_may_become_thirteen_or_where_more_is_better_seven(line, is_named):
    before = section([ratio(10.0)], stamp="measured")
    assert bool(worse([line], before)) == is_named


def test_peak_memory_is_compared_and_seconds_are_not():
    before = section([ratio(10.0, unit="GB"), ratio(10.0, unit="CPU s")], stamp="measured")
    assert len(worse([ratio(20.0, unit="GB"), ratio(20.0, unit="CPU s")], before)) == 1


def test_what_is_not_on_record_is_not_compared():
    assert worse([ratio(99.0)], "") == []


def test_the_report_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "measured.md"
    texts = {"Loading": section([ratio(1.83)], stamp="on Monday"), "Marts": section([], stamp="on Tuesday")}
    write(path, texts)
    assert sections(path) == texts
    assert path.read_text().startswith("# Measured\n\n## Loading\n\non Monday\n\n| what |")


def test_there_is_nothing_on_record_at_first(tmp_path):
    assert sections(tmp_path / "measured.md") == {}
