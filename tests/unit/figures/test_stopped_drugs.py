"""The list of drugs stopped for toxicity counts enrolled patients of the cohort; days of January 2024."""

import datetime as dt

import duckdb
import pandas as pd
import pytest

from dashboard.figures.treatment.request import treatment_sql
from dashboard.figures.treatment.stopped_drugs import stopped_drugs_table
from dashboard.studies.cohort import Cohort

TABLES = """
create table usable_patient (patient_id varchar, site_id varchar, enrolled_on date);
insert into usable_patient values ('P1', '01', '2024-01-01'), ('P2', '02', '2024-01-01'), ('P3', '01', null);
create table stopped_drug (
    patient_id varchar, line integer, stopped_on date, drugs varchar, went_on_with varchar, source_key varchar
);
insert into stopped_drug
select patient_id, 1, date '2024-01-10', 'palbociclib', 'letrozole', patient_id from usable_patient;
"""


@pytest.mark.parametrize(
    ("cohort", "patients"), [(Cohort(), ["P1", "P2"]), (Cohort(site_ids=("02",)), ["P2"])]
)
def test_enrolled_patients_of_the_cohort_are_listed(cohort, patients):
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        found = cohort.narrow(treatment_sql("stopped_drug"))
        rows = connection.execute(found.sql, found.values).fetchall()
    assert rows == [(one, 1, "palbociclib", dt.date(2024, 1, 10), "letrozole") for one in patients]


def test_the_list_is_empty_with_its_columns():
    assert list(stopped_drugs_table(pd.DataFrame())) == [
        "Patient",
        "Line",
        "Stopped for toxicity",
        "Last dose",
        "Line went on with",
    ]
