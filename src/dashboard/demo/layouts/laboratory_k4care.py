"""The laboratory's workbooks for K4Care: one row per variant, the draws of a patient side by side."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.demo.layouts.protein import three_letter
from dashboard.demo.layouts.redcap_fields import DIAGNOSES
from dashboard.demo.layouts.reports import Report
from dashboard.demo.layouts.texts import (
    chosen,
    day_first,
    invented_name,
    is_missing,
    number_of,
    plain,
    with_comma,
)
from dashboard.demo.layouts.workbook import save_stable
from dashboard.demo.truth import rows_of

HOSPITALS = {"01": "BV Hà Nội", "02": "BV TP.HCM", "03": "BV Đà Nẵng", "04": "BV Cần Thơ"}
PERSON = ("STT", "Họ và tên", "Năm sinh", "Giới", "Bệnh viện", "Chẩn đoán")
VARIANT = ("Gen", "Biến thể (HGVSc)", "Biến thể (HGVSp)", "VAF mô (%)")
DRAW = (
    "Mã LAB",
    "Ngày thu mẫu",
    "Ngày nhận mẫu",
    "Ngày trả KQ",
    "Phiên bản",
    "cfDNA (ng/mL)",
    "Kết luận",
    "Lý do không đạt",
    "VAF ctDNA (%)",
)
DRAWS = 3
HEADER_ROW = 5
FIRST_ROW = 7
TISSUE = ("Mã LAB", "Gen", "Biến thể", "VAF mô (%)")
CONCLUSIONS = {
    "detected": ("Phát hiện", "Dương tính"),
    "not_detected": ("Không phát hiện", "Âm tính", "KPH"),
    "failed": ("Mẫu không đạt",),
    "pending": ("Chưa có KQ",),
}
NOT_DETECTED = ("<0,05", "KPH", "Không phát hiện")
FAILURES = {
    "haemolysis": "tán huyết",
    "low input": "lượng cfDNA thấp",
    "library failed": "tạo thư viện không đạt",
}
ALIASES = {"TP53": "p53", "PIK3CA": "PI3KCA"}
EXON_DELETIONS = {"c.2235_2249del": "Exon19del"}
REASONS = {
    "enrolment": "1",
    "planned_follow_up": "2",
    "suspected_progression": "3",
    "at_progression": "4",
    "other": "5",
    "unknown": "9",
}
NOTES = (
    "Ghi chú: KPH = không phát hiện; '-' hoặc NA = biến thể không được theo dõi ở lần đó.",
    "* Giá trị dưới giới hạn phát hiện (LoD 0,05 %) được báo cáo là không phát hiện.",
)

Row = Mapping[str, Any]
Block = list[Report]


@dataclass(frozen=True)
class Delivery:
    """Patients by id, reports, and the samples whose batch gives fractions in place of per cent."""

    patients: Mapping[str, Row]
    reports: Sequence[Report]
    as_fraction: frozenset[str]


def write_laboratory(delivery: Delivery, folder: Path) -> None:
    """Write one workbook per batch. A batch is the month of the patient's first draw."""
    for name, blocks in sorted(_batches(delivery).items()):
        _write_batch(delivery, blocks, folder / f"KQ_K4CARE_{name}.xlsx", title=name)


def write_links(frames: Mapping[str, Any], path: Path) -> None:
    """Write the coordinator's list of laboratory identifiers, semicolons between, as Excel saves it."""
    reasons = {row["laboratory_id"]: row.get("reason") for row in rows_of(frames["ctdna_sample"])}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(("ma_lab", "record_id", "lan_lay_mau", "ly_do_lay_mau"))
    for row in rows_of(frames["sample_link"]):
        reason = REASONS.get(reasons.get(row["laboratory_id"]) or "", "")
        writer.writerow((row["laboratory_id"], row["patient_id"], row["draw"].removeprefix("draw "), reason))
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def _batches(delivery: Delivery) -> dict[str, list[Block]]:
    """Reports by workbook and patient, three draws at most beside each other; amended ones apart."""
    first: dict[str, date] = {}
    for report in delivery.reports:
        patient, day = report.sample["patient_id"], report.sample["collected_on"]
        first[patient] = min(first.get(patient, day), day)
    found: dict[str, dict[str, Block]] = {}
    for report in sorted(
        delivery.reports, key=lambda one: (one.sample["patient_id"], one.sample["collected_on"])
    ):
        patient = report.sample["patient_id"]
        name = f"{first[patient]:%Y-%m}"
        if report.version > 1:
            name += f"_sua_doi_{report.version}"
        elif report.sample["sample_id"] in delivery.as_fraction:
            name += "_lan1"
        block = found.setdefault(name, {}).setdefault(patient, [])
        block.append(report)
    return {
        name: [part for block in blocks.values() for part in _parts(block)] for name, blocks in found.items()
    }


