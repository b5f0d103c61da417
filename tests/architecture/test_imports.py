"""The import table holds for every file, and the checker sees what breaks it."""

import pytest

from tests.architecture.imports import import_problems
from tests.architecture.layers import LAYERS
from tests.architecture.source import Source, python_files


def test_every_file_imports_only_what_its_row_of_the_table_names():
    assert [problem for source in python_files() for problem in import_problems(source)] == []


def test_the_table_names_no_package_of_ours_that_has_no_row_of_its_own():
    named = {entry.partition(".")[0] for row in LAYERS.values() for entry in row.own}
    assert named - set(LAYERS) == set()


def test_nothing_but_pages_and_the_frame_may_import_the_screen_package():
    assert {name for name, row in LAYERS.items() if "ui" in row.own} == {"pages", "app"}


@pytest.mark.parametrize(
    ("path", "text", "refused"),
    [
        ("src/dashboard/stats/survival.py", "import streamlit as st", "streamlit"),
        ("src/dashboard/stats/survival.py", "import duckdb", "duckdb"),
        ("src/dashboard/stats/survival.py", "from dashboard.store.reader import Reader", "dashboard.store"),
        ("src/dashboard/charts/swimmer.py", "import lifelines.utils", "lifelines.utils"),
        (
            "src/dashboard/charts/swimmer.py",
            "from dashboard.studies.load import load",
            "dashboard.studies.load",
        ),
        (
            "src/dashboard/figures/figure.py",
            "from dashboard.workflow import notes",
            "dashboard.workflow",
        ),
        (
            "src/dashboard/figures/figure.py",
            "from ..workflow import notes",
            "dashboard.workflow.notes",
        ),
        ("src/dashboard/workflow/notes.py", "import pandas as pd", "pandas"),
        ("src/dashboard/access/roles.py", "import streamlit as st", "streamlit"),
        ("src/dashboard/marts/build.py", "from pyspark.sql import SparkSession", "pyspark"),
        ("src/dashboard/studies/schema.py", "from dashboard.store import reader", "dashboard.store"),
        ("src/dashboard/cli.py", "from dashboard.ui import cards", "dashboard.ui"),
        ("src/dashboard/demo/generate.py", "def late():\n    import streamlit", "streamlit"),
        ("src/dashboard/store/reader.py", "import importlib\nimportlib.import_module('altair')", "altair"),
        ("pages/review/patient.py", "import altair as alt", "altair"),
        (
            "pages/review/patient.py",
            "import os\nfrom dashboard.store.reader import Reader",
            "dashboard.store",
        ),
        ("pages/review/patient.py", "from pages.start import home", "pages.start"),
        ("app.py", "import sqlalchemy", "sqlalchemy"),
        ("src/dashboard/helpers/text.py", "import re", "no row"),
    ],
)
def test_an_import_outside_the_table_is_reported(path, text, refused):
    problems = import_problems(Source(path, text))
    assert len(problems) == 1
    assert refused in problems[0]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "src/dashboard/stats/survival.py",
            "import math\nimport numpy as np\nfrom dashboard.errors import X",
        ),
        ("src/dashboard/charts/swimmer.py", "from dashboard.studies import vocabulary\nimport altair as alt"),
        ("src/dashboard/charts/swimmer.py", "from . import theme\nfrom .theme import COLOURS"),
        ("src/dashboard/store/reader.py", "from dashboard.marts.build import ORDER\nimport duckdb"),
        ("src/dashboard/marts/engines.py", "from pyspark.sql import SparkSession"),
        ("src/dashboard/access/auth.py", "import streamlit as st\nimport streamlit_authenticator"),
        ("src/dashboard/ui/cards.py", "import streamlit as st\nfrom dashboard.figures import survival"),
        ("pages/review/patient.py", "import streamlit as st\nfrom dashboard.ui import context"),
        ("src/dashboard/cli.py", "import typer\nfrom dashboard.workflow import queries"),
    ],
)
def test_an_import_inside_the_table_is_not_reported(path, text):
    assert import_problems(Source(path, text)) == []
