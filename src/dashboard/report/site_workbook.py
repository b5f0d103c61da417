"""The chase list as a workbook a site can fill in: typed dates, a frozen header, a filter, no formula."""

import datetime as dt
import io
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboard import rules
from dashboard.rules import is_missing
from dashboard.rules.request_texts import ENGLISH

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = Path(rules.__file__).parent / "texts" / "headings.toml"
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
# Of what was done outside its window or cannot be obtained any more, of which nothing is asked for.
SETTLED_COLUMNS: dict[str, tuple[str, int]] = {
    **{name: COLUMNS[name] for name in ("patient_id", "died_on", "site", "item_name", "about")},
    "state_words": ("State", 50),
    **{name: COLUMNS[name] for name in ("opens_on", "closes_on", "grace_until")},
    "done_on": ("Done on", 13),
    "reason_on": ("Lost since", 13),
    "rule_words": COLUMNS["rule_words"],
}


def site_workbook(
    rows: pd.DataFrame, *, about: Mapping[str, str], columns: Mapping[str, tuple[str, int]] = COLUMNS
) -> bytes:
    """A workbook with one sheet of `rows` (those of figures.follow_up.chase_list) and one about the file.

    A cell that begins like a formula stays text. `about` names study, data cut, snapshot and what is listed.
    Where one site is asked in another language, the headings are in it, too, below the English ones.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Follow-up"
    _write(sheet, headings(_language(rows), columns=columns))
    for row in rows.to_dict("records"):
        _write(sheet, [row.get(name) for name in columns])
    _dress(sheet, widths=[width for _, width in columns.values()])
    note = book.create_sheet("About this file")
    for name, words in about.items():
        _write(note, [name, words])
    note.column_dimensions["A"].width, note.column_dimensions["B"].width = 22, 90
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def headings(language: str, *, columns: Mapping[str, tuple[str, int]] = COLUMNS) -> list[str]:
    """Titles of the columns in English and, where there are words for it, in the language of the site."""
    own = _own_words().get(language, {})
    return [f"{title}\n{own[name]}" if name in own else title for name, (title, _) in columns.items()]


@cache
def _own_words() -> dict[str, dict[str, str]]:
    return tomllib.loads(HEADINGS.read_text(encoding="utf-8"))


def _language(rows: pd.DataFrame) -> str:
    """The language a single site is asked in; English for several sites. A request may lack its words."""
    if "language" not in rows or rows["site"].nunique() > 1:
        return ENGLISH
    own = set(rows["language"].dropna()) - {ENGLISH}
    return str(own.pop()) if len(own) == 1 else ENGLISH


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


def _dress(sheet: Worksheet, *, widths: Sequence[int]) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
