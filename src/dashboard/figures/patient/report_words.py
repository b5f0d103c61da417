"""Words of the one-page report: lines of therapy, blood values, responses."""

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import (
    NOTHING,
    format_count,
    format_days,
    format_months,
    format_signed_percent,
    format_tenth_mm,
)
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.response_words import (
    LOCAL,
    assessor_words,
    baseline_scan_words,
    unreported_status_words,
)

Row = Mapping[str, Any]
Cells = tuple[str, ...]
OLDEST_AGE_SAID = 89
# In the order in which they are asked for; the last three only where the study has them.
ORGANS = {
    "creatinine": "creatinine",
    "bilirubin": "bilirubin",
    "alt": "ALT",
    "anc": "ANC",
    "platelets": "platelets",
    "ast": "AST",
    "haemoglobin": "haemoglobin",
    "qtc": "QTc",
}
LOCAL_KINDS = ("radiotherapy", "ablation", "surgery")
# A value older than the screening window of trials stands with its age.
OLD_DAYS = 28
ALWAYS_ASKED = ("creatinine", "bilirubin", "alt", "anc", "platelets")
UNNAMED_PLACES = ("", "other", "unknown")


def treatment_row(
    line: Row,
    *,
    clock: Clock,
    scan_clock: Clock | None = None,
    inexact: Container[dt.date] = (),
    stopped: Sequence[Row] = (),
) -> Cells:
    """Line, regimen, dates, best response, progression-free time, why it stopped.

    `scan_clock` names the days of scans, where it differs; `inexact` are the days recorded to the month or
    year only; `stopped` are the drugs stopped for toxicity while the line went on.
    """
    given = str(line["regimen"] or "regimen not recorded").replace(" | ", "; then ")
    regimen = " + ".join(filter(None, (given, line["accompanied_by"])))
    return (
        str(line["line"]),
        regimen,
        _dates(line, clock),
        best_words(line, clock=scan_clock or clock),
        progression_free(line, clock=scan_clock or clock, inexact=inexact),
        _each_stopped(line, stopped, clock=clock),
    )


def best_words(line: Row, *, clock: Clock) -> str:
    """Best response to a line, else what was called at the scans after its baseline.

    After local treatment a systemic line has no best response: the status of its scans is said, for instance
    "2 scans on the line, both PD, first called 1 Sep 2025" (clinical-decisions A1, A5, A16).
    """
    if line["best_response"] not in (None, "MISSING"):
        return str(line["best_response"])
    n = line["n_called"]
    if n:
        first_on = line["pd_called_on"]
        first = "" if first_on is None else f"first called {clock.name(first_on)}"
        called = _called(str(line["responses_called"]), n=n, first=first)
        return f"{format_count(n, 'scan')} on the line{called}"
    return _only_baseline(line, clock=clock)


def _only_baseline(line: Row, *, clock: Clock) -> str:
    """That nothing was called since the baseline, and the last examination that nobody assessed."""
    baseline_on, imaged_on = line["only_baseline_on"], line["unassessed_on"]
    imaged = "" if imaged_on is None else f"; imaged {clock.name(imaged_on)}, no response recorded"
    if baseline_on is None:
        return f"no assessment{imaged}"
    yet = " yet" if line["may_follow"] and line.get("last_record_on") is None else ""
    what = "assessment" if imaged else "scan"
    return f"no {what}{yet} after the line baseline ({clock.name(baseline_on)}){imaged}"


def _called(called: str, *, n: int, first: str) -> str:
    """What follows the number of scans: `called` is for instance "1 NED, 2 PD", `first` since when PD."""
    if ", " in called:
        return f": {called}{', PD ' if first else ''}{first}"
    each = "" if n == 1 else "both " if n == 2 else "all "
    return f", {each}{called.split(' ', 1)[1]}{', ' if first else ''}{first}"


