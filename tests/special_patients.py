"""A study of nine unusual patients, on calendar dates or in days from enrolment alone.

Each is unusual in one way: two draws only, no ctDNA, no imaging, only failed samples, everything on one day,
dead before the first draw on a treatment without an end, withdrawn, withdrawn on a day nobody recorded, three
lines of which the second has none.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Literal

from tests.small_study import STUDY_TOML, write_small_study

Calendar = Literal["calendar", "relative"]
ENROLLED = dt.date(2024, 1, 10)
NAMES = ("TWO", "NODNA", "NOSCAN", "FAILED", "ONEDAY", "DEAD", "LEFT", "NODAY", "THREE")
# A draw before treatment and one after; a scan before treatment and one with each response.
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis\n" + "".join(
    f"{name},01,female,1961,2024-01-10,lung,Lung adenocarcinoma\n" for name in NAMES
)
SAMPLES = """sample_id,patient_id,collected_on,status,assay,panel
T1,TWO,2024-01-10,detected,K,K
T2,TWO,2024-05-02,not_detected,K,K
N1,NOSCAN,2024-01-10,detected,K,K
N2,NOSCAN,2024-04-10,detected,K,K
F1,FAILED,2024-01-10,failed,K,K
F2,FAILED,2024-04-10,failed,K,K
O1,ONEDAY,2024-01-10,detected,K,K
L1,LEFT,2024-01-10,detected,K,K
Y1,NODAY,2024-01-10,detected,K,K
H1,THREE,2024-01-10,detected,K,K
H2,THREE,2024-03-10,not_detected,K,K
H3,THREE,2024-06-10,detected,K,K
"""
VARIANTS = """sample_id,gene,variant,status,is_tracked,maf_ppm
T1,KRAS,p.G12D,detected,true,12000
T2,KRAS,p.G12D,not_detected,true,
N1,KRAS,p.G12D,detected,true,12000
N2,KRAS,p.G12D,detected,true,2000
O1,KRAS,p.G12D,detected,true,900
L1,TP53,p.R175H,detected,true,800.5
Y1,TP53,p.R175H,detected,true,700
H1,TP53,p.R175H,detected,true,5000
H2,TP53,p.R175H,not_detected,true,
H3,TP53,p.R175H,detected,true,9000
"""
TREATMENTS = """patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents,stop_reason
TWO,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
NODNA,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
NOSCAN,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
FAILED,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
ONEDAY,T1,systemic,1,2024-01-10,,osimertinib,osimertinib,
DEAD,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
LEFT,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
NODAY,T1,systemic,1,2024-01-12,,osimertinib,osimertinib,
THREE,T1,systemic,1,2024-01-12,2024-02-20,osimertinib,osimertinib,progression
THREE,T2,systemic,2,2024-02-25,,docetaxel,docetaxel,
THREE,T3,systemic,3,2024-04-25,,pemetrexed,pemetrexed,
"""
CONTACTS = """patient_id,contact_on,vital_status,died_on
TWO,2024-06-20,alive,
NODNA,2024-06-20,alive,
NOSCAN,2024-06-20,alive,
FAILED,2024-06-20,alive,
ONEDAY,2024-01-10,alive,
DEAD,2024-01-25,dead,2024-01-25
LEFT,2024-03-01,alive,
NODAY,2024-03-01,alive,
THREE,2024-06-20,alive,
"""
IMAGED = (
    *((name, day) for name in ("TWO", "NODNA", "FAILED") for day in ("2024-01-08", "2024-05-02")),
    ("ONEDAY", "2024-01-10"),
    ("DEAD", "2024-01-08"),
    ("LEFT", "2024-01-08"),
    ("NODAY", "2024-01-08"),
    *(("THREE", day) for day in ("2024-01-08", "2024-02-20", "2024-04-20", "2024-06-12")),
)
IMAGING = "patient_id,imaged_on,modality,is_cns_imaged\n" + "".join(
    f"{name},{day},ct,false\n" for name, day in IMAGED
)
RESPONSES = """patient_id,assessed_on,assessor,overall,basis
TWO,2024-05-02,treating_physician,pr,imaging
NODNA,2024-05-02,treating_physician,sd,imaging
FAILED,2024-05-02,treating_physician,sd,imaging
ONEDAY,2024-01-10,treating_physician,sd,imaging
THREE,2024-02-20,treating_physician,pd,imaging
THREE,2024-04-20,treating_physician,pd,imaging
THREE,2024-06-12,treating_physician,sd,imaging
"""
DISPOSITIONS = """patient_id,kind,happened_on,reason
LEFT,withdrawal_of_consent,2024-03-01,
NODAY,withdrawal_of_consent,,
"""
FILES = {
    "patient": PATIENTS,
    "ctdna_sample": SAMPLES,
    "variant": VARIANTS,
    "treatment": TREATMENTS,
    "contact": CONTACTS,
    "imaging": IMAGING,
    "response": RESPONSES,
    "disposition": DISPOSITIONS,
}
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def write_special_study(folder: Path, *, calendar: Calendar) -> Path:
    """Write the study with its data cut of 30 Jun 2024 under `folder`; gives its folder."""
    files = FILES if calendar == "calendar" else {name: _in_days(text) for name, text in FILES.items()}
    study = write_small_study(folder)
    extract = study / "extracts" / "2024-06-30"
    for name, text in files.items():
        (extract / f"{name}.csv").write_text(text, encoding="utf-8")
    for file, key in ((study / "study.toml", 'short_title = "Small"'), (extract / "extract.toml", "")):
        text = file.read_text(encoding="utf-8").replace('calendar = "calendar"', f'calendar = "{calendar}"')
        said = f'{key}\ncalendar = "{calendar}"'
        file.write_text(text.replace(key, said) if key else text, encoding="utf-8")
    assert STUDY_TOML.count('short_title = "Small"') == 1
    return study


def _in_days(text: str) -> str:
    """The file with each date as days from enrolment, and each year of birth left out."""

    def days(found: re.Match[str]) -> str:
        return str((dt.date.fromisoformat(found.group()) - ENROLLED).days)

    return DATE.sub(days, text).replace(",1961,", ",,")
