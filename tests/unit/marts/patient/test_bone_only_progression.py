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


def found(*lesions: Row, site=None, recorded=None) -> bool:
    given = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "tumour_type": "breast"}],
        "response": [
            {
                "patient_id": "P",
                "assessed_on": day(100),
                "assessor": "treating_physician",
                "overall": "pd",
                "basis": "imaging",
                "progression_site": site,
            }
        ],
        "lesion": list(lesions),
        "characteristic": [{"patient_id": "P", "name": "bone_only", "value": recorded}] if recorded else [],
    }
    return run_mart("bone_only_progression", given, columns="assessed_on") == [(day(100),)]


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
