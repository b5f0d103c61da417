"""Checks of identity, consent, age, death and contact: just inside, on and just outside each boundary."""

import datetime as dt

import pytest

from tests.unit.quality.tables import day, found, n_applies_to, n_found

BORN = dt.date(1960, 6, 15)


def person(**columns):
    return {"patient_id": "P1", **columns}


def test_rows_that_differ_under_one_patient_identifier_are_one_issue():
    row = {
        "canonical_table": "patient",
        "column_name": "patient_id",
        "value": "P9",
        "allowed": "different rows under one key: each is left out until the source says which is right",
    }
    rows = [{**row, "source_row": 4}, {**row, "source_row": 7}]
    assert found("DQ01", rejected_row=rows) == ["2"]
    assert found("DQ01", rejected_row=[{**row, "canonical_table": "contact"}]) == []
    assert found("DQ01", rejected_row=[{**row, "allowed": "required"}]) == []


@pytest.mark.parametrize(
    ("changed", "n"),
    [
        ({}, 2),
        ({"site_id": "01"}, 0),
        ({"sex": "male"}, 0),
        ({"born_on": dt.date(1960, 6, 16)}, 0),
        ({"born_on_precision": "year"}, 0),
        ({"primary_diagnosed_on": day(-299)}, 0),
    ],
)
def test_the_same_person_at_two_sites_shares_sex_birthday_and_day_of_diagnosis(changed, n):
    one = {
        "patient_id": "P1",
        "site_id": "01",
        "sex": "female",
        "born_on": BORN,
        "born_on_precision": "day",
        "primary_diagnosed_on": day(-300),
        "primary_diagnosed_on_precision": "day",
    }
    other = {**one, "patient_id": "P2", "site_id": "02", **changed}
    assert n_found("DQ02", patient=[one, other]) == n


def test_an_enrolled_patient_without_consent_is_found_where_the_study_asks_for_it():
    asks = [{"criterion": "I05", "reading": "", "fact": "is_consented"}]
    without = person(enrolled_on=day(0))
    assert found("DQ03", patient=[without], criterion=asks) == ["2024-01-01"]
    assert n_found("DQ03", patient=[without, {"patient_id": "P2", "consented_on": day(0)}]) == 1
    assert n_found("DQ03", patient=[without]) == 0  # the extract records no consent at all
    assert n_found("DQ03", patient=[person(enrolled_on=day(0), consented_on=day(0))], criterion=asks) == 0
    assert n_found("DQ03", patient=[person()], criterion=asks) == 0  # a screening failure


@pytest.mark.parametrize(("consented", "n"), [(-1, 0), (0, 0), (1, 1)])
def test_consent_on_the_day_of_enrolment_is_in_time(consented, n):
    patient = person(enrolled_on=day(0), consented_on=day(consented), consented_on_precision="day")
    assert n_found("DQ04", patient=[patient]) == n


@pytest.mark.parametrize(
    ("collected", "status", "n"), [(-1, "detected", 1), (0, "pending", 0), (-1, "not_done", 0)]
)
def test_consent_comes_before_the_first_blood_draw(collected, status, n):
    patient = person(enrolled_on=day(5), consented_on=day(0), consented_on_precision="day")
    sample = {"sample_id": "S1", "collected_on": day(collected), "status": status}
    assert n_found("DQ04", patient=[patient], ctdna_sample=[sample]) == n


def test_a_consent_dated_to_the_month_counts_with_its_first_day():
    patient = person(enrolled_on=day(4), consented_on=day(30), consented_on_precision="month")
    assert n_found("DQ04", patient=[patient]) == 0
    assert n_found("DQ04", patient=[{**patient, "enrolled_on": day(-1)}]) == 1


