"""Monitoring dashboard for cancer studies that follow circulating tumour DNA."""

from pathlib import Path

from dashboard.settings import load_settings
from dashboard.store.reader import Reader
from dashboard.store.snapshot import NoSuchSnapshot, current_snapshot, read_snapshot

__all__ = ["open_snapshot"]


def open_snapshot(place: str | Path) -> Reader:
    """Reader of all sites of a snapshot: a snapshot folder, or the id of a study whose current one is meant.

    Raises NoSuchSnapshot where neither is there.
    """
    path = Path(place)
    if (path / "manifest.json").is_file():
        return Reader(read_snapshot(path))
    snapshot = current_snapshot(load_settings().store, str(place))
    if snapshot is None:
        raise NoSuchSnapshot(f"{place} is neither a snapshot folder nor a study with a current snapshot")
    return Reader(snapshot)
