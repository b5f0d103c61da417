"""Words for the course of a treated lesion: its diameters before and after each local treatment."""

import datetime as dt
from collections.abc import Sequence

from dashboard.tables.formats import format_tenth_mm
from dashboard.tables.patient_timeline_ctdna import Event
from dashboard.tables.patient_timeline_local import local_words

DAYS_PER_WEEK = 7


def lesion_course(
    treated: Sequence[Event],
    seen: Sequence[Event],
    *,
    reference_days: tuple[int, int] | None,
    says_missing: bool = True,
) -> str:
    """What was done to a lesion, each with the diameters it lies between: SBRT 60 Gy/8, 17 → 6 mm.

    After an ablation the zone is followed from the follow-up that names it in `reference_of`, the first CT in
    the `reference_days` after it (clinical-decisions A5): RFA, 9 mm, zone 22 → 15 mm; a missing one is said
    if asked for. Both sequences are oldest first; "" without either.
    """
    sized = [e for e in seen if _tenths(e) is not None]
    if not treated:
        return _joined([*sized[:1], *sized[1:][-1:]])
    parts = []
    for place, event in enumerate(treated):
        before = [e for e in sized if e["occurred_on"] <= event["occurred_on"] and _tenths(e)][-1:]
        following = treated[place + 1]["occurred_on"] if place + 1 < len(treated) else dt.date.max
        after = [e for e in sized if event["occurred_on"] < e["occurred_on"] <= following]
        words = [local_words({**event, "organ": None})]
        if event["kind"] == "ABLATION":
            words += [
                _joined(before),
                _zone_words(event, after, days=reference_days, says_missing=says_missing),
            ]
        else:
            words.append(_joined([*before, *_back(after), *after[-1:]]))
        parts.append(", ".join(word for word in words if word))
    return "; ".join(parts)


def _back(after: Sequence[Event]) -> list[Event]:
    """The first scan without the lesion, where it was seen again later."""
    gone = [e for e in after if _tenths(e) == 0]
    return gone[:1] if after and _tenths(after[-1]) else []


def _zone_words(
    event: Event, after: Sequence[Event], *, days: tuple[int, int] | None, says_missing: bool
) -> str:
    """The ablation zone from its reference CT to the last one; without the CT that is said."""
    if not after:
        return ""
    if days is None:
        return f"zone {_joined(after[-1:])}"
    first, last = days
    reference = [e for e in after if e["reference_of"] == event["event_key"]]
    latest = after[-1:] if after[-1:] != reference else []
    weeks = f"{first // DAYS_PER_WEEK}–{last // DAYS_PER_WEEK} weeks"
    missing = f", no CT {weeks} after" if says_missing and not reference else ""
    return f"zone {_joined([*reference, *latest])}{missing}"


def _tenths(event: Event) -> int | None:
    """Diameter in tenths of a millimetre, 0 where the lesion was not seen; None where it was not measured."""
    if event["code"] == "ABSENT":
        return 0
    return None if event["value_sum"] is None else round(float(event["value_sum"]))


def _joined(events: Sequence[Event]) -> str:
    """Diameters in their order, the unit once behind neighbouring numbers: 17 → 6 mm, 22 mm → not seen."""
    sizes = [_tenths(event) or 0 for event in events]
    words = []
    for place, tenths in enumerate(sizes):
        is_number_next = place + 1 < len(sizes) and sizes[place + 1] > 0
        unit = "" if is_number_next else " mm"
        words.append(f"{format_tenth_mm(tenths)}{unit}" if tenths else "not seen")
    return " → ".join(words)
