"""The marts of one study at many patients, in one process, within a memory limit.

As a child process: `python -m benchmarks.marts RECORDS` prints seconds and CPU seconds by mart, and the peak.
"""

import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.measure import Line, in_fresh_process
from benchmarks.records import write_records
from dashboard.marts.build import ORDER, build_marts

MEMORY_LIMIT = "8GB"
PEAK_BUDGET_GB = 8.6  # the limit is DuckDB's own; the interpreter and what it allocates outside come on top
KILOBYTES_PER_GB = 1_000_000


def measured(records: Path, *, n_patients: int, skipped: tuple[str, ...] = ()) -> list[Line]:
    """Seconds of each mart and the peak memory of the process at `n_patients`."""
    if not records.exists():
        write_records(records, n_patients=n_patients)
    found = in_fresh_process("benchmarks.marts", str(records), *skipped)
    seconds: dict[str, float] = found["seconds"]
    lines = [Line(f"mart {name}", value, "s") for name, value in seconds.items()]
    left_out = f", without {', '.join(skipped)}" if skipped else ""
    return [
        Line(f"{len(seconds)} marts at {n_patients:,} patients{left_out}", sum(seconds.values()), "s"),
        Line(f"peak memory, DuckDB limited to {MEMORY_LIMIT}", found["peak_gb"], "GB", budget=PEAK_BUDGET_GB),
        *lines,
    ]


def _run(records: Path, skipped: list[str]) -> dict[str, object]:
    work = records.with_name(f"{records.stem}-{os.getpid()}.duckdb")
    shutil.copy(records, work)
    seconds: dict[str, float] = {}
    try:
        with duckdb.connect(str(work)) as connection:
            connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
            connection.execute("set preserve_insertion_order = false")
            for name in (mart for mart in ORDER if mart not in skipped):
                started = time.monotonic()
                build_marts(connection, names=[name])
                seconds[name] = round(time.monotonic() - started, 2)
                print(f"{name}: {seconds[name]} s", file=sys.stderr, flush=True)
    finally:
        work.unlink()
    peak_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "peak_gb": peak_kilobytes / KILOBYTES_PER_GB}


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1]), sys.argv[2:])))
