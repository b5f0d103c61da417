"""Tests on PostgreSQL without a server: left out on a desk, a failure in continuous integration."""

import pytest

from tests import postgres
from tests.required import REQUIRED


@pytest.fixture
def no_server(monkeypatch):
    monkeypatch.setattr(postgres, "programs", lambda: None)
    monkeypatch.setattr(postgres, "install", lambda: "none here")


def test_without_a_server_tests_on_it_are_left_out(no_server, monkeypatch):
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="none here"), postgres.server():
        pass


def test_where_a_server_is_required_its_absence_is_a_failure(no_server, monkeypatch):
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="NOT RUN on PostgreSQL"), postgres.server():
        pass
