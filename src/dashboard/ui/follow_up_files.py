"""Files of the chase list: workbooks per site, for the laboratory and for all, and a CSV; all recorded."""

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.asked import asked_of_site
from dashboard.report.site_workbook import COLUMNS, MIME, SETTLED_COLUMNS, site_workbook
from dashboard.tables.formats import format_count, format_date
from dashboard.ui.context import PageContext

NOT_ASKED_FOR = "Not asked for"


def export_row(context: PageContext, figure: Figure, *, laboratory: Figure, settled: Figure) -> None:
    """One button; the files are offered once the audit trail has the export.

    `figure` lists everything owed, `laboratory` what the laboratory is asked for, `settled` what was done
    outside its window or cannot be obtained any more.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        undated = laboratory.rows["state"] == "CANNOT_TELL"
        n_rows = len(figure.rows) + int(undated.sum()) + len(settled.rows)
        if not n_rows:
            return
        if st.button("Excel files", icon=":material/download:", key="follow_up.export"):
            context.record_export("follow-up", n_rows=n_rows, footer=figure.footer)
            _offer(context, figure, laboratory=laboratory, settled=settled)
        also = ", for the laboratory also results of draws without a date" if undated.any() else ""
        st.caption(
            "Files to send, one per site and one for the laboratory: what is overdue or closing and "
            f"can be answered there{also}. All sites and CSV: everything owed, {_counted(figure.rows)}. "
            f"{NOT_ASKED_FOR}: done outside the window or not to be obtained any more, "
            f"{_settled(settled.rows)}. "
            "Whatever is filtered above. Each export is recorded."
        )


def _offer(context: PageContext, figure: Figure, *, laboratory: Figure, settled: Figure) -> None:
    stem = f"{context.study.study_id}-follow-up-{context.snapshot.cut_off.isoformat()}"
    names = dict(zip(figure.rows["site_id"], figure.rows["site"], strict=True))
    if len(names) > 1:
        _workbook(context, figure, figure.rows, words="All sites", name=f"{stem}-all-sites.xlsx")
    for site_id in sorted(site for site in names if site is not None):
        rows = asked_of_site(figure.rows, site_id=site_id)
        _workbook(context, figure, rows, words=names[site_id], name=f"{stem}-site-{site_id}.xlsx")
    _workbook(context, laboratory, laboratory.rows, words="Laboratory", name=f"{stem}-laboratory.xlsx")
    _workbook(context, settled, settled.rows, words=NOT_ASKED_FOR, name=f"{stem}-not-asked-for.xlsx")
    st.download_button("CSV", figure.csv(), file_name=f"{stem}.csv", mime="text/csv", on_click="ignore")


def _counted(rows: pd.DataFrame) -> str:
    n_overdue = int((rows["state"] == "OVERDUE").sum())
    return f"{format_count(len(rows), 'item')} of which {n_overdue} overdue"


def _settled(rows: pd.DataFrame) -> str:
    n_done = int((rows["state"] == "DONE_OUTSIDE_WINDOW").sum())
    return f"{format_count(len(rows), 'item')} of which {n_done} done"


def _workbook(context: PageContext, figure: Figure, rows: pd.DataFrame, *, words: str, name: str) -> None:
    if rows.empty:
        return
    about = {
        "Study": context.study.title,
        "Data cut": format_date(context.snapshot.cut_off),
        "Snapshot": context.snapshot.snapshot_id,
        "For": words,
        "Items": _settled(rows) if words == NOT_ASKED_FOR else _counted(rows),
        "How": figure.method,
    }
    columns = SETTLED_COLUMNS if words == NOT_ASKED_FOR else COLUMNS
    content = site_workbook(rows, about=about, columns=columns)
    st.download_button(f"{words} (XLSX)", content, file_name=name, mime=MIME, on_click="ignore")
