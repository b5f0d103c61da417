"""Sheets of the cdk46 workbook that grow with follow-up: imaging, response, toxicity, blood, contacts."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from dashboard.demo.layouts import edc_cdk46_words as words
from dashboard.demo.layouts.edc_cells import Cells, Row, Sheet, day_cell, number_cell, word_cell
from dashboard.demo.layouts.texts import is_missing, number_of, plain
from dashboard.demo.truth import rows_of

IMAGING = "检查日期 检查方式 检查部位"
LESION = "病灶编号 评价日期 访视 病灶类别 器官 位置 最长径/淋巴结短径(mm) 状态"
RESPONSE = (
    "评价日期 访视 评价依据 靶病灶总和(mm) 靶病灶 非靶病灶 新病灶(是/否) 总体疗效 PD日期 PD类型 PD部位 评价人"
)
CONTACT = "随访日期 生存状态 是否核对用药 死亡日期 死因"
EVENT = (
    "不良事件编号 AE名称 系统器官分类 CTCAE分级 开始日期 结束日期 是否SAE SAE标准 "
    "与研究药物关系 相关药物 采取措施 转归"
)
VALUES = {
    "ecog": "ECOG",
    "anc": "中性粒细胞(10^9/L)",
    "alt": "ALT(U/L)",
    "creatinine": "肌酐(μmol/L)",
    "haemoglobin": "血红蛋白(g/L)",
    "ca_15_3": "CA15-3(U/mL)",
}
BASES = {"imaging": "影像学", "clinical": "临床"}
SEVERAL_IN_ONE = "；"


def follow_up_sheets(frames: Mapping[str, pd.DataFrame]) -> Iterator[Sheet]:
    """影像检查, 病灶测量, 疗效评价, 生存随访, 不良事件, 实验室检查, 访视, 研究状态."""
    yield _imaging(frames["imaging"])
    yield _lesions(frames["lesion"])
    yield _responses(frames["response"])
    yield _contacts(frames["contact"])
    yield _events(frames["adverse_event"])
    yield _measurements(frames["measurement"])
    yield _visits(frames["visit"])
    yield _dispositions(frames["disposition"])


def _imaging(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("影像检查", IMAGING)
    for row in rows_of(frame):
        key = f"{row['patient_id']} {row['imaged_on']}"
        cells: Cells = {
            "检查日期": day_cell(row["imaged_on"], key),
            "检查方式": word_cell(words.MODALITIES, row["modality"], key),
            "检查部位": word_cell(words.REGIONS, row["regions"], key),
        }
        sheet.add(row["patient_id"], cells)
    return sheet


def _lesions(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("病灶测量", LESION)
    for row in rows_of(frame):
        key = f"{row['patient_id']} {row['assessed_on']}"
        cells: Cells = {
            "病灶编号": row["lesion_id"],
            "评价日期": day_cell(row["assessed_on"], key),
            "访视": row["visit"],
            "病灶类别": word_cell(words.ROLES, row["role"], key),
            "器官": word_cell(words.ORGANS, row["organ"], key),
            "位置": word_cell(words.LOCATIONS, row["location"], key),
            "最长径/淋巴结短径(mm)": number_cell(row["diameter_mm"]),
            "状态": word_cell(words.STATES, row["state"], key),
        }
        sheet.add(row["patient_id"], cells)
    return sheet


def _responses(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("疗效评价", RESPONSE)
    for row in rows_of(frame):
        key = f"{row['patient_id']} {row['assessed_on']}"
        assessed = day_cell(row["assessed_on"], key)
        cells: Cells = {
            "评价日期": assessed,
            "访视": row["visit"],
            "评价依据": BASES[row["basis"]],
            "靶病灶总和(mm)": number_cell(row["sum_of_diameters_mm"]),
            "靶病灶": word_cell(words.RESPONSES, row["target"], key),
            "非靶病灶": word_cell(words.RESPONSES, row["non_target"], key),
            "新病灶(是/否)": word_cell(words.YES_NO, row["new_lesion"], key),
            "总体疗效": _overall(row, key),
            "PD日期": assessed if row["overall"] == "pd" else "",
            "PD类型": word_cell(words.PATTERNS, row["progression_pattern"], key),
            "PD部位": word_cell(words.SITES_OF_PROGRESSION, row["progression_site"], key),
            "评价人": {"treating_physician": "主治医师"}[row["assessor"]],
        }
        sheet.add(row["patient_id"], cells)
    return sheet


def _overall(row: Row, key: str) -> str:
    """The response; with a new lesion sometimes with its organ, "PD(新发骨)"."""
    if row["progression_pattern"] == "new_lesion" and number_of(key, 2) == 0:
        return f"PD(新发{word_cell(words.ORGANS, row['progression_site'], key)})"
    return word_cell(words.OVERALL, row["overall"], key)


def _contacts(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("生存随访", CONTACT)
    for row in rows_of(frame):
        key = f"{row['patient_id']} {row['contact_on']}"
        reviewed = row["is_treatment_reviewed"]
        cells: Cells = {
            "随访日期": day_cell(row["contact_on"], key),
            "生存状态": word_cell(words.VITAL, row["vital_status"], key),
            "是否核对用药": "" if is_missing(reviewed) else "是" if reviewed else "否",
            "死亡日期": day_cell(row["died_on"], f"{key} death"),
            "死因": word_cell(words.DEATHS, row["death_cause"], key),
        }
        sheet.add(row["patient_id"], cells)
    return sheet


def _events(frame: pd.DataFrame) -> Sheet:
    """One row per event; some nurses write all events of a patient into one row, separated by "；"."""
    sheet = Sheet("不良事件", EVENT)
    for subject, rows in frame.groupby("patient_id"):
        written = [_event(row) for row in rows_of(rows)]
        if number_of(f"{subject} one cell", 12) == 0:
            joined: Cells = {
                name: SEVERAL_IN_ONE.join(str(one[name]) for one in written) for name in sheet.columns
            }
            sheet.add(str(subject), joined)
        else:
            for one in written:
                sheet.add(str(subject), one)
    return sheet


def _event(row: Row) -> Cells:
    key = f"{row['patient_id']} {row['event_id']}"
    return {
        "不良事件编号": row["event_id"],
        "AE名称": word_cell(words.TERMS, row["term"], key),
        "系统器官分类": word_cell(words.ORGAN_CLASSES, row["organ_class"], key),
        "CTCAE分级": "" if is_missing(row["grade"]) else f"{row['grade']}{'级' if number_of(key, 2) else ''}",
        "开始日期": day_cell(row["started_on"], f"{key} start"),
        "结束日期": day_cell(row["ended_on"], f"{key} end"),
        "是否SAE": "是" if row["is_serious"] else "否",
        "SAE标准": word_cell(words.SERIOUS, row["serious_criterion"], key),
        "与研究药物关系": word_cell(words.RELATIONS, row["relatedness"], key),
        "相关药物": word_cell(words.DRUGS, row["related_to"], key),
        "采取措施": word_cell(words.ACTIONS, row["action_taken"], key),
        "转归": word_cell(words.OUTCOMES, row["outcome"], key),
    }


def _measurements(frame: pd.DataFrame) -> Sheet:
    """One row per patient, day and visit with every value taken then."""
    sheet = Sheet("实验室检查", " ".join(("检查日期 访视", *VALUES.values())))
    found: dict[tuple[Any, ...], Cells] = {}
    for row in rows_of(frame):
        key = (row["patient_id"], row["measured_on"], row["visit"])
        date = day_cell(row["measured_on"], f"{row['patient_id']} {row['measured_on']}")
        cells = found.setdefault(key, {"检查日期": date, "访视": row["visit"]})
        cells[VALUES[row["name"]]] = number_cell(row["value"])
    for (subject, *_), cells in found.items():
        sheet.add(subject, cells)
    return sheet


def _visits(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("访视", "访视日期 访视 是否完成 是否核对用药")
    for row in rows_of(frame):
        cells: Cells = {
            "访视日期": day_cell(row["visit_on"], f"{row['patient_id']} {row['visit_on']}"),
            "访视": row["visit"],
            "是否完成": "是" if row["has_occurred"] else "否",
            "是否核对用药": "是" if row["is_treatment_reviewed"] else "否",
        }
        sheet.add(row["patient_id"], cells)
    return sheet


def _dispositions(frame: pd.DataFrame) -> Sheet:
    sheet = Sheet("研究状态", "状态变更 日期 原因")
    for row in rows_of(frame):
        key = f"{row['patient_id']} {row['kind']}"
        cells: Cells = {
            "状态变更": word_cell(words.DISPOSITIONS, row["kind"], key),
            "日期": day_cell(row["happened_on"], key),
            "原因": word_cell(words.DISPOSITION_REASONS, plain(row["reason"]), key),
        }
        sheet.add(row["patient_id"], cells)
    return sheet
