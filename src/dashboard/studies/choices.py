"""The numbers of study.toml that stand in its plain tables, with the defaults of the clinical decisions."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from dashboard.studies.endpoints import Strict

# Below 25 patients one of them is more than 4 per cent: the count says it better (docs/decisions/0016).
PERCENT_FROM = 25


class CtdnaRules(Strict):
    """[ctdna]: numbers of the ctDNA rules (clinical-decisions A2, A3, A10 to A12, A36, A45)."""

    draw_baseline_from_day: int = -28
    draw_baseline_to_day: int = 7
    sustained_days: int = Field(default=28, ge=0)
    falling_numerator: int = Field(default=1, gt=0)
    falling_denominator: int = Field(default=2, gt=0)
    rising_factor: int = Field(default=2, gt=1)
    surgery_unreliable_days: int = Field(default=28, ge=0)
    ablation_unreliable_days: int = Field(default=14, ge=0)
    pairing_days: int = Field(default=42, ge=0)
    pairing_sensitivity_days: int = Field(default=28, ge=0)
    progression_draw_days: int = Field(default=14, ge=0)
    second_draw_from_day: int = Field(default=60, ge=0)
    acquired_baseline_to_day: int = Field(default=28, ge=0)
    acquired_draw_from_day: int = -14
    acquired_draw_to_day: int = 30
    chip_maf_from_percent: int = Field(default=70, gt=0)
    chip_maf_to_percent: int = Field(default=140, gt=0)
    chip_others_fall_percent: int = Field(default=80, gt=0, le=100)


class ResponseRules(Strict):
    """[response]: how imaging is read (clinical-decisions A1, A5, A13)."""

    response_mode: Literal["recist", "post_local_therapy"] = "recist"
    progression_source: Literal["reported", "calculated"] = "reported"
    response_assessor: Literal["treating_physician", "investigator", "radiologist", "central"] | None = None
    scan_baseline_from_day: int = -28
    scan_baseline_to_day: int = 7
    ablation_reference_from_day: int = 28
    ablation_reference_to_day: int = 56


class LineRules(Strict):
    """[lines]: what makes a new line of therapy (clinical-decisions A14, clinical-rules 5.3)."""

    index_grace_days: int = Field(default=28, ge=0)
    line_combination_days: int = Field(default=28, ge=0)
    line_gap_days: int = Field(default=120, gt=0)
    line_gap_oral_days: int = Field(default=180, gt=0)
    add_on_days: int = Field(default=90, ge=0)
    switch_gap_days: int = Field(default=90, ge=0)
    key_class: str | None = None
    discontinuation_gap_days: int = Field(default=120, gt=0)


class FollowUpRules(Strict):
    """[follow_up]: what is due and what is late, beside the visit plan (clinical-decisions A23, A33)."""

    course_gap_days: int = Field(default=60, gt=0)
    visit_gap_days: int | None = Field(default=None, gt=0)
    closing_soon_days: int = Field(default=30, ge=0)
    result_pending_working_days: int = Field(default=15, gt=0)
    response_entry_days: int = Field(default=14, gt=0)
    record_entry_days: int = Field(default=10, gt=0)
    contact_stale_on_treatment_days: int = Field(default=90, gt=0)
    contact_stale_off_treatment_days: int = Field(default=180, gt=0)
    imaging_overdue_days: int = Field(default=98, gt=0)
    early_death_days: int = Field(default=90, gt=0)
    imaging_after_ctdna_days: int = Field(default=42, gt=0)
    no_next_step_days: int = Field(default=28, gt=0)
    laboratory_screening_days: int = Field(default=28, gt=0)
    watched_genes: tuple[str, ...] = ()


class LocalTherapyRules(Strict):
    """[local_therapy]: dose window of the protocol (clinical-decisions A32)."""

    alpha_beta_gy: Decimal = Decimal(10)
    bed_from_gy: Decimal | None = None
    bed_to_gy: Decimal | None = None


class SafetyRules(Strict):
    """[safety]: how adverse events are counted (clinical-decisions A25)."""

    adverse_event_after_days: int = Field(default=28, ge=0)
    adverse_events_from: Literal["enrolment", "first_dose"] = "enrolment"
    is_collected_when_known: bool = False


class ConductRules(Strict):
    """[conduct]: when a query is late, which sites get a score (clinical-rules 7.3, 7.4; decisions A43)."""

    query_answer_days: int = Field(default=14, gt=0)
    query_late_days: int = Field(default=30, gt=0)
    site_score_min_sites: int = Field(default=5, ge=2)
    site_score_min_patients: int = Field(default=3, ge=1)
    site_score_min_days: int = Field(default=30, ge=1)


class Display(Strict):
    """[display]: when a figure is dimmed or a number withheld (clinical-decisions A29)."""

    dim_share_percent: int = Field(default=10, ge=0, le=100)
    dim_at_risk_min: int = Field(default=5, ge=0)
    dim_at_risk_max: int = Field(default=10, ge=0)
    median_min_events: int = Field(default=5, ge=1)
    hazard_ratio_min_events: int = Field(default=10, ge=1)
    hazard_ratio_min_events_per_group: int = Field(default=5, ge=1)
    p_value_min_per_group: int = Field(default=10, ge=1)
    counts_only_below: int = Field(default=PERCENT_FROM, ge=PERCENT_FROM)
    small_analysis_below: int = Field(default=30, ge=1)
    balance_smd_percent: int = Field(default=20, ge=1)
    share_min_cell: int = Field(default=5, ge=1)
