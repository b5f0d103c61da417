"""What the header of a patient may state, by hand."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import Row, day, run_mart

PATIENT = {"patient_id": "P", "enrolled_on": day(0), "observed_until": day(400)}


def facts(kind: str, columns: str, **tables: Any) -> list[tuple[Any, ...]]:
    found = run_mart("header_fact", {"patient": [PATIENT], **tables}, columns=f"kind, {columns}")
    return [row[1:] for row in found if row[0] == kind]


def lesion(name: str, on: int, organ: str, **more: Any) -> Row:
    return {
        "patient_id": "P",
        "lesion_id": name,
        "assessed_on": day(on),
        "organ": organ,
        "role": "target",
        **more,
    }


def test_a_site_is_there_treated_or_gone_by_the_last_assessment_of_its_lesions_up_to_the_last_day_read():
    lesions = [
        lesion("L1", 10, "liver", diameter_mm=20),
        lesion("L1", 90, "liver", diameter_mm=0),
        lesion("L2", 10, "lung", diameter_mm=12),
        lesion("L3", 90, "bone", role="non_target", state="present"),
        lesion("L4", 90, "lung", role="treated", diameter_mm=9),
        lesion("L5", 401, "brain", diameter_mm=9),
        lesion("L6", 10, "adrenal", diameter_mm=15),
        lesion("L6", 90, "adrenal", role="treated", diameter_mm=9),
        # Treated before it was ever followed: it stands with its treatment.
        lesion("L7", 90, "kidney", role="treated", diameter_mm=9),
    ]
    assert facts("SITE", "name, code, value", lesion=lesions) == [
        ("adrenal", "TREATED", 0),
        ("bone", "NOW", 1),
        ("liver", "GONE", 0),
        ("lung", "NOW", 1),
    ]


def test_a_site_has_the_first_and_the_last_day_it_was_seen_diseased():
    lesions = [
        lesion("L1", 10, "lung", diameter_mm=20),
        lesion("L1", 90, "lung", diameter_mm=18),
        lesion("L2", 90, "liver", role="new", state="present"),
    ]
    seen = facts("SITE", "name, occurred_on, last_on", lesion=lesions)
    assert sorted(seen) == [("liver", day(90), day(90)), ("lung", day(10), day(90))]


@pytest.mark.parametrize(
    ("organs", "value", "detail"),
    [
        (("lymph_node", "bone"), "yes", "NO_VISCERAL_LESION"),
        (("lymph_node", "pleura"), "yes", None),
        (("lymph_node",), "no", None),
        # Without any lesion nothing speaks against the record.
        ((), "yes", None),
    ],
)
def test_visceral_disease_is_held_against_the_lesions(organs, value, detail):
    lesions = [lesion(organ, 10, organ, diameter_mm=20) for organ in organs]
    answer = [{"patient_id": "P", "name": "visceral_disease", "value": value, "recorded_on": day(0)}]
    assert facts("CHARACTERISTIC", "code, detail", lesion=lesions, characteristic=answer) == [(value, detail)]


def test_a_brca_variant_the_assay_follows_is_named():
    sample = {"patient_id": "P", "sample_id": "S", "collected_on": day(5), "status": "detected"}
    variants = [
        {"sample_id": "S", "gene": gene, "variant": variant, "status": "detected", "maf_ppm": 1000}
        for gene, variant in (("BRCA2", "p.S1982fs"), ("TP53", "p.R175H"))
    ]
    assert facts("FOLLOWED", "name, code, value", ctdna_sample=[sample], variant=variants) == [
        ("BRCA2", "S1982fs", 1)
    ]


def progressed(on: int, site: str, pattern: str | None = "new_lesion") -> Row:
    return {
        "patient_id": "P",
        "assessed_on": day(on),
        "assessor": "treating_physician",
        "overall": "pd",
        "progression_site": site,
        "progression_pattern": pattern,
    }


def test_a_site_that_only_a_progression_names_stands_with_its_day():
    lesions = [lesion("L1", 10, "liver", diameter_mm=20), lesion("L1", 90, "liver", diameter_mm=0)]
    found = [progressed(90, "Bone"), progressed(120, "bone"), progressed(401, "lung")]
    grown = [progressed(91, "known lesions", "growth")]
    assert facts("SITE", "name, code, occurred_on", lesion=lesions, response=[*found, *grown]) == [
        ("bone", "NAMED", day(90)),
        ("liver", "GONE", day(10)),
    ]


@pytest.mark.parametrize(("on", "code", "last"), [(90, "GONE", 10), (91, "NAMED", 91)])
def test_a_gone_site_that_a_later_progression_names_is_one_again(on, code, last):
    lesions = [lesion("L1", 10, "liver", diameter_mm=20), lesion("L1", 90, "liver", diameter_mm=0)]
    named = [progressed(on, "liver")]
    found = facts("SITE", "name, code, occurred_on, last_on", lesion=lesions, response=named)
    assert found == [("liver", code, day(10), day(last))]


@pytest.mark.parametrize(
    ("diameter", "role", "code"),
    [
        (10, "target", "NOW"),
        (9.9, "target", "NORMAL"),
        (0, "target", "GONE"),
        # Called new it is a lesion however small.
        (9.9, "new", "NOW"),
        (9.9, "treated", "TREATED"),
    ],
)
def test_a_lymph_node_under_10_mm_is_of_normal_size(diameter, role, code):
    node = {"is_node": True, "state": "measured"}
    lesions = [
        lesion("L1", 10, "lymph_node", diameter_mm=15, **node),
        lesion("L1", 90, "lymph_node", diameter_mm=diameter, **{**node, "role": role}),
    ]
    found = facts("SITE", "name, code, occurred_on, last_on", lesion=lesions)
    assert found == [("lymph_node", code, day(10), day(90 if code == "NOW" else 10))]


def test_a_lymph_node_that_never_was_larger_stands_with_the_days_it_was_seen():
    lesions = [lesion("L1", on, "lymph_node", diameter_mm=8, is_node=True) for on in (10, 90)]
    found = facts("SITE", "name, code, occurred_on, last_on", lesion=lesions)
    assert found == [("lymph_node", "NORMAL", day(10), day(90))]


@pytest.mark.parametrize(
    ("more", "is_missing"),
    [
        ({}, True),
        ({"lesion": [lesion("L1", 10, "liver", diameter_mm=20)]}, False),
        ({"characteristic": [{"patient_id": "P", "name": "metastatic_sites", "value": "2"}]}, False),
        ({"response": []}, False),
    ],
)
def test_where_only_a_progression_names_a_site_the_others_are_missing(more, is_missing):
    given = {"response": [progressed(90, "bone")], **more}
    assert (("other_sites",) in facts("MISSING", "name", **given)) is is_missing


@pytest.mark.parametrize(
    ("pattern", "is_site"),
    [
        ("new_lesion", True),
        ("new_lung_up_to_5", True),
        ("new_lung_over_5", True),
        ("extrathoracic", True),
        ("cns", True),
        ("in_field", False),
        ("non_target", False),
        ("other", False),
        (None, False),
    ],
)
def test_a_progression_names_a_site_where_it_is_a_new_lesion(pattern, is_site):
    found = facts("SITE", "name", response=[progressed(90, "lung", pattern)])
    assert found == ([("lung",)] if is_site else [])


def imaging(on: int, is_cns_imaged: bool) -> Row:
    return {"patient_id": "P", "imaged_on": day(on), "modality": "mri", "is_cns_imaged": is_cns_imaged}


def test_cns_is_yes_before_no_and_absent_where_it_was_not_imaged():
    assert facts("CNS", "code", imaging=[imaging(10, False)]) == []
    scans = [imaging(10, True), imaging(90, True), imaging(401, True)]
    assert facts("CNS", "code, occurred_on", imaging=scans) == [("NO", day(90))]
    brain = [lesion("L1", 50, "brain", diameter_mm=9)]
    assert facts("CNS", "code, occurred_on", imaging=scans, lesion=brain) == [("YES", day(50))]


def test_the_latest_specimen_and_the_latest_marker_count():
    def her2(on: int, result: str) -> Row:
        return {
            "patient_id": "P",
            "specimen": f"at {on}",
            "taken_on": day(on),
            "test": "her2",
            "result": result,
        }

    def cea(on: int, value: float | None) -> Row:
        return {"patient_id": "P", "name": "cea", "measured_on": day(on), "value": value, "upper_normal": 5}

    assert facts("PATHOLOGY", "code", pathology=[her2(5, "0"), her2(90, "1+"), her2(401, "3+")]) == [("1+",)]
    markers = [cea(10, 3), cea(90, 7.5), cea(120, None), cea(401, 9)]
    found = facts("MARKER", "value, upper_normal, occurred_on", measurement=markers)
    assert [(float(value), float(limit), on) for value, limit, on in found] == [(7.5, 5.0, day(90))]


def drug(name: str, start: int, end: int | None, agents: str = "letrozole + palbociclib", **more: Any) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": name,
        "kind": "systemic",
        "intent": "metastatic",
        "agents": agents,
        "started_on": day(start),
        "ended_on": None if end is None else day(end),
        **more,
    }


CLASSES = {
    "study": [{"key_class": "cdk46_inhibitor"}],
    "drug_class": [
        {"agent": "palbociclib", "drug_class": "cdk46_inhibitor", "opens_line": True, "is_oral": True},
        {"agent": "letrozole", "drug_class": "endocrine", "opens_line": True, "is_oral": True},
    ],
}


def test_days_on_the_class_end_with_the_drug_and_not_with_the_line_and_leave_adjuvant_ones_out():
    courses = [drug("A", 10, 110), drug("B", 111, None, "letrozole", is_ongoing=True)]
    assert facts("KEY_CLASS", "name, value", treatment=courses, **CLASSES) == [("ended", 100)]
    courses[0]["stop_reason"] = "toxicity"
    assert facts("KEY_CLASS", "name, code", treatment=courses, **CLASSES) == [("ended", "toxicity")]
    again = [*courses, drug("C", 200, 300, stop_reason="progression")]
    assert facts("KEY_CLASS", "name, code", treatment=again, **CLASSES) == [("ended", "progression")]
    taken_up = [*courses, drug("C", 200, None, is_ongoing=True)]
    assert facts("KEY_CLASS", "name, code", treatment=taken_up, **CLASSES) == [("ongoing", None)]
    going_on = [drug("A", 100, None, is_ongoing=True), drug("Z", -900, -500, intent="adjuvant")]
    seen = [{"patient_id": "P", "contact_on": day(400), "vital_status": "alive"}]
    given = {**CLASSES, "treatment": going_on, "contact": seen}
    assert facts("KEY_CLASS", "name, value", **given) == [("ongoing", 300)]


def test_days_on_the_class_stop_at_the_last_day_anything_is_known():
    going_on = [drug("A", 100, None, is_ongoing=True)]
    seen = [{"patient_id": "P", "contact_on": day(211), "vital_status": "alive"}]
    given = {**CLASSES, "treatment": going_on, "contact": seen}
    assert facts("KEY_CLASS", "name, value", **given) == [("ongoing", 111)]
    assert facts("LAST_KNOWN", "occurred_on", **given) == [(day(211),)]


def test_days_on_the_class_reach_the_death_of_a_patient_treated_until_then():
    died = {"patient_id": "P", "contact_on": day(110), "vital_status": "dead", "died_on": day(110)}
    given = {**CLASSES, "treatment": [drug("A", 10, None, is_ongoing=True)], "contact": [died]}
    assert facts("KEY_CLASS", "name, value", **given) == [("ended", 100)]


def test_a_hold_that_has_ended_is_not_held_now():
    course = drug("A", 10, None, is_ongoing=True)
    reduced = drug("R", 60, None, None, kind="dose_reduction", part_of="A", dose_level=-1)
    held = drug("H", 90, 100, None, kind="dose_hold", part_of="A")
    given = {**CLASSES, "treatment": [course, reduced, held]}
    assert facts("DOSE", "name, value", **given) == [("dose_reduction", -1)]
    given["treatment"][2] = drug("H", 90, None, None, kind="dose_hold", part_of="A")
    assert facts("DOSE", "name", **given) == [("dose_hold",)]


@pytest.mark.parametrize(
    ("since", "precision", "until", "months"),
    [
        (dt.date(2024, 1, 1), "day", dt.date(2024, 12, 31), 11),
        (dt.date(2024, 1, 1), "day", dt.date(2025, 1, 1), 12),
        # Six months after 31 August is the last day of February, as in eligibility.
        (dt.date(2023, 8, 31), "day", dt.date(2024, 2, 28), 5),
        (dt.date(2023, 8, 31), "day", dt.date(2024, 2, 29), 6),
        (dt.date(2024, 3, 5), "day", dt.date(2024, 3, 5), 0),
        (dt.date(2024, 3, 6), "day", dt.date(2024, 3, 5), None),
        # A month may be kept as its last day: the same month is no month.
        (dt.date(2024, 3, 31), "month", dt.date(2024, 3, 5), 0),
        (dt.date(2024, 4, 30), "month", dt.date(2024, 3, 5), None),
        (dt.date(2024, 1, 31), "month", dt.date(2024, 3, 5), 1),
        (dt.date(2023, 12, 31), "year", dt.date(2024, 3, 5), None),
        (None, None, dt.date(2024, 3, 5), None),
    ],
)
def test_the_time_before_metastases_is_in_full_calendar_months(since, precision, until, months):
    patient = {
        **PATIENT,
        "primary_diagnosed_on": since,
        "primary_diagnosed_on_precision": precision,
        "metastatic_on": until,
    }
    assert facts("METASTATIC", "value, occurred_on", patient=[patient]) == [(months, until)]
    if since is not None:
        patient = {
            **PATIENT, "ned_on": since, "ned_on_precision": precision, "oligometastatic_on": until,
        }  # fmt: skip
        assert facts("NED", "value, occurred_on", patient=[patient]) == [(months, since)]


@pytest.mark.parametrize(
    ("progressed_on", "months"),
    [
        (dt.date(2024, 1, 5), 12),
        (dt.date(2024, 6, 4), 4),
        (dt.date(2024, 6, 5), 5),
        (dt.date(2025, 1, 5), 12),
    ],
)
def test_a_progression_before_the_oligometastases_ends_the_time_without_disease(progressed_on, months):
    patient = {**PATIENT, "ned_on": dt.date(2024, 1, 5), "oligometastatic_on": dt.date(2025, 1, 5)}
    patient["observed_until"] = dt.date(2025, 6, 30)
    seen = {**response(0, "pd"), "assessed_on": progressed_on}
    assert facts("NED", "value", patient=[patient], response=[seen]) == [(months,)]


def test_sites_are_missing_where_metastatic_disease_has_no_lesion_on_record():
    def missing(stage="IVA", metastatic_on=None, **tables):
        patient = {**PATIENT, "stage": stage, "metastatic_on": metastatic_on}
        return facts("MISSING", "name", patient=[patient], **tables) == [("sites",)]

    assert missing()
    assert missing(None, day(-5))
    assert not missing("IIIB")
    assert not missing(None)
    # A lesion seen on the last day read, one seen after it, and one that has gone since.
    assert not missing(lesion=[lesion("L1", 400, "liver")])
    assert missing(lesion=[lesion("L1", 401, "liver")])
    assert not missing(lesion=[lesion("L1", 10, "liver", state="absent")])


@pytest.mark.parametrize(
    ("name", "value", "is_missing"),
    [
        ("metastatic_sites", "2", False),
        ("metastatic_sites", "10", False),
        # None named in metastatic disease.
        ("metastatic_sites", "0", True),
        ("metastatic_sites", "00", True),
        ("metastatic_sites", "many", True),
        ("metastatic_sites", "", True),
        ("liver_metastases", "yes", False),
        ("liver_metastases", "no", True),
        ("hbv_status", "2", True),
    ],
)
def test_sites_recorded_at_the_study_start_are_not_missing(name, value, is_missing):
    answer = {"patient_id": "P", "name": name, "value": value}
    found = facts("MISSING", "name", patient=[{**PATIENT, "stage": "IVA"}], characteristic=[answer])
    assert (("sites",) in found) is is_missing


def test_an_answer_is_missing_only_where_the_study_asks_for_it():
    other = {"patient_id": "Q", "name": "hbv_status", "value": "negative"}
    both = [PATIENT, {**PATIENT, "patient_id": "Q"}]
    assert facts("MISSING", "patient_id", patient=both) == []
    assert facts("MISSING", "patient_id, name", patient=both, characteristic=[other]) == [("P", "hbv_status")]


@pytest.mark.parametrize(
    ("recorded", "kind"),
    [(None, "CHARACTERISTIC"), (400, "CHARACTERISTIC"), (401, "MISSING")],
)
def test_an_answer_after_the_last_day_read_is_not_known_yet(recorded, kind):
    on = None if recorded is None else day(recorded)
    answer = {"patient_id": "P", "name": "hbv_status", "value": "positive", "recorded_on": on}
    tables = {"patient": [PATIENT], "characteristic": [answer]}
    found = run_mart("header_fact", tables, columns="kind, name")
    assert [row for row in found if row[1] == "hbv_status"] == [(kind, "hbv_status")]


def test_a_treated_lesion_has_its_last_diameter_before_the_treatment_and_its_dose():
    treatment = {
        "patient_id": "P", "treatment_id": "T", "kind": "radiotherapy", "modality": "sbrt", "lesion_id": "L1",
        "started_on": day(60), "ended_on": day(70), "total_dose_gy": 48, "fractions": 4,
    }  # fmt: skip
    seen = [
        lesion("L1", 10, "lung", diameter_mm=14, location="right upper lobe"),
        lesion("L1", 50, "lung", diameter_mm=12, location="right upper lobe"),
        lesion("L1", 65, "lung", diameter_mm=9, location="right upper lobe"),
    ]
    tables = {"patient": [PATIENT], "treatment": [treatment], "lesion": seen}
    columns = "location, diameter_tenth_mm, fractions, bed10_centigray"
    assert run_mart("header_lesion", tables, columns=columns) == [("right upper lobe", 120, 4, 10_560)]
    tables["lesion"] = seen[2:]
    assert run_mart("header_lesion", tables, columns="location, diameter_tenth_mm") == [
        ("right upper lobe", None)
    ]


def contact(on: int, **more: Any) -> Row:
    return {"patient_id": "P", "contact_on": day(on), "vital_status": "alive", **more}


@pytest.mark.parametrize(
    ("died_on", "started_on", "expected"),
    [
        (None, None, ("running", 190)),
        (300, None, ("died", 290)),
        (400, None, ("died", 390)),
        (401, None, ("running", 190)),
        (300, 250, ("ended", 240)),
    ],
)
def test_time_without_systemic_therapy_ends_with_it_else_with_death(
    died_on: int | None, started_on: int | None, expected: tuple[str, int]
) -> None:
    treatment = [{"patient_id": "P", "treatment_id": "L", "kind": "ablation", "started_on": day(10)}]
    if started_on is not None:
        treatment.append(
            {"patient_id": "P", "treatment_id": "S", "kind": "systemic", "line": 1, "agents": "capecitabine",
             "started_on": day(started_on)}
        )  # fmt: skip
    contacts = [contact(200, is_treatment_reviewed=True)]
    if died_on is not None:
        contacts.append(contact(died_on, vital_status="dead", died_on=day(died_on)))
    study = [{"index_origin": "local_therapy", "response_mode": "post_local_therapy"}]
    given = {"study": study, "treatment": treatment, "contact": contacts}
    assert facts("SYSTEMIC_FREE", "name, value", **given) == [expected]


def systemic(line: int, start: int) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": f"T{line}",
        "kind": "systemic",
        "line": line,
        "started_on": day(start),
        "agents": f"drug{line}",
    }


def response(on: int, overall: str) -> Row:
    return {"patient_id": "P", "assessed_on": day(on), "assessor": "investigator", "overall": overall}


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        ([(95, "pd")], ("own", "PROGRESSION", day(95))),
        # Another scan before the first dose of line 2, on it, or up to 7 days after it is the baseline.
        ([(80, "pd"), (95, "pd")], ("own", "AFTER_PROGRESSION", day(95))),
        ([(80, "pd"), (100, "pd")], ("own", "AFTER_PROGRESSION", day(100))),
        ([(107, "pd")], ("own", "PROGRESSION", day(107))),
        ([(80, "pd"), (108, "pd")], ("own", "PROGRESSION", day(80))),
        # 28 days before the first dose is within the window, 29 is borrowed.
        ([(72, "pd")], ("own", "PROGRESSION", day(72))),
        ([(71, "pd")], ("borrowed", "PROGRESSION", day(71))),
        ([(95, "sd")], ("own", None, day(95))),
    ],
)
def test_the_baseline_of_a_line_is_told_from_the_scan_that_showed_progression(scans, expected):
    tables = {"treatment": [systemic(1, 0), systemic(2, 100)], "response": [response(*one) for one in scans]}
    assert facts("LINE_BASELINE", "name, code, occurred_on", **tables) == [expected]


@pytest.mark.parametrize(
    ("later", "confirmed"),
    [(87, []), (88, [("CONFIRMED", "PR", day(88))]), (89, [("CONFIRMED", "PR", day(89))])],
)
def test_a_response_is_confirmed_by_a_scan_at_least_28_days_later(later, confirmed):
    settings = [
        {"setting_id": name, "source": "reported", "stable_days": 42, "confirm_days": days}
        for name, days in (("HEADLINE", None), ("CONFIRMED", 28))
    ]
    tables = {
        "treatment": [systemic(1, 0)],
        "response": [response(60, "pr"), response(later, "pr")],
        "response_setting": settings,
    }
    assert facts("CONFIRMED_RESPONSE", "name, code, occurred_on", **tables) == confirmed
    assert ("HEADLINE", "PR") in facts("BEST_RESPONSE", "name, code", **tables)


@pytest.mark.parametrize(("drawn", "timing"), [(7, "PRE_TREATMENT"), (72, "OTHER_LINE"), (107, "OTHER_LINE")])
def test_a_first_draw_before_line_2_only_is_not_from_before_treatment(drawn, timing):
    first = {"sample_id": "S", "patient_id": "P", "collected_on": day(drawn), "status": "not_detected"}
    treatment = [systemic(1, 0), systemic(2, 100)]
    assert facts("FIRST_CTDNA", "name, code", treatment=treatment, ctdna_sample=[first]) == [
        (timing, "not_detected")
    ]


ORGANS = {
    "primary_organ": [{"tumour_type": "colorectal", "organ": "colon"}],
    "metastasis_organ": [{"organ": "colon"}, {"organ": "liver"}],
}
FEW = {**PATIENT, "tumour_type": "colorectal", "oligometastatic_on": day(100)}


def operation(on: int, organ: str, **more: Any) -> Row:
    return {
        "patient_id": "P",
        "treatment_id": f"{organ} {on}",
        "kind": "surgery",
        "intent": "curative",
        "organ": organ,
        "started_on": day(on),
        **more,
    }


@pytest.mark.parametrize(
    ("treatment", "found"),
    [
        (operation(99, "liver"), [("liver", "surgery", day(99))]),
        # The oligometastases themselves, the primary tumour, or treatment beside it.
        (operation(100, "liver"), []),
        (operation(99, "colon"), []),
        # No organ of metastases.
        (operation(99, "lymph_node"), []),
        (operation(99, "liver", intent="neoadjuvant"), []),
    ],
)
def test_a_metastasis_treated_before_the_oligometastases_is_named(treatment: Row, found: list[Any]):
    tables = {"patient": [FEW], **ORGANS, "treatment": [treatment]}
    assert facts("TREATED_BEFORE", "name, detail, occurred_on", **tables) == found


def test_of_two_metastases_treated_before_the_latest_is_named_whole():
    """Ablated on day 20, resected on day 60: kind, day and row are of the resection."""
    earlier = operation(20, "liver", treatment_id="A", kind="ablation")
    tables = {
        "patient": [FEW],
        **ORGANS,
        "treatment": [earlier, operation(60, "liver", treatment_id="B")],
    }
    (found,) = facts("TREATED_BEFORE", "detail, occurred_on, source_key", **tables)
    assert found[:2] == ("surgery", day(60))
    assert "B" in found[2]


@pytest.mark.parametrize(("value", "code"), [("yes", "NEEDS_RULING"), ("no", None)])
def test_it_says_whether_eligibility_waits_for_a_ruling(value: str, code: str | None):
    readings = [
        {
            "criterion_no": 1,
            "criterion": "E02",
            "reading": name,
            "label": "Liver metastasis before",
            "kind": "exclusion",
            "fact": "characteristic.liver_metastasis_before",
            "operator": "is",
            "value": wanted,
            "status": "active",
            "is_in_force": True,
        }
        for name, wanted in {"a": "no", "b": "no | yes"}.items()
    ]
    own = {"patient_id": "P", "name": "liver_metastasis_before", "value": value, "recorded_on": day(0)}
    tables = {"patient": [FEW], **ORGANS, "treatment": [operation(50, "liver")]}
    assert facts("TREATED_BEFORE", "code", **tables, criterion=readings, characteristic=[own]) == [(code,)]
