"""The header of a patient: six cells, and the lines under them."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.tables.header_facts import HeaderLine, HeaderOptions, Known, header_lines
from dashboard.tables.header_strip import AgeLimits, Cell, header_cells
from dashboard.tables.header_words import BedWindow

SUMMARY = (Path(__file__).parent / "header.sql").read_text(encoding="utf-8")
FACTS = "select * from header_fact where patient_id = $patient_id order by kind, name"
LESIONS = "select * from header_lesion where patient_id = $patient_id order by treatment_no"
ENDOCRINE = "select * from endocrine_sensitivity where patient_id = $patient_id"


@dataclass(frozen=True, kw_only=True)
class HeaderRequest:
    """Whose header, from when an age stands out, and the study's choices."""

    patient_id: str
    limits: AgeLimits
    options: HeaderOptions


@dataclass(frozen=True)
class PatientHeader:
    """Cells in their order, and the lines that have something to say."""

    cells: tuple[Cell, ...]
    lines: tuple[HeaderLine, ...]


def header_request(study: Study, patient_id: str, *, hides_dates: bool = False) -> HeaderRequest:
    """The request of a study; `hides_dates` leaves out calendar dates and the birth year."""
    rules, local = study.follow_up, study.local_therapy
    window = None
    if local.bed_from_gy is not None and local.bed_to_gy is not None:
        window = BedWindow(local.bed_from_gy, local.bed_to_gy)
    headline = next(((one.setting_id, one.label) for one in study.response_settings if one.is_headline), None)
    return HeaderRequest(
        patient_id=patient_id,
        limits=AgeLimits(
            imaging_days=rules.imaging_overdue_days,
            ctdna_days=rules.imaging_overdue_days,
            contact_days=rules.contact_stale_on_treatment_days,
        ),
        options=HeaderOptions(
            headline=headline,
            key_class=study.lines.key_class,
            window=window,
            is_study_time=hides_dates or study.calendar == "relative",
        ),
    )


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
    )
    is_study_time = request.options.is_study_time
    # Data issues and pending results stand in the lines: once is enough.
    of_cells = {**summary, "n_data_issues": 0}
    cells = header_cells(of_cells, limits=request.limits, is_study_time=is_study_time)
    return PatientHeader(tuple(cells), tuple(header_lines(known, options=request.options)))
