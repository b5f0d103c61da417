"""From screening to an evaluable pair, as numbers with reasons that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.studies.vocabulary import DEPARTURES
from dashboard.tables.formats import MINUS
from dashboard.tables.shares import per_cent

STEPS = {
    "SCREENED": "Screened",
    "ENROLLED": "Enrolled",
    "SAMPLE": "Blood drawn for ctDNA",
    "BASELINE": "Valid ctDNA baseline",
    "SECOND": "Second draw, {second_draw_from_day} days or more later",
    "VALID_PAIR": "Valid pair: both samples valid, same assay and variants followed",
    "PAIR": "Clearance can be judged",
    "EVALUABLE": "Response evaluable at the second draw",
}
BEFORE_ENROLMENT = ("SCREENED", "ELIGIBLE", "CONSENTED")
# Eligibility divides the enrolled; nobody leaves by it (clinical-rules 5.5).
VERDICTS = {
    "ELIGIBLE": "all criteria met, by the data or a ruling",
    "NOT_ELIGIBLE": "a criterion not met by the data",
    "NEEDS_RULING": "eligibility waits for a ruling by the PI",
    "UNKNOWN": "eligibility cannot be judged, something is not recorded",
}
# A first valid draw on treatment stands in for the baseline of the level, not for that of a change.
BASELINES = ("drawn before the index treatment", "first valid draw on treatment or later")
DIVISIONS = "Eligibility by the data and when the baseline was drawn divide a step and leave nobody out."
REASONS = {
    "SCREEN_FAILURE": "not enrolled, reason not recorded",
    "NO_ENROLMENT_DATE": "no enrolment date, no screening failure recorded",
    "NO_CONSENT_DATE": "neither consent nor enrolment dated, no screening failure recorded",
    "CONSENTED_ONLY": "consent dated, not enrolled, no screening failure recorded",
    "DECLINED": "declined ctDNA sampling, or not in the ctDNA subset",
    "TYPE_NOT_FOLLOWED": "tumour type not followed by this assay",
    **{reason: f"{words} before it" for reason, words in DEPARTURES.items()},
    "DRAW_NOT_DONE": "draw recorded as not done",
    "NO_DRAW": "no draw recorded",
    "PENDING": "result pending",
    "FAILED": "sample failed",
    "WINDOW_OPEN": "not yet due, or window still open",
    "ONLY_EARLY": "drawn again, but less than {second_draw_from_day} days later",
    "NO_PRE_TREATMENT": "no draw before the index treatment: clearance cannot be judged",
    "ASSAY_CHANGED": "assay, panel or followed variants changed between the draws",
    "NOT_DETECTED_AT_BASELINE": "not detected at baseline",
    "NO_SCAN": "no assessed imaging within ± {pairing_days} days of the second draw",
    "CHANGE_BETWEEN": (
        "imaging within ± {pairing_days} days only on the other side of a progression or change of treatment"
    ),
    "NOT_EVALUABLE": "response not evaluable (NE)",
}


@dataclass(frozen=True)
class FlowRow:
    """One line of the flow: a step with its patients, a part of them, or a reason with how many left."""

    step: str
    label: str
    n: int
    is_step: bool
    is_part: bool = False


@dataclass(frozen=True, kw_only=True)
class FlowNumbers:
    """Numbers of the study definition that stand in the words of the flow."""

    second_draw_from_day: int
    pairing_days: int


def flow_rows(
    patients: pd.DataFrame, *, numbers: FlowNumbers, steps: Mapping[str, str] = STEPS
) -> list[FlowRow]:
    """Each step with its patients, between them every reason to leave; a step minus its reasons is the next.

    `patients` is one row per patient with left_at (one of `steps`), reason, screen_failure_reason,
    verdict and baseline_timing. The enrolled are divided by verdict where the study has criteria, the
    baselines by when they were drawn where some were drawn later.
    """
    words = {"second_draw_from_day": numbers.second_draw_from_day, "pairing_days": numbers.pairing_days}
    rows = []
    remaining = patients
    for step, label in steps.items():
        is_leaving = remaining["left_at"] == step
        reasons = _reasons(remaining[is_leaving], words)
        remaining = remaining[~is_leaving]
        rows += [FlowRow(step, reason, n, False) for reason, n in reasons]
        rows.append(FlowRow(step, label.format(**words), len(remaining), True))
        rows += [FlowRow(step, part, n, False, is_part=True) for part, n in _parts(step, remaining)]
    return rows


def _parts(step: str, patients: pd.DataFrame) -> list[tuple[str, int]]:
    """What divides the patients of a step, with how many; nobody leaves by it."""
    if step == "ENROLLED":
        counts = patients["verdict"].value_counts()
        return [(label, int(counts[verdict])) for verdict, label in VERDICTS.items() if verdict in counts]
    n_before = int((patients["baseline_timing"] == "PRE_TREATMENT").sum())
    if step != "BASELINE" or n_before == len(patients):
        return []
    return list(zip(BASELINES, (n_before, len(patients) - n_before), strict=True))


def count_at(rows: Sequence[FlowRow], step: str) -> int:
    """Patients who reach a step of STEPS."""
    return next(row.n for row in rows if row.is_step and row.step == step)


def _reasons(leaving: pd.DataFrame, words: dict[str, int]) -> list[tuple[str, int]]:
    """Reasons with their patients, most frequent first."""
    named = [
        f"not enrolled: {told}" if reason == "SCREEN_FAILURE_REASON" else REASONS[reason].format(**words)
        for reason, told in zip(leaving["reason"], leaving["screen_failure_reason"], strict=True)
    ]
    counted = pd.Series(named, dtype="str").value_counts()
    return sorted(((str(name), int(n)) for name, n in counted.items()), key=lambda pair: (-pair[1], pair[0]))


def flow_counts(rows: Sequence[FlowRow]) -> pd.DataFrame:
    """One row per step, part or reason in the order of the flow: step, kind, label, n_patients."""
    return pd.DataFrame(
        {
            "step": [row.step for row in rows],
            "kind": ["step" if row.is_step else "part" if row.is_part else "reason" for row in rows],
            "label": [row.label for row in rows],
            "n_patients": [row.n for row in rows],
        }
    )


def flow_table(rows: Sequence[FlowRow], *, counts_only_below: int) -> pd.DataFrame:
    """One row per step, part or reason: words, patients (a reason with a minus), per cent of the enrolled."""
    enrolled = count_at(rows, "ENROLLED")
    table = pd.DataFrame(
        {
            "Patients": [row.label for row in rows],
            "n": [str(row.n) if row.is_step or row.is_part else f"{MINUS}{row.n}" for row in rows],
            "Of enrolled": [_share(row, enrolled) for row in rows],
        }
    )
    return table if enrolled >= counts_only_below else table.drop(columns="Of enrolled")


def _share(row: FlowRow, enrolled: int) -> str:
    if not (row.is_step or row.is_part) or row.step in BEFORE_ENROLMENT or not enrolled:
        return ""
    return f"{per_cent(row.n / enrolled)} %"
