"""The oligometastasis workbook: the main sheet, and further sheets for what has no end (D, S3)."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from dashboard.demo.layouts import wide_words as words
from dashboard.demo.layouts.reports import Report, reports_at
from dashboard.demo.layouts.texts import is_missing, plain
from dashboard.demo.layouts.wide_main import main_row
from dashboard.demo.layouts.wide_patient import SEE_MAIN, SERIES, Patient, main_columns, written_day
from dashboard.demo.layouts.workbook import save_stable
from dashboard.demo.truth import StudyTruth, extract_at, rows_of

FILE = "wide.xlsx"
SEVERAL_IN_ONE_CELL = "several_lesions_in_one_cell"
# Header, canonical column, and the words of its values, or DAY for a date.
DAY = "day"
Columns = Sequence[tuple[str, str, Mapping[str, str] | str | None]]
TREATMENT: Columns = (
    ("编号", "patient_id", None),
    ("疗程号", "treatment_id", None),
    ("类型", "kind", None),
    ("目的", "intent", None),
    ("方案", "regimen", None),
    ("药物", "agents", None),
    ("药物原文", "agents_as_written", None),
    ("线数", "line", None),
    ("开始日期", "started_on", DAY),
    ("结束日期", "ended_on", DAY),
    ("是否在用", "is_ongoing", words.YES_NO),
    ("开始原因", "start_reason", words.START_REASONS),
    ("停止原因", "stop_reason", None),
    ("技术", "modality", None),
    ("病灶", "lesion_id", None),
    ("部位", "organ", None),
    ("总剂量(Gy)", "total_dose_gy", None),
    ("次数", "fractions", None),
    ("单次剂量(Gy)", "dose_per_fraction_gy", None),
)
LESION: Columns = (
    ("编号", "patient_id", None),
    ("病灶号", "lesion_id", None),
    ("测量日期", "assessed_on", DAY),
    ("访视", "visit", None),
    ("性质", "role", None),
    ("器官", "organ", None),
    ("位置", "location", words.PLACES),
    ("是否淋巴结", "is_node", words.YES_NO),
    ("直径(mm)", "diameter_mm", None),
    ("状态", "state", None),
    ("依据", "basis", None),
)
MEASUREMENT: Columns = (
    ("编号", "patient_id", None),
    ("项目", "name", None),
    ("日期", "measured_on", DAY),
    ("访视", "visit", None),
    ("结果", "value", None),
    ("单位", "unit", None),
    ("下限", "lower_normal", None),
    ("上限", "upper_normal", None),
)
EVENT: Columns = (
    ("编号", "patient_id", None),
    ("AE编号", "event_id", None),
    ("AE名称", "term", None),
    ("AE原文", "term_as_written", None),
    ("系统器官", "organ_class", None),
    ("CTCAE分级", "grade", None),
    ("CTCAE版本", "ctcae_version", None),
    ("开始日期", "started_on", DAY),
    ("结束日期", "ended_on", DAY),
    ("是否SAE", "is_serious", words.YES_NO),
    ("SAE标准", "serious_criterion", None),
    (
        "与治疗关系",
        "relatedness",
        {"related": "肯定有关", "not_related": "无关", "not_assessable": "无法评价"},
    ),
    ("转归", "outcome", None),
)
VISIT: Columns = (
    ("编号", "patient_id", None),
    ("日期", "visit_on", DAY),
    ("访视", "visit", None),
    ("是否到访", "has_occurred", words.YES_NO),
    ("已询问用药", "is_treatment_reviewed", words.YES_NO),
)
CONTACT: Columns = (
    ("编号", "patient_id", None),
    ("日期", "contact_on", DAY),
    ("生存状态", "vital_status", words.VITAL),
    ("已询问用药", "is_treatment_reviewed", words.YES_NO),
)
DISPOSITION: Columns = (
    ("编号", "patient_id", None),
    ("事件", "kind", None),
    ("日期", "happened_on", DAY),
    ("原因", "reason", None),
)
SAMPLE: Columns = (
    ("样本号", "sample_id", None),
    ("检验号", "laboratory_id", None),
    ("采血时点", "draw", None),
    ("收样日期", "received_on", DAY),
    ("报告日期", "reported_on", DAY),
    ("报告版本", "report_version", None),
    ("不合格原因", "failure_reason", None),
    ("检测方法", "assay", None),
    ("检测版本", "panel", None),
    ("cfDNA(ng/mL)", "cfdna_ng_per_ml", None),
    ("采血原因", "reason", None),
)
SHEETS: tuple[tuple[str, str, Columns], ...] = (
    ("治疗", "treatment", TREATMENT),
    ("病灶", "lesion", LESION),
    ("化验", "measurement", MEASUREMENT),
    ("不良反应", "adverse_event", EVENT),
    ("访视", "visit", VISIT),
    ("随访", "contact", CONTACT),
    ("转归", "disposition", DISPOSITION),
)


def write_wide(truth: StudyTruth, cut_off: date, folder: Path) -> None:
    """Write the workbook of one data cut."""
    patients = _patients(truth, cut_off)
    book = Workbook()
    sheet = book.active
    sheet.title = "总表"
    columns = main_columns()
    sheet.append(columns)
    for patient in patients:
        cells = main_row(patient)
        sheet.append([cells.get(name) or None for name in columns])
    for title, table, parts in SHEETS:
        rows = [_cells(row, parts) for patient in patients for row in patient.tables[table]]
        _add_sheet(book, title, [header for header, *_ in parts], rows)
    _add_scans(book, patients)
    _add_samples(book, patients)
    _add_answers(book, patients)
    save_stable(book, folder / FILE)


def _patients(truth: StudyTruth, cut_off: date) -> list[Patient]:
    frames = extract_at(truth, cut_off)
    several = set(truth.planted.get(SEVERAL_IN_ONE_CELL, ()))
    by_patient: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for table, frame in frames.items():
        for row in rows_of(frame) if "patient_id" in frame.columns else ():
            by_patient.setdefault(row["patient_id"], {}).setdefault(table, []).append(row)
    reports: dict[str, list[Report]] = {}
    for report in sorted(
        reports_at(truth, cut_off), key=lambda one: (one.sample["collected_on"], one.version)
    ):
        reports.setdefault(report.sample["patient_id"], []).append(report)
    return [
        Patient(
            row=tables["patient"][0],
            tables={table: tables.get(table, []) for table in frames},
            reports=reports.get(identifier, []),
            is_one_cell=identifier in several,
        )
        for identifier, tables in by_patient.items()
    ]


def _add_sheet(book: Workbook, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(header))
    for row in rows:
        sheet.append([value if value != "" else None for value in row])


def _cells(row: Mapping[str, Any], columns: Columns) -> list[str]:
    return [_cell(row, column, meaning) for _, column, meaning in columns]


def _cell(row: Mapping[str, Any], column: str, meaning: Mapping[str, str] | str | None) -> str:
    value: Any = row.get(column)
    if meaning == DAY and not isinstance(value, str):
        return written_day(value, f"{row.get('patient_id')} {column}")
    comparator = row.get("comparator") if column == "value" else None
    text = f"{'' if is_missing(comparator) else comparator}{plain(value)}"
    return meaning.get(text, text) if isinstance(meaning, Mapping) else text


def _add_scans(book: Workbook, patients: Sequence[Patient]) -> None:
    """Examinations and verdicts that have no place on the main sheet."""
    header = ("编号", "检查日期", "所见", "评价日期", "访视", "总体评价", "新病灶", "进展类型", "进展部位")
    rows = []
    for patient in patients:
        for scan in patient.tables["imaging"]:
            rows.append(
                [patient.identifier, written_day(scan["imaged_on"], patient.identifier), scan["conclusion"]]
            )
        for verdict in patient.tables["response"]:
            day = written_day(verdict["assessed_on"], patient.identifier)
            said = [plain(verdict.get(name)) for name in ("visit", "overall", "new_lesion")]
            where = [plain(verdict.get(name)) for name in ("progression_pattern", "progression_site")]
            rows.append([patient.identifier, "", "", day, *said, *where])
    _add_sheet(book, "影像", header, rows)


def _add_samples(book: Workbook, patients: Sequence[Patient]) -> None:
    """Reports of the laboratory: of the first draws, result and day stand on the main sheet."""
    header = ["编号", "次数", "采血日期", "结果", "LOD(%)", *(name for name, *_ in SAMPLE)]
    samples, variants = [], []
    for patient in patients:
        order = list(dict.fromkeys(report.sample["sample_id"] for report in patient.reports))
        for report in patient.reports:
            sample = report.sample
            number = order.index(sample["sample_id"]) + 1
            day, result = (
                written_day(sample["collected_on"], patient.identifier),
                words.STATUS[sample["status"]],
            )
            if number in SERIES and report.version == 1:
                day = result = SEE_MAIN
            limit = plain(sample["lod_ppm"] / 10_000)
            samples.append([patient.identifier, number, day, result, limit, *_cells(sample, SAMPLE)])
            variants += [_variant(report, row) for row in report.variants]
    _add_sheet(book, "ctDNA", header, samples)
    _add_sheet(book, "突变", ("样本号", "报告版本", "基因", "突变", "HGVSc", "HGVSp", "丰度(%)"), variants)


def _variant(report: Report, row: Mapping[str, Any]) -> list[str]:
    found = f"{plain(row['maf_ppm'] / 10_000)}%" if row["status"] == "detected" else "未检出"
    names = [plain(row.get(name)) for name in ("gene", "variant", "hgvs_c", "hgvs_p")]
    return [row["sample_id"], str(report.version), *names, found]


def _add_answers(book: Workbook, patients: Sequence[Patient]) -> None:
    """Eligibility answers: one row per patient and day, one column per criterion."""
    criteria = sorted({row["criterion"] for patient in patients for row in patient.tables["attestation"]})
    rows = []
    for patient in patients:
        by_day: dict[date, dict[str, str]] = {}
        for row in patient.tables["attestation"]:
            by_day.setdefault(row["attested_on"], {})[row["criterion"]] = words.ANSWERS[row["answer"]]
        for day, answers in by_day.items():
            shown = written_day(day, patient.identifier)
            rows.append([patient.identifier, shown, *(answers.get(name, "") for name in criteria)])
    _add_sheet(book, "入排标准", ["编号", "填写日期", *criteria], rows)
