"""One build: extract files of a study at one data cut-off become a snapshot."""

import datetime as dt
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dashboard.errors import DashboardError
from dashboard.extracts.load import LoadReport, load_extract
from dashboard.extracts.mapping import Extract, read_extract
from dashboard.marts.build import ORDER
from dashboard.marts.engines import build_marts_on
from dashboard.model.tables import canonical_tables, definition_tables
from dashboard.quality.run import create_usable_views, run_checks
from dashboard.quality.versions import check_versions
from dashboard.store import snapshot as snapshots
from dashboard.store.identity import build_hash, files_hash, rules_hash
from dashboard.store.write import write_definition, write_raw, write_store
from dashboard.studies.load import FILE_NAME as STUDY_FILE
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from dashboard.studies.schema import Study

Step = Callable[[str], None]
# Reading, checking, writing, publishing, and each mart.
N_STEPS = 4 + len(ORDER)


class BuildError(DashboardError):
    """A build cannot start: the study folder or the data cut asked for is not there."""


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """What to build and where to put it."""

    store: Path
    reference: Path
    cut_off: dt.date | None = None
    layout: str | None = None
    engine: str = "duckdb"
    is_published: bool = True


@dataclass(frozen=True)
class BuildReport:
    """What went in, what came out, and how long it took."""

    snapshot: snapshots.Snapshot
    n_records: int
    n_loaded: int
    n_rejected: int
    n_set_aside: int
    n_data_issues: int
    seconds: float


@dataclass(frozen=True)
class CheckReport:
    """What a check gave: the counts of a build up to the first checks, and what was not loaded or not read.

    `rejected` has (file, row, message) of each problem; the row is None where a whole record has no number.
    """

    counts: dict[str, int]
    rejected: tuple[tuple[str, int | None, str], ...]
    unmapped_files: tuple[str, ...]
    unmapped_columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chosen:
    """The extract of one build, with the folder of its layout (the study's own, or a second one)."""

    layout_folder: Path
    folder: Path
    extract: Extract


def cut_offs(study_folder: Path, *, layout: str | None = None) -> list[dt.date]:
    """Data cuts of the study's extracts, oldest first."""
    return sorted(
        read_extract(path).cut_off for path in _extract_folders(_layout_folder(study_folder, layout))
    )


def choose_extract(study_folder: Path, *, layout: str | None, cut_off: dt.date | None) -> Chosen:
    """The extract of the data cut asked for, or the latest one. Raises BuildError naming what there is."""
    layout_folder = _layout_folder(study_folder, layout)
    found = [Chosen(layout_folder, path, read_extract(path)) for path in _extract_folders(layout_folder)]
    if not found:
        raise BuildError(f"{layout_folder} has no extracts/<cut-off>/ folder with an extract.toml")
    if cut_off is None:
        return max(found, key=lambda chosen: chosen.extract.cut_off)
    for chosen in found:
        if chosen.extract.cut_off == cut_off:
            return chosen
    known = ", ".join(str(chosen.extract.cut_off) for chosen in found)
    raise BuildError(f"{layout_folder} has no extract of {cut_off}; there are: {known}")


def _layout_folder(study_folder: Path, layout: str | None) -> Path:
    folder = study_folder / "layouts" / layout if layout else study_folder
    if not folder.is_dir():
        raise BuildError(f"{folder} is not there")
    return folder


def _extract_folders(layout_folder: Path) -> list[Path]:
    return sorted(path for path in (layout_folder / "extracts").glob("*") if path.is_dir())


