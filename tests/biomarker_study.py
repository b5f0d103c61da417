"""Twelve patients, two fixed panels: every way of being in or out of a gene's denominator, by hand.

Line 1 begins on 10 Jan 2024, baselines are drawn on 8 Jan, progression is on 1 Jun, samples at it on 3 Jun.
"""

from functools import cache
from pathlib import Path

from dashboard.store.snapshot import Snapshot
from tests.built_once import built_once
from tests.small_study import STUDY_TOML, write_small_study

CUT_OFF = "2024-12-31"
PFS = """
[[endpoint]]
id = "PFS"
label = "PFS on line 1"
origin = { milestone = "line_start", line = 1 }
events = ["radiological_progression", "death"]
censor = ["known_alive"]
is_headline = true
"""
ASSAYS = """
[[assay]]
assay = "F"
panel = "F1"
tracks = "fixed_panel"
lod_ppm = 500
sequence = ["ESR1", "PIK3CA"]
copy_number = ["FGFR1"]

[[assay]]
assay = "F"
panel = "F2"
tracks = "fixed_panel"
lod_ppm = 500
sequence = ["BRCA1", "ESR1", "PIK3CA", "TP53"]
"""
IDS = [f"B{number:02d}" for number in range(1, 13)]
PROGRESSED = [one for one in IDS if one not in ("B07", "B10")]
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis\n" + "".join(
    f"{one},{'01' if place < 6 else '02'},female,1960,2024-01-08,breast,Breast cancer\n"
    for place, one in enumerate(IDS)
)
TREATMENTS = "patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents\n" + "".join(
    f"{one},T1,systemic,1,2024-01-10,,letrozole,letrozole\n" for one in IDS
)
CONTACTS = "patient_id,contact_on,vital_status,died_on\n" + "".join(
    f"{one},2024-12-01,alive,\n" for one in IDS
)
RESPONSES = "patient_id,assessed_on,assessor,overall,new_lesion\n" + "".join(
    f"{one},2024-06-01,treating_physician,pd,yes\n" for one in PROGRESSED
)
BASELINE, AT_PROGRESSION = "2024-01-08", "2024-06-03"
# B06 failed; B07 has none; the first draw of B08 lies 82 days after the start of the line.
SAMPLES = f"""sample_id,patient_id,collected_on,status,assay,panel
B01-1,B01,{BASELINE},detected,F,F1
B01-2,B01,{AT_PROGRESSION},detected,F,F1
B02-1,B02,{BASELINE},detected,F,F1
B02-2,B02,{AT_PROGRESSION},detected,F,F1
B03-1,B03,{BASELINE},detected,F,F1
B03-2,B03,{AT_PROGRESSION},detected,F,F1
B04-1,B04,{BASELINE},not_detected,F,F1
B04-2,B04,{AT_PROGRESSION},not_detected,F,F1
B05-1,B05,{BASELINE},detected,F,F2
B05-2,B05,{AT_PROGRESSION},detected,F,F2
B06-1,B06,{BASELINE},failed,F,F1
B08-1,B08,2024-04-01,detected,F,F1
B08-2,B08,{AT_PROGRESSION},detected,F,F1
B09-1,B09,{BASELINE},detected,F,F1
B09-2,B09,{AT_PROGRESSION},failed,F,F1
B10-1,B10,{BASELINE},detected,F,F1
B11-1,B11,{BASELINE},not_detected,F,F1
B11-2,B11,{AT_PROGRESSION},detected,F,F2
B12-1,B12,{BASELINE},detected,F,F1
"""
VARIANTS = """sample_id,gene,variant,hgvs_c,status,maf_ppm,copy_number
B01-1,PIK3CA,p.H1047R,c.3140A>G,detected,50000,
B01-2,PIK3CA,p.H1047R,c.3140A>G,detected,60000,
B01-2,ESR1,p.D538G,c.1613A>G,detected,12000,
B01-2,ESR1,p.Y537S,c.1610A>C,detected,4000,
B02-1,PIK3CA,p.H1047R,c.3140A>G,detected,20000,
B02-2,PIK3CA,p.H1047R,c.3140A>G,detected,30000,
B02-2,ESR1,p.D538G,c.1613A>G,detected,8000,
B03-1,ESR1,p.E380Q,c.1138G>C,detected,9000,
B03-2,PIK3CA,p.E545K,c.1633G>A,detected,7000,
B05-1,TP53,p.R175H,c.524G>A,detected,11000,
B05-2,TP53,p.R175H,c.524G>A,detected,11000,
B08-1,ESR1,p.D538G,c.1613A>G,detected,3000,
B08-2,ESR1,p.D538G,c.1613A>G,detected,9000,
B09-1,FGFR1,amplification,,detected,,6.2
B10-1,PTEN,p.R130Q,c.389G>A,detected,15000,
B11-2,BRCA1,p.C61G,c.181T>G,detected,21000,
B12-1,PIK3CA,p.H1047fs,c.3140del,detected,5000,
"""
PATHOLOGY = """patient_id,specimen,taken_on,test,result
B01,primary,2023-01-01,er,negative
B01,metastasis,2023-12-01,er,positive
B02,primary,2023-06-01,er,positive
"""


def study_text() -> str:
    """The study definition as text."""
    return STUDY_TOML.split("[[assay]]", maxsplit=1)[0] + ASSAYS + PFS


@cache
def biomarker_snapshot() -> Snapshot:
    """The snapshot, built once for all tests; the data cut is 31 Dec 2024."""
    return built_once("biomarker", _write)


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
    (extract / "pathology.csv").write_text(PATHOLOGY, encoding="utf-8")
    return study


def biomarker_study_folder() -> Path:
    """Folder of the study definition of the snapshot."""
    return biomarker_snapshot().database.parents[3] / "small"
