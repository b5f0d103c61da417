"""Fourteen patients, one for every place in the comparison of ctDNA change with response.

Day 0 is 1 January 2024, the baseline draw; treatment starts on day 2; day 60 is 1 March, day 91 is 1 April.
"""

from functools import cache
from pathlib import Path

from dashboard.store.snapshot import Snapshot
from tests.built_once import built_once
from tests.small_study import STUDY_TOML, write_small_study

CUT_OFF = "2024-12-31"
RULES = """
[[molecular_rule]]
scheme = "CLEAR"
label = "ctDNA clearance"
kind = "clearance"
is_default = true

[[molecular_rule]]
scheme = "MR50"
label = "ctDNA fall of at least 50 %"
kind = "fall"
numerator = 1
denominator = 2

[[molecular_rule]]
scheme = "FOUR"
label = "ctDNA change, four categories (project definition, not LB-RECIST)"
kind = "categories"
numerator = 1
denominator = 2
is_offered = false

[[endpoint]]
id = "PFS"
label = "PFS"
origin = { milestone = "line_start", line = 1 }
events = ["radiological_progression", "death"]
censor = ["known_alive"]
is_headline = true

[[endpoint]]
id = "PFS_AFTER_SECOND_DRAW"
label = "PFS after the second draw"
anchor = { milestone = "line_start", line = 1 }
origin = "second_draw"
events = ["radiological_progression", "death"]
censor = ["known_alive"]
"""
IDS = [f"C{number:02d}" for number in range(1, 15)]
BREAST = ("C03", "C04")
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis\n" + "".join(
    f"{one},{'01' if place < 7 else '02'},{'female' if place % 2 else 'male'},{1950 + place},2024-01-01,"
    f"{'breast' if one in BREAST else 'lung'},Cancer\n"
    for place, one in enumerate(IDS)
)
TREATMENTS = "patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents\n" + "".join(
    f"{one},T1,systemic,1,2024-01-03,,osimertinib,osimertinib\n" for one in IDS
)
# C08 dies before a second draw is due; C05 is last seen on day 152.
CONTACTS = "patient_id,contact_on,vital_status,died_on\n" + "".join(
    {
        "C08": "C08,2024-02-20,dead,2024-02-20\n",
        "C05": "C05,2024-06-01,alive,\n",
    }.get(one, f"{one},2024-12-01,alive,\n")
    for one in IDS
)
# Sample, patient, day, status, panel, mean level of its variant in ppm, reason.
DRAWS = (
    # Cleared on day 60 exactly, and a third draw on which ctDNA is back.
    ("C01", "2024-01-01", "detected", "K", 10000, ""),
    ("C01", "2024-03-01", "not_detected", "K", None, "planned_follow_up"),
    ("C01", "2024-07-01", "detected", "K", 4000, "planned_follow_up"),
    ("C02", "2024-01-01", "detected", "K", 10000, ""),
    ("C02", "2024-04-01", "not_detected", "K", None, "planned_follow_up"),
    # Doubled, drawn for suspicion; progression 4 days later.
    ("C03", "2024-01-01", "detected", "K", 10000, ""),
    ("C03", "2024-04-01", "detected", "K", 20000, "suspected_progression"),
    # Exactly one half left.
    ("C04", "2024-01-01", "detected", "K", 10000, ""),
    ("C04", "2024-04-01", "detected", "K", 5000, "planned_follow_up"),
    ("C05", "2024-01-01", "detected", "K", 10000, ""),
    ("C05", "2024-04-01", "detected", "K", 9000, "planned_follow_up"),
    ("C06", "2024-01-01", "not_detected", "K", None, ""),
    ("C06", "2024-04-01", "detected", "K", 500, ""),
    ("C07", "2024-01-01", "detected", "K", 10000, ""),
    ("C08", "2024-01-01", "detected", "K", 10000, ""),
    ("C09", "2024-01-01", "detected", "K", 10000, ""),
    ("C09", "2024-04-01", "failed", "K", None, ""),
    # Day 59: too early to be the second draw.
    ("C10", "2024-01-01", "detected", "K", 10000, ""),
    ("C10", "2024-02-29", "not_detected", "K", None, ""),
    # Day 40 of treatment: no baseline.
    ("C11", "2024-02-12", "detected", "K", 10000, ""),
    ("C11", "2024-06-01", "not_detected", "K", None, ""),
    ("C12", "2024-01-01", "pending", "K", None, ""),
    # Another panel.
    ("C14", "2024-01-01", "detected", "K", 10000, ""),
    ("C14", "2024-04-01", "not_detected", "L", None, ""),
)
SAMPLES = "sample_id,patient_id,collected_on,status,assay,panel,reason\n" + "".join(
    f"S{number},{patient},{on},{status},{panel},{panel},{reason}\n"
    for number, (patient, on, status, panel, _level, reason) in enumerate(DRAWS)
)
VARIANTS = "sample_id,gene,variant,status,is_tracked,maf_ppm\n" + "".join(
    f"S{number},KRAS,p.G12D,{status},true,{'' if level is None else level}\n"
    for number, (_patient, _on, status, _panel, level, _reason) in enumerate(DRAWS)
    if status in ("detected", "not_detected")
)
# C04 is imaged 28 days after its draw, C03 4, C02 29; C05 only 43 days after, outside the window.
RESPONSES = """patient_id,assessed_on,assessor,overall,new_lesion
C01,2024-03-01,treating_physician,pr,no
C02,2024-04-30,treating_physician,sd,no
C03,2024-04-05,treating_physician,pd,yes
C04,2024-04-29,treating_physician,sd,no
C05,2024-05-14,treating_physician,sd,no
C11,2024-06-01,treating_physician,pr,no
"""
PANEL_L = '[[assay]]\nassay = "L"\npanel = "L"\ntracks = "tumour_informed"\nlod_ppm = 500\n'


def study_text() -> str:
    """The study definition as text."""
    head = STUDY_TOML.split("[[molecular_rule]]", maxsplit=1)[0]
    return f"{head}{PANEL_L}{RULES}"


@cache
def clearance_snapshot() -> Snapshot:
    """The snapshot, built once for all tests; the data cut is 31 Dec 2024."""
    return built_once("clearance", _write)


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
    (study / "extracts" / CUT_OFF / "response.csv").write_text(RESPONSES, encoding="utf-8")
    return study


def clearance_study_folder() -> Path:
    """Folder of the study definition of the snapshot."""
    return clearance_snapshot().database.parents[3] / "small"