@pytest.mark.parametrize(("enrolled", "n"), [(-1, 1), (0, 0), (60, 0), (61, 1)])
def test_enrolment_lies_in_the_recruitment_period(enrolled, n):
    period = [{"recruitment_opens": day(0), "recruitment_closes": day(60)}]
    patient = [person(enrolled_on=day(enrolled), enrolled_on_precision="day")]
    assert n_found("DQ05", patient=patient, extract=period) == n
    assert n_found("DQ05", patient=patient, extract=[{**period[0], "calendar": "relative"}]) == 0


@pytest.mark.parametrize(("age", "n"), [(61, 1), (62, 0), (63, 0), (64, 0), (65, 1)])
def test_recorded_age_may_be_a_year_off(age, n):
    # Born 15 June 1960: 63 completed years on 1 January 2024.
    patient = person(age_years=age, born_on=BORN, born_on_precision="day", enrolled_on=day(0))
    assert n_found("DQ06", patient=[patient]) == n


@pytest.mark.parametrize(("age", "n"), [(61, 1), (62, 0), (65, 0), (66, 1)])
def test_a_year_of_birth_allows_two_ages(age, n):
    # Born in 1960, stored as its last day: 63 or 64 completed years, less the day, on 31 December 2024.
    patient = person(
        age_years=age,
        born_on=dt.date(1960, 12, 31),
        born_on_precision="year",
        enrolled_on=dt.date(2024, 12, 30),
    )
    assert n_found("DQ06", patient=[patient]) == n


@pytest.mark.parametrize(
    ("contact", "n"),
    [
        ({"vital_status": "alive", "died_on": day(9)}, 1),
        ({"vital_status": "dead", "died_on": day(9)}, 0),
        ({"vital_status": "alive"}, 0),
    ],
)
def test_a_date_of_death_belongs_to_somebody_dead(contact, n):
    assert n_found("DQ11", contact=[{"contact_on": day(9), **contact}]) == n


@pytest.mark.parametrize(("vital_status", "n"), [("alive", 1), ("dead", 0)])
def test_a_treatment_stopped_for_death_needs_a_death(vital_status, n):
    treatment = [{"treatment_id": "T1", "stop_reason": "death"}]
    contact = [{"contact_on": day(9), "vital_status": vital_status}]
    assert n_found("DQ11", treatment=treatment, contact=contact) == n
    assert n_found("DQ11", disposition=[{"kind": "left_study", "reason": "DEATH"}], contact=contact) == n
    assert n_found("DQ11", treatment=treatment) == 0  # no contact recorded at all


def test_a_death_without_cause_is_found_where_causes_are_recorded():
    without = {"contact_on": day(9), "vital_status": "dead", "died_on": day(9)}
    other = {"patient_id": "P2", "contact_on": day(3), "vital_status": "dead", "death_cause": "cancer"}
    assert found("DQ12", contact=[without, other]) == ["2024-01-10"]
    assert n_found("DQ12", contact=[without]) == 0
    assert n_found("DQ12", contact=[{**without, "death_cause": "unknown"}, other]) == 0


@pytest.mark.parametrize(
    ("seen", "precision", "n"), [(8, "day", 0), (9, "day", 0), (10, "day", 1), (30, "month", 0)]
)
def test_nobody_is_alive_after_death(seen, precision, n):
    contacts = [
        {"contact_on": day(9), "vital_status": "dead", "died_on": day(9)},
        {"contact_on": day(seen), "contact_on_precision": precision, "vital_status": "alive"},
    ]
    assert n_found("DQ13", contact=contacts) == n


@pytest.mark.parametrize(("precision", "n"), [("day", 0), ("month", 1), ("year", 1)])
def test_an_event_dated_to_month_or_year_is_said(precision, n):
    death = [
        {"contact_on": day(9), "vital_status": "dead", "died_on": day(9), "died_on_precision": precision}
    ]
    response = {"assessed_on": day(9), "assessed_on_precision": precision, "assessor": "radiologist"}
    assert n_found("DQ15", contact=death) == n
    assert n_found("DQ15", response=[{**response, "overall": "pd"}]) == n
    assert n_found("DQ15", response=[{**response, "overall": "sd"}]) == 0


