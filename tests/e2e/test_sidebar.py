"""The sidebar on a small laptop: study and data cut stand above the pages and open at the first click."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, sign_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def small_window(page: Page, sample_server: str) -> Page:
    """The start page in a window of 1280 by 720."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(sample_server)
    sign_in(page, "investigator")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    settle(page)
    return page


def top(page: Page, role: str, name: str) -> float:
    box = page.get_by_test_id("stSidebar").get_by_role(role, name=name, exact=True).bounding_box()  # type: ignore[arg-type]
    assert box is not None
    return box["y"]


def test_study_and_data_cut_stand_above_the_pages_and_the_account_below(small_window: Page) -> None:
    order = [
        top(small_window, "combobox", "Study"),
        top(small_window, "combobox", "Data cut-off"),
        top(small_window, "link", "Home"),
        top(small_window, "link", "Study rules"),
        top(small_window, "button", "Sign out"),
    ]
    assert order == sorted(order)
    assert order[1] < 200
    assert order[2] - order[1] < 80


def test_a_study_is_chosen_with_two_clicks_and_the_pages_stay_in_reach(small_window: Page) -> None:
    small_window.get_by_role("combobox", name="Study", exact=True).click()
    small_window.get_by_role("option", name="Oligomets", exact=True).click()
    settle(small_window)
    small_window.get_by_test_id("stSidebarNav").get_by_role("link", name="Study rules").click()
    expect(small_window.get_by_text("Pulmonary oligometastases").first).to_be_visible()
    small_window.get_by_role("button", name="Sign out").click()
    expect(small_window.get_by_role("textbox", name="Password")).to_be_visible()


def test_the_tab_key_reaches_study_and_data_cut_before_the_pages(small_window: Page) -> None:
    reached = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    small_window.get_by_role("combobox", name="Study", exact=True).focus()
    names = []
    for _ in range(8):
        small_window.keyboard.press("Tab")
        names.append(small_window.evaluate(reached).split("\n")[-1])
    assert names[0] == "Data cut-off"
    assert names.index("Data cut-off") < names.index("Home") < names.index("Worklist")
