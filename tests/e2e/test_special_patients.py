"""The patient page of special patients in a browser: light and dark, on a narrow and on a wide screen."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from tests.e2e.conftest import ROOT, ended, environment_of, settle, sign_in, started
from tests.e2e.test_accessibility import KNOWN_OF_STREAMLIT
from tests.e2e.test_review_a_patient import choose
from tests.special_patients import write_special_study

pytestmark = pytest.mark.e2e
SIZES = {1280: 1000, 1920: 1080}
# The first page of a fresh server, on a machine that may be busy with other tests.
FIRST_PAGE_MS = 120_000
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(rf"\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b|\b(?:{MONTHS}) (?:19|20)\d\d\b")
# Study, its name in the picker, and what makes the patient special as a condition on patient_summary.
SPECIAL = {
    "two samples": ("k4care", "K4Care", "n_valid_samples = 2 and last_scan_on is not null"),
    "most samples": ("cdk46", "CDK4/6", "n_samples = (select max(n_samples) from patient_summary)"),
    "three lines": ("cdk46", "CDK4/6", "current_line = 3 and n_valid_samples > 3"),
    "oligometastasis": ("pulmonary-oligomets", "Oligomets", "n_valid_samples > 4"),
    "only failed samples": ("k4care", "K4Care", "n_samples > 0 and n_valid_samples = 0"),
}
# Words wider than their place; a table scrolls, and the arrow of a button that opens sticks out by design.
CUT = """main => [...main.querySelectorAll('p, h1, h2, button, label, li')]
    .filter(one => one.offsetParent && one.innerText && one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).display !== 'inline'
        && !one.closest('[data-testid=stDataFrame], [data-testid=stPopover]'))
    .map(one => one.innerText.slice(0, 80))"""


@pytest.fixture(scope="module")
def relative_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a study without calendar dates."""
    folder = tmp_path_factory.mktemp("relative")
    study = write_special_study(folder / "studies", calendar="relative")
    environment = environment_of(folder, studies=folder / "studies")
    command = [sys.executable, "-m", "dashboard.cli", "build", str(study), "--cut-off", "2024-06-30"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    process, address = started(environment, folder)
    yield address
    ended(process)


@pytest.fixture(scope="module")
def open_page(browser: Browser) -> Iterator[Callable[[str, str, int], Page]]:
    """Gives the patient page of a server in a colour scheme and width; signed in once each."""

    @cache
    def window(address: str, theme: str, width: int) -> Page:
        context = browser.new_context(
            color_scheme=theme,  # type: ignore[arg-type]
            viewport={"width": width, "height": SIZES[width]},
        )
        page = context.new_page()
        page.set_default_timeout(FIRST_PAGE_MS)
        page.goto(f"{address}/patient")
        sign_in(page, "oncologist")
        expect(page.get_by_role("button", name="Next")).to_be_visible(timeout=FIRST_PAGE_MS)
        settle(page)
        return page

    yield window
    for context in browser.contexts:
        context.close()


def patient_of(store: str, study_id: str, condition: str) -> str:
    """The first patient of the condition."""
    snapshot = current_snapshot(Path(store), study_id)
    assert snapshot is not None
    sql = f"select min(patient_id) as patient_id from patient_summary where {condition}"
    return str(Reader(snapshot).records(sql)[0]["patient_id"])


def open_patient(page: Page, study: str, patient_id: str) -> None:
    """Choose a study and a patient with the pickers."""
    if page.get_by_role("combobox", name="Study").input_value() != study:
        choose(page, "Study", study)
    box = page.get_by_role("combobox", name="Patient")
    box.click()
    box.fill(patient_id)
    page.get_by_role("option", name=patient_id, exact=True).click()
    expect(page.get_by_role("heading", name=patient_id, exact=True)).to_be_visible()
    settle(page)


def expect_a_sound_page(page: Page) -> None:
    """No error, nothing wider than its place, the drawing inside its card, nothing the checker objects to."""
    assert page.get_by_test_id("stException").count() == 0
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert main.evaluate(CUT) == []
    chart = page.get_by_test_id("stVegaLiteChart").first
    drawn, around = chart.locator("canvas, svg").first.bounding_box(), chart.bounding_box()
    assert drawn is not None
    assert around is not None
    assert drawn["height"] > 300
    assert drawn["x"] >= around["x"]
    assert drawn["x"] + drawn["width"] <= around["x"] + around["width"] + 1
    found = Axe().run(page).response["violations"]
    ours = {one["id"]: one["nodes"][0]["html"] for one in found if one["id"] not in KNOWN_OF_STREAMLIT}
    assert ours == {}


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", SPECIAL)
def test_the_page_of_a_special_patient_is_sound(
    open_page: Callable[[str, str, int], Page],
    sample_server: str,
    sample_environment: dict[str, str],
    kind: str,
    theme: str,
    width: int,
) -> None:
    study_id, study, condition = SPECIAL[kind]
    page = open_page(sample_server, theme, width)
    patient_id = patient_of(sample_environment["DASHBOARD_STORE"], study_id, condition)
    open_patient(page, study, patient_id)
    assert patient_id not in page.url
    assert patient_id not in page.title()
    expect_a_sound_page(page)


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_a_patient_without_calendar_dates_is_sound(
    open_page: Callable[[str, str, int], Page], relative_server: str, theme: str, width: int
) -> None:
    page = open_page(relative_server, theme, width)
    open_patient(page, "Small", "THREE")
    expect_a_sound_page(page)
    course = page.get_by_test_id("stVegaLiteChart").first.get_attribute("aria-label") or ""
    assert DATE.findall(course) == []


def test_the_keys_n_and_p_lead_to_the_next_and_the_previous_patient(
    open_page: Callable[[str, str, int], Page], relative_server: str
) -> None:
    page = open_page(relative_server, "light", 1280)
    open_patient(page, "Small", "ONEDAY")
    for key, patient_id in (("n", "THREE"), ("n", "TWO"), ("p", "THREE"), ("p", "ONEDAY")):
        page.get_by_test_id("stMain").press(key)
        expect(page.get_by_role("heading", name=patient_id, exact=True)).to_be_visible()
        settle(page)


@pytest.mark.parametrize("kind", ["two samples", "most samples", "oligometastasis"])
def test_a_shared_screen_tells_nobody_who_or_when(
    open_page: Callable[[str, str, int], Page],
    sample_server: str,
    sample_environment: dict[str, str],
    kind: str,
) -> None:
    study_id, study, condition = SPECIAL[kind]
    page = open_page(sample_server, "light", 1280)
    patient_id = patient_of(sample_environment["DASHBOARD_STORE"], study_id, condition)
    open_patient(page, study, patient_id)
    share = page.get_by_role("switch", name="Screen share").or_(
        page.get_by_role("checkbox", name="Screen share")
    )
    share.first.check(force=True)
    try:
        expect(page.get_by_role("heading", name="Patient", exact=True)).to_be_visible()
        settle(page)
        everything = "\n".join([page.content(), page.url, page.title(), *tooltips(page)])
        assert patient_id not in everything
        assert DATE.findall(everything) == []
        assert not re.search(r"\bborn\b", everything)
        # No file can be saved, so none can have a name.
        assert page.get_by_role("button", name="Files").count() == 0
        assert page.locator("[data-testid=stDownloadButton]").count() == 0
    finally:
        share.first.uncheck(force=True)
        expect(page.get_by_role("heading", name=patient_id, exact=True)).to_be_visible()
        settle(page)


def tooltips(page: Page) -> list[str]:
    """Words of the tooltips met on a walk over the drawing; fails where there was none."""
    box = page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first.bounding_box()
    assert box is not None
    said = set()
    for down in range(20, int(min(box["height"], 700)), 16):
        for across in range(120, int(box["width"]) - 110, 12):
            page.mouse.move(box["x"] + across, box["y"] + down)
            tip = page.locator("#vg-tooltip-element.visible")
            if tip.count():
                said.add(tip.inner_text())
        if len(said) > 4:
            break
    assert said
    return sorted(said)
