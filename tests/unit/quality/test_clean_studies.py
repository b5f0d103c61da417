"""Studies without a mistake, drawn at random: no check finds an error, and each had something to look at."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.quality.run import catalogue
from tests.unit.quality.clean_study import patients, study_of, with_everything

# A build costs seconds, a patient more in it nothing: few studies of many patients.
QUICK = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
THOROUGH = settings(QUICK, max_examples=60)
MANY = st.lists(patients(), min_size=30, max_size=60)
ORIGINS = pytest.mark.parametrize("index_origin", ["line", "local_therapy"])
# What a check needs beyond the patients the catalogue counts.
NEEDS = {
    "DQ07": "eligibility_criterion where fact = 'age_years' and result_in_force = 'PASS'",
    "DQ27": "response where overall in ('cr', 'pr')",
    "DQ31B": "(select 1 from variant where maf_ppm > 10000 group by source_file having count(*) >= 20) as f",
    "DQ45": "response where overall = 'cr' and non_target = 'cr'",
    "DQ44": "response where new_lesion = 'yes'",
    "DQ52": "measurement where name = 'ecog' and value = 5",
    "DQ53": "adverse_event where grade = 5",
    "DQ54": "adverse_event where is_serious and serious_criterion is not null",
    "DQ56": "eligibility_criterion where fact = 'her2_status' and result_in_force = 'PASS'",
    "DQ57": "line_of_therapy where line = 1 and class_started_on is not null",
    "DQ59": "eligibility_criterion where fact = 'measurement.ecog' and result_in_force = 'PASS'",
    "DQ62": "treatment where total_dose_gy = fractions * dose_per_fraction_gy",
    "DQ64": "eligibility_criterion where fact = 'ned_months' and result_in_force = 'PASS'",
    "DQ70": "imaging where conclusion is not null",
}
NEEDS_AFTER_LOCAL_THERAPY = {
    "DQ60": "systemic_course inner join local_course using (patient_id) "
    "inner join reported_outcome using (patient_id)",
    "DQ63": "lesion inner join treatment using (patient_id, lesion_id) where role = 'treated'",
}


def errors_of(connection):
    rows = connection.execute(
        "select check_id, patient_id, value_text from data_issue where severity = 'error' order by all"
    )
    return rows.fetchall()


def without_anything_to_look_at(connection, *, index_origin):
    """Checks that can find an error, and had no patient in this study of whom they could."""
    ran = dict(connection.execute("select check_id, max(n_patients) from check_run group by 1").fetchall())
    needs = NEEDS | (NEEDS_AFTER_LOCAL_THERAPY if index_origin == "local_therapy" else {})
    idle = set()
    for check in catalogue():
        is_idle = not ran.get(check.check_id)
        if not is_idle and check.check_id in needs:
            is_idle = not connection.execute(f"select 1 from {needs[check.check_id]} limit 1").fetchall()
        if is_idle and (check.severity == "error" or check.gives_severity):
            idle.add(check.check_id)
    return idle


def assert_no_error(everybody, index_origin):
    connection = study_of([*map(with_everything, range(8)), *everybody], index_origin=index_origin)
    assert errors_of(connection) == []
    assert without_anything_to_look_at(connection, index_origin=index_origin) == set()


@pytest.mark.slow
@ORIGINS
@QUICK
@given(everybody=MANY)
def test_a_study_without_a_mistake_has_no_error(index_origin, everybody):
    assert_no_error(everybody, index_origin)


@pytest.mark.long
@ORIGINS
@THOROUGH
@given(everybody=MANY)
def test_no_study_of_many_without_a_mistake_has_an_error(index_origin, everybody):
    assert_no_error(everybody, index_origin)


def test_the_same_study_with_one_mistake_has_that_error():
    one = with_everything(0)
    errors = errors_of(study_of([one, {**one, "consent_before": -1}], index_origin="line"))
    assert [(check_id, patient_id) for check_id, patient_id, _ in errors] == [("DQ04", "P1")]
