"""Safety tables on four patients that can be counted by hand."""

import json

import pandas as pd
import pytest
import vl_convert

from dashboard.charts.adverse_events import AdverseEventOptions, adverse_event_chart
from dashboard.figures.safety.events import with_rates
from dashboard.tables.safety import (
    RATE,
    laboratory_table,
    rate_words,
    relation_table,
    term_table,
    top_terms,
    unit_table,
    unit_words,
    version_words,
    worst_table,
)
from dashboard.tables.safety_counts import term_counts
from dashboard.tables.safety_serious import serious_table
from dashboard.ui.safety import unit_names

BLOOD, GUT = "Investigations", "Gastrointestinal disorders"
TREATED = pd.DataFrame({"patient_id": ["A", "B", "C", "D"], "risk_days": [100, 100, 100, 65]})


def row(patient, level, label, grade, **values):
    return {
        "patient_id": patient,
        "level": level,
        "organ_class": {"nausea": GUT, "myelosuppression": BLOOD, "neutropenia": BLOOD}.get(label, label),
        "label": label,
        "worst_grade": grade,
        "is_gradable": True,
        "n_events": 1,
        "is_serious": False,
        "is_related": False,
        "is_adr": False,
        "worst_related_grade": None,
        "is_related_or_unclear": False,
        "has_relatedness_missing": False,
        "risk_days": 10,
        **values,
    }


