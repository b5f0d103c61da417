"""The worklist in words: what happened, with its dates and numbers; never advice."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.rules import sentence
from dashboard.studies import vocabulary
from dashboard.tables.ctdna_change import Level, change_percent, times_words
from dashboard.tables.formats import ABOUT, NOTHING, format_count, format_date, format_days
from dashboard.tables.patient_timeline_ctdna import (
    is_allele_fraction,
    is_mean,
    level_words,
    said_level,
    sample_event,
)

Row = Mapping[str, Any]
REASONS: dict[int, str] = {
    1: "New PD, no decision",
    2: "ctDNA detected, no imaging",
    3: "ctDNA rising, not PD",
    4: "PD, ctDNA not detected",
    5: "ctDNA detected in CR or NED",
    6: "No imaging",
    7: "Sample failed, no redraw",
    8: "Result late",
    9: "New variant",
    10: "Response differs",
    11: "MDT action overdue",
    12: "Stopped, no next step",
}
STOPPED = 12
CHECKS: dict[str, str] = {
    "is_cns_progression": "CNS progression",
    "is_lung_only": "lung-only disease",
    "is_peritoneum_only": "peritoneal-only disease",
    "is_bone_only": "bone-only disease",
    "is_low_shedding_histology": "mucinous or signet-ring histology",
    "is_local_only": "progression at a treated lesion",
    "is_unreliable": "sample soon after a local treatment",
}


# What a rise on the worklist is over: the lowest level of the line, or the last draw before it.
LOWEST = ("lowest", "before_line")


def why(row: Row, *, beside: Iterable[Row] = ()) -> str:
    """The line of one reason: what happened, with its number.

    `beside` are all reasons of the patient: a progression nobody has decided on is said whatever the reason.
    """
    words = LINES[row["reason_no"]](row)
    further = undecided_words(beside) if row["reason_no"] != STOPPED else ""
    return f"{words}; {further}" if further else words


def _origin(row: Row) -> str:
    """What the ctDNA result rests on, where that may not be tumour."""
    words = vocabulary.CTDNA_ORIGINS.get(row.get("origin_rule") or "", "")
    return f" ({words})" if words else ""


def about(row: Row, *dates: str) -> str:
    """A mark before a number of days that is counted from a date known to the month or year only (A38)."""
    return ABOUT if any(row.get(f"{date}_precision") for date in dates) else ""


def ago(row: Row, date: str) -> str:
    """Days from a date of the row, for instance `occurred`, to the last observed day."""
    day = row[f"{date}_on"]
    if day is None:
        return NOTHING
    return f"{about(row, date)}{format_days((row['observed_until'] - day).days)} ago"


def _restated(row: Row) -> str:
    """That a progression only repeats an earlier one, and how long ago that was."""
    if row.get("first_called_on") is None:
        return ""
    return f" (the same progression, first called {ago(row, 'first_called')})"


def apart(row: Row) -> str:
    """Days between the two dates of a row."""
    mark = about(row, "occurred", "compared")
    return "same day" if row["gap_days"] == 0 and not mark else f"{mark}{format_days(row['gap_days'])} apart"


def _imaging(row: Row) -> str:
    if row["last_imaging_on"] is None:
        return "never imaged"
    return f"last imaging {ago(row, 'last_imaging')}"


def level(row: Row, which: str) -> str:
    """Result of a sample of the row, `from` or `to`: a percentage, or what stands in its place.

    Of several variants "mean 2.05 %". The lowest of a line is "lowest of the line 0.20 %", of several
    variants "lowest mean of the line 0.20 %"; where it is the last before the line, "before the line 0.20 %".
    """
    status = row[f"{which}_status"]
    is_lowest = status == "lowest"
    result = "detected" if status in LOWEST else status
    sample = sample_event(row, f"{which}_", status=result, quantity_kind=row["quantity_kind"])
    if not is_lowest:
        return f"{'before the line ' if status == 'before_line' else ''}{said_level(sample)}"
    return f"lowest {'mean ' if is_mean(sample) else ''}of the line {level_words(sample)}"


def change(row: Row) -> str:
    """Two results with an arrow; one where there is no other; a dash without any."""
    if row.get("to_status") in (None, "failed", "pending"):
        return NOTHING
    if row["from_status"] is None:
        return level(row, "to")
    ratio = times(row)
    return f"{level(row, 'from')} → {level(row, 'to')}{f' ({ratio})' if ratio else ''}"


def times(row: Row) -> str:
    """A rise over the lowest level as a multiple, for instance "×3.1"; nothing near the LoD."""
    if row["from_status"] not in LOWEST:
        return ""
    before, now = (Level(row[f"{which}_level_sum"], row[f"{which}_level_n"]) for which in ("from", "to"))
    lod_ppm = row.get("lod_ppm") if is_allele_fraction(row) else None
    percent = change_percent(before, now, lod_ppm=lod_ppm)
    return "" if percent is None else times_words(percent)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def pattern_words(row: Row) -> str:
    """What made a progression; nothing where it is not recorded."""
    detail = row["detail"] or ""
    return "clinical" if detail == "clinical" else vocabulary.PATTERNS.get(detail, "")


def _pd_no_decision(row: Row) -> str:
    kind = pattern_words(row)
    return f"PD{f' ({kind})' if kind else ''} {ago(row, 'occurred')}, no decision recorded"


def _detected_no_imaging(row: Row) -> str:
    if row["detail"] == "IMAGED":
        gap = f"{about(row, 'occurred', 'compared')}{format_days(row['gap_days'])}"
        return (
            f"{_capital(change(row))}{_origin(row)}, {ago(row, 'occurred')}; first imaging {gap} after "
            f"({ago(row, 'compared')}), no response assessed"
        )
    return f"{_capital(change(row))}{_origin(row)}, {ago(row, 'occurred')}; no imaging since, {_imaging(row)}"


def _rising_not_pd(row: Row) -> str:
    return (
        f"{_capital(change(row))}{_origin(row)}, {ago(row, 'occurred')}; "
        f"{row['response']} {apart(row)}, {_imaging(row)}"
    )


def _pd_not_detected(row: Row) -> str:
    checks = [words for column, words in CHECKS.items() if row[column]]
    note = f"; check: {', '.join(checks)}" if checks else ""
    return f"PD {ago(row, 'occurred')}{_restated(row)}, ctDNA not detected ({apart(row)}){note}"


def _detected_in_response(row: Row) -> str:
    return f"{_capital(level(row, 'to'))}{_origin(row)} with {row['response']} ({apart(row)})"


def _no_imaging(row: Row) -> str:
    since = "no imaging recorded for" if row["detail"] == "NEVER_IMAGED" else "no imaging for"
    return _capital(f"{since} {about(row, 'occurred')}{format_days(row['n_days'])}")


def _failed(row: Row) -> str:
    reason = f" ({row['detail']})" if row["detail"] else ""
    return f"Sample failed{reason} {ago(row, 'occurred')}, no redraw recorded"


def _pending(row: Row) -> str:
    return f"No result for {about(row, 'occurred')}{row['n_days']} working days"


def _new_variant(row: Row) -> str:
    name = str(row["detail"]).replace(" p.", " ")
    value = f", {level(row, 'to')}" if row["to_level_sum"] is not None else ""
    others = f" and {row['n_others']} more" if row.get("n_others") else ""
    return f"{name}{value}{others}, first seen {ago(row, 'occurred')}, reported by laboratory"


def _response_differs(row: Row) -> str:
    return f"Reported {row['response']}, calculated {row['detail']}, {ago(row, 'occurred')}"


def _action_overdue(row: Row) -> str:
    owner = f" ({row['owner']})" if row.get("owner") else ""
    return f"{row['detail']}{owner}: {format_days(row['n_days'])} overdue"


def _stopped(row: Row) -> str:
    reason = vocabulary.STOP_REASONS.get(row["detail"] or "", "")
    shown = f" ({reason})" if reason and row["detail"] != "unknown" else ""
    said = f"Treatment stopped{shown} {ago(row, 'occurred')}, no next step recorded"
    further = undecided_words([row])
    return f"{said}; {further}" if further else said


def undecided_words(reasons: Iterable[Row]) -> str:
    """What number 1 leaves to number 12, for instance "PD 117 days ago, no decision recorded"."""
    left = next((row for row in reasons if row.get("progressed_on") is not None), None)
    return "" if left is None else f"PD {ago(left, 'progressed')}, no decision recorded"


LINES = {
    1: _pd_no_decision,
    2: _detected_no_imaging,
    3: _rising_not_pd,
    4: _pd_not_detected,
    5: _detected_in_response,
    6: _no_imaging,
    7: _failed,
    8: _pending,
    9: _new_variant,
    10: _response_differs,
    11: _action_overdue,
    12: _stopped,
}


def day_words(row: Row, date: str, *, is_study_time: bool) -> str:
    """A date of a row, for instance `occurred`; in a study without calendar dates its days to the data cut.

    Of one recorded to the "month" or "year" only what is known, for instance ≈ Jun 2026.
    """
    if is_study_time:
        return ago(row, date)
    return format_date(row[f"{date}_on"], precision=row.get(f"{date}_precision"))


def rule_words(row: Row, *, is_study_time: bool) -> str:
    """The sentence of the rule of a reason, with its dates and days as far as they are known."""
    # The days of a pair lie between two dates, all others end on the last observed day.
    ends = ("occurred", "compared") if row.get("gap_days") is not None else ("occurred",)
    mark = about(row, *ends)
    days = {
        name: f"{mark}{row[name]}" for name in ("n_days", "gap_days") if mark and row.get(name) is not None
    }
    dates = {
        name: day_words(row, name.removesuffix("_on"), is_study_time=is_study_time)
        for name, day in row.items()
        if name.endswith("_on") and day is not None
    }
    return sentence(row["rule"], {**row, **days, **dates})


def line_words(row: Row) -> str:
    """Line of therapy and its day; after long silence that of the last contact, as in the header."""
    if row["current_line"] is None:
        return NOTHING
    if row["is_line_ongoing"] and row.get("is_silent") is True:
        days = (row["last_seen_on"] - row["line_started_on"]).days
        return f"L{row['current_line']} d {days} at last contact"
    day = f" d {row['day_of_line']}" if row["is_line_ongoing"] else ", ended"
    return f"L{row['current_line']}{day}"


def also_stopped_words(n_listed: int, n_stopped: int) -> str:
    """That others with a PD and no decision stand under another reason; nothing where there are none."""
    if n_stopped == 0:
        return ""
    return f"{REASONS[1]}: {n_listed} · +{n_stopped} with a PD and no decision under “{REASONS[12]}”"


def no_match_words(search: str, *, n_rows: int, n_hidden: int) -> str:
    """What a search without a hit answers: rows there are without it, reviewed rows it would find."""
    hidden = {0: "", 1: " 1 reviewed row that matches is hidden."}.get(
        n_hidden, f" {n_hidden} reviewed rows that match are hidden."
    )
    return f"Nothing matches “{search}”. Without the search: {format_count(n_rows, 'row')}.{hidden}"


def zero_words(*, last_looked: str, n_hidden: int) -> str:
    """What an empty worklist says: a stated zero, never a blank page."""
    hidden = {0: "", 1: " 1 reviewed row hidden."}.get(n_hidden, f" {n_hidden} reviewed rows hidden.")
    since = f" since you last looked ({last_looked})" if last_looked else ""
    return f"Nothing new{since}.{hidden}"
