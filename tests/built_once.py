"""Snapshots of small studies that many tests read: each built once for all processes of a run."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.snapshot import Snapshot, current_snapshot

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
# The processes of a run share a folder of temporary files, which no other run has.
FOLDER = Path(gettempdir()) / "built-once"


def built_once(name: str, write: Callable[[Path], Path], *, study_id: str = "small") -> Snapshot:
    """The snapshot of the study that `write` puts into the folder it is given; tests only read it.

    `write` gives the folder of the study; `name` is that of the study among all built so.
    """
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (found := current_snapshot(folder / "store", study_id)) is None:
            options = BuildOptions(store=folder / "store", reference=REFERENCE)
            found = build_snapshot(write(folder), options=options).snapshot
    return found
