"""The EDC workbook of cdk46: one file, Chinese sheets and columns, as sites of the study would export it."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

from dashboard.demo.layouts.edc_cdk46_baseline import baseline_sheets
from dashboard.demo.layouts.edc_cdk46_ctdna import ctdna_sheets
from dashboard.demo.layouts.edc_cdk46_follow_up import follow_up_sheets
from dashboard.demo.layouts.edc_cdk46_treatment import treatment_sheets
from dashboard.demo.layouts.edc_cells import INITIALS, SUBJECT, Cell, Sheet, initials
from dashboard.demo.layouts.reports import reports_at
from dashboard.demo.layouts.texts import chosen
from dashboard.demo.layouts.workbook import save_stable
from dashboard.demo.truth import StudyTruth, extract_at

FILE = "cdk46_edc_export.xlsx"
FORM_STATUS = "表单状态"
STATUSES = ("已核查", "已核查", "已完成", "已锁定")
# Sheets on which the export repeats the abbreviated name and the status of the form.
WITH_PERSON = (
    "人口学资料",
    "既往史",
    "乳腺癌病史",
    "病理及免疫组化",
    "一线治疗",
    "二线治疗",
    "不良事件",
    "ctDNA检测",
)


def write_edc(truth: StudyTruth, cut_off: dt.date, folder: Path) -> None:
    """Write the workbook of one data cut."""
    frames = extract_at(truth, cut_off)
    sheets = [
        *baseline_sheets(frames),
        *treatment_sheets(frames),
        *follow_up_sheets(frames),
        *ctdna_sheets(reports_at(truth, cut_off), frames["panel_gene"]),
    ]
    save_stable(_book(sheets), folder / FILE)


def _book(sheets: Iterable[Sheet]) -> Workbook:
    book = Workbook(write_only=True)
    for sheet in sheets:
        written = book.create_sheet(sheet.title)
        header = _header(sheet)
        written.append(header)
        for number, row in enumerate(sheet.rows):
            subject = str(row.get(SUBJECT))
            status = chosen(f"{sheet.title} {subject} {number}", STATUSES)
            cells = row | {INITIALS: initials(subject), FORM_STATUS: status}
            written.append([_filled(cells.get(name)) for name in header])
    return book


def _header(sheet: Sheet) -> list[str]:
    if sheet.title in WITH_PERSON:
        return [SUBJECT, INITIALS, *sheet.columns, FORM_STATUS]
    has_subject = any(SUBJECT in row for row in sheet.rows)
    return [SUBJECT, *sheet.columns] if has_subject else list(sheet.columns)


def _filled(cell: Cell) -> Cell:
    """An empty cell is not written at all."""
    return None if cell == "" else cell
