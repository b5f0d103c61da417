"""Commands on studies and snapshots: build, check, publish, roll back, describe."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from dashboard.access.demo_users import DEMO_PASSWORD, DEMO_PEOPLE
from dashboard.cli.queries import reconcile_queries
from dashboard.extracts.load import compiled_sql
from dashboard.model.dictionary import dictionary_markdown, write_dictionary_workbook, write_template
from dashboard.settings import Settings
from dashboard.store import snapshot as snapshots
from dashboard.store.build import (
    N_STEPS,
    BuildError,
    BuildOptions,
    BuildReport,
    build_snapshot,
    check_extract,
    choose_extract,
    cut_offs,
)
from dashboard.studies.load import load_study
from dashboard.workflow.audit import Event, record
from dashboard.workflow.database import open_workflow
from dashboard.workflow.models import AuditKind

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
REJECTED_SHOWN = 50
# A data cut, a hyphen and 12 characters of a hash, whole however narrow the screen: other commands take it.
SNAPSHOT_ID_WIDTH = 23

StudyFolder = Annotated[Path, typer.Argument(help="Folder with study.toml, mapping.toml and extracts/.")]
CutOff = Annotated[
    dt.datetime | None,
    typer.Option("--cut-off", formats=["%Y-%m-%d"], help="Data cut; the latest if not given."),
]
Layout = Annotated[str | None, typer.Option(help="Second layout of the same study, a folder under layouts/.")]


@contextmanager
def _steps(title: str, *, n_steps: int | None = None) -> Iterator[Progress]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task(title, total=n_steps)
        yield progress


def _options(
    *, cut_off: dt.datetime | None, layout: str | None, engine: str | None, publish: bool
) -> BuildOptions:
    settings = Settings()
    return BuildOptions(
        store=settings.store,
        reference=settings.reference,
        cut_off=cut_off.date() if cut_off else None,
        layout=layout,
        engine=engine or settings.engine,
        is_published=publish,
    )


def _summarise(report: BuildReport) -> None:
    table = RichTable(
        title=f"{report.snapshot.study_id}, data cut {report.snapshot.cut_off}", show_header=False
    )
    for name, value in (
        ("records in", f"{report.n_records:,}"),
        ("loaded", f"{report.n_loaded:,}"),
        ("rejected", f"{report.n_rejected:,}"),
        ("set aside by rule", f"{report.n_set_aside:,}"),
        ("data issues", f"{report.n_data_issues:,}"),
        ("snapshot", report.snapshot.snapshot_id),
        ("time", f"{report.seconds:.1f} s"),
    ):
        table.add_row(name, value)
    console.print(table)


def _build(folder: Path, options: BuildOptions) -> BuildReport:
    with _steps(f"building {folder.name}", n_steps=N_STEPS) as progress:
        task = progress.task_ids[0]
        report = build_snapshot(
            folder,
            options=options,
            on_step=lambda step: progress.update(task, advance=1, description=f"{folder.name}: {step}"),
        )
    if options.is_published:
        _note(AuditKind.LOAD, report.snapshot)
    return report


def _note(kind: AuditKind, snapshot: snapshots.Snapshot) -> None:
    """Write to the audit trail which snapshot serves now, and let it answer the queries of the study."""
    event = Event(
        kind=kind,
        study_id=snapshot.study_id,
        snapshot_id=snapshot.snapshot_id,
        detail={"cut_off": snapshot.cut_off.isoformat()},
    )
    engine, now = open_workflow(Settings().workflow_url), dt.datetime.now(dt.UTC)
    record(engine, event, now=now)
    reconcile_queries(engine, snapshot, console=console, now=now)


@app.command()
def build(
    study_folder: StudyFolder,
    cut_off: CutOff = None,
    layout: Layout = None,
    engine: Annotated[str | None, typer.Option(help="duckdb, or sc://host:port.")] = None,
    publish: Annotated[bool, typer.Option("--publish/--no-publish")] = True,
) -> None:
    """Read a study's extract, derive everything, and let the new snapshot serve."""
    _summarise(_build(study_folder, _options(cut_off=cut_off, layout=layout, engine=engine, publish=publish)))


@app.command()
def check(study_folder: StudyFolder, cut_off: CutOff = None, layout: Layout = None) -> None:
    """Read and validate an extract; publish nothing. Exit code 1 on what would stop a build."""
    options = _options(cut_off=cut_off, layout=layout, engine=None, publish=False)
    with _steps(f"checking {study_folder.name}"):
        report = check_extract(study_folder, options=options)
    for name, count in report.counts.items():
        typer.echo(f"{name.removeprefix('n_').replace('_', ' ')}: {count:,}")
    for file, row, message in report.rejected[:REJECTED_SHOWN]:
        typer.echo(f"not loaded: {file}, row {row}: {message}")
    if len(report.rejected) > REJECTED_SHOWN:
        typer.echo(
            f"and {len(report.rejected) - REJECTED_SHOWN:,} more; the page Data lists all after a build"
        )
    for file in report.unmapped_files:
        typer.echo(f"not read: {file}")
    for file, column in report.unmapped_columns:
        typer.echo(f"not read: {file}, column {column}")


