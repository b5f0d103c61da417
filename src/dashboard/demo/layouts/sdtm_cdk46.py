"""The extract of cdk46 as CDISC SDTM: one CSV file per domain, supplemental qualifiers in SUPP--."""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.demo.layouts.partial_dates import is_day_unknown, iso_date
from dashboard.demo.layouts.reports import reports_at
from dashboard.demo.layouts.sdtm_cdk46_ctdna import ctdna_domains
from dashboard.demo.layouts.sdtm_cdk46_treatment import treatment_domains
from dashboard.demo.layouts.sdtm_cdk46_tumour import tumour_domains
from dashboard.demo.layouts.sdtm_domain import Domain
from dashboard.demo.layouts.texts import is_missing, plain
from dashboard.demo.truth import StudyTruth, extract_at, rows_of

STUDY = "CDK46"
TESTS = {
    "anc": ("NEUT", "Neutrophils"),
    "alt": ("ALT", "Alanine aminotransferase"),
    "creatinine": ("CREAT", "Creatinine"),
    "haemoglobin": ("HGB", "Haemoglobin"),
    "ca_15_3": ("CA15_3", "Cancer antigen 15-3"),
}
CHARACTERISTICS = {
    "menopausal_status": "MENOSTAT",
    "endocrine_sensitivity": "ENDOSENS",
    "visceral_disease": "VISCERAL",
    "bone_only": "BONEONLY",
    "liver_metastases": "LIVERMET",
    "de_novo": "DENOVO",
    "measurable_disease": "MEASDIS",
    "cdk46_inhibitor": "CDK46I",
    "endocrine_partner": "ENDOPART",
    "hormone_receptor": "HRSTAT",
    "metastatic_sites": "NMETSITE",
    "hbv_status": "HBVSTAT",
    "line2_regimen": "LINE2REG",
}
SEXES = {"female": "F", "male": "M", "unknown": "U"}
DISPOSITIONS = {
    "screen_failure": ("DISPOSITION EVENT", "SCREEN FAILURE"),
    "lost_to_follow_up": ("DISPOSITION EVENT", "LOST TO FOLLOW-UP"),
    "withdrawal_of_consent": ("DISPOSITION EVENT", "WITHDRAWAL OF CONSENT"),
    "transfer": ("DISPOSITION EVENT", "TRANSFERRED"),
    "ctdna_declined": ("OTHER EVENT", "CTDNA SUBSTUDY DECLINED"),
}
MILESTONES = {
    "screened_on": "SCREENED",
    "consented_on": "INFORMED CONSENT OBTAINED",
    "enrolled_on": "ENROLLED",
}
DEATHS = {
    "cancer": "DISEASE PROGRESSION",
    "treatment": "TREATMENT TOXICITY",
    "other": "OTHER",
    "unknown": "UNKNOWN",
}
SURVIVAL = {"alive": "ALIVE", "dead": "DEAD", "lost": "LOST TO FOLLOW-UP"}
OUTCOMES = {"recovered": "RECOVERED/RESOLVED", "recovering": "RECOVERING/RESOLVING"}
# Whether a receptor lights up in situ decides what HER2 2+ means.
HER2 = {
    "0": ("0", None),
    "1+": ("1+", None),
    "2+ ISH-": ("2+", "NEGATIVE"),
    "2+ ISH+": ("2+", "POSITIVE"),
    "2+ ISH missing": ("2+", None),
    "3+": ("3+", None),
}

Frames = Mapping[str, pd.DataFrame]


def write_sdtm(truth: StudyTruth, cut_off: dt.date, folder: Path) -> None:
    """Write the domains of one data cut, and panel_gene.csv, which SDTM has no domain for."""
    frames = extract_at(truth, cut_off)
    domains = [
        *_subject_domains(frames),
        *_finding_domains(frames),
        *_follow_up_domains(frames),
        *treatment_domains(frames, STUDY),
        *tumour_domains(frames, STUDY),
        *ctdna_domains(reports_at(truth, cut_off), STUDY),
    ]
    for domain in domains:
        domain.write(folder)
    _write_panel_genes(frames["panel_gene"], folder / "panel_gene.csv")


