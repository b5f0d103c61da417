"""Plausible records of any number of patients, made inside DuckDB: the same number gives the same records.

Nine assessments, eleven samples of four variants and eleven visits a patient, up to three lines; every tenth
patient has measured lesions, the others a reported sum of diameters.
"""

from pathlib import Path

import duckdb

from dashboard.model.tables import canonical_tables, stored_columns
from dashboard.store.write import write_definition
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows

FOLDER = Path(__file__).parent / "patients"
STUDIES = Path(__file__).parents[1] / "data" / "studies"
STUDY = "cdk46"
# Tables after `patient` read the ones before them.
TABLES = (
    "patient",
    "treatment",
    "response",
    "lesion",
    "imaging",
    "ctdna_sample",
    "variant",
    "visit",
    "contact",
    "measurement",
    "adverse_event",
)
# A number from 0 to one less than `n` that looks random, for a patient (or row) and a purpose.
CHANCE_MACRO = "create or replace temp macro chance(x, purpose, n) as cast(hash(x, purpose) % n as integer)"


def write_records(path: Path, *, n_patients: int) -> None:
    """Write every usable_ and definition table of `n_patients` into a new DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        connection.execute(CHANCE_MACRO)
        for name, table in canonical_tables().items():
            body = ", ".join(f'"{column}" {sql_type}' for column, sql_type in stored_columns(table))
            connection.execute(f'create table "usable_{name}" ({body})')
        for name in TABLES:
            select = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
            parameters = {"n_patients": n_patients} if name == "patient" else {}
            connection.execute(f'insert into "usable_{name}" by name {select}', parameters)
        write_definition(connection, definition_rows(load_study(STUDIES / STUDY)))
