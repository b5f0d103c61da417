"""New lesions that are there at the last scan, with their diameters; the last scan is on study day 180."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import lesion

LAST = 180
OTHER = lesion(LAST, "20", name="T1")
FOUND = lesion(100, "12", name="N1", role="new")


def later(diameter_mm: str | None = "14", *, on: int = LAST, **more: Any) -> Row:
    return lesion(on, diameter_mm, name="N1", **{"role": "non_target", **more})


def local(start: int, *, lesion_id: str = "N1", kind: str = "radiotherapy") -> Row:
    return {
        "patient_id": "P",
        "treatment_id": "local",
        "kind": kind,
        "lesion_id": lesion_id,
        "started_on": day(start),
        "agents": "drug",
    }


def listed(*lesions: Row, treatment: tuple[Row, ...] = (), until: int = 400) -> list[tuple[str, int, int]]:
    """Lesion, study day and tenths of a millimetre of each row."""
    given = {
        "patient": [{"patient_id": "P", "observed_until": day(until)}],
        "lesion": lesions,
        "treatment": treatment,
    }
    columns = "lesion_id, seen_on, diameter_tenth_mm"
    rows = run_mart("new_lesion_diameter", given, columns=columns)
    return [(name, (seen_on - day(0)).days, tenth_mm) for name, seen_on, tenth_mm in rows]


BOTH_DAYS = [("N1", 100, 120), ("N1", LAST, 140)]


def test_every_diameter_is_listed_whatever_the_lesion_is_called_later():
    measured = later("12.5", on=140, role="target")
    assert listed(FOUND, measured, later(), OTHER) == [("N1", 100, 120), ("N1", 140, 125), ("N1", LAST, 140)]


def test_a_lesion_never_called_new_is_not_listed():
    assert listed(lesion(100, "12"), lesion(LAST, "14")) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [(LAST - 1, []), (LAST, BOTH_DAYS), (LAST + 1, [("N1", 100, 120), ("N1", LAST + 1, 140)])],
)
def test_it_is_there_on_the_day_of_the_last_scan(on, expected):
    """The other lesion is measured on day 180: a day later, the same day, a day earlier."""
    assert listed(FOUND, later(on=on), OTHER) == expected


def test_the_last_scan_may_be_recorded_on_two_days_of_one_visit():
    """N1 on day 178, the target lesion on day 180; without the name of the visit they are two scans."""
    new, target = later(on=178), lesion(LAST, "20", name="T1")
    assert listed(FOUND, {**new, "visit": "V5"}, {**target, "visit": "V5"}) == [
        ("N1", 100, 120),
        ("N1", 178, 140),
    ]
    assert listed(FOUND, new, target) == []


def test_a_lesion_recorded_after_the_day_of_its_visit_makes_no_later_scan():
    """N1 and the target lesion on day 180, another lesion of that visit two days later."""
    rest = lesion(LAST + 2, None, name="T2", role="non_target", state="present")
    visit = [{**one, "visit": "V5"} for one in (later(), OTHER, rest)]
    assert listed(FOUND, *visit) == BOTH_DAYS
    assert listed(FOUND, later(), OTHER, rest) == []


@pytest.mark.parametrize(
    ("at_last", "expected"),
    [
        (later("0.1"), [("N1", 100, 120), ("N1", LAST, 1)]),
        (later("0"), []),
        (later(None, state="present"), []),
        (later(None, state="not_assessed"), []),
        (later("5", state="equivocal"), []),
        (later("5", state="too_small"), [("N1", 100, 120), ("N1", LAST, 50)]),
    ],
)
def test_it_is_there_with_a_diameter_above_0_that_is_not_equivocal(at_last, expected):
    assert listed(FOUND, at_last, OTHER) == expected


def test_an_equivocal_finding_before_is_no_diameter_of_it():
    doubtful = lesion(100, "5", name="N1", role="new", state="equivocal")
    assert listed(doubtful, later(), OTHER) == [("N1", LAST, 140)]


@pytest.mark.parametrize(
    "more", [{"role": "treated"}, {"role": "treated", "state": "controlled"}, {"state": "controlled"}]
)
def test_a_lesion_recorded_as_treated_is_not_listed(more):
    assert listed(FOUND, later(**more), OTHER) == []
    assert listed(FOUND, later(on=140, **more), later(), OTHER) == []


@pytest.mark.parametrize(("start", "expected"), [(LAST - 1, []), (LAST, []), (LAST + 1, BOTH_DAYS)])
def test_a_lesion_treated_by_the_last_scan_is_not_listed(start, expected):
    """A treatment that begins after it leaves what was measured the lesion's own."""
    assert listed(FOUND, later(), OTHER, treatment=(local(start),)) == expected


@pytest.mark.parametrize(
    ("treatment", "is_listed"),
    [
        (local(140, kind="radiotherapy"), False),
        (local(140, kind="ablation"), False),
        (local(140, kind="surgery"), False),
        (local(140, kind="systemic"), True),
        (local(140, lesion_id="T1"), True),
    ],
)
def test_only_local_treatment_of_the_lesion_itself_counts(treatment, is_listed):
    assert listed(FOUND, later(), OTHER, treatment=(treatment,)) == (BOTH_DAYS if is_listed else [])


@pytest.mark.parametrize(
    ("until", "expected"), [(LAST + 1, BOTH_DAYS), (LAST, BOTH_DAYS), (LAST - 1, [("N1", 100, 120)])]
)
def test_a_scan_after_the_last_day_that_may_be_read_is_not_the_last_scan(until, expected):
    assert listed(FOUND, later(), until=until) == expected


def test_of_two_new_lesions_the_one_treated_is_left_out():
    second = [lesion(on, "9", name="N2", role="new") for on in (100, LAST)]
    assert listed(FOUND, later(role="treated"), *second) == [("N2", 100, 90), ("N2", LAST, 90)]
