"""Each number of the ctDNA state rules changed alone: What changed names exactly the patient it decides."""

from pathlib import Path

import pytest

from dashboard.store.diff import Kind, study_changes
from dashboard.store.reader import Reader
from tests.integration.test_changes import built

pytestmark = pytest.mark.slow
# Line 1 of everybody starts on 1 Feb 2024. One patient stands between the two values of each rule.
NAMES = ("FALL", "RISE", "SUSTAIN", "EARLY", "LATE", "CLEAR")
PATIENTS = "patient_id,site_id,sex,born_on,enrolled_on,tumour_type,diagnosis\n" + "".join(
    f"{name},01,female,1960,2024-02-01,lung,Lung adenocarcinoma\n" for name in NAMES
)
TREATMENTS = "patient_id,treatment_id,kind,line,started_on,ended_on,regimen,agents\n" + "".join(
    f"{name},T1,systemic,1,2024-02-01,,osimertinib,osimertinib\n" for name in NAMES
)
CONTACTS = "patient_id,contact_on,vital_status,died_on\n" + "".join(
    f"{name},2024-06-20,alive,\n" for name in NAMES
)
# Day of the draw and level in ppm; none is not detected.
DRAWS = {
    "FALL": (("2024-01-30", 20_000), ("2024-04-01", 12_000)),
    "RISE": (("2024-01-30", 10_000), ("2024-04-01", 25_000)),
    # 30 days from the first to the second sample without ctDNA.
    "SUSTAIN": (("2024-01-30", 20_000), ("2024-04-01", None), ("2024-05-01", None)),
    # 20 days before the line began.
    "EARLY": (("2024-01-12", None), ("2024-04-01", None)),
    # 8 days after the line began.
    "LATE": (("2024-02-09", None), ("2024-04-01", None)),
    # Far from every boundary.
    "CLEAR": (("2024-01-30", 20_000), ("2024-03-01", None), ("2024-06-01", None)),
}
SAMPLES = "sample_id,patient_id,collected_on,status,assay,panel\n" + "".join(
    f"{name}{number},{name},{on},{'not_detected' if ppm is None else 'detected'},K,K\n"
    for name, draws in DRAWS.items()
    for number, (on, ppm) in enumerate(draws)
)
VARIANTS = "sample_id,gene,variant,status,is_tracked,maf_ppm\n" + "".join(
    f"{name}{number},KRAS,p.G12D,{'not_detected' if ppm is None else 'detected'},true,{ppm or ''}\n"
    for name, draws in DRAWS.items()
    for number, (_on, ppm) in enumerate(draws)
)
FILES = {
    "patient": PATIENTS,
    "ctdna_sample": SAMPLES,
    "variant": VARIANTS,
    "treatment": TREATMENTS,
    "contact": CONTACTS,
}
# The rule as changed, whom it decides, and state and direction before and after.
FLIPS = {
    "falling_numerator = 7\nfalling_denominator = 10": ("FALL", "STABLE", "FALLING"),
    "rising_factor = 3": ("RISE", "RISING", "STABLE"),
    "sustained_days = 31": ("SUSTAIN", "CLEARED_SUSTAINED", "CLEARED_UNCONFIRMED"),
    "draw_baseline_from_day = -19": ("EARLY", "NEVER_DETECTED", "NEVER_DETECTED_ON_TX"),
    "draw_baseline_to_day = 8": ("LATE", "NEVER_DETECTED_ON_TX", "NEVER_DETECTED"),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Reader:
    return built(tmp_path_factory.mktemp("flips") / "before", FILES)


@pytest.mark.parametrize("rule", FLIPS, ids=lambda rule: rule.split(" ")[0])
def test_a_rule_changed_alone_names_the_patient_it_decides_and_nobody_else(before, tmp_path: Path, rule):
    patient_id, was, now = FLIPS[rule]
    after = built(tmp_path / "after", FILES, rules=f"\n[ctdna]\n{rule}\n")
    changes = study_changes(before, after)
    assert [(change.patient_id, change.kind) for change in changes] == [(patient_id, Kind.RULE_CHANGED)]
    values = {(str(value.old), str(value.new)) for row in changes[0].rows for value in row.values}
    assert (was, now) in values


@pytest.mark.parametrize(
    "rule", ["falling_numerator = 5\nfalling_denominator = 10", "rising_factor = 2", "sustained_days = 30"]
)
def test_a_rule_written_otherwise_or_just_reaching_changes_nobody(before, tmp_path: Path, rule):
    after = built(tmp_path / "after", FILES, rules=f"\n[ctdna]\n{rule}\n")
    assert study_changes(before, after) == ()
