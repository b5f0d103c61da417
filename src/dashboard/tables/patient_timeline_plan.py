"""Words for the planned windows of draws and scans: their state in the follow-up (clinical-decisions A23)."""

from dashboard.tables.formats import NOTHING
from dashboard.tables.patient_timeline_ctdna import Event

# The days of a window stand in the same row.
WINDOW_STATES = {
    "DONE_IN_WINDOW": "done in window",
    "DONE_OUTSIDE_WINDOW": "done outside the window",
    "OVERDUE": "overdue",
    "CANNOT_BE_OBTAINED": "cannot be obtained any more",
    "WITHOUT": "not done; the interval is not the protocol's",
    "DUE_NOW": "due now",
    "CLOSES_SOON": "due now, closes soon",
    "NOT_YET_DUE": "not yet due",
    "NOT_EXPECTED": "not expected",
}


def window_words(event: Event) -> str:
    """State of a window; of an interval the protocol does not state, that nothing was done."""
    return WINDOW_STATES.get(event["code"], NOTHING)
