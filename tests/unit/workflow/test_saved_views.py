"""Views behind the tokens of links."""

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.errors import NoSuchEntry
from dashboard.workflow.saved_views import View, find_view, save_view

VIEW = View(
    page="patient",
    study_id="k4care",
    patient_id="K4C-0012",
    snapshot_id="2026-02-28-0123abcd",
    cut_off=dt.date(2026, 2, 28),
    choices={"scale": "linear", "first": None, "marked": ["2026-01-05"]},
)


def test_a_view_comes_back_by_its_token_exactly_as_it_was(staffed, author):
    assert find_view(staffed, save_view(staffed, VIEW, author=author("ada"))) == VIEW


def test_each_link_has_its_own_token_and_it_says_nothing(staffed, author):
    tokens = [save_view(staffed, VIEW, author=author("ada")) for _ in range(2)]
    assert len(set(tokens)) == 2
    assert {len(token) for token in tokens} == {22}
    assert not any("K4C" in token for token in tokens)


@pytest.mark.parametrize("token", ["", "invented", "x" * 65, "a\x00b", "a b", "\N{CYRILLIC SMALL LETTER A}"])
def test_whatever_else_an_address_holds_leads_nowhere(staffed, token):
    with pytest.raises(NoSuchEntry):
        find_view(staffed, token)


@pytest.mark.parametrize("change", ["update saved_view set patient_id = 'x'", "delete from saved_view"])
def test_no_view_can_be_changed_or_deleted(staffed, author, change):
    token = save_view(staffed, VIEW, author=author("ada"))
    with pytest.raises(DBAPIError), staffed.begin() as connection:
        connection.execute(text(change))
    assert find_view(staffed, token) == VIEW
