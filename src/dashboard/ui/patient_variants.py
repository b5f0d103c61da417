"""The variant table of the patient page: courses, every result on demand, and the record behind a number."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.figures.patient.variants import PatientVariants, VariantsRequest, patient_variants
from dashboard.store.raw_record import RecordNotFound, patients_named, raw_record
from dashboard.store.reader import Reader
from dashboard.tables.csv_file import tables_csv
from dashboard.tables.formats import NOTHING, format_count
from dashboard.tables.patient_timeline import Clock
from dashboard.ui import query_raise, state
from dashboard.ui.caching import remembered
from dashboard.ui.cards import how_made, plain, text_columns
from dashboard.ui.context import PageContext

ROW_PIXELS = 35
MOST_ROWS = 12
# Only in the file, and with every result: the page has room for what is read first.
ONLY_IN_FILE = ("Coding change", "Followed", "Samples covering it", "Why", "Source of the last result")
# Left out where no variant has anything there.
IF_ANY = ("Copy number", "Possible other origin")
IN_ONE_PIECE = ("Gene", "Protein change", "Status", "First, %", "Highest, %", "Last, %")
SIGNS_IN_A_ROW = 24
BREAK, NO_BREAK = "\u200b", "\u00a0"


@remembered(entries=500)
def _variants(reader: Reader, request: VariantsRequest) -> PatientVariants:
    return patient_variants(reader, request)


def show(context: PageContext, patient_id: str, *, clock: Clock, is_fixed: bool) -> None:
    """Heading, table, note, file; on demand every result with its source row and the record as received."""
    found = _variants(context.reader, _request(patient_id, clock=clock, is_fixed=is_fixed))
    head = st.container(horizontal=True, vertical_alignment="center")
    head.header("Variants", anchor=False)
    if found.figure.table.empty:
        st.markdown(found.figure.caption)
        return
    if state.is_sharing():
        # The records behind the numbers name the patient.
        _summary(found.figure.table, alt=found.figure.alt)
        st.caption(found.figure.caption)
        return
    shows_results = head.toggle("Every result", key="variants.results")
    head.space("stretch")
    _file(context, patient_id, found=found, where=head)
    if shows_results:
        _results(context, found)
    else:
        _summary(found.figure.table, alt=found.figure.alt)
    st.caption(found.figure.caption)
    how_made(found.figure)


def _request(patient_id: str, *, clock: Clock, is_fixed: bool) -> VariantsRequest:
    return VariantsRequest(
        patient_id=patient_id, zero=clock.zero, is_study_time=clock.is_study_time, is_fixed=is_fixed
    )


def _summary(table: pd.DataFrame, *, alt: str) -> None:
    """One row per variant, its words wrapped, so that no column is cut at any width."""
    st.table(shown(table), border="horizontal", hide_index=True, alt=alt)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The variant table as the page shows it: without what the file alone holds, its cells made to wrap well.

    A number stays with its date, a course breaks after so many signs.
    """
    empty = [name for name in IF_ANY if (table[name] == NOTHING).all()]
    kept = table.drop(columns=[*ONLY_IN_FILE, *empty]).astype(str)
    kept["Course"] = kept["Course"].map(_course)
    for name in kept.columns:
        kept[name] = kept[name].map(plain)
    for name in IN_ONE_PIECE:
        kept[name] = (
            kept[name]
            .str.replace(" ", NO_BREAK)
            .str.replace(f"{NO_BREAK}·{NO_BREAK}", f"{NO_BREAK}· ")
            .str.replace(f"{NO_BREAK}(", " (")
        )
    return kept


def _course(words: str) -> str:
    """A course of many signs with places to break at; words break by themselves."""
    if " " in words or len(words) <= SIGNS_IN_A_ROW:
        return words
    starts = range(0, len(words), SIGNS_IN_A_ROW)
    return BREAK.join(words[start : start + SIGNS_IN_A_ROW] for start in starts)


def _results(context: PageContext, found: PatientVariants) -> None:
    """One row per variant and sample; a selected one shows its record."""
    event: Any = st.dataframe(
        found.results,
        hide_index=True,
        key="variants.results.table",
        alt=f"{format_count(len(found.results), 'result')}, one per variant and sample",
        height=(min(len(found.results), MOST_ROWS) + 1) * ROW_PIXELS + 3,
        column_config=text_columns(found.results),
        on_select="rerun",
        selection_mode="single-row",
    )
    st.caption("Select a row to see the record as received.")
    chosen = [place for place in event.selection.rows if place < len(found.sources)]
    if chosen:
        _as_received(context, found.sources[chosen[0]])
        _ask(context, found, place=chosen[0])


def _as_received(context: PageContext, source: Any) -> None:
    if source["source_file"] is None:
        st.caption("The file has no row for this variant in this sample.")
        return
    st.markdown(f"**As received** · {plain(source['source_file'])}, row {int(source['source_row'])}")
    try:
        record = raw_record(context.snapshot, source["source_file"], int(source["source_row"]))
    except RecordNotFound:
        st.caption("The record itself is not kept.")
        return
    for patient_id in patients_named(context.reader, record):
        context.record_patient_opened(patient_id)
    filled = {name: str(cell) for name, cell in record.items() if cell is not None}
    st.dataframe(
        pd.DataFrame({"Column": list(filled), "As received": list(filled.values())}),
        hide_index=True,
        alt="The record as received",
    )


def _ask(context: PageContext, found: PatientVariants, *, place: int) -> None:
    """A query on the result selected, where the file has a row for it."""
    source = found.sources[place]
    if source["source_key"] is None:
        return
    said = " · ".join(str(cell) for cell in found.results.iloc[place, :4])
    row = {
        "table_name": source["source_table"],
        "row_key": source["source_key"],
        "patient_id": source["patient_id"],
        "title": f"{source['gene']} {source['variant']}",
        "found": f"{source['patient_id']} · {said}",
    }
    query_raise.on_datum(context, row, key="variant")


def _file(context: PageContext, patient_id: str, *, found: PatientVariants, where: Any) -> None:
    """Both tables as one CSV file; offered once the audit trail has it."""
    if not where.button("Export", icon=":material/download:", key="variants.export"):
        return
    context.record_export("variants", patient_id=patient_id)
    tables = {"Variants": found.figure.table, "Every result": found.results}
    where.download_button(
        "Save CSV file",
        tables_csv(tables, provenance=found.figure.footer),
        file_name=f"{patient_id}-variants-{context.snapshot.cut_off.isoformat()}.csv",
        mime="text/csv",
        on_click="ignore",
    )
