"""Visceral and bone-only disease as recorded, beside the sites on record; enrolled on day 0."""

import pytest

from tests.builders import day, run_mart

PATIENT = {"patient_id": "P", "tumour_type": "breast", "enrolled_on": day(0), "observed_until": day(400)}
ORGANS = [
    {"tumour_type": tumour, "organ": organ}
    for tumour, organ in (("breast", "breast"), ("lung", "lung"), ("brain", "brain"), ("brain", "cns"))
]
PD = {"patient_id": "P", "assessor": "investigator", "overall": "pd", "progression_pattern": "new_lesion"}


def lesion(organ, on, **more):
    place = {"patient_id": "P", "lesion_id": f"{organ} {on}", "assessed_on": day(on), "organ": organ}
    return {**place, "role": "target", "diameter_mm": 20, **more}


def extent(name, value, *lesions, columns="agrees", **tables):
    """The columns of the one row of P."""
    own = [{"patient_id": "P", "name": name, "value": value}]
    given = {"patient": [PATIENT], "characteristic": own, "lesion": lesions, "primary_organ": ORGANS}
    (row,) = run_mart("recorded_extent", given | tables, columns=columns)
    return row[0] if len(row) == 1 else row


@pytest.mark.parametrize(
    ("name", "value", "organs", "agrees"),
    [
        ("visceral_disease", "yes", ("bone", "lymph_node"), False),
        ("visceral_disease", "yes", ("bone", "liver"), True),
        ("visceral_disease", "yes", ("bone", "brain"), True),  # visceral in one trial and not in another
        ("visceral_disease", "yes", ("bone", None), True),  # nobody knows which organ
        ("visceral_disease", "yes", (), None),
        ("visceral_disease", "no", ("bone", "liver"), False),
        ("visceral_disease", "no", ("bone", "brain"), True),
        ("visceral_disease", "no", ("bone", "other"), True),
        ("bone_only", "yes", ("bone",), True),
        ("bone_only", "yes", ("bone", "breast"), True),
        ("bone_only", "yes", ("bone", "other"), True),
        ("bone_only", "yes", ("bone", "lymph_node"), False),
        ("bone_only", "yes", ("brain",), False),
        ("bone_only", "yes", (), None),
        ("bone_only", "no", ("bone",), None),
    ],
)
def test_what_is_recorded_is_held_against_the_sites(name, value, organs, agrees):
    assert extent(name, value, *(lesion(organ, -5) for organ in organs)) is agrees


@pytest.mark.parametrize(
    ("tumour", "name", "value", "organs", "agrees"),
    [
        # The lung lesion may be the primary tumour or a metastasis, the liver lesion no primary tumour.
        ("lung", "bone_only", "yes", ("bone", "lung"), True),
        ("lung", "bone_only", "yes", ("bone", "liver"), False),
        ("breast", "bone_only", "yes", ("bone", "lung"), False),
        ("lung", "visceral_disease", "no", ("bone", "lung"), True),
        ("lung", "visceral_disease", "no", ("bone", "liver"), False),
        ("breast", "visceral_disease", "no", ("bone", "lung"), False),
        ("lung", "visceral_disease", "yes", ("bone", "lung"), True),
        ("lung", "bone_only", "yes", ("bone", "breast"), False),
        ("brain", "bone_only", "yes", ("bone", "brain", "cns"), True),
        ("breast", "bone_only", "yes", ("bone", "cns"), False),
        # Nobody knows where the cancer began: in no lymph node.
        ("other", "bone_only", "yes", ("bone", "liver"), True),
        ("other", "visceral_disease", "no", ("bone", "liver"), True),
        (None, "bone_only", "yes", ("bone", "liver"), True),
        (None, "bone_only", "yes", ("bone", "lymph_node"), False),
        (None, "visceral_disease", "yes", ("bone", "lymph_node"), False),
    ],
)
def test_what_may_be_the_primary_tumour_speaks_neither_for_nor_against(tumour, name, value, organs, agrees):
    lesions = [lesion(organ, -5) for organ in organs]
    assert extent(name, value, *lesions, patient=[PATIENT | {"tumour_type": tumour}]) is agrees


