"""The choices on a patient's timeline as a link keeps them, and back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dashboard.figures.patient.timeline import TimelineRequest
from dashboard.ui import link_state, state

KEPT = ("time", "scale", "level", "variants", "other_origin", "interval", "zero")


def kept_choices(request: TimelineRequest, *, shows_table: bool) -> dict[str, Any]:
    """The choices as JSON: time, scale, level, day 0, switches, the part shown and the days brought out."""
    return {name: getattr(request, name) for name in KEPT} | {
        "table": shows_table,
        "first": _text(request.first),
        "last": _text(request.last),
        "marked": [day.isoformat() for day in request.marked],
    }


def restore_choices(study_id: str, patient_id: str, choices: Mapping[str, Any]) -> None:
    """Let the timeline of this patient begin with choices that were kept."""
    link_state.ask_timeline(study_id, patient_id, choices)
    if choices["first"] and choices["last"]:
        ends = dt.date.fromisoformat(choices["first"]), dt.date.fromisoformat(choices["last"])
        state.set_timeline_part(patient_id, ends)
    marked = tuple(dt.date.fromisoformat(day) for day in choices["marked"])
    state.set_marked_days({(study_id, patient_id): marked})


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
