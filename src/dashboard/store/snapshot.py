"""Snapshots: immutable builds of one study at one data cut-off, and which of them serves.

A snapshot is a folder `<store>/<study_id>/<cut-off>-<hash>/` with `store.duckdb`, `raw/*.parquet` and
`manifest.json`. `CURRENT` beside the folders names the one that serves; it is replaced in one atomic step, so
a crash at any moment leaves the old snapshot serving (design.md section 6).
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.errors import DashboardError
from dashboard.store.manifest import Manifest

CURRENT = "CURRENT"
WAITING = f".{CURRENT}-"
BUILDING = ".building-"
PRUNED = ".pruned-"
MANIFEST = "manifest.json"
# Some tens of data cuts of ten studies.
MOST_MANIFESTS = 512


class NoSuchSnapshot(DashboardError):
    """A snapshot was asked for that the store does not hold."""


@dataclass(frozen=True)
class Snapshot:
    """One study at one data cut-off. Hashable; equal when the id and the place are."""

    study_id: str
    snapshot_id: str
    cut_off: dt.date
    path: Path
    is_current: bool = field(default=False, compare=False)
    manifest: Mapping[str, Any] = field(default_factory=Manifest, compare=False, repr=False)

    @property
    def database(self) -> Path:
        """The DuckDB file, to be opened read-only."""
        return self.path / "store.duckdb"


def _study_folder(store: Path, study_id: str) -> Path:
    return store / study_id


def _current_id(store: Path, study_id: str) -> str | None:
    try:
        return (_study_folder(store, study_id) / CURRENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def read_snapshot(path: Path, *, current_id: str | None = None) -> Snapshot:
    """The snapshot in this folder, by its manifest."""
    manifest = Manifest(json.loads((path / MANIFEST).read_text(encoding="utf-8")))
    return Snapshot(
        study_id=manifest["study_id"],
        snapshot_id=manifest["snapshot_id"],
        cut_off=dt.date.fromisoformat(manifest["cut_off"]),
        path=path,
        is_current=manifest["snapshot_id"] == current_id,
        manifest=manifest,
    )


def list_studies(store: Path) -> list[str]:
    """Ids of the studies that have a snapshot, in alphabetical order."""
    if not store.is_dir():
        return []
    return sorted(folder.name for folder in store.iterdir() if list_snapshots(store, folder.name))


def list_snapshots(store: Path, study_id: str) -> list[Snapshot]:
    """Snapshots of the study, newest data cut-off first; of one cut-off the latest build first.

    A page asks this many times: the folder is looked at each time, so that a new snapshot shows at once, and
    a manifest is read once for as long as it stays as it is.
    """
    folder = _study_folder(store, study_id)
    if not folder.is_dir():
        return []
    current_id = _current_id(store, study_id)
    found = [
        _read_once(path, stamp, current_id)
        for path in folder.iterdir()
        if not path.name.startswith(".") and (stamp := _stamp(path / MANIFEST)) is not None
    ]
    return sorted(found, key=lambda s: (s.cut_off, s.manifest["built_at"]), reverse=True)


def _stamp(manifest: Path) -> tuple[int, int, int] | None:
    """What changes when a file is replaced or written to; None where there is none."""
    try:
        found = manifest.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=MOST_MANIFESTS)
def _read_once(path: Path, _written: tuple[int, int, int], current_id: str | None) -> Snapshot:
    return read_snapshot(path, current_id=current_id)


def current_snapshot(store: Path, study_id: str) -> Snapshot | None:
    """The snapshot that serves, or None before the first build."""
    current_id = _current_id(store, study_id)
    path = _study_folder(store, study_id) / (current_id or "")
    if current_id is None or not (path / MANIFEST).is_file():
        return None
    return read_snapshot(path, current_id=current_id)


def find_snapshot(store: Path, study_id: str, snapshot_id: str) -> Snapshot:
    """The snapshot of this id. Raises NoSuchSnapshot naming those there are."""
    snapshots = list_snapshots(store, study_id)
    for snapshot in snapshots:
        if snapshot.snapshot_id == snapshot_id:
            return snapshot
    known = ", ".join(snapshot.snapshot_id for snapshot in snapshots) or "none"
    raise NoSuchSnapshot(f"{study_id} has no snapshot {snapshot_id}; there are: {known}")


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def adopt(store: Path, study_id: str, building: Path, *, snapshot_id: str) -> Path:
    """Give a finished build its final name; an identical snapshot that is there already is kept instead."""
    final = _study_folder(store, study_id) / snapshot_id
    if (final / MANIFEST).is_file():
        shutil.rmtree(building)
        return final
    for path in sorted(building.rglob("*")):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
    fsync_folder(building)
    os.replace(building, final)
    fsync_folder(final.parent)
    return final


def publish(store: Path, study_id: str, snapshot_id: str) -> Snapshot:
    """Let this snapshot serve, in one atomic step. Raises NoSuchSnapshot."""
    find_snapshot(store, study_id, snapshot_id)
    folder = _study_folder(store, study_id)
    waiting = folder / f"{WAITING}{os.getpid()}"
    with waiting.open("w", encoding="utf-8") as handle:
        handle.write(f"{snapshot_id}\n")
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(waiting, folder / CURRENT)
    fsync_folder(folder)
    return find_snapshot(store, study_id, snapshot_id)


def roll_back(store: Path, study_id: str) -> Snapshot:
    """Let the snapshot before the current one serve. Raises NoSuchSnapshot where there is none."""
    snapshots = list_snapshots(store, study_id)
    places = [place for place, snapshot in enumerate(snapshots) if snapshot.is_current]
    if not places or places[0] + 1 >= len(snapshots):
        raise NoSuchSnapshot(f"{study_id} has no snapshot before the current one")
    return publish(store, study_id, snapshots[places[0] + 1].snapshot_id)


def prune(store: Path, study_id: str, *, n_kept: int, named: Collection[str]) -> list[Snapshot]:
    """Delete old snapshots of a study; gives those deleted, newest first.

    Kept are the newest `n_kept`, the one that serves, and every one in `named` (ids that a query, review or
    meeting names: design.md section 6). Raises ValueError where fewer than one is to be kept.
    """
    if n_kept < 1:
        raise ValueError(f"n_kept is {n_kept}; at least 1 snapshot is kept")
    old = list_snapshots(store, study_id)[n_kept:]
    pruned = [one for one in old if not one.is_current and one.snapshot_id not in named]
    for snapshot in pruned:
        # Out of the list in one step, whatever happens while the files are deleted.
        waste = snapshot.path.with_name(f"{PRUNED}{snapshot.snapshot_id}")
        os.replace(snapshot.path, waste)
        shutil.rmtree(waste)
    return pruned


def remove_abandoned(store: Path, study_id: str) -> list[str]:
    """Delete what builds, publishings and prunings that died left behind; returns the names.

    Never a finished snapshot.
    """
    folder = _study_folder(store, study_id)
    owned = [*folder.glob(f"{BUILDING}*"), *folder.glob(f"{WAITING}*")]
    abandoned = [path for path in owned if not _is_alive(path)]
    abandoned += folder.glob(f"{PRUNED}*")
    for path in abandoned:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return sorted(path.name for path in abandoned)


def _is_alive(owned: Path) -> bool:
    """True while the process that owns the file or folder (its id ends the name) still runs."""
    try:
        os.kill(int(owned.name.rsplit("-", 1)[1]), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
