"""Day 0 and the ends of the time axis: by rule, or as the reader chose."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
# What decides where the axis begins; markers, biopsies and adjuvant treatment may lie years before.
CORE_KINDS = frozenset({"SAMPLE", "RESPONSE", "BASELINE", "SUM", "LINE", "ENROLMENT"})
LOCAL_KINDS = frozenset({"RADIOTHERAPY", "ABLATION", "SURGERY"})
# A local treatment so many days before enrolment is still that of the study.
BEFORE_ENROLMENT_DAYS = 28
SHORTEST_DAYS = 14
# After so long without a record, and longer than the course itself, the axis does not wait for the data cut.
SILENT_DAYS = 365
SILENT_PAD_DAYS = 90
# States of a planned window that has not closed.
AHEAD = frozenset({"NOT_YET_DUE", "DUE_NOW", "CLOSES_SOON"})
NOT_RECORDS = frozenset({"OBSERVED_UNTIL", "DRAW_WINDOW", "SCAN_WINDOW"})


def zero_choices(events: Iterable[Event]) -> dict[str, tuple[dt.date, str]]:
    """Days that may be day 0, by name, each with the words under the axis."""
    rows = list(events)
    found: dict[str, tuple[dt.date, str]] = {}
    for event in sorted((e for e in rows if e["kind"] == "LINE"), key=lambda e: e["line"] or 1):
        name = f"line {event['line'] or 1}"
        found.setdefault(name, (event["occurred_on"], f"day of {name}"))
    enrolled = min((e["occurred_on"] for e in rows if e["kind"] == "ENROLMENT"), default=None)
    if enrolled is not None:
        found["enrolment"] = (enrolled, "day of study")
    local = sorted(e["occurred_on"] for e in rows if e["kind"] in LOCAL_KINDS and _is_of_study(e, enrolled))
    if local:
        found["local"] = (local[0], "day from local")
    return found


def _is_of_study(event: Event, enrolled: dt.date | None) -> bool:
    return enrolled is None or (enrolled - event["occurred_on"]).days <= BEFORE_ENROLMENT_DAYS


def day_zero(events: Iterable[Event], observed: dt.date, *, choice: str = "rule") -> tuple[dt.date, str]:
    """Day 0 and its name. By rule the first line or the study's local treatment, the earlier; else enrolment.

    A choice that this patient has no date for falls back to the rule.
    """
    choices = zero_choices(events)
    if choice in choices:
        return choices[choice]
    lines = [found for name, found in choices.items() if name.startswith("line ")]
    first = min(lines, default=None)
    local = choices.get("local")
    if local is not None and (first is None or local[0] < first[0]):
        return local
    return first or choices.get("enrolment") or (observed, "day from cut")


def whole_span(events: Sequence[Event]) -> tuple[dt.date, dt.date]:
    """Ends of an axis that holds the whole course; ValueError without the row OBSERVED_UNTIL."""
    observed = next((e["occurred_on"] for e in events if e["kind"] == "OBSERVED_UNTIL"), None)
    if observed is None:
        raise ValueError("timeline events have no row OBSERVED_UNTIL; every patient of the table has one")
    core = [e["occurred_on"] for e in events if e["kind"] in CORE_KINDS]
    first = min([*core, observed])
    died = [e["occurred_on"] for e in events if e["kind"] == "DEATH"]
    last = min([*died, observed])
    days = max((last - first).days, 120)
    start = first - dt.timedelta(days=max(7, round(days * 0.03)))
    pad = dt.timedelta(days=max(10, round(days * 0.06)))
    if died:
        return start, last + pad
    silent = silent_since(events)
    if silent is not None:
        course = (silent - start).days
        return start, silent + dt.timedelta(days=max(SILENT_PAD_DAYS, round(course * 0.25)))
    ahead = [
        e["ended_on"] + dt.timedelta(days=max(7, round(days * 0.02)))
        for e in events
        if e["kind"] in {"DRAW_WINDOW", "SCAN_WINDOW"} and e["code"] in AHEAD
    ]
    soon = [day for day in ahead if day <= last + dt.timedelta(days=round(days * 0.3))]
    return start, max([last + pad, *soon])


def silent_since(events: Sequence[Event]) -> dt.date | None:
    """Last record of a patient of whom nothing is known for longer than a year and than the course lasted.

    None for everybody else, after a death, and where a planned draw or scan was expected since.
    """
    observed = max((e["occurred_on"] for e in events if e["kind"] == "OBSERVED_UNTIL"), default=None)
    records = [e for e in events if e["kind"] not in NOT_RECORDS]
    kinds = {e["kind"] for e in records}
    if observed is None or "LAST_KNOWN" not in kinds or "DEATH" in kinds:
        return None
    last = max(min(max(e["occurred_on"], e["ended_on"] or e["occurred_on"]), observed) for e in records)
    first = min((e["occurred_on"] for e in records if e["kind"] in CORE_KINDS), default=last)
    is_expected = any(
        e["occurred_on"] > last and e["code"] != "NOT_EXPECTED" for e in events if "WINDOW" in e["kind"]
    )
    is_silent = (observed - last).days > max(SILENT_DAYS, (last - first).days)
    return last if is_silent and not is_expected else None


def cut_span(
    whole: tuple[dt.date, dt.date], *, first: dt.date | None, last: dt.date | None
) -> tuple[dt.date, dt.date]:
    """The part of the whole that the reader chose, never shorter than two weeks."""
    start = max(whole[0], first) if first is not None else whole[0]
    end = min(whole[1], last) if last is not None else whole[1]
    if (end - start).days >= SHORTEST_DAYS:
        return start, end
    start = max(whole[0], min(start, whole[1] - dt.timedelta(days=SHORTEST_DAYS)))
    return start, min(whole[1], start + dt.timedelta(days=SHORTEST_DAYS))
