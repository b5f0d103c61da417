"""A small valid study.toml that a test changes in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.errors import StudyDefinitionError
from dashboard.studies.load import load_study
from dashboard.studies.schema import Study

HEAD = """
[study]
study_id = "small"
title = "Small study"
short_title = "Small"

[recruitment]
opens = 2025-01-01
target = 10
sites = [{ site_id = "01", name = "Site 01" }]
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Study]:
    """Loads a definition: the small head and the text of the test."""

    def load_text(text: str, *, head: str = HEAD) -> Study:
        (tmp_path / "study.toml").write_text(head + text, encoding="utf-8")
        return load_study(tmp_path)

    return load_text


@pytest.fixture
def problems(load: Callable[[str], Study]) -> Callable[[str], list[str]]:
    """The problem lines of a definition that must be refused."""

    def refused(text: str, **options: str) -> list[str]:
        with pytest.raises(StudyDefinitionError) as caught:
            load(text, **options)
        return [line.strip() for line in str(caught.value).splitlines()[1:]]

    return refused
