"""Adverse events of the sample studies and of one in CDISC: plausible, complete, read from any layout."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.figures.safety.events import safety_by_unit, safety_laboratory, safety_serious, safety_terms
from dashboard.figures.safety.request import SafetyRequest, safety_request
from dashboard.figures.safety.words import LOWER_BOUNDS, NONE_UNDER_SYSTEMIC
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.formats import NOTHING

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "data" / "studies"
# Any grade, grade 3 and grade 4 by drug: targets of clinical-decisions F, of patients on that drug.
NEUTROPENIA = {
    "palbociclib": (78, 50, 9),
    "dalpiciclib": (90, 62, 20),
    "ribociclib": (72, 48, 9),
    "abemaciclib": (44, 22, 2),
}
# Two standard errors of a share of 35 patients (ribociclib, the fewest) are 16 points.
TOLERANCE_POINTS = 16


@pytest.fixture(scope="module")
def reader(sample_snapshot):
    return Reader(sample_snapshot("cdk46"), None)


def shares(reader, drug):
    rows = reader.records(
        """select n, n_any, n_3, n_4 from (
            select count(*) as n from adverse_event_denominator where scope = 'DRUG' and unit = $drug
        ) cross join (
            select count(*) as n_any, count(*) filter (where worst_grade = 3) as n_3,
                count(*) filter (where worst_grade = 4) as n_4
            from adverse_event_worst
            where scope = 'DRUG' and unit = $drug and preferred_term = 'neutrophil count decreased'
        )""",
        {"drug": drug},
    )[0]
    return tuple(100 * rows[name] / rows["n"] for name in ("n_any", "n_3", "n_4"))


@pytest.mark.parametrize("drug", NEUTROPENIA)
def test_neutropenia_of_the_sample_study_is_near_its_targets(reader, drug):
    assert shares(reader, drug) == pytest.approx(NEUTROPENIA[drug], abs=TOLERANCE_POINTS)


def test_diarrhoea_belongs_to_abemaciclib(reader):
    rows = reader.records(
        """select unit, count(*) as n from adverse_event_worst
        where scope = 'DRUG' and preferred_term = 'diarrhoea' and unit in ('abemaciclib', 'palbociclib')
        group by unit order by unit"""
    )
    assert rows[0]["n"] > rows[1]["n"]


def test_no_report_is_lost_between_the_tables(reader):
    counted = reader.records(
        "select (select count(*) from usable_adverse_event) as read, count(*) as reported, "
        "(select sum(n_reports) from adverse_event_term) as merged from adverse_event_report"
    )[0]
    assert counted["read"] == counted["reported"] == counted["merged"]


def test_nobody_is_counted_who_is_not_treated(reader):
    rows = reader.records(
        "select count(*) as n from adverse_event_worst as w "
        "anti join adverse_event_denominator as d using (patient_id, scope, unit)"
    )
    assert rows[0]["n"] == 0


def test_the_laboratory_finds_more_neutropenia_than_is_reported(reader):
    request = SafetyRequest(cohort=Cohort(), scope="DRUG", unit="palbociclib")
    rows = safety_laboratory(reader, request).rows.set_index("preferred_term")
    found = rows.loc["neutrophil count decreased"]
    assert found["n_any"] > found["n_reported"]


def test_the_caption_says_that_frequencies_are_lower_bounds(reader):
    request = safety_request(load_study(STUDIES / "cdk46"), cohort=Cohort())
    assert LOWER_BOUNDS in safety_terms(reader, request).caption
    assert LOWER_BOUNDS not in safety_terms(reader, SafetyRequest(cohort=Cohort())).caption


def test_a_cohort_narrows_patients_and_events(reader):
    everybody = safety_terms(reader, SafetyRequest(cohort=Cohort())).rows
    site = safety_terms(reader, SafetyRequest(cohort=Cohort(site_ids=("01",)))).rows
    assert 0 < site["n_treated"].max() < everybody["n_treated"].max()
    assert 0 < site["n_events"].max() < everybody["n_events"].max()


def test_the_drugs_side_by_side_are_those_the_study_follows(reader):
    request = SafetyRequest(cohort=Cohort(), scope="DRUG", unit="any", key_class="cdk46_inhibitor")
    headings = " ".join(safety_by_unit(reader, request).table.columns)
    assert all(drug.capitalize() in headings for drug in NEUTROPENIA)
    assert "Letrozole" not in headings


def test_every_serious_event_is_listed_with_its_patient(reader):
    figure = safety_serious(reader, SafetyRequest(cohort=Cohort()))
    n = reader.records("select count(*) as n from adverse_event_term where is_serious and is_counted")[0]["n"]
    assert len(figure.table) == n > 0
    assert figure.table["Patient"].str.startswith("CDK-").all()


def test_the_workbook_in_chinese_gives_the_same_events(reader, sample_snapshot):
    edc = Reader(sample_snapshot("cdk46", layout="edc"), None)
    sql = (
        "select patient_id, scope, unit, preferred_term, worst_grade, is_related from adverse_event_worst "
        "where scope = 'ALL' order by all"
    )
    assert edc.records(sql) == reader.records(sql)


@pytest.mark.parametrize("study_id", ["k4care", "pulmonary-oligomets"])
def test_every_term_of_the_other_sample_studies_has_events_under_treatment(study_id, sample_snapshot):
    other = Reader(sample_snapshot(study_id), None)
    figure = safety_terms(other, safety_request(load_study(STUDIES / study_id), cohort=Cohort()))
    assert (figure.rows["n_any"] <= figure.rows["n_treated"]).all()
    assert len(figure.table) > 3


def counted_before_enrolment(reader):
    rows = reader.records(
        "select count(*) filter (where t.is_counted) as counted, count(*) as recorded "
        "from adverse_event_term as t inner join usable_patient as p using (patient_id) "
        "where t.started_on < p.enrolled_on"
    )[0]
    return rows["counted"], rows["recorded"]


def risk_years(reader):
    rows = reader.records("select sum(risk_days) as n from adverse_event_denominator where scope = 'ALL'")
    return float(rows[0]["n"]) / 365.25


def test_a_study_that_collects_from_the_first_dose_counts_events_before_enrolment(reader):
    counted, recorded = counted_before_enrolment(reader)
    assert 0 < counted <= recorded


def test_where_no_event_before_enrolment_is_collected_no_day_before_it_is_at_risk(sample_snapshot):
    kinds = Reader(sample_snapshot("k4care"), None)
    assert counted_before_enrolment(kinds)[0] == 0
    early = kinds.records(
        "select count(*) as n from adverse_event_exposure as x "
        "inner join usable_patient as p using (patient_id) where x.risk_from < p.enrolled_on"
    )
    assert early[0]["n"] == 0
    # 142.5 patient-years since the first dose, of which some 70 were before enrolment and 2 after leaving.
    assert risk_years(kinds) == pytest.approx(72, abs=3)


def test_no_day_after_a_patient_left_is_at_risk(reader):
    rows = reader.records(
        "select count(*) as n from adverse_event_exposure as x "
        "inner join patient_departure as d using (patient_id) where x.risk_from + x.risk_days - 1 > d.left_on"
    )
    assert rows[0]["n"] == 0
    # 716.0 patient-years to the data cut or death, of which 23.5 after 11 patients had left.
    assert risk_years(reader) == pytest.approx(692.5, abs=0.1)


@pytest.mark.parametrize("scope", ["LINE", "DRUG"])
def test_no_event_under_systemic_therapy_is_a_sentence_and_not_a_column_of_zeros(scope, sample_snapshot):
    lung = Reader(sample_snapshot("pulmonary-oligomets"), None)
    figure = safety_by_unit(lung, SafetyRequest(cohort=Cohort(), scope=scope, unit="side by side"))
    assert figure.table.empty
    assert figure.caption == NONE_UNDER_SYSTEMIC


def test_lines_side_by_side_say_from_when_events_are_collected(reader):
    request = replace(
        safety_request(load_study(STUDIES / "cdk46"), cohort=Cohort()), scope="LINE", unit="any"
    )
    caption = safety_by_unit(reader, request).caption
    assert caption.startswith("Events are collected from the first dose, also where it was before enrolment.")
    assert LOWER_BOUNDS in caption


SILENT_LINES = (
    "Lines 2 and 3: no event recorded in 126 and 64 patients (107 patient-years); whether events were "
    "collected there is not known. They are in these denominators: frequencies and rates are lower bounds; "
    "line 1 alone stands under By line."
)


def test_all_lines_say_which_of_them_have_no_event_and_how_many_patients_they_are(reader):
    request = safety_request(load_study(STUDIES / "cdk46"), cohort=Cohort())
    assert safety_terms(reader, request).caption.endswith(SILENT_LINES)
    first = safety_terms(reader, replace(request, scope="LINE", unit="1")).caption
    assert "no event recorded" not in first


def test_a_drug_says_how_many_were_given_it_in_a_line_without_events(reader):
    request = safety_request(load_study(STUDIES / "cdk46"), cohort=Cohort())
    caption = safety_terms(reader, replace(request, scope="DRUG", unit="dalpiciclib")).caption
    # Eight were first given it in line 2, four in line 1 as well.
    assert "Line 2: no event recorded in 12 patients (10 patient-years)" in caption


def test_lines_without_an_event_of_anybody_have_dashes_and_an_empty_file(reader):
    request = replace(
        safety_request(load_study(STUDIES / "cdk46"), cohort=Cohort()), scope="LINE", unit="any"
    )
    figure = safety_by_unit(reader, request)
    silent = ["Line 2, n = 126", "Line 3, n = 64"]
    assert (figure.table[silent] == NOTHING).all(axis=None)
    assert (figure.table["Line 1, n = 320"] != NOTHING).all()
    assert "–: no event recorded; whether they were collected is not known." in figure.caption
    rows = figure.rows[figure.rows["unit"].isin(silent)]
    assert rows["n_treated"].tolist() == [126, 64]
    assert rows[["n_any", "n_from_3", "n_serious"]].isna().all(axis=None)


def test_laboratory_values_of_all_treatment_name_the_lines_without_an_event_and_one_line_does_not(reader):
    request = safety_request(load_study(STUDIES / "cdk46"), cohort=Cohort())
    caption = safety_laboratory(reader, replace(request, scope="ALL", unit="ALL")).caption
    assert "Lines 2 and 3: no event recorded in 126 and 64 patients" in caption
    one_line = safety_laboratory(reader, replace(request, scope="LINE", unit="1")).caption
    assert one_line == "Shown beside reported adverse events, never added to them."


def test_a_drug_without_an_event_of_anybody_has_laboratory_values_and_no_numbers_of_reports(reader):
    request = SafetyRequest(cohort=Cohort(), scope="DRUG", unit="vinorelbine")
    assert safety_terms(reader, request).rows.empty
    figure = safety_laboratory(reader, request)
    found = figure.table.set_index("Laboratory value").loc["Neutrophil count decreased"]
    assert found["Laboratory, any"].startswith("22")
    assert found["Reported, any"] == NOTHING
    assert "no event recorded" in figure.caption
    assert "lower bounds" not in figure.caption


def test_related_to_letrozole_is_not_adr(reader):
    request = SafetyRequest(cohort=Cohort(), scope="DRUG", unit="letrozole")
    found = safety_terms(reader, request).rows.set_index("level").loc["ANY"]
    assert found["n_related"] == 0 < found["n_adr"] <= found["n_any"]
