"""timeline_event: treated lesions, second markers, tissue tests, withdrawal, input and molecules."""

import pytest

from tests.builders import day
from tests.unit.marts.patient.test_timeline_event import draw, events, treatment


def lesion(on, **columns):
    return {"patient_id": "P1", "lesion_id": "L1", "assessed_on": day(on), "role": "treated", **columns}


def local(name, on, kind, **columns):
    own = {"treatment_id": f"{name} {on}", "lesion_id": name, "kind": kind, "started_on": day(on)}
    return {"patient_id": "P1", **own, **columns}


def marker(name, on=10, **columns):
    return {"patient_id": "P1", "name": name, "measured_on": day(on), "value": 5, "unit": "U/mL", **columns}


def test_a_treated_lesion_has_what_the_treating_team_says_of_it_and_nothing_is_calculated():
    seen = [
        lesion(30, state="controlled", diameter_mm=12, organ="lung", location="left upper lobe"),
        lesion(120, state="local_progression", basis="ct_growth", organ="lung"),
        lesion(150, diameter_mm=30, organ="lung"),
    ]
    assert events("LESION", "lesion_id, code, detail, value_sum, organ", lesion=seen) == [
        ("L1", "CONTROLLED", None, 120, "left upper lobe"),
        ("L1", "LOCAL_PROGRESSION", "ct_growth", None, "lung"),
        ("L1", "MEASURED", None, 300, "lung"),
    ]


def test_days_between_follow_ups_are_counted_within_a_lesion():
    seen = [
        lesion(30, state="controlled"),
        lesion(40, state="controlled", lesion_id="L2"),
        lesion(90, state="equivocal"),
    ]
    assert events("LESION", "lesion_id, days_since_previous", lesion=seen) == [
        ("L1", None),
        ("L2", None),
        ("L1", 60),
    ]


def test_target_lesions_have_no_mark_of_their_own():
    assert (
        events("LESION", "code", lesion=[lesion(30, role="target", state="measured", diameter_mm=12)]) == []
    )


def test_the_reference_of_an_ablation_is_the_first_ct_in_the_days_of_the_study_after_its_last_day():
    # By the study from 28 to 56 days after the ablation ended; each lesion is ablated on days 0 to 5.
    scans = {"L1": (32, 90), "L2": (33, 40), "L3": (61,), "L4": (62,), "L5": (40,), "L6": (40,)}
    treated = [
        local(name, 0, "radiotherapy" if name == "L5" else "ablation", ended_on=day(5)) for name in scans
    ]
    again = local("L6", 30, "ablation", ended_on=day(30))
    seen = [lesion(on, lesion_id=name, diameter_mm=20) for name, days in scans.items() for on in days]
    found = events("LESION", "lesion_id, reference_of", lesion=seen, treatment=[*treated, again])
    assert [row for row in found if row[1] is not None] == [
        ("L2", "treatment L2 0"),
        ("L3", "treatment L3 0"),
    ]


def test_a_follow_up_without_a_size_is_no_reference_and_a_zone_not_seen_is_one():
    seen = [lesion(30, state="not_assessed"), lesion(40, state="absent"), lesion(50, diameter_mm=9)]
    given = {"lesion": seen, "treatment": [local("L1", 0, "ablation")]}
    assert events("LESION", "reference_of", **given) == [(None,), ("treatment L1 0",), (None,)]


def test_of_a_lesion_under_another_role_the_last_diameter_before_its_treatment_and_all_since_are_shown():
    seen = [
        lesion(-60, role="new", diameter_mm=7),
        lesion(-20, role="new", state="measured", diameter_mm=8),
        lesion(1, role="new", diameter_mm=9),
        lesion(40, state="controlled", diameter_mm=10),
    ]
    given = {"lesion": seen, "treatment": [local("L1", 0, "radiotherapy")]}
    assert events("LESION", "code, value_sum", **given) == [
        ("MEASURED", 80),
        ("MEASURED", 90),
        ("CONTROLLED", 100),
    ]


@pytest.mark.parametrize(
    ("names", "first", "second", "other"),
    [
        (["ca_15_3"], ["ca_15_3"], [], []),
        (["cea", "ca_15_3"], ["ca_15_3"], ["cea"], []),
        (["cea"], ["cea"], [], []),
        # PSA is no marker of breast cancer: recorded, but never the second panel.
        (["ca_15_3", "psa"], ["ca_15_3"], [], ["psa"]),
        (["cea", "ca_15_3", "afp"], ["ca_15_3"], ["cea"], ["afp"]),
    ],
)
def test_the_first_two_markers_of_the_tumour_type_have_a_panel(names, first, second, other):
    measured = [marker(name) for name in names]
    kinds = ("MARKER", "SECOND_MARKER", "OTHER_MARKER")
    found = [[row[0] for row in events(kind, "label", measurement=measured)] for kind in kinds]
    assert found == [first, second, other]


