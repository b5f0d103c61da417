"""Page Data: the data cuts of the study and what became of every record of the chosen one."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.figures.data_load.load_rows import DataLoad, data_load
from dashboard.quality.run import chased_checks
from dashboard.store.reader import Reader
from dashboard.tables.data_load import (
    Balance,
    balance,
    cuts_table,
    files_table,
    identifying_words,
    ledger_table,
    received_words,
    set_aside_table,
    unmapped_table,
)
from dashboard.tables.data_load_issues import to_check
from dashboard.tables.formats import format_date
from dashboard.ui import data_changes, data_rows, installation, state
from dashboard.ui.caching import remembered
from dashboard.ui.context import PageContext


@remembered(entries=20)
def _load(reader: Reader) -> DataLoad:
    return data_load(reader)


def show(context: PageContext) -> None:
    """Balance of the load in one sentence, key figures, then one part at a time."""
    context.require_data("Data")
    snapshot = context.snapshot
    load = _load(context.reader)
    found = balance(load.ledger)
    st.title("Data", anchor=False)
    received = received_words(snapshot.manifest)
    st.caption(f"{context.study.title} · data cut of {format_date(snapshot.cut_off)} · {received}")
    _key_figures(found, load, is_all_sites=context.reader.sites is None)
    if found.wrong_files:
        st.error(found.words, icon=":material/error:")
    else:
        st.success(found.words, icon=":material/check:")
    _parts(context, load, found)


def _key_figures(found: Balance, load: DataLoad, *, is_all_sites: bool) -> None:
    counted = to_check(load.issues, chased=chased_checks())
    issues = "at your sites" if not is_all_sites else _checks(counted["check_id"].nunique())
    unlinked = str(len(load.unlinked)) if is_all_sites else "not shown"
    figures = (
        ("Records in", f"{found.n_records:,}", f"{len(load.files)} files and sheets"),
        ("Loaded", f"{found.n_loaded:,}", f"of {found.n_records:,}"),
        ("Not loaded", f"{found.n_rejected:,}", f"of {found.n_records:,}"),
        ("Set aside by a rule", f"{found.n_set_aside:,}", f"of {found.n_records:,}"),
        ("Results not linked", unlinked, "without a patient"),
        ("Data issues", str(len(counted)), issues),
    )
    for column, (label, value, note) in zip(st.columns(len(figures), gap="small"), figures, strict=True):
        column.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)


def _checks(n: int) -> str:
    return "found by 1 check" if n == 1 else f"found by {n} checks"


def _parts(context: PageContext, load: DataLoad, found: Balance) -> None:
    parts: dict[str, tuple[str, Callable[[PageContext, DataLoad], None]]] = {
        "files": ("Files", _files),
        "ledger": ("Ledger", _ledger),
        "rejected": (f"Rows not loaded {found.n_rejected}", data_rows.rejected),
        "set_aside": (f"Set aside {found.n_set_aside}", _set_aside),
        "unlinked": (f"Laboratory results not linked {len(load.unlinked)}", data_rows.unlinked),
        "issues": (f"Data issues {len(to_check(load.issues, chased=chased_checks()))}", data_rows.issues),
        "cuts": ("Data cuts", _cuts),
    }
    state.start_part("data", "files")
    chosen = st.segmented_control(
        "Part",
        list(parts),
        required=True,
        format_func=lambda part: parts[part][0],
        label_visibility="collapsed",
        key="data.part",
    )
    with st.container(border=True):
        parts[chosen or "files"][1](context, load)


def _table(table: pd.DataFrame, *, alt: str, nothing: str) -> None:
    """A table, or the words for an empty one."""
    if table.empty:
        st.markdown(nothing)
        return
    wide = {"File": st.column_config.TextColumn(width="large")}
    st.dataframe(table, hide_index=True, alt=alt, column_config=wide)


def _files(context: PageContext, load: DataLoad) -> None:
    st.header("Files", anchor=False)
    _table(files_table(load.files), alt="Files of the extract", nothing="The extract has no file.")
    dropped = load.files["dropped_columns"].fillna("").ne("").sum()
    st.caption(identifying_words(int(dropped), n_files=len(load.files)))
    st.header("Columns not used by the mapping", anchor=False)
    unmapped = unmapped_table(load.files)
    _table(unmapped, alt="Columns not used by the mapping", nothing="Every column is used.")
    if not unmapped.empty:
        st.caption("They are kept as received and feed no table, unless a query of the study reads them.")
    st.header("Gene names read as another name", anchor=False)
    titles = {"gene_as_written": "As written", "gene": "Read as", "n_rows": "Rows", "n_files": "Files"}
    _table(
        load.genes.rename(columns=titles),
        alt="Gene names read as another name",
        nothing="Every gene is written as it is read.",
    )


def _ledger(context: PageContext, load: DataLoad) -> None:
    st.header("Ledger", anchor=False)
    _table(ledger_table(load.ledger), alt="Ledger by file and table", nothing="No file was read.")
    st.caption(
        "Each record is exactly one of loaded, not loaded or set aside. A file that feeds several tables "
        "stands once as a whole and once for each table; a record that any table could not load counts as "
        "not loaded for the whole file."
    )


def _set_aside(context: PageContext, load: DataLoad) -> None:
    st.header("Records set aside by a rule", anchor=False)
    if context.reader.sites is not None:
        st.markdown(data_rows.NOT_BY_SITE)
        return
    _table(
        set_aside_table(load.set_aside),
        alt="Records set aside by file and rule",
        nothing="No record was set aside in this data cut.",
    )
    st.caption(
        "Nothing is wrong with these records: a named rule of the mapping says that no table takes them."
    )


def _cuts(context: PageContext, load: DataLoad) -> None:
    st.header("Data cuts of this study", anchor=False)
    shown = context.snapshot
    cuts = [
        {**one.manifest, "is_current": one.is_current, "is_shown": one.snapshot_id == shown.snapshot_id}
        for one in installation.snapshots(context.study.study_id)
    ]
    _table(cuts_table(cuts), alt="Data cuts of the study", nothing="No data cut yet.")
    st.caption("The current one serves everybody who has not chosen another in the sidebar.")
    data_changes.show(context)
