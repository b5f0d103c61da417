"""Loading a native variant file with checks, ledger and keys against a typed read_csv of the same file.

Compared by CPU seconds: wall time of the same command swings with what else the machine does.
As a child process: `python -m benchmarks.loading READER STUDY` prints CPU seconds and rows.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.measure import Line, in_fresh_process
from dashboard.extracts.load import load_extract
from dashboard.studies.load import load_study

RATIO_BUDGET = 2
N_BAD = 1000
VARIANTS_PER_SAMPLE = 1000
CUT_OFF = "2026-02-28"
STUDY = """[study]
study_id = "loading"
title = "Loading"
short_title = "Loading"
sample = true

[recruitment]
opens = 2024-01-01
target = 1
sites = [{ site_id = "01", name = "North" }]

[[assay]]
assay = "K"
panel = "K"
tracks = "tumour_informed"
lod_ppm = 500

[[molecular_rule]]
scheme = "CLEAR"
label = "Clearance"
kind = "clearance"
is_default = true

[[endpoint]]
id = "OS"
label = "Overall survival"
origin = "enrolment"
events = ["death"]
censor = ["known_alive"]
"""
# Each planted row has one of four faults: no number, an unknown status, no gene, a negative fraction.
VARIANTS = """
with calls as (
    select i, i * $n_bad // $n_rows as nth, (i * $n_bad) % $n_rows < $n_bad as is_bad
    from range($n_rows) as numbers(i)
)
select
    'S' || lpad(cast(i // $per_sample as varchar), 7, '0') as sample_id,
    case when is_bad and nth % 4 = 0 then '' else 'GENE' || (i % 50) end as gene,
    'p.X' || (i % $per_sample) || 'Y' as variant,
    case when is_bad and nth % 4 = 1 then 'perhaps' else 'detected' end as status,
    'true' as is_tracked,
    case
        when is_bad and nth % 4 = 2 then '1_000'
        when is_bad and nth % 4 = 3 then '-5'
        else cast(1 + i % 400000 as varchar) || '.5'
    end as maf_ppm,
    cast(10 + i % 90 as varchar) as alt_molecules,
    '5000' as total_molecules
from calls
"""
TYPES = (
    "{'sample_id': 'varchar', 'gene': 'varchar', 'variant': 'varchar', 'status': 'varchar', "
    "'is_tracked': 'boolean', 'maf_ppm': 'decimal(10,3)', 'alt_molecules': 'integer', "
    "'total_molecules': 'integer'}"
)


class BadRowsMissed(AssertionError):
    """The ledger does not hold exactly the planted bad rows."""


def measured(folder: Path, *, n_rows: int, runs: int) -> list[Line]:
    """Median CPU seconds of either reader, taken in turn in fresh processes, and their ratio."""
    study = _written(folder, n_rows=n_rows)
    taken: dict[str, list[float]] = {"load": [], "read_csv": []}
    for _ in range(runs):
        for reader, seconds in taken.items():
            found = in_fresh_process("benchmarks.loading", reader, str(study))
            seconds.append(found["cpu_seconds"])
            if reader == "load" and (found["n_rejected"], found["n_loaded"]) != (N_BAD, n_rows - N_BAD):
                raise BadRowsMissed(f"planted {N_BAD} of {n_rows}: {found}")
    ours, theirs = (statistics.median(seconds) for seconds in taken.values())
    return [
        Line(f"loading {n_rows:,} variants with checks, ledger and keys", ours, "CPU s"),
        Line(f"typed read_csv of the same {n_rows:,} rows", theirs, "CPU s"),
        Line(f"bad rows found of {N_BAD:,} planted", N_BAD, "rows", budget=N_BAD, is_at_most=False),
        Line("loading, times the CPU of read_csv", ours / theirs, "×", budget=RATIO_BUDGET),
    ]


def _written(folder: Path, *, n_rows: int) -> Path:
    study = folder / f"loading-{n_rows}"
    extract = study / "extracts" / CUT_OFF
    if (extract / "variant.csv").exists():
        return study
    extract.mkdir(parents=True, exist_ok=True)
    (study / "study.toml").write_text(STUDY, encoding="utf-8")
    (extract / "extract.toml").write_text(
        f'cut_off = {CUT_OFF}\nextracted_at = {CUT_OFF}\ncalendar = "calendar"\n', encoding="utf-8"
    )
    (extract / "patient.csv").write_text(
        "patient_id,site_id,enrolled_on\nP1,01,2024-01-10\n", encoding="utf-8"
    )
    with duckdb.connect() as connection:
        n_samples = -(-n_rows // VARIANTS_PER_SAMPLE)
        samples = (
            f"select 'S' || lpad(cast(i as varchar), 7, '0') as sample_id, 'P1' as patient_id, "
            f"'2024-02-01' as collected_on, 'detected' as status, 'K' as assay, 'K' as panel "
            f"from range({n_samples}) as numbers(i)"
        )
        connection.execute(f"copy ({samples}) to '{extract}/ctdna_sample.csv' (header)")
        variants = VARIANTS
        for name, value in {"n_bad": N_BAD, "n_rows": n_rows, "per_sample": VARIANTS_PER_SAMPLE}.items():
            variants = variants.replace(f"${name}", str(value))
        connection.execute(f"copy ({variants}) to '{extract}/variant.csv' (header)")
    return study


def _load(study: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    started = time.process_time()
    load_extract(study, study / "extracts" / CUT_OFF, load_study(study), connection)
    cpu_seconds = time.process_time() - started
    counts = connection.execute(
        "select (select count(*) from variant), "
        "(select count(*) from rejected_row where canonical_table = 'variant')"
    ).fetchone()
    n_loaded, n_rejected = counts or (0, 0)
    return {"cpu_seconds": cpu_seconds, "n_loaded": n_loaded, "n_rejected": n_rejected}


def _read_csv(study: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    path = study / "extracts" / CUT_OFF / "variant.csv"
    started = time.process_time()
    connection.execute(
        f"create table variant as select * from read_csv('{path}', columns = {TYPES}, header = true, "
        "store_rejects = true)"
    )
    return {"cpu_seconds": time.process_time() - started}


def _main(reader: str, study: Path) -> None:
    work = study / f"{reader}.duckdb"
    work.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(work)) as connection:
            connection.execute("set preserve_insertion_order = false")
            print(json.dumps({"load": _load, "read_csv": _read_csv}[reader](study, connection)))
    finally:
        work.unlink()


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
