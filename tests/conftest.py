"""Real and reference data for tests: where they lie, and how many tests could use them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RAN = pytest.StashKey[set[str]]()
NOT_RUN = pytest.StashKey[set[str]]()


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
    config.stash[RAN] = set()
    config.stash[NOT_RUN] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark with `real` each test that asks for the fixture, before `-m` selects."""
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    report = yield
    if item.get_closest_marker("real"):
        if report.when == "call" and not report.skipped:
            item.config.stash[RAN].add(item.nodeid)
        elif not report.passed:
            item.config.stash[NOT_RUN].add(item.nodeid)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ran = len(config.stash[RAN])
    not_run = len(config.stash[NOT_RUN] - config.stash[RAN])
    terminalreporter.write_sep("-", "real data")
    if not_run:
        terminalreporter.write_line(f"real-data tests: {ran} ran, {not_run} NOT RUN")
    else:
        terminalreporter.write_line(f"real-data tests: {ran} ran")
