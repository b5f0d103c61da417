"""A figure as SVG, PNG and CSV: the picture, where it comes from, and the same bytes for the same rows."""

import struct
import zlib
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from dashboard.report.figure_files import (
    FONTS,
    PNG_SCALE,
    FigureWithoutDrawing,
    figure_png,
    figure_svg,
    footer_lines,
    size_of,
)
from dashboard.studies.vocabulary import THEME
from dashboard.tables.csv_file import csv_text
from tests.unit.report.conftest import FOOTER


def chunks(png):
    """Kind and data of each chunk, their sums checked."""
    place, found = 8, []
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + data)
        found.append((kind, data))
        place += 12 + length
    return found


def test_svg_says_where_it_comes_from_in_sight_and_as_description(figure):
    svg = figure_svg(figure).decode("utf-8")
    assert f"<desc>{FOOTER}</desc>" in svg
    assert f">{FOOTER}</text></svg>" in svg
    assert "<title>One bar.</title>" in svg
    assert "Nguyễn 部分缓解" in svg


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        # Of 5.4 pixels a character with 4 at each side: 26, 25, 21, 20 and 7 characters.
        (149, ["one and two · three · four"]),
        (148, ["one and two · three ·", "four"]),
        (122, ["one and two · three ·", "four"]),
        (121, ["one and two ·", "three · four"]),
        (46, ["one and", "two ·", "three ·", "four"]),
    ],
)
def test_a_foot_wider_than_the_picture_goes_on_in_a_new_line(width, lines):
    assert footer_lines("one and two · three · four", width=width) == lines


def test_the_foot_of_a_dark_picture_is_light(figure):
    page, quiet = THEME["page"], THEME["secondary_text"]
    for is_dark in (False, True):
        one = replace(figure, spec={**figure.spec, "background": page.dark if is_dark else page.light})
        fill = quiet.dark if is_dark else quiet.light
        assert f'fill="{fill}">{FOOTER}' in figure_svg(one).decode("utf-8")


def test_the_picture_is_as_much_taller_as_its_foot_has_lines(figure):
    long = replace(figure, footer=" · ".join([FOOTER] * 4))
    heights = [size_of(figure_svg(one).decode("utf-8"))[1] for one in (figure, long)]
    n_lines = figure_svg(long).decode("utf-8").count('font-size="10" fill=')
    assert n_lines > 1
    assert heights[1] - heights[0] == 13 * (n_lines - 1)


def test_png_is_the_same_picture_twice_as_fine_and_carries_its_origin(figure):
    png = figure_png(figure)
    found = chunks(png)
    width, height = size_of(figure_svg(figure).decode("utf-8"))
    assert struct.unpack(">II", found[0][1][:8]) == (round(width * PNG_SCALE), round(height * PNG_SCALE))
    assert (b"iTXt", b"Description\0\0\0\0\0" + FOOTER.encode()) in found


def test_vietnamese_and_chinese_are_drawn_with_our_own_fonts(figure):
    """The picture of a character that the fonts lack is the same for all; these two differ."""
    drawn = []
    for name in ("癌", "疗", "ễ"):
        spec = {**figure.spec, "data": {"values": [{"name": name, "value": 3}]}}
        drawn.append(figure_png(replace(figure, spec=spec)))
    assert len(set(drawn)) == 3
    known = (FONTS / "characters.txt").read_text(encoding="utf-8")
    assert set("癌疗ễĐ▽≥−→") <= set(known)


def test_a_figure_of_sentences_has_no_picture_but_a_table(figure):
    sentences = replace(figure, spec={})
    with pytest.raises(FigureWithoutDrawing):
        figure_svg(sentences)
    assert sentences.csv().splitlines() == [f"# {FOOTER}", "Name,Value", "a,3"]


def test_csv_has_its_origin_columns_in_order_lf_and_twelve_significant_digits():
    table = pd.DataFrame(
        {
            "b": [1 / 3, 123456789.123456789, np.nan],
            "a": ["Nguyễn", 'say "x", y', None],
            "when": pd.to_datetime(["2024-01-04", "2024-01-05 06:07", None], format="mixed"),
            "is_it": [True, False, True],
            "exact": [Decimal("0.10"), Decimal("1234567890123.4"), None],
        }
    )
    assert csv_text(table, provenance="Study\n cut").split("\n") == [
        "# Study cut",
        "b,a,when,is_it,exact",
        "0.333333333333,Nguyễn,2024-01-04,true,0.10",
        '123456789.123,"say ""x"", y",2024-01-05T06:07:00,false,1.23456789012e+12',
        ",,,true,",
        "",
    ]


def test_rows_in_another_order_give_the_same_file_by_their_key():
    table = pd.DataFrame({"id": [2, 1, 3], "x": ["b", "a", "c"]})
    shuffled = table.iloc[[2, 0, 1]]
    assert csv_text(table, provenance="p", key=["id"]) == csv_text(shuffled, provenance="p", key=["id"])
    assert csv_text(table, provenance="p", key=["id"]).splitlines()[2:] == ["1,a", "2,b", "3,c"]


def test_whole_numbers_keep_all_their_digits():
    table = pd.DataFrame({"n": [1234567890123456], "m": [np.float64(5)]})
    assert csv_text(table, provenance="p").splitlines()[2] == "1234567890123456,5"
