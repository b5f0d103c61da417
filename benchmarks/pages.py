"""Server time of the patient page against an empty page of a fresh app, and of every query behind it.

CPU time of the server process is read from /proc before and after a number of reruns that a browser asks for.
Both servers are fresh and asked in turn, so that a busy machine slows both.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measure import ROOT, Line
from dashboard.access.demo_users import DEMO_PASSWORD
from dashboard.figures.patient_timeline import SQL
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot

ROUNDS, RERUNS = 3, 20
WARM_BUDGET, COLD_BUDGET, QUERY_BUDGET_MS = 3.5, 10.0, 20.0
EMPTY_APP = 'import streamlit as st\nst.button("Again")\n'
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _server(script: Path, environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A fresh Streamlit server with the settings beside its script; gives its address and process id."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.headless", "true", "--server.fileWatcherType", "none"],
        cwd=script.parent,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def _cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _settle(page: Page) -> None:
    page.wait_for_timeout(150)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(150)


def _cost(page: Page, pid: int, act: Callable[[int], None], *, times: int) -> float:
    before = _cpu_ms(pid)
    for number in range(times):
        act(number)
        _settle(page)
    return (_cpu_ms(pid) - before) / times


def _empty_page(browser: Browser, folder: Path) -> float:
    script = folder / "empty.py"
    script.write_text(EMPTY_APP, encoding="utf-8")
    with _server(script, {}) as (address, pid):
        page = browser.new_page()
        page.goto(address)
        again = page.get_by_role("button", name="Again")
        again.click()
        _settle(page)
        cost = _cost(page, pid, lambda _: again.click(), times=RERUNS)
        page.close()
    return cost


def _patient_page(browser: Browser, environment: dict[str, str]) -> tuple[float, float]:
    """Server CPU-ms of a rerun with everything cached, and of a patient opened for the first time."""
    with _server(ROOT / "app.py", environment) as (address, pid):
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        page.goto(f"{address}/patient")
        page.get_by_role("textbox", name="User name").fill("oncologist")
        page.get_by_role("textbox", name="Password").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name="Next").wait_for()
        _settle(page)
        following = page.get_by_role("button", name="Next")
        following.click()
        _settle(page)
        cold = _cost(page, pid, lambda _: following.click(), times=RERUNS)
        back_and_forth = [page.get_by_role("button", name="Previous"), following]
        warm = _cost(page, pid, lambda number: back_and_forth[number % 2].click(), times=RERUNS)
        page.close()
    return warm, cold


def _slowest_query_ms(environment: dict[str, str]) -> float:
    """Median of the slowest query of the timeline, over 60 patients of the largest sample study."""
    snapshot = current_snapshot(Path(environment["DASHBOARD_STORE"]), "cdk46")
    if snapshot is None:
        raise SystemExit("the sample study cdk46 is not in the store")
    reader = Reader(snapshot)
    patients = [
        row["patient_id"] for row in reader.records("select patient_id from patient_summary limit 60")
    ]
    statements = ("select calendar from study", SQL)
    taken: dict[str, list[float]] = {statement: [] for statement in statements}
    for patient_id in patients:
        for statement in statements:
            started = time.perf_counter()
            reader.rows(statement, {"patient_id": patient_id} if "$patient_id" in statement else None)
            taken[statement].append((time.perf_counter() - started) * 1000)
    return max(statistics.median(times) for times in taken.values())


def measured() -> list[Line]:
    """The patient page, first opened and again, and its slowest query."""
    with tempfile.TemporaryDirectory(prefix="pages-") as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        environment = {
            "DASHBOARD_STORE": str(folder / "store"),
            "DASHBOARD_WORKFLOW_URL": f"sqlite:///{folder}/workflow.sqlite",
        }
        command = [sys.executable, "-m", "dashboard.cli", "demo"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        empty, warm, cold = [], [], []
        for _ in range(ROUNDS):
            empty.append(_empty_page(browser, folder))
            again, first = _patient_page(browser, environment)
            warm.append(again)
            cold.append(first)
        browser.close()
        query_ms = _slowest_query_ms(environment)
    base = statistics.median(empty)
    warm_ratio, cold_ratio = statistics.median(warm) / base, statistics.median(cold) / base
    return [
        Line("empty page of a fresh app", base, "server CPU ms"),
        Line("patient page again, times an empty page", warm_ratio, "×", WARM_BUDGET),
        Line("patient page of another patient, times an empty page", cold_ratio, "×", COLD_BUDGET),
        Line("slowest query of the patient page", query_ms, "ms", QUERY_BUDGET_MS),
    ]
