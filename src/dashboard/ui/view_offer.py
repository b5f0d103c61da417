"""The button that gives the address of what is shown, for somebody else or for later.

Behind the address stands a token; page, patient, data cut and choices are kept under it.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from dashboard.studies.cohort import Cohort
from dashboard.tables.formats import format_date
from dashboard.ui import installation, link_state, state
from dashboard.ui.context import PageContext
from dashboard.workflow.history import Author
from dashboard.workflow.saved_views import View, save_view

BOX_PX = 420


def offer_timeline(context: PageContext, patient_id: str, choices: Mapping[str, Any]) -> None:
    """The link to this patient with these choices on the timeline; none while the screen is shared."""
    _offer(
        context,
        patient_id,
        choices,
        words="Opens this patient and timeline on the data cut of {cut}, for those who may see the patient.",
    )


def offer_cohort(context: PageContext, cohort: Cohort) -> None:
    """The link to this page with these patients, the part that is open and what is chosen on it."""
    choices = {
        "cohort": cohort.definition(),
        "all_sites": state.counts_all_sites(context.study.study_id),
        "part": link_state.open_part_of(link_state.page()),
        "page": link_state.page_choices(),
    }
    _offer(
        context,
        None,
        choices,
        words="Opens this part of the page with these patients and choices on the data cut of {cut}, for "
        "those who may see the study.",
    )


def _offer(context: PageContext, patient_id: str | None, choices: Mapping[str, Any], *, words: str) -> None:
    if state.is_sharing():
        return
    button = st.popover("Link", icon=":material/link:", key="link.offer", on_change="rerun", width="content")
    if not button.open:
        return
    view = View(
        page=link_state.page(),
        study_id=context.study.study_id,
        patient_id=patient_id,
        snapshot_id=context.snapshot.snapshot_id,
        cut_off=context.snapshot.cut_off,
        choices=choices,
    )
    with button.container(width=BOX_PX):
        st.code(_address(context, view), language=None, wrap_lines=True)
        st.caption(words.format(cut=format_date(context.snapshot.cut_off)))


def _address(context: PageContext, view: View) -> str:
    """The address of the page with a token for this view."""
    token = link_state.made(view)
    if token is None:
        author = Author(
            user_id=context.user.user_id, at=installation.utc_now(), session_id=context.session_id
        )
        token = save_view(installation.workflow(), view, author=author)
        link_state.set_made(view, token)
    page = urlsplit(st.context.url or f"/{view.page}")
    return urlunsplit((page.scheme, page.netloc, page.path, f"{link_state.ADDRESS}={token}", ""))
