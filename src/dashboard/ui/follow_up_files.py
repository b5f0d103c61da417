"""Files of the chase list: one workbook per site, one for all, one CSV; recorded before they are offered."""

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.report.site_workbook import MIME, site_workbook
from dashboard.tables.formats import format_date
from dashboard.ui.context import PageContext


def export_row(context: PageContext, figure: Figure) -> None:
    """One button; the files are offered once the audit trail has the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if figure.rows.empty:
            return
        if st.button("Files", icon=":material/download:", key="follow_up.export"):
            context.record_export("follow-up", n_rows=len(figure.rows), footer=figure.footer)
            _offer(context, figure)
        n_overdue = int((figure.rows["state"] == "OVERDUE").sum())
        st.caption(
            f"One Excel file per site, one for all, and CSV: everything owed, {len(figure.rows)} items of "
            f"which {n_overdue} overdue, whatever is filtered above. Each export is recorded."
        )


def _offer(context: PageContext, figure: Figure) -> None:
    stem = f"{context.study.study_id}-follow-up-{context.snapshot.cut_off.isoformat()}"
    sites = figure.rows.groupby("site_id", sort=True)
    if len(sites) > 1:
        _workbook(context, figure, figure.rows, words="All sites", name=f"{stem}-all-sites.xlsx")
    for site_id, rows in sites:
        words = str(rows["site"].iloc[0])
        _workbook(context, figure, rows, words=words, name=f"{stem}-site-{site_id}.xlsx")
    st.download_button("CSV", figure.csv(), file_name=f"{stem}.csv", mime="text/csv", on_click="ignore")


def _workbook(context: PageContext, figure: Figure, rows: pd.DataFrame, *, words: str, name: str) -> None:
    about = {
        "Study": context.study.title,
        "Data cut": format_date(context.snapshot.cut_off),
        "Snapshot": context.snapshot.snapshot_id,
        "Site": words,
        "Items owed": f"{len(rows)}, of which {int((rows['state'] == 'OVERDUE').sum())} overdue",
        "How": figure.method,
    }
    content = site_workbook(rows, about=about)
    st.download_button(f"{words} (XLSX)", content, file_name=name, mime=MIME, on_click="ignore")
