"""Page Worklist: patients with a reason to look, and the way to mark them as reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.worklist.listed import (
    NARROWEST_DAYS,
    WIDEST_DAYS,
    Entry,
    Order,
    WorklistRequest,
    event_days,
    n_hidden_entries,
    n_patients,
    n_stopped_undecided,
    reason_counts,
    shown_entries,
    study_entries,
    worklist_figure,
)
from dashboard.figures.worklist.reasons import PD_NO_DECISION
from dashboard.tables.formats import format_date
from dashboard.tables.worklist import REASONS, also_stopped_words, no_match_words, zero_words
from dashboard.ui import installation, worklist_data
from dashboard.ui.cards import how_made
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission, stop_with
from dashboard.ui.worklist_data import Loaded
from dashboard.ui.worklist_rows import list_rows
from dashboard.workflow.choices import choose_pairing_window, pairing_window_days

ROWS = 12
ALL = 0
EVERY_STUDY = ""
ORDERS: dict[str, Order] = {"New first": "new", "Reason": "reason", "Newest": "date"}
WINDOW_KEY = "worklist.window"


@dataclass(frozen=True)
class Found:
    """The loaded studies with every entry of the studies chosen, at the window chosen."""

    loaded: Loaded
    entries: tuple[Entry, ...]
    request: WorklistRequest


def show(context: PageContext) -> None:
    """Reasons with their counts, pairing window, list, and the file."""
    st.title("Worklist", anchor=False)
    place = st.container()
    loaded = worklist_data.load(context)
    for title in loaded.too_old:
        st.info(f"{title}: {OLD_DATA_CUT}")
    if not loaded.studies:
        stop_with("No data cut of your studies can be listed yet.")
    pills = st.container()
    found = _find(context, loaded)
    found = replace(found, request=replace(found.request, reason_no=_pick_reason(found, where=pills)))
    with place:
        _headline(found)
    shown = shown_entries(found.entries, found.request)
    figure = worklist_figure(found.loaded.studies, found.entries, found.request)
    if shown:
        _list(context, shown, figure, request=found.request)
    else:
        st.info(_zero(found))
    if context.may(Permission.EXPORT):
        _export(context, figure)
    how_made(figure, words=f"{figure.method} {figure.caption}")


def _find(context: PageContext, loaded: Loaded) -> Found:
    """The controls of the page, and the entries for what they say."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        window_days = _pick_window(context)
        titles = {EVERY_STUDY: "All studies"} | {
            study.reader.snapshot.study_id: study.short_title for study in loaded.studies
        }
        study_id = st.selectbox(
            "Studies", list(titles), format_func=lambda one: titles[one], width=190, key="worklist.study"
        )
        order = st.segmented_control(
            "Order", list(ORDERS), default="New first", required=True, key="worklist.order"
        )
        search = st.text_input("Search", placeholder="id, tumour, gene", width=160, key="worklist.search")
        reviewed = st.container(width="content")
    studies = [s for s in loaded.studies if study_id in (EVERY_STUDY, s.reader.snapshot.study_id)]
    entries = [entry for study in studies for entry in study_entries(study, window_days=window_days)]
    n_hidden = sum(entry.is_hidden for entry in entries)
    shows_reviewed = reviewed.toggle(f"Show reviewed ({n_hidden})", key="worklist.reviewed")
    request = WorklistRequest(
        window_days=window_days,
        order=ORDERS[order or "New first"],
        shows_reviewed=shows_reviewed,
        search=search,
    )
    return Found(Loaded(tuple(studies), loaded.too_old), tuple(entries), request)


def _pick_window(context: PageContext) -> int | None:
    """The pairing window of the reader, kept for the next visit; None while it is each study's own."""
    study = context.study
    own = study.ctdna.pairing_days
    kept = pairing_window_days(installation.workflow(), study.study_id, user_id=context.user.user_id)
    start = min(max(own if kept is None else kept, NARROWEST_DAYS), WIDEST_DAYS)
    chosen = st.slider(
        "Pair ctDNA with the scan within ± days",
        NARROWEST_DAYS,
        WIDEST_DAYS,
        start,
        width=280,
        key=WINDOW_KEY,
        help=f"The study's own window is {own} days. It decides the reasons that compare ctDNA with imaging.",
    )
    if chosen != start:
        for study_id in context.studies:
            choose_pairing_window(
                installation.workflow(), study_id, chosen, author=worklist_data.author_of(context)
            )
    return None if chosen == own else chosen


