"""Measure, print a line for each number and write docs/measured.md; exit 1 where a budget is broken."""

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from benchmarks import against_pandas, loading, marts, pages, report, survival
from benchmarks.measure import ROOT, Line

REPORT = ROOT / "docs" / "measured.md"


def run(
    *,
    patients: Annotated[
        int, typer.Option(envvar="BENCH_PATIENTS", help="Patients of the marts.")
    ] = 1_000_000,
    compared: Annotated[int, typer.Option(help="Patients compared with pandas.")] = 100_000,
    rows: Annotated[int, typer.Option(envvar="BENCH_ROWS", help="Variant rows loaded.")] = 10_000_000,
    runs: Annotated[int, typer.Option(help="Runs of each comparison; medians are shown.")] = 3,
    quick: Annotated[bool, typer.Option(envvar="BENCH_QUICK", help="A tenth of the size, one run.")] = False,
    without: Annotated[list[str] | None, typer.Option(help="Marts left out.")] = None,
    only: Annotated[
        str, typer.Option(help="pages, report, survival, marts, pandas or loading; all where empty.")
    ] = "",
    folder: Annotated[Path | None, typer.Option(help="Where records are kept between runs.")] = None,
) -> None:
    """Run the benchmarks one after another, each in fresh processes."""
    if quick:
        patients, compared, rows, runs = patients // 10, compared // 2, rows // 10, 1
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        place = folder or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        groups: dict[str, list[Line]] = {}
        if only in ("", "pages"):
            groups["Patient page"] = _shown(pages.measured())
        if only in ("", "report"):
            groups["MDT page"] = _shown(report.measured())
        if only in ("", "survival"):
            groups["Survival"] = _shown(survival.measured(place, n_patients=patients, runs=runs))
        if only in ("", "loading"):
            groups["Loading"] = _shown(loading.measured(place, n_rows=rows, runs=runs))
        if only in ("", "pandas"):
            groups["Against pandas"] = _shown(against_pandas.measured(place, n_patients=compared, runs=runs))
        if only in ("", "marts"):
            records = place / f"records-{patients}.duckdb"
            found = marts.measured(records, n_patients=patients, skipped=tuple(without or ()))
            groups["Marts"] = _shown(found)
    REPORT.write_text(_report(groups), encoding="utf-8")
    broken = [line for lines in groups.values() for line in lines if not line.is_kept]
    for line in broken:
        print(f"BROKEN {line}", file=sys.stderr)
    raise typer.Exit(code=1 if broken else 0)


def _shown(lines: Sequence[Line]) -> list[Line]:
    for line in lines:
        print(line, flush=True)
    return list(lines)


def _report(groups: dict[str, list[Line]]) -> str:
    parts = [
        "# Measured",
        "",
        f"`make bench` on {dt.date.today().isoformat()}, commit {_commit()}; {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}. Seconds are wall time unless they "
        "say CPU.",
        "",
    ]
    for title, lines in groups.items():
        parts += [f"## {title}", "", "| what | value | unit | budget |", "| --- | ---: | --- | --- |"]
        parts += [f"| {line.what} | {line.value:.3g} | {line.unit} | {_kept(line)} |" for line in lines]
        parts.append("")
    return "\n".join(parts)


def _kept(line: Line) -> str:
    return f"{line.said_budget}: {'kept' if line.is_kept else 'broken'}" if line.said_budget else ""


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else "none yet"


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(run)
    app()
