"""What a reader may choose on the timeline of one patient: day 0, the part shown, what there is to switch."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.timeline_frame import Event
from dashboard.charts.timeline_span import day_zero, whole_span, zero_choices
from dashboard.tables.patient_timeline_ctdna import interval_percent

ZERO_WORDS = {"enrolment": "Enrolment", "local": "First local therapy"}


@dataclass(frozen=True)
class TimelineChoices:
    """The choices of one patient. `zeros` pairs names of day 0 with words; the first is that of the rule."""

    zeros: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, dt.date, dt.date], ...]
    first: dt.date
    last: dt.date
    zero_on: dt.date
    zero_days: tuple[tuple[str, dt.date], ...]
    has_variants: bool
    has_intervals: bool
    has_other_origin: bool


def timeline_choices(events: Sequence[Event]) -> TimelineChoices:
    """Choices from the events of a patient; ValueError without the row OBSERVED_UNTIL."""
    first, last = whole_span(events)
    observed = next(e["occurred_on"] for e in events if e["kind"] == "OBSERVED_UNTIL")
    found = zero_choices(events)
    zero_on = day_zero(events, observed)[0]
    names = sorted(found, key=lambda name: found[name][0] != zero_on)
    variants = [e for e in events if e["kind"] == "VARIANT"]
    return TimelineChoices(
        zeros=tuple((name, zero_words(name)) for name in names),
        lines=_lines(events, last=last),
        first=first,
        last=last,
        zero_on=zero_on,
        zero_days=tuple((name, found[name][0]) for name in names),
        has_variants=bool(variants),
        has_intervals=any(interval_percent(e) is not None for e in variants),
        has_other_origin=any(e["is_other_origin"] for e in variants),
    )


def chosen_zero(choices: TimelineChoices, name: str | None) -> dt.date:
    """The day 0 of this name; that of the rule for any other name."""
    return dict(choices.zero_days).get(name or "", choices.zero_on)


def zero_words(name: str) -> str:
    """Words for a day 0: Start of line 2, Enrolment, First local therapy."""
    return ZERO_WORDS.get(name, f"Start of {name}")


def _lines(events: Sequence[Event], *, last: dt.date) -> tuple[tuple[str, dt.date, dt.date], ...]:
    """Name, first and last day of each line, oldest first."""
    lines = sorted((e for e in events if e["kind"] == "LINE"), key=lambda e: e["occurred_on"])
    return tuple((f"Line {e['line'] or 1}", e["occurred_on"], e["ended_on"] or last) for e in lines)
