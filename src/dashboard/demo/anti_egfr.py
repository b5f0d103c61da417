"""Cetuximab only for colorectal cancer without a RAS or BRAF mutation (ESMO; V600E: beside encorafenib)."""

from collections import defaultdict

from dashboard.demo.truth import StudyTruth

GENES = ("KRAS", "NRAS", "BRAF")
# What the others are given instead, by the regimen drawn: no line repeats the one before it.
INSTEAD = {
    ("k4care", "FOLFIRI, cetuximab"): (
        "FOLFOX, bevacizumab",
        "bevacizumab + fluorouracil + leucovorin + oxaliplatin",
    ),
    ("k4care", "Irinotecan, cetuximab"): (
        "FOLFIRI, bevacizumab",
        "bevacizumab + fluorouracil + irinotecan + leucovorin",
    ),
    ("pulmonary-oligomets", "FOLFIRI, cetuximab"): (
        "FOLFIRI, bevacizumab",
        "bevacizumab + fluorouracil + irinotecan + leucovorin",
    ),
}


def replace_anti_egfr(truth: StudyTruth) -> None:
    """Change the regimen of patients whose tissue or assay has a RAS or BRAF mutation; nothing is drawn."""
    mutated = _mutated(truth)
    for record in truth.of("treatment"):
        instead = INSTEAD.get((truth.study_id, str(record.values.get("regimen"))))
        if instead is not None and record.values["patient_id"] in mutated:
            label, agents = instead
            record.values |= {"regimen": label, "agents": agents, "agents_as_written": label}


def _mutated(truth: StudyTruth) -> set[str]:
    """Patients with a RAS or BRAF mutation in the tissue report or among the variants of the assay."""
    found = {
        row.values["patient_id"]
        for row in truth.of("pathology")
        if str(row.values["test"]).upper() in GENES and row.values["result"] != "wild type"
    }
    genes: dict[str, set[str]] = defaultdict(set)
    for row in truth.of("variant"):
        genes[row.values["sample_id"]].add(row.values["gene"])
    samples = truth.of("ctdna_sample")
    return found | {row.values["patient_id"] for row in samples if genes[row.values["sample_id"]] & {*GENES}}
