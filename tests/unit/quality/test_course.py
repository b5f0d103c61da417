"""Checks of treatment, lines, doses and measurements."""

import pytest

from tests.unit.quality.tables import day, found, n_applies_to, n_found


def drug(number, start, end=None, **columns):
    return {
        "treatment_id": f"T{number}",
        "kind": "systemic",
        "started_on": day(start),
        "ended_on": None if end is None else day(end),
        **columns,
    }


@pytest.mark.parametrize(("second", "n"), [(59, 1), (60, 0), (61, 0)])
def test_a_line_may_start_on_the_last_day_of_the_one_before(second, n):
    assert n_found("DQ19", treatment=[drug(1, 0, 60, line=1), drug(2, second, line=2)]) == n


@pytest.mark.parametrize(("lines", "n"), [((1, 2), 0), ((1, 3), 1), ((2, 3), 0), ((1, 2, 2, 4), 1)])
def test_line_three_after_line_one_is_a_gap(lines, n):
    courses = [drug(number, 10 * number, line=line) for number, line in enumerate(lines)]
    assert n_found("DQ20", treatment=courses) == n


def line(number, **columns):
    return {"line": number, "source_table": "treatment", "source_key": f"P1 | T{number}", **columns}


@pytest.mark.parametrize(
    ("first", "second", "n"),
    [
        ({}, {}, 1),
        ({"stop_reason": "unknown"}, {"start_reason": "unknown"}, 1),
        ({"stop_reason": "toxicity"}, {}, 0),
        ({"progressed_on": day(80)}, {}, 0),
        ({}, {"start_reason": "imaging_progression"}, 0),
        ({"next_started_on": None}, {}, 0),
    ],
)
def test_a_next_line_needs_a_progression_or_a_reason(first, second, n):
    lines = [line(1, **{"next_started_on": day(90), **first}), line(2, **second)]
    assert n_found("DQ21", line_of_therapy=lines) == n


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({}, 1),
        ({"stop_reason": "planned"}, 0),
        ({"intent": "supportive"}, 0),
        ({"part_of": "T9"}, 0),
        ({"is_ongoing": True}, 0),
        ({"kind": "surgery"}, 0),
    ],
)
def test_a_drug_that_ended_needs_a_reason_where_reasons_are_recorded(columns, n):
    other = drug(5, 0, 9, stop_reason="toxicity", patient_id="P2")
    assert n_found("DQ22", treatment=[drug(1, 0, 60, **columns), other]) == n
    assert n_found("DQ22", treatment=[drug(1, 0, 60)]) == 0


@pytest.mark.parametrize(("last_dose", "n"), [(59, 0), (60, 0), (61, 1)])
def test_the_same_line_sixty_days_after_progression_is_still_in_order(last_dose, n):
    one = line(1, progressed_on=day(0), last_dose_on=day(last_dose))
    assert n_found("DQ23", line_of_therapy=[one]) == n


def test_drugs_without_a_class_are_named_once_a_course():
    unknown = {"source_table": "treatment", "source_key": "P1 | T1", "drug_class": None}
    drugs = [
        {**unknown, "agent": "zeta"},
        {**unknown, "agent": "alfa"},
        {**unknown, "agent": "b", "drug_class": "x"},
    ]
    assert found("DQ24", course_drug=drugs) == ["alfa, zeta"]
    assert found("DQ24", course_drug=drugs[2:]) == []


@pytest.mark.parametrize(("seen", "n"), [(-29, 1), (-28, 0), (7, 0), (8, 1)])
def test_an_examination_lies_in_the_baseline_window(seen, n):
    tables = {
        "patient_summary": [{"index_line": 1}],
        "line_of_therapy": [line(1, started_on=day(0)), line(2, started_on=day(200))],
        "imaging": [{"imaged_on": day(seen), "modality": "ct"}],
        "study": [{"index_origin": "line"}],
    }
    assert n_found("DQ28", **tables) == n
    assert n_found("DQ28", **{**tables, "imaging": []}) == 0  # the extract records no examination


