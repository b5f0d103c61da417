"""The part of the session state that links to a view need: the page shown, what a link asked for and said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.ui import state

# The only thing about a view that may stand in an address.
ADDRESS = "view"
PAGE = "link.page"
REFUSED = "link.refused"
NOTICE = "link.notice"
MADE = "link.made"
TIMELINE = "link.timeline"
ASKED = "link.choices"
DRAWN = "link.drawn"


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


def start_choice(name: str, options: Sequence[Any], *, asked: Any, default: Any) -> str:
    """Key of a widget that holds what was asked for, else what stands there, else `default`.

    `asked` and `default` are lists where several may be chosen. Other options are another choice, so that a
    patient without line 2 does not change what the next one opens with.
    """
    key = f"{name}.{'.'.join(map(str, options))}"
    if _is_offered(asked, options):
        st.session_state[key] = asked
    elif not _is_offered(st.session_state.get(key), options):
        st.session_state[key] = default
    return key


def page_choice(name: str, options: Sequence[Any], *, default: Any) -> str:
    """Key of a widget of the page drawn: it holds what a link asked for, what stands there, or `default`.

    Rule and lists as for `start_choice`.
    """
    key = start_choice(f"{page()}.{name}", options, asked=_take_asked(name), default=default)
    st.session_state[DRAWN] = {**st.session_state.get(DRAWN, {}), (page(), name): key}
    return key


def page_choices() -> dict[str, Any]:
    """What the widgets of the page drawn say, by the name of the choice, as JSON."""
    drawn: Mapping[tuple[str, str], str] = st.session_state.get(DRAWN, {})
    own = {name: key for (of_page, name), key in drawn.items() if of_page == page()}
    return {name: st.session_state[key] for name, key in own.items() if key in st.session_state}


def ask_page(page: str, study_id: str, choices: Mapping[str, Any]) -> None:
    """What the widgets of a page are to begin with, in this study."""
    st.session_state[ASKED] = (page, study_id, dict(choices))


def _take_asked(name: str) -> Any:
    """What a link asked of this choice of the page drawn, once; None where it did not."""
    of_page, study_id, choices = st.session_state.get(ASKED, ("", "", {}))
    if (of_page, study_id) != (page(), state.study_id()):
        return None
    return choices.pop(name, None)


def _is_offered(value: Any, options: Sequence[Any]) -> bool:
    return set(value) <= set(options) if isinstance(value, list) else value in options
