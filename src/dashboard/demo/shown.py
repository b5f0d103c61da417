"""Planted patients that the last data cut must show in a certain state (the reasons to look of A33)."""

from collections.abc import Collection

from dashboard.demo.truth import StudyTruth
from dashboard.demo.workdays import ordinal

LAST_CUT = ordinal(2026, 2, 28)
HOLDS_TO_LAST_CUT = frozenset(
    {
        "newly_detected_no_scan",
        "rising_without_progression",
        "detected_in_complete_response",
        "scan_overdue",
        "response_differs",
        "pending_long",
        "failed_without_redraw",
    }
)


def scans_end(special: Collection[str]) -> int | None:
    """Day after which a planted patient has no scan in time for the last data cut."""
    if "newly_detected_no_scan" in special:
        return LAST_CUT - 82
    if "scan_overdue" in special:
        return LAST_CUT - 118
    return None


def days_as_planted(special: Collection[str], started: int, days: float) -> float:
    """Days from the start of a line to progression, moved where the last data cut must show the patient."""
    if "progression_not_detected" in special:
        return max(LAST_CUT - 115 - started, 60)
    return max(days, LAST_CUT + 75 - started) if HOLDS_TO_LAST_CUT.intersection(special) else days


def enlarge_target(truth: StudyTruth, patient_id: str) -> None:
    """The last scan before the last data cut measures growth, yet the physician wrote stable disease."""
    scans = [r for r in truth.of("response", patient_id=patient_id) if r.known_on <= LAST_CUT]
    if not scans:
        truth.planted["response_differs"].remove(patient_id)
        return
    last = max(scans, key=lambda record: record.values["assessed_on"])
    day = last.values["assessed_on"]
    target = truth.of("lesion", patient_id=patient_id, assessed_on=day, role="target")[0]
    extra = max(12, round(0.45 * last.values["sum_of_diameters_mm"]))
    target.values["diameter_mm"] += extra
    last.values |= {
        "sum_of_diameters_mm": last.values["sum_of_diameters_mm"] + extra,
        "overall": "sd",
        "target": "sd",
    }