def test_before_local_treatment_the_window_counts_from_its_first_course():
    local = {"course": 1, "started_on": day(0), "source_table": "treatment", "source_key": "P1 | LT1"}
    tables = {"local_course": [local], "study": [{"index_origin": "local_therapy"}]}
    assert n_found("DQ28", imaging=[{"imaged_on": day(-10), "modality": "ct"}], **tables) == 0
    assert n_found("DQ28", imaging=[{"imaged_on": day(-40), "modality": "ct"}], **tables) == 1


@pytest.mark.parametrize(("class_started", "n"), [(day(0), 0), (None, 1)])
def test_line_one_has_the_drug_class_of_the_study(class_started, n):
    tables = {
        "patient": [{"enrolled_on": day(0)}],
        "line_of_therapy": [line(1, class_started_on=class_started, agents="capecitabine"), line(2)],
    }
    assert n_found("DQ57", study=[{"key_class": "cdk46_inhibitor"}], **tables) == n
    assert n_found("DQ57", **tables) == 0  # a study without such a class


@pytest.mark.parametrize(
    ("course", "n"),
    [
        ({"started_on": day(50)}, 1),
        ({"started_on": day(50), "start_reason": "unknown"}, 1),
        ({"started_on": day(50), "start_reason": "ctdna_detection"}, 0),
        ({"started_on": day(0)}, 0),
    ],
)
def test_systemic_therapy_after_local_treatment_needs_its_reason(course, n):
    systemic = {"regimen": "FOLFOX", "source_table": "treatment", "source_key": "P1 | RX1", **course}
    tables = {"local_course": [{"course": 1, "started_on": day(0)}], "systemic_course": [systemic]}
    assert n_found("DQ60", study=[{"index_origin": "local_therapy"}], **tables) == n
    assert n_found("DQ60", **tables) == 0


@pytest.mark.parametrize(
    ("systemic", "n"), [([], 1), ([{"started_on": day(50), "start_reason": "planned"}], 0)]
)
def test_a_reported_start_of_systemic_therapy_needs_the_treatment(systemic, n):
    tables = {
        "local_course": [{"course": 1, "started_on": day(0)}],
        "systemic_course": systemic,
        "reported_outcome": [{"outcome": "TTST", "event_observed": True}],
    }
    assert n_found("DQ60", study=[{"index_origin": "local_therapy"}], **tables) == n


@pytest.mark.parametrize(
    ("dose", "n_below", "n_above"), [(71.9, 1, 0), (72, 0, 0), (100, 0, 0), (100.1, 0, 1), (None, 0, 0)]
)
def test_the_dose_of_the_protocol_includes_its_ends_and_a_higher_one_is_information(dose, n_below, n_above):
    episode = {"treatment_id": "LT1", "kind": "radiotherapy", "bed10_gy": dose}
    study = [{"bed_from_gy": 72, "bed_to_gy": 100}]
    assert n_found("DQ61", treatment_episode=[episode], study=study) == n_below
    assert n_found("DQ61B", treatment_episode=[episode], study=study) == n_above
    assert n_found("DQ61", treatment_episode=[episode]) == n_found("DQ61B", treatment_episode=[episode]) == 0


@pytest.mark.parametrize(("total", "n"), [(50, 0), (50.25, 0), (50.26, 1), (49.75, 0), (49.7, 1)])
def test_five_fractions_of_ten_gray_are_fifty(total, n):
    dose = {
        "treatment_id": "LT1",
        "kind": "radiotherapy",
        "total_dose_gy": total,
        "fractions": 5,
        "dose_per_fraction_gy": 10,
    }
    assert n_found("DQ62", treatment=[dose]) == n


