"""States of cells and their counts: every state by hand, and sums that hold for any records."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.tables.completeness import cut_table, share_words, why
from dashboard.tables.completeness_cells import (
    STATES,
    Item,
    cell_state,
    completeness_cells,
    patient_order,
    state_counts,
)

RECORD_STATES = ("DONE", "MISSING", "REASON", "NOT_DUE", "NOT_EXPECTED")
PATIENTS = pd.DataFrame({"patient_id": ["A", "B", "C"], "site_id": ["02", "01", "01"]})
ITEMS = ("draw", "scan")


def records(*rows):
    return pd.DataFrame(rows, columns=["patient_id", "item", "state"])


@pytest.mark.parametrize(
    ("done", "missing", "reason", "to_come", "state"),
    [
        (0, 0, 0, 0, "NOT_EXPECTED"),
        (0, 0, 0, 1, "NOT_DUE"),
        (1, 0, 0, 0, "DONE"),
        (1, 0, 0, 3, "DONE"),
        (3, 1, 0, 0, "PARTIAL"),
        (3, 0, 1, 0, "PARTIAL"),
        (0, 1, 0, 0, "MISSING"),
        (0, 1, 2, 1, "MISSING"),
        (0, 0, 1, 0, "REASON"),
        (0, 0, 1, 1, "REASON"),
    ],
)
def test_the_state_of_a_cell(done, missing, reason, to_come, state):
    assert cell_state(n_done=done, n_missing=missing, n_reason=reason, n_not_due=to_come) == state


def test_a_patient_of_whom_nothing_is_asked_has_a_cell_too():
    cells = completeness_cells(records(("A", "draw", "DONE")), patients=PATIENTS, items=ITEMS)
    assert len(cells) == 6
    found = cells.set_index(["patient_id", "item"])["state"]
    assert found["A", "draw"] == "DONE"
    assert (found.drop(("A", "draw")) == "NOT_EXPECTED").all()
    assert list(cells["site_id"]) == ["02", "02", "01", "01", "01", "01"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(ITEMS), st.sampled_from(RECORD_STATES)), max_size=30
    )
)
def test_whatever_is_recorded_the_counts_add_up(rows):
    cells = completeness_cells(records(*rows), patients=PATIENTS, items=ITEMS)
    by_item, by_site = state_counts(cells, by="item"), state_counts(cells, by="site_id")
    columns = [f"n_cells_{code.lower()}" for code in STATES]
    assert (by_item[columns].sum(axis="columns") == len(PATIENTS)).all()
    assert by_site[columns].to_numpy().sum() == len(cells)
    assert by_item[columns].sum().tolist() == by_site[columns].sum().tolist()
    asked = [row for row in rows if row[2] in ("DONE", "MISSING", "REASON")]
    assert by_item["n_records_expected"].sum() == len(asked)
    assert by_item["n_expected"].sum() == len({row[:2] for row in asked})
    assert sorted(patient_order(cells, by_site=False)) == ["A", "B", "C"]


def test_the_patient_with_most_missing_stands_first_and_within_sites_again():
    cells = completeness_cells(
        records(("A", "draw", "MISSING"), ("C", "draw", "MISSING"), ("C", "scan", "REASON")),
        patients=PATIENTS,
        items=ITEMS,
    )
    assert patient_order(cells, by_site=False) == ["C", "A", "B"]
    assert patient_order(cells, by_site=True) == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("done", "expected", "words"),
    [
        (0, 0, "–"),
        (24, 24, "24 of 24"),
        (25, 25, "25 of 25 (100 %)"),
        (0, 25, "0 of 25 (0 %)"),
        (999, 1000, "999 of 1000 (99 %)"),
        (1, 1000, "1 of 1000 (1 %)"),
        (50, 100, "50 of 100 (50 %)"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(done, expected, words):
    assert share_words(done, expected, counts_only_below=25) == words


def test_with_few_patients_no_number_of_cells_makes_a_per_cent():
    rows = pd.DataFrame(
        {
            "item": ["draw", "scan"] * 2,
            "cut_off": [pd.Timestamp("2026-01-31").date()] * 2 + [pd.Timestamp("2026-02-28").date()] * 2,
            "n_cells_done": [20, 10, 25, 20],
            "n_expected": [24, 24, 25, 25],
            "n_patients": [24, 24, 25, 25],
        }
    )
    table = cut_table(rows, items=[Item("draw", "Draw", ""), Item("scan", "Scan", "")], counts_only_below=25)
    assert list(table["Item"]) == ["All items", "Draw", "Scan"]
    assert list(table["31 Jan 2026"]) == ["30 of 48", "20 of 24", "10 of 24"]
    assert list(table["28 Feb 2026"]) == ["45 of 50 (90 %)", "25 of 25 (100 %)", "20 of 25 (80 %)"]


def record(state, **values):
    return {"state": state, "label": "Second draw", "reason": None, "rule": None} | values


def test_why_names_reasons_once_and_at_most_three():
    assert why("REASON", [record("REASON", reason="refused"), record("REASON", reason="refused")]) == (
        "Second draw: refused."
    )
    many = [record("MISSING", label=f"Event {n}") for n in range(5)]
    assert why("MISSING", many) == (
        "Event 0: not recorded. Event 1: not recorded. Event 2: not recorded. and 2 more"
    )
    assert why("DONE", many) == ""
    both = [record("MISSING"), record("REASON", reason="no vein"), record("NOT_DUE", label="Third draw")]
    assert why("PARTIAL", both) == "Second draw: not recorded. Second draw: no vein."


def test_why_is_the_sentence_of_the_rule_where_there_is_one():
    opens, closes = pd.Timestamp("2024-04-01"), pd.Timestamp("2024-07-01")
    said = why(
        "NOT_DUE",
        [record("NOT_DUE", rule="FOLLOW_UP_NOT_YET_DUE", opens_on=opens, closes_on=closes)],
    )
    assert said.startswith("Second draw: not yet due")
    assert "1 Apr 2024" in said
    assert "NaT" not in said
