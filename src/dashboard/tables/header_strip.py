"""The six cells on top of the patient page: diagnosis, line, ECOG, last scan, last ctDNA, status."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables import header_ctdna, response_words
from dashboard.tables.formats import (
    ABOUT,
    NOTHING,
    format_count,
    format_date,
    format_days,
    format_signed_percent,
)
from dashboard.tables.header_known import PartialDays
from dashboard.tables.header_words import cause_words
from dashboard.tables.response_words import UNREPORTED, assessor_words, baseline_scan_words, last_scan_words

Summary = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of small print; `is_late` marks an age beyond the study's limit.

    `qualifies`: the value misleads without it, so it is said wherever the value stands in one line.
    """

    text: str
    is_late: bool = False
    qualifies: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: its title, the value in large, and the small print below."""

    title: str
    value: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class AgeLimits:
    """Ages in days from which a dated value stands out."""

    imaging_days: int = 98
    ctdna_days: int = 98


def header_cells(
    summary: Summary, *, limits: AgeLimits, is_study_time: bool = False, partial: PartialDays | None = None
) -> list[Cell]:
    """The six cells in their fixed order. Ages are counted to the data cut, never to today."""
    words = Words(summary, limits, is_study_time, partial or {})
    return [words.diagnosis(), words.line(), words.ecog(), words.scan(), words.ctdna(), words.status()]


@dataclass(frozen=True)
class Words:
    """The cells of one patient."""

    summary: Summary
    limits: AgeLimits
    is_study_time: bool
    partial: PartialDays

    def age(self, day: dt.date | None) -> int | None:
        """Days from `day` to the last day observed: the data cut, the death or the withdrawal of consent."""
        if day is None:
            return None
        until: dt.date = self.summary.get("died_on") or self.summary["observed_until"]
        return (until - day).days

    def dated(self, day: dt.date | None, *, limit: int | None = None, word: str = "", of: str = "") -> Line:
        """A date with its age; `of` says what it is a day of (PartialDays)."""
        age = self.age(day)
        if day is None or age is None:
            return Line(NOTHING)
        ends = f"before {self.last_day()}"
        precision = self.partial.get((of, day))
        age_words = f"{ABOUT if precision else ''}{format_days(age)}"
        when = f"{age_words} {ends}"
        if not self.is_study_time:
            when = f"{format_date(day, precision=precision)} · {age_words}"
        is_late = limit is not None and age > limit and not self.summary.get("died_on")
        return Line(f"{word}{when}", is_late)

    def last_day(self) -> str:
        """What the last day observed is."""
        if self.summary.get("died_on"):
            return "death"
        return "the data cut" if self.summary.get("withdrew_on") is None else "the withdrawal of consent"

    def diagnosis(self) -> Cell:
        """Diagnosis, stage, sex and, beside calendar dates, year of birth."""
        s = self.summary
        value = s.get("diagnosis") or vocabulary.TUMOUR_TYPES.get(s.get("tumour_type") or "unknown", NOTHING)
        stage = f"Stage {s['stage']}" if s.get("stage") else "Stage not recorded"
        sex = {"female": "F", "male": "M"}.get(s.get("sex") or "", "sex not recorded")
        sex = f"{sex}, {s['age_years']} at enrolment" if s.get("age_years") is not None else sex
        born = f"born {s['birth_year']}" if s.get("birth_year") else "year of birth not recorded"
        person = sex if self.is_study_time else f"{sex} · {born}"
        return Cell("Diagnosis", str(value), (Line(stage), Line(person)))

    def line(self) -> Cell:
        """Line of therapy and its day."""
        s = self.summary
        if s.get("current_line") is None:
            title = "Last line" if s.get("died_on") else "Current line"
            return Cell(title, "No line recorded", ())
        # A line of several treatments names the last ones; the bars show all.
        regimen = str(s.get("current_regimen") or "regimen not recorded")
        is_switched = (s.get("regimen_started_on") or s["line_started_on"]) > s["line_started_on"]
        if is_switched:
            regimen += f" {self.since(s['regimen_started_on'])}"
        why = self.why_started()
        since = f"{'line ' if is_switched else ''}{self.since(s['line_started_on'])}"
        since += f", {why}" if why else ""
        if s.get("line_ended_on") is not None and s["line_ended_on"] == s.get("died_on"):
            return Cell("Last line", f"Line {s['current_line']}, until death", (Line(regimen), Line(since)))
        if s.get("is_line_ongoing") is False and s.get("line_ended_on") is not None:
            ended = self.dated(s["line_ended_on"], word="ended ", of="treatment")
            lines = (Line(regimen), *([Line(why)] if why else []), ended)
            return Cell("Last line", f"Line {s['current_line']}, ended", lines)
        silent = self.silent_days()
        if silent is None:
            value = f"Line {s['current_line']} · day {self.age(s.get('line_started_on'))}"
            return Cell("Current line", value, (Line(regimen), Line(since)))
        day = (s["last_seen_on"] - s["line_started_on"]).days
        when = "" if self.is_study_time else f" {format_date(s['last_seen_on'])}"
        words = f"at last contact{when} (nothing recorded since, {format_days(silent)})"
        value = f"Line {s['current_line']} · day {day}"
        return Cell("Current line", value, (Line(words, is_late=True), Line(regimen), Line(since)))

    def why_started(self) -> str:
        """The reason recorded for the start of the line, and what responses before it speak against it."""
        s = self.summary
        reason = vocabulary.START_REASONS_SAID.get(s.get("line_start_reason") or "")
        if reason is None:
            return ""
        said = f"start reason recorded: {reason}"
        if (response := s.get("line_response_since_pd")) is not None:
            day = self.dated(s["line_response_since_pd_on"], word="of ", of="response").text.split(" · ")[0]
            return f"{said}, last response at its start {response} {day}"
        line = int(s["current_line"])
        when = f"since line {line - 1} began" if line > 1 else "before it"
        return f"{said}, no PD recorded {when}" if s.get("line_lacks_pd_before") else said

    def since(self, day: dt.date) -> str:
        """For instance "since 27 Feb 2023"."""
        return self.dated(day, word="since ", of="treatment").text.split(" · ")[0]

    def silent_days(self) -> int | None:
        """Days from the last record of a silent patient to the data cut, where the line had begun by then.

        Nobody knows whether a treatment went on after that record.
        """
        s = self.summary
        if s.get("silent_days") is None or s.get("line_started_on") is None:
            return None
        days: int = s["silent_days"]
        return days if s["last_seen_on"] >= s["line_started_on"] else None

    def ecog(self) -> Cell:
        """Performance status with the one before it."""
        s = self.summary
        if s.get("ecog") is None:
            return Cell("ECOG", "Not recorded", ())
        before = () if s.get("previous_ecog") is None else (Line(f"was {float(s['previous_ecog']):g}"),)
        return Cell("ECOG", f"{float(s['ecog']):g}", (self.dated(s.get("ecog_on")), *before))

    def scan(self) -> Cell:
        """Last response, whose it is, and sum of the target lesions."""
        s = self.summary
        unread = self.unread()
        if s.get("last_scan_on") is None:
            return Cell("Last scan", self.unread_words(), unread)
        value = last_scan_words(s) + response_words.last_sum_words(s)
        scanned = self.dated(s["last_scan_on"], limit=self.limits.imaging_days, of="response")
        # Of a scan before the line that goes on, "this line" would name the wrong one.
        place = self.before_line() or map(Line, response_words.without_target_words(s))
        lines = [*self.reported_by(), *unread, scanned, *place]
        called_on = s.get("last_response_first_called_on")
        if called_on is not None:
            lines.append(self.dated(called_on, word="the same progression, first called ", of="response"))
        if s.get("is_last_scan_baseline") and not s.get("last_response"):
            # Its sum is where a line begins: a change would be one of the line before.
            return Cell("Last scan", value, tuple(lines))
        if (s.get("last_change_from_nadir_tenth_percent") or 0) > 0:
            lines.append(Line(f"{_percent(s['last_change_from_nadir_tenth_percent'])} % from nadir"))
        elif s.get("last_change_from_baseline_tenth_percent") is not None:
            lines.append(
                Line(f"{_percent(s['last_change_from_baseline_tenth_percent'])} % from line baseline")
            )
        return Cell("Last scan", value, tuple(lines))

    def reported_by(self) -> tuple[Line, ...]:
        """Who reported the last response; nothing where nobody did."""
        by = self.summary.get("last_response_by")
        return () if by is None or by in UNREPORTED else (Line(f"by {assessor_words(by)}"),)

    def unread(self) -> tuple[Line, ...]:
        """That the patient was imaged after the last assessment: the response may be out of date."""
        s = self.summary
        if s.get("unread_imaging_on") is None:
            return ()
        when = self.dated(s["unread_imaging_on"], of="response").text
        if s.get("unread_baseline_of_line") is not None:
            # Where it is the only scan the cell names it.
            scan = baseline_scan_words(s["unread_baseline_of_line"])
            named = "" if s.get("last_scan_on") is None else f"{scan}, "
            return (Line(f"{named}{when}, no measurement recorded", is_late=True),)
        again = "" if s.get("last_scan_on") is None else "again "
        return (Line(f"imaged {again}{when}, no response recorded", is_late=True),)

    def unread_words(self) -> str:
        """What the last scan is where nothing was ever assessed: a baseline scan needs no response (A1)."""
        line, scanned = self.summary.get("unread_baseline_of_line"), self.summary.get("unread_imaging_on")
        if scanned is None:
            return "No scan recorded"
        return "No response recorded" if line is None else baseline_scan_words(line)

    def before_line(self) -> tuple[Line, ...]:
        """That the last scan is older than the line that goes on: its response is not one to this line."""
        s = self.summary
        if s.get("line_started_on") is None or s.get("is_line_ongoing") is False:
            return ()
        is_before = s["last_scan_on"] <= s["line_started_on"] and not s.get("is_last_scan_baseline")
        return (Line(f"before line {s['current_line']} began"),) if is_before else ()

    def ctdna(self) -> Cell:
        """Last ctDNA result, its LoD, the one before it, and a pending sample."""
        s = self.summary
        if s.get("last_draw_on") is None:
            pending, failed = s.get("pending_draw_on"), s.get("failed_draw_on")
            value = "No result yet" if pending else "Failed, no result" if failed else "No sample"
            return Cell("Last ctDNA", value, (*_pending(self, pending), *_failed(self, failed)))
        dated = self.dated(s["last_draw_on"], limit=self.limits.ctdna_days, of="ctdna_sample")
        compared = header_ctdna.compared_words(s, is_study_time=self.is_study_time)
        earlier = header_ctdna.earlier_words(s, is_study_time=self.is_study_time)
        hows = (header_ctdna.mean_words(s), header_ctdna.detected_of(s), header_ctdna.direction(s))
        how = " · ".join(part for part in hows if part)
        origin = vocabulary.CTDNA_ORIGINS.get(str(s.get("last_origin_rule")), "")
        variant = header_ctdna.variant_words(s)
        said = (compared, header_ctdna.lod_words(s), how, variant, self.no_baseline(), origin, earlier)
        shown = (Line(words, qualifies=words in (variant, origin)) for words in said if words)
        lines = (dated, *shown, *_pending(self, s.get("pending_draw_on")))
        return Cell("Last ctDNA", header_ctdna.level(s, "last"), lines)

    def no_baseline(self) -> str:
        """That the first draw is no baseline (clinical-decisions A2)."""
        timing = str(self.summary.get("first_draw_timing") or "PRE_TREATMENT")
        return vocabulary.FIRST_DRAW_TIMINGS.get(timing, "")

    def status(self) -> Cell:
        """Alive, or why and since when not followed any more, and the open data issues."""
        s = self.summary
        state = str(s.get("departure") or s.get("vital_status") or "unknown")
        names = {**vocabulary.VITAL_STATUSES, **vocabulary.DEPARTURES}
        left_on = s.get("departed_on")
        if state == "DIED":
            died_on = s.get("died_on")
            died = format_date(died_on, precision=self.partial.get(("death", died_on)) if died_on else None)
            lines = [Line("date in the table" if self.is_study_time else died)]
            cause = cause_words(s.get("death_cause"))
            lines += [Line(cause)] if cause else []
        else:
            seen = self.dated(s.get("last_seen_on"), word="last seen ")
            left = [] if left_on is None or self.is_study_time else [Line(format_date(left_on))]
            lines = [*left, Line(seen.text, is_late=s.get("silent_days") is not None)]
        n_issues = s.get("n_data_issues")
        if n_issues:
            lines.append(Line(format_count(n_issues, "data issue"), is_late=True))
        return Cell("Status", names[state].capitalize(), tuple(lines))


def _pending(words: Words, day: dt.date | None) -> tuple[Line, ...]:
    drawn = words.dated(day, of="ctdna_sample").text
    return () if day is None else (Line(drawn.split(" · ")[0] + ", pending", qualifies=True),)


def _failed(words: Words, day: dt.date | None) -> tuple[Line, ...]:
    """Where no sample has a result: when the last failed, and how many were drawn."""
    if day is None:
        return ()
    n = format_count(words.summary["n_samples"], "sample")
    return (Line(words.dated(day, of="ctdna_sample").text + ", failed"), Line(f"{n}, none with a result"))


def _percent(tenths: int) -> str:
    return format_signed_percent(tenths / 10, decimals=1)