def _write_panel_genes(frame: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(frame.itertuples(index=False))


def _subject_domains(frames: Frames) -> Iterator[Domain]:
    died = {
        row["patient_id"]: row["died_on"]
        for row in rows_of(frames["contact"])
        if row["vital_status"] == "dead"
    }
    dm = Domain("DM", STUDY, "SUBJID SITEID BRTHDTC AGE AGEU SEX RFICDTC RFSTDTC DTHDTC DTHFL ARMCD")
    mh = Domain("MH", STUDY, "MHTERM MHCAT MHSTDTC")
    for row in rows_of(frames["patient"]):
        dm.add(row["patient_id"], _demography(row, died.get(row["patient_id"])))
        _add_history(mh, row)
    yield dm
    yield mh
    yield _characteristics(frames["characteristic"])
    yield _disposition(frames)


def _demography(row: Mapping[str, Any], died_on: dt.date | None) -> dict[str, Any]:
    return {
        "SUBJID": row["patient_id"],
        "SITEID": row["site_id"],
        "BRTHDTC": row["born_on"],
        "AGE": row["age_years"],
        "AGEU": "" if is_missing(row["age_years"]) else "YEARS",
        "SEX": SEXES[row["sex"]],
        "RFICDTC": row["consented_on"],
        "RFSTDTC": row["enrolled_on"],
        "DTHDTC": died_on,
        "DTHFL": "Y" if died_on else "",
        "ARMCD": "SCRNFAIL" if is_missing(row["enrolled_on"]) else "CDK46I",
    }


def _add_history(mh: Domain, row: Mapping[str, Any]) -> None:
    subject, diagnosed = row["patient_id"], row["primary_diagnosed_on"]
    month_only = is_day_unknown(subject, "diagnosis")
    values = {
        "MHTERM": row["diagnosis"],
        "MHCAT": "PRIMARY DIAGNOSIS",
        "MHSTDTC": "" if is_missing(diagnosed) else iso_date(diagnosed, month_only=month_only),
    }
    mh.add(subject, values, ICD10=row["icd10"], HISTOL=row["histology"], STAGE=row["stage"])
    if not is_missing(row["metastatic_on"]):
        values = {
            "MHTERM": "Metastatic disease",
            "MHCAT": "METASTATIC DISEASE",
            "MHSTDTC": row["metastatic_on"],
        }
        mh.add(subject, values)


def _characteristics(frame: pd.DataFrame) -> Domain:
    sc = Domain("SC", STUDY, "SCTESTCD SCTEST SCORRES SCDTC")
    for row in rows_of(frame):
        code, test = CHARACTERISTICS[row["name"]], row["name"].replace("_", " ")
        values = {"SCTESTCD": code, "SCTEST": test, "SCORRES": row["value"], "SCDTC": row["recorded_on"]}
        sc.add(row["patient_id"], values)
    return sc


def _disposition(frames: Frames) -> Domain:
    ds = Domain("DS", STUDY, "DSTERM DSDECOD DSCAT DSSTDTC")
    for row in rows_of(frames["patient"]):
        for name, milestone in MILESTONES.items():
            if not is_missing(row[name]):
                values = {"DSTERM": milestone, "DSDECOD": milestone, "DSCAT": "PROTOCOL MILESTONE"}
                ds.add(row["patient_id"], values | {"DSSTDTC": row[name]})
    for row in rows_of(frames["disposition"]):
        category, decoded = DISPOSITIONS[row["kind"]]
        values = {
            "DSTERM": row["reason"],
            "DSDECOD": decoded,
            "DSCAT": category,
            "DSSTDTC": row["happened_on"],
        }
        ds.add(row["patient_id"], values)
    return ds


def _finding_domains(frames: Frames) -> Iterator[Domain]:
    lb = Domain(
        "LB",
        STUDY,
        "LBTESTCD LBTEST LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU LBSTNRLO LBSTNRHI VISIT LBDTC",
    )
    qs = Domain("QS", STUDY, "QSTESTCD QSTEST QSORRES QSSTRESC QSSTRESN VISIT QSDTC")
    for row in rows_of(frames["measurement"]):
        value, common = row["value"], {"VISIT": row["visit"]}
        if row["name"] == "ecog":
            test = {"QSTESTCD": "ECOG101", "QSTEST": "ECOG performance status", "QSDTC": row["measured_on"]}
            qs.add(
                row["patient_id"], test | common | dict.fromkeys(("QSORRES", "QSSTRESC", "QSSTRESN"), value)
            )
            continue
        code, name = TESTS[row["name"]]
        test = {"LBTESTCD": code, "LBTEST": name, "LBDTC": row["measured_on"]}
        numbers = dict.fromkeys(("LBORRES", "LBSTRESC", "LBSTRESN"), value)
        units = dict.fromkeys(("LBORRESU", "LBSTRESU"), row["unit"])
        limits = {"LBSTNRLO": row["lower_normal"], "LBSTNRHI": row["upper_normal"]}
        lb.add(row["patient_id"], test | numbers | units | limits | common)
    yield lb
    yield qs
    yield _pathology(frames["pathology"])


def _pathology(frame: pd.DataFrame) -> Domain:
    mi = Domain("MI", STUDY, "MITESTCD MIORRES MISTRESC MISTRESN MISTRESU MISPEC MILOC MIDTC")
    for row in rows_of(frame):
        subject, percent = row["patient_id"], row["value_percent"]
        place = {"MISPEC": "TISSUE", "MILOC": row["specimen"].upper(), "MIDTC": row["taken_on"]}
        if row["test"] == "her2":
            score, in_situ = HER2[row["result"]]
            mi.add(subject, place | {"MITESTCD": "HER2", "MIORRES": score, "MISTRESC": score})
            if in_situ:
                mi.add(subject, place | {"MITESTCD": "HER2ISH", "MIORRES": in_situ, "MISTRESC": in_situ})
            continue
        result = {"MIORRES": f"{plain(percent)} %", "MISTRESC": row["result"].upper(), "MISTRESN": percent}
        values = {"MITESTCD": row["test"].upper(), "MISTRESU": "%"} | result
        mi.add(subject, place | values, MIINTENS=row["intensity"])
    return mi


def _follow_up_domains(frames: Frames) -> Iterator[Domain]:
    sv = Domain("SV", STUDY, "VISIT SVOCCUR SVSTDTC")
    for row in rows_of(frames["visit"]):
        occurred = "Y" if row["has_occurred"] else "N"
        sv.add(row["patient_id"], {"VISIT": row["visit"], "SVOCCUR": occurred, "SVSTDTC": row["visit_on"]})
    ss = Domain("SS", STUDY, "SSTESTCD SSTEST SSORRES SSDTC")
    dd = Domain("DD", STUDY, "DDTESTCD DDORRES DDDTC")
    for row in rows_of(frames["contact"]):
        status = {"SSORRES": SURVIVAL[row["vital_status"]], "SSDTC": row["contact_on"]}
        ss.add(row["patient_id"], {"SSTESTCD": "SURVSTAT", "SSTEST": "Survival status"} | status)
        if row["vital_status"] == "dead":
            cause = {"DDTESTCD": "PRCDTH", "DDORRES": DEATHS[row["death_cause"]], "DDDTC": row["died_on"]}
            dd.add(row["patient_id"], cause)
    yield from (sv, ss, dd, _adverse_events(frames["adverse_event"]))


def _adverse_events(frame: pd.DataFrame) -> Domain:
    ae = Domain(
        "AE", STUDY, "AESPID AETERM AEDECOD AEBODSYS AETOXGR AESER AESHOSP AEREL AEACN AEOUT AESTDTC AEENDTC"
    )
    for row in rows_of(frame):
        values = {
            "AESPID": row["event_id"],
            "AETERM": row["term_as_written"],
            "AEDECOD": row["term"],
            "AEBODSYS": row["organ_class"],
            "AETOXGR": row["grade"],
            "AESER": "Y" if row["is_serious"] else "N",
            "AESHOSP": "Y" if row["serious_criterion"] == "hospitalisation" else "",
            "AEREL": plain(row["relatedness"]).replace("_", " ").upper(),
            "AEACN": row["action_taken"].upper(),
            "AEOUT": OUTCOMES[row["outcome"]],
            "AESTDTC": row["started_on"],
            "AEENDTC": row["ended_on"],
        }
        ae.add(row["patient_id"], values, AERELTO=row["related_to"])
    return ae