def other_row(course: Row, *, clock: Clock) -> Cells:
    """A treatment outside the lines, in the columns of treatment_row: adjuvant or local for the line."""
    is_local = course["kind"] in LOCAL_KINDS
    name = str(course["label"] or course["kind"]).replace("_", " ")
    if is_local and name in (course["modality"], course["kind"]):
        name = vocabulary.MODALITIES.get(course["modality"] or "", name)
    known = [place for place in str(course["places"] or "").split(", ") if place not in UNNAMED_PLACES]
    places = f" ({', '.join(known)})" if is_local and known else ""
    day = course["started_on"]
    is_one_day = course["ended_on"] == day
    dates = clock.name(day) if is_one_day else _dates(course, clock)
    stopped = NOTHING if is_local or course["stop_reason"] in (None, "unknown") else _stopped(course)
    which = "local" if is_local else str(course["intent"] or "other").replace("_", " ")
    return (which, f"{name[:1].upper()}{name[1:]}{places}", dates, NOTHING, NOTHING, stopped)


def _dates(line: Row, clock: Clock) -> str:
    started, ended = clock.name(line["started_on"]), line["ended_on"]
    if line.get("last_record_on") is not None:
        return f"since {started}; nothing recorded after {clock.name(line['last_record_on'])}"
    if line["is_ongoing"]:
        return f"since {started}, ongoing"
    return f"{started} to {clock.name(ended)}" if ended is not None else f"{started}, end not recorded"


def progression_free(line: Row, *, clock: Clock, inexact: Container[dt.date] = ()) -> str:
    """Time from the start of the line to its first progression or the death, else how far it is known.

    Between days of which one is recorded to the month or year only it is about so long (`inexact`, A38).
    The start is the first dose of the study's drug class where that was added later (clinical-decisions A14).
    A death ends the latest line only; before it another line had begun. Where the PD read on the line is one
    carried from before it, the line has no time of its own (A1).
    """
    origin: dt.date = line["origin_on"]
    progressed_on, died_on, seen = line["progressed_on"], line["died_on"], line["assessed_on"]
    if progressed_on is not None and progressed_on >= origin:
        return f"{_months(origin, progressed_on, inexact)}, to progression"
    if line["n_pd"] and line["pd_called_on"] is not None:
        return f"not judged: PD carried from {clock.name(line['pd_called_on'])}"
    if died_on is not None and died_on >= origin and line["next_started_on"] is None:
        return f"{_months(origin, died_on, inexact)}, to death"
    if seen is None or seen < origin:
        return "not assessed"
    which = "no new progression" if line["n_pd"] else "no progression"
    return f"over {_months(origin, seen, inexact)}, {which} recorded"


def _months(start: dt.date, end: dt.date, inexact: Container[dt.date]) -> str:
    about = "≈ " if start in inexact or end in inexact else ""
    return f"{about}{format_months((end - start).days)}"


def _each_stopped(line: Row, stopped: Sequence[Row], *, clock: Clock) -> str:
    """Why the line stopped; before it what was stopped for toxicity earlier, which is no failure of the drug.

    For instance "palbociclib: toxicity, 6 Apr 2021; line: progression".
    """
    if not stopped:
        return _stopped(line)
    drugs = [f"{one['drugs']}: toxicity, {clock.name(one['stopped_on'])}" for one in stopped]
    return "; ".join([*drugs, "line goes on" if line["is_ongoing"] else f"line: {_stopped(line)}"])


def _stopped(line: Row) -> str:
    if line["is_ongoing"]:
        return NOTHING
    return vocabulary.STOP_REASONS.get(line["stop_reason"] or "unknown", str(line["stop_reason"]))


def organ_words(results: Sequence[Row], *, clock: Clock, until: dt.date) -> tuple[str, ...]:
    """One text per day of a latest result, an old one with its age at `until`, then what is not recorded.

    For instance "16 Dec 2025 (74 days old): creatinine 81 µmol/L, ALT 134 U/L (high, ULN 40)".
    """
    found = {str(row["name"]): row for row in results}
    days: dict[dt.date, list[str]] = {}
    for name, label in ORGANS.items():
        if name in found:
            days.setdefault(found[name]["measured_on"], []).append(f"{label} {_value(found[name])}")
    missing = [ORGANS[name] for name in ALWAYS_ASKED if name not in found]
    lines = [
        f"{clock.name(day)}{_age(day, until)}: {', '.join(days[day])}" for day in sorted(days, reverse=True)
    ]
    return (*lines, f"Not recorded: {', '.join(missing)}") if missing else tuple(lines)


def _age(day: dt.date, until: dt.date) -> str:
    days = (until - day).days
    return f" ({format_days(days)} old)" if days > OLD_DAYS else ""


