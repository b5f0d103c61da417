"""A record as it was received, and how a study names its days."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.store.raw_record import RecordNotFound, patients_named, raw_record
from dashboard.studies.study_time import DAY_ZERO
from dashboard.tables.formats import NameDay
from dashboard.tables.patient_timeline import Clock
from dashboard.ui.cards import plain
from dashboard.ui.context import PageContext


def day_name(context: PageContext) -> NameDay:
    """How a date is written: in a study without calendar dates as the day of study time."""
    is_study_time = context.study.calendar == "relative"
    return Clock(DAY_ZERO, is_study_time=is_study_time).name


def as_received(
    context: PageContext, source_file: str, source_row: Any, *, concerns: str | None = None
) -> None:
    """The record with the text of the file; each patient it concerns or names is recorded as opened first."""
    st.markdown(f"**As received** · {plain(source_file)}, row {int(source_row)}")
    try:
        record = raw_record(context.snapshot, source_file, int(source_row))
    except RecordNotFound:
        st.caption("This line could not be split into columns; the record itself is not kept.")
        return
    filled = {name: str(cell) for name, cell in record.items() if cell is not None}
    for patient_id in dict.fromkeys(
        [*([concerns] if concerns else []), *patients_named(context.reader, record)]
    ):
        context.record_patient_opened(patient_id)
    st.dataframe(
        pd.DataFrame({"Column": list(filled), "As received": list(filled.values())}),
        hide_index=True,
        alt="The record as received",
    )
    n_empty = len(record) - len(filled)
    empty = "1 empty column is" if n_empty == 1 else f"{n_empty} empty columns are"
    left_out = f"{empty} not shown. " if n_empty else ""
    st.caption(f"{left_out}Columns that identify people were never stored.")
