"""The question a query begins with: the words of the follow-up list, else what was found."""

from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.ui.query_question import CHECK_MAPPING, PLEASE_CHECK, question_of

DRAW = {
    "check_id": "DQ36",
    "patient_id": "K1",
    "row_key": "K1",
    "column_name": "window draw_2 - 0",
    "title": "Planned blood draw overdue (DQ36)",
    "found": "K1: Second blood draw, window closed 21 Sep 2025.",
}
ITEM = """
select
    'K1' as patient_id, 'draw_2' as item, 'ctdna' as kind, 'Second blood draw' as label, true as is_protocol,
    'OVERDUE' as state, date '2025-06-21' as opens_on, date '2025-09-21' as closes_on,
    'K1' as source_key, 'window draw_2 - 0' as window_key, 1 as of_line, null::date as last_done_on
"""
# A scan never recorded, its interval assumed, counted from the start of line 1.
SCAN = """
select
    'K2', 'imaging', 'imaging', 'CT or MRI', false, 'OVERDUE', date '2022-07-18', date '2022-08-15', 'K2',
    'window imaging 1 3', 1, null
"""
FOLLOW_UP = f"{ITEM} union all {SCAN}"
PATIENTS = "select 'K1' as patient_id, null::date as died_on union all select 'K2', null"
WINDOW = """
select 'K2' as patient_id, 'window imaging 1 3' as window_key, date '2021-11-22' as anchor_on
"""


@pytest.fixture
def context(tmp_path):
    with duckdb.connect(str(tmp_path / "store.duckdb")) as connection:
        connection.execute(f"create table follow_up as {FOLLOW_UP}")
        connection.execute("create table usable_imaging (row_key varchar, modality varchar)")
        connection.execute("create table visit_plan as select 'imaging' as item, 'line_start' as anchor")
        connection.execute(f"create table planned_window as {WINDOW}")
        connection.execute(f"create table patient_summary as {PATIENTS}")
    snapshot = Snapshot(study_id="s", snapshot_id="c", cut_off=date(2026, 2, 28), path=tmp_path)
    return SimpleNamespace(reader=Reader(snapshot))


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("en", "Study ID K1: second blood draw (10 mL) was due by 21 Sep 2025. Please tell us the date"),
        ("vi", "Mã K1: mẫu máu lần 2 (10 mL) cần lấy trước 21/09/2025."),
    ],
)
def test_an_overdue_second_draw_is_asked_for_in_the_words_of_the_follow_up_list(context, language, begins):
    asked = question_of(context, DRAW, language=language)
    assert asked.text.startswith(begins)
    assert asked.language == language


def test_a_scan_never_recorded_is_asked_for_since_the_line_began(context):
    row = {
        **DRAW,
        "check_id": "DQ72",
        "patient_id": "K2",
        "row_key": "K2",
        "column_name": "window imaging 1 3",
    }
    asked = question_of(context, row, language="zh")
    assert asked.text.startswith("Study ID K2: no CT or MRI is recorded since line 1 began on 22 Nov 2021.")
    assert asked.language == "en"


def test_a_draw_no_longer_overdue_is_asked_about_in_the_words_of_its_data_issue(context):
    asked = question_of(context, DRAW | {"column_name": "window draw_3 - 0"}, language="vi")
    assert (asked.text, asked.language) == (f"{DRAW['found']} {PLEASE_CHECK}", "en")


def test_a_datum_is_asked_about_with_its_patient(context):
    row = {
        "patient_id": "K1",
        "row_key": "B1",
        "column_name": "",
        "title": "TP53",
        "found": "3 May 2025 · TP53",
    }
    assert question_of(context, row, language="en").text == f"Study ID K1: 3 May 2025 · TP53. {PLEASE_CHECK}"


def test_a_whole_check_is_asked_about_its_mapping(context):
    row = DRAW | {"is_systematic": True, "patient_id": None, "row_key": "", "found": "systematic: 9 patients"}
    asked = question_of(context, row, language="vi")
    assert asked.text == f"{DRAW['title']}. systematic: 9 patients. {CHECK_MAPPING}"
