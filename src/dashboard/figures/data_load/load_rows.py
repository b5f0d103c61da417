"""What was loaded, what was not, and why: the rows behind the page Data."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.store.reader import Reader

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class DataLoad:
    """What became of the records of one data cut, each frame as its query says.

    A reader limited to sites has no rows in `rejected`, `set_aside` and `unlinked`: nobody knows their site.
    """

    ledger: pd.DataFrame
    files: pd.DataFrame
    rejected: pd.DataFrame
    set_aside: pd.DataFrame
    unlinked: pd.DataFrame
    genes: pd.DataFrame
    issues: pd.DataFrame


def data_load(reader: Reader) -> DataLoad:
    """The load of the reader's data cut."""
    return DataLoad(
        ledger=_rows(reader, "ledger"),
        files=_rows(reader, "file"),
        rejected=_rows(reader, "rejected"),
        set_aside=_rows(reader, "set_aside"),
        unlinked=_rows(reader, "unlinked"),
        genes=_rows(reader, "gene"),
        issues=_rows(reader, "issue"),
    )


def patients_by_check(reader: Reader) -> dict[str, int]:
    """Patients each check can find something of, by check.

    Nothing for a reader of some sites, as they are counted of the whole study, or of an older data cut.
    """
    if reader.sites is not None or not reader.has_table("check_run"):
        return {}
    sql = (FOLDER / "applies_to.sql").read_text(encoding="utf-8")
    return {str(row["check_id"]): int(row["n_patients"]) for row in reader.records(sql)}


def _rows(reader: Reader, name: str) -> pd.DataFrame:
    return reader.rows((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
