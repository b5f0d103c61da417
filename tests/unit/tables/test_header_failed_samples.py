"""A patient whose samples all failed had samples: the header and the worklist say so."""

import pytest

from dashboard.tables.header_strip import AgeLimits, header_cells, last_two_results
from tests.builders import day


def ctdna(**known):
    cells = header_cells({"observed_until": day(100), **known}, limits=AgeLimits())
    found = next(one for one in cells if one.title == "Last ctDNA")
    return found.value, [line.text for line in found.lines]


def test_only_failed_samples_are_failed_and_counted():
    known = {"n_samples": 2, "n_valid_samples": 0, "failed_draw_on": day(90)}
    assert ctdna(**known) == (
        "Failed, no result",
        ["31 Mar 2024 · 10 days, failed", "2 samples, none with a result"],
    )


def test_a_pending_sample_after_a_failed_one_is_awaited_and_the_failed_one_stays_in_sight():
    known = {"n_samples": 2, "failed_draw_on": day(60), "pending_draw_on": day(90)}
    value, lines = ctdna(**known)
    assert value == "No result yet"
    assert lines == [
        "31 Mar 2024, pending",
        "1 Mar 2024 · 40 days, failed",
        "2 samples, none with a result",
    ]


def test_without_a_sample_nothing_is_called_failed():
    assert ctdna(n_samples=0) == ("No sample", [])


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "–"),
        ({"failed_draw_on": day(1)}, "failed"),
        ({"failed_draw_on": day(1), "pending_draw_on": day(2)}, "pending"),
    ],
)
def test_the_last_result_in_a_list(known, words):
    assert last_two_results(known) == words
