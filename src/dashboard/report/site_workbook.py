"""The chase list as a workbook a site can fill in: typed dates, a frozen header, a filter, no formula."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.rules import is_missing

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER_FILL = PatternFill("solid", fgColor="DCE8F5")
# A format of the cell, not of the reader's country: 5 Sep 2026.
DATE_FORMAT = "d mmm yyyy"
# Column of the list: title in the file, width in characters.
COLUMNS: dict[str, tuple[str, int]] = {
    "patient_id": ("Patient", 14),
    "died_on": ("Died on", 13),
    "site": ("Site", 22),
    "item_name": ("Item", 30),
    "about": ("About", 30),
    "state_words": ("State", 26),
    "days_late": ("Days late", 10),
    "opens_on": ("Opens on", 13),
    "closes_on": ("Closes on", 13),
    "grace_until": ("Grace until", 13),
    "owner": ("Owner", 22),
    "rule_words": ("Rule", 60),
    "request": ("Request", 80),
    "answer": ("Answer of the site", 40),
}


def site_workbook(rows: pd.DataFrame, *, about: Mapping[str, str]) -> bytes:
    """A workbook with one sheet of `rows` (those of figures.follow_up.chase_list) and one about the file.

    A cell that begins like a formula stays text. `about` names study, data cut, snapshot and what is listed.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Follow-up"
    _write(sheet, [title for title, _ in COLUMNS.values()])
    for row in rows.to_dict("records"):
        _write(sheet, [row.get(name) for name in COLUMNS])
    _dress(sheet)
    note = book.create_sheet("About this file")
    for name, words in about.items():
        _write(note, [name, words])
    note.column_dimensions["A"].width, note.column_dimensions["B"].width = 22, 90
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(sheet: Worksheet, values: list[Any]) -> None:
    """One more row; every text is stored as text, whatever it begins with."""
    place = sheet.max_row + 1 if sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(values, start=1):
        _fill(sheet.cell(place, column), value)


def _fill(cell: Cell, value: Any) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_missing(value):
        return
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # openpyxl takes a text that begins with = for a formula; the quote keeps it text when it is edited.
        cell.data_type = "s"
        cell.quotePrefix = True
    elif isinstance(value, dt.date):
        cell.value = dt.date(value.year, value.month, value.day)
        cell.number_format = DATE_FORMAT
    else:
        cell.value = int(value)


def _dress(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
    for place, (_, width) in enumerate(COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
