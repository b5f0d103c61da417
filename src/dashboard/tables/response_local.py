"""Status after local therapy: progressions by kind, in a sentence and as rows (clinical-decisions A5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.studies.vocabulary import RESPONSES

PROGRESSIONS = {
    "in_field": "in field",
    "new_lung_up_to_5": "new lung lesions, ≤ 5",
    "new_lung_over_5": "new lung lesions, > 5",
    "extrathoracic": "extrathoracic",
}
NOT_SAID = "kind not recorded"
HEADINGS = ("In field", "New lung ≤ 5", "New lung > 5", "Outside chest")
SHORT = dict(zip(PROGRESSIONS.values(), HEADINGS, strict=True))
EQUIVOCAL = "Equivocal (treatment change?)"
NO_EVIDENCE = RESPONSES["NED"].label
NOT_ASSESSED = "Not assessed yet, or not evaluable"


@dataclass(frozen=True, kw_only=True)
class LocalStatus:
    """How many of `n` stand where after local therapy; `progressed` holds (kind in words, patients)."""

    n: int
    progressed: tuple[tuple[str, int], ...]
    n_equivocal: int
    n_no_evidence: int

    @property
    def n_progressed(self) -> int:
        """Patients whose disease progressed, of whatever kind."""
        return sum(count for _, count in self.progressed)

    @property
    def n_not_assessed(self) -> int:
        """Patients without an assessment that says anything."""
        return self.n - self.n_progressed - self.n_equivocal - self.n_no_evidence


def local_status(status: Sequence[str], patterns: Sequence[str | None]) -> LocalStatus:
    """Counts of one status per patient (PD, EQUIVOCAL, NED, other codes) with the kind of its progression."""
    kinds = [
        PROGRESSIONS.get(str(pattern), NOT_SAID)
        for code, pattern in zip(status, patterns, strict=True)
        if code == "PD"
    ]
    named = [(words, kinds.count(words)) for words in PROGRESSIONS.values()]
    not_said = kinds.count(NOT_SAID)
    return LocalStatus(
        n=len(status),
        progressed=(*named, (NOT_SAID, not_said)) if not_said else tuple(named),
        n_equivocal=list(status).count("EQUIVOCAL"),
        n_no_evidence=list(status).count("NED"),
    )


def local_sentence(counts: LocalStatus) -> str:
    """The counts in one sentence, progressions first."""
    if not counts.n:
        return "Nobody had local therapy."
    kinds = "; ".join(f"{words}: {count}" for words, count in counts.progressed)
    rest = [
        f"{counts.n_equivocal} equivocal",
        f"{counts.n_no_evidence} with {NO_EVIDENCE.lower()}",
        *([f"{counts.n_not_assessed} not assessed yet or not evaluable"] if counts.n_not_assessed else []),
    ]
    return (
        f"**Progression in {counts.n_progressed} of {counts.n} after local therapy** ({kinds}). "
        f"The others: {', '.join(rest)}."
    )


def local_table(counts: LocalStatus) -> pd.DataFrame:
    """One row per status with k of n; the kinds of progression add up to the first row, the rest to all."""
    rows = [("Progression", counts.n_progressed)]
    rows += [(f"\N{EM SPACE}{words}", count) for words, count in counts.progressed]
    rows += [
        (EQUIVOCAL, counts.n_equivocal),
        (NO_EVIDENCE, counts.n_no_evidence),
        (NOT_ASSESSED, counts.n_not_assessed),
    ]
    return pd.DataFrame(
        [{"After local therapy": words, "Patients": f"{count} of {counts.n}"} for words, count in rows]
    )


def local_group_table(groups: Sequence[tuple[str, LocalStatus]]) -> pd.DataFrame:
    """One row per group: patients, how many progressed, and how; the last four add up to the patients."""
    rows = []
    for label, counts in groups:
        kinds = {SHORT[words]: str(count) for words, count in counts.progressed if words != NOT_SAID}
        rows.append(
            {
                "Group": label,
                "Patients": str(counts.n),
                **kinds,
                "All progressed": str(counts.n_progressed),
                "Equivocal": str(counts.n_equivocal),
                NO_EVIDENCE: str(counts.n_no_evidence),
                "Not assessed": str(counts.n_not_assessed),
            }
        )
    return pd.DataFrame(rows)
