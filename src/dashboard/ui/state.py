"""The one way to the session state. Four things live there: sign-in, study, data cut, patient."""

import streamlit as st

TOKEN = "session_token"
STUDY = "study_id"
PATIENT = "patient_id"
NOTICE = "sign_in_notice"


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
