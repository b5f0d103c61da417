"""Every mart on a Spark Connect server equals DuckDB, row for row, at 2,000 patients full of edge cases."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pysail.spark import SparkConnectServer

from dashboard.marts.build import ORDER, build_marts
from dashboard.marts.engines import UnknownEngine, build_marts_on
from dashboard.model.tables import mart_tables
from dashboard.store.write import write_definition
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from tests.random_records import random_tables
from tests.usable_tables import fill_usable

STUDIES = Path(__file__).parents[2] / "data" / "studies"
# One study counts response from lines of therapy, the other from local treatment.
DEFINITIONS = ("cdk46", "pulmonary-oligomets")
N_PATIENTS = 2000
# CPU of the server for the marts of both studies, times that of DuckDB (measured: 5.2). On a busy machine
# both grow alike, where seconds say more of its other work.
MOST_TIMES_DUCKDB = 8
# Marts of one way of reading images.
ONLY_IN = {"carried_progression": "pulmonary-oligomets"}

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment:
        # Tables this small cost a tenth more CPU in two partitions than in one.
        environment.setenv("SAIL_EXECUTION__DEFAULT_PARALLELISM", "1")
        spark = SparkConnectServer("127.0.0.1", 0)
        spark.start()
        _, port = spark.listening_address
        yield f"sc://127.0.0.1:{port}"
        spark.stop()


def definition(study_id: str) -> dict[str, list[dict[str, Any]]]:
    """The study's own rows, the second draw of k4care and its endpoints that begin there or at a landmark."""
    rows = definition_rows(load_study(STUDIES / study_id))
    others = definition_rows(load_study(STUDIES / "k4care"))
    landmarks = {
        rule["endpoint_id"]
        for rule in others["endpoint_rule"]
        if rule["role"] == "origin" and (rule["plus_months"] or rule["milestone"] == "second_draw")
    }
    added = {
        name: [*rows[name], *(row for row in others[name] if row["endpoint_id"] in landmarks)]
        for name in ("endpoint", "endpoint_rule", "endpoint_gap")
    }
    second_draw = [row for row in others["visit_plan"] if row["item"] == "draw_2"]
    return rows | added | {"visit_plan": [*rows["visit_plan"], *second_draw]}


@pytest.fixture(scope="module")
def records() -> dict[str, Any]:
    return random_tables(n_patients=N_PATIENTS, seed=1)


@pytest.fixture(scope="module")
def taken_seconds() -> list[tuple[float, float]]:
    """CPU of building each study's marts on DuckDB and on the server."""
    return []


@pytest.fixture(scope="module", params=DEFINITIONS)
def both(request, server, records, taken_seconds) -> Connection:
    """The marts of DuckDB, and beside them, in the attached database `spark`, those of the server."""
    # Tables this small cost more CPU in two threads than in one.
    ours = duckdb.connect(config={"threads": 1})
    fill_usable(ours, records)
    write_definition(ours, definition(request.param))
    ours.execute("attach ':memory:' as spark")
    for (name,) in ours.execute("select table_name from duckdb_tables()").fetchall():
        ours.execute(f'create table spark."{name}" as from "{name}"')
    theirs = ours.cursor()
    theirs.execute("use spark")
    began = time.process_time()
    build_marts(ours)
    half = time.process_time()
    build_marts_on(server, theirs, on_built=lambda name: None)
    taken_seconds.append((half - began, time.process_time() - half))
    return ours


def digest(mart: str, connection: Connection) -> tuple:
    """Rows of a mart, and the sum of a 64-bit hash over every column of each, whatever their order."""
    select = f"select count(*), sum(hash(mart)) from {mart} as mart"
    return connection.execute(select).fetchone()


def only_in(one: str, other: str, connection: Connection) -> list[tuple]:
    """Rows of one mart that the other has not, or has fewer times; three are enough to see why."""
    return connection.execute(f"from {one} except all from {other} limit 3").fetchall()


