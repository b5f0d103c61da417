"""A patient whose samples all failed had samples: the header and the worklist say so."""

import pytest

from dashboard.tables.header_ctdna import last_two_results
from dashboard.tables.header_strip import AgeLimits, header_cells
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
def test_the_last_result_in_a_list_without_a_result(known, words):
    assert last_two_results(known) == words


@pytest.mark.parametrize(
    ("n_previous", "n_last", "words"),
    [
        (1, 1, "0.40 % → 0.10 %"),
        (1, 2, "0.40 % → mean 0.10 %"),
        (2, 1, "mean 0.40 % → 0.10 %"),
        (2, 2, "mean 0.40 % → mean 0.10 %"),
    ],
)
def test_the_last_two_results_in_a_list_say_which_is_a_mean(n_previous, n_last, words):
    known = {
        "last_draw_on": day(60),
        "last_draw_status": "detected",
        "last_level_sum": 1000 * n_last,
        "last_level_n": n_last,
        "last_quantity_kind": "maf_ppm",
        "previous_draw_status": "detected",
        "previous_level_sum": 4000 * n_previous,
        "previous_level_n": n_previous,
    }
    assert last_two_results({**known, "is_previous_comparable": True}) == words
    assert last_two_results({**known, "is_previous_comparable": False}) == words.split(" → ")[1]
    different = {"is_previous_comparable": True, "is_of_different_variants": True}
    assert last_two_results({**known, **different}) == f"{words} (different variants)"
