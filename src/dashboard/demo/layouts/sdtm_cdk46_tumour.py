"""Lesions and responses of cdk46 in SDTM: TU identifies, TR measures, RS assesses."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from dashboard.demo.layouts.sdtm_domain import Domain
from dashboard.demo.layouts.texts import is_missing
from dashboard.demo.truth import rows_of

ROLES = {"target": "TARGET", "non_target": "NON-TARGET", "new": "NEW"}
RESPONSES = {
    "cr": "CR",
    "pr": "PR",
    "sd": "SD",
    "pd": "PD",
    "non_cr_non_pd": "NON-CR/NON-PD",
    "ne": "NE",
}
EVALUATOR = "TREATING PHYSICIAN"
CATEGORIES = {"imaging": "RECIST 1.1", "clinical": "CLINICAL ASSESSMENT"}
TESTS = {"target": "TRGRESP", "non_target": "NTRGRESP", "new_lesion": "NEWLPROG", "overall": "OVRLRESP"}

Row = Mapping[str, Any]


def tumour_domains(frames: Mapping[str, pd.DataFrame], study: str) -> Iterator[Domain]:
    """TU, TR and RS."""
    tr = Domain(
        "TR", study, "TRGRPID TRLNKID TRTESTCD TRORRES TRORRESU TRSTRESC TRSTRESN TRSTRESU TREVAL VISIT TRDTC"
    )
    for row in rows_of(frames["lesion"]):
        _add_measurement(tr, row)
    for row in rows_of(frames["response"]):
        if not is_missing(row["sum_of_diameters_mm"]):
            tr.add(row["patient_id"], _length(row["sum_of_diameters_mm"], "SUMDIAM") | _seen(row, "TARGET"))
    yield from (_identification(frames["lesion"], study), tr, _responses(frames["response"], study))


def _identification(frame: pd.DataFrame, study: str) -> Domain:
    """Where each lesion is, said once, on the day it was first seen."""
    tu = Domain("TU", study, "TULNKID TUTESTCD TUORRES TULOC TUEVAL VISIT TUDTC")
    first = frame.sort_values(["patient_id", "lesion_id", "assessed_on"]).drop_duplicates(
        ["patient_id", "lesion_id"]
    )
    for row in rows_of(first):
        values = {
            "TULNKID": row["lesion_id"],
            "TUTESTCD": "TUMIDENT",
            "TUORRES": ROLES[row["role"]],
            "TULOC": row["organ"].replace("_", " ").upper(),
            "TUEVAL": EVALUATOR,
            "VISIT": row["visit"],
            "TUDTC": row["assessed_on"],
        }
        tu.add(row["patient_id"], values, LOCTEXT=row["location"])
    return tu


def _seen(row: Row, group: str) -> dict[str, Any]:
    return {"TRGRPID": group, "TREVAL": EVALUATOR, "VISIT": row["visit"], "TRDTC": row["assessed_on"]}


def _length(value: Any, test: str) -> dict[str, Any]:
    numbers = dict.fromkeys(("TRORRES", "TRSTRESC", "TRSTRESN"), value)
    return {"TRTESTCD": test, "TRORRESU": "mm", "TRSTRESU": "mm"} | numbers


def _add_measurement(tr: Domain, row: Row) -> None:
    values = _seen(row, ROLES[row["role"]]) | {"TRLNKID": row["lesion_id"]}
    if is_missing(row["diameter_mm"]):
        state = row["state"].upper().replace("_", " ")
        values |= {"TRTESTCD": "TUMSTATE"} | dict.fromkeys(("TRORRES", "TRSTRESC"), state)
    else:
        values |= _length(row["diameter_mm"], "SAXIS" if row["is_node"] else "LDIAM")
    tr.add(row["patient_id"], values)


def _responses(frame: pd.DataFrame, study: str) -> Domain:
    rs = Domain("RS", study, "RSTESTCD RSCAT RSORRES RSSTRESC RSEVAL VISIT RSDTC")
    for row in rows_of(frame):
        common = {"RSCAT": CATEGORIES[row["basis"]], "RSEVAL": EVALUATOR, "VISIT": row["visit"]}
        common["RSDTC"] = row["assessed_on"]
        for name, test in TESTS.items():
            if is_missing(row[name]):
                continue
            result = RESPONSES.get(row[name]) or {"yes": "Y", "no": "N", "equivocal": "EQUIVOCAL"}[row[name]]
            pattern = {}
            if name == "overall":
                pattern = {"PDPATT": row["progression_pattern"], "PDSITE": row["progression_site"]}
            values = common | {"RSTESTCD": test, "RSORRES": result, "RSSTRESC": result}
            rs.add(row["patient_id"], values, **pattern)
    return rs
