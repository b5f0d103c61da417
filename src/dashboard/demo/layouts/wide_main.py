"""The main sheet of the oligometastasis workbook: one row per patient, as far as one row can hold."""

from decimal import Decimal

from dashboard.demo.layouts import wide_words as words
from dashboard.demo.layouts.texts import chosen, invented_name, invented_phone, is_missing, number_of, plain
from dashboard.demo.layouts.wide_patient import LESIONS, SEE_MAIN, SERIES, Cells, Patient, Row, written_day


def main_row(patient: Patient) -> Cells:
    """The cells of the main sheet by header; a row it has no place for stays with the patient."""
    cells = _person(patient) | _history(patient)
    for part in (_lesions, _local_treatments, _markers, _samples, _scans, _systemic, _death):
        cells |= part(patient)
    return cells


def _person(patient: Patient) -> Cells:
    row, identifier = patient.row, patient.identifier
    days = {
        "出生日期": "born_on",
        "筛选日期": "screened_on",
        "知情同意日期": "consented_on",
        "入组日期": "enrolled_on",
        "初诊日期": "primary_diagnosed_on",
        "首次转移日期": "metastatic_on",
        "NED日期": "ned_on",
        "肺转移发现日期": "oligometastatic_on",
    }
    return {
        "编号": identifier,
        "中心编号": row["site_id"],
        "姓名": invented_name(identifier, row["sex"]),
        "联系电话": invented_phone(identifier),
        "性别": words.SEX[row["sex"]],
        "年龄": plain(row.get("age_years")),
        "诊断": words.DIAGNOSES.get(row["diagnosis"], row["diagnosis"]),
        "病理": words.HISTOLOGIES.get(row.get("histology") or "", plain(row.get("histology"))),
        "ICD-10": plain(row.get("icd10")),
        "分期": plain(row.get("stage")),
        "NED方式": words.NED_BASES.get(row.get("ned_basis") or "", ""),
        **{header: written_day(row.get(column), f"{identifier} {header}") for header, column in days.items()},
    }


def _history(patient: Patient) -> Cells:
    """Characteristics and the tissue tests they agree with."""
    facts = {row["name"]: row["value"] for row in patient.take("characteristic", lambda row: True)}
    tests = {row["test"]: row for row in patient.take("pathology", lambda row: True)}
    if not facts:
        return {}
    return {
        "原发部位": words.PRIMARY_SITES[facts["primary_site"]],
        **{
            gene.upper(): words.GENES.get(tests[gene]["result"], tests[gene]["result"])
            for gene in ("kras", "nras", "braf")
        },
        "MSI": words.MICROSATELLITES[tests["msi"]["result"]],
        "基因检测取材日期": written_day(tests["kras"]["taken_on"], patient.identifier),
        "初诊即转移": words.YES_NO[facts["metastatic_at_presentation"]],
        "既往肝转移": words.YES_NO[facts["liver_metastasis_before"]],
        "吸烟史": words.SMOKING[facts["smoking"]],
        "病灶数": facts["nodules"],
        "侧别": words.LATERALITY[facts["laterality"]],
    }


def _lesions(patient: Patient) -> Cells:
    """Place and size of the nodules at screening; several of them in one cell for some patients."""
    nodules = patient.take("lesion", lambda row: row["visit"] == "screening" and _is_plain_nodule(row))
    if not nodules:
        return {}
    cells: Cells = {"病灶测量日期": written_day(nodules[0]["assessed_on"], patient.identifier)}
    if patient.is_one_cell:
        parts = [f"{words.PLACES[row['location']]}{_size(row, with_unit=True)}" for row in nodules]
        return cells | {"病灶1大小(cm)": "，".join(parts)}
    for row in nodules:
        cells[f"病灶{row['lesion_id'][1:]}位置"] = words.PLACES[row["location"]]
        cells[f"病灶{row['lesion_id'][1:]}大小(cm)"] = _size(row, with_unit=False)
    return cells


def _is_plain_nodule(row: Row) -> bool:
    is_numbered = row["lesion_id"] in {f"L{number}" for number in range(1, LESIONS + 1)}
    return (
        is_numbered
        and row["location"] in words.PLACES
        and row["state"] == "measured"
        and row["role"] == "treated"
    )


def _size(row: Row, *, with_unit: bool) -> str:
    """Centimetres; beside the longest diameter some radiologists write the one across."""
    longest = plain(Decimal(str(row["diameter_mm"])) / 10)
    across = plain((Decimal(str(row["diameter_mm"])) * 7 / 100).quantize(Decimal("0.1")))
    text = f"{longest}×{across}" if number_of(f"{row['patient_id']} {row['lesion_id']}", 3) == 0 else longest
    return f"{text}cm" if with_unit else text


def _local_treatments(patient: Patient) -> Cells:
    cells: Cells = {}
    for row in patient.take("treatment", _is_first_local):
        number = row["treatment_id"][2:]
        cells[f"病灶{number}治疗方式"] = words.TECHNIQUES[row["modality"]]
        cells[f"病灶{number}开始日期"] = written_day(row["started_on"], f"{patient.identifier} {number}")
        cells[f"病灶{number}结束日期"] = written_day(row["ended_on"], f"{patient.identifier} {number} end")
        if not is_missing(row.get("total_dose_gy")):
            dose, fractions = plain(row["total_dose_gy"]), row["fractions"]
            forms = (f"{dose}Gy/{fractions}F", f"{dose}Gy/{fractions}次", f"{dose}/{fractions}")
            cells[f"病灶{number}剂量/分割"] = chosen(f"{patient.identifier} dose {number}", forms)
            each = Decimal(dose) / fractions
            cells[f"病灶{number}BED"] = plain((Decimal(dose) * (1 + each / 10)).quantize(Decimal("0.1")))
    return cells


