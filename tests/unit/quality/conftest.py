"""Every check that a file of these tests looks at has a hit and a near miss in it."""

from collections.abc import Iterator

import pytest

from tests.unit.quality.tables import SEEN


@pytest.fixture(scope="module", autouse=True)
def hits_and_near_misses(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails after the last test of a file where a check found something in all of its cases, or in none."""
    SEEN.clear()
    yield
    config = request.config
    is_part = bool(config.getoption("keyword")) or any("::" in argument for argument in config.args)
    one_sided = sorted(check_id for check_id, seen in SEEN.items() if seen != {True, False})
    assert is_part or request.session.testsfailed or not one_sided, f"a hit and a near miss: {one_sided}"
