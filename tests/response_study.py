"""Six patients whose responses can be read off: two respond, one confirmed; one was never assessed."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.store.snapshot import Snapshot
from dashboard.studies.load import load_study
from dashboard.studies.schema import Study
from tests.built_once import built_once
from tests.small_study import STUDY_TOML, write_small_study

SETTINGS = """
[[response_setting]]
id = "PHYSICIAN"
label = "Best response, treating physician, unconfirmed"
is_headline = true

[[response_setting]]
id = "PHYSICIAN_CONFIRMED"
label = "Best response, treating physician, confirmed"
confirm_days = 28

[[response_setting]]
id = "BENEFIT"
label = "Clinical benefit"
stable_days = 168

[[endpoint]]
id = "DOR"
label = "Duration of response"
per = "line"
origin = { milestone = "objective_response", detail = "PHYSICIAN" }
events = ["radiological_progression", "death"]
censor = ["adequate_assessment"]

[[group]]
name = "tumour_type"
label = "Tumour type"
source = "patient"
is_default = true
"""
RULING = """
[[open_question]]
id = "confirmation"
topic = "Headline response: confirmed or not"
text = "The protocol does not say."
readings = [{ reading = "a", meaning = "Unconfirmed." }, { reading = "b", meaning = "Confirmed." }]
default = "a"
affects = ["PHYSICIAN"]
"""
PATIENTS = """patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis
R1,01,female,1961,2024-01-05,lung,Lung adenocarcinoma
R2,01,male,1955,2024-01-05,lung,Lung adenocarcinoma
R3,02,female,1970,2024-01-05,breast,Breast cancer
R4,02,female,1971,2024-01-05,breast,Breast cancer
R5,02,male,1972,2024-01-05,lung,Lung adenocarcinoma
R6,01,male,1973,2024-01-05,lung,Lung adenocarcinoma
"""
TREATMENTS = "patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents\n" + "".join(
    f"R{number},T1,systemic,1,2024-01-10,{'2024-05-20' if number == 3 else ''},osimertinib,osimertinib\n"
    for number in range(1, 6)
)
# Sum of diameters at baseline (5 Jan), in March and in May; R4 has a new lesion.
SUMS = {"R1": (100, 60, 50), "R2": (80, 50), "R3": (50, 50, 65), "R4": (40, 40)}
DAYS = ("2024-01-05", "2024-03-10", "2024-05-10")
LESIONS = "patient_id,lesion_id,assessed_on,role,diameter_mm\n" + "".join(
    f"{patient},L1,{day},target,{size}\n"
    for patient, sizes in SUMS.items()
    for day, size in zip(DAYS, sizes, strict=False)
)
RESPONSES = """patient_id,assessed_on,assessor,overall,new_lesion
R1,2024-03-10,treating_physician,pr,no
R1,2024-05-10,treating_physician,pr,no
R2,2024-03-10,treating_physician,pr,no
R3,2024-03-10,treating_physician,sd,no
R3,2024-05-10,treating_physician,pd,no
R4,2024-03-10,treating_physician,pd,yes
"""
SAMPLES = "sample_id,patient_id,collected_on,status,assay,panel\nA1,R1,2024-01-05,detected,K,K\n"
VARIANTS = "sample_id,gene,variant,status,is_tracked,maf_ppm\nA1,KRAS,p.G12D,detected,true,12000\n"
CONTACTS = "patient_id,contact_on,vital_status,died_on\n" + "".join(
    f"R{number},2024-06-20,alive,\n" for number in range(1, 7)
)


@cache
def response_snapshot() -> Snapshot:
    """The snapshot, built once for all tests; the data cut is 30 Jun 2024."""
    return built_once("response", _write)


@cache
def response_study() -> Study:
    """The definition of the study of that snapshot."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "study.toml").write_text(STUDY_TOML + SETTINGS, encoding="utf-8")
        return load_study(Path(folder))


def _write(folder: Path) -> Path:
    study = write_small_study(
        folder,
        patient=PATIENTS,
        ctdna_sample=SAMPLES,
        variant=VARIANTS,
        treatment=TREATMENTS,
        contact=CONTACTS,
    )
    (study / "study.toml").write_text(STUDY_TOML + SETTINGS, encoding="utf-8")
    extract = study / "extracts" / "2024-06-30"
    (extract / "lesion.csv").write_text(LESIONS, encoding="utf-8")
    (extract / "response.csv").write_text(RESPONSES, encoding="utf-8")
    return study
