"""timeline_event: when lesions were found as new, and what is drawn of them since."""

import pytest

from tests.builders import day
from tests.unit.marts.patient.test_timeline_event import events, treatment

COLUMNS = "label, occurred_on, code, detail, value_sum"


def lesion(on, **columns):
    own = {"patient_id": "P1", "lesion_id": "N1", "assessed_on": day(on), "organ": "liver"}
    return {**own, "role": "non_target", **columns}


def found(on, mm, **columns):
    return lesion(on, role="new", diameter_mm=mm, **columns)


def local(on, kind="radiotherapy"):
    row = {"treatment_id": "LT1", "lesion_id": "N1", "kind": kind, "started_on": day(on), "ended_on": day(on)}
    return {"patient_id": "P1", **row}


def response(on, **columns):
    own = {"patient_id": "P1", "assessed_on": day(on), "assessor": "treating_physician", "overall": "pd"}
    return {**own, "basis": "imaging", "new_lesion": "yes", **columns}


def test_a_new_lesion_is_followed_by_its_diameters_and_by_its_absence():
    seen = [
        found(60, 12, location="segment IV"),
        lesion(120, diameter_mm=14.5),
        # There without a number: nothing to draw.
        lesion(150, state="present"),
        lesion(180, state="absent"),
    ]
    assert events("NEW_LESION", COLUMNS, lesion=seen) == [
        ("N1", day(60), "FOUND", "liver, segment IV", 120),
        ("N1", day(120), "FOLLOWED", "liver", 145),
        ("N1", day(180), "ABSENT", "liver", None),
    ]


def test_a_lesion_called_new_again_was_found_once():
    seen = [found(60, 12), found(120, 14)]
    assert [row[2] for row in events("NEW_LESION", COLUMNS, lesion=seen)] == ["FOUND", "FOLLOWED"]


def test_lesions_of_the_baseline_are_none():
    seen = [lesion(-5, role="target", diameter_mm=20), lesion(60, role="target", diameter_mm=30)]
    assert events("NEW_LESION", COLUMNS, lesion=seen) == []


@pytest.mark.parametrize("kind", ["radiotherapy", "ablation", "surgery"])
def test_of_a_lesion_treated_locally_only_the_first_finding_is_shown_here(kind):
    seen = [found(60, 12), lesion(90, diameter_mm=13), lesion(150, role="treated", diameter_mm=8)]
    tables = {"lesion": seen, "treatment": [local(100, kind)]}
    assert [row[1:3] for row in events("NEW_LESION", COLUMNS, **tables)] == [(day(60), "FOUND")]
    # A drug is no local treatment of a lesion.
    followed = events("NEW_LESION", COLUMNS, lesion=seen[:2], treatment=[treatment(1, 0)])
    assert [row[1:3] for row in followed] == [(day(60), "FOUND"), (day(90), "FOLLOWED")]


@pytest.mark.parametrize(("on", "rows"), [(59, 2), (60, 1), (61, 2)])
def test_a_report_of_a_new_lesion_stands_alone_where_no_lesion_is_recorded_that_day(on, rows):
    tables = {"lesion": [found(60, 12)], "response": [response(on)], "treatment": [treatment(1, 0)]}
    assert len(events("NEW_LESION", COLUMNS, **tables)) == rows


@pytest.mark.parametrize(("said", "rows"), [("yes", 1), ("no", 0), (None, 0)])
def test_only_a_report_that_says_new_is_one(said, rows):
    tables = {"response": [response(60, new_lesion=said)], "treatment": [treatment(1, 0)]}
    assert [row[2:] for row in events("NEW_LESION", COLUMNS, **tables)] == [("FOUND", None, None)] * rows


@pytest.mark.parametrize(
    ("site", "pattern", "place"),
    [
        ("lymph_node", "new_lesion", "lymph node"),
        ("liver", None, "liver"),
        ("other", "new_lesion", None),
        (None, "new_lesion", None),
        # The site named is that of the lesion that grew.
        ("liver", "growth", None),
        ("lung", "in_field", None),
    ],
)
def test_a_reported_lesion_has_the_site_of_a_progression_by_new_lesions(site, pattern, place):
    rows = [response(60, progression_site=site, progression_pattern=pattern)]
    found = events("NEW_LESION", "detail", response=rows, treatment=[treatment(1, 0)])
    assert found == [(place,)]


def test_two_assessors_of_one_day_give_one_mark():
    both = [response(60), response(60, assessor="radiologist")]
    assert len(events("NEW_LESION", COLUMNS, response=both, treatment=[treatment(1, 0)])) == 1


def test_days_between_scans_are_counted_within_a_lesion():
    seen = [found(60, 12), found(70, 9, lesion_id="N2"), lesion(120, diameter_mm=14)]
    days = events("NEW_LESION", "label, days_since_previous", lesion=seen)
    assert days == [("N1", None), ("N2", None), ("N1", 60)]