def worst():
    """A: neutropenia 4 (related, serious), nausea 1. B: neutropenia, no grade. C: not graded. D: none."""
    related = {
        "is_related": True,
        "is_adr": True,
        "worst_related_grade": 4,
        "is_related_or_unclear": True,
        "is_serious": True,
    }
    missing = {"is_related_or_unclear": True, "has_relatedness_missing": True}
    rows = [
        row("A", "TERM", "neutropenia", 4, **related),
        row("A", "TERM", "nausea", 1, n_events=3),
        row("B", "TERM", "neutropenia", None, **missing),
        row("C", "TERM", "myelosuppression", None, is_gradable=False),
        row("A", "CLASS", BLOOD, 4, **related),
        row("A", "CLASS", GUT, 1),
        row("B", "CLASS", BLOOD, None, **missing),
        row("C", "CLASS", BLOOD, None, is_gradable=False),
        row("A", "ANY", "Any adverse event", 4, **related),
        row("B", "ANY", "Any adverse event", None, **missing),
        row("C", "ANY", "Any adverse event", None, is_gradable=False),
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(
        worst_grade=frame["worst_grade"].astype("Int64"),
        worst_related_grade=frame["worst_related_grade"].astype("Int64"),
    )


@pytest.fixture
def counts():
    return with_rates(term_counts(worst(), treated=TREATED))


def test_each_patient_counts_once_and_missing_grades_are_a_count_of_their_own(counts):
    found = counts.set_index("label").loc["neutropenia"]
    names = ["n_treated", "n_any", "n_from_3", "n_grade_4", "n_grade_missing", "n_related", "n_serious"]
    assert [int(found[name]) for name in names] == [4, 2, 1, 1, 1, 1, 1]
    assert int(found["n_related_or_unclear"]) == 2
    assert int(counts.set_index("label").loc["myelosuppression"]["n_not_gradable"]) == 1


def test_days_at_risk_end_with_the_first_onset(counts):
    # 365 days of four patients, less 200 of the two with neutropenia, plus 10 days each up to the onset.
    assert int(counts.set_index("label").loc["neutropenia"]["risk_days"]) == 185
    assert counts.set_index("label").loc["neutropenia"]["rate"] == pytest.approx(100 * 2 / (185 / 365.25))


def test_the_most_frequent_come_first_and_of_equals_the_more_severe(counts):
    assert list(counts[counts["level"] == "TERM"]["label"]) == ["neutropenia", "myelosuppression", "nausea"]
    assert top_terms(counts, n=1) == ["Any adverse event", "neutropenia"]


def test_by_frequency_the_table_has_any_event_and_the_terms(counts):
    table = term_table(counts, by_class=False, counts_only_below=2)
    assert list(table["Adverse event"]) == [
        "Any adverse event", "Neutropenia", "Myelosuppression", "Nausea",
    ]  # fmt: skip
    first = table.iloc[0]
    assert (first["Any grade"], first["Grade ≥ 3"], first["Grade 5"]) == ("3 (75 %)", "1 (25 %)", "0")
    assert (first["Grade missing"], first["Related, any"], first["Related or unclear"]) == (
        "1 (25 %)", "1 (25 %)", "2 (50 %)",
    )  # fmt: skip


def test_by_organ_class_each_class_stands_above_its_terms(counts):
    table = term_table(counts, by_class=True, counts_only_below=25)
    assert list(table["Adverse event"]) == [
        "Any adverse event",
        "INVESTIGATIONS",
        "Neutropenia",
        "Myelosuppression",
        "GASTROINTESTINAL DISORDERS",
        "Nausea",
    ]
    assert table.iloc[0]["Any grade"] == "3"


def test_worst_grades_missing_and_no_event_add_up_to_the_patients_treated(counts):
    table = worst_table(counts, n_treated=4, counts_only_below=25)
    assert dict(zip(table["Worst grade of a patient"], table["All causes"], strict=True)) == {
        "Grade 1": "0",
        "Grade 2": "0",
        "Grade 3": "0",
        "Grade 4": "1",
        "Grade 5": "0",
        "Grade missing": "1",
        "Only events CTCAE does not grade": "1",
        "No such event recorded": "1",
    }
    assert sum(int(n) for n in table["Related"]) == 4


def test_a_relation_that_is_not_recorded_is_a_row(counts):
    table = relation_table(counts, n_treated=4, counts_only_below=25)
    assert dict(table.to_numpy()) == {
        "Related to study treatment (ADR)": "1",
        "Related, not assessable or not recorded (conservative)": "2",
        "Relation not recorded": "1",
        "Serious": "1",
    }


def test_without_any_event_nobody_has_one():
    none = with_rates(term_counts(worst().iloc[:0], treated=TREATED))
    assert term_table(none, by_class=False, counts_only_below=25).empty
    assert worst_table(none, n_treated=4, counts_only_below=25)["All causes"].iloc[-1] == "4"
    assert relation_table(none, n_treated=4, counts_only_below=25)["n"].tolist() == ["0"] * 4


@pytest.mark.parametrize(("n_treated", "heading", "cell"), [(24, "n", "1"), (25, "n (%)", "1 (4 %)")])
def test_the_heading_promises_a_per_cent_only_where_the_cells_have_one(counts, n_treated, heading, cell):
    table = relation_table(counts, n_treated=n_treated, counts_only_below=25)
    assert table.columns[1] == heading
    assert table[heading].iloc[-1] == cell


def test_side_by_side_a_term_nobody_had_is_zero(counts):
    table = unit_table({"Line 1, n = 4": counts}, terms=["neutropenia", "rash"], counts_only_below=25)
    assert table.to_dict("records") == [
        {"Adverse event": "Neutropenia", "Line 1, n = 4": "2 · 1"},
        {"Adverse event": "Rash", "Line 1, n = 4": "0 · 0"},
    ]


def test_side_by_side_a_dash_stands_where_no_event_of_anybody_is_recorded(counts):
    sides = {"Line 1, n = 4": counts, "Line 2, n = 2": counts.iloc[:0]}
    found = unit_table(sides, terms=["rash"], counts_only_below=25, not_recorded=["Line 2, n = 2"])
    assert found.to_dict("records") == [
        {"Adverse event": "Rash", "Line 1, n = 4": "0 · 0", "Line 2, n = 2": "–"}
    ]


def under_letrozole():
    """As before, and B's neutropenia is related to another drug given with letrozole."""
    other = worst()
    other.loc[(other["patient_id"] == "B"), "is_adr"] = True
    return with_rates(term_counts(other, treated=TREATED))


def test_under_one_drug_the_relation_to_it_stands_beside_that_to_any_study_drug():
    relation = relation_table(under_letrozole(), n_treated=4, counts_only_below=25, drug="letrozole")
    assert dict(relation.to_numpy()) == {
        "Related to letrozole": "1",
        "Related to any study drug (ADR)": "2",
        "Related to letrozole, not assessable or not recorded (conservative)": "2",
        "Relation not recorded": "1",
        "Serious": "1",
    }
    table = term_table(under_letrozole(), by_class=False, counts_only_below=25, drug="letrozole")
    names = ["Related to letrozole, any", "Related to letrozole, ≥ 3", "Related to any study drug (ADR)"]
    assert table.loc[0, names].tolist() == ["1", "1", "2"]
    assert "Related, any" not in table
    assert "Organ class" not in table
    assert "Organ class" in term_table(under_letrozole(), by_class=False, counts_only_below=25)
    grades = worst_table(under_letrozole(), n_treated=4, counts_only_below=25, drug="letrozole")
    assert list(grades.columns)[-1] == "Related to letrozole"


def test_without_reports_of_the_study_the_laboratory_stands_beside_dashes():
    row = {"preferred_term": "anaemia", "n_assessed": 32, "n_any": 22, "n_3": 8, "n_4": 0}
    reported = dict.fromkeys(("n_reported", "n_reported_3", "n_reported_4"))
    found = laboratory_table(pd.DataFrame([{**row, **reported}]), counts_only_below=25).iloc[0]
    assert (found["Laboratory, any"], found["Laboratory, 4"]) == ("22 (69 %)", "0")
    assert found[["Reported, any", "Reported, ≥ 3", "Reported, 4"]].tolist() == ["–"] * 3


def test_laboratory_grades_stand_beside_reported_ones_among_those_assessed():
    rows = pd.DataFrame(
        [
            {
                "preferred_term": "anaemia", "n_assessed": 50, "n_any": 25, "n_3": 1, "n_4": 0,
                "n_reported": 10, "n_reported_3": 0, "n_reported_4": 0,
            }
        ]
    )  # fmt: skip
    found = laboratory_table(rows, counts_only_below=25).iloc[0]
    assert (found["Assessed"], found["Laboratory, any"], found["Reported, any"]) == (
        50, "25 (50 %)", "10 (20 %)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ([("5.0", 9)], ""),
        ([("", 2), ("5.0", 9)], ""),
        ([("4.03", 1), ("5.0", 9)], "4.03 in 1 reports, 5.0 in 9 reports"),
        ([("", 2), ("4.03", 1), ("5.0", 9)], "not stated in 2"),
    ],
)
def test_several_versions_of_ctcae_are_said(versions, said):
    words = version_words(pd.DataFrame(versions, columns=["version", "n"]))
    assert (said in words) if said else words == ""


