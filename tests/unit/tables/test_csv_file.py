"""CSV files: a text from a file or a form is never a formula, a number stays a number."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from dashboard.tables.csv_file import bare_csv, csv_text, harmless, tables_csv

SOURCE = Path(__file__).parents[3] / "src" / "dashboard"
# The extracts of the sample studies are files as laboratories and hospitals would send them.
OWN_WRITERS = {"tables/csv_file.py"}
WRITES_CSV = re.compile(r"csv\.(writer|DictWriter)\(|\.to_csv\((?!\"\{name\})")


def test_there_is_one_writer_of_csv():
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "demo" not in path.parts and WRITES_CSV.search(path.read_text(encoding="utf-8"))
    }
    assert found == OWN_WRITERS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("a\r=1", "a\n=1"),
        ("a\r\n=1", "a\n=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("-124C>T", "'-124C>T"),
        ("-", "'-"),
        ("-12", "-12"),
        ("+8.1 %", "+8.1 %"),
        ("+1.", "'+1."),
        ("-12 mm", "'-12 mm"),
        ("−12.5 %", "−12.5 %"),
        ("–", "–"),
        ("'=1", "'=1"),
        ("a=1", "a=1"),
        (" =1", " =1"),
        ("", ""),
    ],
)
def test_a_text_that_begins_like_a_formula_has_an_apostrophe_unless_it_is_a_number(text, written):
    assert harmless(text) == written
    assert list(csv.reader(io.StringIO(bare_csv(pd.DataFrame({"note": [text, "z"]})), newline="")))[1:] == (
        [[written], ["z"]]
    )


def test_numbers_below_zero_stay_numbers_in_the_file():
    table = pd.DataFrame({"days": [-12], "change": [-0.5], "level": [Decimal("-1.50")]})
    assert bare_csv(table) == "days,change,level\n-12,-0.5,-1.50\n"


def test_a_heading_that_comes_from_the_data_is_guarded_too():
    assert csv_text(pd.DataFrame({"=site": [1]}), provenance="p") == "# p\n'=site\n1\n"


def test_several_tables_stand_under_their_titles_after_study_data_cut_and_snapshot():
    tables = {"Flow": pd.DataFrame({"Sex": ["Female"], "n": [3]}), "Notes": pd.DataFrame({"Note": ["=1"]})}
    assert tables_csv(tables, provenance="Small · data cut 1 Mar 2026 · snapshot x") == (
        "# Small · data cut 1 Mar 2026 · snapshot x\n# Flow\nSex,n\nFemale,3\n\n# Notes\nNote\n'=1\n"
    )
