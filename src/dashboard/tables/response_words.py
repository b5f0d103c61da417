"""Whose a response is, in words: reported by somebody, calculated, or only joined from reported parts."""

from collections.abc import Mapping
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import format_tenth_mm

Row = Mapping[str, Any]
# After local therapy nothing is calculated of a patient: what nobody reported stands in the lesions (A5).
LOCAL = "post_local_therapy"
NO_STATUS = "no status reported"
UNREPORTED = ("CALCULATED", "FROM_PARTS", "RECORDED_LESIONS")


def assessor_words(assessor: str | None) -> str:
    """For instance "treating physician"; an assessor that has no words stands as recorded."""
    code = str(assessor or "").lower()
    return vocabulary.ASSESSORS.get(code, code.replace("_", " "))


def said_response(response: str | None, by: str | None) -> str:
    """A response with whose it is, for instance "SD by treating physician" or "SD by calculation"."""
    how = {
        "CALCULATED": "by calculation",
        "FROM_PARTS": "from the parts reported",
        "RECORDED_LESIONS": "by the lesions recorded",
    }
    return " ".join(
        part for part in (response or "", how.get(str(by)) or (by and f"by {assessor_words(by)}")) if part
    )


def in_brackets(row: Row) -> str:
    """Whose the progression of a statement is, for instance " (treating physician)"."""
    by = row.get("response_by")
    how = {
        "CALCULATED": "calculated",
        "FROM_PARTS": "from the parts reported",
        "RECORDED_LESIONS": "recorded lesions",
    }
    return f" ({how.get(str(by)) or assessor_words(by) or 'by whom is not recorded'})"


def both_words(row: Row) -> dict[str, str]:
    """What was reported and what was calculated, for a sentence that sets one against the other."""
    is_local = row.get("statement") == "RESPONSE_AFTER_LOCAL"
    other = row["other_response"]
    how = _how(is_from_parts=row["code"] == "FROM_PARTS")
    return {
        "assessor": assessor_words(row.get("response_by")),
        "reported": f"{row['response']} reported by {assessor_words(row.get('response_by'))}",
        "calculated": f"the recorded lesions read {other}" if is_local else f"{other} {how}",
        "how": "in the recorded lesions" if is_local else how,
    }


def _how(*, is_from_parts: bool) -> str:
    """How a response came about that stands beside the reported one."""
    return "from the parts reported" if is_from_parts else "calculated"


def last_scan_words(summary: Row) -> str:
    """What the last scan said and whose that is, for instance "SD calculated, none reported".

    Where only one of the two is PD both are said: "SD reported, PD calculated". A baseline scan to which
    nobody reported a response is none.
    """
    response, by = summary.get("last_response"), summary.get("last_response_by")
    scan = ""
    if summary.get("is_last_scan_baseline"):
        scan = baseline_scan_words(summary.get("last_scan_baseline_of_line"))
    if response is None:
        no_scan = summary.get("last_scan_on") is None
        return scan or ("" if no_scan else NO_STATUS)
    # Without target disease a sum was measured, of normal nodes, or 0 reported: none is missing.
    has_none = summary.get("last_sum_tenth_mm") is None and not summary.get("is_last_scan_without_target")
    no_sum = ", no sum" if has_none else ""
    how = {"CALCULATED": "calculated, none reported", "FROM_PARTS": f"from the parts reported{no_sum}"}
    words = f"{response} {how.get(str(by), 'reported')}"
    if summary.get("last_calculated") is not None:
        how_else = _how(is_from_parts=summary["is_last_calculated_from_parts"])
        words = f"{summary['last_reported']} reported, {summary['last_calculated']} {how_else}"
    if by == "RECORDED_LESIONS":
        words = unreported_status_words(response, by)
    return f"{words}, {scan}" if scan else words


def last_sum_words(summary: Row) -> str:
    """Sum of the target lesions at the last scan after its response, for instance " · 47 mm"."""
    total = summary.get("last_sum_tenth_mm")
    return "" if total is None else f" · {format_tenth_mm(int(total))} mm"


def without_target_words(summary: Row) -> tuple[str, ...]:
    """Why the last scan has no sum, where its line began without target disease: normal nodes, or nothing."""
    return ("no target disease in this line",) if summary.get("is_last_scan_without_target") else ()


def unreported_status_words(response: str | None, by: str | None) -> str:
    """What is known after local therapy where nobody reported a status: that of the lesions, if any (A5)."""
    if response is None or by != "RECORDED_LESIONS":
        return NO_STATUS
    return f"{said_response(response, by)}, {NO_STATUS}"


def baseline_scan_words(line: int | None) -> str:
    """Which baseline scan it is, for instance "baseline scan of line 2"."""
    if line is None:
        return "baseline scan"
    return f"baseline scan of line {line}" if line else "baseline scan before local treatment"
