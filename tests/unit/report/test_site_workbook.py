"""The workbook for a site: typed cells, a frozen header with a filter, and text that stays text."""

import datetime as dt
import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from dashboard.report.site_workbook import COLUMNS, SETTLED_COLUMNS, headings, site_workbook

PLANTED = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "=1+1")
LINE = {
    "patient_id": "S-001",
    "died_on": dt.date(2022, 7, 1),
    "site": "North",
    "item_name": "Second blood draw",
    "about": "",
    "state_words": "Overdue 31 days",
    "days_late": 31,
    "opens_on": dt.date(2026, 6, 5),
    "closes_on": dt.date(2026, 9, 5),
    "grace_until": None,
    "owner": "North",
    "rule_words": "Second blood draw: overdue 31 days.",
    "request": "受试者 S-001：第二次采血",
}


def opened(*lines, **about):
    content = site_workbook(pd.DataFrame(lines), about={"Study": "Small study", **about})
    return load_workbook(io.BytesIO(content))


def cells(sheet, row):
    return {
        name: sheet.cell(row, place) for place, name in enumerate((title for title, _ in COLUMNS.values()), 1)
    }


def test_the_header_is_frozen_and_has_a_filter():
    sheet = opened(LINE, LINE)["Follow-up"]
    assert [cell.value for cell in sheet[1]] == [title for title, _ in COLUMNS.values()]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{chr(ord('A') + len(COLUMNS) - 1)}3"


def test_dates_are_dates_numbers_are_numbers_and_nothing_is_empty_text():
    row = cells(opened(LINE)["Follow-up"], 2)
    assert (row["Opens on"].value, row["Opens on"].is_date) == (dt.datetime(2026, 6, 5), True)
    assert row["Opens on"].number_format == "d mmm yyyy"
    assert (row["Days late"].value, row["Days late"].data_type) == (31, "n")
    assert row["Died on"].value == dt.datetime(2022, 7, 1)
    assert row["Grace until"].value is None
    assert row["About"].value is None
    assert row["Request"].value == "受试者 S-001：第二次采血"


def test_what_is_not_asked_for_has_its_own_columns_and_no_request():
    line = {**LINE, "state_words": "Done outside window (+12 d)", "done_on": dt.date(2026, 9, 17)}
    content = site_workbook(pd.DataFrame([line]), about={}, columns=SETTLED_COLUMNS)
    sheet = load_workbook(io.BytesIO(content))["Follow-up"]
    row = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert row["State"] == "Done outside window (+12 d)"
    assert row["Done on"] == dt.datetime(2026, 9, 17)
    assert not {"Request", "Answer of the site", "Days late"} & set(row)


def test_dates_of_a_frame_with_gaps_are_dates_too():
    later = {**LINE, "opens_on": None, "days_late": None}
    rows = pd.DataFrame([LINE, later]).astype({"days_late": "Int64"})
    rows["opens_on"] = pd.to_datetime(rows["opens_on"])
    sheet = load_workbook(io.BytesIO(site_workbook(rows, about={})))["Follow-up"]
    assert cells(sheet, 2)["Opens on"].value == dt.datetime(2026, 6, 5)
    assert cells(sheet, 3)["Opens on"].value is None
    assert cells(sheet, 3)["Days late"].value is None


@pytest.mark.parametrize("text", PLANTED)
@pytest.mark.parametrize("column", ["patient_id", "item_name", "about", "request"])
def test_a_cell_that_begins_like_a_formula_stays_text(text, column):
    cell = cells(opened({**LINE, column: text})["Follow-up"], 2)[COLUMNS[column][0]]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_the_sheet_about_the_file_has_no_formula_either():
    sheet = opened(LINE, Site="=cmd()")["About this file"]
    found = {row[0].value: row[1] for row in sheet.iter_rows()}
    assert found["Study"].value == "Small study"
    assert (found["Site"].value, found["Site"].data_type) == ("=cmd()", "s")


def test_a_control_character_does_not_stop_the_file():
    assert cells(opened({**LINE, "about": "FOL\x00FOX\x0b"})["Follow-up"], 2)["About"].value == "FOLFOX"


def test_there_is_one_empty_column_for_the_answer():
    assert cells(opened(LINE)["Follow-up"], 2)["Answer of the site"].value is None


@pytest.mark.parametrize(("language", "patient"), [("vi", "Bệnh nhân"), ("zh", "受试者")])
def test_headings_are_in_the_language_of_the_site_too(language, patient):
    sheet = opened({**LINE, "language": language}, {**LINE, "language": language})["Follow-up"]
    assert sheet.cell(1, 1).value == f"Patient\n{patient}"
    assert all(cell.value.count("\n") == 1 for cell in sheet[1])


def test_an_item_without_words_in_the_language_of_the_site_changes_no_heading():
    sheet = opened({**LINE, "language": "vi"}, {**LINE, "language": "en"})["Follow-up"]
    assert sheet.cell(1, 1).value == "Patient\nBệnh nhân"


@pytest.mark.parametrize(
    "asked",
    [
        (("North", "en"), ("North", "en")),
        (("North", "vi"), ("South", "vi")),
        (("North", "fr"), ("North", "fr")),
    ],
)
def test_headings_are_english_for_several_sites_and_where_there_are_no_words(asked):
    sheet = opened(*({**LINE, "site": site, "language": one} for site, one in asked))["Follow-up"]
    assert [cell.value for cell in sheet[1]] == [title for title, _ in COLUMNS.values()]


def test_every_language_of_the_requests_has_every_heading():
    for language in ("vi", "zh"):
        own = [one.partition("\n")[2] for one in headings(language)]
        assert all(own)
        assert len(set(own)) == len(COLUMNS)
