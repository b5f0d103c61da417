"""Which patient the page shows: search by id, previous and next inside the list it was opened from.

The choice stays in the session, never in the address.
"""

from typing import Any

from dashboard.ui import cache, state
from dashboard.ui.context import PageContext, stop_with

Walk = tuple[tuple[str, str], ...]
# Word, step in the list, icon and key; the keys work wherever no text field has the focus.
STEPS = (("Previous", -1, "chevron_left", "P"), ("Next", 1, "chevron_right", "N"))


def pick(context: PageContext, *, where: Any, is_sharing: bool) -> str:
    """The patient chosen. Stops the page where the reader may see none."""
    study_id = context.study.study_id
    found = cache.patient_ids(context.reader)
    if not found:
        stop_with("No patient is enrolled at your sites in this data cut.")
    chosen = state.patient_id(study_id)
    chosen = chosen if chosen in found else found[0]
    if not is_sharing:
        # An id is an identifier: while the screen is shared only the steps are there.
        where.selectbox(
            "Patient",
            found,
            key=state.picker_key(study_id, chosen),
            on_change=_pick,
            args=(study_id, chosen),
            label_visibility="collapsed",
            width=180,
        )
    walk, opened_from = _walk(study_id, chosen, found)
    place = walk.index((study_id, chosen))
    for word, step, icon, key in STEPS:
        to = place + step
        where.button(
            word,
            icon=f":material/{icon}:",
            disabled=not 0 <= to < len(walk),
            on_click=_open,
            args=walk[to % len(walk)],
            shortcut=key,
        )
    if not is_sharing:
        # Of a list in the order of ids the place says which one it is.
        where.caption(f"{place + 1} of {len(walk)}{opened_from}", width="content")
    state.set_patient_id(study_id, chosen)
    return chosen


def _walk(study_id: str, chosen: str, found: list[str]) -> tuple[Walk, str]:
    """The list to step through: the one the patient was opened from, else all of the study."""
    opened_from = state.patient_list()
    if (study_id, chosen) in opened_from:
        return opened_from, " on the worklist"
    return tuple((study_id, patient_id) for patient_id in found), ""


def _pick(study_id: str, shown: str) -> None:
    state.set_patient_id(study_id, state.picked(study_id, shown))


def _open(study_id: str, patient_id: str) -> None:
    state.set_study_id(study_id)
    state.set_patient_id(study_id, patient_id)
