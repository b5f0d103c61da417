"""A figure made again elsewhere: our wheel and lock in a new environment, beside copies of the snapshots."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.figures.figure import Figure
from dashboard.figures.options import UnknownOption, options_of, request_of
from dashboard.figures.registry import UnknownFigure, make_figure, registry
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.load import load_study
from tests.figure_options import OPTIONS

ROOT = Path(__file__).parents[2]
MOST_LINES = 15
INSTALL_SECONDS = 280
CASES = [(name, study, options) for name, cases in OPTIONS.items() for study, options in cases]
# Runs each text as a person would run it: in the folder that holds the copied snapshots.
RUN = """
import json, os, sys
from pathlib import Path
folder = Path.cwd()
for number, text in enumerate(json.loads((folder / "how.json").read_text(encoding="utf-8"))):
    (folder / str(number)).mkdir()
    os.chdir(folder / str(number))
    for snapshot in (folder / "snapshots").iterdir():
        os.symlink(snapshot, snapshot.name)
    exec(text, {})
    os.chdir(folder)
"""


def figure_of(snapshot: Snapshot, name: str, options: dict[str, Any]) -> Figure:
    return make_figure(Reader(snapshot), name, options)


def installed(folder: Path) -> Path:
    """The interpreter of a new environment with our lock and our wheel."""
    source = folder / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    for name in ("pyproject.toml", "requirements.in", "LICENSE"):
        shutil.copy(ROOT / name, source)
    python = folder / "venv" / "bin" / "python"
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    make = [uv, "venv", "--quiet"] if uv else [sys.executable, "-m", "venv"]
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    install = install if uv else [str(python), "-m", "pip", "install", "--quiet"]
    for command in (
        [*make, str(folder / "venv")],
        [*install, "-r", str(ROOT / "requirements.txt")],
        [*install, "--no-deps", str(source)],
    ):
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if done.returncode:
            pytest.skip(f"NOT RUN: no new environment could be installed here: {done.stderr[-300:]}")
    return python


@pytest.fixture(scope="module")
def files_made_elsewhere(
    tmp_path_factory: pytest.TempPathFactory, sample_snapshot: Callable[[str], Snapshot]
) -> Iterator[list[bytes]]:
    """The file of every case, made in a new environment from copies of the snapshots."""
    folder = tmp_path_factory.mktemp("elsewhere")
    python = installed(folder)
    for study in sorted({study for _, study, _ in CASES}):
        path = sample_snapshot(study).path
        shutil.copytree(path, folder / "snapshots" / path.name)
    how = [figure_of(sample_snapshot(study), name, options).how for name, study, options in CASES]
    (folder / "how.json").write_text(json.dumps(how), encoding="utf-8")
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "DASHBOARD"))}
    done = subprocess.run(
        [str(python), "-c", RUN], cwd=folder, env=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    yield [(folder / str(place) / f"{case[0]}.csv").read_bytes() for place, case in enumerate(CASES)]
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{name}-{study}" for name, study, _ in CASES])
def test_the_file_made_elsewhere_is_the_same_to_the_byte(
    place: int, files_made_elsewhere: list[bytes], sample_snapshot: Callable[[str], Snapshot]
) -> None:
    name, study, options = CASES[place]
    here = figure_of(sample_snapshot(study), name, options).csv()
    assert here.count("\n") > 1, "a file without rows would show nothing"
    assert files_made_elsewhere[place] == here.encode("utf-8")


def test_every_figure_with_a_name_is_tried() -> None:
    assert set(registry()) == set(OPTIONS)


@pytest.mark.parametrize("case", CASES, ids=[f"{name}-{study}" for name, study, _ in CASES])
def test_how_is_short_enough_to_be_read(
    case: tuple[str, str, dict[str, Any]], sample_snapshot: Callable[[str], Snapshot]
) -> None:
    name, study, options = case
    how = figure_of(sample_snapshot(study), name, options).how
    assert len(how.strip().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("case", CASES, ids=[f"{name}-{study}" for name, study, _ in CASES])
def test_options_give_the_request_they_were_written_from(case: tuple[str, str, dict[str, Any]]) -> None:
    name, study_id, options = case
    study = load_study(ROOT / "data" / "studies" / study_id)
    request = request_of(registry()[name].request, options, study=study)
    assert request_of(type(request), options_of(request), study=study) == request


def test_an_unknown_figure_or_option_says_which_are_known(
    sample_snapshot: Callable[[str], Snapshot],
) -> None:
    reader = Reader(sample_snapshot("pulmonary-oligomets"))
    with pytest.raises(UnknownFigure, match=r"There is no figure 'curve'; there are .*survival"):
        make_figure(reader, "curve", {})
    with pytest.raises(UnknownOption, match="Option colour is not known; known are endpoint"):
        make_figure(reader, "survival", {"colour": "red"})
    with pytest.raises(UnknownOption, match="no endpoint 'NOWHERE'; it has"):
        make_figure(reader, "survival", {"endpoint": "NOWHERE", "grace_days": 14, "stale_days": 90})
