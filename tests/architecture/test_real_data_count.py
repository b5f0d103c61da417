"""A run says how many tests had real data, and `--require-shared` fails where the data are absent."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.required import REQUIRED

TWO_TESTS = (
    "def test_with(shared_data):\n    assert shared_data.is_dir()\n\ndef test_without():\n    assert True\n"
)

OTHER_TEST = (
    "from tests.required import leave_out\n\ndef test_other():\n    leave_out('NOT RUN: nothing here')\n"
)


@pytest.fixture
def run(tmp_path: Path):
    """Runs two tests, one of which asks for real data, or another, in a checkout of their own."""
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "required.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    (tmp_path / "tests" / "test_two.py").write_text(TWO_TESTS, encoding="utf-8")
    (tmp_path / "tests" / "test_other.py").write_text(OTHER_TEST, encoding="utf-8")
    (tmp_path / "present" / "data").mkdir(parents=True)

    def run_pytest(
        shared: str, *options: str, file: str = "test_two.py", **more: str
    ) -> subprocess.CompletedProcess[str]:
        alone = {name: value for name, value in os.environ.items() if name != REQUIRED} | more
        environment = alone | {"DASHBOARD_SHARED": shared, "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
        return subprocess.run(
            [sys.executable, "-m", "pytest", f"tests/{file}", "-rs", "-p", "no:cacheprovider", *options],
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


def test_what_cannot_run_elsewhere_is_said_to_be_not_run(run):
    result = run("absent", file="test_other.py")
    assert "other tests: 1 NOT RUN\n" in result.stdout
    assert result.returncode == 0


def test_what_cannot_run_fails_where_everything_is_required(run):
    result = run("absent", file="test_other.py", **{REQUIRED: "1"})
    assert "NOT RUN: nothing here" in result.stdout
    assert result.returncode == 1
