"""ctDNA in the sentences of the patient page: level, what it is compared with, course beside imaging."""

from collections.abc import Mapping
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.ctdna_change import Level, change_percent, fall_words, times_words
from dashboard.tables.formats import format_ppm
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.patient_timeline_ctdna import is_allele_fraction, said_level, sample_event

Row = Mapping[str, Any]
COURSES = {
    "UP": "up",
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
    lod_ppm = row.get("other_lod_ppm") if is_allele_fraction(row) else None
    percent = change_percent(
        Level(row["other_level_sum"], row["other_level_n"]),
        Level(row["level_sum"], row["level_n"]),
        lod_ppm=lod_ppm,
    )
    # Draws below LoQ or not detected have no level: they may lie lower than the lowest that is named.
    if percent is None:
        near = "" if lod_ppm is None else f" near the LoD of {format_ppm(lod_ppm)} %"
        none = f"change not quantifiable{near}"
        return {"fall": f"{none}: was", "rise": f"{none}: lowest"}
    return {
        "fall": f"{fall_words(percent)} from",
        "rise": f"{times_words(percent)} over the lowest quantified,",
    }


def course_words(row: Row, *, clock: Clock) -> str:
    """What ctDNA says beside imaging and compared with what: little changed within line 3, from baseline.

    Of a rise the sample it is over: up from 1.07 % on 13 Oct 2025, before line 1.
    """
    words = COURSES.get(str(row["code"]), "")
    if row["code"] not in COMPARED:
        return words
    if row["code"] == "UP":
        return f"{words}{_over(row, clock=clock)}"
    if row["line"] is not None:
        return f"{words} {within_line(row)}"
    reference = vocabulary.CTDNA_REFERENCES.get(str(row.get("reference")))
    return f"{words} from {reference}" if reference else words


def within_line(row: Row) -> str:
    """Within line 3; of a draw after the end of the line, since line 3 began."""
    number = row["line"]
    if not number:
        return "before line 1"
    return f"since line {number} began" if row.get("is_after_line") else f"within line {number}"


def _over(row: Row, *, clock: Clock) -> str:
    """The sample that a rise is over, its day and its place among the lines; no words without one."""
    if row.get("over_on") is None:
        return ""
    event = sample_event(row, "over_", status=row["over_status"], quantity_kind=row["over_quantity_kind"])
    now, then = row["line"], row["over_line"]
    if now and then < now:
        where = f", before line {now}"
    elif then:
        where = f", {'after' if row['is_over_after_line'] else 'on'} line {then}"
    else:
        where = ""
    return f" from {said_level(event)} on {clock.name(row['over_on'])}{where}"
