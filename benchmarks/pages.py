"""Server time of the patient page against an empty page of a fresh app, and of every query behind it.

CPU time of the server process is read from /proc before and after a number of reruns that a browser asks for.
Both servers are fresh and asked in turn, so that a busy machine slows both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import (
    RERUNS,
    cost,
    empty_page,
    free_port,
    launched,
    server,
    settle,
    sign_in,
    streamlit_server,
)
from benchmarks.measure import ROOT, Line
from benchmarks.served import logged_ms

ROUNDS = 3
LARGEST_STUDY = "CDK4/6"
WARMING, N_OPENED = 3, 60
WARM_BUDGET, COLD_BUDGET, QUERY_BUDGET_MS = 3.5, 10.0, 20.0


def _patient_page(browser: Browser, environment: dict[str, str]) -> tuple[float, float]:
    """Server CPU-ms of a rerun with everything cached, and of a patient opened for the first time."""
    with streamlit_server(ROOT / "app.py", environment) as (address, pid):
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        sign_in(page, f"{address}/patient")
        following = page.get_by_role("button", name="Next")
        following.click()
        settle(page)
        cold = cost(page, pid, lambda _: following.click(), times=RERUNS)
        back_and_forth = [page.get_by_role("button", name="Previous"), following]
        warm = cost(page, pid, lambda number: back_and_forth[number % 2].click(), times=RERUNS)
        page.close()
    return warm, cold


@dataclass(frozen=True)
class _Queries:
    """Of the queries of a patient's page over 60 patients: how many there are, and the slowest.

    `median_ms` is the median of the slowest over the patients, `most_ms` its 95th percentile: what is above
    holds work of other threads that happened to run beside it.
    """

    n: int
    median_ms: float
    most_ms: float


def _queries(browser: Browser, environment: dict[str, str], folder: Path) -> _Queries:
    """Those of the largest sample study, each patient opened for the first time.

    CPU time of the process, the engine's threads included.
    """
    port, log = free_port(), folder / "queries.jsonl"
    command = ["-m", "benchmarks.served", str(port), str(folder / "queries"), str(log)]
    with server(command, port=port, folder=ROOT, environment=environment) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        sign_in(page, f"{address}/patient")
        page.get_by_role("combobox", name="Study").click()
        page.get_by_role("option", name=LARGEST_STUDY, exact=True).click()
        settle(page)
        # The first patients fill what every patient shares.
        _open_next(page, times=WARMING)
        log.write_text("", encoding="utf-8")
        _open_next(page, times=N_OPENED)
        page.close()
    # What is asked of few patients is judged like the rest.
    taken = list(logged_ms(log).values())
    return _Queries(
        n=len(taken),
        median_ms=max(statistics.median(one) for one in taken),
        most_ms=max(float(np.percentile(one, 95)) for one in taken),
    )


def _open_next(page: Page, *, times: int) -> None:
    for _ in range(times):
        page.get_by_role("button", name="Next").click()
        settle(page)


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
        browser = launched(playwright)
        empty, warm, cold = [], [], []
        for _ in range(ROUNDS):
            empty.append(empty_page(browser, folder))
            again, first = _patient_page(browser, environment)
            warm.append(again)
            cold.append(first)
        queries = _queries(browser, environment, folder)
        browser.close()
    base = statistics.median(empty)
    warm_ratio, cold_ratio = statistics.median(warm) / base, statistics.median(cold) / base
    return [
        Line("empty page of a fresh app", base, "server CPU ms"),
        Line("patient page again, times an empty page", warm_ratio, "×", WARM_BUDGET),
        Line("patient page of another patient, times an empty page", cold_ratio, "×", COLD_BUDGET),
        Line("queries of the patient page of another patient", queries.n, "queries"),
        Line("slowest query of the patient page", queries.median_ms, "CPU ms", QUERY_BUDGET_MS),
        Line("slowest query of 95 in 100 patients", queries.most_ms, "CPU ms", QUERY_BUDGET_MS),
    ]