def test_a_treated_lesion_and_its_local_treatment_find_each_other():
    study = [{"index_origin": "local_therapy"}]
    local = {"treatment_id": "LT1", "kind": "ablation", "started_on": day(0), "lesion_id": "L1"}
    course = [{"course": 1, "started_on": day(0), "ended_on": day(0)}]
    seen = {"lesion_id": "L1", "assessed_on": day(-5), "role": "treated"}
    other = {"lesion_id": "L2", "assessed_on": day(90), "role": "treated"}
    tables = {"study": study, "local_course": course}
    assert found("DQ63", treatment=[local], lesion=[seen], **tables) == []
    assert found("DQ63", treatment=[local], lesion=[seen, other], **tables) == [
        "L2, no local treatment names it"
    ]
    assert n_found("DQ63", treatment=[local], lesion=[seen, {**other, "role": "new"}], **tables) == 0
    unnamed = {**local, "treatment_id": "LT2", "lesion_id": None}
    assert n_found("DQ63", treatment=[local, unnamed], lesion=[seen], **tables) == 1
    assert n_found("DQ63", treatment=[local, unnamed], lesion=[seen, other], local_course=course) == 0


def value(number, amount, **columns):
    return {
        "name": "cea",
        "measured_on": day(number),
        "value": amount,
        "unit": "ng/mL",
        "patient_id": "P2",
        **columns,
    }


@pytest.mark.parametrize(("amount", "n"), [(499, 0), (500, 0), (501, 1)])
def test_a_hundred_times_the_median_is_still_in_range(amount, n):
    usual = [value(number, 5) for number in range(40)]
    assert n_found("DQ65", measurement=[*usual, value(90, amount, patient_id="P1")]) == n


def test_a_marker_that_rises_with_its_patient_is_no_slip():
    usual = [value(number, 5) for number in range(40)]
    rising = [value(number, 300 * number, patient_id="P1") for number in (1, 2, 3)]
    assert n_found("DQ65", measurement=[*usual, *rising]) == 0
    jump = [value(number, amount, patient_id="P1") for number, amount in ((1, 60), (2, 62), (3, 621))]
    assert n_found("DQ65", measurement=[*usual, *jump]) == 1


def test_a_value_without_unit_is_found_where_others_have_one():
    assert n_found("DQ65", measurement=[value(1, 5), value(2, 5, unit=None)]) == 1
    assert n_found("DQ65", measurement=[value(1, 1, name="ecog", unit=None)]) == 0


@pytest.mark.parametrize(("limit", "n"), [(None, 1), (40, 0)])
def test_a_criterion_in_multiples_of_the_upper_limit_needs_it(limit, n):
    measured = [value(1, 20, name="alt", upper_normal=limit)]
    criterion = [{"criterion": "E05a", "reading": "", "fact": "measurement_uln.alt"}]
    assert n_found("DQ66", measurement=measured, criterion=criterion) == n
    assert n_found("DQ66", measurement=measured) == 0


@pytest.mark.parametrize(("score", "n"), [(0, 0), (5, 0), (6, 1), (-1, 1), (1.5, 1)])
def test_ecog_is_a_whole_number_from_0_to_5(score, n):
    assert n_found("DQ51", measurement=[value(1, score, name="ecog")]) == n


@pytest.mark.parametrize(("days", "n"), [(-15, 1), (-14, 0), (14, 0), (15, 1)])
def test_a_visit_has_an_ecog_within_fourteen_days(days, n):
    ecog = [value(100 + days, 1, name="ecog", patient_id="P1")]
    visit = {"visit_on": day(100), "visit": "V1"}
    assert n_found("DQ51B", visit=[visit], measurement=ecog) == n
    assert n_found("DQ51B", visit=[{**visit, "has_occurred": False}], measurement=ecog) == 0
    assert n_found("DQ51B", visit=[visit]) == 0


@pytest.mark.parametrize(("score", "vital_status", "n"), [(5, "alive", 1), (5, "dead", 0), (4, "alive", 0)])
def test_ecog_5_is_a_death(score, vital_status, n):
    ecog = [value(1, score, name="ecog", patient_id="P1")]
    assert (
        n_found("DQ52", measurement=ecog, contact=[{"contact_on": day(1), "vital_status": vital_status}]) == n
    )


