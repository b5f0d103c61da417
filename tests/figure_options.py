"""For every figure that has a name: studies and options in which it is tried."""

from typing import Any

Cases = list[tuple[str, dict[str, Any]]]
BREAST, KINDS, LUNG = "cdk46", "k4care", "pulmonary-oligomets"
OF_PFS = ("PFS", "PFS_RADIOLOGICAL", "PFS_FDA_A", "TTF")
FIRST_LINE = {"cohort": {"lines": [1]}, "cohort_line": "Line 1"}

OPTIONS: dict[str, Cases] = {
    "survival": [
        (KINDS, {"endpoint": "PFS", "group": "tumour_type", **FIRST_LINE}),
        (BREAST, {"endpoint": "PFS", "group": "line", "has_band": False}),
        (LUNG, {"endpoint": "PFS"}),
    ],
    "survival_numbers": [
        (KINDS, {"endpoint": "PFS", "group": "tumour_type", **FIRST_LINE}),
        (BREAST, {"endpoint": "PFS", "group": "sex"}),
        (LUNG, {"endpoint": "PFS"}),
    ],
    "survival_groups": [
        (BREAST, {"survival": {"endpoint": "PFS", "group": "cdk46_inhibitor"}}),
        (LUNG, {"survival": {"endpoint": "PFS", "group": "tumour_type"}}),
    ],
    "survival_incidence": [(LUNG, {"endpoint": "TTST"})],
    "survival_variants": [
        (KINDS, {"survival": {"endpoint": "PFS", **FIRST_LINE}, "variants": [*OF_PFS, "PFS_PROTOCOL"]}),
        (LUNG, {"survival": {"endpoint": "PFS"}, "variants": [*OF_PFS]}),
    ],
    "survival_forest": [
        (
            KINDS,
            {
                "survival": {"endpoint": "PFS", "group": "sex", "reference": "Female"},
                "compared": "Male",
                "reference": "Female",
            },
        )
    ],
    "treatment_lines": [(BREAST, FIRST_LINE), (KINDS, {"by_class": True}), (LUNG, {})],
    "treatment_regimens": [(BREAST, {"by_class": True, **FIRST_LINE}), (KINDS, {}), (LUNG, {})],
    "treatment_stopped_drugs": [(BREAST, FIRST_LINE)],
    "treatment_cases": [(BREAST, {}), (KINDS, {})],
    "treatment_times": [(BREAST, {}), (KINDS, FIRST_LINE)],
    "treatment_pathways": [(BREAST, {"by_class": True}), (KINDS, {}), (LUNG, {})],
    "treatment_second_line": [(BREAST, {})],
    "treatment_second_line_baseline": [(BREAST, {}), (KINDS, {})],
    "treatment_local_groups": [(LUNG, {})],
    "treatment_doses": [(LUNG, {})],
    "treatment_lesions": [(LUNG, {})],
    "biomarkers_prevalence": [
        (BREAST, {"moment": "PROGRESSION", **FIRST_LINE}),
        (KINDS, {}),
        (LUNG, {"with_on_treatment": True}),
    ],
    "biomarkers_copy_number": [(BREAST, {"moment": "ANY"})],
    "biomarkers_emergence": [(BREAST, {}), (BREAST, {"alteration": "copy_number"})],
    "biomarkers_tissue": [(BREAST, {})],
    "biomarkers_other_origin": [(BREAST, {})],
    "biomarkers_map": [
        (BREAST, {"shows_patients": False, "with_unsampled": True}),
        (KINDS, {"shows_patients": True, "biomarkers": FIRST_LINE}),
        (LUNG, {"shows_patients": True}),
    ],
    "biomarkers_outcome": [
        (BREAST, {"gene": "PIK3CA", "biomarkers": FIRST_LINE, "survival": {"endpoint": "PFS", **FIRST_LINE}}),
        (LUNG, {"gene": "TP53", "survival": {"endpoint": "PFS"}}),
    ],
    "overview_accrual": [(KINDS, {"view": "month"}), (LUNG, {})],
    "overview_baseline": [(BREAST, {"by": "line"}), (KINDS, {"by": "tumour_type", **FIRST_LINE}), (LUNG, {})],
    "overview_flow": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "response_rates": [(BREAST, {"response": {"line": 2}}), (KINDS, {"response": FIRST_LINE})],
    "response_by_group": [(BREAST, {"group": "line"}), (KINDS, {"group": "tumour_type"})],
    "response_best": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "response_groups": [
        (BREAST, {"rates": {"response": {"line": 2}, "group": "cdk46_inhibitor"}}),
        (LUNG, {"rates": {"group": "tumour_type"}}),
    ],
    "response_local": [(LUNG, {})],
    "response_local_by_group": [(LUNG, {"group": "tumour_type"})],
    "response_duration": [(BREAST, {}), (KINDS, {})],
    "response_waterfall": [(BREAST, {}), (KINDS, {})],
    "response_spider": [(BREAST, {}), (KINDS, {})],
    "response_swimmer": [(BREAST, {"order": "response", "page": 2}), (KINDS, {}), (LUNG, {})],
    "safety_terms": [(BREAST, {"by_class": True, **FIRST_LINE}), (KINDS, {}), (LUNG, {})],
    "safety_by_unit": [(BREAST, {"scope": "DRUG", "unit": "side by side"}), (KINDS, {"scope": "LINE"})],
    "safety_laboratory": [(BREAST, {})],
    "safety_serious": [(BREAST, {}), (KINDS, {})],
    "clearance_response": [(KINDS, {}), (BREAST, {}), (LUNG, {})],
    "clearance_tumour_types": [(KINDS, {}), (BREAST, {})],
    "clearance_first_draws": [(KINDS, FIRST_LINE)],
    "clearance_agreement": [(BREAST, {}), (BREAST, {"scheme": "MR50"})],
    "clearance_lead": [(KINDS, {}), (BREAST, {}), (LUNG, {})],
    "clearance_balance": [(KINDS, {"is_paired": True}), (BREAST, {})],
    "clearance_survival": [
        (KINDS, {"endpoint": "OS", "clearance": {**FIRST_LINE, "scheme": "MR50"}}),
        (BREAST, {"endpoint": "OS", "view": "landmark", "leaves_out_suspicion": True}),
        (BREAST, {"endpoint": "PFS", "view": "moving"}),
        (KINDS, {"endpoint": "PFS", "view": "naive"}),
    ],
    "clearance_survival_numbers": [(KINDS, {"endpoint": "PFS"}), (BREAST, {"endpoint": "PFS"})],
    "follow_up_by_site": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "follow_up_by_state": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "follow_up_weeks": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "enrolment_flow": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "enrolment_groups": [(BREAST, {}), (KINDS, {"group": "tumour_type"}), (LUNG, {})],
    "enrolment_projection": [(KINDS, {})],
    "enrolment_failures": [(BREAST, {}), (KINDS, {})],
    "enrolment_no_sample": [(BREAST, {}), (KINDS, {})],
    "enrolment_deviations": [(BREAST, {}), (KINDS, {})],
    "enrolment_sites": [(BREAST, {}), (KINDS, {})],
    "enrolment_criteria": [(KINDS, {})],
    "enrolment_readings": [(BREAST, {}), (LUNG, {})],
    "enrolment_eligibility": [(KINDS, {"verdict": "NOT_ELIGIBLE"}), (LUNG, {})],
    "completeness_matrix": [(BREAST, {}), (KINDS, FIRST_LINE), (LUNG, {"order": "site"})],
    "completeness_by_item": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "completeness_by_site": [(BREAST, {}), (KINDS, {}), (LUNG, {})],
    "completeness_item": [(KINDS, {"item": "draw_2", "states": ["MISSING"]})],
}
