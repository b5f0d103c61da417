"""A study of small files, loaded: a test gives the text of each file and reads the canonical tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from dashboard.extracts.load import LoadReport, load_extract
from dashboard.studies.schema import Study

EXTRACT = 'cut_off = {cut_off}\nextracted_at = "2026-02-01"\ncalendar = "{calendar}"\n'
PATIENTS = "patient_id,site_id,sex,born_on\nP1,01,female,1960\nP2,01,male,1955\n"


def study(calendar: str = "calendar") -> Study:
    """The least a study definition can say."""
    return Study.model_validate(
        {
            "study": {"study_id": "test", "title": "Test", "short_title": "Test", "calendar": calendar},
            "recruitment": {"opens": "2025-01-01", "target": 1, "sites": [{"site_id": "01", "name": "Site"}]},
        }
    )


class Loaded:
    """A loaded extract: the report, and rows by SQL."""

    def __init__(
        self,
        folder: Path,
        files: Mapping[str, str],
        *,
        mapping: str | None = None,
        calendar: str = "calendar",
        cut_off: str = "2026-01-31",
    ) -> None:
        extract = folder / "extract"
        extract.mkdir()
        (extract / "extract.toml").write_text(EXTRACT.format(cut_off=cut_off, calendar=calendar))
        for name, text in {"patient.csv": PATIENTS, **files}.items():
            if name.endswith(".sql"):
                (folder / name).write_text(text, encoding="utf-8")
            else:
                (extract / name).write_text(text, encoding="utf-8")
        if mapping is not None:
            (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
        self.connection = duckdb.connect()
        self.report: LoadReport = load_extract(folder, extract, study(calendar), self.connection)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of one query."""
        return self.connection.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        """First column of one query."""
        return [row[0] for row in self.rows(sql)]


def assert_balanced(loaded: Loaded) -> None:
    """Each source record is exactly one of loaded, rejected or set aside, by file and by canonical table."""
    wrong = loaded.rows("from ledger where n_records <> n_loaded + n_rejected + n_set_aside")
    assert wrong == []
    counted = (
        "select source_file, canonical_table, count(distinct source_row) from {0} group by all order by all"
    )
    set_aside = loaded.rows(counted.format("set_aside_row"))
    booked = loaded.rows(
        "select source_file, canonical_table, n_set_aside from ledger where n_set_aside > 0 "
        "and (source_file, canonical_table) in "
        "(select (source_file, canonical_table) from set_aside_row) order by all"
    )
    assert set_aside == booked