def _pick_reason(found: Found, *, where: st.delta_generator.DeltaGenerator) -> int | None:
    listed = shown_entries(found.entries, found.request)
    counts = {ALL: len(listed)} | reason_counts(listed)
    names = {ALL: "All reasons"} | REASONS
    chosen = where.pills(
        "Reason to look",
        list(counts),
        default=ALL,
        required=True,
        format_func=lambda number: f"{names[number]} **{counts[number]}**",
        label_visibility="collapsed",
        key="worklist.reason",
    )
    also = also_stopped_words(counts[PD_NO_DECISION], n_stopped_undecided(listed))
    if also:
        where.caption(also)
    return None if chosen in (ALL, None) else chosen


def _headline(found: Found) -> None:
    listed = shown_entries(found.entries, replace(found.request, reason_no=None))
    n_new = sum(entry.is_new for entry in listed)
    since = _since(found)
    counted = f"{len(listed)} of {n_patients(found.loaded.studies)} patients on study at your sites"
    st.caption(f"{_studies(found.loaded)} · {counted} have a reason to look · {n_new} new {since}")


def _since(found: Found) -> str:
    """What is new compares with a data cut, not with the last look: the badges stay until a review."""
    cuts = {one.earlier.snapshot.cut_off for one in found.loaded.studies if one.earlier is not None}
    return (
        f"since the data cut of {format_date(cuts.pop())}" if len(cuts) == 1 else "since the data cut before"
    )


def _studies(loaded: Loaded) -> str:
    """Which studies are listed: the study chosen at the side does not filter this page."""
    names = ", ".join(study.short_title for study in loaded.studies)
    return f"All your studies, whichever is chosen at the side: {names}" if len(loaded.studies) > 1 else names


def _looked(found: Found) -> str:
    days = [study.looked_on for study in found.loaded.studies if study.looked_on is not None]
    return format_date(max(days)) if days else ""


def _zero(found: Found) -> str:
    """The stated zero, and whether a filter is the cause."""
    n_hidden = sum(entry.is_hidden for entry in found.entries)
    search = found.request.search.strip()
    n_rows = len(shown_entries(found.entries, replace(found.request, search="")))
    n_found = n_hidden_entries(found.entries, found.request)
    if search and (n_rows or n_found):
        return no_match_words(search, n_rows=n_rows, n_hidden=n_found)
    if found.request.reason_no is not None:
        return f"{REASONS[found.request.reason_no]}: no patient. Choose All reasons to see the others."
    return zero_words(last_looked=_looked(found), n_hidden=n_hidden)


def _list(context: PageContext, shown: Sequence[Entry], figure: Figure, *, request: WorklistRequest) -> None:
    """One page of rows."""
    n_pages = -(-len(shown) // ROWS)
    place = st.container()
    page = 1
    if n_pages > 1:
        page = st.pagination(n_pages, key="worklist.page") or 1
    first = (min(page, n_pages) - 1) * ROWS
    lines = figure.table.to_dict("records")[first : first + ROWS]
    with place:
        walk = tuple((entry.study_id, entry.patient_id) for entry in shown)
        marked = {(entry.study_id, entry.patient_id): event_days(entry, request) for entry in shown}
        rows = list(zip(shown[first : first + ROWS], lines, strict=True))
        list_rows(context, rows, walk=walk, marked=marked)
        last = first + len(lines)
        st.caption(f"Rows {first + 1} to {last} of {len(shown)}. {figure.caption}")


def _export(context: PageContext, figure: Figure) -> None:
    """The list as one CSV file; offered once the audit trail has it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Export", icon=":material/download:", key="worklist.export"):
            context.record_export("worklist", n_rows=len(figure.table), data=figure.footer)
            st.download_button(
                "Save CSV file", figure.csv(), file_name="worklist.csv", mime="text/csv", on_click="ignore"
            )
        st.caption("The list as shown, with its data cuts; each export is recorded.")
