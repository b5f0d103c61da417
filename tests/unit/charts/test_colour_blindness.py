"""Colours that carry a meaning, as seen with each kind of colour blindness and in greyscale.

Simulation: Machado, Oliveira and Fernandes 2009 (IEEE Trans Vis Comput Graph 15:1291), severity 1, on linear
RGB. Distances: CIE 1976 in L*a*b* (D65); about 2 is the least that is noticed side by side.
"""

from itertools import combinations

import numpy as np
import pytest

from dashboard.charts.curve_names import MOST_NAMED
from dashboard.charts.theme import theme_of
from dashboard.studies.vocabulary import RESPONSES

SEEN = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "greyscale": ((0.2126, 0.7152, 0.0722),) * 3,
}
TO_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
WHITE = np.array((0.9505, 1.0, 1.089))
APART = {"greyscale": 5.0, "protanopia": 15.0, "deuteranopia": 15.0, "tritanopia": 15.0}


def linear(colour):
    """Linear RGB of #rrggbb."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour, kind):
    """L*a*b* of a colour as somebody with this sight sees it."""
    scaled = TO_XYZ @ np.clip(np.array(SEEN[kind]) @ linear(colour), 0, 1) / WHITE
    root = np.where(scaled > 216 / 24389, np.cbrt(scaled), (24389 / 27 * scaled + 16) / 116)
    return np.array((116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])))


def distance(one, other, kind):
    return float(np.linalg.norm(seen(one, kind) - seen(other, kind)))


def contrast(one, other):
    """Contrast of two colours (WCAG 2), as it is in greyscale."""
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_simulation_knows_red_from_green_only_where_both_are_seen():
    assert distance("#C00000", "#6E6E00", "tritanopia") > 40
    assert distance("#C00000", "#6E6E00", "protanopia") < 40
    assert seen("#FFFFFF", "greyscale") == pytest.approx((100, 0, 0), abs=0.1)


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("what", ["variants", "groups"])
def test_the_lines_of_variants_and_of_groups_are_told_apart(what, theme, kind):
    for one, other in combinations(getattr(theme_of(theme), what), 2):
        assert distance(one, other, kind) >= APART[kind], (one, other)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_stands_out_from_the_page_in_greyscale(theme):
    # 3 to 1 is what WCAG 2.2 asks of graphical objects (1.4.11).
    colours = theme_of(theme)
    drawn = (
        *colours.variants,
        *colours.groups,
        colours.summary,
        colours.target_sum,
        colours.progression_sum,
        colours.marker,
    )
    assert [one for one in drawn if contrast(one, colours.page) < 3] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_name_of_a_group_is_read_in_its_colour(theme):
    # 4.5 to 1 is what WCAG 2.2 asks of words (1.4.3); more groups have letters in the colour of words.
    colours = theme_of(theme)
    assert [one for one in colours.groups[:MOST_NAMED] if contrast(one, colours.page) < 4.5] == []


@pytest.mark.parametrize(
    "code", [code for code, mark in RESPONSES.items() if mark.letter_colour and mark.fill]
)
def test_the_letters_of_a_response_are_read_on_its_mark_in_greyscale(code):
    mark = RESPONSES[code]
    assert contrast(mark.letter_colour, mark.fill) >= 4.5


def test_responses_differ_by_shape_or_letters_and_not_by_colour_alone():
    looks = [(mark.shape, mark.letters) for mark in RESPONSES.values() if mark.letters]
    assert len(set(looks)) == len(looks)
