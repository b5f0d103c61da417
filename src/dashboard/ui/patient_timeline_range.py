"""The part of the time axis that is shown: zoom by the slider or by a line, pan by its half, reset.

The axis is drawn anew for the part, so that ticks and labels keep their room; the reader's browser does not
stretch them.
"""

import datetime as dt
from typing import Any

import streamlit as st

from dashboard.charts.timeline_span import SHORTEST_DAYS
from dashboard.figures.patient.timeline_choices import TimelineChoices
from dashboard.ui import state

KEPT = state.TIMELINE_PART
PART = "part"
YEAR = "Last 12 months"
STEPS = (
    ("Zoom in", "Shows the middle half of what is shown."),
    ("Zoom out", "Shows twice as much."),
    ("Earlier", "Moves back by half of what is shown."),
    ("Later", "Moves on by half of what is shown."),
    ("Reset", "Shows the whole course."),
)
Span = tuple[dt.date, dt.date]


def shown_range(
    choices: TimelineChoices, *, patient_id: str, day_zero: dt.date | None
) -> tuple[dt.date | None, dt.date | None]:
    """Ends of the axis the reader chose; None and None for the whole course.

    With `day_zero` the slider counts days from it and shows no date.
    """
    whole: Span = (choices.first, choices.last)
    span = kept_span(state.timeline_part(), patient_id=patient_id, whole=whole)

    def keep(chosen: Span) -> None:
        state.set_timeline_part(patient_id, inside(chosen, whole))

    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for word, words in STEPS:
            to = step(span, word=word, whole=whole)
            key = f"{KEPT}.{word}"
            st.button(word, help=words, key=key, disabled=to == span, on_click=keep, args=(to,))
        _part(choices, keep=keep)
    _slider(choices, span, day_zero=day_zero, keep=keep)
    return (None, None) if span == whole else span


def _part(choices: TimelineChoices, *, keep: Any) -> None:
    """A line or the last year; the choice empties again, because the slider then says what is shown."""
    names = {name: (first, last) for name, first, last in choices.lines}
    names[YEAR] = (choices.last - dt.timedelta(days=365), choices.last)

    def chosen() -> None:
        name = state.timeline_widget(PART)
        state.set_timeline_widget(PART, None)
        if name in names:
            keep(names[name])

    st.selectbox(
        "Show a part",
        list(names),
        index=None,
        placeholder="Show a part",
        key=f"{KEPT}.{PART}",
        label_visibility="collapsed",
        width=135,
        on_change=chosen,
    )


def _slider(choices: TimelineChoices, span: Span, *, day_zero: dt.date | None, keep: Any) -> None:
    """A slider with two ends, dates or days."""
    whole = (choices.first, choices.last)
    name = "slider.dates" if day_zero is None else "slider.days"

    def moved() -> None:
        first, last = state.timeline_widget(name)
        if day_zero is not None:
            first, last = (day_zero + dt.timedelta(days=days) for days in (first, last))
        keep((first, last))

    options: dict[str, Any] = {"key": f"{KEPT}.{name}", "label_visibility": "collapsed", "on_change": moved}
    if day_zero is None:
        state.set_timeline_widget(name, span)
        st.slider("Dates shown", *whole, format="D MMM YYYY", **options)
    else:
        ends = [(day - day_zero).days for day in whole]
        state.set_timeline_widget(name, tuple((day - day_zero).days for day in span))
        st.slider("Days shown", *ends, format="day %d", **options)


def kept_span(kept: tuple[str, Span] | None, *, patient_id: str, whole: Span) -> Span:
    """What was kept for this patient, as far as it still lies on the axis; else the whole."""
    if kept is None or kept[0] != patient_id:
        return whole
    return inside(kept[1], whole)


def inside(span: Span, whole: Span) -> Span:
    """The span cut to the axis, never shorter than two weeks where the course is that long."""
    least = dt.timedelta(days=min(SHORTEST_DAYS, (whole[1] - whole[0]).days))
    first = min(max(span[0], whole[0]), whole[1] - least)
    return first, min(max(span[1], first + least), whole[1])


def step(span: Span, *, word: str, whole: Span) -> Span:
    """The span after one of the steps; panning keeps its length and stops at the ends of the course."""
    days = (span[1] - span[0]).days
    if word == "Reset":
        return whole
    if word in {"Zoom in", "Zoom out"}:
        change = dt.timedelta(days=days // 4 if word == "Zoom in" else -(days // 2))
        return inside((span[0] + change, span[1] - change), whole)
    half = dt.timedelta(days=max(1, days // 2))
    move = -min(half, span[0] - whole[0]) if word == "Earlier" else min(half, whole[1] - span[1])
    return span[0] + move, span[1] + move
