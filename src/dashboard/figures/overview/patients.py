"""The patients of a study as the overview counts them: every number of the page comes from these rows."""

from pathlib import Path

import pandas as pd

from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "patient.sql").read_text(encoding="utf-8")


def overview_patients(reader: Reader) -> pd.DataFrame:
    """One row per patient known to the study at the reader's sites: state, furthest step and reason."""
    return reader.rows(SQL)


def unfiltered_words(reader: Reader) -> str:
    """Whom a file of a page with a filter counts where the filter does not narrow it."""
    whom = "all patients" if reader.sites is None else f"all patients at sites {', '.join(reader.sites)}"
    return f"{whom}, filter not applied"