def _is_first_local(row: Row) -> bool:
    """Whether the main sheet says all of this treatment: lesion n treated as number n, the label as usual."""
    label = words.LABELS.get(row.get("modality") or "")
    if label and not is_missing(row.get("total_dose_gy")):
        label = f"{label} {plain(row['total_dose_gy'])} Gy in {row['fractions']}"
    number = row["treatment_id"][2:]
    return (
        row["treatment_id"] in {f"LT{place}" for place in range(1, LESIONS + 1)}
        and (row.get("lesion_id"), row.get("organ"), row.get("intent")) == (f"L{number}", "lung", "curative")
        and (row.get("start_reason"), row.get("regimen")) == ("planned", label)
    )


def _markers(patient: Patient) -> Cells:
    """CEA before treatment and at the first follow-up visits, with and without its unit."""
    places = {"screening": "CEA(治疗前)"} | {f"follow-up {number}": f"CEA{number}" for number in SERIES}
    cells: Cells = {}
    for row in patient.take("measurement", lambda row: row["name"] == "cea" and row["visit"] in places):
        header = places[row["visit"]]
        comparator = "" if is_missing(row.get("comparator")) else row["comparator"]
        unit = chosen(f"{patient.identifier} {header} unit", ("", "", "ng/ml"))
        cells[header] = f"{comparator}{plain(row['value'])}{unit}"
        cells[f"{header}日期"] = written_day(row["measured_on"], f"{patient.identifier} {header}")
    return cells


def _samples(patient: Patient) -> Cells:
    """Result and day of the first draws; the sheet ctDNA has the rest of each report."""
    cells: Cells = {}
    first = [report for report in patient.reports if report.version == 1]
    for number, report in zip(SERIES, first, strict=False):
        highest = max(
            (row["maf_ppm"] for row in report.variants if not is_missing(row.get("maf_ppm"))), default=None
        )
        text = words.STATUS[report.sample["status"]]
        percent = "" if highest is None else f"{plain(highest / 10_000)}%"
        is_inside = bool(percent) and number_of(f"{report.sample['sample_id']} inside", 2) == 0
        cells[f"ctDNA{number}结果"] = f"{text}({percent})" if is_inside else text
        cells[f"ctDNA{number}MAF"] = "" if is_inside else percent
        cells[f"ctDNA{number}日期"] = written_day(report.sample["collected_on"], report.sample["sample_id"])
    return cells


def _scans(patient: Patient) -> Cells:
    """Examinations with the investigator's verdict in one text."""
    cells: Cells = {}
    scans = patient.tables["imaging"]
    before = [row for row in scans if plain(row.get("conclusion")).endswith("pulmonary nodules")]
    if len(before) == 1:
        patient.remove("imaging", before[0])
        cells["影像(治疗前)日期"] = written_day(before[0]["imaged_on"], f"{patient.identifier} CT")
        cells["影像(治疗前)结论"] = f"肺结节{plain(before[0]['conclusion']).split()[0]}个"
    verdicts = {row["visit"]: row for row in patient.tables["response"]}
    by_day = {row["imaged_on"]: row for row in scans}
    for number in SERIES:
        verdict = verdicts.get(f"scan {number}")
        scan = by_day.get(verdict["assessed_on"]) if verdict else None
        text = _conclusion(scan, verdict) if scan and verdict else None
        if text and scan and verdict:
            patient.remove("imaging", scan)
            patient.remove("response", verdict)
            cells[f"影像{number}日期"] = written_day(scan["imaged_on"], f"{patient.identifier} CT {number}")
            cells[f"影像{number}结论"] = text
    return cells


def _conclusion(scan: Row, verdict: Row) -> str | None:
    is_new = verdict["new_lesion"] == "yes"
    known = words.CONCLUSIONS.get((scan["conclusion"], verdict["overall"]))
    if known and not is_new and is_missing(verdict.get("progression_pattern")):
        return chosen(f"{verdict['patient_id']} {verdict['visit']}", known)
    pattern, site = (
        words.PATTERNS.get(verdict.get("progression_pattern") or ""),
        words.SITES.get(verdict.get("progression_site") or ""),
    )
    if verdict["overall"] == "pd" and scan["conclusion"] == "new or growing lesion" and pattern and site:
        return f"进展：{pattern}，{site}{'，新发病灶' if is_new else ''}"
    return None


def _systemic(patient: Patient) -> Cells:
    """Start, regimen and reason of the first systemic treatment of the metastases; sheet 治疗 has its end."""
    first = [
        row
        for row in patient.tables["treatment"]
        if row.get("line") == 1 and row.get("intent") == "metastatic"
    ]
    if len(first) != 1:
        return {}
    row = first[0]
    patient.tables["treatment"] = [
        {**one, "started_on": SEE_MAIN, "regimen": SEE_MAIN, "start_reason": SEE_MAIN} if one is row else one
        for one in patient.tables["treatment"]
    ]
    return {
        "开始全身治疗日期": written_day(row["started_on"], f"{patient.identifier} systemic"),
        "方案": row["regimen"],
        "原因": words.START_REASONS[row["start_reason"]],
    }


def _death(patient: Patient) -> Cells:
    dead = [row for row in patient.tables["contact"] if row["vital_status"] == "dead"]
    if not dead:
        return {"生存": "存活"}
    return {
        "生存": "死亡",
        "死亡日期": written_day(dead[0]["died_on"], f"{patient.identifier} death"),
        "死因": words.DEATH_CAUSES[dead[0].get("death_cause") or "unknown"],
    }
