"""What whole rows say, in words: the result of a sample, the call of a scan, the values of a visit."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import format_count, format_ppm
from dashboard.tables.patient_changes_values import analyte_name, response_name, value_words
from dashboard.tables.patient_timeline import MARKER_NAMES, Clock

Row = Mapping[str, Any]
Said = Callable[[Sequence[Row], Clock], str]
FIRST_VALUES = 4
# Stated by the laboratory, so outside the ctDNA level (clinical-rules 3.5).
STATED_ORIGINS = ("germline", "clonal_haematopoiesis")


def said_of(rows: Sequence[Row], table: str, *, clock: Clock) -> str:
    """What rows of one table say together; empty where the table has nothing to add to its subject."""
    known = SAID.get(table)
    return known(rows, clock) if known and rows else ""


def _said_sample(rows: Sequence[Row], clock: Clock) -> str:
    return ", ".join(vocabulary.CTDNA_STATUSES.get(row["status"], str(row["status"])) for row in rows)


def _said_variants(rows: Sequence[Row], clock: Clock) -> str:
    """The variants of the ctDNA level, as the header counts them, then the copy numbers found."""
    counted = [row for row in rows if not _is_copy_number(row) and row.get("origin") not in STATED_ORIGINS]
    found = [row for row in counted if row["status"] != "not_detected"]
    highest = max(
        (row for row in found if row.get("maf_ppm") is not None), key=lambda row: row["maf_ppm"], default=None
    )
    words = [_found_words(len(found), len(counted))] if counted else []
    if highest is not None:
        name = f"{highest['gene']} {highest['variant']}"
        words.append(f"highest MAF {format_ppm(highest['maf_ppm'])} % ({name})")
    words += [
        f"{row['gene']} {row['variant']}"
        for row in rows
        if _is_copy_number(row) and row["status"] != "not_detected"
    ]
    n_other = sum(row.get("origin") in STATED_ORIGINS for row in rows)
    words += [f"{n_other} stated not to be of the tumour"] if n_other else []
    return ", ".join(words)


def _found_words(n_found: int, n: int) -> str:
    """Where only what was found is listed, its number is no share of what is known."""
    return (
        f"{format_count(n, 'variant')} found"
        if n_found == n
        else f"{n_found} of {format_count(n, 'variant')}"
    )


def _is_copy_number(row: Row) -> bool:
    """A copy number is no allele fraction (clinical-decisions A35)."""
    is_named = row["variant"] in ("amplification", "deletion", "loss")
    return is_named or (row.get("copy_number") is not None and row.get("maf_ppm") is None)


def _said_responses(rows: Sequence[Row], clock: Clock) -> str:
    calls = []
    for row in rows:
        assessor = vocabulary.ASSESSORS.get(row["assessor"], row["assessor"])
        new = ", new lesion" if row.get("new_lesion") == "yes" else ""
        calls.append(f"{response_name(row.get('overall'))} ({assessor}{new})")
    return ", ".join(calls)


def _said_lesions(rows: Sequence[Row], clock: Clock) -> str:
    return format_count(len(rows), "lesion")


def _said_measurements(rows: Sequence[Row], clock: Clock) -> str:
    first = sorted(
        rows, key=lambda row: (row["name"] != "ecog", row["name"] not in MARKER_NAMES, row["name"])
    )
    words = [
        f"{analyte_name(row['name'])} {value_words(row, 'measurement', 'value', clock=clock)}"
        for row in first[:FIRST_VALUES]
    ]
    more = len(first) - FIRST_VALUES
    return ", ".join([*words, *([format_count(more, "more value")] if more > 0 else [])])


def _said_visits(rows: Sequence[Row], clock: Clock) -> str:
    names = [str(row["visit"]) for row in rows if row.get("visit")]
    missed = ["missed" for row in rows if row.get("has_occurred") is False]
    return ", ".join([*names, *missed])


def _said_contacts(rows: Sequence[Row], clock: Clock) -> str:
    causes = [vocabulary.DEATH_CAUSES[row["death_cause"]] for row in rows if row.get("death_cause")]
    if causes:
        return causes[0]
    statuses = [row["vital_status"] for row in rows]
    return "" if statuses == ["dead"] else vocabulary.VITAL_STATUSES.get(statuses[0], "")


def _said_treatments(rows: Sequence[Row], clock: Clock) -> str:
    words = []
    for row in rows:
        if row.get("start_reason"):
            words.append(f"start reason {vocabulary.START_REASONS.get(row['start_reason'], '')}")
        if row.get("ended_on"):
            words.append(f"ended {value_words(row, 'treatment', 'ended_on', clock=clock)}")
    return ", ".join(word for word in words if word)


def _said_events(rows: Sequence[Row], clock: Clock) -> str:
    row = rows[0]
    grade = f"grade {row['grade']}" if row.get("grade") else "grade not recorded"
    return f"{grade}, serious" if row.get("is_serious") else grade


def _said_value(*columns: str) -> Said:
    def said(rows: Sequence[Row], clock: Clock) -> str:
        return ", ".join(
            str(row[name]).replace("_", " ") for row in rows for name in columns if row.get(name) is not None
        )

    return said


SAID: dict[str, Said] = {
    "ctdna_sample": _said_sample,
    "variant": _said_variants,
    "response": _said_responses,
    "lesion": _said_lesions,
    "measurement": _said_measurements,
    "visit": _said_visits,
    "contact": _said_contacts,
    "treatment": _said_treatments,
    "adverse_event": _said_events,
    "pathology": _said_value("result"),
    "characteristic": _said_value("value"),
    "attestation": _said_value("answer"),
    "disposition": _said_value("reason"),
}
