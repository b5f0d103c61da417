"""The variants of a patient: one line per variant with its course, and every result behind it."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import rules
from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_ppm
from dashboard.tables.patient_timeline import Clock

Row = Mapping[str, Any]
COLUMNS = (
    "Gene",
    "Protein change",
    "Status",
    "Course",
    "First, %",
    "Highest, %",
    "Last, %",
    "Copy number",
    "Possible other origin",
    "Coding change",
    "Followed",
    "Samples covering it",
    "Why",
    "Source of the last result",
)
RESULT_COLUMNS = ("Gene", "Protein change", "Coding change", "Draw", "Date", "Panel", "Result", "Source")
ORDER = {"NEW": 0, "NOW": 0, "AGAIN": 1, "STILL": 1, "NO_LONGER": 2, "NOT_ASSESSABLE": 3, "NOT_COVERED": 4}
STEPS = "▁▂▃▄▅▆▇█"
SAME = "▄"
MARKS = {"NOT_COVERED": "·", "ABSENT": "▽", "BELOW_LOQ": "○", "NO_NUMBER": "●"}
MOST_IN_NUMBERS = 2
COURSE_NOTE = (
    "Course, one sign per valid sample from the first to the last: ▁ to █ the allele fraction on a log "
    "scale between the lowest and the highest of this patient, ▽ not detected, ○ below LoQ, ● detected "
    "without a number, · not covered. With two samples the two results."
)
BREAK = "‖"
BREAK_NOTE = (
    f"{BREAK} assay or panel changed: where both cover the gene it is compared whether the variant was found "
    "(“other assay” behind the status), never how much of it. A first or highest MAF of an earlier assay is "
    "named so."
)
OTHER_ASSAY = ", other assay"
EARLIER = " (earlier assay)"


def variant_table(courses: Sequence[Row], *, clock: Clock, samples: Sequence[Row] = ()) -> pd.DataFrame:
    """One row per variant, new ones first, then by the highest MAF.

    `courses` are rows of variant_course, `samples` rows of variant_sample of the same patient.
    """
    rows = []
    for course in in_order(courses):
        points = _points_of(course, samples)
        rows.append(_row(course, points, clock=clock, span=_span(samples)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def result_table(courses: Sequence[Row], *, clock: Clock, samples: Sequence[Row]) -> pd.DataFrame:
    """One row per variant and valid sample in the order of `result_rows`: date, panel, result, source."""
    points = result_rows(courses, samples=samples)
    rows = [
        (
            str(point["gene"]),
            str(point["variant"]),
            str(point["hgvs_c"] or NOTHING),
            str(point["draw_no"]),
            clock.name(point["collected_on"]),
            _panel_words(point, before=before),
            result_words(point),
            source_words(point),
        )
        for before, point in zip([None, *points], points, strict=False)
    ]
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def result_rows(courses: Sequence[Row], *, samples: Sequence[Row]) -> list[Row]:
    """Rows of variant_sample in the order of the variant table, oldest first."""
    return [point for course in in_order(courses) for point in _points_of(course, samples)]


def in_order(courses: Sequence[Row]) -> list[Row]:
    """New variants first, then by the highest MAF."""
    return sorted(
        courses,
        key=lambda c: (ORDER.get(c["status"], 9), -(c["highest_maf_ppm"] or 0), c["gene"], c["variant"]),
    )


def result_words(point: Row) -> str:
    """Result of one variant in one sample."""
    if point["is_copy_number"]:
        return _copy_number_words(point["variant"], point["outcome"], point["copy_number"])
    if point["outcome"] == "NOT_COVERED":
        return "not covered"
    if point["outcome"] == "ABSENT":
        return "not detected"
    if point["status"] == "below_loq":
        return "below LoQ"
    if point["maf_ppm"] is None:
        return "detected, no number"
    return f"{format_ppm(point['maf_ppm'])} %"


def source_words(point: Row) -> str:
    """File and row of a result; where the file has no row, why the result is known all the same."""
    if point["source_file"] is not None:
        return f"{point['source_file']}, row {point['source_row']}"
    return "no row: covered by the assay" if point["outcome"] == "ABSENT" else NOTHING


def course_words(points: Sequence[Row], *, span: tuple[float, float] | None) -> str:
    """The course over the valid samples: with two samples the two results, else one sign per sample.

    `span` is the lowest and highest log10 of the allele fractions in ppm that the signs are spread over.
    """
    if len(points) <= MOST_IN_NUMBERS:
        between = f" {BREAK} " if has_break(points) else " → "
        return between.join(result_words(point) for point in points) or NOTHING
    signs = [_sign(point, span) for point in points]
    return "".join(
        f"{BREAK}{sign}" if number and is_new_series(points[number - 1], points[number]) else sign
        for number, sign in enumerate(signs)
    )


def is_new_series(before: Row, point: Row) -> bool:
    """Whether a result is of another assay, panel, quantity or tracked set than the one before it."""
    return before["series_no"] is not None and before["series_no"] != point["series_no"]


def has_break(points: Sequence[Row]) -> bool:
    """Whether results that are not comparable stand beside each other (clinical-decisions A35)."""
    return len({point["series_no"] for point in points} - {None}) > 1


def status_words(course: Row) -> str:
    """New, still or no longer detected; without a valid sample after the baseline, what samples there are."""
    # A data cut kept from before the mart had it names no reference.
    origin = vocabulary.CTDNA_REFERENCES[course.get("reference") or "BASELINE"]
    if course["rule"] == "VARIANT_ONE_SAMPLE":
        return "one sample" if course["n_samples"] == 1 else f"no sample since {origin}"
    words = vocabulary.VARIANT_COURSES.get(course["status"], "followed, never detected")
    if course["status"] == "NEW":
        words = f"new since {origin}"
    return f"{words}{OTHER_ASSAY}" if course.get("is_across_assays") else words


def origin_words(course: Row, *, clock: Clock) -> str:
    """Why the variant may come from white cells or the germline (clinical-decisions A45); else a dash."""
    code = course["germline_rule"] or course["chip_rule"]
    return NOTHING if code is None else _sentence(code, course, clock)


def _row(
    course: Row, points: Sequence[Row], *, clock: Clock, span: tuple[float, float] | None
) -> tuple[str, ...]:
    return (
        str(course["gene"]),
        str(course["variant"]),
        status_words(course),
        course_words(points, span=span),
        _first(course, points, clock),
        _highest(course, points, clock),
        _last(course, points, clock),
        _copy_number(course, clock),
        origin_words(course, clock=clock),
        str(course["hgvs_c"] or NOTHING),
        "yes" if course["is_tracked"] else "no",
        f"{course['n_covered']} of {course['n_samples']}",
        _sentence(course["rule"], course, clock),
        _last_source(points),
    )


def _sentence(code: str, course: Row, clock: Clock) -> str:
    return rules.sentence(code, course, name_day=clock.name).rstrip(".")


def _first(course: Row, points: Sequence[Row], clock: Clock) -> str:
    """The first detection with its date, a number or not; nothing of a copy number, which has no MAF."""
    if course["first_detected_on"] is None or course["is_copy_number"]:
        return NOTHING
    ppm: Decimal | None = course["first_maf_ppm"]
    without = "below LoQ" if course["first_status"] == "below_loq" else "detected, no number"
    words = without if ppm is None else format_ppm(ppm)
    return f"{words} · {clock.name(course['first_detected_on'])}{_earlier(course['first_draw_no'], points)}"


def _highest(course: Row, points: Sequence[Row], clock: Clock) -> str:
    words = _dated("highest", course, clock)
    return words if words == NOTHING else words + _earlier(course["highest_maf_draw_no"], points)


def _dated(which: str, course: Row, clock: Clock) -> str:
    """The highest or last MAF with its date."""
    ppm: Decimal | None = course[f"{which}_maf_ppm"]
    return NOTHING if ppm is None else f"{format_ppm(ppm)} · {clock.name(course[f'{which}_maf_on'])}"


def _earlier(draw_no: int | None, points: Sequence[Row]) -> str:
    """That the result of a draw is of an earlier assay than the last."""
    own = [point for point in points if point["draw_no"] == draw_no]
    return EARLIER if own and is_new_series(own[0], points[-1]) else ""


def _panel_words(point: Row, *, before: Row | None) -> str:
    panel = str(point["panel"] or "panel not recorded")
    is_same = before is not None and _variant(before) == _variant(point)
    if before is not None and is_same and is_new_series(before, point):
        return f"{panel}, level not comparable with the samples before"
    return panel


def _variant(point: Row) -> tuple[str, str]:
    return str(point["gene"]), str(point["variant"])


def _last(course: Row, points: Sequence[Row], clock: Clock) -> str:
    if course["is_copy_number"]:
        return NOTHING
    if course["latest_outcome"] == "ABSENT":
        return f"not detected · {clock.name(course['latest_on'])}"
    if course["latest_outcome"] == "NOT_COVERED":
        return f"not covered · {clock.name(course['latest_on'])}"
    if points and points[-1]["maf_ppm"] is None:
        return f"{result_words(points[-1])} · {clock.name(points[-1]['collected_on'])}"
    return _dated("last", course, clock)


def _copy_number(course: Row, clock: Clock) -> str:
    if not course["is_copy_number"]:
        return NOTHING
    words = _copy_number_words(course["variant"], course["latest_outcome"], course["copy_number_latest"])
    return f"{words} · {clock.name(course['latest_on'])}"


def _copy_number_words(variant: str, outcome: str, copy_number: Decimal | None) -> str:
    """Copy number apart from allele fractions (clinical-decisions A35)."""
    change = "deleted" if variant in ("deletion", "loss") else "amplified"
    if outcome != "FOUND":
        return f"not {change}" if outcome == "ABSENT" else "not assessed"
    return change if copy_number is None else f"{change} (CN {float(copy_number):g})"


def _points_of(course: Row, samples: Sequence[Row]) -> list[Row]:
    own = [row for row in samples if (row["gene"], row["variant"]) == (course["gene"], course["variant"])]
    return sorted(own, key=lambda row: row["draw_no"])


def _span(samples: Sequence[Row]) -> tuple[float, float] | None:
    logs = [math.log10(row["maf_ppm"]) for row in samples if row["maf_ppm"]]
    return (min(logs), max(logs)) if logs else None


def _sign(point: Row, span: tuple[float, float] | None) -> str:
    if point["outcome"] != "FOUND":
        return MARKS[point["outcome"]]
    if point["status"] == "below_loq":
        return MARKS["BELOW_LOQ"]
    if not point["maf_ppm"] or span is None:
        return MARKS["NO_NUMBER"]
    low, high = span
    if low == high:
        return SAME
    share = (math.log10(point["maf_ppm"]) - low) / (high - low)
    return STEPS[round(share * (len(STEPS) - 1))]


def _last_source(points: Sequence[Row]) -> str:
    found = [point for point in points if point["source_file"] is not None]
    return source_words(found[-1]) if found else NOTHING
