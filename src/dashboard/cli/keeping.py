"""Commands on snapshots that are there: write one out as files, delete old ones."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dashboard.settings import Settings
from dashboard.store import snapshot as snapshots
from dashboard.store.export import FileFormat, export_snapshot
from dashboard.workflow.audit import Event, record
from dashboard.workflow.database import open_workflow
from dashboard.workflow.models import AuditKind
from dashboard.workflow.named_snapshots import named_snapshots

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()


def _find(store: Path, snapshot_id: str) -> snapshots.Snapshot:
    """The snapshot of this id in whichever study. Raises NoSuchSnapshot."""
    studies = snapshots.list_studies(store)
    for study_id in studies:
        for found in snapshots.list_snapshots(store, study_id):
            if found.snapshot_id == snapshot_id:
                return found
    raise snapshots.NoSuchSnapshot(f"no study has a snapshot {snapshot_id}; `dashboard snapshots` lists them")


@app.command()
def export(snapshot: str, file_format: FileFormat, folder: Path) -> None:
    """Write every table of a snapshot into an empty folder, one file a table."""
    settings = Settings()
    found = _find(settings.store, snapshot)
    # Written before the files: what cannot be recorded does not happen.
    event = Event(
        kind=AuditKind.EXPORT,
        study_id=found.study_id,
        snapshot_id=found.snapshot_id,
        detail={"what": "every table", "format": file_format.value},
    )
    record(open_workflow(settings.workflow_url), event, now=dt.datetime.now(dt.UTC))
    written = export_snapshot(found, folder, file_format=file_format)
    console.print(f"Written: {len(written)} files in {folder}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def prune(
    study: str,
    keep: Annotated[int, typer.Option(min=1, help="The newest snapshots that stay.")] = 5,
) -> None:
    """Delete old snapshots; never the one that serves, nor one that a query, review or meeting names."""
    settings = Settings()
    named = named_snapshots(open_workflow(settings.workflow_url), study)
    for one in snapshots.prune(settings.store, study, n_kept=keep, named=named):
        console.print(f"Deleted: {one.snapshot_id}", markup=False, highlight=False)
