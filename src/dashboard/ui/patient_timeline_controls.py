"""Controls of the patient timeline: what the reader switches, as one frozen request."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

import streamlit as st

from dashboard.charts.theme import ThemeName
from dashboard.charts.timeline_level import Level
from dashboard.figures.patient.timeline import TimelineRequest, timeline_events
from dashboard.figures.patient.timeline_choices import TimelineChoices, chosen_zero, timeline_choices
from dashboard.store.reader import Reader
from dashboard.ui import cache, link_state, state
from dashboard.ui.caching import remembered
from dashboard.ui.patient_timeline_range import shown_range

TIMES: dict[str, Literal["dates", "days"]] = {"Dates": "dates", "Days": "days"}
SCALES: dict[str, Literal["log", "linear"]] = {"Log": "log", "Linear": "linear"}
OTHER_ORIGIN = "Possible CHIP or germline"
LEVEL_LABELS: dict[Level, str] = {
    "rule": "Level by the rule",
    "mean": "Mean MAF",
    "max": "Highest MAF",
    "variants": "Variants only",
}


def controls(
    reader: Reader, patient_id: str, *, theme: ThemeName, is_study_time: bool
) -> tuple[TimelineRequest, bool]:
    """The request for the timeline of a patient, and whether its table is asked for in place of the drawing.

    Reads the events from the cached figure with the choices as they open, so the first look draws it once.
    """
    opening = TimelineRequest(
        patient_id=patient_id, theme=theme, time="study_time" if is_study_time else "dates", other_origin=True
    )
    choices = choices_of(reader, opening)
    zeros = [name for name, _words in choices.zeros]
    asked = _asked(link_state.take_asked_timeline(reader.snapshot.study_id, patient_id), zeros)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        time = _segments("Time", ["Days"] if is_study_time else list(TIMES), asked=asked)
        zero = _picked("Day 0", zeros, words=dict(choices.zeros), asked=asked)
        scale = _segments("Scale", list(SCALES), asked=asked)
        level = _picked("ctDNA level", list(get_args(Level)), words=LEVEL_LABELS, asked=asked)
        variants = _switch("Variants", asked=asked, opens=True, disabled=not choices.has_variants)
        other_origin = not choices.has_other_origin or _switch(OTHER_ORIGIN, asked=asked, opens=True)
        interval = choices.has_intervals and _switch("95 % interval", asked=asked)
        shows_table = _switch("Table", asked=asked)
        part = st.popover("Zoom", icon=":material/zoom_in:")
    day_zero = chosen_zero(choices, zero) if time == "Days" else None
    with part:
        first, last = shown_range(choices, patient_id=patient_id, day_zero=day_zero)
    is_rule = not choices.zeros or zero == choices.zeros[0][0]
    request = TimelineRequest(
        patient_id=patient_id,
        theme=theme,
        time="study_time" if is_study_time else TIMES[time],
        scale=SCALES[scale],
        level=level if choices.has_variants else "rule",
        variants=variants,
        other_origin=other_origin,
        interval=interval,
        zero="rule" if is_rule else zero,
        first=first,
        last=last,
        marked=state.marked_days(reader.snapshot.study_id, patient_id),
    )
    return request, shows_table


@remembered(entries=500)
def choices_of(reader: Reader, opening: TimelineRequest) -> TimelineChoices:
    """Choices of one patient."""
    return timeline_choices(timeline_events(cache.timeline_figure(reader, opening)))


def _asked(kept: Mapping[str, Any], zeros: list[str]) -> dict[str, Any]:
    """What a link asks of each control, by the control's name; nothing without a link."""
    if not kept:
        return {}
    by_rule = zeros[0] if zeros else None
    return {
        "Time": next((name for name, value in TIMES.items() if value == kept["time"]), None),
        "Day 0": by_rule if kept["zero"] == "rule" else kept["zero"],
        "Scale": next((name for name, value in SCALES.items() if value == kept["scale"]), None),
        "ctDNA level": kept["level"],
        "Variants": kept["variants"],
        OTHER_ORIGIN: kept["other_origin"],
        "95 % interval": kept["interval"],
        "Table": kept["table"],
    }


def _segments(name: str, options: list[str], *, asked: Mapping[str, Any]) -> str:
    key = _key(name, options, asked)
    return str(st.segmented_control(name, options, key=key, required=True, label_visibility="collapsed"))


def _picked(name: str, options: list[Any], *, words: dict[Any, str], asked: Mapping[str, Any]) -> Any:
    """A select box; the words carry its name, so that the row stays short. None without options."""
    if not options:
        return None
    return st.selectbox(
        name,
        options,
        format_func=lambda one: words[one],
        key=_key(name, options, asked),
        label_visibility="collapsed",
        width=155,
    )


def _switch(name: str, *, asked: Mapping[str, Any], opens: bool = False, disabled: bool = False) -> bool:
    return st.toggle(name, key=_key(name, [opens, not opens], asked), disabled=disabled)


def _key(name: str, options: list[Any], asked: Mapping[str, Any]) -> str:
    return link_state.start_choice(
        f"{state.TIMELINE_PART}.{name}", options, asked=asked.get(name), default=options[0]
    )
