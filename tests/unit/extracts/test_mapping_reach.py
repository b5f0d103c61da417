"""What a mapping says once for the whole study, and which columns its SELECT files read."""

from pathlib import Path

import duckdb

from dashboard.extracts.load import load_extract
from dashboard.studies.load import load_study
from tests.small_study import write_small_study

PATIENTS = "id,site,enrolled,stage,CEA (ng/mL),note\nP1,01,2025-03-05,KXĐ,3.2,x\nP2,01,2025-03-06,IV,-99,y\n"
MAPPING = """
format = "table"
missing = ["KXĐ", "-99"]

[files.forms]
file = "forms.csv"

[[table]]
name = "patient"
from = "forms"
columns = { patient_id = "id", site_id = "site", enrolled_on = "enrolled", stage = "stage" }

[[table]]
name = "measurement"
from = "forms"
select = "measurement.sql"
"""
SELECT = """
-- One row per patient.
select "id" as patient_id, 'cea' as name, "enrolled" as measured_on, "CEA (ng/mL)" as value,
    source_file, source_row
from source.forms
"""


def load(folder: Path):
    study = write_small_study(folder)
    extract = study / "extracts" / "2025-06-30"
    extract.mkdir(parents=True)
    (extract / "extract.toml").write_text('cut_off = 2025-06-30\ncalendar = "calendar"\n', encoding="utf-8")
    (extract / "forms.csv").write_text(PATIENTS, encoding="utf-8")
    (study / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (study / "measurement.sql").write_text(SELECT, encoding="utf-8")
    connection = duckdb.connect()
    return connection, load_extract(study, extract, load_study(study), connection)


def test_the_codes_for_missing_of_the_whole_mapping_hold_in_every_file(tmp_path):
    connection, _ = load(tmp_path)
    assert connection.execute("select patient_id, stage from patient order by 1").fetchall() == [
        ("P1", None),
        ("P2", "IV"),
    ]
    assert connection.execute("select count(*) from rejected_row").fetchall() == [(0,)]


def test_a_quoted_column_of_a_select_file_counts_as_read(tmp_path):
    _, report = load(tmp_path)
    assert report.unmapped_columns == (("forms.csv", "note"),)
