"""A run says how many tests had real data, and `--require-shared` fails where the data are absent."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

TWO_TESTS = (
    "def test_with(shared_data):\n    assert shared_data.is_dir()\n\ndef test_without():\n    assert True\n"
)


@pytest.fixture
def run(tmp_path: Path):
    """Runs two tests, one of which asks for real data, in a checkout of their own."""
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    (tmp_path / "tests" / "test_two.py").write_text(TWO_TESTS, encoding="utf-8")
    (tmp_path / "present" / "data").mkdir(parents=True)

    def run_pytest(shared: str, *options: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DASHBOARD_SHARED": shared, "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "tests", "-rs", "-p", "no:cacheprovider", *options],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run_pytest


def test_present_data_are_counted(run):
    result = run("present")
    assert "real-data tests: 1 ran\n" in result.stdout
    assert result.returncode == 0


def test_absent_data_are_said_to_be_not_run(run):
    result = run("absent")
    assert "real-data tests: 0 ran, 1 NOT RUN\n" in result.stdout
    assert "NOT RUN: no absent/data here" in result.stdout
    assert "1 passed, 1 skipped" in result.stdout
    assert result.returncode == 0


def test_absent_data_fail_the_run_that_requires_them(run):
    result = run("absent", "--require-shared", "-m", "real")
    assert "NOT RUN: no absent/data here" in result.stdout
    assert result.returncode == 1
