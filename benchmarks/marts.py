"""The marts and then the data checks of one study at many patients, in one process, within a memory limit.

As a child process: `python -m benchmarks.marts RECORDS` prints CPU seconds by mart and check, the peak of
memory and of what was spilled to disc.
"""

import json
import os
import resource
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.measure import Line, in_fresh_process
from benchmarks.records import write_records
from dashboard.marts.build import ORDER
from dashboard.marts.slices import build_in_slices
from dashboard.model.tables import canonical_tables
from dashboard.quality.run import catalogue, run_check

# DuckDB keeps what it read until it reaches its limit; the interpreter and what it allocates come on top.
MEMORY_LIMIT = "6.5GB"
PEAK_BUDGET_GB = 8
CHECKS_BUDGET = 2
N_LISTED = 12
BYTES_PER_GB = 1_000_000_000
# Linux gives the peak in units of 1,024 bytes.
PEAK_UNIT_BYTES = 1_024
EXTRACT = """
create table extract as
select
    'cdk46' as study_id, date '2026-02-28' as cut_off, '2026-02-28' as extracted_at, 'calendar' as calendar,
    date '2024-01-01' as recruitment_opens, cast(null as date) as recruitment_closes
"""


def measured(folder: Path, *, n_patients: int) -> list[Line]:
    """CPU seconds of the marts and of the checks, their ratio, and the peak memory of both."""
    records = folder / f"records-{n_patients}.duckdb"
    if not records.exists():
        write_records(records, n_patients=n_patients)
    found = in_fresh_process("benchmarks.marts", str(records))
    marts, checks = found["marts"], found["checks"]
    at = f"at {n_patients:,} patients"
    return [
        Line(f"{len(marts)} marts {at}", sum(marts.values()), "CPU s"),
        Line(f"{len(marts)} marts {at}, elapsed", found["elapsed"], "s"),
        Line(f"{len(checks)} of {len(catalogue())} checks {at}", sum(checks.values()), "CPU s"),
        Line(
            f"checks, times the CPU of the marts {at}",
            sum(checks.values()) / sum(marts.values()),
            "×",
            budget=CHECKS_BUDGET,
        ),
        Line(f"peak memory of marts {at}", found["marts_gb"], "GB", budget=PEAK_BUDGET_GB),
        Line(f"peak memory of marts and checks {at}", found["peak_gb"], "GB", budget=PEAK_BUDGET_GB),
        Line(f"spilled to disc at most {at}", found["spilled_gb"], "GB on disc"),
        *_longest("mart", marts),
        *_longest("check", checks),
    ]


def _longest(kind: str, seconds: dict[str, float]) -> Iterator[Line]:
    for name in sorted(seconds, key=lambda one: -seconds[one])[:N_LISTED]:
        yield Line(f"{kind} {name}", seconds[name], "CPU s")


@contextmanager
def _watched(folder: Path) -> Iterator[list[int]]:
    """The most bytes seen in the folder of temporary files, looked at twice a second."""
    most, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.5):
            most[0] = max(most[0], sum(_size(file) for file in folder.rglob("*")))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        is_over.set()
        watcher.join()


def _size(file: Path) -> int:
    # DuckDB may have removed it in the meantime.
    return file.stat().st_size if file.exists() else 0


def _marts(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    seconds: dict[str, float] = {}
    last = time.process_time()

    def note(name: str) -> None:
        nonlocal last
        now = time.process_time()
        seconds[name] = seconds.get(name, 0.0) + now - last
        last = now
        if name == ORDER[-1]:
            print(f"{sum(seconds.values()):,.0f} CPU s of marts so far", file=sys.stderr)

    build_in_slices(connection, on_built=note)
    return seconds


def _checks(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    for name in canonical_tables():
        connection.execute(f'create view "{name}" as from "usable_{name}"')
    connection.execute(EXTRACT)
    seconds = {}
    for check in catalogue():
        started = time.process_time()
        run_check(connection, check)
        seconds[check.check_id] = time.process_time() - started
    # One that reads a table the records do not have did not run, and says nothing about time.
    ran = {check_id for (check_id,) in connection.execute("select check_id from check_run").fetchall()}
    return {check_id: spent for check_id, spent in seconds.items() if check_id in ran}


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT_BYTES / BYTES_PER_GB


def _run(records: Path) -> dict[str, object]:
    work = records.with_name(f"{records.stem}-{os.getpid()}.duckdb")
    spill = work.with_suffix(".spill")
    spill.mkdir()
    shutil.copy(records, work)
    try:
        with duckdb.connect(str(work)) as connection, _watched(spill) as spilled:
            connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
            connection.execute(f"set temp_directory = '{spill}'")
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set enable_progress_bar = false")
            started = time.monotonic()
            marts = _marts(connection)
            elapsed, marts_gb = time.monotonic() - started, _peak_gb()
            checks = _checks(connection)
    finally:
        work.unlink()
        shutil.rmtree(spill)
    return {
        "marts": marts,
        "checks": checks,
        "elapsed": elapsed,
        "marts_gb": marts_gb,
        "peak_gb": _peak_gb(),
        "spilled_gb": spilled[0] / BYTES_PER_GB,
    }


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1]))))
