"""Data issues that nobody has asked about need the rows of the data cut: what could become a query."""

from pathlib import Path
from typing import Any

from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "query_candidates.sql").read_text(encoding="utf-8")


def query_candidates(reader: Reader, *, patient_id: str | None = None) -> list[dict[str, Any]]:
    """One row per data issue, of a systematic check one for all of them, the most urgent group first.

    A systematic check concerns the mapping and neither a site nor a patient (clinical-decisions A40): no such
    row for one patient or for whoever is limited to some sites.
    """
    rows = reader.records(SQL, {"patient_id": patient_id})
    is_whole = reader.sites is None and patient_id is None
    return rows if is_whole else [row for row in rows if not row["is_systematic"]]
