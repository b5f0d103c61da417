"""The patient timeline: one patient's events, drawn, in words and as a table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dashboard.charts.theme import ThemeName
from dashboard.charts.timeline import patient_timeline, plotted_keys
from dashboard.charts.timeline_frame import (
    Canvas,
    Event,
    TimelineOptions,
    end_of,
    event_rows,
    make_canvas,
)
from dashboard.charts.timeline_level import WORDS as LEVEL_WORDS
from dashboard.charts.timeline_level import Level
from dashboard.charts.timeline_span import LOCAL_KINDS, day_zero, whole_span
from dashboard.errors import DashboardError
from dashboard.figures.figure import Figure, code_of, footer_of
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.formats import format_count, format_date
from dashboard.tables.patient_timeline import Clock, timeline_table
from dashboard.tables.patient_timeline_ctdna import said_level

STUDY = (
    "select calendar, response_mode, ablation_reference_from_day as first, ablation_reference_to_day as last "
    "from study"
)
SQL = (Path(__file__).parent / "timeline.sql").read_text(encoding="utf-8")
CAPTION = (
    "Per cent under a response: change of the target sum from the baseline of that line; with *: from the "
    "nadir; –: no sum over 0 to compare, or a PD that the sum did not make. Orange dashes: the sum from "
    "which progression would be called, in whole millimetres, as the nadir stood at the time. Not "
    "detected stands in its own lane, never at 0; no line is drawn across a draw that failed, is pending or "
    "was planned and not done, or a change of assay."
)
METHOD = (
    "ctDNA level: mean MAF over the tracked set for tumour-informed assays (a tracked variant not detected "
    "adds nothing to the sum and one to the count), the highest MAF for all others. Limit of detection as "
    "the laboratory states it. Response as reported by the treating team unless the study says calculated; "
    "{response}. Planned windows are judged at the data cut. Input: 3 / (genome equivalents × tracked "
    "variants), 303 genome equivalents per ng; it never replaces the laboratory's limit. 95 % intervals: "
    "Wilson, from molecule counts, where the laboratory gives them."
)
BY_RECIST = "RECIST 1.1 per line, baseline and nadir begin anew with each line"
AFTER_LOCAL = (
    "after local therapy the investigator judges the lesions treated, no progression is calculated from "
    "their diameters, and RECIST 1.1 stands for other lesions only; the zone of an ablation is followed from "
    "the first CT {first} to {last} days after it"
)
EARLIER_KINDS = LOCAL_KINDS | {
    "MARKER",
    "SECOND_MARKER",
    "BIOPSY",
    "LESION",
    "ECOG",
    "SYSTEMIC",
    "EVENT",
    "SERIOUS_EVENT",
}


class PatientNotFound(DashboardError):
    """The reader may see no patient of this id in this data cut."""


@dataclass(frozen=True, kw_only=True)
class TimelineRequest:
    """What to draw. `time` counts as study_time where the study has no calendar dates.

    `level` switches the large marks of the drawing only, never a rule; `zero` names day 0 (rule, enrolment,
    local, line 1 ...); `first` and `last` cut the time axis; `marked` are the days of a row on the worklist.
    """

    patient_id: str
    theme: ThemeName = "light"
    time: Literal["dates", "days", "study_time"] = "dates"
    scale: Literal["log", "linear"] = "log"
    level: Level = "rule"
    variants: bool = True
    other_origin: bool = True
    interval: bool = False
    zero: str = "rule"
    first: dt.date | None = None
    last: dt.date | None = None
    marked: tuple[dt.date, ...] = ()


def patient_timeline_figure(reader: Reader, request: TimelineRequest) -> Figure:
    """Figure of one patient. Raises PatientNotFound for an id the reader cannot see."""
    parameters = {"patient_id": request.patient_id}
    rows = reader.rows(SQL, parameters)
    if rows.empty:
        raise PatientNotFound(
            f"no timeline_event of the patient asked for; the sites granted are {reader.sites or 'all'}"
        )
    options = timeline_options(reader, request)
    spec = patient_timeline(rows, options=options)
    canvas = make_canvas(event_rows(rows), options=options)
    drawn = plotted(canvas, keys=plotted_keys(spec))
    return Figure(
        rows=rows,
        spec=without_keys(spec) if options.time == "study_time" else spec,
        table=timeline_table(drawn, clock=canvas.clock),
        caption=" ".join(
            [
                CAPTION,
                *diameter_words(drawn),
                *choice_words(canvas),
                *silence_words(canvas),
                *_left_out(canvas),
            ]
        ),
        method=METHOD.format(response=response_words(options)),
        footer=footer_of(reader.snapshot),
        code=code_of(reader, (SQL, parameters)),
        alt=describe_timeline(canvas),
    )


def timeline_options(reader: Reader, request: TimelineRequest) -> TimelineOptions:
    """Options of the chart; a study on a relative calendar has no dates to show."""
    study = reader.records(STUDY)
    is_relative = any(row["calendar"] == "relative" for row in study)
    reference = next(((row["first"], row["last"]) for row in study), None)
    return TimelineOptions(
        theme=request.theme,
        time="study_time" if is_relative else request.time,
        scale=request.scale,
        level=request.level,
        variants=request.variants,
        other_origin=request.other_origin,
        interval=request.interval,
        zero=request.zero,
        first=request.first,
        last=request.last,
        marked=request.marked,
        is_after_local=any(row["response_mode"] == "post_local_therapy" for row in study),
        ablation_reference_days=reference,
    )


def response_words(options: TimelineOptions) -> str:
    """How response is judged in this study."""
    days = options.ablation_reference_days
    if not options.is_after_local or days is None:
        return BY_RECIST
    return AFTER_LOCAL.format(first=days[0], last=days[1])


def diameter_words(drawn: Sequence[Event]) -> list[str]:
    """What the diameters of treated lesions are, where any are drawn."""
    if not any(event["kind"] == "LESION" and event["value_sum"] is not None for event in drawn):
        return []
    return [f"Under a treated lesion its diameter in mm. {vocabulary.WORDS['not_recist']}"]


def timeline_events(figure: Figure) -> tuple[Event, ...]:
    """Events of a timeline figure as records, oldest first, drawn or not."""
    return event_rows(figure.rows)


def timeline_clock(events: Sequence[Event], *, is_study_time: bool, zero: str = "rule") -> Clock:
    """How the words beside a timeline name its days."""
    observed_until = next(event["occurred_on"] for event in events if event["kind"] == "OBSERVED_UNTIL")
    return Clock(day_zero(events, observed_until, choice=zero)[0], is_study_time=is_study_time)


def without_keys(spec: dict[str, Any]) -> dict[str, Any]:
    """The drawing with a number in place of each event's key: keys hold dates and identifiers of samples."""
    numbers: dict[str, str] = {}

    def plain(part: Any) -> Any:
        if isinstance(part, list):
            return [plain(one) for one in part]
        if not isinstance(part, dict):
            return part
        return {
            name: numbers.setdefault(value, f"event {len(numbers) + 1}")
            if name == "key" and isinstance(value, str)
            else plain(value)
            for name, value in part.items()
        }

    return dict(plain(spec))


