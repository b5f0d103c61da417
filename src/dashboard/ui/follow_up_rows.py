"""Rows of the chase list: a patient opens with one click, a request is ready to be copied after one."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.asked import is_asked_of_site, language_words, left_out_words, site_messages
from dashboard.figures.follow_up.request import ChaseRequest, Row, is_settled, language_of
from dashboard.tables.follow_up import SETTLED
from dashboard.tables.formats import format_count
from dashboard.ui import follow_up_asked, query_raise, state
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, Permission
from dashboard.ui.open_patient import patient_link

ROWS = 12
DATA_PAGE = "pages/admin/data.py"
WIDTHS = (1.45, 1.7, 0.95, 1.3, 1.45, 2.9, 1.5)
HEADINGS = ("State", "Item", "Patient", "Site", "Window", "Why it is here", "Request")
COLOURS = {"OVERDUE": "red", "CLOSES_SOON": "orange", "DUE_NOW": "blue"}
NOTHING_OWED = "Nothing is overdue, closing or due at your sites in this data cut."
NOTHING_FOUND = "Nothing under these choices. Choose All sites, All and All owed to see everything owed."
NEW = " New: not overdue at the data cut before."
ONE_SITE = (
    "Requests of one site as one text: choose a site above. A site never reads of another one's patients."
)
NOTHING_ASKED = "Nothing of this list is asked for yet: one text holds what is overdue or closing."
Line = Mapping[Any, Any]


def list_rows(
    context: PageContext, figure: Figure, request: ChaseRequest, *, rows: Sequence[Row], is_narrowed: bool
) -> None:
    """One page of the list, and all requests of one site as one text; `rows` are those of the figure."""
    lines = [
        {**shown, **numbers, "row": row, "wanted": language_of(row, request)}
        for shown, numbers, row in zip(
            figure.table.to_dict("records"), figure.rows.to_dict("records"), rows, strict=True
        )
    ]
    query_raise.say_what_was_saved()
    if not lines:
        st.info(NOTHING_FOUND if is_narrowed else NOTHING_OWED)
        return
    _look_first(context, lines)
    place = st.container()
    first = _first_of_page(len(lines))
    with place:
        _one_page(context, lines, first=first)
        last = min(first + ROWS, len(lines))
        has_new = any(line["is_new"] for line in lines)
        st.caption(f"Rows {first + 1} to {last} of {len(lines)}. {figure.caption}{NEW if has_new else ''}")
    if not is_settled(request):
        _all_requests(context, lines, request)


def _first_of_page(n_lines: int) -> int:
    """Place of the first line on the page chosen; nothing to choose where all fit on one."""
    n_pages = -(-n_lines // ROWS)
    page = (st.pagination(n_pages, key="follow_up.page") or 1) if n_pages > 1 else 1
    return (min(page, n_pages) - 1) * ROWS


def _one_page(context: PageContext, lines: Sequence[Line], *, first: int) -> None:
    known = follow_up_asked.known_of(context)
    walk = tuple(dict.fromkeys((context.study.study_id, line["patient_id"]) for line in lines))
    with st.container(border=True, gap="xsmall"):
        for column, heading in zip(st.columns(WIDTHS, gap="small"), HEADINGS, strict=True):
            column.caption(heading)
        for number, line in enumerate(lines[first : first + ROWS], start=first):
            _row(context, line, known, number=number, walk=walk)
            follow_up_asked.query_form(context, line["row"], line, known)


def _row(
    context: PageContext,
    line: Line,
    known: follow_up_asked.Known,
    *,
    number: int,
    walk: tuple[tuple[str, str], ...],
) -> None:
    with st.container(key=f"worklist_row.follow_up.{number}"):
        cells = st.columns(WIDTHS, gap="small", vertical_alignment="center")
        with cells[0].container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            _state(line)
        about = f"  \n:gray[:small[{plain(line['about'])}]]" if line["about"] else ""
        cells[1].markdown(f"{plain(line['Item'])}{about}")
        with cells[2].container(gap=None):
            key = f"follow_up.open.{number}.{line['patient_id']}"
            patient_link(context.study.study_id, line["patient_id"], key=key, walk=walk)
            if line["died_words"]:
                st.markdown(f":gray[:small[{plain(line['died_words'])}]]")
        cells[3].markdown(f"{plain(line['Site'])}{_other_owner(line)}")
        cells[4].markdown(plain(line["Window"]))
        cells[5].markdown(plain(line["Why"]))
        with cells[6].container(gap="xxsmall"):
            _request(context, line, known, number=number)


def _state(line: Line) -> None:
    """The state as a badge, quiet where nothing is asked for any more; beside it that it is new."""
    if line["state"] in SETTLED:
        st.markdown(f":gray[{plain(line['State'])}]")
    else:
        st.badge(line["State"], color=_colour(line["state"]))
    if line["is_new"]:
        st.badge("new", color="blue")


def _request(context: PageContext, line: Line, known: follow_up_asked.Known, *, number: int) -> None:
    """What can be asked of the row, and below it when it was asked last."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if line["request"]:
            _ask(context, line, number=number)
        follow_up_asked.query_cell(context, line["row"], known, number=number)
    asked = follow_up_asked.said(line["row"], known)
    if asked:
        st.markdown(f":gray[:small[{plain(asked)}]]")


