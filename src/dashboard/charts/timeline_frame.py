"""Axis, options and rows that all panels of the patient timeline share."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import pandas as pd

from dashboard.charts.theme import Theme, ThemeName, theme_of
from dashboard.charts.timeline_level import Level, with_level
from dashboard.charts.timeline_span import cut_span, day_zero, silent_since, whole_span
from dashboard.tables.patient_timeline import Clock

Event = Mapping[str, Any]
# Part of a Vega-Lite specification.
Layer = dict[str, Any]
# One row of the data of a layer.
Row = dict[str, Any]
LEFT_PX = 118
RIGHT_PX = 112
# Without an end these last as long as the treatment or the patient's course does.
OPEN_KINDS = frozenset({"LINE", "LIMIT", "DOSE_HOLD", "DOSE_REDUCTION"})
# A treatment that is over, on a day that nobody wrote down.
NOT_RECORDED = "NOT_RECORDED"


# Layout is made for the narrowest page (1280 px); a wider one only draws labels farther apart.
NARROWEST_PX = 652
# Height of the ctDNA panel, and the size of most small print.
PANEL_PX = 248
SMALL_TEXT_PX = 11


@dataclass(frozen=True, kw_only=True)
class TimelineOptions:
    """What the reader may switch. `time` is study_time where the study gives no calendar dates.

    `zero` names day 0: rule, enrolment, local (first local treatment) or line 1, line 2 ...; `level` what the
    large marks show; `first` and `last` cut the axis; `marked` days are brought out.
    """

    theme: ThemeName = "light"
    time: Literal["dates", "days", "study_time"] = "dates"
    scale: Literal["log", "linear"] = "log"
    level: Level = "rule"
    variants: bool = True
    other_origin: bool = False
    interval: bool = False
    zero: str = "rule"
    first: dt.date | None = None
    last: dt.date | None = None
    marked: tuple[dt.date, ...] = ()
    width_px: int = NARROWEST_PX
    # Labels are placed as if no type were smaller: a sheet of paper draws the picture smaller than a screen.
    least_text_px: float = 0
    panel_px: int = PANEL_PX
    # After local therapy the investigator judges the disease: no RECIST (clinical-decisions A5).
    is_after_local: bool = False
    # Days after an ablation between which the first CT is the reference of its zone; the study says which.
    ablation_reference_days: tuple[int, int] | None = None


@dataclass(frozen=True)
class TimeAxis:
    """The time axis: its ends, day 0, and the last day of follow-up (the death, else the data cut).

    `silent_since` is the last record of a patient whose axis ends long before the data cut.
    """

    start: dt.date
    end: dt.date
    zero: dt.date
    zero_label: str
    last: dt.date
    is_dates: bool
    plot_px: int
    text_scale: float = 1
    silent_since: dt.date | None = None

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
    """Last day of an event; one without an end lasts until the data cut where it can go on, else a day."""
    ended: dt.date | None = event["ended_on"]
    if ended is not None:
        return ended
    started: dt.date = event["occurred_on"]
    is_open = event["is_ongoing"] or event["kind"] in OPEN_KINDS or event["end_basis"] == NOT_RECORDED
    return max(started, axis.last) if is_open else started


def event_rows(frame: pd.DataFrame) -> tuple[Event, ...]:
    """Rows of timeline_event as records with plain Python values, None where missing, oldest first."""
    names = [str(name) for name in frame.columns]
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return tuple(sorted(rows, key=lambda row: (row["occurred_on"], row["event_key"])))


def _plain(value: Any) -> Any:
    """The value, None where missing; a page asks for thousands, and only NaN differs from itself."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _with_known(events: Sequence[Event], observed: dt.date) -> list[Event]:
    """Events; treatments that go on carry the last day of which anything is known, where that is earlier."""
    known = next((e["occurred_on"] for e in events if e["kind"] == "LAST_KNOWN"), None)
    if known is None or known >= observed:
        return list(events)
    kinds = ("SYSTEMIC", "LINE")
    return [{**e, "known_until": known} if e["kind"] in kinds and e["is_ongoing"] else e for e in events]


def make_canvas(events: Sequence[Event], *, options: TimelineOptions) -> Canvas:
    """Canvas for one patient. The axis spans what is core to the course, up to the data cut or the death."""
    observed = next(e["occurred_on"] for e in events if e["kind"] == "OBSERVED_UNTIL")
    zero, zero_label = day_zero(events, observed, choice=options.zero)
    start, end = cut_span(whole_span(events), first=options.first, last=options.last)
    events = [with_level(event, level=options.level) for event in _with_known(events, observed)]
    # Larger type takes wider margins.
    text_scale = max(1, options.least_text_px / SMALL_TEXT_PX)
    axis = TimeAxis(
        start=start,
        end=end,
        zero=zero,
        zero_label=zero_label,
        last=min([*(e["occurred_on"] for e in events if e["kind"] == "DEATH"), observed]),
        is_dates=options.time == "dates",
        plot_px=options.width_px - round((LEFT_PX + RIGHT_PX) * text_scale),
        text_scale=text_scale,
        silent_since=silent_since(events),
    )
    return Canvas(tuple(events), axis, theme_of(options.theme), options)
