"""ctDNA: states, directions, statuses and marks (clinical-decisions A3, A2, A17).

Text in braces is filled with the numbers of the row: n_samples, status, n_run, run_days, reason, percent and
factor.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CtdnaState:
    """Words for one state: the sentence with its numbers, and a short form for tables and filters."""

    sentence: str
    short: str


CTDNA_STATES: dict[str, CtdnaState] = {
    "NO_SAMPLE": CtdnaState("no ctDNA sample", "no sample"),
    "BASELINE_ONLY": CtdnaState("one result so far ({status})", "one result so far"),
    "NEVER_DETECTED": CtdnaState("never detected ({n_samples} samples)", "never detected"),
    "NEVER_DETECTED_ON_TX": CtdnaState(
        "not detected, no pre-treatment sample", "not detected, no pre-treatment sample"
    ),
    "NEWLY_DETECTED": CtdnaState("newly detected (was not detected at baseline)", "newly detected"),
    "CLEARED_UNCONFIRMED": CtdnaState("not detected, one sample (unconfirmed)", "cleared, unconfirmed"),
    "CLEARED_SUSTAINED": CtdnaState(
        "not detected in {n_run} consecutive samples over {run_days} days", "cleared, sustained"
    ),
    "REDETECTED": CtdnaState("detected again after clearance", "detected again"),
    "PERSISTENT": CtdnaState("still detected", "still detected"),
    "NOT_EVALUABLE": CtdnaState("cannot be judged ({reason})", "cannot be judged"),
}
# Beside PERSISTENT.
CTDNA_DIRECTIONS: dict[str, CtdnaState] = {
    "FALLING": CtdnaState("still detected, falling (−{percent} %)", "falling"),
    "STABLE": CtdnaState("still detected, little changed", "little changed"),
    "RISING": CtdnaState("still detected, rising (×{factor} over lowest)", "rising"),
}
# What a state, its direction or a new variant compares with (column reference of the marts).
CTDNA_REFERENCES: dict[str, str] = {
    "BASELINE": "baseline",
    "FIRST_DRAW": "first draw",
    "FIRST_OF_ASSAY": "first draw of this assay",
}
# Two or more samples that did not span the days of sustained clearance are not one sample.
CLEARED_UNCONFIRMED_MANY = "not detected in {n_run} samples over {run_days} days (unconfirmed)"
# What a result or its level rests on (ctdna_basis), where there is no room for the sentence of the rule.
CTDNA_ORIGINS: dict[str, str] = {
    "BASIS_POSSIBLE_CHIP": "possibly clonal haematopoiesis alone",
    "BASIS_POSSIBLE_CHIP_RISE": "MAF rise only of possible clonal haematopoiesis",
    "BASIS_OTHER_ORIGIN": "possibly white cells or germline alone",
    "BASIS_OTHER_ORIGIN_RISE": "MAF rise only of possible white-cell or germline variants",
    "BASIS_POSSIBLE_CHIP_LEVEL": "highest MAF is of possible clonal haematopoiesis",
    "BASIS_OTHER_ORIGIN_LEVEL": "highest MAF is of a possible white-cell or germline variant",
    "BASIS_POSSIBLE_CHIP_LEVEL_ALONE": "level of possible clonal haematopoiesis alone",
    "BASIS_OTHER_ORIGIN_LEVEL_ALONE": "level of possible white-cell or germline variants alone",
}
MOLECULAR_PROGRESSION = "molecular progression (ctDNA rule, not RECIST)"

CTDNA_STATUSES: dict[str, str] = {
    "detected": "detected",
    "below_loq": "detected, below LoQ",
    "not_detected": "not detected",
    "failed": "failed",
    "pending": "result pending",
    "not_done": "not done",
}
DRAW_TIMINGS: dict[str, str] = {
    "PRE_TREATMENT": "before treatment",
    "ON_TREATMENT": "on treatment",
    "OFF_TREATMENT": "off treatment",
    "UNKNOWN": "timing unknown (no treatment dates)",
}
# The first valid draw where none was taken before the index treatment (clinical-decisions A2). Where no
# treatment date is known the line of therapy says so.
FIRST_DRAW_TIMINGS: dict[str, str] = {
    "ON_TREATMENT": "first valid draw on treatment: no baseline",
    "OTHER_LINE": "first valid draw before another line: no baseline",
    "OFF_TREATMENT": "first valid draw outside the window before treatment: no baseline",
}
DRAW_REASONS: dict[str, str] = {
    "enrolment": "enrolment",
    "planned_follow_up": "planned follow-up",
    "suspected_progression": "suspected progression",
    "at_progression": "at progression",
    "other": "other reason",
    "unknown": "reason not recorded",
}
MOLECULAR_CATEGORIES: dict[str, str] = {
    "CLEARED": "cleared",
    "NOT_CLEARED": "still detected",
    "NEVER_DETECTED": "never detected",
    "NOT_EVALUABLE": "cannot be judged",
    "NOT_DETECTED": "not detected",
    "FALL": "fall",
    "NO_FALL": "no such fall",
    "WITHIN": "within limits",
    "RISE": "rise",
}


@dataclass(frozen=True)
class CtdnaMark:
    """Mark of one sample status: shape, whether it is filled, and the lane it stands in."""

    shape: str
    is_filled: bool
    place: str
    letter: str | None = None
    is_dashed: bool = False


CTDNA_MARKS: dict[str, CtdnaMark] = {
    "detected": CtdnaMark("circle", True, "log panel"),
    "below_loq": CtdnaMark("circle", False, "log panel, at the LoQ"),
    "not_detected": CtdnaMark("triangle-down", False, "not detected"),
    "failed": CtdnaMark("cross", False, "no result"),
    "pending": CtdnaMark("circle", False, "no result", letter="P", is_dashed=True),
    "not_done": CtdnaMark("square", False, "no result", is_dashed=True),
}


def fill(text: str, **numbers: Any) -> str:
    """A sentence with its numbers. KeyError names a number that is not given.

    >>> fill(CTDNA_STATES["CLEARED_SUSTAINED"].sentence, n_run=3, run_days=91)
    'not detected in 3 consecutive samples over 91 days'
    """
    return text.format(**numbers)