@pytest.mark.parametrize(("started", "n"), [(-1, 1), (0, 0), (1, 0)])
def test_no_drug_before_the_first_diagnosis(started, n):
    patient = person(primary_diagnosed_on=day(0), primary_diagnosed_on_precision="day")
    drug = {"treatment_id": "T1", "kind": "systemic", "started_on": day(started)}
    assert n_found("DQ16", patient=[patient], treatment=[drug]) == n
    assert n_found("DQ16", patient=[patient], treatment=[{**drug, "kind": "surgery"}]) == 0


@pytest.mark.parametrize(("metastatic", "precision", "n"), [(-1, "day", 1), (0, "day", 0), (-1, "month", 1)])
def test_no_metastasis_before_the_first_diagnosis(metastatic, precision, n):
    patient = person(
        primary_diagnosed_on=day(0), primary_diagnosed_on_precision=precision, metastatic_on=day(metastatic)
    )
    assert n_found("DQ17", patient=[patient]) == n


def test_a_diagnosis_dated_to_the_month_counts_with_its_first_day():
    patient = person(
        primary_diagnosed_on=day(30), primary_diagnosed_on_precision="month", metastatic_on=day(0)
    )
    assert n_found("DQ17", patient=[patient]) == 0


# Where the cancer begins, as the study definition has it (data/reference/primary_organs.csv).
ORGANS = [
    {"tumour_type": tumour, "organ": organ}
    for tumour, organ in (
        ("colorectal", "colon"),
        ("liver", "liver"),
        ("lung", "lung"),
        ("brain", "brain"),
        ("brain", "cns"),
    )
]
# data/reference/metastasis_organs.csv
METASTASES = [{"organ": organ} for organ in ("adrenal", "bone", "brain", "cns", "liver", "lung")]


def treated_before(**tables):
    return found("DQ17B", primary_organ=ORGANS, metastasis_organ=METASTASES, **tables)


def of_the_liver(started, **columns):
    given = {"treatment_id": "SX1", "kind": "surgery", "organ": "liver", "started_on": day(started)}
    return {**given, "started_on_precision": "day", **columns}


def metastatic(number=40, precision="day", **columns):
    known = {"metastatic_on": day(number), "metastatic_on_precision": precision}
    return person(**{"tumour_type": "colorectal", **known, **columns})


@pytest.mark.parametrize(("treated", "n"), [(39, 1), (40, 0), (41, 0)])
def test_no_metastasis_is_treated_before_the_date_of_metastatic_disease(treated, n):
    assert len(treated_before(patient=[metastatic()], treatment=[of_the_liver(treated)])) == n


# Day 40 is 10 February 2024, day 59 is 29 February, the last day that month can mean; 1 February is day 31.
@pytest.mark.parametrize(
    ("stage", "stage_to", "treated", "treated_to", "n"),
    [
        (59, "month", 30, "day", 1),
        (59, "month", 31, "day", 0),
        (365, "year", -1, "day", 1),
        (365, "year", 0, "day", 0),
        (40, "day", 30, "month", 1),
        (40, "day", 59, "month", 0),
        (59, "month", 59, "month", 0),
        (59, "month", 30, "month", 1),
        (40, "day", -1, "year", 1),
        (40, "day", 365, "year", 0),
    ],
)
def test_of_a_partial_date_the_whole_period_has_to_be_later(stage, stage_to, treated, treated_to, n):
    tables = {
        "patient": [metastatic(stage, stage_to)],
        "treatment": [of_the_liver(treated, started_on_precision=treated_to)],
    }
    assert len(treated_before(**tables)) == n


