"""A test that cannot run here: left out on a desk, a failure in continuous integration."""

import os
from typing import NoReturn

import pytest

# Set by continuous integration, where nobody would see that tests were left out.
REQUIRED = "DASHBOARD_REQUIRE_ALL"


def leave_out(reason: str) -> NoReturn:
    """End the test: skipped with the reason, or failed where everything is required to run."""
    if os.environ.get(REQUIRED):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
