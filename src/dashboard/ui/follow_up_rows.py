"""Rows of the chase list: a patient opens with one click, a request is ready to be copied after one."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.follow_up_request import ChaseRequest
from dashboard.rules.request_texts import LANGUAGES
from dashboard.ui import state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext

PATIENT_PAGE = "pages/review/patient.py"
ROWS = 12
WIDTHS = (1.5, 1.75, 1.0, 1.35, 1.5, 3.1, 0.95)
HEADINGS = ("State", "Item", "Patient", "Site", "Window", "Why it is here", "Request")
COLOURS = {"OVERDUE": "red", "CLOSES_SOON": "orange", "DUE_NOW": "blue"}
NOTHING_OWED = "Nothing is overdue, closing or due at your sites in this data cut."
NOTHING_FOUND = "Nothing under these choices. Choose All sites, All and All owed to see everything owed."
NEW = " New: not overdue at the data cut before."
ONE_SITE = (
    "Requests of one site as one text: choose a site above. A site never reads of another one's patients."
)
Line = Mapping[Any, Any]


def list_rows(context: PageContext, figure: Figure, request: ChaseRequest, *, is_narrowed: bool) -> None:
    """One page of the list, and all requests of one site as one text."""
    lines = [
        {**shown, **numbers}
        for shown, numbers in zip(
            figure.table.to_dict("records"), figure.rows.to_dict("records"), strict=True
        )
    ]
    if not lines:
        st.info(NOTHING_FOUND if is_narrowed else NOTHING_OWED)
        return
    n_pages = -(-len(lines) // ROWS)
    place = st.container()
    page = (st.pagination(n_pages, key="follow_up.page") or 1) if n_pages > 1 else 1
    first = (min(page, n_pages) - 1) * ROWS
    walk = tuple(dict.fromkeys((context.study.study_id, line["patient_id"]) for line in lines))
    with place:
        with st.container(border=True, gap="xsmall"):
            for column, heading in zip(st.columns(WIDTHS, gap="small"), HEADINGS, strict=True):
                column.caption(heading)
            for number, line in enumerate(lines[first : first + ROWS], start=first):
                _row(context, line, number=number, walk=walk)
        last = min(first + ROWS, len(lines))
        has_new = any(line["is_new"] for line in lines)
        st.caption(f"Rows {first + 1} to {last} of {len(lines)}. {figure.caption}{NEW if has_new else ''}")
    _all_requests(lines, request)


def _row(context: PageContext, line: Line, *, number: int, walk: tuple[tuple[str, str], ...]) -> None:
    with st.container(key=f"worklist_row.follow_up.{number}"):
        cells = st.columns(WIDTHS, gap="small", vertical_alignment="center")
        with cells[0].container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.badge(line["State"], color=_colour(line["state"]))
            if line["is_new"]:
                st.badge("new", color="blue")
        about = f"  \n:gray[:small[{plain(line['about'])}]]" if line["about"] else ""
        cells[1].markdown(f"{plain(line['Item'])}{about}")
        with cells[2]:
            _open(context, line, number=number, walk=walk)
        cells[3].markdown(f"{plain(line['Site'])}{_other_owner(line)}")
        cells[4].markdown(plain(line["Window"]))
        cells[5].markdown(plain(line["Why"]))
        with cells[6]:
            _ask(line, number=number)


def _colour(item_state: str) -> Any:
    return COLOURS.get(item_state, "gray")


def _other_owner(line: Line) -> str:
    """Who is to be asked, where that is not the site."""
    return "" if line["Owner"] == line["Site"] else f"  \n:gray[:small[Ask: {plain(line['Owner'])}]]"


def _open(context: PageContext, line: Line, *, number: int, walk: tuple[tuple[str, str], ...]) -> None:
    study_id = context.study.study_id
    chosen = st.button(
        f"**{plain(line['patient_id'])}**",
        key=f"follow_up.open.{number}.{line['patient_id']}",
        type="tertiary",
        on_click=_choose,
        args=(study_id, line["patient_id"], walk),
        help="Open this patient",
    )
    if chosen:
        st.switch_page(PATIENT_PAGE)


def _choose(study_id: str, patient_id: str, walk: tuple[tuple[str, str], ...]) -> None:
    state.set_patient_id(study_id, patient_id)
    state.set_patient_list(walk)


def _ask(line: Line, *, number: int) -> None:
    """The request behind one click; one more copies it."""
    with st.popover("Ask", key=f"follow_up.ask.{number}", width="content"):
        st.markdown(f"**{plain(line['Item'])}** · {plain(line['patient_id'])} · {plain(line['State'])}")
        st.code(line["request"], language=None, wrap_lines=True)
        st.caption(f"{LANGUAGES[line['language']]}. {plain(line['Rule'])}")


def _all_requests(lines: list[dict[Any, Any]], request: ChaseRequest) -> None:
    """Everything asked of one site as one text; never of several, and nothing that a laboratory owes."""
    sites = {line["site_id"] for line in lines}
    if len(sites) != 1:
        st.caption(ONE_SITE)
        return
    texts = [line["request"] for line in lines if line["Owner"] == line["Site"]]
    if not texts:
        return
    with st.expander(f"All {len(texts)} requests to {plain(lines[0]['Site'])} as one text"):
        st.code("\n".join(texts), language=None, wrap_lines=True)
