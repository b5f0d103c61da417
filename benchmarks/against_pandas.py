"""Best response, ctDNA state and time to event: DuckDB marts against the same rules in pandas, same answers.

As a child process: `python -m benchmarks.against_pandas ENGINE BUILT FOLDER` times one engine and writes its
answers.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks.measure import Line, in_fresh_process
from benchmarks.pandas_endpoints import time_to_event
from benchmarks.pandas_response import best_response
from benchmarks.pandas_state import ctdna_state
from benchmarks.records import write_records
from dashboard.marts.build import ADD_MONTHS_MACRO, ORDER, build_marts, mart_select
from dashboard.model.tables import definition_tables

RATIO_BUDGET = 10
NOTHING: Any = None  # so that pandas fills in None, not a missing value of its own
TASKS: Mapping[str, tuple[str, ...]] = {
    "best_response": ("best_response",),
    "ctdna_state": ("ctdna_state",),
    "time_to_event": ("endpoint_unit", "endpoint_ending", "time_to_event"),
}
INPUTS = (
    "usable_patient",
    "line_baseline",
    "overall_response",
    "ctdna_level",
    "milestone",
    *definition_tables(),
)
# What both must say, in whole days.
ANSWERS = {
    "best_response": "select patient_id, line, setting_id, response, {responded_on}, {confirmed_on}, "
    "{objective_response_on} from best_response",
    "ctdna_state": "select patient_id, draw_no, state, direction, is_molecular_progression from ctdna_state "
    "where draw_no > 0",
    "time_to_event": "select endpoint_id, patient_id, origin_no, {ended_on}, status, rule, duration_days "
    "from time_to_event",
}


class UnequalAnswers(AssertionError):
    """The two implementations disagree, so their times mean nothing."""


def measured(folder: Path, *, n_patients: int, runs: int) -> list[Line]:
    """Median seconds of either, taken in turn in fresh processes, and how many times DuckDB is faster.

    The budget is of elapsed time, of which DuckDB needs less because it uses every core: on a machine that
    others use as well it says little, and the CPU seconds beside it say what a core does.
    """
    built = folder / f"built-{n_patients}.duckdb"
    if not built.exists():
        write_records(built, n_patients=n_patients)
        with duckdb.connect(str(built)) as connection:
            connection.execute("set enable_progress_bar = false")
            build_marts(connection, names=ORDER[: ORDER.index("time_to_event") + 1])
    taken: dict[str, list[dict[str, list[float]]]] = {"duckdb": [], "pandas": []}
    for _ in range(runs):
        for engine, found in taken.items():
            found.append(in_fresh_process("benchmarks.against_pandas", engine, str(built), str(folder)))
    _compare(folder)
    return [line for task in TASKS for line in _lines(f"{task} at {n_patients:,} patients", task, taken)]


def _lines(what: str, task: str, taken: Mapping[str, Sequence[Mapping[str, Sequence[float]]]]) -> list[Line]:
    (ours, our_cpu), (theirs, their_cpu) = (
        [statistics.median(seconds) for seconds in zip(*(one[task] for one in runs), strict=True)]
        for runs in taken.values()
    )
    return [
        Line(f"{what}, DuckDB", ours, "s"),
        Line(f"{what}, pandas", theirs, "s"),
        Line(f"{what}, times faster", theirs / ours, "×", budget=RATIO_BUDGET, is_at_most=False),
        Line(f"{what}, DuckDB", our_cpu, "CPU s"),
        Line(f"{what}, pandas", their_cpu, "CPU s"),
        Line(f"{what}, times less CPU", their_cpu / our_cpu, "× CPU"),
    ]


def _compare(folder: Path) -> None:
    for task in TASKS:
        ours, theirs = (
            pd.read_parquet(folder / f"{engine}-{task}.parquet") for engine in ("duckdb", "pandas")
        )
        theirs.columns = ours.columns
        keys = list(ours.columns[:3])
        pair = [frame.astype(object).where(frame.notna(), NOTHING) for frame in (ours, theirs)]
        pair = [frame.sort_values(keys).reset_index(drop=True) for frame in pair]
        if len(pair[0]) != len(pair[1]) or not (pair[0].eq(pair[1]) | (pair[0].isna() & pair[1].isna())).all(
            axis=None
        ):
            raise UnequalAnswers(f"{task}: DuckDB and pandas disagree; see {folder}")


def _days(column: str) -> str:
    return f"cast(date_diff('day', date '1970-01-01', {column}) as integer) as {column}"


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _since(started: tuple[float, float]) -> list[float]:
    """Elapsed and CPU seconds."""
    return [now - then for now, then in zip(_clocks(), started, strict=True)]


def _in_duckdb(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, list[float]]:
    # In memory, as the frames of pandas are: reading them is no part of either time.
    for table in INPUTS:
        connection.execute(f"create table {table} as select * from built.{table}")
    seconds = {}
    for task, marts in TASKS.items():
        started = _clocks()
        for mart in marts:
            connection.execute(f"create table {mart} as {mart_select(mart)}")
        seconds[task] = _since(started)
        answer = ANSWERS[task].format_map(_DayColumns())
        connection.execute(f"copy ({answer}) to '{folder}/duckdb-{task}.parquet'")
    return seconds


class _DayColumns(dict[str, str]):
    """Writes {column} as the date column in whole days."""

    def __missing__(self, column: str) -> str:
        return _days(column)


def _in_pandas(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, list[float]]:
    seconds = {}
    for task, work in _pandas_tasks(connection).items():
        started = _clocks()
        answer = work()
        seconds[task] = _since(started)
        answer.to_parquet(folder / f"pandas-{task}.parquet")
    return seconds


def _pandas_tasks(connection: duckdb.DuckDBPyConnection) -> dict[str, Callable[[], pd.DataFrame]]:
    def frame(select: str) -> pd.DataFrame:
        return connection.execute(select.format_map(_DayColumns())).df()

    def rows(table: str) -> list[dict[str, Any]]:
        found = frame(f"select * from {table}").astype(object)
        return [
            {str(k): v for k, v in row.items()}
            for row in found.where(found.notna(), NOTHING).to_dict("records")
        ]

    lines = frame(
        "select patient_id, line, {started_on}, {next_started_on}, {baseline_on} from line_baseline"
    )
    overall = frame("select patient_id, {assessed_on}, reported, calculated, basis from overall_response")
    samples = frame(
        "select patient_id, draw_no, {collected_on}, status, is_valid, draw_timing, is_baseline, "
        "is_baseline_candidate, cast(level_sum as double) as level, cast(loq_ppm as double) as loq_ppm "
        "from ctdna_level"
    )
    milestones = frame("select patient_id, kind, {occurred_on}, line, detail from milestone")
    milestones["line"] = milestones["line"].astype(object).where(milestones["line"].notna(), NOTHING)
    patients = frame("select patient_id from usable_patient")["patient_id"].tolist()
    definition = {name: rows(name) for name in ("endpoint", "endpoint_rule", "endpoint_gap")}
    settings, study = rows("response_setting"), rows("study")[0]
    return {
        "best_response": lambda: best_response(lines, overall, settings),
        "ctdna_state": lambda: ctdna_state(samples, study),
        "time_to_event": lambda: time_to_event(patients, milestones, definition),
    }


def _main(engine: str, built: Path, folder: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        connection.execute(ADD_MONTHS_MACRO)
        connection.execute(f"attach '{built}' as built (read_only)")
        if engine == "pandas":
            connection.execute("use built")
        work = {"duckdb": _in_duckdb, "pandas": _in_pandas}[engine]
        print(json.dumps(work(connection, folder)))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
