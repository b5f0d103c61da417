"""A criterion that waits for the PI is named among what is not known (clinical-decisions A31)."""

import pytest

from tests.builders import day, run_mart
from tests.unit.marts.eligibility.criteria import reading

FACT = "characteristic.liver_metastasis_before"
READINGS = [
    reading(FACT, "is", value="no", criterion="E02", reading="a", label="Liver metastasis before"),
    reading(FACT, "is", value="no | yes", criterion="E02", reading="b", label="Liver metastasis before"),
]


def said(**tables):
    given = {"patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(200)}], **tables}
    rows = run_mart("patient_statement_gap", given, columns="rule, n, label")
    return [row[1:] for row in rows if row[0] == "ELIGIBILITY_RULING"]


def answer(value):
    own = {"patient_id": "P", "name": "liver_metastasis_before", "value": value, "recorded_on": day(-5)}
    return [own]


@pytest.mark.parametrize(
    ("value", "criteria", "found"),
    [
        ("yes", READINGS, [(1, "E02 Liver metastasis before")]),
        # Both readings let the patient in, or only one of them is in force.
        ("no", READINGS, []),
        ("yes", READINGS[1:], []),
    ],
)
def test_a_criterion_is_named_where_its_readings_differ(value, criteria, found):
    assert said(characteristic=answer(value), criterion=criteria) == found


def test_of_two_criteria_it_rests_on_the_row_of_the_one_named_first():
    """E02 waits on the characteristic, I07 on a nodule of 12 mm: table and row are those of E02."""
    fact = "largest_lung_lesion_mm"
    size = [
        reading(fact, "over", bound=bound, criterion_no=2, criterion="I07", reading=name, label="Nodule")
        for name, bound in {"a": 10, "b": 15}.items()
    ]
    nodule = {
        "row_key": "A",
        "patient_id": "P",
        "lesion_id": "L1",
        "organ": "lung",
        "role": "target",
        "assessed_on": day(-5),
        "diameter_mm": 12,
    }
    given = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(200)}],
        "criterion": [*READINGS, *size],
        "characteristic": [{**answer("yes")[0], "row_key": "Z"}],
        "lesion": [nodule],
    }
    rows = run_mart("patient_statement_gap", given, columns="rule, n, source_table, source_key")
    assert [row[1:] for row in rows if row[0] == "ELIGIBILITY_RULING"] == [(2, "characteristic", "Z")]
