"""A coordinator in the morning: from signing in to a request that is copied, and to the file of a site."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, sign_in

pytestmark = pytest.mark.e2e
MOST_CLICKS = 3


@pytest.fixture
def coordinator(page: Page, sample_server: str) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=sample_server)
    page.goto(sample_server)
    sign_in(page)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    return page


class Clicks:
    """Counts the clicks of a task."""

    def __init__(self) -> None:
        self.n = 0

    def click(self, place) -> None:
        place.click()
        self.n += 1


def test_a_request_is_copied_within_three_clicks_of_signing_in(coordinator: Page):
    page, clicks = coordinator, Clicks()
    clicks.click(page.get_by_test_id("stSidebarNav").get_by_role("link", name="Follow-up"))
    expect(page.get_by_role("heading", name="Follow-up", exact=True)).to_be_visible()
    clicks.click(page.get_by_role("button", name="Ask").first)
    code = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    expect(code).to_be_visible()
    code.hover()
    clicks.click(code.get_by_role("button"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == code.inner_text().strip()
    assert copied
    assert clicks.n <= MOST_CLICKS


def test_the_patient_of_a_row_opens_with_one_click(coordinator: Page):
    page = coordinator
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Follow-up").click()
    settle(page)  # a row is drawn cell by cell
    button = page.locator(".st-key-worklist_row-follow_up-0").get_by_role("button").first
    patient = button.inner_text().strip()
    button.click()
    expect(page.get_by_role("heading", name=patient, exact=True)).to_be_visible()


def test_the_file_of_a_site_opens_with_dates_a_frozen_header_and_no_formula(
    coordinator: Page, tmp_path: Path
):
    page = coordinator
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Follow-up").click()
    page.get_by_role("button", name="Excel files").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="(XLSX)").nth(1).click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    sheet = load_workbook(file)["Follow-up"]
    titles = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet.cell(
        2, next(n for n, title in enumerate(titles) if title.startswith("Closes on")) + 1
    ).is_date
    assert sheet.cell(2, next(n for n, title in enumerate(titles) if title.startswith("Request")) + 1).value


def test_a_page_opened_by_a_button_keeps_the_study_chosen(coordinator: Page):
    page = coordinator
    page.set_viewport_size({"width": 1280, "height": 1200})
    page.get_by_role("combobox", name="Study").click()
    page.get_by_role("option", name="K4Care", exact=True).click()
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Follow-up").click()
    page.get_by_role("button", name="not linked to a patient").first.click()
    expect(page.get_by_role("heading", name="Laboratory results not linked to a patient")).to_be_visible()
    settle(page)
    assert page.get_by_role("combobox", name="Study").input_value() == "K4Care"
