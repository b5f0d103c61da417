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


def shown(kind, seen, *treatments):
    """Study days and codes of the marks of one kind."""
    rows = events(kind, "occurred_on, code", lesion=seen, treatment=treatments)
    return [((on - day(0)).days, code) for on, code in rows]


def test_up_to_its_treatment_a_lesion_is_followed_as_new_and_then_with_the_treatment():
    """Found on day 60, measured on 90 and 120, treated on 150: no diameter is lost and none drawn twice."""
    seen = [found(60, 12), lesion(90, diameter_mm=13), lesion(120, diameter_mm=14)]
    after = [lesion(180, diameter_mm=16), lesion(240, role="treated", diameter_mm=15, state="controlled")]
    assert shown("NEW_LESION", [*seen, *after], local(150)) == [(60, "FOUND"), (90, "FOLLOWED")]
    assert shown("LESION", [*seen, *after], local(150)) == [
        (120, "MEASURED"),
        (180, "MEASURED"),
        (240, "CONTROLLED"),
    ]


@pytest.mark.parametrize(
    ("start", "as_new", "with_treatment"),
    [(119, [60], [90, 120]), (120, [60, 90], [120]), (121, [60, 90], [120])],
)
def test_a_diameter_of_the_day_of_treatment_is_the_last_before_it(start, as_new, with_treatment):
    seen = [found(60, 12), lesion(90, diameter_mm=13), lesion(120, diameter_mm=14)]
    assert [on for on, _ in shown("NEW_LESION", seen, local(start))] == as_new
    assert [on for on, _ in shown("LESION", seen, local(start))] == with_treatment


@pytest.mark.parametrize(("on", "days"), [(149, [60, 149]), (150, [60, 150]), (151, [60])])
def test_a_lesion_gone_by_its_treatment_is_gone_as_a_new_one(on, days):
    seen = [found(60, 12), lesion(on, state="absent")]
    assert [row[0] for row in shown("NEW_LESION", seen, local(150))] == days


@pytest.mark.parametrize("more", [{"role": "treated"}, {"state": "controlled"}])
def test_a_record_of_a_treated_lesion_is_drawn_as_such_without_a_record_of_the_treatment(more):
    seen = [found(60, 12), lesion(90, diameter_mm=13), lesion(120, diameter_mm=14, **more)]
    later = lesion(150, diameter_mm=15)
    assert shown("NEW_LESION", [*seen, later]) == [(60, "FOUND"), (90, "FOLLOWED")]
    assert [on for on, _ in shown("LESION", [*seen, later])] == [120, 150]


@pytest.mark.parametrize("role", ["new", "target", "non_target"])
@pytest.mark.parametrize(("on", "with_treatment"), [(100, [100]), (101, [90, 101])])
def test_a_treated_lesion_measured_later_under_another_role_stands_with_its_treatment(
    role, on, with_treatment
):
    """Treated on day 100; of what was measured up to then the last stands with the treatment."""
    seen = [lesion(90, diameter_mm=13), lesion(on, role=role, diameter_mm=9)]
    tables = {"study": [{"response_mode": "post_local_therapy"}], "treatment": [local(100)]}
    rows = events("LESION", "occurred_on, code", lesion=seen, **tables)
    assert [((day_on - day(0)).days, code) for day_on, code in rows] == [
        (day_on, "MEASURED") for day_on in with_treatment
    ]


def test_a_target_treated_locally_stays_in_the_target_sum_where_recist_stands():
    seen = [lesion(on, role="target", diameter_mm=13) for on in (-10, 60, 150)]
    tables = {"lesion": seen, "treatment": [treatment(1, 0), local(100)]}
    assert [row[0] for row in events("LESION", "occurred_on", **tables)] == [day(60)]
    assert len(events("SUM", "occurred_on", **tables)) == 3


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
        ("lung", "new_lung_up_to_5", "lung"),
        ("lung", "new_lung_over_5", "lung"),
        ("liver", "extrathoracic", "liver"),
        ("brain", "cns", "brain"),
        # Nobody says that it lies there.
        ("clinical deterioration", "other", None),
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
