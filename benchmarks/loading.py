"""Loading a native variant file with checks, ledger and keys against a typed read_csv of the clean file.

Compared by CPU seconds: wall time of the same command swings with what else the machine does. Either reader
has the same columns and threads, and is done when its table is whole in a database file.
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
TYPES = {
    "sample_id": "varchar",
    "gene": "varchar",
    "variant": "varchar",
    "hgvs_c": "varchar",
    "status": "varchar",
    "is_tracked": "boolean",
    "maf_ppm": "decimal(10,3)",
    "alt_molecules": "integer",
    "total_molecules": "integer",
    "copy_number": "decimal(8,2)",
    "origin": "varchar",
    "is_white_cell_matched": "boolean",
}
# One row per variant call, eight of a sample; the numbers follow from the row, so that each file is the same.
VARIANTS = """
with number as (
    select i, cast(hash(i, 20260228) // 4 as bigint) as h from range($n_rows) as numbers(i)
),
call as (
    select i, h, ['detected', 'detected', 'detected', 'below_loq', 'not_detected'][1 + h % 5] as status from number
)
select
    'S' || lpad(cast(i // 8 as varchar), 7, '0') as sample_id,
    ['TP53', 'PIK3CA', 'ESR1', 'KRAS', 'PTEN', 'RB1', 'ERBB2', 'EGFR'][1 + h // 8 % 8] as gene,
    'p.' || ['R', 'G', 'E', 'V'][1 + h // 64 % 4] || (100 * (i % 8) + h // 256 % 100 + 1) || 'K' as variant,
    case when h % 7 > 0 then 'c.' || (300 * (i % 8) + h // 512 % 300 + 1) || 'G>A' else '' end as hgvs_c,
    status,
    case when h % 3 = 0 then 'true' else 'false' end as is_tracked,
    case when status = 'detected' then cast(cast((1 + h // 128 % 400000000) / 1000 as decimal(10, 3)) as varchar)
        else '' end as maf_ppm,
    case when status = 'detected' then cast(1 + h // 1024 % 900 as varchar) else '' end as alt_molecules,
    cast(2000 + h // 2048 % 9000 as varchar) as total_molecules,
    case when h % 23 = 0 then cast(cast(2 + h // 4096 % 1000 / 100 as decimal(8, 2)) as varchar) else '' end
        as copy_number,
    ['tumour', 'tumour', 'clonal_haematopoiesis', 'unknown'][1 + h // 8192 % 4] as origin,
    case when h % 11 = 0 then 'true' else '' end as is_white_cell_matched
from call order by i
"""
HEADER_ROWS = 1


class BadRowsMissed(AssertionError):
    """The load did not name exactly the planted bad rows, by their physical rows."""


def measured(folder: Path, *, n_rows: int, runs: int) -> list[Line]:
    """Median CPU seconds of either reader, taken in turn in fresh processes, and their ratio.

    The file that is loaded has N_BAD bad rows, which read_csv could not read, so it reads the clean file.
    Raises BadRowsMissed where a bad row is not found or a good one is refused.
    """
    study = _written(folder, n_rows=n_rows)
    taken: dict[str, list[float]] = {"load": [], "read_csv": []}
    n_found = []
    for run in range(runs):
        # Neither always comes after the other, whose file may still be on its way to the disk.
        for reader in sorted(taken, reverse=run % 2 == 1):
            found = in_fresh_process("benchmarks.loading", reader, str(study))
            taken[reader].append(found["cpu_seconds"])
            if reader == "load":
                _check(study, found["rejected_rows"], n_rows=n_rows, n_loaded=found["n_loaded"])
                n_found.append(len(found["rejected_rows"]))
    ours, theirs = (statistics.median(seconds) for seconds in taken.values())
    return [
        Line(f"loading {n_rows:,} variants with checks, ledger and keys", ours, "CPU s"),
        Line(f"typed read_csv of the same {n_rows:,} rows", theirs, "CPU s"),
        Line(f"bad rows found of {N_BAD:,} planted", min(n_found), "rows", budget=N_BAD, is_at_most=False),
        Line(
            f"loading {n_rows:,} variants, times the CPU of read_csv", ours / theirs, "×", budget=RATIO_BUDGET
        ),
    ]


def _check(study: Path, rejected: list[int], *, n_rows: int, n_loaded: int) -> None:
    planted = json.loads((study / "planted.json").read_text(encoding="utf-8"))
    if rejected != planted or n_loaded != n_rows - N_BAD:
        missed, wronged = sorted({*planted} - {*rejected}), sorted({*rejected} - {*planted})
        raise BadRowsMissed(f"{n_loaded} of {n_rows} loaded; missed {missed[:5]}, refused {wronged[:5]}")


def _written(folder: Path, *, n_rows: int) -> Path:
    study = folder / f"loading-{n_rows}"
    extract = study / "extracts" / CUT_OFF
    if (study / "planted.json").exists():
        return study
    extract.mkdir(parents=True, exist_ok=True)
    (study / "study.toml").write_text(STUDY, encoding="utf-8")
    (extract / "extract.toml").write_text(
        f'cut_off = {CUT_OFF}\nextracted_at = "{CUT_OFF}"\ncalendar = "calendar"\n', encoding="utf-8"
    )
    (extract / "patient.csv").write_text(
        "patient_id,site_id,enrolled_on\nP1,01,2024-01-10\n", encoding="utf-8"
    )
    with duckdb.connect() as connection:
        variants = VARIANTS.replace("$n_rows", str(n_rows))
        connection.execute(f"copy ({variants}) to '{study}/clean.csv' (header, quote '')")
    planted = _plant(study / "clean.csv", extract / "variant.csv", n_rows=n_rows)
    (study / "planted.json").write_text(json.dumps(planted), encoding="utf-8")
    return study


def _plant(clean: Path, dirty: Path, *, n_rows: int) -> list[int]:
    """Copy a file with N_BAD of its records made bad, spread evenly; gives their physical rows.

    A faulty copy of the key above makes two bad records of one, so the faults are planted in pairs.
    """
    step = n_rows // (N_BAD // 2)
    planted = []
    with clean.open(encoding="utf-8") as source, dirty.open("w", encoding="utf-8") as target:
        above = ""
        for row, line in enumerate(source, start=1):
            number, place = divmod(row - HEADER_ROWS - 1, step)
            is_bad = row > HEADER_ROWS and place < 2 and number < N_BAD // 2
            target.write(_spoilt(line, above, number=number, place=place) if is_bad else line)
            above = line
            planted += [row] if is_bad else []
    return planted


def _spoilt(line: str, above: str, *, number: int, place: int) -> str:
    """The record with a fault: a number or word that is none, a key that is missing or said twice
    with other values, a cell too few or too many, a stray quote."""
    cells = line.rstrip("\n").split(",")
    fault = (2 * number + place) % 7
    if number % 4 == 0:
        # Both records of the pair: one key, another number of molecules.
        cells = above.rstrip("\n").split(",") if place else cells
        cells[8] = str(1000 + place)
    elif fault == 0:
        cells[6] = "1_000"
    elif fault == 1:
        cells[4] = "perhaps"
    elif fault == 2:
        cells[1] = ""
    elif fault == 3:
        cells = cells[:7]
    elif fault == 4:
        cells.append("more")
    elif fault == 5:
        cells[0] = '"' + cells[0]
    else:
        cells[9] = "2.125"
    return ",".join(cells) + "\n"


def _load(study: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    started = time.process_time()
    load_extract(study, study / "extracts" / CUT_OFF, load_study(study), connection)
    connection.execute("checkpoint")
    cpu_seconds = time.process_time() - started
    n_loaded = connection.execute("select count(*) from variant where row_key is not null").fetchall()[0][0]
    rejected = connection.execute(
        "select distinct source_row from rejected_row where source_file = 'variant.csv' order by 1"
    ).fetchall()
    return {"cpu_seconds": cpu_seconds, "n_loaded": n_loaded, "rejected_rows": [row for (row,) in rejected]}


def _read_csv(study: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    started = time.process_time()
    connection.execute(
        f"create table variant as select * from read_csv('{study}/clean.csv', columns = {TYPES}, "
        "header = true, auto_detect = false)"
    )
    connection.execute("checkpoint")
    return {"cpu_seconds": time.process_time() - started}


def _main(reader: str, study: Path) -> None:
    work = study / f"{reader}.duckdb"
    work.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(work)) as connection:
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set enable_progress_bar = false")
            print(json.dumps({"load": _load, "read_csv": _read_csv}[reader](study, connection)))
    finally:
        work.unlink()


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
