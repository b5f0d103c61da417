"""Whatever a file holds, each of its records is exactly one of loaded, rejected or set aside."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.extracts.load_files import Loaded, assert_balanced

CELL = st.sampled_from(["P1", "P2", "", "2025-01-01", "2025-02-30", "a", "x,y", '"', "male", "-99", "见"])
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=12)
MAPPING = """
[files.forms]
file = "forms.csv"
missing = ["-99"]

[[table]]
name = "visit"
from = "forms"
columns = { patient_id = "id", visit_on = "day", visit = "note" }
set_aside = [{ rule = "note_a", where = "note = 'a'" }]

[[table]]
name = "characteristic"
from = "forms"
columns = { patient_id = "id", name = "unpivot_name", value = "unpivot_value" }
unpivot = { columns = { day = "day", note = "note" } }
"""


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_the_ledger_balances_for_any_file(rows: list[list[str]]) -> None:
    text = "id,day,note\n" + "".join(",".join(row) + "\n" for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        loaded = Loaded(Path(folder), {"forms.csv": text}, mapping=MAPPING)
    assert_balanced(loaded)
    kept = "select count(*) from {0} where source_file = 'forms.csv'"
    booked = "select n_rows from ledger where canonical_table = '{0}'"
    for table in ("visit", "characteristic"):
        assert loaded.column(kept.format(table)) == loaded.column(booked.format(table))
    rejected = loaded.column(
        "select count(distinct source_row) from rejected_row where canonical_table in ('', 'visit')"
    )
    assert loaded.column("select n_rejected from ledger where canonical_table = 'visit'") == rejected
