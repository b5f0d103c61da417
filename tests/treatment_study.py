"""Eleven patients whose lines, ways and local treatment can be counted by hand; the data cut is 31 Dec 2024.

T01 three lines; T02 line 1, died; T03 line 1 goes on beyond a progression with SBRT; T04 stopped for
toxicity, three local treatments in two courses; T05 and T06 the inhibitor added on day 90 and 91; T07
chemotherapy, then maintenance; T08 switch within the class; T09 no treatment; T10 two lines, died on the
second; T11 transferred to other care on line 1. Surgery of the primary tumour in T01 came before metastatic
disease.
"""

from functools import cache
from pathlib import Path

from dashboard.store.snapshot import Snapshot
from tests.built_once import built_once
from tests.small_study import STUDY_TOML, write_small_study

CUT_OFF = "2024-12-31"
RULES = """
[lines]
key_class = "cdk46_inhibitor"

[local_therapy]
bed_from_gy = 72
bed_to_gy = 100

[[endpoint]]
id = "PFS"
label = "PFS on line 1"
column = "pfs_line1"
origin = { milestone = "class_start", line = 1 }
events = ["radiological_progression", "death"]
censor = ["known_alive"]

[[endpoint]]
id = "PFS_LINE2"
label = "PFS on line 2 (from start of line 2)"
origin = { milestone = "line_start", line = 2 }
events = ["radiological_progression", "death"]
censor = ["known_alive"]

[[endpoint]]
id = "OS"
label = "Overall survival"
origin = { milestone = "line_start", line = 1 }
events = ["death"]
censor = ["known_alive"]

[[endpoint]]
id = "TTD"
label = "Time to discontinuation of treatment"
per = "line"
origin = "line_start"
events = [{ milestone = "line_discontinued", line = "same", from_day = 0 }]
censor = [{ milestone = "on_treatment", line = "same" }]

[[endpoint]]
id = "LOCAL_CONTROL"
label = "Local control, per lesion"
per = "lesion"
origin = "local_treatment_start"
events = ["local_progression"]
competing = ["death"]
censor = ["known_alive"]
"""
IDS = [f"T{number:02d}" for number in range(1, 12)]
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,metastatic_on,tumour_type,diagnosis\n" + "".join(
    f"{one},{'01' if place < 5 else '02'},female,1960,2024-01-01,2023-12-01,breast,Breast cancer\n"
    for place, one in enumerate(IDS)
)
SYSTEMIC = """
T01 A 1 2024-01-01 2024-04-30 letrozole+palbociclib progression
T01 B 2 2024-05-01 2024-08-31 capecitabine progression
T01 C 3 2024-09-05 - eribulin -
T02 A 1 2024-01-01 2024-03-31 letrozole+palbociclib progression
T03 A 1 2024-01-01 - letrozole+palbociclib -
T04 A 1 2024-01-01 2024-03-01 fulvestrant+palbociclib toxicity
T05 A 1 2024-01-01 2024-03-30 letrozole -
T05 B 1 2024-03-31 - letrozole+palbociclib -
T06 A 1 2024-01-01 2024-03-31 letrozole -
T06 B 1 2024-04-01 - letrozole+palbociclib -
T07 A 1 2024-01-01 2024-04-01 capecitabine+docetaxel planned
T07 B 1 2024-04-10 - letrozole+palbociclib -
T08 A 1 2024-01-01 2024-04-01 letrozole+palbociclib toxicity
T08 B 1 2024-04-05 - dalpiciclib+letrozole -
T10 A 1 2024-01-01 2024-05-05 letrozole+palbociclib progression
T10 B 2 2024-05-10 - capecitabine -
T11 A 1 2024-01-01 - letrozole+palbociclib -
"""
LOCAL = """T01,S1,surgery,curative,,2023-06-01,2023-06-01,,,,breast,other,,,
T03,R1,radiotherapy,palliative,,2024-06-01,2024-06-10,,,L1,bone,sbrt,35,5,7
T04,R1,radiotherapy,palliative,,2024-02-01,2024-02-10,,,L1,lung,sbrt,50,5,10
T04,R2,ablation,palliative,,2024-02-12,2024-02-12,,,L2,lung,rfa,,,
T04,R3,ablation,palliative,,2024-08-01,2024-08-01,,,L1,lung,rfa,,,
"""
TREATMENT_COLUMNS = (
    "patient_id,treatment_id,kind,intent,line,started_on,ended_on,agents,stop_reason,lesion_id,organ,modality,"
    "total_dose_gy,fractions,dose_per_fraction_gy\n"
)
RESPONSES = """patient_id,assessed_on,assessor,overall,new_lesion
T01,2024-04-20,treating_physician,pd,yes
T01,2024-08-25,treating_physician,pd,yes
T02,2024-03-25,treating_physician,pd,yes
T03,2024-05-20,treating_physician,pd,yes
T10,2024-05-01,treating_physician,pd,yes
"""
LESIONS = """patient_id,lesion_id,assessed_on,role,organ,diameter_mm,state
T03,L1,2024-09-01,treated,bone,20,controlled
T04,L1,2024-07-15,treated,lung,20,local_progression
T04,L2,2024-07-15,treated,lung,12,equivocal
"""
DIED = {"T02": "2024-06-01", "T10": "2024-07-01"}
SEEN = {"T11": "2024-05-20"}
DISPOSITIONS = "patient_id,kind,happened_on\nT11,transfer,2024-06-01\n"
CONTACTS = "patient_id,contact_on,vital_status,died_on\n" + "".join(
    f"{one},{DIED[one]},dead,{DIED[one]}\n"
    if one in DIED
    else f"{one},{SEEN.get(one, '2024-12-31')},alive,\n"
    for one in IDS
)
CHARACTERISTICS = """patient_id,name,value,recorded_on
T01,visceral_disease,yes,2024-01-01
T10,visceral_disease,no,2024-01-01
"""
MEASUREMENTS = """patient_id,measured_on,name,value
T01,2024-04-25,ecog,1
T10,2024-05-12,ecog,2
"""
SAMPLES = "sample_id,patient_id,collected_on,status,assay,panel\nA1,T01,2024-01-01,detected,K,K\n"
VARIANTS = "sample_id,gene,variant,status,is_tracked,maf_ppm\nA1,KRAS,p.G12D,detected,true,12000\n"


