"""ctDNA in the sentences of the patient page: level, what it is compared with, course beside imaging."""

from collections.abc import Mapping
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.ctdna_change import Level, change_percent, times_words
from dashboard.tables.formats import MINUS
from dashboard.tables.patient_timeline_ctdna import is_allele_fraction, said_level, sample_event

Row = Mapping[str, Any]
COURSES = {
    "UP": "up from its lowest",
    "FALLING": "falling",
    "STABLE": "little changed",
    "NOT_DETECTED": "not detected",
    "DETECTED": "detected",
}
# Those that compare two levels.
COMPARED = ("UP", "FALLING", "STABLE")


def level(row: Row, which: str) -> str | None:
    """Level of a sample with its unit, or the words for its result; None where there is no sample."""
    if row[f"{which}status"] is None:
        return None
    event = sample_event(row, which, status=row[f"{which}status"], quantity_kind=row["quantity_kind"])
    return said_level(event)


def ratios(row: Row) -> dict[str, str]:
    """Words before the level compared with: fall in per cent, rise as a multiple, or that there is none."""
    percent = change_percent(
        Level(row["other_level_sum"], row["other_level_n"]),
        Level(row["level_sum"], row["level_n"]),
        lod_ppm=row.get("other_lod_ppm") if is_allele_fraction(row) else None,
    )
    # Draws below LoQ or not detected have no level: they may lie lower than the lowest that is named.
    lowest = "lowest quantified"
    if percent is None:
        return {"fall": "change not quantifiable, was", "rise": f"change not quantifiable, {lowest}"}
    return {"fall": f"{MINUS}{-percent:.0f} % from", "rise": f"{times_words(percent)} over the {lowest},"}


def course_words(row: Row) -> str:
    """What ctDNA says beside imaging and compared with what: little changed within line 3, from baseline."""
    words = COURSES.get(str(row["code"]), "")
    if row["code"] not in COMPARED:
        return words
    if row["line"] is not None:
        return f"{words} within line {row['line']}"
    reference = vocabulary.CTDNA_REFERENCES.get(str(row.get("reference")))
    return f"{words} from {reference}" if reference and row["code"] != "UP" else words
