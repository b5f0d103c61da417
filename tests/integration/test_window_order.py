"""Every window of a mart that goes row by row orders its rows without a tie, on records full of ties."""

import duckdb
import pytest

from dashboard.marts.build import ORDER, build_marts, mart_select
from dashboard.store.write import write_definition
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from tests.architecture.window_order import tie_queries
from tests.integration.layouts import STUDIES
from tests.random_records import random_tables
from tests.usable_tables import fill_usable

N_PATIENTS = 150
# The rows in a tie are the same in every column the step reads: which of them comes first changes nothing.
SAME_ROWS = {
    "milestone_patient": "a treatment that began and ended on the day a patient was last seen alive",
    "endocrine_sensitivity": "a line with two courses of the same drugs",
}


@pytest.fixture(scope="module")
def ties() -> dict[str, list[str]]:
    """Windows with a tie by mart, and under "" every window asked."""
    found: dict[str, list[str]] = {"": []}
    with duckdb.connect() as connection:
        fill_usable(connection, random_tables(n_patients=N_PATIENTS, seed=1))
        write_definition(connection, definition_rows(load_study(STUDIES / "pulmonary-oligomets")))
        build_marts(connection)
        for mart in ORDER:
            for window, query in tie_queries(mart_select(mart)):
                found[""].append(window)
                (most,) = connection.execute(query).fetchone()
                if (most or 1) > 1:
                    found.setdefault(mart, []).append(window)
    return found


def test_no_window_leaves_the_order_of_two_rows_to_chance(ties):
    assert len(ties[""]) > 150
    assert {mart: windows for mart, windows in ties.items() if mart and mart not in SAME_ROWS} == {}


def test_those_whose_rows_are_the_same_have_one_such_window_each(ties):
    assert {mart: len(ties.get(mart, [])) for mart in SAME_ROWS} == dict.fromkeys(SAME_ROWS, 1)


ROWS = "(values ('P1', 1, 'a'), ('P1', 1, 'b'), ('P2', 2, 'a')) as t(patient, day, row_key)"


@pytest.mark.parametrize(
    ("select", "most"),
    [
        ("row_number() over (partition by patient order by day) as n", 2),
        ("row_number() over (partition by patient order by day, row_key) as n", 1),
        ("lag(row_key) over (partition by patient order by day) as n", 2),
        ("lag(row_key) over w as n", 2),
        ("max(row_key) over (partition by patient order by day rows 1 preceding) as n", 2),
    ],
)
def test_a_tie_is_seen(select, most):
    window = " window w as (partition by patient order by day)" if " w " in select else ""
    text = f"with step as (select * from {ROWS}), counted as (select {select} from step{window}) from counted"
    ((_, query),) = tie_queries(text)
    assert duckdb.execute(query).fetchone() == (most,)


@pytest.mark.parametrize(
    "select",
    [
        "rank() over (partition by patient order by day) as n",
        "max(day) over (partition by patient) as n",
        "max(day) over (partition by patient order by day) as n",
    ],
)
def test_what_treats_equal_rows_alike_is_not_asked(select):
    assert list(tie_queries(f"select {select} from {ROWS}")) == []
