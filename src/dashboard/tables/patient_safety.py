"""Words on limiting toxicity and viral status: the same in the header and on the sheet for the MDT."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.tables.patient_timeline import Clock

Row = Mapping[str, Any]
VIRUSES = {"hbv": "HBV", "hcv": "HCV"}
UNKNOWN = ("unknown", "", None)


def toxicity_words(event: Row, *, clock: Clock | None) -> str:
    """For instance "diarrhoea grade 3, 4 Jun 2026 to 9 Jun 2026 (abemaciclib), 2 times".

    Without a clock its days are left out.
    """
    grade = "grade missing" if event["grade"] is None else f"grade {event['grade']}"
    when = "" if clock is None else f", {clock.name(event['started_on'])}"
    ended = "" if clock is None else f" to {clock.name(event['ended_on'])}"
    over = ", end not recorded" if event["ended_on"] is None else ended
    drug = f" ({event['related_to']})" if event["related_to"] else ""
    again = f", {event['n_events']} times" if event["n_events"] > 1 else ""
    return f"{event['term']} {grade}{when}{over}{drug}{again}"


def viral_words(characteristics: Sequence[Row]) -> str:
    """HBV and HCV status, each from its own answer, else from the answer on both."""
    known = {str(row["name"]): row["value"] for row in characteristics}
    return " · ".join(f"{label} {_virus(known, name)}" for name, label in VIRUSES.items())


def is_viral_status_known(characteristics: Sequence[Row]) -> bool:
    """Whether anything is recorded on hepatitis viruses."""
    names = {"viral_status", *(f"{name}_status" for name in VIRUSES)}
    return any(row["name"] in names and row["value"] not in UNKNOWN for row in characteristics)


def _virus(known: Mapping[str, Any], name: str) -> str:
    own, both = known.get(f"{name}_status"), known.get("viral_status")
    if own not in UNKNOWN:
        return str(own)
    if both in UNKNOWN:
        return "not recorded"
    return "positive" if name in str(both).split("_") else "negative"