def _parts(block: Block) -> list[Block]:
    return [block[start : start + DRAWS] for start in range(0, len(block), DRAWS)]


def _write_batch(delivery: Delivery, blocks: Sequence[Block], path: Path, *, title: str) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "ctDNA"
    _write_head(sheet, title)
    row = FIRST_ROW
    for number, block in enumerate(blocks, start=1):
        row = _write_block(sheet, row, block, delivery=delivery, number=number)
    for position, note in enumerate(NOTES):
        sheet.cell(row + 1 + position, 1, note)
    _write_tissue(book, blocks)
    save_stable(book, path)


def _write_head(sheet: Worksheet, title: str) -> None:
    lines = (
        "KẾT QUẢ XÉT NGHIỆM THEO DÕI ctDNA",
        "Xét nghiệm K-4CARE",
        f"Đợt {title}",
        "Giới hạn phát hiện (LoD): 0,05 %",
    )
    width = len(PERSON) + len(VARIANT) + DRAWS * len(DRAW)
    for row, line in enumerate(lines, start=1):
        sheet.cell(row, 1, line)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    for column, name in enumerate((*PERSON, *VARIANT), start=1):
        sheet.cell(HEADER_ROW, column, name)
        sheet.merge_cells(
            start_row=HEADER_ROW, start_column=column, end_row=HEADER_ROW + 1, end_column=column
        )
    for draw in range(DRAWS):
        start = _draw_column(draw)
        sheet.cell(HEADER_ROW, start, f"Lần {draw + 1}")
        sheet.merge_cells(
            start_row=HEADER_ROW, start_column=start, end_row=HEADER_ROW, end_column=start + len(DRAW) - 1
        )
        for offset, name in enumerate(DRAW):
            sheet.cell(HEADER_ROW + 1, start + offset, name)


def _draw_column(draw: int) -> int:
    return len(PERSON) + len(VARIANT) + 1 + draw * len(DRAW)


def _write_block(sheet: Worksheet, row: int, block: Block, *, delivery: Delivery, number: int) -> int:
    """One patient: the rows of all variants of the draws shown; gives the next free row."""
    variants = list(
        dict.fromkeys((one["gene"], one["variant"]) for report in block for one in report.variants)
    )
    last = row + max(len(variants), 1) - 1
    patient = delivery.patients[block[0].sample["patient_id"]]
    is_merged = number_of(f"{patient['patient_id']} merged", 3) > 0
    for column, value in enumerate(_person_cells(patient, number), start=1):
        sheet.cell(row, column, value)
        # Unmerged, the cells below stay blank: the same as above.
        if is_merged or column <= 2:
            _merge(sheet, row, last, column)
    for place, variant in enumerate(variants):
        for offset, value in enumerate(_variant_cells(block, variant)):
            sheet.cell(row + place, len(PERSON) + 1 + offset, value)
    for draw, report in enumerate(block):
        start = _draw_column(draw)
        for offset, value in enumerate(_draw_cells(report)):
            _write_cell(sheet, row, start + offset, value)
            _merge(sheet, row, last, start + offset)
        is_fraction = report.sample["sample_id"] in delivery.as_fraction and report.version == 1
        for place, text in enumerate(_fractions(report, variants, is_fraction=is_fraction)):
            sheet.cell(row + place, start + len(DRAW) - 1, text)
    return last + 1