def _look_first(context: PageContext, lines: Sequence[Line]) -> None:
    """Above the list, once: a draw not recorded may be among the results without a patient (A22)."""
    said = next((line["look_first"] for line in lines if line["look_first"]), "")
    if not said:
        return
    if not context.may(Permission.DATA):
        st.markdown(f":orange[{plain(said)}]")
    elif st.button(
        f":orange[{plain(said)}]",
        icon=":material/database:",
        key="follow_up.unlinked",
        type="tertiary",
        help="Opens Data",
        on_click=state.ask_part,
        args=("data", "unlinked"),
    ):
        st.switch_page(DATA_PAGE)


def _colour(item_state: str) -> Any:
    return COLOURS.get(item_state, "gray")


def _other_owner(line: Line) -> str:
    """Who is to be asked, where that is not the site."""
    return "" if line["Owner"] == line["Site"] else f"  \n:gray[:small[Ask: {plain(line['Owner'])}]]"


def _ask(context: PageContext, line: Line, *, number: int) -> None:
    """The request behind one click; one more copies it."""
    with st.popover("Ask", key=f"follow_up.ask.{number}", width="content"):
        said = (line["Item"], line["patient_id"], line["died_words"], line["State"])
        first, *others = [plain(words) for words in said if words]
        st.markdown(" · ".join([f"**{first}**", *others]))
        st.code(line["request"], language=None, wrap_lines=True)
        language = language_words(used=line["language"], wanted=line["wanted"])
        st.caption(f"{language}. {plain(line['Rule'])}")
        follow_up_asked.mark_button(
            context, [line["row"]], label="Mark as asked", key=f"follow_up.asked.{number}"
        )


def _all_requests(context: PageContext, lines: list[dict[Any, Any]], request: ChaseRequest) -> None:
    """What one site is asked for, one text for each language; never of several, nothing of a laboratory."""
    sites = {line["site_id"] for line in lines}
    if len(sites) != 1:
        st.caption(ONE_SITE)
        return
    language = language_of({"owner": "site", "site_id": lines[0]["site_id"]}, request)
    messages = site_messages(lines, language=language)
    if not messages:
        st.caption(NOTHING_ASKED)
        return
    n = sum(message.n_requests for message in messages)
    whom = plain(lines[0]["Site"])
    listed = format_count(len(lines), "item")
    with st.expander(f"One text to {whom}: {n} of these {listed} overdue or closing"):
        st.caption(left_out_words(lines))
        for message in messages:
            st.markdown(f"**{message.heading}** ({message.n_requests})")
            st.code(message.text, language=None, wrap_lines=True)
        asked = [line["row"] for line in lines if is_asked_of_site(line)]
        label = f"Mark these {n} as asked" if n > 1 else "Mark as asked"
        follow_up_asked.mark_button(context, asked, label=label, key="follow_up.asked.all")