@pytest.mark.parametrize(
    ("tumour_type", "columns", "n"),
    [
        ("colorectal", {}, 1),
        ("colorectal", {"kind": "ablation"}, 1),
        ("colorectal", {"organ": "rectum"}, 0),
        ("colorectal", {"organ": "lymph_node"}, 0),
        ("colorectal", {"organ": None}, 0),
        ("colorectal", {"kind": "systemic"}, 0),
        ("lung", {"organ": "brain", "intent": "palliative"}, 1),
        ("lung", {"organ": "brain", "intent": "adjuvant"}, 0),
        ("lung", {"organ": "lung"}, 0),
        ("brain", {"organ": "brain"}, 0),
        ("brain", {"organ": "cns"}, 0),
        ("brain", {"organ": "lung"}, 1),
        ("lung", {"organ": "cns"}, 1),
        ("liver", {}, 0),  # the primary itself
        ("other", {}, 0),  # nobody knows which organ it came from
        (None, {}, 0),
    ],
)
def test_only_what_can_be_no_primary_is_a_treated_metastasis(tumour_type, columns, n):
    tables = {"patient": [metastatic(tumour_type=tumour_type)], "treatment": [of_the_liver(0, **columns)]}
    assert len(treated_before(**tables)) == n


@pytest.mark.parametrize(
    ("patient", "tables", "n"),
    [
        ({}, {"treatment": [of_the_liver(50)]}, 1),
        ({}, {"treatment": [of_the_liver(50, kind="systemic")]}, 0),
        ({}, {"treatment": [of_the_liver(50, intent="adjuvant")]}, 0),
        ({}, {"lesion": [{"lesion_id": "L1", "role": "treated", "assessed_on": day(50)}]}, 1),
        ({}, {"lesion": [{"lesion_id": "L1", "role": "target", "assessed_on": day(50)}]}, 0),
        ({"metastatic_on": None}, {"treatment": [of_the_liver(50)]}, 0),
        ({"tumour_type": "other"}, {"treatment": [of_the_liver(50)]}, 0),
    ],
)
def test_the_share_of_early_treatment_is_of_patients_with_a_metastatic_date_and_local_treatment(
    patient, tables, n
):
    assert (
        n_applies_to(
            "DQ17B",
            primary_organ=ORGANS,
            metastasis_organ=METASTASES,
            patient=[metastatic(**patient)],
            **tables,
        )
        == n
    )


def test_the_first_treated_metastasis_stands_with_both_dates_and_the_row_that_says_so():
    sizes = {"lesion_id": "L1", "organ": "lung", "assessed_on_precision": "day"}
    lesions = [
        {**sizes, "assessed_on": day(number), "role": role}
        for number, role in ((3, "target"), (5, "treated"))
    ]
    said = treated_before(patient=[metastatic()], treatment=[of_the_liver(9)], lesion=lesions)
    assert said == ["2024-02-10, but treated lesion of the lung on 2024-01-06, lesion P1, L1, 2024-01-06"]
    by_lesion = of_the_liver(4, organ=None, lesion_id="L1", started_on_precision="month")
    assert treated_before(patient=[metastatic(precision="year")], treatment=[by_lesion], lesion=lesions) == []
    assert treated_before(patient=[metastatic()], treatment=[by_lesion], lesion=lesions) == [
        "2024-02-10, but surgery of the lung on 2024-01-05 (known to the month), treatment P1, SX1"
    ]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("called on [masked]", 1),
        ("Mrs. Tran agreed", 1),
        ("BN Nguyễn Văn", 1),
        ("姓名：王", 1),
        ("MRN: 482", 1),
        ("moved to another hospital", 0),
        ("MRI of the liver", 0),
    ],
)
def test_free_text_that_may_identify_is_found_and_not_repeated(text, n):
    said = found("DQ70", disposition=[{"kind": "transfer", "happened_on": day(1), "reason": text}])
    assert len(said) == n
    assert all("Tran" not in one and "Nguyễn" not in one and "482" not in one for one in said)
