"""Eligibility of the enrolled, by criterion and reading of the protocol."""

from pathlib import Path

import pandas as pd

from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "eligibility.sql").read_text(encoding="utf-8")


def overview_eligibility(reader: Reader) -> pd.DataFrame:
    """One row per criterion and reading: enrolled patients by result.

    n, which is n_met, n_failed, n_open and n_ruled under the reading; n_decided whom the readings judge
    differently; n_failed_in_force, n_needs_ruling and n_unknown of the criterion; n_contradicted where the
    data say otherwise than the investigator; n_eligible who meet all criteria under the reading. Empty in a
    study without criteria.
    """
    return reader.rows(SQL)
