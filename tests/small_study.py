"""A study small enough to read: three patients at two sites, native files, two data cuts."""

from pathlib import Path

STUDY_TOML = """
[study]
study_id = "small"
title = "Small study"
short_title = "Small"
sample = true

[recruitment]
opens = 2024-01-01
target = 3
sites = [{ site_id = "01", name = "North" }, { site_id = "02", name = "South" }]

[[assay]]
assay = "K"
panel = "K"
tracks = "tumour_informed"
lod_ppm = 500

[[molecular_rule]]
scheme = "CLEAR"
label = "Clearance"
kind = "clearance"
is_default = true

[[endpoint]]
id = "OS"
label = "Overall survival"
origin = "enrolment"
events = ["death"]
censor = ["known_alive"]
"""

PATIENTS = """patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis
S-001,01,female,1961,2024-01-10,lung,Lung adenocarcinoma
S-002,01,male,1955-07,2024-02-01,colorectal,Colon adenocarcinoma
S-003,02,female,1970-05-02,2024-03-05,breast,Breast cancer
"""
SAMPLES = """sample_id,patient_id,collected_on,status,assay,panel
A1,S-001,2024-01-10,detected,K,K
A2,S-001,2024-05-02,not_detected,K,K
B1,S-002,2024-02-01,detected,K,K
C1,S-003,2024-03-05,not_detected,K,K
"""
VARIANTS = """sample_id,gene,variant,status,is_tracked,maf_ppm
A1,KRAS,p.G12D,detected,true,12000
A2,KRAS,p.G12D,not_detected,true,
B1,TP53,p.R175H,detected,true,800.5
C1,PIK3CA,p.H1047R,not_detected,true,
"""
TREATMENTS = """patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents
S-001,T1,systemic,1,2024-01-12,,osimertinib,osimertinib
S-002,T1,systemic,1,2024-02-03,2024-06-01,FOLFOX,fluorouracil + oxaliplatin
S-003,T1,systemic,1,2024-03-07,,letrozole,letrozole
"""
CONTACTS = """patient_id,contact_on,vital_status,died_on
S-001,2024-06-20,alive,
S-002,2024-06-10,dead,2024-06-10
S-003,2024-06-15,alive,
"""
FILES = {
    "patient.csv": PATIENTS,
    "ctdna_sample.csv": SAMPLES,
    "variant.csv": VARIANTS,
    "treatment.csv": TREATMENTS,
    "contact.csv": CONTACTS,
}


def write_small_study(folder: Path, *, cut_off: str = "2024-06-30", **changed: str) -> Path:
    """Write the study under `folder` and return its folder; `changed` replaces a file's text by its stem."""
    study = folder / "small"
    extract = study / "extracts" / cut_off
    extract.mkdir(parents=True, exist_ok=True)
    (study / "study.toml").write_text(STUDY_TOML, encoding="utf-8")
    (extract / "extract.toml").write_text(
        f'cut_off = {cut_off}\nextracted_at = {cut_off}\ncalendar = "calendar"\n', encoding="utf-8"
    )
    for name, text in FILES.items():
        stem = name.removesuffix(".csv")
        (extract / name).write_text(changed.get(stem, text), encoding="utf-8")
    return study
