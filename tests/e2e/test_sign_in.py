"""Sign-in in a real browser: whatever is asked for first, on a server just started."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import jwt
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.ui.frame import HOME, PAGES
from tests.e2e.conftest import servers_in, sign_in

pytestmark = pytest.mark.e2e

OTHERS = [spec for spec in PAGES if spec is not HOME]
UNKNOWN = ("nothing-here", "app.py", "home")


def expect_only_the_sign_in_page(page: Page) -> None:
    expect(page.get_by_role("textbox", name="Password")).to_be_editable()
    assert [h.inner_text() for h in page.get_by_role("heading").all()] == ["ctDNA monitor", "Sign in"]
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("spec", OTHERS, ids=lambda spec: spec.url_path)
def test_the_first_address_asked_of_a_fresh_server_opens_after_sign_in(page: Page, server: str, spec) -> None:
    page.goto(f"{server}/{spec.url_path}")
    expect_only_the_sign_in_page(page)
    sign_in(page)
    expect(page.get_by_role("heading", name=spec.title, exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/{spec.url_path}$"))
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("path", ["", "pages/review/patient.py", "~/+/patient"])
def test_the_start_page_and_odd_addresses_of_a_fresh_server_show_nothing_of_the_study(
    page: Page, server: str, path: str
) -> None:
    page.goto(f"{server}/{path}")
    page.wait_for_load_state("networkidle")
    assert "Alpha" not in page.content()
    page.goto(server)
    expect_only_the_sign_in_page(page)


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_address_of_a_fresh_server_shows_the_sign_in_page_and_then_home(
    page: Page, server: str, path: str
) -> None:
    page.goto(f"{server}/{path}")
    expect_only_the_sign_in_page(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()


@pytest.fixture(scope="module")
def used_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for the tests that need no fresh one."""
    with servers_in(tmp_path_factory.mktemp("used")) as start:
        yield start()


def test_on_a_server_in_use_every_address_shows_only_the_sign_in_page(
    context: BrowserContext, used_server: str
) -> None:
    for path in ("", *(spec.url_path for spec in PAGES), *UNKNOWN):
        page = context.new_page()
        page.goto(f"{used_server}/{path}")
        expect_only_the_sign_in_page(page)
        page.close()


def test_a_page_of_another_role_is_refused_neutrally(page: Page, used_server: str) -> None:
    page.goto(f"{used_server}/data")
    sign_in(page, "oncologist")
    expect(page.get_by_text("This page is not available to you")).to_be_visible()
    expect(page.get_by_role("link", name="Data", exact=True)).to_have_count(0)


@pytest.mark.filterwarnings("ignore:The HMAC key")  # name and key are the library's own defaults
def test_signing_in_leaves_no_cookie_and_a_cookie_of_the_library_signs_nobody_in(
    page: Page, context: BrowserContext, used_server: str
) -> None:
    expires = (datetime.now() + timedelta(days=30)).timestamp()
    forged = jwt.encode({"username": "admin", "exp_date": expires}, "some_key", algorithm="HS256")
    context.add_cookies([{"name": "some_cookie_name", "value": forged, "url": used_server}])
    page.goto(used_server)
    expect_only_the_sign_in_page(page)
    before = {cookie["name"]: cookie["value"] for cookie in context.cookies()}

    sign_in(page)
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    after = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    assert after == before
    assert not page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage)).join()").count(
        "token"
    )


def test_after_sign_out_neither_back_nor_reload_brings_anything_back(page: Page, used_server: str) -> None:
    page.goto(f"{used_server}/overview")
    sign_in(page)
    expect(page.get_by_role("heading", name="Overview", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Overview", exact=True)).to_have_count(0)
    page.goto(f"{used_server}/overview")
    expect_only_the_sign_in_page(page)


def test_a_wrong_password_is_refused_and_pages_ask_nothing_of_other_hosts(
    page: Page, used_server: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(used_server)
    sign_in(page, password="wrong")
    expect(page.get_by_text("These details were not accepted")).to_be_visible()
    sign_in(page)
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    assert [url for url in asked if not url.startswith((used_server, "data:", "blob:"))] == []
