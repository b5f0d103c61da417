"""All that the one-page report of a patient says, as words (clinical-decisions A16)."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.patient.background import BackgroundRequest, headline_setting, patient_background
from dashboard.figures.patient.header import SUMMARY, header_request, patient_header
from dashboard.figures.patient.report_days import PARTIAL, ReportClock, report_clock
from dashboard.figures.patient.report_timeline import page_timeline
from dashboard.figures.patient.report_variants import VariantWords, variant_words
from dashboard.figures.patient.report_words import Cells, age_words, identity_words, issue_about
from dashboard.figures.patient.statements import PatientStatements, StatementsRequest, patient_statements
from dashboard.figures.patient.timeline import CAPTION, PatientNotFound, timeline_clock, timeline_events
from dashboard.figures.patient.variants import COURSES, why_no_variant
from dashboard.figures.patient.variants import SQL as SAMPLES
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.tables.data_load_issues import CheckWords, issue_words
from dashboard.tables.header_facts import HeaderLine
from dashboard.tables.header_strip import Cell, Line
from dashboard.tables.patient_statements import STANDS_OUT

ISSUES = (
    "select * from data_issue where patient_id = $patient_id "
    "and issue_group <> 'for_information' and not is_systematic "
    "order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, check_id, row_key"
)
MOST_ISSUES = 3
# The data issues themselves stand on the sheet with their number.
COUNT_OF_ISSUES = ("DATA_ISSUE", "DATA_ISSUES", "DATA_ISSUE_WITHDRAWN", "DATA_ISSUES_WITHDRAWN")
# The cards below say all of it.
NOT_KNOWN = "Not known"
RESEARCH_USE = "Research use: not for treatment selection unless the assay is clinically reported"


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """Whose page, for which study, in which words of the checks; de-identified gives study days only."""

    patient_id: str
    study: Study
    checks: Mapping[str, CheckWords]
    is_deidentified: bool = False


@dataclass(frozen=True, kw_only=True)
class PatientReport:
    """One patient in words: what stands in each place of the page, most important first.

    `warnings` are those of `said` that must not be read past.
    """

    patient_id: str
    is_deidentified: bool
    study: str
    identity: str
    cut_off: dt.date
    cut: str
    footer: str
    versions: str
    cells: tuple[Cell, ...]
    lines: tuple[HeaderLine, ...]
    treatments: tuple[Cells, ...]
    responses: tuple[str, ...]
    toxicities: tuple[str, ...]
    organs: tuple[str, ...]
    viral: str
    said: tuple[str, ...]
    unknown: tuple[str, ...]
    variant_head: Cells
    variants: tuple[Cells, ...]
    n_more_variants: int
    variant_notes: tuple[str, ...]
    no_variant: str
    issues: tuple[str, ...]
    n_issues: int
    timeline: Figure
    timeline_note: str
    warnings: tuple[str, ...] = ()


def patient_report(reader: Reader, request: ReportRequest) -> PatientReport:
    """The report of one patient. Raises PatientNotFound for an id the reader cannot see."""
    known = _Known(reader, request)
    study, snapshot = request.study, reader.snapshot
    said = known.statements()
    variants = known.variants()
    n_issues, issues = known.issues()
    background = patient_background(reader, known.background_request())
    return PatientReport(
        patient_id=request.patient_id,
        is_deidentified=request.is_deidentified,
        study=study.title,
        identity=known.identity(),
        cut_off=snapshot.cut_off,
        cut=known.cut(),
        footer=footer_words(study, snapshot, is_deidentified=request.is_deidentified),
        versions=version_words(snapshot),
        cells=known.cells(),
        lines=known.lines(),
        treatments=background.treatments,
        responses=background.responses,
        toxicities=background.toxicities,
        organs=background.organs,
        viral=background.viral,
        said=_sentences(said, "SAY"),
        unknown=_sentences(said, "UNKNOWN", without=COUNT_OF_ISSUES if issues else ()),
        variant_head=variants.head,
        variants=variants.rows,
        n_more_variants=variants.n_more,
        variant_notes=variants.notes,
        no_variant="" if variants.rows or variants.notes else why_no_variant(reader, request.patient_id),
        issues=issues[:MOST_ISSUES],
        n_issues=n_issues,
        timeline=known.timeline,
        timeline_note=known.timeline.caption.removeprefix(CAPTION).strip(),
        warnings=tuple(one.sentence for one in said.statements if one.rule in STANDS_OUT),
    )


def footer_words(study: Study, snapshot: Snapshot, *, is_deidentified: bool) -> str:
    """As under a figure; de-identified without the dates, of which one is part of the id too."""
    if is_deidentified:
        mark = snapshot.snapshot_id.rsplit("-", 1)[-1]
        return f"{study.title} · snapshot {mark} · study days only"
    return footer_of(snapshot)


def version_words(snapshot: Snapshot) -> str:
    """By what the page was made, for instance "Application 0.1.0 · rules 28b04e46739a"."""
    rules = snapshot.manifest.get("rules")
    parts = [f"Application {version('ctdna-dashboard')}", f"rules {rules}" if rules else ""]
    return " · ".join(part for part in parts if part)


def _sentences(said: PatientStatements, kind: str, *, without: Collection[str] = ()) -> tuple[str, ...]:
    return tuple(one.sentence for one in said.of(kind) if one.rule not in without)


class _Known:
    """What is read of one patient."""

    def __init__(self, reader: Reader, request: ReportRequest) -> None:
        self.reader, self.request = reader, request
        self.is_study_time = request.is_deidentified or request.study.calendar == "relative"
        found = next(iter(self.rows(SUMMARY)), None)
        header = patient_header(reader, self._header_request())
        if found is None or header is None:
            raise PatientNotFound(
                f"no patient of the id asked for; the sites granted are {reader.sites or 'all'}"
            )
        self.summary, self.header = found, header
        self.timeline = page_timeline(reader, request.patient_id, is_study_time=self.is_study_time)
        self.clock = timeline_clock(timeline_events(self.timeline), is_study_time=self.is_study_time)
        self.partial = self.rows(PARTIAL)

    def _header_request(self) -> Any:
        request = header_request(self.request.study, self.request.patient_id)
        return replace(request, options=replace(request.options, is_study_time=self.is_study_time))

    def rows(self, sql: str, **more: Any) -> list[dict[str, Any]]:
        return self.reader.records(sql, {"patient_id": self.request.patient_id, **more})

    def clock_of(self, *subjects: str) -> ReportClock:
        return report_clock(self.clock, self.partial, subjects=subjects)

    def cut(self) -> str:
        observed: dt.date = self.summary["observed_until"]
        cut = self.clock.name(self.reader.snapshot.cut_off)
        # A patient who withdrew is observed up to that day only.
        if observed < self.reader.snapshot.cut_off and self.summary["withdrew_on"] is not None:
            return f"{cut}; consent withdrawn, data up to {self.clock.name(observed)}"
        return cut

    def cells(self) -> tuple[Cell, ...]:
        """The cells of the header; the identity line has the year of birth, a death its day."""
        diagnosis, *others, status = self.header.cells
        first = replace(diagnosis, lines=(diagnosis.lines[0], Line(age_words(self.summary))))
        died_on = self.summary["died_on"]
        died = Line(self.clock_of("death").name(died_on))
        last = status if died_on is None else replace(status, lines=(died, *status.lines[1:]))
        return (first, *others, last)

    def lines(self) -> tuple[HeaderLine, ...]:
        return tuple(line for line in self.header.lines if line.label != NOT_KNOWN)

    def background_request(self) -> BackgroundRequest:
        return BackgroundRequest(
            patient_id=self.request.patient_id,
            clock=self.clock,
            setting=headline_setting(self.request.study),
        )

    def identity(self) -> str:
        hidden = self.request.is_deidentified
        return identity_words(self.summary, is_deidentified=hidden, clock=self.clock_of("death"))

    def statements(self) -> PatientStatements:
        request = StatementsRequest(patient_id=self.request.patient_id, clock=self.clock)
        return patient_statements(self.reader, request)

    def variants(self) -> VariantWords:
        clock = self.clock_of("ctdna_sample")
        return variant_words(self.rows(COURSES), clock=clock, samples=self.rows(SAMPLES))

    def issues(self) -> tuple[int, tuple[str, ...]]:
        """How many data issues, and their words, the same once; de-identified only their kind.

        The words of a data issue name rows of files.
        """
        rows = self.rows(ISSUES)
        found = Counter(self._issue(row) for row in rows)
        words = (f"{words} ({n} times)" if n > 1 else words for words, n in found.items())
        return len(rows), tuple(words)

    def _issue(self, row: Mapping[Any, Any]) -> str:
        words = self.request.checks.get(str(row["check_id"]))
        if self.request.is_deidentified:
            return str(row["check_id"]) if words is None else words.title
        about = issue_about(row, patient_id=self.request.patient_id)
        said = issue_words({**row, "row_key": about}, checks=self.request.checks, name_day=self.clock.name)
        return said if words is None else f"{words.title}: {said.removeprefix('this patient: ')}"