@pytest.mark.parametrize(("role", "agrees", "outside_on"), [("target", True, None), ("new", False, day(5))])
@pytest.mark.parametrize("tumour", ["lung", None])
def test_a_new_lesion_is_no_primary_tumour(tumour, role, agrees, outside_on):
    found = extent(
        "bone_only",
        "yes",
        lesion("lung", 5, role=role),
        patient=[PATIENT | {"tumour_type": tumour}],
        columns="agrees, outside_bone_on",
    )
    assert found == (agrees, outside_on)


def test_a_new_site_that_a_progression_names_is_no_primary_tumour():
    progression = {**PD, "assessed_on": day(90), "progression_site": "lung"}
    patient = [PATIENT | {"tumour_type": "lung"}]
    found = extent("bone_only", "yes", patient=patient, response=[progression], columns="outside_bone_on")
    assert found == day(90)


@pytest.mark.parametrize(("recorded_on", "n"), [(399, 1), (400, 1), (401, 0), (None, 1)])
def test_what_was_recorded_after_the_last_day_of_reading_is_not_counted(recorded_on, n):
    on = None if recorded_on is None else day(recorded_on)
    own = [{"patient_id": "P", "name": "bone_only", "value": "yes", "recorded_on": on}]
    tables = {"patient": [PATIENT], "characteristic": own}
    assert len(run_mart("recorded_extent", tables, columns="name")) == n


@pytest.mark.parametrize(("on", "agrees"), [(6, False), (7, False), (8, None)])
def test_the_study_start_ends_with_the_days_in_which_a_scan_is_a_baseline_scan(on, agrees):
    assert extent("visceral_disease", "yes", lesion("bone", on)) is agrees
    assert extent("bone_only", "yes", lesion("liver", on)) is agrees


def test_a_visceral_lesion_after_the_study_start_does_not_make_the_record_right():
    before = lesion("bone", -5)
    assert extent("visceral_disease", "yes", before, lesion("liver", 7)) is True
    assert extent("visceral_disease", "yes", before, lesion("liver", 8)) is False


@pytest.mark.parametrize(
    ("precision", "on", "agrees"),
    [
        ("day", 30, False),
        ("month", 30, True),
        ("month", 59, False),
        ("year", 365, True),
        ("year", 370, False),
    ],
)
def test_a_lesion_whose_month_or_year_the_study_start_lies_in_may_have_been_there(precision, on, agrees):
    partial = lesion("liver", on, assessed_on_precision=precision)
    assert extent("visceral_disease", "yes", lesion("bone", -5), partial) is agrees


@pytest.mark.parametrize(
    "changed", [{"role": "treated"}, {"diameter_mm": 0}, {"diameter_mm": None, "state": "absent"}]
)
def test_a_treated_lesion_or_one_that_has_gone_speaks_for_visceral_disease_and_not_against_its_absence(
    changed,
):
    gone = lesion("liver", -5, **changed)
    assert extent("visceral_disease", "no", lesion("bone", -5), gone) is True
    assert extent("visceral_disease", "yes", lesion("bone", -5), gone) is True


def test_a_node_is_none_of_the_organ_it_lies_in():
    assert extent("visceral_disease", "yes", lesion("lung", -5, is_node=True)) is False


@pytest.mark.parametrize(
    ("site", "pattern", "outside_on"),
    [
        ("liver", "new_lesion", day(90)),
        ("bone, liver", "new_lesion", day(90)),
        ("bone", "new_lesion", None),
        ("known lesions", "non_target", None),  # no new site
    ],
)
def test_bone_only_holds_until_a_site_elsewhere_is_seen(site, pattern, outside_on):
    progression = {**PD, "assessed_on": day(90), "progression_site": site, "progression_pattern": pattern}
    found = extent(
        "bone_only", "yes", lesion("bone", -5), response=[progression], columns="agrees, outside_bone_on"
    )
    assert found == (True, outside_on)


def test_only_yes_and_no_are_compared_and_of_these_two_answers_alone():
    own = [
        {"patient_id": "P", "name": name, "value": value}
        for name, value in (("visceral_disease", "unknown"), ("bone_only", "No"), ("liver_metastases", "yes"))
    ]
    tables = {"patient": [PATIENT], "characteristic": own}
    assert run_mart("recorded_extent", tables, columns="name, value") == [("bone_only", "no")]
