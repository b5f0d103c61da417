"""A snapshot opened outside the application: its rows by query, its figures by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.figures.figure import Figure
from dashboard.figures.making import make_figure
from dashboard.figures.registry import registry
from dashboard.settings import load_settings
from dashboard.store.reader import Reader
from dashboard.store.snapshot import NoSuchSnapshot, current_snapshot, read_snapshot


@dataclass(frozen=True)
class OpenedSnapshot(Reader):
    """A reader that gives figures too."""

    def figures(self) -> tuple[str, ...]:
        """The names of all figures, sorted; a study without what one needs has nothing to show for it."""
        return tuple(sorted(registry()))

    def figure(self, name: str, **options: Any) -> Figure:
        """The figure with the numbers its page shows. Raises UnknownFigure and UnknownOption."""
        return make_figure(self, name, options)


def open_snapshot(place: str | Path, *, sites: Sequence[str] | None = None) -> OpenedSnapshot:
    """A snapshot, all of its sites or some: its folder, or the id of a study whose current one is meant.

    Raises NoSuchSnapshot where neither is there.
    """
    granted = None if sites is None else tuple(sites)
    path = Path(place)
    if (path / "manifest.json").is_file():
        return OpenedSnapshot(read_snapshot(path), granted)
    snapshot = current_snapshot(load_settings().store, str(place))
    if snapshot is None:
        raise NoSuchSnapshot(f"{place} is neither a snapshot folder nor a study with a current snapshot")
    return OpenedSnapshot(snapshot, granted)
