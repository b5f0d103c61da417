"""When a ratio between two levels is stated: from twice the LoD of the earlier one on."""

import pytest

from dashboard.tables.ctdna_change import Level, change_percent, fall_words, percent_words


@pytest.mark.parametrize(
    ("before", "now", "lod_ppm", "percent"),
    [
        # LoD 0.05 %: two variants of 0.0999 %, 0.1 % and 0.1001 % on average.
        (Level(1998, 2), Level(999, 1), 500, None),
        (Level(2000, 2), Level(500, 1), 500, -50),
        (Level(2002, 2), Level(2002, 1), 500, 100),
        # A quantity that is no allele fraction has no such limit.
        (Level(4, 2), Level(1, 1), None, -50),
        # Without a number on either side there is no ratio.
        (Level(None, 2), Level(1, 1), None, None),
        (Level(4, 0), Level(1, 1), None, None),
        (Level(4, 2), Level(0, 1), None, None),
        (Level(4, 2), Level(1, None), None, None),
    ],
)
def test_a_change_is_stated_from_twice_the_limit_of_detection(
    before: Level, now: Level, lod_ppm: float | None, percent: float | None
) -> None:
    assert change_percent(before, now, lod_ppm=lod_ppm) == percent


@pytest.mark.parametrize(
    ("percent", "words"),
    [(-98.25, "−98.3 %"), (999.9, "+999.9 %"), (1000.0, "+1000 %"), (1249.5, "+1250 %"), (0.04, "0.0 %")],
)
def test_a_large_change_has_no_decimal(percent: float, words: str) -> None:
    assert percent_words(percent) == words


@pytest.mark.parametrize(
    ("percent", "whole", "with_decimal"),
    [
        (-99.49, "−99 %", "−99.5 %"),
        (-99.5, "−99.5 %", "−99.5 %"),
        (-99.94, "−99.9 %", "−99.9 %"),
        (-99.95, "−99.95 %", "−99.95 %"),
        (-99.9999, "−99.9999 %", "−99.9999 %"),
    ],
)
def test_what_is_still_detected_never_fell_by_all_of_it(
    percent: float, whole: str, with_decimal: str
) -> None:
    assert (fall_words(percent), percent_words(percent)) == (whole, with_decimal)
