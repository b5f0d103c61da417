"""A snapshot built from files, once for all page tests: 21 patients at two sites, a few with problems."""

from functools import cache
from pathlib import Path

from dashboard.store.snapshot import Snapshot
from tests.built_once import built_once
from tests.small_study import write_small_study

# P0 is a screening failure; P0 to P11 are at site 01, P12 to P20 at site 02.
SITES = ["01"] * 12 + ["02"] * 9
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis,note\n" + "".join(
    f"P{number},{site},{'female' if number % 2 else 'male'},1960,{'2024-02-01' if number else ''},lung,"
    "Lung adenocarcinoma,\n"
    for number, site in enumerate(SITES)
)
SAMPLES = """sample_id,patient_id,collected_on,status,assay,panel
A1,P1,2024-02-01,detected,K,K
A2,P1,2024-05-02,not_detected,K,K
B1,P2,2024-02-01,detected,K,K
C1,P12,2024-02-01,not_detected,K,K
D1,P3,2024-02-01,perhaps,K,K
"""
VARIANTS = """sample_id,gene,variant,status,is_tracked,maf_ppm
A1,KRAS,p.G12D,detected,true,12000
A2,KRAS,p.G12D,not_detected,true,
B1,TP53,p.R175H,detected,true,800.5
C1,PIK3CA,p.H1047R,not_detected,true,
"""
TREATMENTS = """patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents
P1,T1,systemic,1,2024-02-03,,osimertinib,osimertinib
P2,T1,systemic,1,2024-02-03,2024-06-01,FOLFOX,fluorouracil + oxaliplatin
P12,T1,systemic,1,2024-02-03,,letrozole,letrozole
P13,T1,systemic,1,2024-02-03,2024-01-05,letrozole,letrozole
"""
CONTACTS = """patient_id,contact_on,vital_status,died_on
P1,2024-06-20,alive,
P2,2024-06-10,dead,2024-06-10
P12,2024-06-15,alive,
"""


@cache
def real_snapshot() -> Snapshot:
    """The snapshot; the data cut is 30 Jun 2024, the extract is of the same day."""
    return built_once("pages", _write)


def _write(folder: Path) -> Path:
    return write_small_study(
        folder,
        patient=PATIENTS,
        ctdna_sample=SAMPLES,
        variant=VARIANTS,
        treatment=TREATMENTS,
        contact=CONTACTS,
    )