def test_a_serious_event_says_what_is_missing():
    found = serious_table(
        [
            {
                "patient_id": "A", "site_id": "01", "preferred_term": "nausea",
                "terms_as_written": "Übelkeit", "grade": None, "is_gradable": True,
                "serious_criterion": None, "started_on": None, "line": None, "day_of_treatment": None,
                "relatedness": "MISSING", "agents": None, "action_taken": None,
                "outcome": "recovered | recovering",
            }
        ]
    ).iloc[0]  # fmt: skip
    assert (found["Grade"], found["Serious because"], found["Relation"]) == (
        "missing", "not recorded", "not recorded",
    )  # fmt: skip
    assert (found["Onset"], found["Line"], found["Outcome"]) == ("–", "", "recovered, recovering")


def test_rates_and_units_in_words():
    assert rate_words(12.44, 9.75, 15.0) == "12.4 (9.8–15.0)"
    assert rate_words(None, None, None) == "–"
    assert [unit_words("LINE", "2"), unit_words("DRUG", "palbociclib")] == ["Line 2", "Palbociclib"]


def values_of(spec):
    return spec["layer"][0]["data"]["values"]


def test_bars_begin_in_the_middle_with_the_worst_grade_and_end_at_all_patients(counts):
    terms = counts[counts["level"] == "TERM"]
    spec = adverse_event_chart(terms, options=AdverseEventOptions(n_treated=4))
    bars = [bar for bar in values_of(spec) if bar["term"] == "Neutropenia"]
    assert [(bar["side"], bar["grade"], bar["from"], bar["to"]) for bar in bars] == [
        ("All causes", "Grade 4", 0.0, -25.0),
        ("All causes", "Grade missing", -25.0, -50.0),
        ("Related", "Grade 4", 0.0, 25.0),
    ]
    assert [bar["total"] for bar in bars if bar["is_last"]] == ["50 %", "25 %"]
    json.dumps(spec, allow_nan=False)
    assert "undefined" not in vl_convert.vegalite_to_svg({**spec, "width": 700})


def test_few_patients_are_drawn_as_counts(counts):
    terms = counts[counts["level"] == "TERM"]
    options = AdverseEventOptions(n_treated=4, is_share=False, theme="dark")
    bars = values_of(adverse_event_chart(terms, options=options))
    assert bars[0]["to"] == -1.0
    assert bars[1]["total"] == "2"


@pytest.mark.parametrize(("below", "is_shown"), [(3, True), (4, True), (5, False)])
def test_rates_are_shown_where_per_cents_are(counts, below, is_shown):
    table = term_table(counts, by_class=False, counts_only_below=below)
    assert (RATE in table) is is_shown
    assert ("%" in table["Any grade"].iloc[0]) is is_shown


UNITS = pd.DataFrame(
    [
        {"scope": "ALL", "unit": "ALL", "n": 20},
        {"scope": "DRUG", "unit": "irinotecan", "n": 7},
        {"scope": "LINE", "unit": "1", "n": 9},
        {"scope": "LOCAL", "unit": "LOCAL", "n": 20},
    ]
)


@pytest.mark.parametrize(
    ("opens_on", "first", "last"),
    [
        ("ALL", "All treatment (n = 20)", "Irinotecan (n = 7)"),
        ("LOCAL", "Local treatment (n = 20)", "Irinotecan (n = 7)"),
    ],
)
def test_a_study_that_starts_with_local_treatment_opens_on_it(opens_on, first, last):
    names = list(unit_names(UNITS, opens_on=opens_on))
    assert (len(names), names[0], names[-1]) == (4, first, last)
