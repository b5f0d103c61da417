"""Fresh Streamlit servers, a browser in front of them, and the CPU time a step costs the server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from dashboard.access.demo_users import DEMO_PASSWORD

RERUNS = 20
EMPTY_APP = 'import streamlit as st\nst.button("Again")\n'
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
HEADLESS = ["--server.headless", "true", "--server.fileWatcherType", "none"]
AT_REST = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
PATIENCE_MS = 120_000


def launched(playwright: Playwright) -> Browser:
    """A Chromium without its own chatter."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(
    command: Sequence[str], *, port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """A fresh server of Python run in `folder`; gives its address and process id once it listens."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def streamlit_server(script: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """A fresh `streamlit run` with the settings beside its script."""
    port = free_port()
    command = ["-m", "streamlit", "run", str(script), "--server.port", str(port), *HEADLESS]
    with server(command, port=port, folder=script.parent, environment=environment) as found:
        yield found


def cpu_ms(pid: int) -> float:
    """CPU milliseconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def settle(page: Page) -> None:
    """Wait until the script has run to its end."""
    page.wait_for_timeout(150)
    page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
    page.wait_for_timeout(150)


def cost(page: Page, pid: int, act: Callable[[int], None], *, times: int) -> float:
    """Mean CPU milliseconds of the server for a step."""
    before = cpu_ms(pid)
    for number in range(times):
        act(number)
        settle(page)
    return (cpu_ms(pid) - before) / times


def empty_page(browser: Browser, folder: Path) -> float:
    """CPU milliseconds of a rerun of an empty page of a fresh app, one button on it."""
    script = folder / "empty.py"
    script.write_text(EMPTY_APP, encoding="utf-8")
    with streamlit_server(script, {}) as (address, pid):
        page = browser.new_page()
        page.goto(address)
        again = page.get_by_role("button", name="Again")
        again.click()
        settle(page)
        found = cost(page, pid, lambda _: again.click(), times=RERUNS)
        page.close()
    return found


def sign_in(page: Page, address: str) -> None:
    """Open an address and sign in as a physician of all sites."""
    page.goto(address)
    page.get_by_role("textbox", name="User name").fill("oncologist")
    page.get_by_role("textbox", name="Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    settle(page)
