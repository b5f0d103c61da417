"""A diameter that is perhaps in centimetres: each bound just inside, on and just outside."""

from decimal import Decimal

import pytest

from tests.unit.quality.tables import day, found, n_found

USUAL = [
    {
        "patient_id": "P9",
        "lesion_id": f"T{number}",
        "assessed_on": day(0),
        "role": "target",
        "diameter_mm": 20,
    }
    for number in range(5)
]


def course(*diameters_mm, role="target"):
    """One lesion of P1 measured every 56 days."""
    return [
        {"lesion_id": "T1", "assessed_on": day(56 * at), "role": role, "diameter_mm": Decimal(value)}
        for at, value in enumerate(diameters_mm)
    ]


@pytest.mark.parametrize(
    ("slip", "n"),
    # 10 times it against 20 mm: half of it is 10, twice is 40; 5 mm and more is no slip of the unit.
    [("0.9", 0), ("1", 1), ("1.9", 1), ("4", 1), ("4.1", 0), ("4.9", 0), ("5", 0)],
)
def test_ten_times_the_value_fits_the_lesion_before(slip, n):
    assert n_found("DQ47B", lesion=[*USUAL, *course("20", slip)]) == n


@pytest.mark.parametrize(("after", "n"), [("9.4", 0), ("9.5", 1), ("19", 1), ("38", 1), ("38.1", 0)])
def test_or_the_lesion_after(after, n):
    assert n_found("DQ47B", lesion=[*USUAL, *course("1.9", after)]) == n


@pytest.mark.parametrize(("usual_mm", "n"), [(5, 0), (Decimal("5.1"), 1)])
def test_only_where_the_median_of_the_role_is_over_5_mm(usual_mm, n):
    usual = [{**row, "diameter_mm": usual_mm} for row in USUAL]
    assert n_found("DQ47B", lesion=[*usual, *course("20", "2")]) == n


def test_a_nodule_that_shrinks_or_is_gone_or_was_measured_once_is_none():
    for diameters_mm in (("8", "4", "4"), ("20", "0", "20"), ("2",)):
        assert n_found("DQ47B", lesion=[*USUAL, *course(*diameters_mm)]) == 0


def test_the_value_it_does_not_fit_stands_beside_it():
    (issue,) = found("DQ47B", lesion=[*USUAL, *course("15", "1.5", "14")])
    assert "1.5 mm beside 15" in str(issue)
