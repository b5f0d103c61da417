"""The kinds of milestone an endpoint may name, and what each of them carries (docs/endpoints.md)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MilestoneKind:
    """One kind: whether it carries a line or a lesion, and whether nothing can follow it."""

    name: str
    has_line: bool = False
    has_lesion: bool = False
    is_terminal: bool = False


_WITHOUT_LINE = (
    "enrolment",
    "consent",
    "randomisation",
    "metastatic_diagnosis",
    "oligometastatic_diagnosis",
    "known_alive",
    "visit_gap",
    "last_abstraction",
    "last_activity",
    "withdrawal",
    "lost_to_follow_up",
    "systemic_status_known",
    "systemic_start",
    "valid_sample",
    "detected_baseline",
    "second_draw",
    "ctdna_clear",
    "ctdna_relapse",
    "molecular_progression",
)
# The drug class the study follows, not as maintenance after chemotherapy (clinical-decisions A14.2).
WITHOUT_INDUCTION = "class_start_without_induction"
_WITH_LINE = (
    "line_start",
    "class_start",
    WITHOUT_INDUCTION,
    "index_treatment_start",
    "on_treatment",
    "line_discontinued",
    "line_stopped",
    "toxicity_stop",
    "local_course_start",
    "local_course_end",
    "baseline_assessment",
    "assessment",
    "adequate_assessment",
    "reported_adequate_assessment",
    "radiological_progression",
    "reported_progression",
    "new_lesion_progression",
    "clinical_progression",
    "objective_response",
)
_WITH_LESION = ("local_treatment_start", "local_treatment_end", "local_progression")
PROGRESSIONS = (
    "radiological_progression",
    "reported_progression",
    "new_lesion_progression",
    "clinical_progression",
    "local_progression",
    "molecular_progression",
)

MILESTONES: dict[str, MilestoneKind] = {
    kind.name: kind
    for kind in (
        MilestoneKind("death", is_terminal=True),
        *(MilestoneKind(name) for name in _WITHOUT_LINE),
        *(MilestoneKind(name, has_line=True) for name in _WITH_LINE),
        *(MilestoneKind(name, has_lesion=True) for name in _WITH_LESION),
    )
}
