"""The one way to the session state: sign-in, study, data cut, patient, and the list behind."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.studies.cohort import Cohort

TOKEN = "session_token"
STUDY = "study_id"
ASKED_STUDY = "asked_study_id"
PATIENT = "patient_id"
PATIENT_LIST = "patient_list"
NOTICE = "sign_in_notice"
SHARING = "is_sharing"
PATIENT_DRAWN = "patient_drawn"
MARKED = "marked_days"
PLACE = "page_place"


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


def ask_study_id(study_id: str) -> None:
    """Choose a study after the picker is drawn: it shows it the next time."""
    st.session_state[ASKED_STUDY] = study_id


def take_asked_study_id() -> str | None:
    """The study a page asked for, once."""
    return st.session_state.pop(ASKED_STUDY, None)


def is_second_place(shown: tuple[str | None, ...]) -> bool:
    """Whether the page is drawn in the second of two places: they take turns whenever `shown` changes."""
    before, is_second = st.session_state.get(PLACE, (shown, False))
    if before != shown:
        is_second = not is_second
    st.session_state[PLACE] = (shown, is_second)
    return bool(is_second)


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


def is_other_patient(study_id: str, patient_id: str) -> bool:
    """Whether the page drew another patient before, or none; from now on it is this one."""
    before, st.session_state[PATIENT_DRAWN] = st.session_state.get(PATIENT_DRAWN), (study_id, patient_id)
    return before != (study_id, patient_id)


def picker_key(study_id: str, patient_id: str) -> str:
    """Key of the picker that shows this patient; it starts on the patient, whatever led there."""
    key = f"patient_picker.{study_id}"
    st.session_state[key] = patient_id
    return key


def picked(study_id: str, shown: str) -> str:
    """The patient picked; the one shown where nothing is picked."""
    return st.session_state.get(f"patient_picker.{study_id}") or shown


def set_patient_list(patients: Sequence[tuple[str, str]]) -> None:
    """Keep the list a patient is opened from, as (study, patient): previous and next walk it."""
    st.session_state[PATIENT_LIST] = tuple(patients)


def is_sharing() -> bool:
    """Whether the screen is being shown to others, so that nothing may identify a patient."""
    return bool(st.session_state.get(SHARING, False))


def patient_list() -> tuple[tuple[str, str], ...]:
    """The list as it stood when a patient was opened from it; empty where none was."""
    return st.session_state.get(PATIENT_LIST, ())


def set_marked_days(marked: Mapping[tuple[str, str], tuple[dt.date, ...]]) -> None:
    """Keep the days that the list compares, by study and patient; their timelines bring them out."""
    st.session_state[MARKED] = dict(marked)


def marked_days(study_id: str, patient_id: str) -> tuple[dt.date, ...]:
    """The days that the list compares for this patient; none for a patient opened otherwise."""
    found: dict[tuple[str, str], tuple[dt.date, ...]] = st.session_state.get(MARKED, {})
    return found.get((study_id, patient_id), ())


# The cohort of a study goes with the user from page to page; an address holds at most its token.
COHORT = "cohort"
ALL_SITES = "counts_all_sites"


def cohort(study_id: str) -> Cohort:
    """Which patients of a study the cohort pages count; everybody until something is chosen."""
    kept: tuple[Cohort, str | None] = st.session_state.get(f"{COHORT}.{study_id}", (Cohort(), None))
    return kept[0]


def cohort_token(study_id: str) -> str | None:
    """The token of the saved cohort that is shown; None where the choices are not a saved cohort."""
    kept: tuple[Cohort, str | None] = st.session_state.get(f"{COHORT}.{study_id}", (Cohort(), None))
    return kept[1]


def set_cohort(study_id: str, chosen: Cohort, *, token: str | None = None) -> None:
    """Choose a cohort of a study, saved under a token or not."""
    st.session_state[f"{COHORT}.{study_id}"] = (chosen, token)


def counts_all_sites(study_id: str) -> bool:
    """Whether somebody limited to some sites has asked to count all of them."""
    return bool(st.session_state.get(f"{ALL_SITES}.{study_id}", False))


def set_counts_all_sites(study_id: str, *, is_chosen: bool) -> None:
    """Count all sites of a study, or the user's own."""
    st.session_state[f"{ALL_SITES}.{study_id}"] = is_chosen


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


def meeting_key(study_id: str) -> str:
    """Key of the picker of a meeting, which holds its id: each study remembers its own."""
    return f"mdt.meeting.{study_id}"


def choose_meeting(study_id: str, meeting_id: int) -> None:
    """Choose a meeting, before the picker is drawn."""
    st.session_state[meeting_key(study_id)] = meeting_id


def start_meeting(study_id: str, meeting_ids: Sequence[int], *, first: int) -> None:
    """The meeting the picker opens with: the one chosen while it is still offered, else `first`."""
    if st.session_state.get(meeting_key(study_id)) not in meeting_ids:
        choose_meeting(study_id, first)


def take_said() -> tuple[str, bool] | None:
    """What saving said and whether it is a problem, once."""
    return st.session_state.pop(SAID, None)


def start_part(page: str, part: str) -> None:
    """The part a page opens with, where nobody asked for another one."""
    st.session_state.setdefault(f"{page}.part", part)


def ask_part(page: str, part: str) -> None:
    """The part a page is to open with, before it is drawn."""
    st.session_state[f"{page}.part"] = part


# The query opened on the page Queries stays open while its place in the list changes.
OPENED_QUERY = "queries.opened"


def opened_query(study_id: str) -> int | None:
    """Id of the query opened last in the list of this study."""
    return st.session_state.get(f"{OPENED_QUERY}.{study_id}")


def set_opened_query(study_id: str, query_id: int | None) -> None:
    """Keep which query is open; None for none."""
    st.session_state[f"{OPENED_QUERY}.{study_id}"] = query_id


# The item of the follow-up list that a query is being written about.
QUERY_ITEM = "follow_up.query_item"


def query_item() -> Any:
    """The item whose form is open; None where none is."""
    return st.session_state.get(QUERY_ITEM)


def set_query_item(item: Any = None) -> None:
    """Open the form of an item; None closes it."""
    st.session_state[QUERY_ITEM] = item


# What of a patient's timeline is shown, kept with the patient it belongs to; and the widgets that say it.
TIMELINE_PART = "timeline.shown"


def timeline_part() -> tuple[str, tuple[dt.date, dt.date]] | None:
    """The patient whose timeline was cut last, and the first and last day shown; None where none was."""
    return st.session_state.get(TIMELINE_PART)


def set_timeline_part(patient_id: str, part: tuple[dt.date, dt.date]) -> None:
    """Keep the part of the time axis that is shown."""
    st.session_state[TIMELINE_PART] = (patient_id, part)


def timeline_widget(name: str) -> Any:
    """What stands in a widget of the timeline."""
    return st.session_state.get(f"{TIMELINE_PART}.{name}")


def set_timeline_widget(name: str, value: Any) -> None:
    """Put a value into a widget of the timeline, before it is drawn or in its own callback."""
    st.session_state[f"{TIMELINE_PART}.{name}"] = value


def open_forest(key: str) -> tuple[str, str] | None:
    """The two groups of the forest plot whose widgets have this key, where it is switched on."""
    names = (st.session_state.get(f"{key}.group"), st.session_state.get(f"{key}.reference"))
    is_open = st.session_state.get(f"{key}.show", False)
    return (str(names[0]), str(names[1])) if is_open and all(names) else None
