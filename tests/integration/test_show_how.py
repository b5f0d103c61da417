"""A figure made again elsewhere: our wheel and lock in a new environment, beside copies of the snapshots."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.figures.figure import Figure
from dashboard.figures.making import UnknownFigure, how_to_make, make_figure
from dashboard.figures.options import UnknownOption, options_of, request_of
from dashboard.figures.registry import registry
from dashboard.figures.treatment.request import treatment_request
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from tests.figure_options import OPTIONS
from tests.required import leave_out

ROOT = Path(__file__).parents[2]
MOST_LINES = 15
INSTALL_SECONDS = 280
Case = tuple[str, str, dict[str, Any]]
FigureOf = Callable[..., Figure]
CASES = [(name, study, options) for name, cases in OPTIONS.items() for study, options in cases]
# Made again for a reader of one site too.
OF_ONE_SITE = (
    "survival", "survival_numbers", "response_rates", "clearance_response", "treatment_times",
    "biomarkers_prevalence", "follow_up_by_site", "safety_terms",
)  # fmt: skip
SITES = ("01",)
MADE_ELSEWHERE: list[tuple[Case, tuple[str, ...] | None]] = [
    *((case, None) for case in CASES),
    *(((name, *OPTIONS[name][0]), SITES) for name in OF_ONE_SITE),
]
WITH_OPTIONS = [case for case in CASES if registry()[case[0]].request is not None]
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


@pytest.fixture(scope="module")
def figure_of(sample_snapshot: Callable[[str], Snapshot]) -> FigureOf:
    """Makes the figure of a case for a reader of these sites, once for all tests; without its drawing."""
    kept: dict[str, Figure] = {}

    def made(case: Case, *, sites: tuple[str, ...] | None = None) -> Figure:
        name, study, options = case
        if (key := repr((case, sites))) not in kept:
            figure = make_figure(Reader(sample_snapshot(study), sites), name, options)
            kept[key] = replace(figure, spec={})
        return kept[key]

    return made


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
            leave_out(f"NOT RUN: no new environment could be installed here: {done.stderr[-300:]}")
    return python


@pytest.fixture(scope="module")
def files_made_elsewhere(
    tmp_path_factory: pytest.TempPathFactory,
    sample_snapshot: Callable[[str], Snapshot],
    figure_of: FigureOf,
) -> Iterator[list[bytes]]:
    """The file of every case, made in a new environment from copies of the snapshots."""
    folder = tmp_path_factory.mktemp("elsewhere")
    python = installed(folder)
    for study in sorted({study for _, study, _ in CASES}):
        path = sample_snapshot(study).path
        shutil.copytree(path, folder / "snapshots" / path.name)
    how = [how_to_make(figure_of(case, sites=sites)) for case, sites in MADE_ELSEWHERE]
    (folder / "how.json").write_text(json.dumps(how), encoding="utf-8")
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "DASHBOARD"))}
    done = subprocess.run(
        [str(python), "-c", RUN], cwd=folder, env=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    yield [
        (folder / str(place) / f"{case[0]}.csv").read_bytes()
        for place, (case, _) in enumerate(MADE_ELSEWHERE)
    ]
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    "place",
    range(len(MADE_ELSEWHERE)),
    ids=["-".join([*case[:2], *(sites or ())]) for case, sites in MADE_ELSEWHERE],
)
def test_the_file_made_elsewhere_is_the_same_to_the_byte(
    place: int, files_made_elsewhere: list[bytes], figure_of: FigureOf
) -> None:
    case, sites = MADE_ELSEWHERE[place]
    here = figure_of(case, sites=sites).csv()
    assert here.count("\n") > 1, "a file without rows would show nothing"
    if sites is not None:
        assert here != figure_of(case).csv(), "the site would not matter"
    assert files_made_elsewhere[place] == here.encode("utf-8")


def test_every_figure_with_a_name_is_tried() -> None:
    assert set(registry()) == set(OPTIONS)


@pytest.mark.parametrize("case", CASES, ids=[f"{name}-{study}" for name, study, _ in CASES])
def test_how_is_short_and_names_the_options_that_differ_from_the_study(
    case: Case, figure_of: FigureOf
) -> None:
    how = how_to_make(figure_of(case))
    assert len(how.strip().splitlines()) <= MOST_LINES
    said = [line.partition("=")[0].strip() for line in how.splitlines() if line.startswith("    ")][1:]
    assert set(said) == set(case[2])


@pytest.mark.parametrize("case", CASES, ids=[f"{name}-{study}" for name, study, _ in CASES])
def test_the_key_of_a_file_names_each_of_its_rows_once(case: Case, figure_of: FigureOf) -> None:
    figure = figure_of(case)
    assert len(figure.numbers) > 0
    if figure.key:
        assert not figure.numbers.duplicated(list(figure.key)).any()


@pytest.mark.parametrize("case", WITH_OPTIONS, ids=[f"{name}-{study}" for name, study, _ in WITH_OPTIONS])
def test_options_give_the_request_they_were_written_from(case: Case) -> None:
    name, study_id, options = case
    kind = registry()[name].request
    assert kind is not None
    study = load_study(ROOT / "data" / "studies" / study_id)
    request = request_of(kind, options, study=study)
    assert options_of(request, study=study) == options
    assert request_of(kind, options_of(request, study=study), study=study) == request


def test_what_is_other_than_the_study_says_is_an_option() -> None:
    study = load_study(ROOT / "data" / "studies" / "k4care")
    usual = treatment_request(study, cohort=Cohort())
    assert options_of(usual, study=study) == {}
    other = replace(usual, add_on_days=usual.add_on_days + 1, endpoints=usual.endpoints[:1])
    written = options_of(other, study=study)
    assert written == {"add_on_days": usual.add_on_days + 1, "endpoints": [usual.endpoints[0].endpoint_id]}
    assert request_of(type(usual), written, study=study) == other


def test_a_site_that_is_granted_alone_stands_in_how(sample_snapshot: Callable[[str], Snapshot]) -> None:
    reader = Reader(sample_snapshot("k4care"), ("01",))
    assert "sites=('01',))" in how_to_make(make_figure(reader, "follow_up_weeks", {}))


def test_a_data_cut_without_its_study_has_no_how(figure_of: FigureOf, tmp_path: Path) -> None:
    figure = figure_of(("follow_up_weeks", "k4care", {}))
    assert figure.origin is not None
    elsewhere = Reader(replace(figure.origin.reader.snapshot, path=tmp_path))
    assert how_to_make(replace(figure, origin=replace(figure.origin, reader=elsewhere))) == ""
    assert how_to_make(replace(figure, origin=None)) == ""


def test_an_unknown_figure_or_option_says_which_are_known(
    sample_snapshot: Callable[[str], Snapshot],
) -> None:
    reader = Reader(sample_snapshot("pulmonary-oligomets"))
    with pytest.raises(UnknownFigure, match=r"There is no figure 'curve'; there are .*survival"):
        make_figure(reader, "curve", {})
    with pytest.raises(UnknownOption, match="Option endpoint has to be given; known are endpoint"):
        make_figure(reader, "survival", {})
    with pytest.raises(UnknownOption, match="Option item is not known; the figure 'enrolment_readings' has"):
        make_figure(reader, "enrolment_readings", {"item": "x"})
    with pytest.raises(UnknownOption, match="Option colour is not known; known are endpoint"):
        make_figure(reader, "survival", {"colour": "red"})
    with pytest.raises(UnknownOption, match="no endpoint 'NOWHERE'; it has"):
        make_figure(reader, "survival", {"endpoint": "NOWHERE"})
