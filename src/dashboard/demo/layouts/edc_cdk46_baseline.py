"""Sheets of the cdk46 workbook that are filled once per patient: person, history, disease, receptors."""

from collections.abc import Iterator, Mapping

import pandas as pd

from dashboard.demo.layouts import edc_cdk46_words as words
from dashboard.demo.layouts.edc_cells import (
    Cells,
    Row,
    Sheet,
    day_cell,
    hospital_number,
    number_cell,
    telephone,
    word_cell,
)
from dashboard.demo.layouts.partial_dates import is_day_unknown
from dashboard.demo.layouts.texts import chosen, is_missing, plain
from dashboard.demo.truth import rows_of

PERSON = "住院号 手机号 中心编号 性别 出生日期 年龄 筛选日期 知情同意日期 入组日期 随机日期 绝经状态"
PAST = "乙肝表面抗原"
DISEASE = (
    "诊断 病理类型 ICD-10 初诊日期 目前分期 转移日期 初诊IV期 转移部位 转移部位数 内脏转移 "
    "仅骨转移 肝转移 可测量病灶 内分泌敏感性 CDK4/6抑制剂 内分泌联合 二线治疗类别 "
    "二线登记日期"
)
RECEPTORS = "标本 取材日期 ER(%) PR(%) HR状态 HER2 FISH Ki-67"
DATES = {
    "出生日期": "born_on",
    "筛选日期": "screened_on",
    "知情同意日期": "consented_on",
    "入组日期": "enrolled_on",
}
HER2 = {
    "0": (("0", "0(阴性)"), ""),
    "1+": (("1+", "1+(阴性)"), ""),
    "2+ ISH-": (("2+",), "阴性"),
    "2+ ISH+": (("2+",), "阳性"),
    "2+ ISH missing": (("2+",), ""),
    "3+": (("3+",), ""),
}
WITH_INTENSITY = ("{1}阳{0}%", "约{0}%({1})", "+,{0}%,{1}", "{0}%{1}")
PER_CENT = ("{}%", "约{}%", "{}")
NEGATIVE = ("{}%", "阴性({}%)")
YES_NO = {
    "de_novo": "初诊IV期",
    "visceral_disease": "内脏转移",
    "bone_only": "仅骨转移",
    "liver_metastases": "肝转移",
    "measurable_disease": "可测量病灶",
}
MIXED = {
    "endocrine_sensitivity": ("内分泌敏感性", words.SENSITIVITY),
    "cdk46_inhibitor": ("CDK4/6抑制剂", words.DRUGS),
    "endocrine_partner": ("内分泌联合", words.PARTNERS),
    "line2_regimen": ("二线治疗类别", words.SECOND_LINES),
}

Groups = Mapping[str, Mapping[str, Row]]


def baseline_sheets(frames: Mapping[str, pd.DataFrame]) -> Iterator[Sheet]:
    """人口学资料, 既往史, 乳腺癌病史, 病理及免疫组化."""
    groups = _by_name(frames["characteristic"])
    sheets = (Sheet("人口学资料", PERSON), Sheet("既往史", PAST), Sheet("乳腺癌病史", DISEASE))
    places = frames["lesion"].drop_duplicates(["patient_id", "organ"])
    organs = places.groupby("patient_id")["organ"].agg(list)
    for row in rows_of(frames["patient"]):
        subject = row["patient_id"]
        own = groups.get(subject, {})
        sheets[0].add(subject, _person(row, own))
        if own:
            sheets[1].add(subject, {"乙肝表面抗原": _group(own, "hbv_status", words.RECEPTORS)})
        sheets[2].add(subject, _disease(row, own, organs.get(subject, [])))
    yield from sheets
    yield _receptors(frames["pathology"], groups)


def _by_name(frame: pd.DataFrame) -> dict[str, dict[str, Row]]:
    groups: dict[str, dict[str, Row]] = {}
    for row in rows_of(frame):
        groups.setdefault(row["patient_id"], {})[row["name"]] = row
    return groups


def _group(own: Mapping[str, Row], name: str, options: words.Words) -> str:
    row = own.get(name)
    return "" if row is None else word_cell(options, row["value"], f"{row['patient_id']} {name}")


def _person(row: Row, own: Mapping[str, Row]) -> Cells:
    subject = row["patient_id"]
    return {
        "住院号": hospital_number(subject),
        "手机号": telephone(subject),
        "中心编号": row["site_id"],
        "性别": word_cell(words.SEXES, row["sex"], subject),
        "年龄": number_cell(row["age_years"]),
        "绝经状态": _group(own, "menopausal_status", words.MENOPAUSE),
        **{column: day_cell(row[name], f"{subject} {name}") for column, name in DATES.items()},
    }


def _disease(row: Row, own: Mapping[str, Row], organs: list[str]) -> Cells:
    subject = row["patient_id"]
    month_only = is_day_unknown(subject, "diagnosis")
    cells: Cells = {
        "诊断": word_cell(words.DIAGNOSES, row["diagnosis"], subject),
        "病理类型": word_cell(words.HISTOLOGY, row["histology"], subject),
        "ICD-10": plain(row["icd10"]),
        "初诊日期": day_cell(row["primary_diagnosed_on"], f"{subject} diagnosis", month_only=month_only),
        "目前分期": plain(row["stage"]),
        "转移日期": day_cell(row["metastatic_on"], f"{subject} metastatic"),
        "转移部位": "、".join(word_cell(words.ORGANS, organ, subject) for organ in organs),
    }
    cells |= {column: _group(own, name, words.YES_NO) for name, column in YES_NO.items()}
    cells |= {column: _group(own, name, options) for name, (column, options) in MIXED.items()}
    if "metastatic_sites" in own:
        cells["转移部位数"] = number_cell(own["metastatic_sites"]["value"])
    if "line2_regimen" in own:
        cells["二线登记日期"] = day_cell(own["line2_regimen"]["recorded_on"], f"{subject} line 2")
    return cells


def _receptors(frame: pd.DataFrame, groups: Groups) -> Sheet:
    sheet = Sheet("病理及免疫组化", RECEPTORS)
    for _, part in frame.groupby(["patient_id", "specimen", "taken_on"], sort=False):
        tests = {row["test"]: row for row in rows_of(part)}
        her2 = tests["her2"]
        subject = her2["patient_id"]
        scores, in_situ = HER2[her2["result"]]
        cells: Cells = {
            "标本": word_cell(words.SPECIMENS, her2["specimen"], subject),
            "取材日期": day_cell(her2["taken_on"], f"{subject} specimen"),
            "ER(%)": stained(tests["er"]),
            "PR(%)": stained(tests["pr"]),
            "HR状态": _group(groups[subject], "hormone_receptor", words.RECEPTORS),
            "HER2": chosen(f"{subject} her2", scores),
            "FISH": in_situ,
            "Ki-67": stained(tests["ki67"]),
        }
        sheet.add(subject, cells)
    return sheet


def stained(row: Row) -> str:
    """Per cent, with the intensity where there is one: "强阳90%", "约90%(强)", "+,90%,强", "90%强"."""
    percent, key = plain(row["value_percent"]), f"{row['patient_id']} {row['test']}"
    if not is_missing(row["intensity"]):
        strength = word_cell(words.INTENSITIES, row["intensity"], key)
        return chosen(key, WITH_INTENSITY).format(percent, strength)
    return chosen(key, NEGATIVE if row["result"] == "negative" else PER_CENT).format(percent)
