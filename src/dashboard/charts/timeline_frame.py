"""Axis, options and rows that all panels of the patient timeline share."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import pandas as pd

from dashboard.charts.theme import Theme, ThemeName, theme_of
from dashboard.tables.patient_timeline import Clock

Event = Mapping[str, Any]
# Part of a Vega-Lite specification.
Layer = dict[str, Any]
# One row of the data of a layer.
Row = dict[str, Any]
LEFT_PX = 118
RIGHT_PX = 112
# What decides where the axis begins; markers, biopsies and adjuvant treatment may lie years before.
CORE_KINDS = frozenset({"SAMPLE", "RESPONSE", "BASELINE", "SUM", "LINE", "ENROLMENT"})
LOCAL_KINDS = frozenset({"RADIOTHERAPY", "ABLATION", "SURGERY"})
# A local treatment so many days before enrolment is still that of the study.
BEFORE_ENROLMENT_DAYS = 28


@dataclass(frozen=True, kw_only=True)
class TimelineOptions:
    """What the reader may switch. `time` is study_time where the study gives no calendar dates."""

    theme: ThemeName = "light"
    time: Literal["dates", "days", "study_time"] = "dates"
    scale: Literal["log", "linear"] = "log"
    variants: bool = True
    other_origin: bool = False
    width_px: int = 772


@dataclass(frozen=True)
class TimeAxis:
    """The time axis: its ends, day 0, and the last day of follow-up (the death, else the data cut)."""

    start: dt.date
    end: dt.date
    zero: dt.date
    zero_label: str
    last: dt.date
    is_dates: bool
    plot_px: int

    def x(self, day: dt.date) -> int:
        """Value of the x field: milliseconds in UTC on a date axis, else days since day 0."""
        if not self.is_dates:
            return (day - self.zero).days
        return (day - dt.date(1970, 1, 1)).days * 86_400_000

    def px(self, day: dt.date) -> float:
        """Place in pixels on a plot of the nominal width; only the placing of labels uses it."""
        return (day - self.start).days * self.plot_px / max(1, (self.end - self.start).days)

    def x_at(self, px: float) -> float:
        """Value of the x field so many pixels from the left, at the nominal width."""
        left, right = self.x(self.start), self.x(self.end)
        return round(left + (right - left) * px / self.plot_px, 2)

    def gap_px(self, days: Iterable[dt.date]) -> float:
        """Distance in pixels that nine of ten neighbouring days keep; the whole plot for fewer than two."""
        pixels = sorted(self.px(day) for day in set(days))
        gaps = sorted(after - before for before, after in pairwise(pixels))
        return gaps[len(gaps) // 10] if gaps else float(self.plot_px)

    def holds(self, day: dt.date | None) -> bool:
        """Whether the day lies on the axis."""
        return day is not None and self.start <= day <= self.end


@dataclass(frozen=True)
class Canvas:
    """Everything a panel draws with: the patient's events, the axis, the colours, the reader's choices."""

    events: tuple[Event, ...]
    axis: TimeAxis
    theme: Theme
    options: TimelineOptions

    @property
    def clock(self) -> Clock:
        """How days are named in words."""
        return Clock(self.axis.zero, is_study_time=self.options.time == "study_time")

    def of(self, *kinds: str) -> list[Event]:
        """Events of these kinds that begin on the axis, oldest first."""
        return [e for e in self.events if e["kind"] in kinds and self.axis.holds(e["occurred_on"])]

    def reaching(self, *kinds: str) -> list[Event]:
        """Events of these kinds of which any part lies on the axis, oldest first."""
        return [
            e
            for e in self.events
            if e["kind"] in kinds
            and e["occurred_on"] <= self.axis.end
            and end_of(e, self.axis) >= self.axis.start
        ]


@dataclass(frozen=True)
class Drawing:
    """Layers of one panel and where it ends; `used` names the marks that occur, for the legend."""

    layers: tuple[Layer, ...]
    bottom: float
    used: frozenset[str] = field(default_factory=frozenset)


def end_of(event: Event, axis: TimeAxis) -> dt.date:
    """Last day of an event; one without an end lasts until the data cut where it goes on, else a day."""
    ended: dt.date | None = event["ended_on"]
    if ended is not None:
        return ended
    started: dt.date = event["occurred_on"]
    return max(started, axis.last) if event["is_ongoing"] or event["kind"] == "LINE" else started


def event_rows(frame: pd.DataFrame) -> tuple[Event, ...]:
    """Rows of timeline_event as records with plain Python values, None where missing, oldest first."""
    records = frame.to_dict("records")
    rows = [{str(name): _plain(value) for name, value in row.items()} for row in records]
    return tuple(sorted(rows, key=lambda row: (row["occurred_on"], row["event_key"])))


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def make_canvas(events: Sequence[Event], *, options: TimelineOptions) -> Canvas:
    """Canvas for one patient. The axis spans what is core to the course, up to the data cut or the death."""
    observed = next(e["occurred_on"] for e in events if e["kind"] == "OBSERVED_UNTIL")
    zero, zero_label = day_zero(events, observed)
    start, end = _span(events, observed)
    axis = TimeAxis(
        start=start,
        end=end,
        zero=zero,
        zero_label=zero_label,
        last=min([*(e["occurred_on"] for e in events if e["kind"] == "DEATH"), observed]),
        is_dates=options.time == "dates",
        plot_px=options.width_px - LEFT_PX - RIGHT_PX,
    )
    return Canvas(tuple(events), axis, theme_of(options.theme), options)


def day_zero(events: Iterable[Event], observed: dt.date) -> tuple[dt.date, str]:
    """Day 0 and its name: the first line or the study's local treatment, the earlier; else enrolment."""
    rows = list(events)
    enrolled = min((e["occurred_on"] for e in rows if e["kind"] == "ENROLMENT"), default=None)
    lines = sorted((e["occurred_on"], e["line"] or 1) for e in rows if e["kind"] == "LINE")
    local = sorted(
        e["occurred_on"]
        for e in rows
        if e["kind"] in LOCAL_KINDS
        and (enrolled is None or (enrolled - e["occurred_on"]).days <= BEFORE_ENROLMENT_DAYS)
    )
    if local and (not lines or local[0] < lines[0][0]):
        return local[0], "day from local"
    if lines:
        return lines[0][0], f"day of line {lines[0][1]}"
    return (enrolled, "day of study") if enrolled is not None else (observed, "day from cut")


def _span(events: Sequence[Event], observed: dt.date) -> tuple[dt.date, dt.date]:
    core = [e["occurred_on"] for e in events if e["kind"] in CORE_KINDS]
    first = min([*core, observed])
    died = [e["occurred_on"] for e in events if e["kind"] == "DEATH"]
    last = min([*died, observed])
    days = max((last - first).days, 120)
    start = first - dt.timedelta(days=max(7, round(days * 0.03)))
    pad = dt.timedelta(days=max(10, round(days * 0.06)))
    if died:
        return start, last + pad
    ahead = [
        e["ended_on"] + dt.timedelta(days=max(7, round(days * 0.02)))
        for e in events
        if e["kind"] in {"DRAW_WINDOW", "SCAN_WINDOW"} and e["code"] in {"UPCOMING", "OPEN"}
    ]
    soon = [day for day in ahead if day <= last + dt.timedelta(days=round(days * 0.3))]
    return start, max([last + pad, *soon])
