"""How values are written in the sample files."""

from datetime import date
from decimal import Decimal

import pytest

from dashboard.demo.layouts.protein import three_letter
from dashboard.demo.layouts.texts import (
    chosen,
    day_first,
    invented_name,
    invented_phone,
    number_of,
    plain,
    with_comma,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+1"), "10"),
        (date(2025, 3, 5), "2025-03-05"),
        ("CAPOX", "CAPOX"),
    ],
)
def test_a_value_is_written_as_native_files_have_it(value, text):
    assert plain(value) == text


def test_a_number_has_a_decimal_comma_in_viet_nam():
    assert with_comma(Decimal("0.350")) == "0,35"


def test_the_day_stands_before_the_month_in_viet_nam():
    assert day_first(date(2025, 3, 5)) == "05/03/2025"


def test_a_choice_depends_on_its_key_alone():
    assert [chosen("K4C-0001 unit", "abc") for _ in range(3)] == [chosen("K4C-0001 unit", "abc")] * 3
    assert {number_of(f"key {n}", 4) for n in range(100)} == {0, 1, 2, 3}


def test_the_invented_telephone_number_is_one_the_reader_would_mask():
    assert invented_phone("K4C-0001").isdigit()
    assert len(invented_phone("K4C-0001")) == 10
    assert invented_phone("K4C-0001").startswith("09")


def test_an_invented_name_is_fixed_by_the_identifier():
    assert invented_name("K4C-0001", "female") == invented_name("K4C-0001", "female")
    assert len({invented_name(f"K4C-{n:04d}", "male") for n in range(50)}) > 20


@pytest.mark.parametrize(
    ("change", "written"),
    [
        ("p.R175H", "p.(Arg175His)"),
        ("p.R320*", "p.(Arg320Ter)"),
        ("p.E1309fs", "p.(Glu1309fs)"),
        ("p.E746_A750del", "p.(Glu746_Ala750del)"),
        ("c.-124C>T", "c.-124C>T"),
        ("-", "-"),
    ],
)
def test_a_protein_change_in_three_letters(change, written):
    assert three_letter(change) == written
