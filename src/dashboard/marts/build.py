"""Order of the marts and the one way to run them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

# One folder per subject; the name of a mart is that of its file.
FILES = {path.stem: path for path in Path(__file__).parent.rglob("*.sql")}

# Each mart reads usable_* tables, tables of the study definition and marts above it.
ORDER = (
    "systemic_course",
    "course_drug",
    "carried_progression",
    "progression_day",
    "course_history",
    "course_continuation",
    "course_line",
    "line_course",
    "line_regimen",
    "line_of_therapy",
    "ecog_at_start",
    "stopped_drug",
    "treatment_episode",
    "accompanying_drug",
    "local_session",
    "local_course",
    "milestone_patient",
    "patient_departure",
    "adverse_event_exposure",
    "adverse_event_report",
    "adverse_event_term",
    "adverse_event_denominator",
    "adverse_event_drug",
    "adverse_event_worst",
    "limiting_event",
    "laboratory_grade",
    "adverse_event_laboratory",
    "target_measurement",
    "target_sum",
    "line_baseline",
    "target_response",
    "target_limit",
    "response_report",
    "lesion_finding",
    "treated_lesion",
    "assessment_date",
    "new_lesion_diameter",
    "lesion_response",
    "overall_response",
    "disease_free_interval",
    "eligibility_day",
    "eligibility_lesion",
    "eligibility_history",
    "eligibility_fact",
    "eligibility_criterion",
    "eligibility",
    "best_response",
    "ctdna_quantity",
    "ctdna_series",
    "ctdna_timing",
    "ctdna_level",
    "ctdna_state",
    "ctdna_line_level",
    "molecular_response",
    "variant_sample",
    "sample_gene",
    "variant_course",
    "ctdna_basis",
    "milestone_treatment",
    "milestone_response",
    "milestone_ctdna",
    "milestone",
    "line_progression",
    "acquired_variant_pair",
    "acquired_variant",
    "acquired_variant_gene",
    "endocrine_sensitivity",
    "tissue_disagreement",
    "partial_day",
    "recorded_extent",
    "bone_only_progression",
    "header_course",
    "header_site",
    "header_fact",
    "header_lesion",
    "endpoint_unit",
    "endpoint_ending",
    "time_to_event",
    "landmark_group",
    "state_interval",
    "patient_summary",
    "patient_silence",
    "line_summary",
    "follow_up_done",
    "follow_up_off",
    "planned_window",
    "follow_up_match",
    "follow_up_planned",
    "follow_up_record",
    "follow_up",
    "second_draw_due",
    "imaging_answer",
    "ctdna_imaging_pair",
    "pair_flow",
    "timeline_ctdna",
    "timeline_treatment",
    "timeline_imaging",
    "timeline_clinical",
    "timeline_mark",
    "timeline_planned",
    "timeline_event",
    "lead_time",
    "reason_to_look_patient",
    "patient_statement_ctdna",
    "patient_statement_agreement",
    "patient_statement_imaging",
    "patient_statement_ctdna_gap",
    "patient_statement_gap",
    "patient_statement_scan_gap",
    "patient_statement_course",
    "patient_statement",
    "patient_statement_basis",
    "header_summary",
    "reason_to_look_pair",
    "reason_to_look_ctdna",
    "reason_to_look",
)

# 31 Aug plus 6 months is the last day of February on both engines; Spark has ADD_MONTHS natively.
ADD_MONTHS_MACRO = (
    "create or replace macro add_months(d, n) as cast(d + to_months(cast(n as integer)) as date)"
)


def mart_select(name: str) -> str:
    """Text of the mart's one SELECT."""
    return FILES[name].read_text(encoding="utf-8").rstrip().rstrip(";")


def build_marts(
    connection: duckdb.DuckDBPyConnection,
    *,
    names: Iterable[str] = ORDER,
    on_built: Callable[[str], None] = lambda name: None,
) -> None:
    """Create one table per mart, in the order given."""
    connection.execute(ADD_MONTHS_MACRO)
    for name in names:
        connection.execute(f'create or replace table "{name}" as {mart_select(name)}')
        on_built(name)
