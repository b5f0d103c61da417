"""Part "What changed" of the patient page: since the previous data cut, or since the user's last review."""

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from dashboard.errors import AuditUnavailable
from dashboard.figures.patient.changes import ChangesRequest, PatientChanges, patient_changes_figure
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.study_time import DAY_ZERO
from dashboard.tables.formats import format_date
from dashboard.tables.patient_changes import KINDS, ChangeLine, ValueWords
from dashboard.tables.patient_timeline import Clock
from dashboard.ui import installation
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made, plain
from dashboard.ui.context import NO_AUDIT, PageContext, stop_with
from dashboard.workflow.audit import Event, record_patient_opened
from dashboard.workflow.models import AuditKind

PREVIOUS, REVIEWED = "previous", "reviewed"
FIRST_LINES = 8
NOT_REVIEWED = "You have not reviewed this patient yet."
NO_PREVIOUS = "This is the first data cut of the study: there is nothing to compare with."


@remembered(entries=500)
def _changes(before: Reader, after: Reader, request: ChangesRequest) -> PatientChanges:
    return patient_changes_figure(before, after, request)


def show(
    context: PageContext,
    patient_id: str,
    *,
    reviewed_snapshot: str | None,
    reviewed_on: dt.date | None = None,
    clock: Clock | None = None,
) -> None:
    """The card. `reviewed_snapshot` is the data cut on which the user last reviewed this patient, if any.

    `clock` names days as the rest of the page does; without one, dates, or days of study time.
    """
    with st.container(border=True):
        st.header("What changed", anchor=False)
        cuts = installation.snapshots(context.study.study_id)
        previous = previous_cut(cuts, shown=context.snapshot)
        if _pick(previous, reviewed_snapshot, reviewed_on=reviewed_on) == PREVIOUS:
            before, notice = previous, "" if previous else NO_PREVIOUS
        else:
            before = next((cut for cut in cuts if cut.snapshot_id == reviewed_snapshot), None)
            notice = review_notice(before, str(reviewed_snapshot), shown=context.snapshot)
        if before is None or notice:
            st.markdown(notice)
        else:
            _show_since(context, before, patient_id, clock=clock or _clock(context))
        if reviewed_snapshot is None:
            st.caption(NOT_REVIEWED)


def previous_cut(cuts: Sequence[Snapshot], *, shown: Snapshot) -> Snapshot | None:
    """The latest build of the data cut before the one shown; `cuts` come newest first."""
    return next((cut for cut in cuts if cut.cut_off < shown.cut_off), None)


def review_notice(reviewed: Snapshot | None, reviewed_id: str, *, shown: Snapshot) -> str:
    """What stands in place of the changes since the last review; empty where they can be shown."""
    if reviewed is None:
        return (
            f"The data you reviewed ({_cut_words(reviewed_id)}) are no longer kept, so the changes since "
            "then cannot be shown. The previous data cut can be compared instead."
        )
    if reviewed == shown:
        return "Nothing new: this is the data cut on which you last reviewed this patient."
    if reviewed.cut_off > shown.cut_off:
        return f"You last reviewed a later data cut ({format_date(reviewed.cut_off)}) than the one shown."
    return ""


def _pick(previous: Snapshot | None, reviewed_snapshot: str | None, *, reviewed_on: dt.date | None) -> str:
    """Since when: without a review there is nothing to choose."""
    names = {PREVIOUS: "Since the previous data cut"}
    if previous is not None:
        names[PREVIOUS] += f" ({format_date(previous.cut_off)})"
    if reviewed_snapshot is None:
        st.caption(names[PREVIOUS])
        return PREVIOUS
    days = [f"{format_date(reviewed_on)}, "] if reviewed_on else [""]
    names[REVIEWED] = f"Since you last reviewed ({days[0]}{_cut_words(reviewed_snapshot)})"
    chosen = st.segmented_control(
        "Since",
        [REVIEWED, PREVIOUS],
        default=REVIEWED,
        required=True,
        format_func=lambda one: names[one],
        label_visibility="collapsed",
        key="patient.changes.since",
    )
    return str(chosen)


def _cut_words(snapshot_id: str) -> str:
    """The data cut a snapshot id begins with."""
    try:
        return f"data cut {format_date(dt.date.fromisoformat(snapshot_id[:10]))}"
    except ValueError:
        return "data cut not known"


def _clock(context: PageContext) -> Clock:
    is_study_time = context.study.calendar == "relative"
    return Clock(DAY_ZERO, is_study_time=is_study_time)


def _show_since(context: PageContext, before: Snapshot, patient_id: str, *, clock: Clock) -> None:
    _record_opened(context, before, patient_id)
    request = ChangesRequest(patient_id=patient_id, clock=clock)
    found = _changes(context.reader_of(before), context.reader, request)
    if not found.lines:
        st.markdown(f"Nothing changed for this patient since the data cut of {format_date(before.cut_off)}.")
    for kind, title in KINDS.items():
        _show_kind(title, [line for line in found.lines if line.kind == kind])
    if found.figure.caption:
        st.caption(found.figure.caption)
    how_made(found.figure)


def _record_opened(context: PageContext, before: Snapshot, patient_id: str) -> None:
    """The earlier data cut shows data of this patient too, so it is in the audit trail before it is read."""
    event = Event(
        kind=AuditKind.PATIENT_OPENED,
        user_id=context.user.user_id,
        session_id=context.session_id,
        study_id=before.study_id,
        patient_id=patient_id,
        snapshot_id=before.snapshot_id,
    )
    try:
        record_patient_opened(installation.workflow(), event, now=installation.utc_now())
    except AuditUnavailable:
        stop_with(NO_AUDIT)


def _show_kind(title: str, lines: Sequence[ChangeLine]) -> None:
    if not lines:
        return
    st.markdown(f"**{title}** · {len(lines)}")
    st.markdown("\n".join(f"- {line_markdown(line)}" for line in lines[:FIRST_LINES]))
    if len(lines) > FIRST_LINES:
        with st.expander(f"{len(lines) - FIRST_LINES} more"):
            st.markdown("\n".join(f"- {line_markdown(line)}" for line in lines[FIRST_LINES:]))


def line_markdown(line: ChangeLine) -> str:
    """One line with what is no longer true struck through."""
    said = [plain(line.said)] if line.said else []
    words = ", ".join([*(_value_markdown(value, line.kind) for value in line.values), *said])
    if line.kind == "vanished":
        return f"~~{plain(line.title)}{': ' if words else ''}{words}~~"
    return f"{plain(line.title)}: {words}" if words else plain(line.title)


def _value_markdown(value: ValueWords, kind: str) -> str:
    """What was right until then (a result that was pending) is not struck through."""
    if kind == "new":
        was = f" (was {plain(value.before)})" if value.before else ""
        return f"{plain(value.name)} **{plain(value.now)}**{was}".strip()
    before = f"~~{plain(value.before)}~~" if value.before else ""
    return " ".join(part for part in (plain(value.name), before, f"**{plain(value.now)}**") if part)
