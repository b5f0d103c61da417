"""Every page of the navigation in a real browser, light and dark, under the accessibility checker."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.access.roles import may
from dashboard.ui.frame import PAGES, PageSpec
from dashboard.workflow.models import Role
from tests.e2e.conftest import settle, sign_in

pytestmark = pytest.mark.e2e

# Streamlit's own navigation puts section headings into its list (1.67); nothing of ours can change it.
KNOWN_OF_STREAMLIT = {"list", "listitem"}
# The first of these that may see a page looks at it.
ROLES = {Role.COORDINATOR: "coordinator", Role.ADMINISTRATOR: "admin"}


@pytest.fixture(scope="module")
def open_as(browser: Browser, sample_server: str) -> Iterator[Callable[[str, str], Page]]:
    """Gives the window of a user in a colour scheme; signed in once, for all pages."""

    @cache
    def window(username: str, theme: str) -> Page:
        page = browser.new_context(color_scheme=theme).new_page()  # type: ignore[arg-type]
        page.goto(sample_server)
        sign_in(page, username)
        expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
        return page

    yield window
    for context in browser.contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("spec", PAGES, ids=[spec.url_path or "home" for spec in PAGES])
def test_the_accessibility_checker_objects_to_nothing_of_ours(
    open_as: Callable[[str, str], Page], spec: PageSpec, theme: str
) -> None:
    username = next(name for role, name in ROLES.items() if may(role, spec.permission))
    page = open_as(username, theme)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=spec.title, exact=True).click()
    if spec.url_path:
        page.wait_for_url(f"**/{spec.url_path}")
    settle(page)
    assert page.get_by_test_id("stException").count() == 0
    assert _objections(page) == {}


def test_a_button_that_saves_is_legible_in_the_dark(open_as: Callable[[str, str], Page]) -> None:
    page = open_as("coordinator", "dark")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Worklist", exact=True).click()
    page.get_by_role("button", name="Mark reviewed").first.click()
    expect(page.get_by_role("button", name="Reviewed", exact=True)).to_be_visible()
    assert _objections(page) == {}


def _objections(page: Page) -> dict[str, str]:
    """What the checker objects to, by rule, with the first place; what only Streamlit could mend left out."""
    found = Axe().run(page).response["violations"]
    return {one["id"]: one["nodes"][0]["html"] for one in found if one["id"] not in KNOWN_OF_STREAMLIT}