def test_a_specimen_with_genes_tested_names_them_and_immunohistochemistry_is_none():
    tests = [("er", 0), ("ki67", 0), ("er", 50), ("kras", 50), ("braf", 50)]
    rows = [
        {"patient_id": "P1", "specimen": "primary", "test": name, "taken_on": day(on), "result": "x"}
        for name, on in tests
    ]
    assert events("BIOPSY", "label, code, detail", pathology=rows) == [
        ("primary", None, None),
        ("primary", "GENES_TESTED", "BRAF, KRAS"),
    ]


@pytest.mark.parametrize(
    ("intent", "label"),
    [("adjuvant", "drug 1 (adjuvant)"), ("neoadjuvant", "drug 1 (neoadjuvant)"), ("metastatic", "drug 1")],
)
def test_adjuvant_treatment_is_called_so(intent, label):
    course = {**treatment(1, -300, -100), "intent": intent, "line": None}
    assert events("SYSTEMIC", "label", treatment=[course]) == [(label,)]


def test_a_treatment_stopped_for_progression_without_an_assessment_is_a_mark_that_says_so():
    course = {**treatment(1, 0, 120), "stop_reason": "progression"}
    assert events("CLINICAL_PROGRESSION", "detail", treatment=[course]) == [("treatment_stop",)]


def test_an_assessment_of_progression_explains_the_stop():
    course = {**treatment(1, 0, 120), "stop_reason": "progression"}
    found = {
        "patient_id": "P1",
        "assessed_on": day(118),
        "assessor": "treating_physician",
        "overall": "pd",
        "basis": "imaging",
    }
    assert events("CLINICAL_PROGRESSION", "detail", treatment=[course], response=[found]) == []


def test_the_last_day_says_whether_consent_was_withdrawn():
    gone = {"patient_id": "P1", "kind": "withdrawal_of_consent", "happened_on": day(100)}
    assert events("OBSERVED_UNTIL", "code", disposition=[gone]) == [("WITHDREW",)]
    assert events("OBSERVED_UNTIL", "code") == [(None,)]


def test_a_draw_carries_its_input_and_a_variant_its_molecules():
    found = {"sample_id": "S10", "gene": "KRAS", "variant": "p.G12D", "status": "detected", "maf_ppm": 3000}
    tables = {
        "ctdna_sample": [draw(10, cfdna_ng_per_ml=7.5)],
        "variant": [{**found, "alt_molecules": 6, "total_molecules": 2000}],
    }
    assert events("SAMPLE", "cfdna_ng_per_ml, max_maf_ppm, total_molecules", **tables) == [(7.5, 3000, None)]
    assert events("VARIANT", "alt_molecules, total_molecules", **tables) == [(6, 2000)]


def assessed(on, overall):
    return {
        "patient_id": "P1",
        "assessed_on": day(on),
        "assessor": "investigator",
        "overall": overall,
        "basis": "imaging",
    }


def ablated(name, on):
    return {
        "patient_id": "P1",
        "treatment_id": name,
        "kind": "ablation",
        "started_on": day(on),
        "ended_on": day(on),
    }


@pytest.mark.parametrize(
    ("courses", "grey"),
    [
        ((0,), [False, True, True, True]),
        ((0, 150), [False, False, False, True]),
        # On the day of the scan the new course has not acted yet.
        ((0, 180), [False, True, False, True]),
    ],
)
def test_after_a_new_local_treatment_a_scan_is_not_after_progression_until_the_next_one(courses, grey):
    study = {"index_origin": "local_therapy", "response_mode": "post_local_therapy", "course_gap_days": 60}
    scans = [assessed(on, overall) for on, overall in ((120, "pd"), (180, "ned"), (240, "pd"), (300, "ned"))]
    given = {
        "study": [study],
        "treatment": [ablated(f"L{on}", on) for on in courses],
        "response": scans,
    }
    assert [row[0] for row in events("RESPONSE", "is_after_progression", **given)] == grey


def test_the_last_day_of_which_anything_is_known_is_marked():
    contact = {"patient_id": "P1", "contact_on": day(111), "vital_status": "alive"}
    course = treatment(1, 0)
    found = events("LAST_KNOWN", "occurred_on, source_table", treatment=[course], contact=[contact])
    assert found == [(day(111), "contact")]
