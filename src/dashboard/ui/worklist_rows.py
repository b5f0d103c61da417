"""Rows of the worklist: a patient opens with one click, and is marked as reviewed with two."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.figures.worklist.listed import Entry
from dashboard.figures.worklist.reasons import Row
from dashboard.rules import rules
from dashboard.tables.formats import format_date
from dashboard.tables.worklist_short import short
from dashboard.ui import installation
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext, chosen_snapshot
from dashboard.ui.open_patient import Marked, patient_link
from dashboard.ui.rule_source import rule_line
from dashboard.ui.worklist_data import author_of
from dashboard.workflow.reviews import PatientCut, mark_reviewed, take_back_review

WIDTHS = (0.6, 1.15, 1.2, 2.35, 3.6, 1.85, 1.25, 0.95, 1.5)
HEADINGS = (
    "", "Patient", "Tumour, study", "Reason to look", "Why it is here", "Last two ctDNA", "Last scan", "Line",
    "Reviewed",
)  # fmt: skip
BLUE, ORANGE, RED = (1, 9), (2, 3, 4, 5), (6, 11)
NOTE_LENGTH = 1000
Line = Mapping[Any, Any]


def list_rows(
    context: PageContext,
    listed: Sequence[tuple[Entry, Line]],
    *,
    walk: tuple[tuple[str, str], ...],
    marked: Marked,
) -> None:
    """One row per entry with its line of the table; `walk` is the whole list, for previous and next.

    `marked`: the days of each patient's line, which the timeline brings out.
    """
    with st.container(border=True, gap="xsmall"):
        for column, heading in zip(st.columns(WIDTHS, gap="xsmall"), HEADINGS, strict=True):
            column.caption(heading)
        for entry, line in listed:
            with st.container(key=f"worklist_row.{entry.study_id}.{entry.patient_id}"):
                _row(context, entry, line, walk=walk, marked=marked)


def _row(
    context: PageContext, entry: Entry, line: Line, *, walk: tuple[tuple[str, str], ...], marked: Marked
) -> None:
    cells = st.columns(WIDTHS, gap="xsmall", vertical_alignment="center")
    if entry.is_new:
        cells[0].badge("new", color="blue")
    with cells[1]:
        key = f"worklist.open.{entry.study_id}.{entry.patient_id}"
        patient_link(entry.study_id, entry.patient_id, key=key, walk=walk, marked=marked)
    cells[2].markdown(f"{plain(line['Tumour'])}  \n:gray[:small[{plain(line['Study'])}]]")
    further = len(entry.reasons) - 1
    with cells[3]:
        more = f" · +{further}" if further else ""
        st.badge(f"{line['Reason']}{more}", color=_colour(line["No."]), help=_in_full(line))
    cells[4].markdown(plain(short(_reason(entry, line), beside=entry.reasons)))
    cells[5].markdown(_dated(line["Last ctDNA"], line["Last ctDNA on"]))
    cells[6].markdown(_dated(line["Last response"], line["Last scan on"]))
    cells[7].markdown(line["Line"])
    with cells[8]:
        _review(context, entry, line)


def _in_full(line: Line) -> str:
    """The whole reason of a row and the further ones; the list has one line of it."""
    return "  \n".join(plain(words) for words in (line["Why it is here"], *_further(line)))


def _further(line: Line) -> list[str]:
    return [f"Further reasons: {line['Further reasons']}"] if line["Further reasons"] else []


def _dated(text: str, day: str) -> str:
    shown = plain(text).replace(" %", "\N{NO-BREAK SPACE}%")
    return f"{shown}  \n:gray[:small[{day}]]"


def _colour(number: int) -> Any:
    """Red is for what should have happened by now."""
    if number in RED:
        return "red"
    return "blue" if number in BLUE else "orange" if number in ORANGE else "gray"


def _review(context: PageContext, entry: Entry, line: Line) -> None:
    """The button with what it opens: the rule, a note, and one more button."""
    key = f"{entry.study_id}.{entry.patient_id}"
    review = entry.review
    label = "Mark reviewed" if review is None else f"{review.reviewed_by} · {_short(line['Reviewed on'])}"
    with st.popover(label, type="tertiary", key=f"worklist.review.{key}"):
        st.markdown(f"{plain(line['Why it is here'])}.  \n{plain(line['Rule'])}")
        st.caption(plain(rule_line(_source(entry, line), chosen_snapshot(entry.study_id))))
        st.caption(f"Date: {line['Date']}; compared with: {line['Compared with']}")
        for words in _further(line):
            st.caption(plain(words))
        if review is not None:
            _standing(context, entry, key=key)
        note = st.text_area(
            "Note, kept with your name and the time",
            max_chars=NOTE_LENGTH,
            height=80,
            key=f"worklist.note.{key}",
        )
        st.button(
            "Reviewed",
            type="primary",
            icon=":material/check:",
            key=f"worklist.save.{key}",
            on_click=_save,
            args=(context, entry, note),
        )


def _reason(entry: Entry, line: Line) -> Row:
    """The reason that the line stands under."""
    return next(row for row in entry.reasons if row["reason_no"] == line["No."])


def _source(entry: Entry, line: Line) -> str:
    """The source of the rule that the line stands under."""
    return rules()[_reason(entry, line)["rule"]].source


def _short(day: str) -> str:
    """A date without its year, for the narrow column."""
    return day.rsplit(" ", 1)[0]


def _standing(context: PageContext, entry: Entry, *, key: str) -> None:
    """The review that stands, and the way to take it back."""
    review = entry.review
    if review is None:
        return
    note = f": {plain(review.note)}" if review.note else ""
    st.markdown(f"Reviewed by {plain(review.reviewed_by)}, {format_date(review.reviewed_on)}{note}")
    if review.has_news:
        st.caption("Something new has arrived for this patient since.")
    if entry.is_hidden:
        st.button(
            "Put back on the worklist",
            key=f"worklist.back.{key}",
            on_click=_put_back,
            args=(context, entry),
        )


def _cut(entry: Entry) -> PatientCut:
    snapshot = chosen_snapshot(entry.study_id)
    # The row was drawn from this data cut.
    snapshot_id = snapshot.snapshot_id if snapshot is not None else ""
    return PatientCut(study_id=entry.study_id, patient_id=entry.patient_id, snapshot_id=snapshot_id)


def _save(context: PageContext, entry: Entry, note: str) -> None:
    mark_reviewed(installation.workflow(), _cut(entry), note=note, author=author_of(context))
    st.toast(f"{entry.patient_id} reviewed")


def _put_back(context: PageContext, entry: Entry) -> None:
    take_back_review(installation.workflow(), _cut(entry), author=author_of(context))
