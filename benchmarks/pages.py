"""Server time of the patient page against an empty page of a fresh app, and of every query behind it.

CPU time of the server process is read from /proc before and after a number of reruns that a browser asks for.
Both servers are fresh and asked in turn, so that a busy machine slows both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.browser import RERUNS, cost, empty_page, launched, settle, sign_in, streamlit_server
from benchmarks.measure import ROOT, Line
from dashboard.figures.patient.timeline import SQL
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot

ROUNDS = 3
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


def _slowest_query_ms(environment: dict[str, str]) -> float:
    """Median of the slowest query of the timeline, over 60 patients of the largest sample study.

    Of CPU time: the engine's threads are this process's, and nothing else runs in it.
    """
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
            started = time.process_time()
            reader.rows(statement, {"patient_id": patient_id} if "$patient_id" in statement else None)
            taken[statement].append((time.process_time() - started) * 1000)
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
        browser = launched(playwright)
        empty, warm, cold = [], [], []
        for _ in range(ROUNDS):
            empty.append(empty_page(browser, folder))
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
        Line("slowest query of the patient page", query_ms, "CPU ms", QUERY_BUDGET_MS),
    ]
