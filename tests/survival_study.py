"""Twelve patients whose survival can be worked out by hand; two join after day 0."""

from functools import cache
from pathlib import Path

from dashboard.store.snapshot import Snapshot
from tests.built_once import built_once
from tests.small_study import STUDY_TOML, write_small_study

CUT_OFF = "2024-12-31"
ENDPOINTS = """
[[endpoint]]
id = "OS_LINE1"
label = "Overall survival from line 1"
origin = { milestone = "line_start", line = 1 }
entry = "enrolment"
events = ["death"]
censor = ["known_alive"]
horizon_months = 6
is_headline = true

[[endpoint]]
id = "OS_FROM_ENROLMENT"
label = "Overall survival from enrolment"
sensitivity_of = "OS_LINE1"
origin = "enrolment"
events = ["death"]
censor = ["known_alive"]

[[endpoint]]
id = "TTP"
label = "Time to progression"
origin = { milestone = "line_start", line = 1 }
events = ["radiological_progression"]
competing = ["death"]
censor = ["known_alive"]

[[endpoint]]
id = "PFS"
label = "PFS on line 1"
origin = { milestone = "line_start", line = 1 }
events = ["radiological_progression", "death"]
censor = ["known_alive"]

[[endpoint]]
id = "PFS_LINE2"
label = "PFS on line 2 (from start of line 2)"
origin = { milestone = "line_start", line = 2 }
events = ["radiological_progression", "death"]
censor = ["known_alive"]

[[group]]
name = "sex"
label = "Sex"
source = "patient"
values = [{ value = "female", label = "Female" }, { value = "male", label = "Male" }]

[[group]]
name = "late_finding"
label = "Late group"

[[open_question]]
id = "clock"
topic = "When survival starts"
text = "The protocol says two things."
readings = [{ reading = "a", meaning = "From line 1." }, { reading = "b", meaning = "From enrolment." }]
default = "a"
affects = ["OS_LINE1"]
"""
# Days after 1 Jan 2024: 1 Feb is day 31, 1 Mar 60, 1 Apr 91, 1 May 121, 1 Jun 152, 1 Jul 182, 1 Dec 335.
DEATHS = {
    "V01": "2024-02-01",
    "V02": "2024-03-01",
    "V03": "2024-04-01",
    "V04": "2024-05-01",
    "V05": "2024-06-01",
    "V07": "2024-07-01",
}
JOINED = {"V11": "2024-03-01", "V12": "2024-05-01"}
IDS = [f"V{number:02d}" for number in range(1, 13)]
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis\n" + "".join(
    f"{one},{'01' if place < 6 else '02'},{'female' if place < 6 else 'male'},1960,"
    f"{JOINED.get(one, '2024-01-01')},lung,Lung adenocarcinoma\n"
    for place, one in enumerate(IDS)
)
TREATMENTS = "patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents\n" + "".join(
    f"{one},T1,systemic,1,2024-01-01,{'2024-04-20' if one == 'V08' else ''},osimertinib,osimertinib\n"
    for one in IDS
)
TREATMENTS += "V08,T2,systemic,2,2024-05-01,,docetaxel,docetaxel\n"
CONTACTS = "patient_id,contact_on,vital_status,died_on\n" + "".join(
    f"{one},{DEATHS[one]},dead,{DEATHS[one]}\n" if one in DEATHS else f"{one},2024-12-01,alive,\n"
    for one in IDS
)
RESPONSES = """patient_id,assessed_on,assessor,overall,new_lesion
V07,2024-06-01,treating_physician,pd,yes
V08,2024-04-01,treating_physician,pd,yes
V09,2024-05-01,treating_physician,pd,yes
"""
CHARACTERISTICS = "patient_id,name,value,recorded_on\n" + "".join(
    f"{one},late_finding,yes,2024-06-15\n" for one in IDS
)
SAMPLES = "sample_id,patient_id,collected_on,status,assay,panel\nA1,V01,2024-01-01,detected,K,K\n"
VARIANTS = "sample_id,gene,variant,status,is_tracked,maf_ppm\nA1,KRAS,p.G12D,detected,true,12000\n"


def study_text() -> str:
    """The study definition as text."""
    return STUDY_TOML.split("[[endpoint]]", maxsplit=1)[0] + ENDPOINTS


@cache
def survival_snapshot() -> Snapshot:
    """The snapshot, built once for all tests; the data cut is 31 Dec 2024."""
    return built_once("survival", _write)


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
    (extract / "response.csv").write_text(RESPONSES, encoding="utf-8")
    (extract / "characteristic.csv").write_text(CHARACTERISTICS, encoding="utf-8")
    return study


def survival_study_folder() -> Path:
    """Folder of the study definition of the snapshot."""
    return survival_snapshot().database.parents[3] / "small"
