"""Page Follow-up: who is to be chased for what, by when, and the words to ask with."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.chase_list import chase_counts, chase_list
from dashboard.figures.follow_up.request import (
    OWED,
    ChaseRequest,
    Row,
    View,
    chase_request,
    of_places,
    opens_within,
    select_rows,
)
from dashboard.rules.request_texts import LANGUAGES
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.tables.data_load import received_on
from dashboard.tables.follow_up import item_name, site_words
from dashboard.tables.formats import format_date, format_days
from dashboard.ui import follow_up_cards as cards
from dashboard.ui import installation
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission
from dashboard.ui.follow_up_data import readers_until, rows_of
from dashboard.ui.follow_up_files import export_row
from dashboard.ui.follow_up_rows import list_rows
from dashboard.ui.page_title import sites_counted
from dashboard.ui.style import page_theme

TITLE = "Follow-up"
NO_DATES = "Not applicable: the extract has no calendar dates, so no window can be placed in the calendar."
VIEWS: dict[str, View] = {
    "All owed": "OWED",
    "Overdue": "OVERDUE",
    "Closing": "CLOSES_SOON",
    "Due now": "DUE_NOW",
    "Opening": "NOT_YET_DUE",
    "Cannot tell": "CANNOT_TELL",
    "Done outside window": "DONE_OUTSIDE_WINDOW",
    "Cannot be obtained": "CANNOT_BE_OBTAINED",
}
EVERY_ITEM, EVERY_SITE = "All", "All sites"
SITE_LANGUAGE = "Site's language"
DAYS_AHEAD = (7, 14, 30, 60, 90)


@remembered(entries=50)
def _list(reader: Reader, request: ChaseRequest, earlier: Reader | None) -> Figure:
    return chase_list(reader, request, earlier=earlier)


def show(context: PageContext) -> None:
    """Key figures, filters, the list with its requests, files, counts by site, weeks and data cuts."""
    context.require_data(TITLE)
    st.title(TITLE, anchor=False)
    st.caption(_subtitle(context.study, context.snapshot, context.reader))
    if context.study.calendar == "relative":
        st.info(NO_DATES)
        return
    rows = rows_of(context.reader)
    if rows is None:
        st.info(OLD_DATA_CUT)
        return
    _counted_and_listed(context, rows)


def _counted_and_listed(context: PageContext, rows: Sequence[Row]) -> None:
    readers = readers_until(context)
    earlier = readers[-2] if len(readers) > 1 else None
    base = replace(chase_request(context.study), theme=page_theme())
    place = st.container()
    request = _choices(base, rows, key=context.study.study_id)
    everything = replace(base, language=request.language)
    figure = _list(context.reader, request, earlier)
    whole = _list(context.reader, everything, earlier)
    with place:
        cards.key_figures(chase_counts(rows, request), request, whole=whole.rows, readers=readers)
    is_narrowed = request != everything
    list_rows(context, figure, request, rows=select_rows(rows, request), is_narrowed=is_narrowed)
    if context.may(Permission.EXPORT):
        laboratory, settled = (
            _list(context.reader, replace(everything, view=view), earlier)
            for view in ("LABORATORY", "SETTLED")
        )
        export_row(context, whole, laboratory=laboratory, settled=settled)
    cards.below(context, request, readers)
    how_made(figure)


def _subtitle(study: Study, snapshot: Snapshot, reader: Reader) -> str:
    """On which day the states are judged, and how old the extract is (clinical-decisions A24)."""
    judged = f"judged on the last day observed, {format_date(snapshot.cut_off)} at the latest, never by today"
    return " · ".join([study.title, judged, age_words(study, snapshot), sites_counted(reader)])


def age_words(study: Study, snapshot: Snapshot, *, today: dt.date | None = None) -> str:
    """How old the extract is; of a sample study only that its data cut is fixed."""
    if study.sample:
        return "sample study, fixed data cut"
    now = today or installation.utc_now().date()
    received = received_on(snapshot.manifest) or snapshot.cut_off
    age = f"the extract is {format_days((now - received).days)} old"
    return f"{age}, its data cut {format_days((now - snapshot.cut_off).days)}"


def _choices(base: ChaseRequest, rows: Sequence[Row], *, key: str) -> ChaseRequest:
    """State, site, days ahead, language and item; each with what is left to count."""
    pills = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        view = _pick_view(rows, key=key)
        site = _pick_site(base, rows, key=key)
        days = st.selectbox(
            "Opening",
            DAYS_AHEAD,
            index=DAYS_AHEAD.index(30),
            format_func=lambda n: f"within {n} days",
            width=140,
            key=f"follow_up.days.{key}",
        )
        language = st.selectbox(
            "Requests in",
            ["", *LANGUAGES],
            format_func=lambda one: LANGUAGES.get(one, SITE_LANGUAGE),
            width=150,
            key=f"follow_up.language.{key}",
        )
    request = replace(base, view=view, sites=site, within_days=days, language=language)
    item = _pick_item(request, rows, where=pills, key=key)
    return replace(request, items=(item,) if item else ())


def _pick_view(rows: Sequence[Row], *, key: str) -> View:
    is_clear = all(row["state"] != "CANNOT_TELL" for row in rows)
    views = [name for name, view in VIEWS.items() if view != "CANNOT_TELL" or not is_clear]
    chosen = st.segmented_control(
        "State", views, default="All owed", required=True, key=f"follow_up.view.{key}"
    )
    return VIEWS[chosen or "All owed"]


def _pick_site(base: ChaseRequest, rows: Sequence[Row], *, key: str) -> tuple[str, ...]:
    names = dict(base.site_names)
    sites = sorted({row["site_id"] for row in rows if row["site_id"] is not None})
    if len(sites) < 2:
        return ()
    chosen = st.selectbox(
        "Site",
        ["", *sites],
        format_func=lambda one: site_words(one, names) if one else EVERY_SITE,
        width=190,
        key=f"follow_up.site.{key}",
    )
    return (chosen,) if chosen else ()


def _pick_item(request: ChaseRequest, rows: Sequence[Row], *, where: Any, key: str) -> str:
    """One pill per item with what the other choices leave of it."""
    counts: dict[str, int] = {}
    for row in of_places(rows, request):
        if row["state"] != "NOT_YET_DUE" or opens_within(row, request):
            is_counted = row["state"] == request.view or (request.view == "OWED" and row["state"] in OWED)
            counts[item_name(row)] = counts.get(item_name(row), 0) + is_counted
    shown = {"": sum(counts.values())} | dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
    chosen = where.pills(
        "Item",
        list(shown),
        default="",
        required=True,
        format_func=lambda name: f"{name or EVERY_ITEM} **{shown[name]}**",
        label_visibility="collapsed",
        key=f"follow_up.item.{key}",
    )
    return cast(str, chosen or "")
