"""Columns of words on the screen are wide enough for them."""

import pytest

from dashboard.ui.cards import column_px


@pytest.mark.parametrize(
    ("words", "width"),
    [
        (["PD"], 70),
        (["followed, never detected"], 185),
        (["not detected · 25 Jun 2025", "0.1"], 198),
        (["x" * 90], 420),
    ],
)
def test_a_column_is_as_wide_as_its_longest_word_within_the_screen(words, width):
    assert column_px(words) == width
