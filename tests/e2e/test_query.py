"""A coordinator's task in a real browser: from a data issue to a query, to "answered by data"."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ROOT, ended, environment_of, sign_in, started
from tests.small_study import TREATMENTS, write_small_study

pytestmark = pytest.mark.e2e
STOPPED = TREATMENTS.replace("regimen,agents", "regimen,agents,stop_reason").replace(
    "fluorouracil + oxaliplatin", "fluorouracil + oxaliplatin,toxicity"
)
# The end of the treatment lies before its start.
WRONG = TREATMENTS.replace("2024-02-03,2024-06-01", "2024-02-03,2024-01-05")


def build(folder: Path, cut_off: str, **changed: str) -> None:
    study = write_small_study(folder, cut_off=cut_off, **changed)
    command = [sys.executable, "-m", "dashboard.cli", "build", str(study), "--cut-off", cut_off]
    environment = environment_of(folder, studies=folder)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def select_first_row(grid: Locator) -> None:
    """Click the box before the first row: the grid is drawn, so it is found by its place."""
    expect(grid.locator("table tbody tr").first).to_be_attached()
    grid.click(position={"x": 14, "y": 52})


def first_row(page: Page) -> Locator:
    """Texts of the first row of the list, as a screen reader gets them."""
    return page.get_by_test_id("stDataFrame").first.locator("table tbody tr").first


def test_a_flagged_data_issue_becomes_a_query_that_the_next_data_cut_answers(
    page: Page, tmp_path: Path
) -> None:
    build(tmp_path, "2024-06-30", treatment=WRONG)
    process, address = started(environment_of(tmp_path, studies=tmp_path), tmp_path)
    try:
        page.goto(f"{address}/data")
        sign_in(page)
        page.get_by_text("Data issues 1", exact=True).click()
        select_first_row(page.get_by_test_id("stDataFrame").nth(1))
        page.get_by_role("button", name="Raise a query").click()
        page.get_by_role("textbox", name="Question to the site").fill("Which date is right?")
        page.get_by_role("button", name="Raise", exact=True).click()
        expect(page.get_by_text("1 query raised.")).to_be_visible()

        page.get_by_role("link", name="Queries", exact=True).click()
        expect(page.get_by_text("1 of 1 query.")).to_be_visible()
        expect(first_row(page)).to_contain_text("Open")

        build(tmp_path, "2024-07-31")
        page.get_by_role("link", name="Home", exact=True).click()
        expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
        page.get_by_role("link", name="Queries", exact=True).click()
        expect(first_row(page)).to_contain_text("Answered by data")
        select_first_row(page.get_by_test_id("stDataFrame").first)
        expect(page.get_by_role("heading", name="History")).to_be_visible()
        expect(page.get_by_text("ended on: 2024-01-05 → 2024-06-01")).to_be_visible()
        expect(page.get_by_role("button", name="Close")).to_be_disabled()
    finally:
        ended(process)


def test_an_overdue_item_becomes_a_query_in_three_clicks_and_the_next_data_cut_answers_it(
    page: Page, tmp_path: Path
) -> None:
    """A coordinator's morning: the list, the row's button, the question as it stands."""
    build(tmp_path, "2024-06-30")
    process, address = started(environment_of(tmp_path, studies=tmp_path), tmp_path)
    try:
        page.goto(address)
        sign_in(page)
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="Follow-up").click()
        row = page.locator("[class*='st-key-worklist_row-follow_up']").filter(has_text="Reason for stopping")
        row.get_by_role("button", name="Query", exact=True).click()
        asked = page.get_by_role("textbox", name="Question to the site")
        expect(asked).to_have_value(re.compile("S-002.*no reason recorded"))
        page.get_by_role("button", name="Raise", exact=True).click()
        expect(page.get_by_text("1 query raised.")).to_be_visible()
        expect(row.get_by_text("asked ")).to_be_visible()
        build(tmp_path, "2024-07-31", treatment=STOPPED)
        page.get_by_role("link", name="Home", exact=True).click()
        expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
        page.get_by_role("link", name="Queries", exact=True).click()
        expect(first_row(page)).to_contain_text("Answered by data")
    finally:
        ended(process)