def _build_every_cut(folder: Path) -> None:
    """Build all data cuts, then let the latest serve: an older one never does in between."""
    latest = None
    for cut_off in cut_offs(folder):
        moment = dt.datetime.combine(cut_off, dt.time())
        report = _build(folder, _options(cut_off=moment, layout=None, engine=None, publish=False))
        _summarise(report)
        latest = report.snapshot
    if latest is not None:
        _note(AuditKind.LOAD, snapshots.publish(Settings().store, latest.study_id, latest.snapshot_id))


@app.command()
def demo(
    sign_in: Annotated[
        bool, typer.Option("--sign-in", help="Print the demo users instead; build nothing.")
    ] = False,
) -> None:
    """Build the sample studies, every data cut, and let the latest serve."""
    if sign_in:
        _show_sign_in()
        return
    for definition in sorted(Settings().studies.glob("*/study.toml")):
        if load_study(definition.parent).sample:
            _build_every_cut(definition.parent)


def _show_sign_in() -> None:
    # Beside a real study the published password is refused, so it is not offered either.
    studies = [load_study(path.parent) for path in Settings().studies.glob("*/study.toml")]
    if studies and all(study.sample for study in studies):
        names = ", ".join(name for name, *_ in DEMO_PEOPLE)
        console.print(f"Sign in as {names}; password {DEMO_PASSWORD}", markup=False, highlight=False)


@app.command(name="snapshots")
def list_snapshots(study: Annotated[str | None, typer.Argument()] = None) -> None:
    """List the snapshots of one study, or of all."""
    store = Settings().store
    table = RichTable("study", "data cut", "snapshot", "records", "rejected", "serves")
    table.columns[2].no_wrap, table.columns[2].min_width = True, SNAPSHOT_ID_WIDTH
    for study_id in [study] if study else snapshots.list_studies(store):
        for found in snapshots.list_snapshots(store, study_id):
            manifest = found.manifest
            table.add_row(
                study_id,
                str(found.cut_off),
                found.snapshot_id,
                f"{manifest['n_records']:,}",
                f"{manifest['n_rejected']:,}",
                "yes" if found.is_current else "",
            )
    console.print(table)


@app.command()
def publish(study: str, snapshot: str) -> None:
    """Let this snapshot serve."""
    found = snapshots.publish(Settings().store, study, snapshot)
    _note(AuditKind.LOAD, found)
    console.print(f"{study}: {found.snapshot_id} serves.")


@app.command()
def rollback(study: str) -> None:
    """Let the snapshot before the current one serve."""
    found = snapshots.roll_back(Settings().store, study)
    _note(AuditKind.ROLL_BACK, found)
    console.print(f"{study}: {found.snapshot_id} serves again.")


@app.command()
def rebuild(study: str) -> None:
    """Remake the data cuts of a study, each in its layout, after an upgrade; the one that served serves."""
    stored = snapshots.list_snapshots(Settings().store, study)
    if not stored:
        raise BuildError(f"{study} has no data cut to rebuild; `dashboard build STUDY_FOLDER` makes one")
    serving = next((found.cut_off for found in stored if found.is_current), None)
    newest_of_cut = {found.cut_off: found for found in reversed(stored)}
    for cut_off, found in sorted(newest_of_cut.items()):
        moment = dt.datetime.combine(cut_off, dt.time())
        options = _options(cut_off=moment, layout=found.manifest["layout"], engine=None, publish=False)
        report = _build(Settings().studies / study, options)
        _summarise(report)
        newest_of_cut[cut_off] = report.snapshot
    if serving is not None:
        snapshot_id = newest_of_cut[serving].snapshot_id
        _note(AuditKind.LOAD, snapshots.publish(Settings().store, study, snapshot_id))


@app.command()
def mapping(
    study_folder: StudyFolder,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SELECT of each canonical table.")] = False,
    cut_off: CutOff = None,
    layout: Layout = None,
) -> None:
    """Show which canonical table is filled from which file, with --sql the statement itself."""
    chosen = choose_extract(study_folder, layout=layout, cut_off=cut_off.date() if cut_off else None)
    compiled = compiled_sql(study_folder, chosen.folder, load_study(study_folder), layout)
    for title, text in compiled.items():
        typer.echo(f"-- {title}\n{text};\n" if sql else title)


@app.command()
def dictionary(
    xlsx: Annotated[
        Path | None, typer.Option(help="Write a workbook there instead of Markdown to the screen.")
    ] = None,
) -> None:
    """The data dictionary, as Markdown or as a workbook."""
    if xlsx:
        write_dictionary_workbook(xlsx)
        console.print(f"Written: {xlsx}")
    else:
        typer.echo(dictionary_markdown())


@app.command()
def template(study_folder: StudyFolder) -> None:
    """Write empty extract files with their headers, and a workbook of notes, into STUDY_FOLDER/template."""
    for path in write_template(study_folder / "template"):
        console.print(f"Written: {path}")
