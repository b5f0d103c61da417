"""Treatments of cdk46 in SDTM: drug courses in CM, dose steps in EX, local treatment and imaging in PR."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from dashboard.demo.layouts.partial_dates import is_day_unknown, iso_date
from dashboard.demo.layouts.sdtm_domain import Domain
from dashboard.demo.layouts.texts import is_missing, plain
from dashboard.demo.truth import rows_of

CATEGORIES = {
    "metastatic": "METASTATIC THERAPY",
    "maintenance": "MAINTENANCE THERAPY",
    "adjuvant": "ADJUVANT THERAPY",
    "supportive": "SUPPORTIVE THERAPY",
}
DISCONTINUED = {
    "progression": "PROGRESSIVE DISEASE",
    "toxicity": "ADVERSE EVENT",
    "planned": "COMPLETED",
    "supply": "DRUG SUPPLY",
    "other": "OTHER",
}
SCANS = {"ct": "CT SCAN", "mri": "MRI", "pet_ct": "PET/CT SCAN", "bone_scan": "BONE SCAN"}

Row = Mapping[str, Any]


def treatment_domains(frames: Mapping[str, pd.DataFrame], study: str) -> Iterator[Domain]:
    """CM, EX and PR."""
    cm = Domain("CM", study, "CMSPID CMTRT CMDECOD CMCAT CMSCAT CMSTDTC CMENDTC CMENRTPT CMRSDISC")
    ex = Domain("EX", study, "EXSPID EXTRT EXDOSE EXDOSU EXADJ EXSTDTC EXENDTC")
    pr = Domain("PR", study, "PRSPID PRTRT PRCAT PRLOC PRLNKID PRDOSE PRDOSU PRSTDTC PRENDTC")
    add = {"systemic": (_add_course, cm), "dose_hold": (_add_step, ex), "dose_reduction": (_add_step, ex)}
    for row in rows_of(frames["treatment"]):
        one, domain = add.get(row["kind"], (_add_local, pr))
        one(domain, row)
    for row in rows_of(frames["imaging"]):
        values = {"PRTRT": SCANS[row["modality"]], "PRCAT": "IMAGING", "PRLOC": row["regions"]}
        pr.add(row["patient_id"], values | {"PRSTDTC": row["imaged_on"]})
    yield from (cm, ex, pr)


def _add_course(cm: Domain, row: Row) -> None:
    subject, stopped = row["patient_id"], row["stop_reason"]
    month_only = row["intent"] == "adjuvant" and is_day_unknown(subject, f"start of {row['treatment_id']}")
    values = {
        "CMSPID": row["treatment_id"],
        "CMTRT": row["agents_as_written"],
        "CMDECOD": row["agents"].upper(),
        "CMCAT": CATEGORIES[row["intent"]],
        "CMSCAT": "" if is_missing(row["line"]) else f"LINE {row['line']}",
        "CMSTDTC": iso_date(row["started_on"], month_only=month_only),
        "CMENDTC": row["ended_on"],
        "CMENRTPT": "ONGOING" if row["is_ongoing"] else "BEFORE",
        "CMRSDISC": "" if is_missing(stopped) else DISCONTINUED[stopped],
    }
    cm.add(subject, values, STRTREAS=_capitals(row["start_reason"]))


def _add_step(ex: Domain, row: Row) -> None:
    is_hold = row["kind"] == "dose_hold"
    values = {
        "EXSPID": row["treatment_id"],
        "EXTRT": row["agents"].upper(),
        "EXDOSE": 0 if is_hold else row["dose"],
        "EXDOSU": "mg" if is_hold else row["dose_unit"],
        "EXADJ": "ADVERSE EVENT" if row["start_reason"] == "toxicity_of_previous" else "OTHER",
        "EXSTDTC": row["started_on"],
        "EXENDTC": row["ended_on"],
    }
    ex.add(row["patient_id"], values, COURSE=row["part_of"], DOSELEV=row["dose_level"])


def _add_local(pr: Domain, row: Row) -> None:
    values = {
        "PRSPID": row["treatment_id"],
        "PRTRT": row["regimen"],
        "PRCAT": row["kind"].upper(),
        "PRLOC": _capitals(row["organ"]),
        "PRLNKID": row["lesion_id"],
        "PRDOSE": row["total_dose_gy"],
        "PRDOSU": "" if is_missing(row["total_dose_gy"]) else "Gy",
        "PRSTDTC": row["started_on"],
        "PRENDTC": row["ended_on"],
    }
    pr.add(
        row["patient_id"],
        values,
        INTENT=_capitals(row["intent"]),
        TECHNIQ=_capitals(row["modality"]),
        FRACTION=row["fractions"],
        DOSEFRAC=row["dose_per_fraction_gy"],
        STRTREAS=_capitals(row["start_reason"]),
    )


def _capitals(value: Any) -> str:
    """A canonical value as a controlled term: TOXICITY OF PREVIOUS."""
    return plain(value).replace("_", " ").upper()
