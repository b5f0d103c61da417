"""The variant table under the timeline."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_ppm
from dashboard.tables.patient_timeline import Clock

Row = Mapping[str, Any]
COLUMNS = ("Gene", "Variant", "First, %", "Highest, %", "Last, %", "Status", "First detected", "Origin")
CHIP_WORDS = {
    "CHIP_STATED": "laboratory states clonal haematopoiesis",
    "CHIP_GENE": "gene list, no matched white-cell result",
    "CHIP_MAF_UNCHANGED": "MAF unchanged while the others fell",
}
ORDER = {"NEW": 0, "STILL": 1, "NO_LONGER": 2, "NOT_ASSESSABLE": 3, "NOT_COVERED": 4}


def variant_table(courses: Sequence[Row], *, clock: Clock) -> pd.DataFrame:
    """One row per variant of the patient, new ones first, then by the highest MAF."""
    ordered = sorted(
        courses, key=lambda c: (ORDER.get(c["status"], 9), -(c["highest_maf_ppm"] or 0), c["gene"])
    )
    return pd.DataFrame([_row(course, clock) for course in ordered], columns=list(COLUMNS))


def _row(course: Row, clock: Clock) -> tuple[str, ...]:
    return (
        str(course["gene"]),
        str(course["variant"]),
        _dated(course["first_maf_ppm"], course["first_maf_on"], clock),
        _dated(course["highest_maf_ppm"], course["highest_maf_on"], clock),
        _last(course, clock),
        vocabulary.VARIANT_COURSES.get(course["status"], "followed, never detected"),
        clock.name(course["first_detected_on"]),
        _origin(course),
    )


def _dated(ppm: Decimal | None, day: Any, clock: Clock) -> str:
    return NOTHING if ppm is None else f"{format_ppm(ppm)} · {clock.name(day)}"


def _last(course: Row, clock: Clock) -> str:
    if course["is_copy_number"]:
        number = course["copy_number_latest"]
        return "copy number" if number is None else f"amplified (CN {float(number):g})"
    if course["latest_outcome"] == "ABSENT":
        return f"not detected · {clock.name(course['latest_on'])}"
    if course["latest_outcome"] == "NOT_COVERED":
        return "not covered"
    return _dated(course["last_maf_ppm"], course["last_maf_on"], clock)


def _origin(course: Row) -> str:
    if course["is_possible_germline"]:
        return "possible germline (laboratory)"
    if course["is_possible_chip"]:
        return f"possible clonal haematopoiesis ({CHIP_WORDS.get(course['chip_rule'], 'see study rules')})"
    return "followed from the tumour" if course["is_tracked"] else NOTHING
