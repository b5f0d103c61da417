"""The header of a patient: six cells, and the lines under them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.figures.patient.report_days import PARTIAL, ReportClock
from dashboard.store.reader import Reader
from dashboard.studies.schema import ResponseSetting, Study
from dashboard.tables import header_ctdna
from dashboard.tables.header_facts import HeaderLine, header_lines
from dashboard.tables.header_known import HeaderOptions, Known
from dashboard.tables.header_strip import AgeLimits, Cell, header_cells
from dashboard.tables.header_words import BedWindow
from dashboard.tables.patient_safety import is_viral_status_known, toxicity_words, viral_words

SUMMARY = (Path(__file__).parent / "header.sql").read_text(encoding="utf-8")
# The sheet for the MDT reads the same two.
TOXICITY = "select * from limiting_event where patient_id = $patient_id order by grade desc nulls last, term"
VIRAL = (
    "select name, code as value from header_fact where patient_id = $patient_id and kind = 'CHARACTERISTIC' "
    "and name in ('hbv_status', 'hcv_status', 'viral_status') order by name"
)
FACTS = "select * from header_fact where patient_id = $patient_id order by kind, name"
LESIONS = "select * from header_lesion where patient_id = $patient_id order by treatment_no"
# Adjuvant and other courses that are no line of therapy; supportive drugs stand elsewhere.
OUTSIDE = (
    "select intent, label, started_on, ended_on, is_ongoing from treatment_episode "
    "where patient_id = $patient_id and kind = 'systemic' and line is null and part_of is null "
    "and coalesce(drug_class, '') <> 'supportive' order by started_on, source_key"
)
# What made each progression: of several assessors of a day the one that counts.
PROGRESSIONS = (
    "select assessed_on, progression_pattern as code, progression_site as label, new_sites, "
    "target as response, non_target as other_response, new_lesion = 'yes' as is_recorded, response_by "
    "from overall_response "
    "where patient_id = $patient_id and response = 'PD' and not is_baseline order by assessed_on, assessor"
)
ENDOCRINE = "select * from endocrine_sensitivity where patient_id = $patient_id"


@dataclass(frozen=True, kw_only=True)
class HeaderRequest:
    """Whose header, from when an age stands out, and the study's choices.

    `stands_alone` also names systemic treatment outside the lines, lung toxicity and viral status, where no
    table beside the header does.
    """

    patient_id: str
    limits: AgeLimits
    options: HeaderOptions
    stands_alone: bool = False


@dataclass(frozen=True)
class PatientHeader:
    """Cells in their order, and the lines that have something to say.

    `ctdna_direction` and `new_variants` are in words what a case says beside the state of the last ctDNA.
    """

    cells: tuple[Cell, ...]
    lines: tuple[HeaderLine, ...]
    ctdna_direction: str = ""
    new_variants: str = ""


def header_request(study: Study, patient_id: str, *, hides_dates: bool = False) -> HeaderRequest:
    """The request of a study; `hides_dates` leaves out calendar dates and the birth year."""
    rules, local = study.follow_up, study.local_therapy
    window = None
    if local.bed_from_gy is not None and local.bed_to_gy is not None:
        window = BedWindow(local.bed_from_gy, local.bed_to_gy)
    headline = next((one for one in study.response_settings if one.is_headline), None)
    return HeaderRequest(
        patient_id=patient_id,
        limits=AgeLimits(
            imaging_days=rules.imaging_overdue_days,
            ctdna_days=rules.imaging_overdue_days,
        ),
        options=HeaderOptions(
            headline=None if headline is None else (headline.setting_id, headline.label),
            confirmed=None if headline is None else _confirmed(study, headline),
            key_class=study.lines.key_class,
            window=window,
            is_study_time=hides_dates or study.calendar == "relative",
        ),
    )


def _confirmed(study: Study, headline: ResponseSetting) -> str | None:
    """The setting that asks the same as the headline, with a confirming scan; itself where it has one."""
    offered = [headline, *study.response_settings]
    return next(
        (one.setting_id for one in offered if one.confirm_days is not None and _asks(one) == _asks(headline)),
        None,
    )


def _asks(setting: ResponseSetting) -> tuple[str | None, ...]:
    return (setting.mode, setting.source, setting.assessor, setting.reference)


def patient_header(reader: Reader, request: HeaderRequest) -> PatientHeader | None:
    """The header of one patient; None for an id the reader cannot see."""
    parameters = {"patient_id": request.patient_id}
    summary = next(iter(reader.records(SUMMARY, parameters)), None)
    if summary is None:
        return None
    known = Known(
        summary=summary,
        facts=reader.records(FACTS, parameters),
        lesions=reader.records(LESIONS, parameters),
        endocrine=next(iter(reader.records(ENDOCRINE, parameters)), None),
        outside=reader.records(OUTSIDE, parameters) if request.stands_alone else (),
        progressions=reader.records(PROGRESSIONS, parameters),
        safety=_safety(reader, request) if request.stands_alone else (),
        partial={
            (row["subject"], row["day_on"]): row["precise_to"] for row in reader.records(PARTIAL, parameters)
        },
    )
    is_study_time = request.options.is_study_time
    # Data issues and pending results stand in the lines: once is enough.
    first = next((row["name"] for row in known.facts if row["kind"] == "FIRST_CTDNA"), None)
    of_cells = {**summary, "n_data_issues": 0, "first_draw_timing": first}
    cells = header_cells(of_cells, limits=request.limits, is_study_time=is_study_time, partial=known.partial)
    return PatientHeader(
        tuple(cells),
        tuple(header_lines(known, options=request.options)),
        ctdna_direction=header_ctdna.direction(summary),
        new_variants=header_ctdna.new_variant_words(summary),
    )


def _safety(reader: Reader, request: HeaderRequest) -> tuple[str, ...]:
    """Pneumonitis or interstitial lung disease beyond imaging alone, and viral status where it is known."""
    parameters = {"patient_id": request.patient_id}
    lung = [one for one in reader.records(TOXICITY, parameters) if one["rule"] == "LIMITING_LUNG"]
    answers = reader.records(VIRAL, parameters)
    viral = [viral_words(answers)] if is_viral_status_known(answers) else []
    clock = None if request.options.is_study_time else _clock(lung)
    return (*(toxicity_words(one, clock=clock) for one in lung), *viral)


def _clock(events: Sequence[Mapping[str, Any]]) -> ReportClock:
    """A clock that names a day recorded to the month or year only as such."""
    days = {
        one[day]: str(one[f"{day}_precision"])
        for one in events
        for day in ("started_on", "ended_on")
        if one[f"{day}_precision"] in ("month", "year")
    }
    return ReportClock(dt.date.min, partial=days)
