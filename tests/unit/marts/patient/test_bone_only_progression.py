"""At which progressions no disease is known outside bone (clinical-decisions A34). PD on day 100."""

import pytest

from tests.builders import Row, day, run_mart


def lesion(organ, on=100, *, name=None, mm=20, **more) -> Row:
    return {
        "patient_id": "P",
        "lesion_id": name or str(organ),
        "assessed_on": day(on),
        "role": "target",
        "organ": organ,
        "diameter_mm": mm,
        "state": "measured",
        **more,
    }


NODE = {"organ": "lymph_node", "is_node": True}


def pd(site=None, on=100, assessor="treating_physician") -> Row:
    return {
        "patient_id": "P",
        "assessed_on": day(on),
        "assessor": assessor,
        "overall": "pd",
        "basis": "imaging",
        "progression_site": site,
        "row_key": f"PD {on} {assessor}",
    }


def found(*lesions: Row, site=None, recorded=None, earlier=(), name="bone_only") -> bool:
    given = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "tumour_type": "breast"}],
        "response": [*earlier, pd(site)],
        "lesion": list(lesions),
        "characteristic": [{"patient_id": "P", "name": name, "value": recorded}] if recorded else [],
    }
    rows = run_mart("bone_only_progression", given, columns="assessed_on")
    return (day(100),) in rows


@pytest.mark.parametrize(
    ("lesions", "expected"),
    [
        ((lesion("bone"),), True),
        ((lesion("bone"), lesion("liver")), False),
        ((lesion("liver"),), False),
        # Gone at the progression, or before it: no disease there any more.
        ((lesion("bone"), lesion("lung", mm=0)), True),
        ((lesion("bone"), lesion("lung", 50), lesion("lung", 90, mm=None, state="absent")), True),
        # Not looked at again, or seen only later.
        ((lesion("bone"), lesion("lung", 50)), False),
        ((lesion("bone"), lesion("lung", 101)), True),
        # A lymph node of 10 mm in its short axis is one, under 10 mm it is none.
        ((lesion("bone"), lesion(mm=10, **NODE)), False),
        ((lesion("bone"), lesion(mm=9.9, **NODE)), True),
        # Called new it is one however small.
        ((lesion("bone"), lesion(mm=9, role="new", **NODE)), False),
        ((lesion("bone"), lesion("lung", role="treated")), True),
        # Nobody knows which organ.
        ((lesion("bone"), lesion(None)), False),
        ((), False),
    ],
)
def test_bone_alone_has_lesions(lesions, expected):
    assert found(*lesions) is expected


@pytest.mark.parametrize(
    ("lesions", "site", "expected"),
    [
        ((), "bone", True),
        ((), "Bone", True),
        ((), "liver", False),
        ((lesion(mm=12, **NODE),), "bone", False),
        ((lesion("lung", mm=0),), "bone", True),
        # Measured in bone, named elsewhere; or named by nobody in particular.
        ((lesion("bone"),), "liver", False),
        ((lesion("bone"),), "known lesions", True),
    ],
)
def test_a_progression_that_names_bone_is_of_bone_alone_where_no_lesion_elsewhere_is_left(
    lesions, site, expected
):
    assert found(*lesions, site=site) is expected


@pytest.mark.parametrize(
    ("recorded", "lesions", "expected"),
    [
        ("yes", (), True),
        ("no", (), False),
        ("yes", (lesion("liver", 100, role="new"),), False),
        ("yes", (lesion("liver", 101, role="new"),), True),
    ],
)
def test_disease_recorded_as_bone_only_stays_so_until_a_site_elsewhere_is_seen(recorded, lesions, expected):
    # A new lesion: another might be the primary tumour.
    assert found(*lesions, recorded=recorded) is expected


@pytest.mark.parametrize(
    ("site", "on", "expected"), [("liver", 50, False), ("bone", 50, True), ("liver", 101, True)]
)
def test_a_site_elsewhere_that_an_earlier_progression_named_is_disease_elsewhere(site, on, expected):
    assert found(site="bone", earlier=[pd(site, on)]) is expected


@pytest.mark.parametrize(
    ("parts", "lesions", "expected"),
    [
        ({"target": "sd", "sum_of_diameters_mm": 71}, (), False),
        ({"target": "cr", "non_target": "non_cr_non_pd"}, (), False),
        ({"target": "cr", "non_target": "cr"}, (), True),
        ({"target": "ne"}, (), True),
        ({"target": "sd", "sum_of_diameters_mm": 71}, (lesion("bone", role="new"),), True),
    ],
)
def test_disease_measured_of_which_no_lesion_is_on_record_may_lie_anywhere(parts, lesions, expected):
    given = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "tumour_type": "breast"}],
        "response": [pd("bone") | parts],
        "lesion": list(lesions),
    }
    assert (run_mart("bone_only_progression", given, columns="assessed_on") == [(day(100),)]) is expected


@pytest.mark.parametrize("name", ["visceral_disease", "liver_metastases"])
@pytest.mark.parametrize(("value", "expected"), [("yes", False), ("no", True)])
def test_disease_elsewhere_on_record_is_disease_elsewhere(name, value, expected):
    assert found(site="bone", recorded=value, name=name) is expected


@pytest.mark.parametrize(
    ("recorded", "source"),
    [("yes", ("characteristic", "own")), (None, ("response", "PD 100 treating_physician"))],
)
def test_it_leads_to_the_record_or_to_the_assessment_that_names_bone_once_for_two_assessors(recorded, source):
    own = {"patient_id": "P", "name": "bone_only", "value": recorded, "row_key": "own"}
    given = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "tumour_type": "breast"}],
        "response": [pd(None, assessor="central"), pd("bone")],
        "lesion": [lesion("bone")],
        "characteristic": [own] if recorded else [],
    }
    assert run_mart("bone_only_progression", given, columns="source_table, source_key") == [source]
