"""The patients of a study as the overview counts them: every number of the page comes from these rows."""

from pathlib import Path

import pandas as pd

from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "patient.sql").read_text(encoding="utf-8")
# In the foot of what no filter narrows: its file may lie beside one of a cohort.
UNFILTERED = "all patients, filter not applied"


def overview_patients(reader: Reader) -> pd.DataFrame:
    """One row per patient known to the study at the reader's sites: state, furthest step and reason."""
    return reader.rows(SQL)
