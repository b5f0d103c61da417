"""Words for the events of the patient timeline: tooltips, and the table twin of the chart."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.studies import vocabulary
from dashboard.tables.formats import (
    ABOUT,
    MINUS,
    NOTHING,
    format_date,
    format_days,
    format_figures,
    format_signed_percent,
    format_tenth_mm,
)
from dashboard.tables.header_words import cause_words
from dashboard.tables.patient_timeline_ctdna import (
    UNITS,
    Event,
    is_allele_fraction,
    level_value,
    level_words,
    sample_result,
    sample_words,
    variant_name,
)
from dashboard.tables.patient_timeline_local import (
    lesion_words,
    local_words,
    new_lesion_name,
    new_lesion_words,
    organ_words,
)
from dashboard.tables.patient_timeline_plan import window_words

__all__ = ["UNITS", "is_allele_fraction", "level_value", "level_words", "local_words", "variant_name"]
MARKER_NAMES = {
    "cea": "CEA",
    "ca_15_3": "CA 15-3",
    "ca_19_9": "CA 19-9",
    "ca_125": "CA-125",
    "afp": "AFP",
    "pivka_ii": "PIVKA-II",
    "cyfra_21_1": "CYFRA 21-1",
    "psa": "PSA",
}
COLUMNS = {
    "what": "Event",
    "date": "Date",
    "until": "Until",
    "result": "Result",
    "lod": "LoD",
    "interval": "95 % interval",
    "input": "Input",
    "assay": "Assay",
    "local": "Since local treatment",
    "since": "Since the one before",
    "reason": "Why drawn",
    "treatment": "Treatment",
    "source": "Source",
}
# Columns that are left out of the table where no event has them.
OPTIONAL = ("until", "interval", "input", "local")


@dataclass(frozen=True)
class Clock:
    """How the words name a day: by date, or in a study without calendar dates by the day from `zero`."""

    zero: dt.date
    is_study_time: bool = False

    def name(self, day: dt.date | None, precision: str | None = None) -> str:
        """The day in words; of a `precision` of "month" or "year" only about (A38). A dash without a day."""
        if day is None:
            return NOTHING
        if not self.is_study_time:
            return format_date(day, precision=precision)
        about = ABOUT if precision in ("month", "year") else ""
        return about + f"day {(day - self.zero).days}".replace("-", MINUS)


def describe(event: Event, *, clock: Clock) -> dict[str, str]:
    """Words for one event, by the keys of COLUMNS; a key that makes no sense for this kind is left out."""
    words = {
        "what": event_name(event),
        "date": clock.name(event["occurred_on"], event.get("occurred_on_precision")),
        "result": event_result(event),
    }
    if event["end_basis"] == "NOT_RECORDED":
        latest = event["ended_on"]
        words["until"] = "not recorded" + (f", at the latest {clock.name(latest)}" if latest else "")
    elif event["ended_on"] is not None:
        words["until"] = clock.name(event["ended_on"], event.get("ended_on_precision"))
    elif event.get("known_until") is not None:
        words["until"] = f"last record {clock.name(event['known_until'])}"
    if event.get("first_called_on") is not None:
        words["result"] += f"; the same progression, first called {clock.name(event['first_called_on'])}"
    if event["sample_id"] is not None:
        words |= sample_words(event)
    if event["panel"] != "PLANNED" and event["kind"] != "LIMIT":
        words["since"] = format_days(event["days_since_previous"])
        words["treatment"] = treatment_words(event)
        words["source"] = source_words(event)
    return words


def treatment_words(event: Event) -> str:
    """On or off treatment and the day of the line, for instance: on line 1, day 84."""
    if event["day_of_line"] is None or event["line_in_force"] is None:
        return "before line 1"
    side = "on" if event["is_on_treatment"] else "off, after"
    return f"{side} line {event['line_in_force']}, day {event['day_of_line']}"


def source_words(event: Event) -> str:
    """File and row the event comes from."""
    if event["source_file"] is None:
        return NOTHING
    return f"{event['source_file']}, row {event['source_row']}"


def event_name(event: Event) -> str:
    """What the event is, in a few words."""
    names = {
        "VARIANT": lambda: variant_name(event),
        "SAMPLE": lambda: f"ctDNA, {event['label']}" if event["label"] else "ctDNA sample",
        "RESPONSE": lambda: _assessed("Response", event),
        "BASELINE": lambda: _assessed("Baseline imaging", event),
        "MARKER": lambda: MARKER_NAMES.get(event["label"], str(event["label"])),
        "SECOND_MARKER": lambda: MARKER_NAMES.get(event["label"], str(event["label"])),
        "LESION": lambda: ", ".join(filter(None, (f"Treated lesion {event['label']}", organ_words(event)))),
        "NEW_LESION": lambda: new_lesion_name(event),
        "SYSTEMIC": lambda: str(event["label"]),
        "LINE": lambda: f"Line {event['line']}",
        "LIMIT": lambda: f"Limits of the target sum, line {event['line']}",
        "EVENT": lambda: f"Adverse event, {event['label']}",
        "SERIOUS_EVENT": lambda: f"Serious adverse event, {event['label']}",
        "BIOPSY": lambda: f"Biopsy, {event['label']}" if event["label"] else "Biopsy",
        "DRAW_WINDOW": lambda: f"Planned {event['label'] or 'draw'}",
        "SCAN_WINDOW": lambda: f"Planned {event['label'] or 'scan'}",
    }
    fixed = {
        "SUM": "Target sum",
        "ECOG": "ECOG",
        "DOSE_HOLD": "Dose hold",
        "DOSE_REDUCTION": "Reduced dose",
        "ENROLMENT": "Enrolment",
        "DEATH": "Death",
        "CLINICAL_PROGRESSION": "Clinical progression",
        "UNRELIABLE": "ctDNA unreliable after local treatment",
        "DRAW": "Draw",
        "SCAN": "Scan",
    }
    if event["kind"] in names:
        return names[event["kind"]]()
    return fixed.get(event["kind"], str(event["label"] or event["kind"]).strip())


def _assessed(name: str, event: Event) -> str:
    assessor = vocabulary.ASSESSORS.get(str(event["label"]).lower())
    return f"{name}, {assessor}" if assessor else name


def event_result(event: Event) -> str:
    """The value or the outcome of the event with its unit."""
    words = RESULTS.get(event["kind"])
    if words is not None:
        return words(event)
    return {"IN_WINDOW": "in a planned window", "OUTSIDE_WINDOW": "outside a planned window"}.get(
        event["code"], str(event["code"] or event["detail"] or NOTHING)
    )


def _marker_words(event: Event) -> str:
    sign = "" if event["code"] == "=" else str(event["code"])
    return f"{sign}{format_figures(float(event['value_sum']))} {event['detail'] or ''}".strip()


SERIOUS = {
    "death": "fatal",
    "life_threatening": "life-threatening",
    "hospitalisation": "admitted to hospital",
    "disability": "disability",
    "congenital_anomaly": "congenital anomaly",
    "important_event": "medically important",
}


def change_words(event: Event, *, decimals: int = 1) -> str:
    """Change of the target sum at a response: from the line's baseline, for PD from the nadir (marked *).

    A PD that the sum did not make has none: its change from the baseline would read as the reason for it.
    """
    is_progression = event["code"] == "PD"
    tenths = event[
        "change_from_nadir_tenth_percent" if is_progression else "change_from_baseline_tenth_percent"
    ]
    if tenths is None:
        return NOTHING
    return format_signed_percent(tenths / 10, decimals=decimals) + ("*" if is_progression else "")


def _response_words(event: Event) -> str:
    words = event["code"] or "no response given"
    if event["kind"] == "BASELINE":
        return "baseline" if event["code"] is None else f"baseline, {words}"
    change = change_words(event)
    if change != NOTHING:
        where = "nadir" if change.endswith("*") else "baseline"
        words += f", {change.rstrip('*')} % from {where}"
    # A PD called again answers to the course before: what is calculated since has another reference (A5).
    is_comparable = event["calculated"] and event["reported"] and not event.get("first_called_on")
    if is_comparable and event["calculated"] != event["reported"]:
        words += f" (calculated {event['calculated']})"
    if event["detail"] in vocabulary.PATTERNS:
        words += f"; {vocabulary.PATTERNS[event['detail']]}"
    return words + ("; after progression, same treatment" if event["is_after_progression"] else "")


def _grade_words(event: Event) -> str:
    words = f"grade {event['grade']}" if event["grade"] is not None else "grade missing"
    return f"{words}, {SERIOUS[event['code']]}" if event["code"] in SERIOUS else words


def stop_words(event: Event) -> str:
    """What a clinical progression rests on: an assessment, or only a treatment that was stopped for it."""
    if event["detail"] == "treatment_stop":
        return "treatment stopped for progression, no assessment recorded"
    return "assessed clinically"


def _sum_words(event: Event) -> str:
    if event["value_sum"] is None:
        return f"{event['n_measured'] or 0} of {event['n_targets'] or 0} targets measured"
    words = f"{format_tenth_mm(int(event['value_sum']))} mm"
    # The rule that leaves such a sum without a response: normal nodes, or nothing.
    return f"{words}, no target disease at the start of the line" if event["rule"] == "TARGET_NONE" else words


def _limit_words(event: Event) -> str:
    nadir, progression = (
        format_tenth_mm(int(event[name])) for name in ("nadir_tenth_mm", "pd_from_tenth_mm")
    )
    return f"PD from {progression} mm, nadir {nadir} mm"


def _course_words(event: Event) -> str:
    words = [f"with {event['accompanied_by']}"] if event["accompanied_by"] else []
    if event["kind"].startswith("DOSE") and event["code"] == "toxicity_of_previous":
        # A hold or step is for the toxicity of the treatment it belongs to.
        words.append("for toxicity")
    elif event["code"] in vocabulary.START_REASONS and event["code"] != "unknown":
        words.append(f"start reason recorded: {vocabulary.START_REASONS[event['code']]}")
    if event["dose_level"] is not None:
        words.append(f"dose level {event['dose_level']}")
    if event["is_ongoing"]:
        words.append("ongoing")
    elif event["detail"] in vocabulary.STOP_REASONS:
        words.append(f"stopped: {vocabulary.STOP_REASONS[event['detail']]}")
    elif event["end_basis"] == "DEATH":
        words.append("until death")
    return ", ".join(words) or NOTHING


def timeline_table(events: Sequence[Event], *, clock: Clock) -> pd.DataFrame:
    """One row per event drawn on the timeline, oldest first; the chart in words."""
    rows = [describe(event, clock=clock) for event in events]
    kept = [name for name in COLUMNS if name not in OPTIONAL or any(row.get(name) for row in rows)]
    frame = pd.DataFrame(rows, columns=kept)
    return frame.fillna("").rename(columns=COLUMNS)


RESULTS: dict[str, Callable[[Event], str]] = {
    **dict.fromkeys(("SAMPLE", "VARIANT"), sample_result),
    **dict.fromkeys(("RESPONSE", "BASELINE"), _response_words),
    "SUM": _sum_words,
    "LIMIT": _limit_words,
    **dict.fromkeys(("MARKER", "SECOND_MARKER"), _marker_words),
    **dict.fromkeys(("EVENT", "SERIOUS_EVENT"), _grade_words),
    **dict.fromkeys(("SYSTEMIC", "DOSE_HOLD", "DOSE_REDUCTION", "LINE"), _course_words),
    **dict.fromkeys(("DRAW_WINDOW", "SCAN_WINDOW"), window_words),
    **dict.fromkeys(("RADIOTHERAPY", "ABLATION", "SURGERY"), local_words),
    "LESION": lesion_words,
    "NEW_LESION": new_lesion_words,
    "CLINICAL_PROGRESSION": stop_words,
    "DEATH": lambda event: cause_words(event["detail"]) or NOTHING,
    "UNRELIABLE": lambda _event: "cell-free DNA from trauma, result unreliable",
    "BIOPSY": lambda event: f"genes tested: {event['detail']}" if event["detail"] else NOTHING,
}
