"""Grades CTCAE 5.0 gives to laboratory values, at each bound (NCI, 27 Nov 2017)."""

from decimal import Decimal

import pytest

from dashboard.studies.rows import REFERENCE, _reference_rows
from tests.builders import day, run_mart
from tests.unit.marts.safety.events import safety_tables

LIMITS = [
    {**row, "is_inclusive": row["is_inclusive"] == "true"}
    for row in _reference_rows(REFERENCE / "ctcae_laboratory.csv")
]
UNITS = {
    "anc": "10⁹/L",
    "platelets": "10⁹/L",
    "haemoglobin": "g/L",
    "alt": "U/L",
    "bilirubin": "µmol/L",
    "creatinine": "µmol/L",
}
LOWER = {"anc": "1.8", "platelets": "150", "haemoglobin": "120"}
UPPER = {"alt": "40", "bilirubin": "20", "creatinine": "80"}


def reading(name, value, number, **values):
    return {
        "patient_id": "P1",
        "name": name,
        "measured_on": day(number),
        "value": Decimal(value),
        "unit": UNITS[name],
        "lower_normal": Decimal(LOWER[name]) if name in LOWER else None,
        "upper_normal": Decimal(UPPER[name]) if name in UPPER else None,
        "row_key": f"P1 | {name} | {number}",
        **values,
    }


def tables(readings):
    return safety_tables([], measurement=readings, ctcae_laboratory=LIMITS)


def grade(name, value, *, baseline=None, **values):
    before = [] if baseline is None else [reading(name, baseline, -5)]
    rows = run_mart(
        "laboratory_grade",
        tables([*before, reading(name, value, 20, **values)]),
        columns="grade",
        order_by="measured_on desc",
    )
    return rows[0][0] if rows else "not judged"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("anc", "1.8", None),
        ("anc", "1.79", 1),
        ("anc", "1.5", 1),
        ("anc", "1.49", 2),
        ("anc", "1.0", 2),
        ("anc", "0.99", 3),
        ("anc", "0.5", 3),
        ("anc", "0.49", 4),
        ("platelets", "75", 1),
        ("platelets", "74.9", 2),
        ("platelets", "50", 2),
        ("platelets", "49.9", 3),
        ("platelets", "24.9", 4),
        ("haemoglobin", "119.9", 1),
        ("haemoglobin", "100", 1),
        ("haemoglobin", "99.9", 2),
        ("haemoglobin", "79.9", 3),
        ("haemoglobin", "40", 3),
        ("alt", "40", None),
        ("alt", "40.1", 1),
        ("alt", "120", 1),
        ("alt", "120.1", 2),
        ("alt", "200.1", 3),
        ("alt", "800.1", 4),
        ("bilirubin", "30", 1),
        ("bilirubin", "30.1", 2),
        ("bilirubin", "60.1", 3),
        ("bilirubin", "200.1", 4),
        ("creatinine", "120", 1),
        ("creatinine", "120.1", 2),
        ("creatinine", "240.1", 3),
        ("creatinine", "480.1", 4),
    ],
)
def test_a_grade_begins_beyond_its_bound(name, value, expected):
    assert grade(name, value) == expected


@pytest.mark.parametrize(
    ("name", "baseline", "value", "expected"),
    [
        # Above normal at baseline: multiples of the baseline.
        ("alt", "60", "89.9", None),
        ("alt", "60", "90", 1),
        ("alt", "60", "180", 1),
        ("alt", "60", "180.1", 2),
        ("bilirubin", "25", "25", None),
        ("bilirubin", "25", "25.1", 1),
        # Normal at baseline: multiples of the upper limit.
        ("alt", "40", "120.1", 2),
        # Creatinine: 1.5 times any baseline is grade 2, also within the limits of normal.
        ("creatinine", "50", "75", None),
        ("creatinine", "50", "75.1", 2),
        ("creatinine", "50", "150.1", 3),
    ],
)
def test_a_grade_is_relative_to_the_baseline_where_ctcae_says_so(name, baseline, value, expected):
    assert grade(name, value, baseline=baseline) == expected


def test_a_value_without_the_limit_of_normal_is_not_judged():
    assert grade("anc", "0.4", lower_normal=None) == "not judged"


def test_a_value_below_a_limit_of_the_method_is_judged_where_low_is_bad_only():
    assert grade("anc", "0.4", comparator="<") == 4
    assert grade("anc", "0.4", comparator=">") == "not judged"
    assert grade("alt", "900", comparator=">") == 4


def test_an_absolute_bound_is_not_compared_in_another_unit():
    assert grade("anc", "1.2", unit="/µL") == 1


def laboratory(readings):
    return [
        row[1:]
        for row in run_mart(
            "adverse_event_laboratory",
            tables(readings),
            columns="scope, unit, n_values, worst_grade, baseline_grade, is_worse_than_baseline",
        )
        if row[0] == "ALL"
    ]


def test_the_worst_grade_counts_from_the_day_after_the_first_dose_to_28_days_after_the_last():
    days = {0: "0.4", 1: "1.4", 128: "0.9", 129: "0.4"}
    found = laboratory([reading("anc", value, number) for number, value in days.items()])
    assert found == [("ALL", 2, 3, 4, False)]


def test_a_patient_with_values_and_no_grade_is_still_assessed():
    assert laboratory([reading("anc", "3", 5)]) == [("ALL", 1, None, None, False)]