def choice_words(canvas: Canvas) -> list[str]:
    """What the reader switched, where the drawing then differs from the rules or shows only a part."""
    options, axis, words = canvas.options, canvas.axis, []
    if options.level != "rule":
        chosen = LEVEL_WORDS[options.level]
        words.append(f"Large marks: {chosen}, as chosen here; states and ratios keep the rule.")
    whole = whole_span(canvas.events)
    if (axis.start, axis.end) != whole:
        first, last = (canvas.clock.name(day) for day in (axis.start, axis.end))
        words.append(f"Shown: {first} to {last}; what lies outside is not drawn, and no line leads to it.")
    if options.marked:
        days = " and ".join(_when(canvas, day) for day in options.marked)
        words.append(f"Marked through all panels, as on the worklist: {days}.")
    return words


def silence_words(canvas: Canvas) -> list[str]:
    """That the axis ends before the data cut, for a patient of whom nothing was recorded for long."""
    if canvas.axis.silent_since is None:
        return []
    last, cut = (_when(canvas, day) for day in (canvas.axis.silent_since, canvas.axis.last))
    return [f"No record after {last} up to the data cut ({cut}): the axis ends before it."]


def plotted(canvas: Canvas, *, keys: set[str]) -> list[Event]:
    """Events that the chart draws, oldest first."""
    return [event for event in canvas.events if event["event_key"] in keys]


def _left_out(canvas: Canvas) -> list[str]:
    """What lies before the axis or is hidden, in words."""
    earlier = [
        event
        for event in canvas.events
        if event["kind"] in EARLIER_KINDS and end_of(event, canvas.axis) < canvas.axis.start
    ]
    hidden = {
        event["label"] for event in canvas.events if event["kind"] == "VARIANT" and event["is_other_origin"]
    }
    words = []
    if earlier:
        n = len(earlier)
        words.append(f"{format_count(n, 'earlier event')} not drawn (before the axis begins).")
    if hidden and not canvas.options.other_origin:
        words.append("Not drawn, possibly not from the tumour: " + ", ".join(sorted(hidden)) + ".")
    return words


def describe_timeline(canvas: Canvas) -> str:
    """The timeline in two sentences, for readers who cannot see it."""
    draws = [event for event in canvas.events if event["kind"] == "SAMPLE" and event["panel"] == "CTDNA"]
    scans = [event for event in canvas.events if event["kind"] == "RESPONSE"]
    lines = [event for event in canvas.events if event["kind"] == "LINE"]
    counts = (
        format_count(len(draws), "ctDNA result"),
        format_count(len(scans), "response assessment"),
        format_count(len(lines), "line"),
    )
    words = f"Timeline with {', '.join(counts)}."
    if draws:
        words += f" Last ctDNA {_when(canvas, draws[-1]['occurred_on'])}: {said_level(draws[-1])}."
    if scans:
        words += f" Last response {_when(canvas, scans[-1]['occurred_on'])}: {scans[-1]['code']}."
    return " ".join(
        [words, *silence_words(canvas), "Every point is a row of the table behind the switch Table."]
    )


def _when(canvas: Canvas, day: dt.date) -> str:
    return canvas.clock.name(day) if canvas.options.time == "study_time" else format_date(day)
