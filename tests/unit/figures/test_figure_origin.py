"""The foot of a figure and the code that gives its input rows."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from dashboard.figures.figure import Figure, Origin, code_of, footer_of
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot

CUT = dt.date(2024, 6, 30)
BUILT = {"built_at": "2024-07-02T09:05:59.123456+00:00"}
FILES = {"files": "1a2b3c4d5e6f"}


def snapshot(manifest: dict) -> Snapshot:
    return Snapshot("small", "2024-06-30-0", CUT, Path("nowhere"), manifest=manifest)


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({}, "small · data cut 30 Jun 2024 · snapshot 2024-06-30-0"),
        (BUILT, "small · data cut 30 Jun 2024 · snapshot 2024-06-30-0 · loaded 2 Jul 2024 09:05 UTC"),
        (
            BUILT | FILES | {"study_title": "Small study"},
            "Small study · data cut 30 Jun 2024 · snapshot 2024-06-30-0 · loaded 2 Jul 2024 09:05 UTC"
            " · files 1a2b3c4d",
        ),
    ],
)
def test_the_foot_says_study_data_cut_moment_of_loading_and_files(manifest, words):
    assert footer_of(snapshot(manifest)) == words


def test_a_figure_made_by_name_says_by_which_rules():
    figure = Figure(pd.DataFrame(), {}, pd.DataFrame(), caption="", method="", footer="")
    by_rules, before = (Reader(snapshot(manifest)) for manifest in ({"rules": "28b04e46739a"}, {}))
    assert figure.rules == ""
    assert Figure(**{**vars(figure), "origin": Origin("survival", by_rules)}).rules == "rules 28b04e46739a"
    assert Figure(**{**vars(figure), "origin": Origin("survival", before)}).rules == ""


def test_one_query_gives_rows_and_several_are_numbered_with_each_text_written_once():
    reader = Reader(snapshot({}))
    assert code_of(reader, ("select 1\n", None)) == (
        "import duckdb\n\n"
        "# small, data cut 2024-06-30, snapshot 2024-06-30-0\n"
        'connection = duckdb.connect("store.duckdb", read_only=True)\n'
        'sql = """\nselect 1\n"""\n'
        "rows = connection.execute(sql, {}).df()\n"
    )
    several = code_of(reader, ("select $n", {"n": 1}), ("select 2", None), ("select $n", {"n": 3}))
    assert several.partition("read_only=True)\n")[2] == (
        "\n# Query 1 of 3\n"
        'sql_1 = """\nselect $n\n"""\n'
        "rows_1 = connection.execute(sql_1, {'n': 1}).df()\n"
        "\n# Query 2 of 3\n"
        'sql_2 = """\nselect 2\n"""\n'
        "rows_2 = connection.execute(sql_2, {}).df()\n"
        "\n# Query 3 of 3\n"
        "rows_3 = connection.execute(sql_1, {'n': 3}).df()\n"
    )
