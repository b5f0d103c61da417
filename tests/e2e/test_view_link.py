"""A link to a view in a real browser: somebody else opens it, signs in and sees what was shown."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settle, sign_in
from tests.e2e.test_review_a_patient import choose

pytestmark = pytest.mark.e2e
# The first page of a fresh server, on a machine that may be busy with other tests.
FIRST_PAGE_MS = 120_000


def opened(browser: Browser, address: str, *, username: str) -> Page:
    """The address in a browser that has never been here, after sign-in."""
    page = browser.new_context().new_page()
    page.goto(address)
    sign_in(page, username)
    expect(page.get_by_test_id("stSidebar")).to_be_visible(timeout=FIRST_PAGE_MS)
    settle(page)
    return page


def test_a_link_opens_the_same_patient_and_timeline_in_another_browser_after_sign_in(
    browser: Browser, sample_server: str
) -> None:
    page = opened(browser, f"{sample_server}/patient", username="oncologist")
    expect(page.get_by_role("button", name="Next")).to_be_visible(timeout=FIRST_PAGE_MS)
    choose(page, "Study", "Oligomets")
    page.get_by_role("button", name="Next").click()
    settle(page)
    page.get_by_role("radio", name="Linear").click()
    settle(page)
    patient_id = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Link", exact=True).click()
    settle(page)
    address = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text().strip()
    page.context.close()
    assert re.fullmatch(re.escape(f"{sample_server}/patient?view=") + r"[\w-]{22}", address)

    other = opened(browser, address, username="investigator")
    expect(other.get_by_role("heading", name=patient_id, exact=True)).to_be_visible()
    expect(other.get_by_role("radio", name="Linear")).to_be_checked()
    expect(other).to_have_url(f"{sample_server}/patient")
    other.context.close()

    refused = opened(browser, address, username="admin")
    expect(refused.get_by_text("This page is not available to you.")).to_be_visible()
    assert patient_id not in refused.content()
    refused.context.close()
