"""Page Completeness: what is recorded, partly recorded and missing, by patient, item, site and data cut."""

from datetime import date

import streamlit as st

from dashboard.figures.completeness.request import completeness_request
from dashboard.figures.follow_up.request import has_follow_up
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.ui import completeness_cards as cards
from dashboard.ui import installation
from dashboard.ui.completeness_patients import matrix_card, patients_card
from dashboard.ui.context import OLD_DATA_CUT, PageContext, Permission
from dashboard.ui.export import export_row
from dashboard.ui.filters import cohort_filter, cohort_line
from dashboard.ui.page_title import page_title
from dashboard.ui.style import page_theme

TITLE = "Completeness"


def show(context: PageContext) -> None:
    """Filter, key figures, matrix, counts by item and site, data cuts, patients of an item, export."""
    context.require_data(TITLE)
    reader = page_title(context, TITLE)
    if not has_follow_up(reader):
        st.info(OLD_DATA_CUT)
        return
    cohort = cohort_filter(context, reader=reader)
    line = cohort_line(context, cohort, reader=reader)
    request = completeness_request(context.study, cohort=cohort, cohort_line=line, theme=page_theme())
    by_item, by_site = cards.counts(reader, request)
    cards.key_figures(by_item.rows)
    is_limited = reader != context.reader
    if context.may(Permission.PATIENT):
        matrix_card(context, request, is_limited=is_limited)
    else:
        st.caption("Single patients are not shown to your role.")
    cards.item_card(by_item)
    cards.site_card(by_site)
    cards.cuts_card(_cut_readers(context, reader), request)
    if context.may(Permission.PATIENT):
        patients_card(context, request, items=by_item.rows)
    if context.may(Permission.EXPORT):
        export_row(context, {"by item": by_item, "by site": by_site}, what="completeness")


def _cut_readers(context: PageContext, reader: Reader) -> tuple[Reader, ...]:
    """One reader per data cut up to the chosen one, oldest first.

    Of several snapshots of one cut the chosen one, else the one that serves, else the last built.
    """
    chosen = context.snapshot
    found = sorted(
        installation.snapshots(context.study.study_id),
        key=lambda one: (one.snapshot_id != chosen.snapshot_id, not one.is_current),
    )
    by_cut: dict[date, Snapshot] = {}
    for snapshot in found:
        by_cut.setdefault(snapshot.cut_off, snapshot)
    readers = [Reader(by_cut[cut], reader.sites) for cut in sorted(by_cut) if cut <= chosen.cut_off]
    return tuple(one for one in readers if has_follow_up(one))
