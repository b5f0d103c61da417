"""Data issues of the data cut, by check."""

from pathlib import Path

import pandas as pd

from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "issues.sql").read_text(encoding="utf-8")
BLOCKING = (Path(__file__).parent / "blocking.sql").read_text(encoding="utf-8")


def overview_issues(reader: Reader) -> pd.DataFrame:
    """One row per check that found something: check_id, issue_group, is_systematic, n_issues, n_patients."""
    return reader.rows(SQL)


def overview_blocking(reader: Reader) -> pd.DataFrame:
    """One row per data issue that blocks the primary result, as `tables.data_load_issues` takes it."""
    return reader.rows(BLOCKING)
