"""Workbooks whose bytes depend on their cells alone."""

import zipfile
from datetime import datetime

import openpyxl
from openpyxl import Workbook

from dashboard.demo.layouts.workbook import save_stable


def workbook(saved: datetime, value: str = "0,12") -> Workbook:
    book = Workbook()
    book.active.append(["VAF", value])
    book.properties.created = saved
    return book


def test_the_moment_of_saving_is_not_in_the_file(tmp_path):
    save_stable(workbook(datetime(2025, 1, 1)), tmp_path / "first.xlsx")
    save_stable(workbook(datetime(2026, 7, 5, 12, 30)), tmp_path / "second.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_another_cell_gives_other_bytes(tmp_path):
    save_stable(workbook(datetime(2025, 1, 1)), tmp_path / "first.xlsx")
    save_stable(workbook(datetime(2025, 1, 1), "KPH"), tmp_path / "second.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() != (tmp_path / "second.xlsx").read_bytes()


def test_it_opens_as_a_workbook_and_every_part_has_one_date(tmp_path):
    path = tmp_path / "book.xlsx"
    save_stable(workbook(datetime(2025, 1, 1)), path)
    assert [cell.value for cell in openpyxl.load_workbook(path).active[1]] == ["VAF", "0,12"]
    with zipfile.ZipFile(path) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
