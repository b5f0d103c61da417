"""The variant table as the page shows it: nothing cut, nothing of the first reading left out."""

import pandas as pd

from dashboard.tables.formats import NOTHING
from dashboard.tables.variants import COLUMNS
from dashboard.ui.patient_variants import BREAK, shown

ROW = {
    "Gene": "ESR1",
    "Protein change": "p.D538G",
    "Status": "still detected",
    "Course": "0.40 % → 0.31 %",
    "First, %": "0.40 · 31 Mar 2024",
    "Highest, %": "0.40 · 31 Mar 2024",
    "Last, %": "0.31 · 2 Jul 2024",
    "Copy number": NOTHING,
    "Possible other origin": NOTHING,
    "Coding change": "c.1613A>G",
    "Followed": "no",
    "Samples covering it": "2 of 3",
    "Why": "Detected in both",
    "Source of the last result": "gf.csv, row 4",
}
FIRST = ["Gene", "Protein change", "Status", "Course", "First, %", "Highest, %", "Last, %"]


def table(**changes):
    return pd.DataFrame([{**ROW, **changes}], columns=list(COLUMNS))


def test_the_page_shows_what_is_read_first_and_leaves_the_rest_to_the_file():
    assert list(shown(table()).columns) == FIRST


def test_a_possible_other_origin_and_a_copy_number_are_shown_where_there_are_any():
    found = shown(table(**{"Possible other origin": "Possible germline", "Copy number": "amplified (CN 6)"}))
    assert list(found.columns) == [*FIRST, "Copy number", "Possible other origin"]


def test_a_number_may_part_from_its_date_but_neither_is_broken():
    cell = shown(table())["First, %"][0]
    assert cell.split(" ") == ["0.40\u00a0·", "31\u00a0Mar\u00a02024"]


def test_a_long_course_may_break_after_24_signs_and_a_short_one_nowhere():
    assert shown(table(Course="▁" * 24))["Course"][0] == "▁" * 24
    assert shown(table(Course="▁" * 25))["Course"][0] == "▁" * 24 + BREAK + "▁"
    assert BREAK not in shown(table(Course="not detected → 12.40 % in two"))["Course"][0]


def test_words_from_files_are_no_markup():
    assert shown(table(Gene="[x](y)"))["Gene"][0] == "\\[x\\](y)"
