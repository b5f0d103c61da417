"""Measure, print a line for each number and write docs/measured.md.

Exit 1 where a budget is broken, something could not be measured, or a ratio or a peak of memory is 30 % worse
than the one on record.
"""

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from benchmarks import against_pandas, cohort_pages, loading, marts, pages, report, survival, written
from benchmarks.measure import ROOT, Line, NotMeasured

REPORT = ROOT / "docs" / "measured.md"
COHORT_PATIENTS = 5_000


def run(
    *,
    patients: Annotated[
        int, typer.Option(envvar="BENCH_PATIENTS", help="Patients of the curves.")
    ] = 1_000_000,
    derived: Annotated[
        int,
        typer.Option(
            envvar="BENCH_DERIVED", help="Patients of the marts and checks; above an hour for a million."
        ),
    ] = 1_000_000,
    compared: Annotated[int, typer.Option(help="Patients compared with pandas.")] = 50_000,
    rows: Annotated[int, typer.Option(envvar="BENCH_ROWS", help="Variant rows loaded.")] = 10_000_000,
    runs: Annotated[int, typer.Option(help="Runs of each comparison; medians are shown.")] = 3,
    quick: Annotated[
        bool, typer.Option(envvar="BENCH_QUICK", help="A tenth of the size, one run, not put on record.")
    ] = False,
    only: Annotated[
        str, typer.Option(help="pages, cohort, report, survival, loading, pandas or marts; all where empty.")
    ] = "",
    folder: Annotated[Path | None, typer.Option(help="Where records are kept between runs.")] = None,
    accept: Annotated[
        bool, typer.Option(help="Put numbers on record that are 30 % worse than those there.")
    ] = False,
) -> None:
    """Run the benchmarks one after another, each in fresh processes."""
    if quick:
        patients, compared, rows, derived, runs = patients // 10, compared // 2, rows // 10, derived // 10, 1
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        place = folder or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        groups: dict[str, tuple[str, Callable[[], list[Line]]]] = {
            "pages": ("Patient page", pages.measured),
            "cohort": (
                "Cohort pages",
                lambda: cohort_pages.measured(place, n_patients=COHORT_PATIENTS),
            ),
            "report": ("MDT page", report.measured),
            "survival": (
                "Survival",
                lambda: survival.measured(place, n_patients=patients, runs=runs),
            ),
            "loading": ("Loading", lambda: loading.measured(place, n_rows=rows, runs=runs)),
            "pandas": (
                "Against pandas",
                lambda: against_pandas.measured(place, n_patients=compared, runs=runs),
            ),
            "marts": ("Marts and checks", lambda: marts.measured(place, n_patients=derived)),
        }
        faults = []
        if only and only not in groups:
            raise typer.BadParameter(f"{only!r}; allowed: {', '.join(groups)}")
        for title, measured in [groups[only]] if only else groups.values():
            faults += _measured(title, measured, is_recorded=not quick, accept=accept)
    for fault in faults:
        print(fault, file=sys.stderr)
    raise typer.Exit(code=1 if faults else 0)


def _measured(
    title: str, measured: Callable[[], list[Line]], *, is_recorded: bool, accept: bool
) -> list[str]:
    """Measure one group and put it on record; gives what is broken, was not measured or has become worse.

    Numbers that have become worse are not put on record, or the next run would find them as they were.
    """
    started = time.monotonic()
    try:
        lines = measured()
    except NotMeasured as missing:
        return [f"NOT RUN {title}: {missing}"]
    for line in lines:
        print(line, flush=True)
    minutes = (time.monotonic() - started) / 60
    print(f"{title}: {minutes:.1f} min\n", flush=True)
    texts = written.sections(REPORT)
    worse = [] if accept else written.worse(lines, texts.get(title, ""))
    if is_recorded and not worse:
        texts[title] = written.section(lines, stamp=_stamp(minutes))
        written.write(REPORT, texts)
    return [f"BROKEN {line}" for line in lines if not line.is_kept] + [f"WORSE {one}" for one in worse]


def _stamp(minutes: float) -> str:
    return (
        f"{dt.date.today().isoformat()}, commit {_commit()}, in {minutes:.1f} min; {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}. Seconds are elapsed time unless "
        "they say CPU."
    )


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else "none yet"


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(run)
    app()
