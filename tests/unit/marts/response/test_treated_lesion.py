"""Lesions treated locally, with the first day that says so."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .lesions import lesion


def local(on: int, *, kind: str = "radiotherapy", lesion_id: str | None = "N1") -> Row:
    own = {"patient_id": "P", "treatment_id": f"{kind} {on}", "kind": kind, "lesion_id": lesion_id}
    return {**own, "started_on": day(on), "agents": "drug"}


def seen(on: int, **more: Any) -> Row:
    return lesion(on, "12", name="N1", **{"role": "non_target", **more})


def treated(*lesions: Row, treatment: tuple[Row, ...] = (), until: int = 400) -> list[tuple[str, int, str]]:
    """Lesion, study day and source of each row."""
    patient = {"patient_id": "P", "observed_until": day(until)}
    given = {"patient": [patient], "lesion": lesions, "treatment": treatment}
    rows = run_mart("treated_lesion", given, columns="lesion_id, treated_on, source_table")
    return [(name, (on - day(0)).days, source) for name, on, source in rows]


@pytest.mark.parametrize(
    ("kind", "lesion_id", "rows"),
    [
        ("radiotherapy", "N1", [("N1", 150, "treatment")]),
        ("ablation", "N1", [("N1", 150, "treatment")]),
        ("surgery", "N1", [("N1", 150, "treatment")]),
        ("systemic", "N1", []),
        ("radiotherapy", None, []),
    ],
)
def test_a_local_treatment_that_names_the_lesion_treats_it(kind, lesion_id, rows):
    assert treated(seen(60), treatment=(local(150, kind=kind, lesion_id=lesion_id),)) == rows


@pytest.mark.parametrize(
    ("more", "is_treated"),
    [
        ({"role": "treated"}, True),
        ({"role": "treated", "state": "not_assessed"}, True),
        ({"state": "controlled"}, True),
        ({"state": "equivocal"}, False),
        ({"state": "absent"}, False),
        ({}, False),
    ],
)
def test_a_record_that_calls_the_lesion_treated_or_controlled_says_so(more, is_treated):
    assert treated(seen(60), seen(120, **more)) == ([("N1", 120, "lesion")] if is_treated else [])


@pytest.mark.parametrize(
    ("start", "expected"),
    [(119, (119, "treatment")), (120, (120, "treatment")), (121, (120, "lesion"))],
)
def test_the_first_of_treatment_and_record_counts(start, expected):
    assert treated(seen(120, role="treated"), treatment=(local(start), local(300))) == [("N1", *expected)]


@pytest.mark.parametrize(("until", "rows"), [(149, 0), (150, 1), (151, 1)])
def test_what_begins_after_the_last_day_that_may_be_read_is_not_known(until, rows):
    assert len(treated(seen(60), treatment=(local(150),), until=until)) == rows
    assert len(treated(seen(150, role="treated"), until=until)) == rows


def test_each_lesion_has_its_own_day():
    other = lesion(90, "9", name="N2", role="treated")
    assert treated(seen(60), other, treatment=(local(150),)) == [
        ("N1", 150, "treatment"),
        ("N2", 90, "lesion"),
    ]
