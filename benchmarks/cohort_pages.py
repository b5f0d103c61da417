"""Server time of a cohort page after a filter change at 5,000 patients, beyond its queries.

All servers are fresh and forget their figures before each state of a page. Every change chooses one more value
of a question of the filter, so that each gives a cohort nobody has asked for; going back through them shows
what the page costs with its figures kept.
"""

import re
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.browser import (
    PATIENCE_MS,
    cpu_ms,
    empty_page,
    free_port,
    launched,
    server,
    settle,
    sign_in,
)
from benchmarks.many_patients import many_patients
from benchmarks.measure import ROOT, Line
from benchmarks.page_states import (
    BY_GROUP,
    BY_TREATMENT,
    SECOND_DRAW,
    SWIMMER,
    TIME_DEPENDENT,
    WITH_RATIO,
    PageState,
    opened,
)
from benchmarks.served import forget_figures, query_ms

BUDGET = 3.5
CHANGES, ROUNDS = 5, 2
# A value of a question ends with its number of patients; what chooses all of them does not.
VALUE = re.compile(r"\(\d+\)$")
N_OF_N = re.compile(r"^\d+ of \d+ patients$")


@dataclass(frozen=True)
class Measured:
    """A study with many patients, the question of the filter that is answered, the states that are shown."""

    study_id: str
    short_title: str
    question: str
    states: tuple[PageState, ...]


# Clearance is compared in the one study whose definition asks for it.
STUDIES = (
    Measured(
        "cdk46",
        "CDK4/6",
        "Site",
        (
            opened("Overview"),
            opened("Survival"),
            BY_GROUP,
            BY_TREATMENT,
            WITH_RATIO,
            opened("Response"),
            SWIMMER,
            opened("Treatment"),
            opened("Biomarkers"),
            opened("Safety"),
        ),
    ),
    Measured("k4care", "K4Care", "Tumour type", (opened("Clearance"), SECOND_DRAW, TIME_DEPENDENT)),
)


@dataclass(frozen=True)
class Redraw:
    """CPU milliseconds of the server for one redraw: all of it, and that of its queries."""

    whole: float
    queries: float


@dataclass(frozen=True)
class Redraws:
    """Those of one page: with a cohort asked for the first time, and again."""

    first: list[Redraw] = field(default_factory=list)
    again: list[Redraw] = field(default_factory=list)


@dataclass(frozen=True)
class Served:
    """A server, the browser page that shows it, and the file with the time of its queries."""

    address: str
    pid: int
    page: Page
    queries: Path

    def redraw(self, act: Callable[[], None]) -> Redraw:
        """What a step that changes the number of patients counted costs the server."""
        counted = self.page.get_by_text(N_OF_N).first
        before = counted.inner_text()
        whole, queries = cpu_ms(self.pid), query_ms(self.queries)
        act()
        # The new count is at the top of the page: the script has begun, and `settle` waits for its end.
        expect(counted).not_to_have_text(before, timeout=PATIENCE_MS)
        settle(self.page)
        return Redraw(cpu_ms(self.pid) - whole, query_ms(self.queries) - queries)


def measured(folder: Path, *, n_patients: int, only: tuple[str, ...] = ()) -> list[Line]:
    """Lines for each state of a page: its redraw after a filter change in empty pages, its queries, and it again.

    `only` names pages in small letters; all where empty.
    """
    store = folder / f"store-{n_patients}"
    for study in STUDIES:
        many_patients(store, study.study_id, n_patients=n_patients)
    empty: list[float] = []
    found: dict[PageState, Redraws] = {}
    with tempfile.TemporaryDirectory(prefix="pages-") as scratch, sync_playwright() as playwright:
        browser = launched(playwright)
        for study in STUDIES * ROUNDS:
            empty.append(empty_page(browser, Path(scratch)))
            with _served(browser, study, store=store, scratch=Path(scratch)) as served:
                for state in study.states:
                    if not only or state.page.lower() in only:
                        _measure(served, state, study.question, into=found.setdefault(state, Redraws()))
        browser.close()
    base = statistics.median(empty)
    return [
        Line("empty page of a fresh app", base, "server CPU ms"),
        *(
            line
            for state, own in found.items()
            for line in _lines(state, own, base=base, n_patients=n_patients)
        ),
    ]


def _lines(state: PageState, found: Redraws, *, base: float, n_patients: int) -> list[Line]:
    what = f"{state.what} at {n_patients:,} patients"
    budget = None if state.fits_models else BUDGET
    beyond = statistics.median(one.whole - one.queries for one in found.first) / base
    kept = statistics.median(one.whole for one in found.again) / base
    queries = statistics.median(one.queries for one in found.first)
    return [
        Line(f"{what}, filter changed, beyond its queries, times an empty page", beyond, "×", budget),
        Line(f"{what}, queries of a filter change", queries, "CPU ms"),
        Line(f"{what}, same filter again, times an empty page", kept, "×", BUDGET),
    ]


@contextmanager
def _served(browser: Browser, study: Measured, *, store: Path, scratch: Path) -> Iterator[Served]:
    """A fresh server with the study chosen; the workflow database is new as well."""
    port = free_port()
    queries = scratch / f"queries-{port}"
    environment = {
        "DASHBOARD_STORE": str(store),
        "DASHBOARD_WORKFLOW_URL": f"sqlite:///{scratch}/workflow-{port}.sqlite",
    }
    command = ["-m", "benchmarks.served", str(port), str(queries)]
    with server(command, port=port, folder=ROOT, environment=environment) as (address, pid):
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        page.set_default_timeout(PATIENCE_MS)
        sign_in(page, address)
        page.get_by_role("combobox", name="Study").click()
        page.get_by_role("option", name=study.short_title, exact=True).click()
        settle(page)
        yield Served(address, pid, page, queries)
        page.close()


def _measure(served: Served, state: PageState, question: str, *, into: Redraws) -> None:
    """Open a page from the navigation, choose values one by one, reset the filter and choose them again."""
    page = served.page
    forget_figures(served.pid)
    # By way of another page, so that what was chosen on this one is forgotten too.
    page.get_by_role("link", name="Home", exact=True).click()
    settle(page)
    page.get_by_role("link", name=state.page, exact=True).click()
    page.get_by_role("heading", name=state.page, exact=True).first.wait_for()
    settle(page)
    for step in state.steps:
        step(page)
    asked = page.get_by_role("combobox", name=question, exact=True)

    def choose() -> None:
        page.get_by_role("option").filter(has_text=VALUE).first.click()

    for redraws in (into.first, into.again):
        for _ in range(CHANGES):
            # The first choice puts a chip before the filter, which closes it.
            if not asked.is_visible():
                page.get_by_role("button", name="Filter").click()
            asked.click()
            redraws.append(served.redraw(choose))
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Reset", exact=True).click()
        settle(page)
