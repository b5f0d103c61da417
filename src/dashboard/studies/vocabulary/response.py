"""RECIST responses: label, letters, shape and colours of the mark; the same in both themes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResponseMark:
    """How one response is written and drawn. A fill of None is the page; letters of None are not drawn."""

    label: str
    letters: str | None
    shape: str
    fill: str | None
    letter_colour: str | None
    edge: str | None = None
    edge_width: float = 0.0


RESPONSES: dict[str, ResponseMark] = {
    "CR": ResponseMark("Complete response", "CR", "circle", "#0072B2", "#FFFFFF"),
    "PR": ResponseMark("Partial response", "PR", "diamond", "#56B4E9", "#08263A"),
    "SD": ResponseMark("Stable disease", "SD", "square", "#999999", "#101418"),
    "PD": ResponseMark("Progressive disease", "PD", "triangle-up", "#D55E00", "#1A0B00"),
    "NON-CR/NON-PD": ResponseMark("Non-CR/non-PD", "NN", "diamond", None, None, "#CC79A7", 2.0),
    "NE": ResponseMark("Not evaluable", "NE", "circle", "#FFFFFF", "#101418", "#000000", 1.4),
    "NED": ResponseMark("No evidence of disease", "NED", "star", "#009E73", "#000000"),
    "EQUIVOCAL": ResponseMark("Equivocal (treatment change?)", "EQ", "square", None, None, "#009E73", 1.4),
    "MISSING": ResponseMark("No assessment", None, "cross", None, None, "#999999", 1.4),
    "UNASSESSED": ResponseMark("Scan nobody assessed", None, "triangle-down", None, None, "#000000", 1.4),
    "BASELINE": ResponseMark("Baseline", None, "square", None, None, "#566172", 1.4),
}
ASSESSORS: dict[str, str] = {
    "treating_physician": "treating physician",
    "investigator": "investigator",
    "radiologist": "radiologist",
    "central": "central review",
    "unknown": "assessor not recorded",
    "calculated": "calculated from target lesions",
}
PATTERNS: dict[str, str] = {
    "in_field": "in field",
    "new_lung_up_to_5": "new lung lesions, 5 or fewer",
    "new_lung_over_5": "new lung lesions, more than 5",
    "extrathoracic": "outside the chest",
    "new_lesion": "new lesion",
    "growth": "growth of known lesions",
    "non_target": "non-target lesions",
    "cns": "central nervous system",
    "other": "other",
}
