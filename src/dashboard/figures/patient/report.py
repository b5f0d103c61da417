"""All that the one-page report of a patient says, as words (clinical-decisions A16)."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from dashboard.charts.timeline import patient_timeline
from dashboard.figures.figure import Figure
from dashboard.figures.patient.header import SUMMARY, header_request, patient_header
from dashboard.figures.patient.report_words import (
    Cells,
    age_words,
    identity_words,
    issue_about,
    organ_words,
    other_row,
    response_words,
    toxicity_words,
    treatment_row,
    viral_words,
)
from dashboard.figures.patient.statements import PatientStatements, StatementsRequest, patient_statements
from dashboard.figures.patient.timeline import (
    CAPTION,
    PatientNotFound,
    TimelineRequest,
    patient_timeline_figure,
    timeline_clock,
    timeline_events,
    timeline_options,
)
from dashboard.figures.patient.variants import COURSES, why_no_variant
from dashboard.figures.patient.variants import SQL as SAMPLES
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.tables.data_load_issues import CheckWords, issue_words
from dashboard.tables.formats import format_date
from dashboard.tables.header_facts import HeaderLine
from dashboard.tables.header_strip import Cell, Line
from dashboard.tables.variants import variant_table

FOLDER = Path(__file__).parent
LINES, OTHERS, TOXICITY, ORGANS, RESPONSES = (
    (FOLDER / f"report_{name}.sql").read_text(encoding="utf-8")
    for name in ("line", "other", "toxicity", "organ", "response")
)
VIRAL = (
    "select name, value from usable_characteristic where patient_id = $patient_id "
    "and name in ('hbv_status', 'hcv_status', 'viral_status') order by name"
)
ISSUES = (
    "select * from data_issue where patient_id = $patient_id "
    "and issue_group <> 'for_information' and not is_systematic "
    "order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, check_id, row_key"
)
MOST_VARIANTS, MOST_ISSUES = 8, 3
# Width over height of the picture on the page, and what the legend adds to the height of the panels.
# Smallest type on the sheet and the width between its margins, in points.
LEAST_POINTS, PAGE_POINTS = 7.1, 527
LETTERS_PX = 8.5
PAGE_ASPECT, LEGEND_PX, NARROWEST_PX, PANEL_PX = 1.5, 71, 772, 150
VARIANT_COLUMNS = ("Variant", "First, %", "Highest, %", "Last, %", "Copy number", "Status")
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
    """One patient in words: what stands in each place of the page, most important first."""

    patient_id: str
    is_deidentified: bool
    study: str
    identity: str
    cut_off: dt.date
    cut: str
    footer: str
    cells: tuple[Cell, ...]
    lines: tuple[HeaderLine, ...]
    treatments: tuple[Cells, ...]
    responses: tuple[str, ...]
    toxicities: tuple[str, ...]
    organs: tuple[str, ...]
    viral: str
    said: tuple[str, ...]
    unknown: tuple[str, ...]
    variants: tuple[Cells, ...]
    n_more_variants: int
    no_variant: str
    issues: tuple[str, ...]
    n_more_issues: int
    timeline: Figure
    timeline_note: str


def patient_report(reader: Reader, request: ReportRequest) -> PatientReport:
    """The report of one patient. Raises PatientNotFound for an id the reader cannot see."""
    known = _Known(reader, request)
    study, snapshot = request.study, reader.snapshot
    said = known.statements()
    variants = known.variants()
    issues = known.issues()
    return PatientReport(
        patient_id=request.patient_id,
        is_deidentified=request.is_deidentified,
        study=study.title,
        identity=known.identity(),
        cut_off=snapshot.cut_off,
        cut=known.cut(),
        footer=footer_words(study, snapshot, is_deidentified=request.is_deidentified),
        cells=known.cells(),
        lines=known.lines(),
        treatments=known.treatments(),
        responses=tuple(response_words(row, clock=known.clock) for row in known.rows(RESPONSES)),
        toxicities=tuple(toxicity_words(row, clock=known.clock) for row in known.rows(TOXICITY)),
        organs=known.organs(),
        viral=viral_words(known.rows(VIRAL)),
        said=_sentences(said, "SAY"),
        unknown=_sentences(said, "UNKNOWN"),
        variants=variants[:MOST_VARIANTS],
        n_more_variants=max(0, len(variants) - MOST_VARIANTS),
        no_variant="" if variants else why_no_variant(reader, request.patient_id),
        issues=issues[:MOST_ISSUES],
        n_more_issues=max(0, len(issues) - MOST_ISSUES),
        timeline=known.timeline,
        timeline_note=known.timeline.caption.removeprefix(CAPTION).strip(),
    )


def page_timeline(reader: Reader, patient_id: str, *, is_study_time: bool) -> Figure:
    """The timeline of the patient page, drawn as wide as its height asks for on the width of a sheet."""
    time: Literal["study_time", "dates"] = "study_time" if is_study_time else "dates"
    request = TimelineRequest(patient_id=patient_id, time=time, other_origin=True)
    figure = patient_timeline_figure(reader, request)
    plain = replace(timeline_options(reader, request), panel_px=PANEL_PX)
    height = float(patient_timeline(figure.rows, options=plain)["height"])
    width = round((height + LEGEND_PX) * PAGE_ASPECT)
    width = max(NARROWEST_PX, width)
    least_px = LEAST_POINTS * width / PAGE_POINTS
    options = replace(plain, width_px=width, least_text_px=least_px)
    return replace(
        figure, spec=larger_text(patient_timeline(figure.rows, options=options), least_px=least_px)
    )


def larger_text(spec: dict[str, Any], *, least_px: float) -> dict[str, Any]:
    """The drawing with no type smaller than this: on a sheet it is drawn smaller than on the screen.

    Letters too small for their mark are left out; shape and colour say the same, and so does the legend.
    """

    def is_tiny(part: Any) -> bool:
        mark = part.get("mark") if isinstance(part, dict) else None
        return isinstance(mark, dict) and mark.get("type") == "text" and mark["fontSize"] <= LETTERS_PX

    def raised(name: str, part: Any) -> Any:
        if name.lower().endswith("fontsize"):
            return max(float(part), round(least_px, 1))
        if isinstance(part, dict):
            return {inner: raised(inner, value) for inner, value in part.items()}
        return [raised("", one) for one in part if not is_tiny(one)] if isinstance(part, list) else part

    return dict(raised("", spec))


def footer_words(study: Study, snapshot: Snapshot, *, is_deidentified: bool) -> str:
    """Study, data cut and snapshot; de-identified without the date, which is part of the id too."""
    if is_deidentified:
        mark = snapshot.snapshot_id.rsplit("-", 1)[-1]
        return f"{study.title} · snapshot {mark} · study days only"
    cut = format_date(snapshot.cut_off)
    return f"{study.title} · data cut {cut} · snapshot {snapshot.snapshot_id}"


def _sentences(said: PatientStatements, kind: str) -> tuple[str, ...]:
    return tuple(one.sentence for one in said.of(kind))


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

    def _header_request(self) -> Any:
        request = header_request(self.request.study, self.request.patient_id)
        return replace(request, options=replace(request.options, is_study_time=self.is_study_time))

    def rows(self, sql: str, **more: Any) -> list[dict[str, Any]]:
        return self.reader.records(sql, {"patient_id": self.request.patient_id, **more})

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
        last = status if died_on is None else replace(status, lines=(Line(self.clock.name(died_on)),))
        return (first, *others, last)

    def lines(self) -> tuple[HeaderLine, ...]:
        return self.header.lines

    def treatments(self) -> tuple[Cells, ...]:
        settings = self.request.study.response_settings
        setting = next((one.setting_id for one in settings if one.is_headline), None)
        lines = [
            (row["started_on"], treatment_row(row, clock=self.clock))
            for row in self.rows(LINES, setting=setting)
        ]
        others = [(row["started_on"], other_row(row, clock=self.clock)) for row in self.rows(OTHERS)]
        return tuple(words for _day, words in sorted([*lines, *others], key=lambda found: found[0]))

    def identity(self) -> str:
        hidden = self.request.is_deidentified
        return identity_words(self.summary, is_deidentified=hidden, clock=self.clock)

    def organs(self) -> tuple[str, ...]:
        until = self.summary["died_on"] or self.summary["observed_until"]
        return organ_words(self.rows(ORGANS), clock=self.clock, until=until)

    def statements(self) -> PatientStatements:
        request = StatementsRequest(patient_id=self.request.patient_id, clock=self.clock)
        return patient_statements(self.reader, request)

    def variants(self) -> tuple[Cells, ...]:
        table = variant_table(self.rows(COURSES), clock=self.clock, samples=self.rows(SAMPLES))
        table["Variant"] = table["Gene"] + " " + table["Protein change"].str.removeprefix("p.")
        return tuple(tuple(str(row[name]) for name in VARIANT_COLUMNS) for row in table.to_dict("records"))

    def issues(self) -> tuple[str, ...]:
        """Data issues, the same words once; de-identified only their kind: the words name rows of files."""
        found = Counter(self._issue(row) for row in self.rows(ISSUES))
        return tuple(f"{words} ({n} times)" if n > 1 else words for words, n in found.items())

    def _issue(self, row: Mapping[Any, Any]) -> str:
        words = self.request.checks.get(str(row["check_id"]))
        if self.request.is_deidentified:
            return str(row["check_id"]) if words is None else words.title
        about = issue_about(row, patient_id=self.request.patient_id)
        said = issue_words({**row, "row_key": about}, checks=self.request.checks, name_day=self.clock.name)
        return said if words is None else f"{words.title}: {said.removeprefix('this patient: ')}"
