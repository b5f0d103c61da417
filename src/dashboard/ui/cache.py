"""Cached figures and rows. The Reader (snapshot and granted sites) is the first part of every key."""

from typing import Any

from dashboard.figures.figure import Figure
from dashboard.figures.patient.timeline import TimelineRequest, patient_timeline_figure
from dashboard.store.reader import Reader
from dashboard.ui.caching import remembered

PATIENT_LIST = "select patient_id from patient_summary where enrolled_on is not null order by patient_id"
SUMMARY = "select * from patient_summary where patient_id = $patient_id"


@remembered(entries=500)
def timeline_figure(reader: Reader, request: TimelineRequest) -> Figure:
    """The timeline of one patient."""
    return patient_timeline_figure(reader, request)


@remembered(entries=50)
def patient_ids(reader: Reader) -> list[str]:
    """Enrolled patients the reader may see, in the order of their ids."""
    return [str(row["patient_id"]) for row in reader.records(PATIENT_LIST)]


@remembered(entries=500)
def patient_summary(reader: Reader, patient_id: str) -> dict[str, Any] | None:
    """The header strip's row of one patient; None for an id the reader may not see."""
    return next(iter(reader.records(SUMMARY, {"patient_id": patient_id})), None)
