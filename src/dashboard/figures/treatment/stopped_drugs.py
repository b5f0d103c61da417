"""Drugs stopped for toxicity while the line went on without them, patient by patient."""

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.treatment.request import TreatmentRequest, ask, treatment_figure
from dashboard.store.reader import Reader
from dashboard.tables.formats import NameDay, format_date

METHOD = (
    "A course recorded as stopped for toxicity, where other drugs of the same line were given after it and "
    "its drug was not given again on the line. The line goes on: no stop of the line is counted."
)


def stopped_drugs(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    """The rows of treatment stopped_drug.sql: patient_id, line, drugs, stopped_on, went_on_with."""
    return ask(reader, request, "stopped_drug")


@registered("treatment_stopped_drugs", writes_rows=True, key=("patient_id", "line", "stopped_on"))
def treatment_stopped_drugs(reader: Reader, request: TreatmentRequest) -> Figure:
    """One row per patient and course; it names patients: only for who may open them."""
    rows = stopped_drugs(reader, request)
    n = rows["patient_id"].nunique()
    patients = "1 patient" if n == 1 else f"{n} patients"
    return treatment_figure(
        reader,
        request,
        rows=rows,
        table=stopped_drugs_table(rows),
        caption=f"{patients} with a drug stopped for toxicity while the line went on.",
        method=METHOD,
        alt="Drugs stopped for toxicity while the line went on",
    )


def stopped_drugs_table(rows: pd.DataFrame, *, name_day: NameDay = format_date) -> pd.DataFrame:
    """One row per row of `stopped_drugs` in words; `name_day` writes the dates."""
    return pd.DataFrame(
        [
            {
                "Patient": row["patient_id"],
                "Line": int(row["line"]),
                "Stopped for toxicity": row["drugs"],
                "Last dose": name_day(pd.Timestamp(row["stopped_on"]).date()),
                "Line went on with": row["went_on_with"],
            }
            for row in rows.to_dict("records")
        ],
        columns=["Patient", "Line", "Stopped for toxicity", "Last dose", "Line went on with"],
    )
