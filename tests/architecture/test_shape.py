"""Files and functions stay small, documented and explicit, and each checker sees what is not."""

import pytest

from tests.architecture import shape
from tests.architecture.source import Source, mart_files, python_files

STATS = "src/dashboard/stats/survival.py"


@pytest.mark.parametrize(
    "check",
    [
        shape.place_problems,
        shape.length_problems,
        shape.except_problems,
        shape.annotation_problems,
        shape.docstring_problems,
    ],
)
def test_every_file_keeps_the_shape(check):
    assert [problem for source in python_files() for problem in check(source)] == []


def test_a_page_directly_in_the_pages_folder_is_reported():
    assert shape.place_problems(Source("pages/patient.py", "")) != []
    assert shape.place_problems(Source("pages/review/patient.py", "")) == []


@pytest.mark.parametrize(
    ("path", "allowed"), [("pages/review/patient.py", 60), ("app.py", 80), ("src/dashboard/cli.py", 300)]
)
def test_a_file_is_reported_from_one_line_above_its_budget_on(path, allowed):
    assert shape.length_problems(Source(path, "x = 1\n" * allowed)) == []
    assert len(shape.length_problems(Source(path, "x = 1\n" * (allowed + 1)))) == 1


def test_every_mart_keeps_its_length():
    problems = [
        problem
        for file in mart_files()
        for problem in shape.mart_length_problems(file.name, file.read_text(encoding="utf-8"))
    ]
    assert problems == []


def test_a_mart_is_reported_from_301_lines_on():
    assert shape.mart_length_problems("a.sql", "x\n" * 300) == []
    assert len(shape.mart_length_problems("a.sql", "x\n" * 301)) == 1


def function_of(n_lines: int) -> Source:
    return Source(STATS, 'def f():\n    """Two lines\n    that do not count."""\n' + "    x = 1\n" * n_lines)


def test_a_function_is_reported_from_51_lines_on_its_docstring_left_out():
    assert shape.length_problems(function_of(50)) == []
    assert "body of 51 lines" in shape.length_problems(function_of(51))[0]


@pytest.mark.parametrize(
    "clause",
    [
        "except:",
        "except Exception:",
        "except BaseException as e:",
        "except (ValueError, builtins.Exception):",
    ],
)
def test_a_broad_except_is_reported(clause):
    assert len(shape.except_problems(Source(STATS, f"try:\n    f()\n{clause}\n    pass"))) == 1


def test_suppressing_everything_is_reported():
    assert len(shape.except_problems(Source(STATS, "with contextlib.suppress(Exception):\n    f()"))) == 1


def test_a_named_exception_is_not_reported():
    text = "try:\n    f()\nexcept (ValueError, OSError):\n    pass\nwith suppress(KeyError):\n    f()"
    assert shape.except_problems(Source(STATS, text)) == []


def test_a_missing_return_type_is_reported_in_the_packages_that_promise_them():
    text = "class A:\n    def f(self):\n        def g(): ...\n"
    assert len(shape.annotation_problems(Source(STATS, text))) == 2
    assert shape.annotation_problems(Source("src/dashboard/ui/cards.py", text)) == []
    assert shape.annotation_problems(Source(STATS, "def f() -> None: ...")) == []


def test_a_missing_public_docstring_is_reported_in_the_packages_that_promise_them():
    text = "class A:\n    def f(self): ...\ndef g(): ...\ndef _h(): ..."
    assert len(shape.docstring_problems(Source(STATS, text))) == 4
    assert shape.docstring_problems(Source("src/dashboard/ui/cards.py", text)) == []
    assert shape.docstring_problems(Source(STATS, '"""M."""\ndef g():\n    """One row per patient."""')) == []
