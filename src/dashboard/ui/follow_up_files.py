"""Files of the chase list: workbooks per site, for the laboratory and for all, and a CSV; all recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.figures.follow_up.asked import asked_of_site, owed_words, settled_words, untranslated_words
from dashboard.report.site_workbook import COLUMNS, MIME, SETTLED_COLUMNS, site_workbook
from dashboard.tables.formats import format_date
from dashboard.ui.context import PageContext

NOT_ASKED_FOR = "Not asked for"


@dataclass(frozen=True, kw_only=True)
class _File:
    """One workbook: for whom, its rows, how many items these are in words, and the columns of its sheet."""

    words: str
    name: str
    rows: pd.DataFrame
    items: str
    method: str
    columns: Mapping[str, tuple[str, int]]


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
            f"can be answered there{also}. All sites and CSV: everything owed, {owed_words(figure.rows)}. "
            f"{NOT_ASKED_FOR}: done outside the window or not to be obtained any more, "
            f"{settled_words(settled.rows)}. "
            "Whatever is filtered above. Each export is recorded."
        )


def _offer(context: PageContext, figure: Figure, *, laboratory: Figure, settled: Figure) -> None:
    stem = f"{context.study.study_id}-follow-up-{context.snapshot.cut_off.isoformat()}"
    names = dict(zip(figure.rows["site_id"], figure.rows["site"], strict=True))
    files = []
    if len(names) > 1:
        files.append(_owed(figure, figure.rows, words="All sites", name=f"{stem}-all-sites.xlsx"))
    for site_id in sorted(site for site in names if site is not None):
        rows = asked_of_site(figure.rows, site_id=site_id)
        files.append(_owed(figure, rows, words=names[site_id], name=f"{stem}-site-{site_id}.xlsx"))
    files.append(_owed(laboratory, laboratory.rows, words="Laboratory", name=f"{stem}-laboratory.xlsx"))
    files.append(_not_asked_for(settled, name=f"{stem}-not-asked-for.xlsx"))
    for file in files:
        _workbook(context, file)
    st.download_button("CSV", figure.csv(), file_name=f"{stem}.csv", mime="text/csv", on_click="ignore")


def _owed(figure: Figure, rows: pd.DataFrame, *, words: str, name: str) -> _File:
    return _File(
        words=words, name=name, rows=rows, items=owed_words(rows), method=figure.method, columns=COLUMNS
    )


def _not_asked_for(figure: Figure, *, name: str) -> _File:
    return _File(
        words=NOT_ASKED_FOR,
        name=name,
        rows=figure.rows,
        items=settled_words(figure.rows),
        method=figure.method,
        columns=SETTLED_COLUMNS,
    )


def _workbook(context: PageContext, file: _File) -> None:
    if file.rows.empty:
        return
    about = {
        "Study": context.study.title,
        "Data cut": format_date(context.snapshot.cut_off),
        "Snapshot": context.snapshot.snapshot_id,
        "For": file.words,
        "Items": file.items,
        "How": file.method,
    }
    in_english = untranslated_words(file.rows)
    if in_english:
        about["Language"] = in_english
    content = site_workbook(file.rows, about=about, columns=file.columns)
    st.download_button(f"{file.words} (XLSX)", content, file_name=file.name, mime=MIME, on_click="ignore")