def event(**columns):
    return {
        "event_id": "AE1",
        "term": "diarrhoea",
        "started_on": day(10),
        "started_on_precision": "day",
        **columns,
    }


def test_an_adverse_event_without_grade_is_found_where_grades_are_recorded():
    other = event(event_id="AE2", grade=2)
    assert found("DQ53", adverse_event=[event(), other]) == ["diarrhoea, no grade"]
    assert n_found("DQ53", adverse_event=[event()]) == 0


@pytest.mark.parametrize(
    ("columns", "vital_status", "n"),
    [
        ({"grade": 5}, "alive", 1),
        ({"grade": 5}, "dead", 0),
        ({"grade": 4}, "alive", 0),
        ({"grade": 4, "serious_criterion": "death"}, "alive", 1),
    ],
)
def test_a_fatal_adverse_event_needs_a_death(columns, vital_status, n):
    contact = [{"contact_on": day(11), "vital_status": vital_status}]
    assert n_found("DQ53", adverse_event=[event(**columns)], contact=contact) == n


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({"is_serious": True}, 1),
        ({"is_serious": False}, 0),
        ({"is_serious": False, "serious_criterion": "disability"}, 1),
        ({"is_serious": True, "serious_criterion": "disability"}, 0),
    ],
)
def test_a_serious_event_has_a_criterion(columns, n):
    other = event(event_id="AE2", is_serious=True, serious_criterion="hospitalisation")
    assert n_found("DQ54", adverse_event=[event(**columns), other]) == n


@pytest.mark.parametrize(("end", "precision", "n"), [(9, "day", 1), (10, "day", 0), (9, "month", 0)])
def test_an_adverse_event_ends_after_it_starts(end, precision, n):
    one = event(ended_on=day(end), started_on_precision=precision)
    assert n_found("DQ55", adverse_event=[one]) == n


def recorded(name, value, agrees=None, sites=None):
    source = {"source_table": "characteristic", "source_key": f"P1 | {name}"}
    return {
        "patient_id": "P1",
        "name": name,
        "value": value,
        "agrees": agrees,
        "sites_at_start": sites,
        **source,
    }


@pytest.mark.parametrize(
    ("name", "value", "agrees", "said"),
    [
        ("visceral_disease", "yes", True, []),
        ("visceral_disease", "yes", None, []),  # no lesion is recorded
        (
            "visceral_disease",
            "yes",
            False,
            ["visceral at study start, sites recorded up to then: bone, lymph node"],
        ),
        (
            "visceral_disease",
            "no",
            False,
            ["not visceral at study start, sites recorded up to then: bone, lymph node"],
        ),
        ("bone_only", "yes", True, []),
        (
            "bone_only",
            "yes",
            False,
            ["bone only at study start, sites recorded up to then: bone, lymph node"],
        ),
    ],
)
def test_recorded_extent_is_held_against_the_sites_on_record(name, value, agrees, said):
    assert found("DQ73", recorded_extent=[recorded(name, value, agrees, "bone, lymph_node")]) == said


@pytest.mark.parametrize(
    ("visceral", "bone_only", "n"), [("yes", "yes", 1), ("yes", "no", 0), ("no", "yes", 0)]
)
def test_nobody_has_visceral_and_bone_only_disease(visceral, bone_only, n):
    rows = [recorded("visceral_disease", visceral), recorded("bone_only", bone_only)]
    assert n_found("DQ73", recorded_extent=rows) == n


@pytest.mark.parametrize(
    ("rows", "n"),
    [
        ([("visceral_disease", "yes", None)], 0),  # no lesion is recorded
        ([("bone_only", "no", None)], 0),
        ([("visceral_disease", "yes", True)], 1),
        ([("bone_only", "yes", False)], 1),
        ([("visceral_disease", "yes", None), ("bone_only", "yes", None)], 1),
    ],
)
def test_the_share_of_contradictions_is_of_patients_whose_record_can_be_compared(rows, n):
    assert n_applies_to("DQ73", recorded_extent=[recorded(*row) for row in rows]) == n
