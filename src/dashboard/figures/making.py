"""A figure made again by its name and options, and the Python that does so."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.errors import DashboardError, StudyDefinitionError
from dashboard.figures.figure import Figure
from dashboard.figures.options import UnknownOption, options_of, request_of
from dashboard.figures.registry import registry
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from dashboard.studies.schema import Study


class UnknownFigure(DashboardError):
    """A figure of a name nobody gave, or one that this study does not have."""


def make_figure(reader: Reader, name: str, options: Mapping[str, Any]) -> Figure:
    """The figure of this name with these options, by the study as it was defined for the snapshot.

    Raises UnknownFigure, and UnknownOption for an option the figure does not have.
    """
    known = registry()
    if name not in known:
        raise UnknownFigure(f"There is no figure {name!r}; there are {', '.join(sorted(known))}")
    kind = known[name].request
    if kind is None and options:
        raise UnknownOption(f"Option {next(iter(options))} is not known; the figure {name!r} has none")
    asked = [] if kind is None else [request_of(kind, options, study=_study(reader.snapshot.path))]
    figure = known[name].make(reader, *asked)
    if figure is None:
        raise UnknownFigure(f"The figure {name!r} has nothing to show with these options")
    return figure


def how_to_make(figure: Figure) -> str:
    """Python that writes the file of the figure, given the folder of the snapshot.

    Empty for a figure without a name, and where the snapshot does not hold its study as it is read today.
    """
    if figure.origin is None:
        return ""
    name, reader, request = figure.origin.name, figure.origin.reader, figure.origin.request
    place = json.dumps(reader.snapshot.snapshot_id)
    if reader.sites is not None:
        place = f"{place}, sites={reader.sites!r}"
    try:
        options = {} if request is None else options_of(request, study=_study(reader.snapshot.path))
    except StudyDefinitionError:
        return ""
    lines = "".join(f"    {option}={value!r},\n" for option, value in options.items())
    return (
        "from dashboard import open_snapshot\n\n"
        f"snapshot = open_snapshot({place})  # its folder, of the study {reader.snapshot.study_id}\n"
        f'figure = snapshot.figure(\n    "{name}",\n{lines})\n'
        f'figure.to_csv("{name}.csv")\n'
    )


@lru_cache(maxsize=64)
def _study(folder: Path) -> Study:
    """The study as it was defined for the snapshot in this folder, which never changes."""
    return load_study(folder)
