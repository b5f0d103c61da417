"""The marts of a few patients at a time, one below the other, are the marts of all."""

from pathlib import Path

import duckdb
import pytest

from dashboard.marts.build import ORDER, build_marts
from dashboard.marts.slices import OF_ALL, build_in_slices
from dashboard.store.write import write_definition
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from tests.random_records import random_tables
from tests.usable_tables import fill_usable

STUDIES = Path(__file__).parents[3] / "data" / "studies"
N_PATIENTS = 40

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module", params=["cdk46", "k4care", "pulmonary-oligomets"])
def both(request) -> Connection:
    """Marts of all patients, and beside them, in the database `sliced`, those of fifteen at a time."""
    connection = duckdb.connect()
    fill_usable(connection, random_tables(n_patients=N_PATIENTS, seed=3))
    write_definition(connection, definition_rows(load_study(STUDIES / request.param)))
    connection.execute("attach ':memory:' as sliced")
    for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall():
        connection.execute(f'create table sliced."{name}" as from "{name}"')
    build_marts(connection)
    with connection.cursor() as other:
        other.execute("use sliced")
        build_in_slices(other, patients_per_slice=15)
    return connection


@pytest.mark.parametrize("mart", ORDER)
def test_the_mart_of_slices_is_the_mart_of_all(both, mart):
    assert both.execute(f"from {mart} except all from sliced.{mart}").fetchall() == []
    assert both.execute(f"from sliced.{mart} except all from {mart}").fetchall() == []
    assert both.execute(f"describe {mart}").fetchall() == both.execute(f"describe sliced.{mart}").fetchall()


def built(n_patients: int, *, patients_per_slice: int) -> tuple[list[str], int, list[str]]:
    """What was said to be built, the patients summarised, and the databases left."""
    heard: list[str] = []
    with duckdb.connect() as connection:
        fill_usable(connection, random_tables(n_patients=n_patients, seed=3))
        write_definition(connection, definition_rows(load_study(STUDIES / "cdk46")))
        build_in_slices(connection, on_built=heard.append, patients_per_slice=patients_per_slice)
        patients = connection.execute("select count(distinct patient_id) from patient_summary").fetchall()
        left = connection.execute(
            "select database_name from duckdb_databases() where not internal"
        ).fetchall()
        return heard, patients[0][0], [name for (name,) in left]


@pytest.mark.parametrize("patients_per_slice", [4, 5])
def test_few_patients_are_one_slice(patients_per_slice):
    assert built(4, patients_per_slice=patients_per_slice) == (list(ORDER), 4, ["memory"])


def test_the_last_slice_has_the_patients_left_over_and_each_is_heard_of():
    heard, n_patients, left = built(4, patients_per_slice=3)
    later = ORDER[len(OF_ALL) :]
    assert heard == [*OF_ALL, *later, *later]
    assert (n_patients, left) == (4, ["memory"])


def test_a_study_without_patients_has_its_marts():
    assert built(0, patients_per_slice=2)[:2] == (list(ORDER), 0)
