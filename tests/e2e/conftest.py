"""A server of its own for each test that asks, on a free port, with its own store and workflow database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

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


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Starts the application as `streamlit run app.py` does, and gives its address."""
    (tmp_path / "studies" / "alpha").mkdir(parents=True)
    (tmp_path / "studies" / "alpha" / "study.toml").write_text(STUDY, encoding="utf-8")
    environment = os.environ | {
        "DASHBOARD_STORE": str(tmp_path / "store"),
        "DASHBOARD_STUDIES": str(tmp_path / "studies"),
        "DASHBOARD_WORKFLOW_URL": f"sqlite:///{tmp_path / 'workflow.sqlite'}",
        "PYTHONPATH": str(ROOT / "src"),
    }
    running: list[subprocess.Popen[bytes]] = []

    def start() -> str:
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={port}", "--server.address=127.0.0.1"]
        with (tmp_path / f"server-{port}.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        running.append(process)
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(process, address)
        return address

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def server(start_server: Callable[[], str]) -> str:
    """The address of a server just started."""
    return start_server()
