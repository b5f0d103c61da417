"""Real and reference data for tests: where they lie, and how many tests could use them."""

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.snapshot import Snapshot, current_snapshot

# Where the processes of a run put what has no test for an owner; it goes with the run.
RUN_FOLDER = pytest.StashKey[str]()
ROOT = Path(__file__).resolve().parents[1]
RAN: set[str] = set()
NOT_RUN: set[str] = set()
OTHERS_NOT_RUN: set[str] = set()


def shared_folder() -> Path:
    """`DASHBOARD_SHARED`, by default `shared` beside the checkout."""
    return (ROOT / os.environ.get("DASHBOARD_SHARED", "../shared")).resolve()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-shared",
        action="store_true",
        help="fail, instead of skipping, where real and reference data are absent",
    )


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        # PySpark takes a main module without a file, as a worker of xdist has, for a doctest and exits (4.2).
        sys.modules["__main__"].__file__ = __file__
        return
    # pytest's own folder stays where it was: what a failed test wrote is to be looked at.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    config.stash[RUN_FOLDER] = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="dashboard-tests-")
    tempfile.tempdir = None


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN_FOLDER in config.stash:
        shutil.rmtree(config.stash[RUN_FOLDER], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark with `real` each test that asks for the fixture, before `-m` selects; begin with the browser.

    Its files take minutes each: as the last ones, one process would work on alone.
    """
    items.sort(key=lambda item: "e2e" not in item.path.parts)
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def shared_data(pytestconfig: pytest.Config) -> Path:
    """The folder with `data/` and `golden/`. A test that asks for it counts as a real-data test."""
    folder = shared_folder()
    if not (folder / "data").is_dir():
        reason = f"NOT RUN: no {folder.name}/data here; DASHBOARD_SHARED names the folder"
        if pytestconfig.getoption("--require-shared"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of `sample_snapshot`, one for all processes; tests only read it."""
    folder = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    store = (folder.parent if is_worker else folder) / "sample-store"
    store.mkdir(exist_ok=True)
    return store


@pytest.fixture(scope="session")
def sample_snapshot(sample_store: Path) -> Callable[..., Snapshot]:
    """Gives the current data cut of a sample study by its id; built once for all tests and processes.

    The data cut of a second layout of the study lies in a store of its own.
    """

    @cache
    def snapshot_of(study_id: str, *, layout: str | None = None) -> Snapshot:
        store = sample_store if layout is None else sample_store.with_name(f"sample-store-{layout}")
        store.mkdir(exist_ok=True)
        with (store / f"{study_id}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = current_snapshot(store, study_id)
            if found is None:
                options = BuildOptions(store=store, reference=ROOT / "data" / "reference", layout=layout)
                build_snapshot(ROOT / "data" / "studies" / study_id, options=options)
                found = current_snapshot(store, study_id)
        assert found is not None
        return found

    return snapshot_of


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count here and not where a test runs: reports of all processes arrive at this one."""
    if "real" not in report.keywords:
        if report.skipped and "NOT RUN" in str(report.longrepr):
            OTHERS_NOT_RUN.add(report.nodeid)
        return
    if report.when == "call" and not report.skipped:
        RAN.add(report.nodeid)
    elif not report.passed:
        NOT_RUN.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_sep("-", "real data")
    not_run = f", {len(NOT_RUN - RAN)} NOT RUN" if NOT_RUN - RAN else ""
    terminalreporter.write_line(f"real-data tests: {len(RAN)} ran{not_run}")
    if OTHERS_NOT_RUN:
        terminalreporter.write_line(f"other tests: {len(OTHERS_NOT_RUN)} NOT RUN")
