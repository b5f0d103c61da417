"""A server of its own for each test that asks, on a free port, with its own store and workflow database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.access.demo_users import DEMO_PASSWORD
from dashboard.store.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 60
LOOK_AGAIN_MS, MOST_LOOKS = 500, 20
# The first page of a fresh server loads every library, on a machine that may be busy with other tests.
expect.set_options(timeout=30_000)
STUDY = """
[study]
study_id = "alpha"
title = "Study Alpha"
short_title = "Alpha"
sample = true
[recruitment]
opens = 2025-01-01
target = 20
sites = [{ site_id = "01", name = "North" }]
"""


def sign_in(page: Page, username: str = "coordinator", password: str = DEMO_PASSWORD) -> None:
    """Fill the form and send it."""
    page.get_by_role("textbox", name="User name").fill(username)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def settle(page: Page) -> None:
    """Wait until the page has stood still for half a second: a chart is drawn after its frame has come."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    # What is left of the page before is pale until the new one is complete.
    expect(page.locator("[data-stale='true']")).to_have_count(0)
    before = ""
    for _ in range(MOST_LOOKS):
        page.wait_for_timeout(LOOK_AGAIN_MS)
        now = page.get_by_test_id("stMain").inner_html()
        if now == before:
            return
        before = now


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium instead of a downloaded one."""
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Takes the place of pytest-base-url's own fixture, whose form pytest 9 warns about."""
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with code {process.returncode}")
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {START_SECONDS} s")


def started(environment: Mapping[str, str], log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The application as `streamlit run app.py` starts it, and its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    with (log / f"server-{port}.log").open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    wait_until_it_answers(process, address)
    return process, address


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=20)


def environment_of(folder: Path, *, studies: Path) -> dict[str, str]:
    return os.environ | {
        "DASHBOARD_STORE": str(folder / "store"),
        "DASHBOARD_STUDIES": str(studies),
        "DASHBOARD_WORKFLOW_URL": f"sqlite:///{folder / 'workflow.sqlite'}",
        "PYTHONPATH": str(ROOT / "src"),
    }


@contextmanager
def servers_in(folder: Path) -> Iterator[Callable[[], str]]:
    """Starts the application on a study without data, and gives its address."""
    (folder / "studies" / "alpha").mkdir(parents=True)
    (folder / "studies" / "alpha" / "study.toml").write_text(STUDY, encoding="utf-8")
    environment = environment_of(folder, studies=folder / "studies")
    running: list[subprocess.Popen[bytes]] = []

    def start() -> str:
        process, address = started(environment, folder)
        running.append(process)
        return address

    try:
        yield start
    finally:
        for process in running:
            ended(process)


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Starts servers of this test alone."""
    with servers_in(tmp_path) as start:
        yield start


@pytest.fixture(scope="session")
def sample_environment(
    tmp_path_factory: pytest.TempPathFactory,
    sample_store: Path,
    sample_snapshot: Callable[[str], Snapshot],
) -> dict[str, str]:
    """Settings of an installation that holds the current data cut of every sample study."""
    studies = ROOT / "data" / "studies"
    for study in sorted(studies.iterdir()):
        sample_snapshot(study.name)
    return environment_of(tmp_path_factory.mktemp("samples"), studies=studies) | {
        "DASHBOARD_STORE": str(sample_store)
    }


@pytest.fixture(scope="session")
def sample_server(
    sample_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of one server on the sample studies, for all tests that only look."""
    process, address = started(sample_environment, tmp_path_factory.mktemp("logs"))
    yield address
    ended(process)


@pytest.fixture
def server(start_server: Callable[[], str]) -> str:
    """The address of a server just started."""
    return start_server()
