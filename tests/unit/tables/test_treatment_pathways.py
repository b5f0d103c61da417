"""Ways through the lines: every patient is in one, six regimens keep their name, ends are named."""

import pandas as pd
import pytest

from dashboard.tables.treatment_pathways import (
    end_sentence,
    end_words,
    other_table,
    pathway_counts,
    pathway_table,
)


def line(patient, number, regimen, after):
    known = {"patient_id": patient, "line": number, "regimen": regimen, "after": after}
    return {**known, "is_transferred": False}


LINES = pd.DataFrame(
    [
        line("A", 1, "X", "next_line"),
        line("A", 2, "Y", "next_line"),
        line("A", 3, "Z", "next_line"),
        line("A", 4, "W", "ongoing"),
        line("B", 1, "X", "died"),
        line("C", 1, "X", "next_line"),
        line("C", 2, "Y", "not_recorded"),
        line("D", 2, "Y", "ongoing"),
    ]
)


def ways():
    columns = ["line_1", "line_2", "line_3", "after_line_3"]
    return {
        tuple(row[name] for name in columns): row["n"] for row in pathway_counts(LINES).to_dict("records")
    }


def test_every_patient_is_in_one_way_with_its_end():
    assert ways() == {
        ("X", "Y", "Z", "A later line"): 1,
        ("X", "Died, no line 2", "", ""): 1,
        ("X", "Y", "No line 3 recorded", ""): 1,
        ("Line 1 not recorded", "Y", "Line 2 goes on", ""): 1,
    }


def test_ways_that_are_the_same_are_counted_together():
    twice = pd.concat([LINES, LINES.assign(patient_id=LINES["patient_id"] + "2")], ignore_index=True)
    assert set(pathway_counts(twice)["n"]) == {2}


@pytest.mark.parametrize(("n_names", "others"), [(6, 0), (7, 1), (9, 3)])
def test_the_seventh_regimen_of_a_line_is_among_the_others(n_names, others):
    rows = [line(f"P{place}", 1, f"R{place}", "ongoing") for place in range(n_names)]
    found = pathway_counts(pd.DataFrame(rows)).set_index("line_1")["n"]
    assert found.sum() == n_names
    assert int(found.get("Other regimens", 0)) == others


def test_a_cohort_without_lines_has_no_way():
    assert pathway_counts(LINES.iloc[:0]).empty


def test_the_table_says_patients_with_their_share():
    hundred = pd.concat([LINES.assign(patient_id=LINES["patient_id"] + str(place)) for place in range(25)])
    table = pathway_table(pathway_counts(hundred.reset_index(drop=True)), counts_only_below=25)
    assert list(table.columns) == ["Line 1", "Line 2", "Line 3", "After line 3", "Patients"]
    assert set(table["Patients"]) == {"25 (25 %)"}


def test_the_sentence_of_a_line_adds_up():
    assert end_sentence(LINES, line=2) == (
        "Of 3 who started line 2: a further line started in 1, died without one 0, line 2 goes on in 1, "
        "not followed any more 0, stopped with no further line recorded 1."
    )
    assert end_sentence(LINES, line=5) == ""


def test_the_sentence_of_a_line_counts_the_transferred_among_those_not_followed():
    moved = line("E", 2, "Y", "not_followed") | {"is_transferred": True}
    rows = [line("D", 2, "Y", "not_followed"), moved]
    assert "not followed any more 2 (1 transferred to other care)" in end_sentence(pd.DataFrame(rows), line=2)
    assert "not followed any more 1, stopped" in end_sentence(pd.DataFrame(rows[:1]), line=2)


def test_an_end_names_its_line():
    assert [end_words(after, line=2) for after in ("died", "ongoing", "not_recorded", "next_line")] == [
        "Died, no line 3",
        "Line 2 goes on",
        "No line 3 recorded",
        "A later line",
    ]


@pytest.mark.parametrize(("n_names", "listed"), [(6, []), (7, ["R6"]), (9, ["R6", "R7", "R8"])])
def test_what_is_among_the_others_is_listed(n_names, listed):
    rows = [
        {"patient_id": f"P{number}", "line": 1, "regimen": f"R{number}", "after": "ongoing"}
        for number in range(n_names)
    ]
    found = other_table(pd.DataFrame(rows))
    assert found.to_dict("records") == [{"Line": "1", "Regimen": name, "Patients": "1"} for name in listed]