@pytest.mark.parametrize("mart", ORDER)
def test_the_mart_is_the_same_on_both_engines(both, mart):
    # Comparing the rows themselves takes twenty times as long.
    if digest(mart, both) != digest(f"spark.{mart}", both):
        assert only_in(mart, f"spark.{mart}", both) == only_in(f"spark.{mart}", mart, both)
        pytest.fail("the digests differ and the rows do not")


@pytest.mark.parametrize(
    "other",
    [
        "(1, 'a'), (2, null)",
        "(1, 'a'), (1, 'a'), (2, null), (2, null)",
        "(1, 'a'), (1, 'b'), (2, null)",
        "(1, 'a'), (1, 'a'), (2, '')",
        "(1, 'a'), (2, 'a'), (1, null)",
    ],
)
def test_a_row_more_or_less_or_another_value_is_seen(other):
    with duckdb.connect() as connection:
        connection.execute("create table one as from (values (1, 'a'), (1, 'a'), (2, null)) as t(n, word)")
        connection.execute(f"create table other as from (values {other}) as t(n, word)")
        assert digest("one", connection) != digest("other", connection)
        assert only_in("one", "other", connection) != only_in("other", "one", connection)


def test_rows_in_another_order_are_the_same():
    with duckdb.connect() as connection:
        connection.execute("create table one as from (values (1, 'a'), (1, 'a'), (2, null)) as t(n, word)")
        connection.execute("create table other as from (values (2, null), (1, 'a'), (1, 'a')) as t(n, word)")
        assert digest("one", connection) == digest("other", connection)


@pytest.mark.parametrize("mart", ORDER)
def test_the_edge_cases_reach_the_mart(both, mart, request):
    study_id = request.node.callspec.params["both"]
    (n_rows,) = both.execute(f"select count(*) from {mart}").fetchone()
    assert (n_rows > 0) == (study_id == ONLY_IN.get(mart, study_id))


@pytest.mark.parametrize("mart", ORDER)
def test_the_mart_has_the_columns_types_and_key_it_declares(both, mart):
    table = mart_tables()[mart]
    described = [(name, sql_type) for name, sql_type, *_ in both.execute(f"describe {mart}").fetchall()]
    assert described == [(field.name, field.sql_type) for field in table.fields]
    key = ", ".join(table.key)
    repeated = both.execute(f"select {key} from {mart} group by {key} having count(*) > 1").fetchall()
    assert repeated == []


def test_the_server_takes_no_more_than_its_times_of_duckdb(both, taken_seconds):
    ours, theirs = (sum(one) for one in zip(*taken_seconds, strict=True))
    assert 0 < theirs <= MOST_TIMES_DUCKDB * ours, taken_seconds


def test_every_declared_mart_is_built():
    assert set(mart_tables()) == set(ORDER)


def test_the_records_hold_both_kinds_of_quantity_local_courses_and_a_broken_ecog(both):
    kinds = both.execute(
        "select distinct quantity_kind from ctdna_level where level_sum is not null"
    ).fetchall()
    assert {"maf_ppm", "molecules_per_ml"} <= {kind for (kind,) in kinds}
    assert both.execute("select count(*) from local_course where n_sessions > 1").fetchone() > (0,)
    assert both.execute("select count(*) from patient_summary where ecog = 3.5").fetchone() > (0,)


@pytest.mark.parametrize(
    "rows_with_the_case",
    [
        "milestone where detail = 'treatment_stop'",
        "ctdna_level where is_outweighed",
        "line_of_therapy where rule = 'LINE_RECORDED_OVERLAPPING'",
    ],
)
def test_the_records_hold_stops_for_progression_disagreeing_samples_and_overlapping_lines(
    both, rows_with_the_case
):
    assert both.execute(f"select count(*) from {rows_with_the_case}").fetchone() > (0,)


def test_an_unknown_engine_is_refused_by_name():
    with pytest.raises(UnknownEngine, match="postgres"):
        build_marts_on("postgres", duckdb.connect(), on_built=lambda name: None)
