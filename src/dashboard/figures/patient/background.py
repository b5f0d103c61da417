"""What an MDT asks besides the course (A16): treatments, last responses, toxicity, organ function, virus."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.figures.patient.header import SUMMARY, TOXICITY, VIRAL
from dashboard.figures.patient.new_lesions import new_lesion_words
from dashboard.figures.patient.report_days import PARTIAL, ReportClock, report_clock
from dashboard.figures.patient.report_words import (
    Cells,
    Row,
    organ_words,
    other_row,
    response_words,
    treatment_row,
)
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.patient_safety import NO_TOXICITY, stop_words, toxicity_words, viral_words
from dashboard.tables.patient_timeline import Clock

FOLDER = Path(__file__).parent
LINES, OTHERS, ORGANS, RESPONSES, NEW_LESIONS, STOPPED = (
    (FOLDER / f"report_{name}.sql").read_text(encoding="utf-8")
    for name in ("line", "other", "organ", "response", "new_lesion", "stopped")
)


@dataclass(frozen=True, kw_only=True)
class BackgroundRequest:
    """Whose background, how its days are named, and the setting of the best response (None without one)."""

    patient_id: str
    clock: Clock
    setting: str | None


@dataclass(frozen=True, kw_only=True)
class PatientBackground:
    """Treatments in the order they began, each a row of cells; the rest in words, the latest where one is."""

    treatments: tuple[Cells, ...] = ()
    responses: tuple[str, ...] = ()
    toxicities: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()
    viral: str = ""


def headline_setting(study: Study) -> str | None:
    """The setting of the best response that the study names first."""
    return next((one.setting_id for one in study.response_settings if one.is_headline), None)


def patient_background(reader: Reader, request: BackgroundRequest) -> PatientBackground:
    """The background of one patient; nothing for an id the reader cannot see."""
    known = _Known(reader, request)
    summary = next(iter(known.rows(SUMMARY)), None)
    if summary is None:
        return PatientBackground()
    until = summary["died_on"] or summary["observed_until"]
    responses = known.clock_of("response")
    stopped = known.rows(STOPPED)
    return PatientBackground(
        treatments=known.treatments(stopped),
        responses=(
            *(response_words(row, clock=responses) for row in known.rows(RESPONSES)),
            *new_lesion_words(known.rows(NEW_LESIONS), clock=request.clock),
        ),
        toxicities=known.toxicities(stopped),
        organs=organ_words(known.rows(ORGANS), clock=known.clock_of("measurement"), until=until),
        viral=viral_words(known.rows(VIRAL)),
    )


class _Known:
    """What is read of one patient."""

    def __init__(self, reader: Reader, request: BackgroundRequest) -> None:
        self.reader, self.request = reader, request
        self.partial = self.rows(PARTIAL)

    def rows(self, sql: str, **more: Any) -> list[dict[str, Any]]:
        return self.reader.records(sql, {"patient_id": self.request.patient_id, **more})

    def clock_of(self, *subjects: str) -> ReportClock:
        return report_clock(self.request.clock, self.partial, subjects=subjects)

    def toxicities(self, stopped: Sequence[Row]) -> tuple[str, ...]:
        """What was stopped for toxicity on any line, then the events that limit choice (A16)."""
        given, events = self.clock_of("treatment"), self.clock_of("adverse_event")
        found = [toxicity_words(row, clock=events) for row in self.rows(TOXICITY)]
        return (*(stop_words(row, clock=given) for row in stopped), *(found or [NO_TOXICITY]))

    def treatments(self, stopped: Sequence[Row]) -> tuple[Cells, ...]:
        clock, scans = self.clock_of("treatment"), self.clock_of("response")
        inexact = self.clock_of("treatment", "response", "death").partial
        lines = [
            (
                row["started_on"],
                treatment_row(
                    row,
                    clock=clock,
                    scan_clock=scans,
                    inexact=inexact,
                    stopped=[one for one in stopped if one["line"] == row["line"] and one["went_on_with"]],
                ),
            )
            for row in self.rows(LINES, setting=self.request.setting)
        ]
        others = [(row["started_on"], other_row(row, clock=clock)) for row in self.rows(OTHERS)]
        return tuple(words for _day, words in sorted([*lines, *others], key=lambda found: found[0]))
