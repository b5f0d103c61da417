"""Sheets of the cdk46 workbook about treatment: lines, what came before and beside them, dose changes."""

from collections.abc import Iterator, Mapping

import pandas as pd

from dashboard.demo.layouts import edc_cdk46_words as words
from dashboard.demo.layouts.edc_cells import Cells, Row, Sheet, day_cell, number_cell, text_cell, word_cell
from dashboard.demo.layouts.partial_dates import is_day_unknown
from dashboard.demo.layouts.texts import chosen
from dashboard.demo.truth import rows_of

COURSE = "开始日期 结束日期 起始原因 停药原因"
LINE = f"治疗编号 治疗目的 CDK4/6抑制剂名称 其他药物 内分泌药物 {COURSE}"
DRUG = f"治疗编号 治疗目的 药物名称 {COURSE}"
LOCAL = (
    "治疗编号 治疗类型 治疗目的 治疗名称 部位 技术 病灶编号 总剂量(Gy) 分割次数 单次剂量(Gy) "
    "开始日期 结束日期 起始原因"
)
STEP = "调整编号 治疗编号 药物名称 剂量调整 剂量(mg) 剂量水平 开始日期 结束日期 调整原因"
ONGOING = ("", "至今", "持续中")
KINDS = {"surgery": "手术", "radiotherapy": "放疗"}
STEPS = {"dose_hold": "暂停", "dose_reduction": "减量"}
TECHNIQUES = {"sbrt": "SBRT", "other": "其他"}


def treatment_sheets(frames: Mapping[str, pd.DataFrame]) -> Iterator[Sheet]:
    """一线治疗, 二线治疗, 三线及后续治疗, 辅助治疗, 支持治疗, 局部治疗, 剂量调整."""
    lines = {1: Sheet("一线治疗", LINE), 2: Sheet("二线治疗", LINE)}
    later, before = Sheet("三线及后续治疗", f"线数 {LINE}"), Sheet("辅助治疗", DRUG)
    beside = Sheet("支持治疗", DRUG)
    local, steps = Sheet("局部治疗", LOCAL), Sheet("剂量调整", STEP)
    for row in rows_of(frames["treatment"]):
        subject = row["patient_id"]
        if row["kind"] in STEPS:
            steps.add(subject, _step(row))
        elif row["kind"] in KINDS:
            local.add(subject, _local(row))
        elif row["intent"] in ("adjuvant", "supportive"):
            (before if row["intent"] == "adjuvant" else beside).add(subject, _course(row) | _together(row))
        elif row["line"] in lines:
            lines[row["line"]].add(subject, _course(row) | _by_kind(row))
        else:
            later.add(subject, {"线数": row["line"]} | _course(row) | _by_kind(row))
    yield from (*lines.values(), later, before, beside, local, steps)


def _key(row: Row) -> str:
    return f"{row['patient_id']} {row['treatment_id']}"


def _course(row: Row) -> Cells:
    key = _key(row)
    what = f"start of {row['treatment_id']}"
    month_only = row["intent"] == "adjuvant" and is_day_unknown(row["patient_id"], what)
    return {
        "治疗编号": row["treatment_id"],
        "治疗目的": word_cell(words.INTENTS, row["intent"], key),
        "开始日期": day_cell(row["started_on"], f"{key} start", month_only=month_only),
        "结束日期": chosen(key, ONGOING) if row["is_ongoing"] else day_cell(row["ended_on"], f"{key} end"),
        "起始原因": word_cell(words.START_REASONS, row["start_reason"], key),
        "停药原因": word_cell(words.STOP_REASONS, row["stop_reason"], key),
    }


def _drugs(row: Row) -> list[str]:
    """Drugs in the order in which the regimen names them."""
    return [part.lower() for part in row["agents_as_written"].split(", ")]


def _together(row: Row) -> Cells:
    return {"药物名称": _joined(row, _drugs(row))}


def _by_kind(row: Row) -> Cells:
    drugs = _drugs(row)
    inhibitors = [drug for drug in drugs if drug in words.CDK46_INHIBITORS]
    endocrine = [drug for drug in drugs if drug in words.ENDOCRINE]
    others = [drug for drug in drugs if drug not in (*inhibitors, *endocrine)]
    return {
        "CDK4/6抑制剂名称": _joined(row, inhibitors),
        "其他药物": _joined(row, others),
        "内分泌药物": _joined(row, endocrine),
    }


def _joined(row: Row, drugs: list[str]) -> str:
    return "+".join(word_cell(words.DRUGS, drug, f"{_key(row)} {drug}") for drug in drugs)


def _local(row: Row) -> Cells:
    key = _key(row)
    return {
        "治疗编号": row["treatment_id"],
        "治疗类型": KINDS[row["kind"]],
        "治疗目的": word_cell(words.INTENTS, row["intent"], key),
        "治疗名称": word_cell(words.REGIMENS, row["regimen"], key),
        "部位": word_cell(words.ORGANS, row["organ"], key),
        "技术": TECHNIQUES[row["modality"]],
        "病灶编号": text_cell(row["lesion_id"]),
        "总剂量(Gy)": number_cell(row["total_dose_gy"]),
        "分割次数": number_cell(row["fractions"]),
        "单次剂量(Gy)": number_cell(row["dose_per_fraction_gy"]),
        "开始日期": day_cell(row["started_on"], f"{key} start"),
        "结束日期": day_cell(row["ended_on"], f"{key} end"),
        "起始原因": word_cell(words.START_REASONS, row["start_reason"], key),
    }


def _step(row: Row) -> Cells:
    key = _key(row)
    return {
        "调整编号": row["treatment_id"],
        "治疗编号": row["part_of"],
        "药物名称": word_cell(words.DRUGS, row["agents"], key),
        "剂量调整": STEPS[row["kind"]],
        "剂量(mg)": number_cell(row["dose"]),
        "剂量水平": number_cell(row["dose_level"]),
        "开始日期": day_cell(row["started_on"], f"{key} start"),
        "结束日期": day_cell(row["ended_on"], f"{key} end"),
        "调整原因": "不良反应" if row["start_reason"] == "toxicity_of_previous" else "其他",
    }
