"""Sheets of the cdk46 workbook about ctDNA: one row per variant, the sample's own cells repeated."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from dashboard.demo.layouts import edc_cdk46_words as words
from dashboard.demo.layouts.edc_cells import Cells, Row, Sheet, day_cell, number_cell, text_cell, word_cell
from dashboard.demo.layouts.reports import Report
from dashboard.demo.layouts.sdtm_cdk46_ctdna import percent
from dashboard.demo.layouts.texts import chosen, is_missing, number_of
from dashboard.demo.truth import rows_of

SAMPLE = (
    "样本编号 报告版本 采血时点 采血日期 采血原因 接收日期 报告日期 检测产品 Panel版本 "
    "检测下限(%) 定量下限(%) cfDNA(ng/mL血浆) 检测结果 不合格原因"
)
VARIANT = "基因 突变 核苷酸改变 丰度(%)"
WITHOUT_VARIANT = ("not_detected", "failed", "pending")
SHARED_CELL = "/"


def ctdna_sheets(reports: Sequence[Report], panel_genes: pd.DataFrame) -> Iterator[Sheet]:
    """ctDNA检测 and 检测基因."""
    sheet = Sheet("ctDNA检测", f"{SAMPLE} {VARIANT}")
    for report in reports:
        common = _sample(report)
        rows = [_variants(part) for part in _written_together(report.variants)] or [{}]
        if report.sample["status"] in WITHOUT_VARIANT:
            rows = [{"丰度(%)": common["检测结果"]}]
        for cells in rows:
            sheet.add(report.sample["patient_id"], common | cells)
    yield sheet
    yield _panel_genes(panel_genes)


def _sample(report: Report) -> Cells:
    sample = report.sample
    key = sample["sample_id"]
    return {
        "样本编号": key,
        "报告版本": report.version,
        "采血时点": sample["draw"],
        "采血日期": day_cell(sample["collected_on"], f"{key} drawn"),
        "采血原因": word_cell(words.DRAW_REASONS, sample["reason"], key),
        "接收日期": day_cell(sample["received_on"], f"{key} received"),
        "报告日期": day_cell(sample["reported_on"], f"{key} reported"),
        "检测产品": sample["assay"],
        "Panel版本": sample["panel"],
        "检测下限(%)": number_cell(percent(sample["lod_ppm"])),
        "定量下限(%)": number_cell(percent(sample["loq_ppm"])),
        "cfDNA(ng/mL血浆)": number_cell(sample["cfdna_ng_per_ml"]),
        "检测结果": word_cell(words.SAMPLE_RESULTS, sample["status"], key),
        "不合格原因": word_cell(words.FAILURES, sample["failure_reason"], key),
    }


def _written_together(variants: Sequence[Row]) -> list[list[Row]]:
    """Variants by row of the sheet: several of ESR1 stand in one cell at every second sample."""
    together = [one for one in variants if one["gene"] == "ESR1"]
    if len(together) < 2 or number_of(f"{together[0]['sample_id']} together", 2) == 0:
        return [[one] for one in variants]
    return [[one] for one in variants if one["gene"] != "ESR1"] + [together]


def _variants(variants: Sequence[Row]) -> Cells:
    gene, key = variants[0]["gene"], f"{variants[0]['sample_id']} {variants[0]['gene']}"
    changes = SHARED_CELL.join(_change(one, key) for one in variants)
    return {
        "基因": chosen(key, words.GENES.get(gene, (gene,))),
        "突变": f"{gene} {changes}" if len(variants) > 1 else changes,
        "核苷酸改变": SHARED_CELL.join(text_cell(one["hgvs_c"]) for one in variants),
        "丰度(%)": SHARED_CELL.join(_fraction(one) for one in variants),
    }


def _change(variant: Row, key: str) -> str:
    """D538G or p.D538G; an amplification in Chinese."""
    change: str = variant["variant"]
    if change == "amplification":
        return "扩增"
    return change.removeprefix("p.") if number_of(f"{key} short", 2) else change


def _fraction(variant: Row) -> str:
    if not is_missing(variant["copy_number"]):
        return f"扩增(CN={variant['copy_number']})"
    if is_missing(variant["maf_ppm"]):
        return str(variant["maf_text"])
    return f"{percent(variant['maf_ppm'])}%"


def _panel_genes(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("检测基因", "Panel版本 基因 检测类型")
    kinds: dict[Any, str] = {"sequence": "序列", "copy_number": "拷贝数"}
    for row in rows_of(frame):
        kind = kinds[row["alteration"]]
        sheet.rows.append({"Panel版本": row["panel"], "基因": row["gene"], "检测类型": kind})
    return sheet
