"""Trastuzumab and a positive HER2 go together: 3+, or 2+ with the gene amplified (ASCO/CAP)."""

from dashboard.demo.truth import StudyTruth

POSITIVE = ("3+", "2+ ISH+")
NEGATIVE = "1+"
WITH_TRASTUZUMAB = "Docetaxel, trastuzumab"
INSTEAD = {"regimen": "Docetaxel", "agents": "docetaxel", "agents_as_written": "Docetaxel"}


def replace_trastuzumab(truth: StudyTruth) -> None:
    """Leave trastuzumab out of the regimen of patients without HER2; nothing is drawn."""
    results = truth.of("pathology", test="her2")
    positive = {row.values["patient_id"] for row in results if row.values["result"] in POSITIVE}
    for record in truth.of("treatment", regimen=WITH_TRASTUZUMAB):
        if record.values["patient_id"] not in positive:
            record.values |= INSTEAD


def lower_untreated_her2(truth: StudyTruth) -> None:
    """Make HER2 negative in patients who never get trastuzumab; nothing is drawn."""
    treated = {row.values["patient_id"] for row in truth.of("treatment", regimen=WITH_TRASTUZUMAB)}
    for record in truth.of("pathology", test="her2"):
        if record.values["result"] in POSITIVE and record.values["patient_id"] not in treated:
            record.values |= {"result": NEGATIVE}
