"""Values of canonical columns as text: how a changed value is named and written."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_ppm
from dashboard.tables.patient_timeline import MARKER_NAMES, Clock

Row = Mapping[str, Any]
COLUMN_NAMES = {
    "maf_ppm": "MAF",
    "maf_text": "MAF, as written",
    "lod_ppm": "LoD",
    "loq_ppm": "LoQ",
    "status": "result",
    "report_version": "report version",
    "reported_on": "report date",
    "collected_on": "date of the draw",
    "cfdna_ng_per_ml": "cell-free DNA (ng per mL plasma)",
    "overall": "response",
    "target": "target response",
    "non_target": "non-target response",
    "diameter_mm": "diameter",
    "sum_of_diameters_mm": "sum of diameters",
    "started_on": "start",
    "ended_on": "end",
    "is_ongoing": "goes on",
    "is_serious": "serious",
    "is_cns_imaged": "brain imaged",
    "is_node": "lymph node",
    "is_tracked": "followed from the tumour",
    "vital_status": "status",
    "died_on": "date of death",
    "death_cause": "cause of death",
    "born_on": "date of birth",
    "icd10": "ICD-10",
    "ned_on": "no evidence of disease since",
    "ned_basis": "no evidence of disease after",
    "site_id": "site",
    "hgvs_c": "coding change",
    "organ_class": "system organ class",
    "total_dose_gy": "total dose (Gy)",
    "dose_per_fraction_gy": "dose per fraction (Gy)",
    "as_written": "as written",
    "value_percent": "per cent",
    "imaged_on": "date",
    "assessed_on": "date",
    "measured_on": "date",
    "visit_on": "date",
    "contact_on": "date",
    "happened_on": "date",
    "attested_on": "date",
    "taken_on": "date",
    "treatment_id": "treatment number",
    "lesion_id": "lesion",
    "sample_id": "sample number",
    "event_id": "event number",
}
# Units of a value; where a row has its own unit column, that is used.
UNITS = {"diameter_mm": "mm", "sum_of_diameters_mm": "mm", "age_years": "years"}
UNIT_COLUMNS = {"value": "unit", "dose": "dose_unit", "lower_normal": "unit", "upper_normal": "unit"}
PPM = ("maf_ppm", "lod_ppm", "loq_ppm")
CODES: dict[tuple[str, str], Mapping[str, str]] = {
    ("ctdna_sample", "status"): vocabulary.CTDNA_STATUSES,
    ("variant", "status"): vocabulary.CTDNA_STATUSES,
    ("ctdna_sample", "reason"): vocabulary.DRAW_REASONS,
    ("treatment", "start_reason"): vocabulary.START_REASONS,
    ("treatment", "stop_reason"): vocabulary.STOP_REASONS,
    ("treatment", "modality"): vocabulary.MODALITIES,
    ("response", "assessor"): vocabulary.ASSESSORS,
    ("response", "progression_pattern"): vocabulary.PATTERNS,
    ("contact", "vital_status"): vocabulary.VITAL_STATUSES,
    ("contact", "death_cause"): vocabulary.DEATH_CAUSES,
    ("patient", "tumour_type"): vocabulary.TUMOUR_TYPES,
}
IMAGING = {
    "ct": "CT",
    "mri": "MRI",
    "pet_ct": "PET-CT",
    "bone_scan": "Bone scan",
    "x_ray": "X-ray",
    "other": "Imaging",
    "unknown": "Imaging",
}
ANALYTES = {**MARKER_NAMES, "ecog": "ECOG", "anc": "ANC", "alt": "ALT", "ast": "AST", "qtc": "QTc"}
RESPONSE_COLUMNS = ("overall", "target", "non_target")
LETTERS = {"cr": "CR", "pr": "PR", "sd": "SD", "pd": "PD", "ne": "NE", "non_cr_non_pd": "non-CR/non-PD"}


def column_name(column: str) -> str:
    """Name of a canonical column, in the middle of a sentence."""
    return COLUMN_NAMES.get(column) or column.removesuffix("_on").replace("_", " ")


def analyte_name(name: str) -> str:
    """Name of a laboratory value, tumour marker or performance status."""
    return ANALYTES.get(name) or name.replace("_", " ")


def modality_name(modality: str) -> str:
    """Name of an imaging modality."""
    return IMAGING.get(modality) or modality.replace("_", " ").capitalize()


def response_name(overall: str | None) -> str:
    """A response call: letters where the field has them, else the words."""
    if overall is None:
        return NOTHING
    mark = vocabulary.RESPONSES.get(overall.upper())
    return LETTERS.get(overall) or (mark.label if mark else overall)


def value_words(row: Row, table: str, column: str, *, clock: Clock) -> str:
    """One value of a row, with its unit; a dash where there is none."""
    value = row.get(column)
    if value is None:
        return NOTHING
    if isinstance(value, dt.date):
        return clock.name(value, row.get(f"{column}_precision"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column in PPM:
        return f"{format_ppm(value)} %"
    unit = UNITS.get(column) or row.get(UNIT_COLUMNS.get(column, "")) or ""
    return f"{_comparator(row, column)}{_plain(value, table, column)} {unit}".strip()


def _comparator(row: Row, column: str) -> str:
    return row.get("comparator") or "" if column == "value" else ""


def _plain(value: Any, table: str, column: str) -> str:
    if isinstance(value, Decimal | float):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if not isinstance(value, str):
        return str(value)
    if table == "response" and column in RESPONSE_COLUMNS:
        return response_name(value)
    if table == "imaging" and column == "modality":
        return modality_name(value)
    return CODES.get((table, column), {}).get(value) or value.replace("_", " ")
