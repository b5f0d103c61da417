"""The baseline table: counts that add up to n, missing values counted."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.figures.overview.baseline import (
    LINE_START,
    SQL,
    baseline_columns,
    baseline_request,
    baseline_variables,
    variables_of_line,
)
from dashboard.marts.build import build_marts
from dashboard.studies.load import load_study
from dashboard.studies.schema import Group, GroupValue
from dashboard.tables.overview_baseline import Column, Variable, baseline_table, recorded_of, value_words
from dashboard.tables.shares import count_words
from tests.builders import OBSERVED_UNTIL, day, mart_inputs, marts_behind
from tests.small_study import write_small_study
from tests.unit.marts.outcome.clearing import STUDIES

IDS = tuple(f"P{number}" for number in range(40))
ALL = [Column("All", IDS)]
SEX = Variable("patient", "sex", "Sex", {"female": "Female", "male": "Male"})


def recorded(source, name, values):
    return pd.DataFrame(
        [
            {"patient_id": patient_id, "source": source, "name": name, "value": value}
            for patient_id, value in values.items()
        ],
        columns=["patient_id", "source", "name", "value"],
    )


def lines(rows, variable, columns=None, counts_only_below=10):
    table = baseline_table(
        recorded_of(rows), variables=[variable], columns=columns or ALL, counts_only_below=counts_only_below
    )
    return [tuple(row) for row in table.itertuples(index=False)]


def test_values_in_their_order_and_missing_last():
    sexes = {patient_id: "male" if place < 10 else "female" for place, patient_id in enumerate(IDS[:38])}
    assert lines(recorded("patient", "sex", sexes), SEX) == [
        ("Sex", "Female", "28 (70 %)"),
        ("", "Male", "10 (25 %)"),
        ("", "Not recorded", "2 (5 %)"),
    ]


def test_unknown_is_missing_whatever_word_the_study_has_for_it():
    rows = recorded("patient", "sex", {IDS[0]: "unknown", IDS[1]: "female"})
    named = Variable("patient", "sex", "Sex", {"female": "Female", "unknown": "Not asked"})
    assert lines(rows, named)[-1] == ("", "Not recorded", "39 (98 %)")


def test_none_missing_is_said_once():
    rows = recorded("patient", "sex", dict.fromkeys(IDS, "female"))
    assert lines(rows, SEX) == [("Sex (none missing)", "Female", "40 (100 %)")]


def test_what_is_recorded_of_patients_of_no_column_is_no_line():
    rows = recorded("patient", "sex", {**dict.fromkeys(IDS[:12], "female"), IDS[12]: "male", IDS[13]: "male"})
    columns = [Column("All", IDS[:12]), Column("Lung", IDS[:5]), Column("Breast", IDS[5:12])]
    assert lines(rows, SEX, columns=columns) == [("Sex (none missing)", "Female", "12 (100 %)", "5", "7")]


def test_all_missing_is_one_line():
    assert lines(recorded("patient", "sex", {}), SEX) == [("Sex", "Not recorded", "40 (100 %)")]


def test_counts_of_each_characteristic_add_up_to_n():
    rows = recorded(
        "patient", "stage", {patient_id: f"IV{place % 3}" for place, patient_id in enumerate(IDS[:31])}
    )
    found = lines(rows, Variable("patient", "stage", "Stage", is_ordered=True))
    assert [value for _, value, _ in found] == ["IV0", "IV1", "IV2", "Not recorded"]
    assert sum(int(words.split(" ")[0]) for *_, words in found) == 40


def test_age_has_median_quartiles_range_and_missing():
    ages = {patient_id: str(50 + place) for place, patient_id in enumerate(IDS[:21])}
    assert lines(recorded("number", "age", ages), Variable("number", "age", "Age, years")) == [
        ("Age, years", "Median (quartiles)", "60 (55–65)"),
        ("", "Range", "50–70"),
        ("", "Not recorded", "19"),
    ]


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        # Quartiles 46, 53 and 60.25; then 46, 46.5 and 47; 46.75, 47.5 and 48.75: halves go up.
        ((46, 46, 61, 60), "53 (46–60)"),
        ((46, 46, 47, 47), "47 (46–47)"),
        ((40, 50, 60), "50 (45–55)"),
        ((46, 47, 48, 51), "48 (47–49)"),
    ],
)
def test_quartiles_of_whole_years_are_whole_years(ages, said):
    recorded_ages = {IDS[place]: str(age) for place, age in enumerate(ages)}
    found = lines(recorded("number", "age", recorded_ages), Variable("number", "age", "Age, years"))
    assert found[0][2] == said


def test_quartiles_of_other_numbers_keep_one_decimal():
    months = {IDS[place]: str(value) for place, value in enumerate((1.5, 2.0, 4.25))}
    found = lines(recorded("number", "months", months), Variable("number", "months", "Months"))
    assert found[0][2] == "2.0 (1.8–3.1)"


def test_an_age_nobody_has_is_said_in_words():
    found = lines(recorded("number", "age", {}), Variable("number", "age", "Age, years"))
    assert [words for *_, words in found] == ["not recorded", "not recorded", "40"]


@pytest.mark.parametrize(
    ("count", "n", "said"),
    [
        (0, 400, "0"),
        (1, 400, "1 (< 1 %)"),
        (3, 400, "3 (< 1 %)"),
        (4, 400, "4 (1 %)"),
        (6, 24, "6"),
        (5, 25, "5 (20 %)"),
        (25, 25, "25 (100 %)"),
    ],
)
def test_per_cent_beside_counts(count, n, said):
    assert count_words(count, n=n, counts_only_below=25) == said


def test_a_small_group_has_counts_only():
    rows = recorded("patient", "sex", dict.fromkeys(IDS, "female"))
    columns = [Column("All", IDS), Column("Lung", IDS[:9]), Column("Liver", IDS[:10])]
    assert lines(rows, SEX, columns)[0][2:] == ("40 (100 %)", "9", "10 (100 %)")


def test_a_combination_of_drug_classes_is_named_part_by_part():
    variable = Variable(
        "index_line", "drug_class", "Class", {"endocrine": "Endocrine therapy", "egfr_tki": "EGFR inhibitor"}
    )
    assert value_words("egfr_tki + endocrine", variable=variable) == "EGFR inhibitor + endocrine therapy"
    assert value_words("endocrine + egfr_tki", variable=variable) == "Endocrine therapy + EGFR inhibitor"
    assert value_words("other_class", variable=variable) == "other class"


def test_columns_by_a_characteristic_count_everybody_once():
    rows = recorded("patient", "sex", {IDS[0]: "female", IDS[1]: "female", IDS[2]: "male"})
    columns = baseline_columns(rows, enrolled=IDS[:4], by=SEX)
    assert [(column.name, len(column.patient_ids)) for column in columns] == [
        ("All", 4),
        ("Female", 2),
        ("Male", 1),
        ("Not recorded", 1),
    ]


def test_the_groups_of_the_study_follow_what_every_study_has(tmp_path):
    study = load_study(write_small_study(tmp_path))
    groups = (
        Group(name="tumour_type", label="Tumour type", source="patient"),
        Group(name="kras", label="KRAS", values=(GroupValue(value="mutated", label="Mutated"),)),
        Group(name="local_group", label="Local therapy", source="local_course"),
    )
    variables = baseline_variables(study.model_copy(update={"groups": groups}))
    labels = [variable.label for variable in variables]
    assert labels == [
        "Age, years",
        "Sex",
        "Tumour type",
        "Stage",
        "Line at enrolment",
        "ECOG",
        "Site",
        "First diagnosis to metastases, months",
        "KRAS",
        "Local therapy",
    ]
    assert variables[-2].words == {"mutated": "Mutated"}
    assert (variables[-1].source, variables[-1].name) == ("local_course", "group_code")


ONE_DAY = dt.timedelta(days=1)
ECOG_OF_A = {"patient_id": "A", "name": "ecog"}
GIVEN_TO_A = {"patient_id": "A", "kind": "systemic", "agents": "drug"}
BORN_1964 = {"enrolled_on": day(0), "born_on": day(0).replace(year=1964)}


def asked(tables):
    """The marts of these patients, and the rows of the baseline query."""
    connection = mart_inputs(tables)
    needed = marts_behind(
        "patient_summary",
        "ecog_at_start",
        "line_of_therapy",
        "local_course",
        "eligibility_fact",
        "header_fact",
    )
    build_marts(connection, names=needed)
    return connection, connection.execute(SQL, {"after_days": 28}).fetchall()


@pytest.fixture(scope="module")
def values():
    """Value by (patient, source, name) of three enrolled patients and one screening failure."""
    ecog = [(-10, 1), (0, 0), (5, 2)]
    tables = {
        "patient": [
            {"patient_id": "A", "enrolled_on": day(0), "age_years": 61, "born_on": day(-365 * 70)},
            {"patient_id": "B", **BORN_1964},
            {"patient_id": "C", **BORN_1964, "consented_on": day(-1)},
            {"patient_id": "S", "sex": "female"},
        ],
        "measurement": [
            *[{**ECOG_OF_A, "measured_on": day(n), "value": value} for n, value in ecog],
            {"patient_id": "B", "name": "ecog", "measured_on": day(28), "value": 2},
            {"patient_id": "B", "name": "ecog", "measured_on": day(20), "value": 1},
            {"patient_id": "C", "name": "ecog", "measured_on": day(29), "value": 1},
        ],
        "characteristic": [
            {"patient_id": "A", "name": "kras", "value": "mutated", "recorded_on": OBSERVED_UNTIL - ONE_DAY},
            {"patient_id": "B", "name": "kras", "value": "mutated", "recorded_on": OBSERVED_UNTIL},
            {"patient_id": "C", "name": "kras", "value": "mutated", "recorded_on": OBSERVED_UNTIL + ONE_DAY},
            {"patient_id": "C", "name": "msi", "value": "stable"},
        ],
        "treatment": [
            {**GIVEN_TO_A, "treatment_id": "T1", "line": 1, "started_on": day(0), "ended_on": day(100)},
            {**GIVEN_TO_A, "treatment_id": "T2", "line": 2, "started_on": day(122)},
        ],
    }  # fmt: skip
    connection, rows = asked(tables)
    for line in (1, 2, 3):
        given = {"line": line, "after_days": 28, "days_per_month": 30.4375}
        found = connection.execute(LINE_START, given).fetchall()
        rows += [(patient_id, line, name, value) for patient_id, _source, name, value in found]
    connection.close()
    return {(patient_id, source, name): value for patient_id, source, name, value in rows}


def test_a_recorded_age_wins_and_else_completed_years_at_consent_count(values):
    ages = {patient_id: values[patient_id, "number", "age"] for patient_id in "ABC"}
    assert ages == {"A": "61", "B": "60", "C": "59"}


def test_ecog_is_the_last_up_to_enrolment_else_the_first_in_28_days(values):
    assert values["A", "measurement", "ecog"] == "0"
    assert values["B", "measurement", "ecog"] == "1"
    assert ("C", "measurement", "ecog") not in values


@pytest.mark.parametrize(
    ("line", "ecog"),
    # Line 1 from day 0 with ECOG 0 of that day; line 2 from day 122, the last before it is of day 5.
    [(1, "0"), (2, "2"), (3, None)],
)
def test_a_line_begins_with_the_ecog_of_its_own_start(values, line, ecog):
    assert values.get(("A", line, "ecog")) == ecog


def test_the_months_on_the_line_before_reach_from_its_first_to_its_last_dose(values):
    """Line 1 from day 0 to day 100: 100 / 30.4375 months."""
    assert values["A", 2, "months_on_line_before"] == "3.2854"
    assert ("A", 1, "months_on_line_before") not in values


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (None, ["ECOG at enrolment"]),
        (1, ["ECOG at the start of line 1"]),
        (2, ["ECOG at the start of line 2", "Months on CDK4/6 inhibitor in line 1"]),
    ],
)
def test_a_figure_of_a_later_line_has_ecog_at_its_start_and_the_months_before(line, named):
    request = baseline_request(load_study(STUDIES / "cdk46"))
    found = [one.label for one in variables_of_line(request, line)]
    assert [one for one in found if one.startswith(("ECOG", "Months"))] == named
    assert len(found) == len(request.variables) + len(named) - 1


def test_a_characteristic_recorded_after_the_last_day_read_is_not_known(values):
    known = {key[::2]: value for key, value in values.items() if key[1] == "characteristic"}
    assert known == {("A", "kras"): "mutated", ("B", "kras"): "mutated", ("C", "msi"): "stable"}


def test_the_time_before_metastases_is_the_one_the_patient_page_states():
    patient = {
        "patient_id": "A", "enrolled_on": day(500), "observed_until": day(600),
        "primary_diagnosed_on": day(0), "metastatic_on": day(366),  # 1 Jan 2024 to 1 Jan 2025
        "ned_on": day(31), "oligometastatic_on": day(90),  # 1 Feb to 31 Mar 2024
    }  # fmt: skip
    connection, rows = asked({"patient": [patient, {"patient_id": "B", "enrolled_on": day(500)}]})
    stated = connection.execute("select kind, value from header_fact where value is not null").fetchall()
    connection.close()
    months = {name: value for _, _, name, value in rows if name.endswith("_months")}
    assert months == {"diagnosis_to_metastasis_months": "12", "ned_to_oligometastasis_months": "1"}
    assert dict(stated) == {"METASTATIC": 12, "NED": 1}


def test_a_screening_failure_is_not_in_the_table(values):
    assert not [key for key in values if key[0] == "S"]


def test_no_line_by_enrolment_is_not_called_missing():
    variable = Variable("index_line", "line", "Line at enrolment", {"1": "Line 1"}, missing="No line by then")
    found = lines(recorded("index_line", "line", dict.fromkeys(IDS[:30], "1")), variable)
    assert [(value, words) for _, value, words in found] == [
        ("Line 1", "30 (75 %)"),
        ("No line by then", "10 (25 %)"),
    ]


def test_quartiles_are_of_the_times_themselves_and_not_of_rounded_ones():
    """The median of 13.44 and 13.48 months is 13.46, so 13.5; of 13.4 and 13.5 it would read 13.4."""
    months = Variable("number", "months", "Months")
    found = lines(
        recorded("number", "months", {"P0": "13.44", "P1": "13.48"}), months, [Column("All", ("P0", "P1"))]
    )
    assert found[0][2].startswith("13.5 (")
    assert found[1][2] == "13.4–13.5"
