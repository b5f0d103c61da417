"""A workbook of many sheets is parsed once per load, and never served after it changed."""

import openpyxl
import pytest

from dashboard.extracts.source import FileOptions
from dashboard.extracts.workbook import forget_workbooks, read_workbook


@pytest.fixture
def path(tmp_path):
    yield tmp_path / "edc.xlsx"
    forget_workbooks()


def write(path, value):
    book = openpyxl.Workbook()
    for title in ("人口学资料", "既往史"):
        sheet = book.create_sheet(title)
        sheet.append(["受试者编号", "值"])
        sheet.append(["CDK-0001", value])
    book.save(path)


def cell(path, title):
    (sheet,) = read_workbook(path, FileOptions(sheet=title))
    return sheet.records[0].cells[1]


def test_the_second_sheet_of_a_workbook_is_not_parsed_again(path, monkeypatch):
    write(path, "1")
    assert cell(path, "人口学资料") == "1"
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    assert cell(path, "既往史") == "1"


def test_a_workbook_that_changed_is_read_again(path):
    write(path, "1")
    assert cell(path, "人口学资料") == "1"
    write(path, "a longer text")
    assert cell(path, "人口学资料") == "a longer text"


def test_a_forgotten_workbook_is_read_again(path, monkeypatch):
    write(path, "1")
    assert cell(path, "人口学资料") == "1"
    forget_workbooks()
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    with pytest.raises(TypeError):
        cell(path, "人口学资料")
