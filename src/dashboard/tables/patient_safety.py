"""Words on limiting toxicity and viral status: the same in the header and on the sheet for the MDT."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.tables.patient_timeline import Clock

Row = Mapping[str, Any]
VIRUSES = {"hbv": "HBV", "hcv": "HCV"}
UNKNOWN = ("unknown", "", None)
NO_TOXICITY = (
    "No grade 3 or worse on the latest line; no QT prolongation, lung disease or neuropathy recorded."
)


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


def stop_words(stop: Row, *, clock: Clock) -> str:
    """For instance "palbociclib stopped for toxicity 6 Apr 2021 (line 1; letrozole went on)"."""
    went_on = f"; {stop['went_on_with']} went on" if stop["went_on_with"] else ""
    day = clock.name(stop["stopped_on"])
    return f"{stop['drugs']} stopped for toxicity {day} (line {stop['line']}{went_on})"


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
