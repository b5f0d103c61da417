"""Tables of the treatment page on a few patients: counts add up, limits lie where the protocol puts them."""

import pandas as pd
import pytest

from dashboard.tables.survival import GroupNumbers
from dashboard.tables.treatment import (
    Case,
    cases_table,
    line_counts,
    lines_table,
    median_words,
    regimen_counts,
    regimen_table,
    with_after,
)
from dashboard.tables.treatment_local import (
    LesionRow,
    dose_counts,
    dose_table,
    groups_table,
    lesion_table,
    local_groups,
    window_of,
)
from dashboard.tables.treatment_outcomes import NO_LATER_LINE, Outcome, outcomes_table
from dashboard.tables.treatment_pathways import end_sentence


def line(
    patient,
    number,
    *,
    ongoing=False,
    dead=False,
    lost=False,
    transferred=False,
    reason=None,
    regimen="A",
    drug=False,
):
    return {
        "patient_id": patient,
        "line": number,
        "is_ongoing": ongoing and not (dead or lost or transferred),
        "is_not_followed": ongoing and (dead or lost or transferred),
        "is_transferred": ongoing and transferred,
        "is_dead": dead,
        "stop_reason": reason,
        "has_progressed": reason == "progression",
        "regimen": regimen,
        "has_stopped_drug": drug,
    }


def lines():
    """A: lines 1 and 2, goes on. B: died on line 1. C: line 1 goes on. D: stopped, nothing more recorded."""
    return with_after(
        pd.DataFrame(
            [
                line("A", 1, reason="progression"),
                line("A", 2, ongoing=True),
                line("B", 1, dead=True, ongoing=True),
                line("C", 1, ongoing=True),
                line("D", 1),
            ]
        )
    )


def test_each_patient_has_one_end_of_each_line_and_death_comes_before_a_line_that_goes_on():
    found = {(row.patient_id, row.line): row.after for row in lines().itertuples()}
    assert found == {
        ("A", 1): "next_line",
        ("A", 2): "ongoing",
        ("B", 1): "died",
        ("C", 1): "ongoing",
        ("D", 1): "not_recorded",
    }


def test_reasons_of_stopping_add_up_and_one_not_recorded_is_a_row():
    counts = line_counts(lines()).set_index(["line", "measure"])["n"]
    assert counts[1]["started"] == 4
    assert counts[1]["ongoing"] + counts[1]["not_followed"] + counts[1]["stopped"] == 4
    assert counts[1]["stopped_progression"] == counts[1]["stopped_unknown"] == 1
    assert counts[1]["stopped"] == 2
    assert [counts[1][name] for name in ("next_line", "died", "not_recorded")] == [1, 1, 1]


def test_a_drug_stopped_while_the_line_went_on_is_its_own_row_and_no_stop():
    found = with_after(pd.DataFrame([line("C", 1, ongoing=True, drug=True), line("D", 1, reason="toxicity")]))
    counts = line_counts(found).set_index("measure")["n"]
    assert (counts["ongoing"], counts["stopped_toxicity"], counts["drug_stopped"]) == (1, 1, 1)
    cells = lines_table(line_counts(found), medians={}, counts_only_below=25).set_index("Measure")
    assert cells.loc["A drug stopped for toxicity, line went on"].tolist() == ["1"]


@pytest.mark.parametrize(("lost", "end"), [(True, "not_followed"), (False, "ongoing")])
def test_a_line_of_a_patient_no_longer_followed_does_not_go_on(lost, end):
    found = with_after(pd.DataFrame([line("E", 1, ongoing=True, lost=lost)]))
    assert found["after"].tolist() == [end]
    counts = line_counts(found).set_index("measure")["n"]
    assert (counts["ongoing"], counts["not_followed"], counts["stopped"]) == (int(not lost), int(lost), 0)


def test_a_transferred_patient_is_counted_among_those_not_followed_and_named():
    moved, lost = line("F", 1, ongoing=True, transferred=True), line("G", 1, ongoing=True, lost=True)
    found = with_after(pd.DataFrame([moved, lost, line("H", 1)]))
    assert found["after"].tolist() == ["not_followed", "not_followed", "not_recorded"]
    counts = line_counts(found).set_index("measure")["n"]
    assert (counts["not_followed"], counts["transferred"], counts["stopped"]) == (2, 1, 1)
    table = lines_table(line_counts(found), medians={}, counts_only_below=25).set_index("Measure")
    assert table.loc["– of these transferred to other care"].tolist() == ["1"]
    without = lines_table(line_counts(found[1:]), medians={}, counts_only_below=25)
    assert not without["Measure"].str.contains("transferred").any()
    assert "not followed any more 2 (1 transferred to other care), stopped" in end_sentence(found, line=1)
    assert "not followed any more 1, stopped" in end_sentence(found[1:], line=1)


@pytest.mark.parametrize(
    ("is_without", "words"), [(True, NO_LATER_LINE), (False, "21.3 (18.9 – not reached)")]
)
def test_a_time_to_the_next_line_that_nobody_has_is_no_median(is_without, words):
    shown = numbers(median=21.34, lower=18.9, upper=None, is_median_shown=True)
    one = Outcome(label="TTNT", column="ttnt", line=2, numbers=shown, is_without_next=is_without)
    assert outcomes_table([one], n_cohort=9).iloc[0, -1] == words
    assert (one.row(n_cohort=9)["median_months"] is None) == is_without


def numbers(**more):
    known = {"group": "All", "n": 9, "n_event": 4, "median": None, "lower": None, "upper": None}
    return GroupNumbers(**{**known, "is_median_shown": False, **more})


