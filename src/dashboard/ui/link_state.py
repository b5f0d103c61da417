"""The part of the session state that links to a view need: the page shown, what a link asked for and said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

# The only thing about a view that may stand in an address.
ADDRESS = "view"
PAGE = "link.page"
REFUSED = "link.refused"
NOTICE = "link.notice"
MADE = "link.made"
TIMELINE = "link.timeline"


@dataclass(frozen=True)
class LinkNotice:
    """What is said about the data cut of a link, as long as this page shows the cut the link led to."""

    page: str
    study_id: str
    snapshot_id: str
    text: str


def page() -> str:
    """Address of the page that is drawn; empty for the start page."""
    return str(st.session_state.get(PAGE, ""))


def set_page(page: str) -> None:
    """Keep which page is drawn."""
    st.session_state[PAGE] = page


def open_part_of(page: str) -> str | None:
    """The part of a page that is open; None on a page without parts."""
    return st.session_state.get(f"{page}.part")


def is_refused(token: str) -> bool:
    """Whether the refusal of this link is already recorded in this session."""
    return token in st.session_state.get(REFUSED, ())


def set_refused(token: str) -> None:
    """Keep that the refusal of this link is recorded."""
    st.session_state[REFUSED] = (*st.session_state.get(REFUSED, ()), token)


def notice() -> LinkNotice | None:
    """What the link opened last said about its data cut; None where it said nothing."""
    return st.session_state.get(NOTICE)


def set_notice(said: LinkNotice | None) -> None:
    """Keep what a link says about its data cut."""
    st.session_state[NOTICE] = said


def made(view: Any) -> str | None:
    """The token made for exactly this view before; the last one only."""
    before, token = st.session_state.get(MADE, (None, None))
    return token if before == view else None


def set_made(view: Any, token: str) -> None:
    """Keep the token made for a view, so that looking at a link again makes no second one."""
    st.session_state[MADE] = (view, token)


def ask_timeline(study_id: str, patient_id: str, choices: Mapping[str, Any]) -> None:
    """What the controls of a patient's timeline are to begin with."""
    st.session_state[TIMELINE] = (study_id, patient_id, choices)


def take_asked_timeline(study_id: str, patient_id: str) -> Mapping[str, Any]:
    """What a link asked of this patient's timeline, once; empty where none did."""
    asked = st.session_state.pop(TIMELINE, None)
    return asked[2] if asked and asked[:2] == (study_id, patient_id) else {}


def start_choice(name: str, options: list[Any], *, asked: Any = None) -> str:
    """Key of a widget that holds what was asked for, else what stands there, else the first option.

    Other options are another choice, so that a patient without line 2 does not change what the next one opens
    with.
    """
    key = f"{name}.{'.'.join(str(one) for one in options)}"
    if asked in options:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return key