def _value(row: Row) -> str:
    value = f"{row['comparator'] or ''}{float(row['value']):g} {row['unit'] or ''}".strip()
    upper, lower = row["upper_normal"], row["lower_normal"]
    if upper is not None and row["value"] > upper:
        return f"{value} (high, ULN {float(upper):g})"
    if lower is not None and row["value"] < lower:
        return f"{value} (low, LLN {float(lower):g})"
    return value


def response_words(row: Row, *, clock: Clock) -> str:
    """For instance "21 Aug 2023: PR reported by treating physician, −31.6 % from baseline; PR calculated".

    A sum over its nadir has that too: PD is judged from it (RECIST 1.1). A PD that only repeats an earlier
    one answers to that, not to what is calculated since (A5). A baseline scan is no response (A1).
    """
    day = clock.name(row["assessed_on"])
    if row.get("is_baseline_only"):
        total = row["sum_tenth_mm"]
        measured = "" if total is None else f", sum {format_tenth_mm(total)} mm"
        return f"{day}: {baseline_scan_words(row['baseline_of_line'])}{measured}"
    if row["reported"] is None:
        return f"{day}: {_unreported(row)}"
    reported = f"{row['reported']} reported by {assessor_words(row['assessor'])}{_change(row)}"
    beside = _beside(row)
    if row.get("first_called_on") is not None:
        beside = f"the same progression, first called {clock.name(row['first_called_on'])}"
    return f"{day}: {reported}; {beside}" if beside else f"{day}: {reported}"


def _unreported(row: Row) -> str:
    """What is said of a scan to which nobody reported a response; after local therapy no status (A5)."""
    if row.get("response_mode") == LOCAL:
        return unreported_status_words(row.get("response"), row.get("response_by"))
    if row["calculated"] is None:
        return "no response reported; not calculated"
    return f"{row['calculated']} calculated{_change(row)}; none reported"


def _beside(row: Row) -> str:
    """What was calculated beside the report; after local therapy only where the lesions read otherwise."""
    calculated = row["calculated"]
    if row.get("response_mode") == LOCAL:
        return "" if calculated in (None, row["reported"]) else f"the recorded lesions read {calculated}"
    if not row.get("is_from_parts"):
        return f"{calculated or 'not'} calculated"
    no_sum = ", no baseline sum" if row["baseline_tenth_mm"] is None else ""
    return f"{calculated} from the {assessor_words(row['assessor'])}'s own parts{no_sum}"


def _change(row: Row) -> str:
    baseline, nadir = row["change_from_baseline_tenth_percent"], row["change_from_nadir_tenth_percent"]
    found = {"baseline": baseline}
    if nadir is not None and nadir > 0 and nadir != baseline:
        found["nadir"] = nadir
    return "".join(
        f", {format_signed_percent(change / 10, decimals=1)} % from {origin}"
        for origin, change in found.items()
        if change is not None
    )


def identity_words(summary: Row, *, is_deidentified: bool, clock: Clock) -> str:
    """For instance "Study ID K4C-0137 · F · born 1961 · Site 03 · died 3 May 2025"; less where asked."""
    parts = [f"Study ID {summary['patient_id']}", sex_words(summary)]
    if not is_deidentified:
        born = summary["birth_year"]
        parts += [f"born {born}" if born else "year of birth not recorded", f"Site {summary['site_id']}"]
    died_on = summary.get("died_on")
    return " · ".join(parts if died_on is None else [*parts, f"died {clock.name(died_on)}"])


def issue_about(row: Row, *, patient_id: str) -> str:
    """What a data issue is about, in words: the parts of its row without the patient."""
    parts = [part.strip() for part in str(row["row_key"]).split("|")]
    named = [part.removeprefix("p.").replace("_", " ") for part in parts if part and part != patient_id]
    return ", ".join(named) or "this patient"


def sex_words(summary: Row) -> str:
    """F, M, or that it is not recorded."""
    return {"female": "F", "male": "M"}.get(summary["sex"] or "", "sex not recorded")


def age_words(summary: Row) -> str:
    """Sex with the age at enrolment; above 89 the age would identify, so it is not said."""
    age = summary["age_years"]
    if age is None:
        return f"{sex_words(summary)}, age not recorded"
    said = str(age) if age <= OLDEST_AGE_SAID else f"over {OLDEST_AGE_SAID}"
    return f"{sex_words(summary)}, {said} at enrolment"