def test_the_table_has_a_column_per_line_and_says_why_there_is_no_median():
    table = lines_table(line_counts(lines()), medians={1: numbers()}, counts_only_below=25)
    assert list(table.columns) == ["Measure", "Line 1", "Line 2"]
    cells = table.set_index("Measure")
    assert cells.loc["Started"].tolist() == ["4", "1"]
    assert cells.loc["– reason not recorded"].tolist() == ["1", "0"]
    median = cells.loc["Median time on treatment with the line, months (95 % CI)"].tolist()
    assert median == ["not estimable (4 events)", "nobody followed"]


def test_a_median_stands_with_its_interval():
    shown = numbers(median=21.34, lower=18.9, upper=None, is_median_shown=True)
    assert median_words(shown) == "21.3 (18.9 – not reached)"


@pytest.mark.parametrize(
    ("n_names", "last"), [(6, "R5"), (7, "Other (1 regimen)"), (8, "Other (2 regimens)")]
)
def test_six_regimens_keep_their_name_and_the_rest_is_one_row(n_names, last):
    rows = [
        line(f"P{place}-{copy}", 1, regimen=f"R{place}")
        for place in range(n_names)
        for copy in range(9 - place)
    ]
    counts = regimen_counts(pd.DataFrame(rows))
    assert counts["n"].sum() == counts["of_n"].iloc[0] == len(rows)
    table = regimen_table(counts, counts_only_below=100)
    assert table["Regimen"].tolist()[-1] == last
    assert sum(int(one) for one in table["Patients"]) == len(rows)


def test_a_case_has_its_denominator_and_one_that_does_not_apply_says_so():
    cases = [
        Case(code="a", label="A", k=8, n=320, of_whom="with a line", meaning="m"),
        Case(code="b", label="B", k=None, n=320, of_whom="with a line", meaning="m"),
    ]
    assert cases_table(cases, counts_only_below=25)["Patients"].tolist() == [
        "8 of 320 with a line (3 %)",
        "not applicable",
    ]


@pytest.mark.parametrize(
    ("centigray", "where"),
    [(7199, "below"), (7200, "within"), (10000, "within"), (10001, "above"), (None, "")],
)
def test_both_ends_belong_to_the_window_of_the_protocol(centigray, where):
    assert window_of(centigray, from_gy=72.0, to_gy=100.0) == where


def test_without_a_window_in_the_protocol_no_dose_lies_outside():
    assert window_of(5950, from_gy=None, to_gy=None) == ""


def session(patient, course, kind, lesion, *, modality=None, bed=None, dose=None, fractions=None):
    return {
        "patient_id": patient,
        "course": course,
        "kind": kind,
        "modality": modality,
        "lesion_id": lesion,
        "total_dose_gy": dose,
        "fractions": fractions,
        "bed10_centigray": bed,
    }


def sessions():
    """A: SBRT to two lesions. B: SBRT and ablation in one course, ablation again. C: surgery, no lesion."""
    sbrt = {"modality": "sbrt", "bed": 10000, "dose": 50.0, "fractions": 5}
    return pd.DataFrame(
        [
            session("A", 1, "radiotherapy", "L1", **sbrt),
            session("A", 1, "radiotherapy", "L2", **sbrt),
            session("B", 2, "radiotherapy", "L1", modality="sbrt", bed=None, dose=40.0),
            session("B", 2, "ablation", "L2", modality="rfa"),
            session("B", 3, "ablation", "L2", modality="rfa"),
            session("C", 1, "surgery", None, modality="other"),
        ]
    )


def test_several_kinds_in_the_first_course_are_a_group_of_their_own():
    groups = local_groups(sessions()).set_index("group_code")
    assert groups["n_patients"].to_dict() == {"RADIOTHERAPY": 1, "SURGERY": 1, "MULTIPLE": 1}
    assert groups["n_lesions"].to_dict() == {"RADIOTHERAPY": 2, "SURGERY": 0, "MULTIPLE": 2}
    assert groups["n_repeat"].to_dict() == {"RADIOTHERAPY": 0, "SURGERY": 0, "MULTIPLE": 1}


def test_the_groups_and_those_without_add_up_to_the_cohort():
    table = groups_table(local_groups(sessions()), n_cohort=10, counts_only_below=25)
    assert table["Patients"].tolist() == ["1", "1", "1", "7"]
    assert table["Techniques"].tolist() == ["SBRT", "Surgery", "RFA, SBRT", "–"]
    assert table["Lesions treated in it"].tolist() == ["2", "0; lesion not named in 1", "2", "–"]


def test_a_dose_without_fractions_has_no_bed_and_is_not_left_out():
    counts = dose_counts(sessions(), from_gy=72.0, to_gy=100.0)
    assert counts["n_treatments"].tolist() == [2, 1]
    table = dose_table(counts)
    assert table["Schedule"].tolist() == ["50 Gy in 5", "40 Gy, fractions not recorded"]
    assert table["BED10, Gy"].tolist() == ["100", "not calculable: fractions or dose not recorded"]
    assert table["Protocol"].tolist() == ["in the protocol window", "–"]


def test_local_progression_is_of_lesions_and_names_the_patients_beside():
    row = LesionRow(
        kind="ablation",
        n_lesions=9,
        n_patients=8,
        n_followed=9,
        n_progressed=1,
        n_progressed_patients=1,
        n_equivocal=2,
        longest_months=16.04,
    )
    cells = lesion_table([row]).iloc[0]
    assert cells["Local progression"] == "1 of 9 lesions, in 1 patient"
    assert cells["Lesions (patients)"] == "9 (8)"
    assert cells["Equivocal at the last look"] == "2 of 9"
    assert cells["Longest observed, months"] == "16.0"
