"""Words for local treatments and for the follow-up of the lesions they treated."""

from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_tenth_mm
from dashboard.tables.patient_timeline_ctdna import Event

LESION_STATES = {
    "CONTROLLED": "controlled",
    "EQUIVOCAL": "equivocal (treatment change?)",
    "LOCAL_PROGRESSION": "local progression",
    "ABSENT": "not seen",
    "MEASURED": "measured, not judged",
    "NOT_ASSESSED": "not assessed",
}
BASES = {"ct_growth": "growth on CT", "pet": "PET", "biopsy": "biopsy", "other": "other basis"}


def lesion_words(event: Event) -> str:
    """State of a treated lesion as the treating team gave it, its diameter and what that is not."""
    words = LESION_STATES.get(event["code"], NOTHING)
    if event["code"] == "LOCAL_PROGRESSION" and event["detail"] in BASES:
        words += f" ({BASES[event['detail']]})"
    if event["value_sum"] is None or float(event["value_sum"]) <= 0:
        return words
    size = format_tenth_mm(round(float(event["value_sum"])))
    return f"{words}, {size} mm. {vocabulary.WORDS['not_recist']}"


def new_lesion_name(event: Event) -> str:
    """A lesion found as new with its place: New lesion N1, liver, segment VIII."""
    name = f"New lesion {event['label'] or ''}".strip()
    return ", ".join(filter(None, (name, event["detail"])))


def new_lesion_words(event: Event) -> str:
    """Diameter of a new lesion, and whether it was found on this scan."""
    if event["code"] == "ABSENT":
        return "not seen"
    size = None if event["value_sum"] is None else f"{format_tenth_mm(int(event['value_sum']))} mm"
    if event["code"] != "FOUND":
        return size or NOTHING
    return f"{size} (first seen)" if size else "first seen, no diameter recorded"


def local_words(event: Event) -> str:
    """Technique, dose and organ of a local treatment, for instance SBRT 50 Gy/5, lung."""
    kind = vocabulary.LOCAL_GROUPS.get(event["kind"], str(event["label"] or ""))
    words = vocabulary.MODALITIES.get(event["modality"], kind) if event["modality"] != "other" else kind
    if event["value_sum"] is not None:
        words += f" {float(event['value_sum']):g} Gy" + (
            f"/{event['fractions']}" if event["fractions"] else ""
        )
    return words + (f", {organ_words(event)}" if event["organ"] else "")


def organ_words(event: Event) -> str:
    """Organ or place of a lesion or treatment as words: lymph node."""
    return str(event["organ"] or "").replace("_", " ")