def _merge(sheet: Worksheet, first: int, last: int, column: int) -> None:
    if last > first:
        sheet.merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if isinstance(value, datetime):
        sheet.cell(row, column, value).number_format = "dd/mm/yyyy"
    elif value not in ("", None):
        sheet.cell(row, column, value)


def _person_cells(patient: Row, number: int) -> tuple[Any, ...]:
    sex = {"female": "Nữ", "male": "Nam"}.get(patient["sex"], "")
    diagnosis = DIAGNOSES.get(patient["diagnosis"], patient["diagnosis"])
    name = invented_name(patient["patient_id"], patient["sex"])
    return number, name, patient["born_on"].year, sex, HOSPITALS[patient["site_id"]], diagnosis


def _variant_cells(block: Block, variant: tuple[str, str]) -> tuple[str, ...]:
    found: Row = next(
        one for report in block for one in report.variants if (one["gene"], one["variant"]) == variant
    )
    key = f"{block[0].sample['patient_id']} {variant}"
    gene = str(found["gene"])
    if number_of(f"{key} gene", 7) == 0:
        gene = ALIASES.get(gene, gene)
    coding = plain(found.get("hgvs_c"))
    protein = plain(found.get("hgvs_p")) or "-"
    if coding in EXON_DELETIONS:
        protein = EXON_DELETIONS[coding]
    elif number_of(f"{key} protein", 4) == 0:
        protein = three_letter(protein)
    return gene, coding or "-", protein, with_comma(Decimal(50 + number_of(f"{key} tissue", 550)) / 10)


def _draw_cells(report: Report) -> tuple[Any, ...]:
    sample = report.sample
    conclusion = chosen(f"{sample['sample_id']} conclusion", CONCLUSIONS[sample["status"]])
    reason: Any = sample.get("failure_reason")
    return (
        sample["laboratory_id"],
        *(_day(sample, name) for name in ("collected_on", "received_on", "reported_on")),
        report.version,
        "" if is_missing(sample.get("cfdna_ng_per_ml")) else with_comma(sample["cfdna_ng_per_ml"]),
        conclusion,
        "" if is_missing(reason) else FAILURES.get(reason, reason),
    )


def _day(sample: Row, name: str) -> Any:
    """A date cell, or for every fifth sample its text, as files that were typed by hand have both."""
    value: Any = sample.get(name)
    if is_missing(value):
        return ""
    is_text = number_of(f"{sample['sample_id']} {name}", 5) == 0
    return day_first(value) if is_text else datetime(value.year, value.month, value.day)


def _fractions(report: Report, variants: Sequence[tuple[str, str]], *, is_fraction: bool) -> list[str]:
    if report.sample["status"] in ("failed", "pending"):
        return [CONCLUSIONS[report.sample["status"]][0]] * max(len(variants), 1)
    held = {(one["gene"], one["variant"]): one for one in report.variants}
    return [_fraction(report, held.get(variant), variant, is_fraction=is_fraction) for variant in variants]


def _fraction(report: Report, found: Row | None, variant: tuple[str, str], *, is_fraction: bool) -> str:
    key = f"{report.sample['sample_id']} {variant}"
    if found is None:
        return chosen(key, ("-", "NA"))
    if found["status"] == "detected":
        return with_comma(found["maf_ppm"] / Decimal(1_000_000 if is_fraction else 10_000))
    words = NOT_DETECTED if report.sample["status"] == "detected" else CONCLUSIONS["not_detected"]
    return chosen(key, words)


def _write_tissue(book: Workbook, blocks: Sequence[Block]) -> None:
    """The second sheet: what the tumour tissue showed (not read by the study)."""
    sheet = book.create_sheet("CGP")
    sheet.append(TISSUE)
    for block in blocks:
        variants = list(
            dict.fromkeys((one["gene"], one["variant"]) for report in block for one in report.variants)
        )
        for variant in variants:
            gene, coding, protein, fraction = _variant_cells(block, variant)
            sheet.append(
                (block[0].sample["laboratory_id"], gene, protein if protein != "-" else coding, fraction)
            )