def _systemic(line: str) -> str:
    patient, name, number, start, end, agents, reason = line.split()
    until, why = ("" if part == "-" else part for part in (end, reason))
    drugs = agents.replace("+", " + ")
    return f"{patient},{name},systemic,metastatic,{number},{start},{until},{drugs},{why},,,,,,\n"


TREATMENTS = TREATMENT_COLUMNS + "".join(_systemic(line) for line in SYSTEMIC.split("\n") if line) + LOCAL


def study_text() -> str:
    """The study definition as text."""
    return STUDY_TOML.split("[[endpoint]]", maxsplit=1)[0] + RULES


@cache
def treatment_snapshot() -> Snapshot:
    """The snapshot, built once for all tests."""
    return built_once("treatment", _write)


def _write(folder: Path) -> Path:
    study = write_small_study(
        folder,
        cut_off=CUT_OFF,
        patient=PATIENTS,
        ctdna_sample=SAMPLES,
        variant=VARIANTS,
        treatment=TREATMENTS,
        contact=CONTACTS,
    )
    (study / "study.toml").write_text(study_text(), encoding="utf-8")
    extract = study / "extracts" / CUT_OFF
    for name, text in (
        ("response", RESPONSES),
        ("disposition", DISPOSITIONS),
        ("lesion", LESIONS),
        ("characteristic", CHARACTERISTICS),
        ("measurement", MEASUREMENTS),
    ):
        (extract / f"{name}.csv").write_text(text, encoding="utf-8")
    return study


def treatment_study_folder() -> Path:
    """Folder of the study definition of the snapshot."""
    return treatment_snapshot().database.parents[3] / "small"
