"""Planted patients that the last data cut must show in a certain state (the reasons to look of A33)."""

from collections.abc import Collection
from math import ceil

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


def days_before_same_line(started: int, days: float) -> float:
    """Days to a progression after which the same drugs are given for over 60 days by the last data cut."""
    # Seen at the latest by the scan 73 days on; nobody so planted is enrolled within 151 days of the cut.
    return min(days, max(LAST_CUT - 140 - started, 45))


def enlarge_target(truth: StudyTruth, patient_id: str) -> None:
    """The last scan before the last data cut measures growth, yet the physician wrote stable disease."""
    scans = [r for r in truth.of("response", patient_id=patient_id) if r.known_on <= LAST_CUT]
    if not scans:
        truth.planted["response_differs"].remove(patient_id)
        return
    last = max(scans, key=lambda record: record.values["assessed_on"])
    day = last.values["assessed_on"]
    target = truth.of("lesion", patient_id=patient_id, assessed_on=day, role="target")[0]
    total = last.values["sum_of_diameters_mm"]
    lowest = _lowest_sum_before(truth, patient_id, day)
    extra = max(12, round(0.45 * total), ceil(1.2 * lowest) - total, lowest + 5 - total)
    target.values["diameter_mm"] += extra
    last.values |= {
        "sum_of_diameters_mm": total + extra,
        "overall": "sd",
        "target": "sd",
    }


def _lowest_sum_before(truth: StudyTruth, patient_id: str, day: int) -> int:
    """Lowest sum of the targets on earlier scans of the line, its baseline among them."""
    sums: dict[int, int] = {}
    since = day
    for row in (r.values for r in truth.of("lesion", patient_id=patient_id, role="target")):
        if row["assessed_on"] < day:
            sums[row["assessed_on"]] = sums.get(row["assessed_on"], 0) + row["diameter_mm"]
            since = row["assessed_on"] if row["visit"] == "baseline" else since
    return min(total for on, total in sums.items() if on >= since)