def build_snapshot(
    study_folder: Path, *, options: BuildOptions, on_step: Step = lambda step: None
) -> BuildReport:
    """Build and, unless told otherwise, publish one snapshot.

    Raises ExtractError or StudyDefinitionError, before anything is published, where the files cannot be used.
    """
    started = time.monotonic()
    study = load_study(study_folder)
    chosen = choose_extract(study_folder, layout=options.layout, cut_off=options.cut_off)
    snapshot_id = _snapshot_id(study_folder, chosen, options)
    building = _new_building_folder(options.store, study.study_id)
    connection = duckdb.connect(str(building / "work.duckdb"))
    connection.execute("set preserve_insertion_order = false")
    try:
        counts = _fill(connection, study_folder, study, chosen, options=options, on_step=on_step)
        on_step("writing the snapshot")
        write_raw(connection, building / "raw")
        write_store(connection, building / "store.duckdb")
    finally:
        connection.close()
    (building / "work.duckdb").unlink()
    # The study as it was defined for this build, for whoever makes its figures again elsewhere.
    shutil.copyfile(study_folder / STUDY_FILE, building / STUDY_FILE)
    manifest = _manifest(study, chosen, snapshot_id=snapshot_id, counts=counts, options=options)
    (building / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    snapshots.adopt(options.store, study.study_id, building, snapshot_id=snapshot_id)
    if options.is_published:
        on_step("publishing")
        snapshots.publish(options.store, study.study_id, snapshot_id)
    return BuildReport(
        snapshot=snapshots.find_snapshot(options.store, study.study_id, snapshot_id),
        seconds=time.monotonic() - started,
        **counts,
    )


def _snapshot_id(study_folder: Path, chosen: Chosen, options: BuildOptions) -> str:
    own = [path for path in chosen.layout_folder.glob("*") if path.suffix in {".toml", ".sql"}]
    digest = build_hash(
        definition_files=sorted({study_folder / "study.toml", *own}),
        extract_folder=chosen.folder,
        reference=options.reference,
    )
    return f"{chosen.extract.cut_off.isoformat()}-{digest[:12]}"


def _new_building_folder(store: Path, study_id: str) -> Path:
    snapshots.remove_abandoned(store, study_id)
    building = store / study_id / f"{snapshots.BUILDING}{uuid.uuid4().hex[:8]}-{os.getpid()}"
    building.mkdir(parents=True)
    return building


def _fill(
    connection: duckdb.DuckDBPyConnection,
    study_folder: Path,
    study: Study,
    chosen: Chosen,
    *,
    options: BuildOptions,
    on_step: Step,
) -> dict[str, int]:
    on_step("reading the extract")
    report = load_extract(study_folder, chosen.folder, study, connection, options.layout)
    on_step("checking the records")
    n_issues = _check(connection, study, chosen.extract)
    create_usable_views(connection)
    write_definition(connection, definition_rows(study, reference=options.reference))
    build_marts_on(options.engine, connection, on_built=lambda name: on_step(f"deriving {name}"))
    n_issues += run_checks(connection, stage="marts")
    return {**_counts(report), "n_data_issues": n_issues}


def _check(connection: duckdb.DuckDBPyConnection, study: Study, extract: Extract) -> int:
    connection.execute(
        "create or replace table extract "
        "(study_id varchar, cut_off date, extracted_at varchar, calendar varchar, "
        "recruitment_opens date, recruitment_closes date)"
    )
    period = study.recruitment
    connection.execute(
        "insert into extract values (?, ?, ?, ?, ?, ?)",
        [
            study.study_id,
            extract.cut_off,
            extract.extracted_at,
            extract.calendar,
            period.opens,
            period.closes,
        ],
    )
    return run_checks(connection, stage="canonical")


def _counts(report: LoadReport) -> dict[str, int]:
    return {
        "n_records": report.n_records,
        "n_loaded": report.n_loaded,
        "n_rejected": report.n_rejected,
        "n_set_aside": report.n_set_aside,
    }


def check_extract(study_folder: Path, *, options: BuildOptions) -> CheckReport:
    """Read and validate an extract and publish nothing.

    Raises what would stop a build: ExtractError, StudyDefinitionError, BuildError.
    """
    study = load_study(study_folder)
    chosen = choose_extract(study_folder, layout=options.layout, cut_off=options.cut_off)
    with duckdb.connect() as connection:
        report = load_extract(study_folder, chosen.folder, study, connection, options.layout)
        counts = {**_counts(report), "n_data_issues": _check(connection, study, chosen.extract)}
        rejected = connection.execute(
            "select source_file, source_row, message from rejected_row order by all"
        ).fetchall()
    return CheckReport(counts, tuple(rejected), report.unmapped_files, report.unmapped_columns)


def _manifest(
    study: Study,
    chosen: Chosen,
    *,
    snapshot_id: str,
    counts: dict[str, int],
    options: BuildOptions,
) -> dict[str, Any]:
    extract = chosen.extract
    return {
        "study_id": study.study_id,
        "study_title": study.title,
        "snapshot_id": snapshot_id,
        "cut_off": extract.cut_off.isoformat(),
        "extracted_at": extract.extracted_at,
        "calendar": extract.calendar,
        "layout": options.layout,
        "is_sample": study.sample,
        "engine": options.engine,
        "duckdb": duckdb.__version__,
        "files": files_hash(chosen.folder)[:12],
        "rules": rules_hash(reference=options.reference)[:12],
        "checks": check_versions(definition_rows(study, reference=options.reference)),
        "built_at": dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"),
        "tables": [*canonical_tables(), *definition_tables(), *ORDER],
        **counts,
    }
