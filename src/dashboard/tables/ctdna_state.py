"""The ctDNA state of a patient in one sentence, and what is not known."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.studies import vocabulary
from dashboard.studies.vocabulary.ctdna import CLEARED_UNCONFIRMED_MANY
from dashboard.tables.formats import format_days, format_figures
from dashboard.tables.patient_timeline import Clock

Row = Mapping[str, Any]
REASONS = {
    "ASSAY_CHANGED": "assay changed",
    "QUANTITY_CHANGED": "quantity changed",
    "TRACKED_SET_CHANGED": "tracked variants changed",
    "NO_VALID_RESULT_YET": "no valid result yet",
}
MOST = 5
WINDOWS = {"DRAW_WINDOW": "Planned draw, window", "SCAN_WINDOW": "Planned scan, window"}


def state_sentence(state: Row) -> str:
    """The latest row of ctdna_state in words (clinical-decisions A3), with its numbers."""
    code = str(state["state"])
    numbers = {
        "status": vocabulary.CTDNA_STATUSES["not_detected" if _is_clear(state) else "detected"],
        "n_samples": state["n_valid"],
        "n_run": state["n_not_detected_run"],
        "run_days": state["run_days"],
        "reason": REASONS.get(str(state["rule"]), "no valid result"),
    }
    if code == "CLEARED_UNCONFIRMED" and (state["n_not_detected_run"] or 1) > 1:
        return vocabulary.fill(CLEARED_UNCONFIRMED_MANY, **numbers)
    if code == "PERSISTENT" and state["direction"]:
        return _direction_sentence(state)
    return vocabulary.fill(vocabulary.CTDNA_STATES[code].sentence, **numbers)


def _is_clear(state: Row) -> bool:
    return bool(state["rule"] == "BASELINE_ONLY_NOT_DETECTED" or state["status"] == "not_detected")


def _direction_sentence(state: Row) -> str:
    direction = str(state["direction"])
    sentence = vocabulary.CTDNA_DIRECTIONS[direction].sentence
    level = _ratio(state, "level")
    if direction == "FALLING" and level is not None and (base := _ratio(state, "baseline_level")):
        return vocabulary.fill(sentence, percent=f"{(1 - level / base) * 100:.0f}")
    if direction == "RISING" and level is not None and (lowest := _ratio(state, "lowest_level")):
        return vocabulary.fill(sentence, factor=format_figures(level / lowest, digits=2))
    short = vocabulary.CTDNA_DIRECTIONS[direction].short
    return f"still detected, {short}"


def _ratio(state: Row, name: str) -> float | None:
    if state[f"{name}_sum"] is None or not state[f"{name}_n"]:
        return None
    return float(state[f"{name}_sum"]) / int(state[f"{name}_n"])


def unknowns(events: Sequence[Row], *, clock: Clock, observed_until: dt.date) -> list[tuple[str, str]]:
    """Up to five things that are not known, each a statement and its numbers; the newest first of a kind."""
    found = [
        *_pending(events, clock, observed_until),
        *_failed(events, clock),
        *_missed(events, clock),
        *_baseline(events),
        *_sums(events, clock),
    ]
    return found[:MOST]


def _samples(events: Sequence[Row], *codes: str) -> list[Row]:
    return [e for e in reversed(events) if e["kind"] == "SAMPLE" and e["code"] in codes]


def _pending(events: Sequence[Row], clock: Clock, until: dt.date) -> list[tuple[str, str]]:
    return [
        (
            "ctDNA result pending",
            f"Drawn {clock.name(e['occurred_on'])}, "
            f"{format_days((until - e['occurred_on']).days)} before the data cut.",
        )
        for e in _samples(events, "PENDING")
    ]


def _failed(events: Sequence[Row], clock: Clock) -> list[tuple[str, str]]:
    """Failed samples that no valid sample has followed within a month."""
    valid = [e["occurred_on"] for e in _samples(events, "DETECTED", "BELOW_LOQ", "NOT_DETECTED")]
    found = []
    for e in _samples(events, "FAILED"):
        later = [day for day in valid if 0 <= (day - e["occurred_on"]).days <= 31]
        if not later:
            reason = f" ({e['detail']})" if e["detail"] else ""
            found.append(
                (
                    f"ctDNA of {clock.name(e['occurred_on'])}",
                    f"The sample failed{reason}; no redraw within a month.",
                )
            )
    return found


def _missed(events: Sequence[Row], clock: Clock) -> list[tuple[str, str]]:
    names = {"DRAW_WINDOW": "Draw missed", "SCAN_WINDOW": "Scan missed"}
    return [
        (
            names[e["kind"]],
            f"{WINDOWS[e['kind']]} {clock.name(e['occurred_on'])} to {clock.name(e['ended_on'])}.",
        )
        for e in reversed(events)
        if e["kind"] in names and e["code"] == "MISSED"
    ][:2]


def _baseline(events: Sequence[Row]) -> list[tuple[str, str]]:
    valid = _samples(events, "DETECTED", "BELOW_LOQ", "NOT_DETECTED")
    if valid and not any(e["draw_timing"] == "PRE_TREATMENT" for e in valid):
        first = valid[-1]
        where = (
            f"First draw on day {first['day_of_line']} of line {first['line_in_force']}: "
            if first["day_of_line"]
            else ""
        )
        return [("No pre-treatment sample", f"{where}clearance cannot be judged.")]
    return []


def _sums(events: Sequence[Row], clock: Clock) -> list[tuple[str, str]]:
    return [
        (
            f"Target sum of {clock.name(e['occurred_on'])}",
            f"{e['n_measured'] or 0} of {e['n_targets'] or 0} targets measured.",
        )
        for e in reversed(events)
        if e["kind"] == "SUM" and e["value_sum"] is None
    ][:1]
