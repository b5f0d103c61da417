"""The one way to the session state: sign-in, study, data cut, patient, and the list behind."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

TOKEN = "session_token"
STUDY = "study_id"
PATIENT = "patient_id"
PATIENT_LIST = "patient_list"
NOTICE = "sign_in_notice"
SHARING = "is_sharing"


def session_token() -> str | None:
    """The token of this browser session, if somebody signed in."""
    return st.session_state.get(TOKEN)


def start_session(token: str) -> None:
    """Begin anew for whoever signed in: nothing of an earlier user stays."""
    st.session_state.clear()
    st.session_state[TOKEN] = token


def end_session(notice: str | None = None) -> None:
    """Forget everything; the notice is shown once on the sign-in page."""
    st.session_state.clear()
    if notice:
        st.session_state[NOTICE] = notice


def take_notice() -> str | None:
    """The notice for the sign-in page, once."""
    return st.session_state.pop(NOTICE, None)


def study_id() -> str | None:
    """The chosen study. The picker of the frame keeps it."""
    return st.session_state.get(STUDY)


def set_study_id(study_id: str) -> None:
    """Choose a study, before the picker is drawn."""
    st.session_state[STUDY] = study_id


def snapshot_key(study_id: str) -> str:
    """Key of the data-cut picker: each study remembers its own."""
    return f"snapshot_id.{study_id}"


def snapshot_id(study_id: str) -> str | None:
    """The chosen data cut of a study; None means the current one."""
    return st.session_state.get(snapshot_key(study_id))


def set_snapshot_id(study_id: str, snapshot_id: str) -> None:
    """Choose a data cut, before the picker is drawn."""
    st.session_state[snapshot_key(study_id)] = snapshot_id


def patient_id(study_id: str) -> str | None:
    """The chosen patient of a study. Never in an address: addresses end in histories and logs."""
    chosen = st.session_state.get(PATIENT)
    return chosen[1] if chosen and chosen[0] == study_id else None


def set_patient_id(study_id: str, patient_id: str) -> None:
    """Choose a patient of a study."""
    st.session_state[PATIENT] = (study_id, patient_id)


def set_patient_list(patients: Sequence[tuple[str, str]]) -> None:
    """Keep the list a patient is opened from, as (study, patient): previous and next walk it."""
    st.session_state[PATIENT_LIST] = tuple(patients)


def is_sharing() -> bool:
    """Whether the screen is being shown to others, so that nothing may identify a patient."""
    return bool(st.session_state.get(SHARING, False))


def patient_list() -> tuple[tuple[str, str], ...]:
    """The list as it stood when a patient was opened from it; empty where none was."""
    return st.session_state.get(PATIENT_LIST, ())


# What somebody has typed into a form stays in its widgets until it is saved; nothing else reads them.
FORM_ROUND = "form_round"
SAID = "form_said"


def form_key(form: str, field: str) -> str:
    """Key of a field of a form. Saving begins a new round: the fields then show what was saved."""
    return f"{form}.{st.session_state.get(f'{FORM_ROUND}.{form}', 0)}.{field}"


def entered(form: str, field: str) -> Any:
    """What stands in a field of a form; None where nothing does."""
    return st.session_state.get(form_key(form, field))


def next_form_round(form: str) -> None:
    """Empty a form after it was saved."""
    st.session_state[f"{FORM_ROUND}.{form}"] = st.session_state.get(f"{FORM_ROUND}.{form}", 0) + 1


def say_next(text: str, *, is_problem: bool) -> None:
    """Keep what saving said for the page that is drawn next."""
    st.session_state[SAID] = (text, is_problem)


def take_said() -> tuple[str, bool] | None:
    """What saving said and whether it is a problem, once."""
    return st.session_state.pop(SAID, None)
