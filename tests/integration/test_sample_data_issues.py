"""Data issues of the sample studies: counted once, errors where they are known, each with a record."""

from pathlib import Path

import pytest

from dashboard.demo.studies import planted
from dashboard.figures.completeness.matrix import completeness
from dashboard.figures.completeness.request import completeness_request
from dashboard.figures.data_load.load_rows import data_load, patients_by_check
from dashboard.figures.follow_up.chase_list import chase_counts
from dashboard.figures.follow_up.item import issue_of
from dashboard.figures.follow_up.request import chase_request, listed_rows
from dashboard.figures.follow_up.tables import chase_by_site, chase_by_state
from dashboard.quality.run import chased_checks
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.data_load_issues import by_check, n_blocking, to_check

pytestmark = pytest.mark.slow
DATA = Path(__file__).resolve().parents[2] / "data"
STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")


@pytest.fixture(scope="module")
def readers(sample_snapshot) -> dict[str, Reader]:
    return {name: Reader(sample_snapshot(name)) for name in STUDIES}


def test_the_file_of_fractions_is_one_data_issue_with_every_number_counted(readers):
    """Its row leads to the file of the planted batch; the numbers in it are those of the batch."""
    (row,) = readers["k4care"].records(
        "select one.source_file, issue.patient_id, issue.value_text from data_issue as issue "
        "join variant as one using (row_key) where check_id = 'DQ31B'"
    )
    numbers = readers["k4care"].records(
        "select sample_id, patient_id from variant join ctdna_sample using (sample_id) "
        "where maf_ppm is not null and variant.source_file = $source_file",
        {"source_file": row["source_file"]},
    )
    batch = set(planted("k4care")["allele_fraction_as_fraction_batch"])
    assert {one["sample_id"] for one in numbers} <= batch
    n_patients = len({one["patient_id"] for one in numbers})
    assert row["value_text"].endswith(f": {len(numbers)} allele fractions of {n_patients} patients")
    assert row["patient_id"] is None


def test_first_samples_on_treatment_are_systematic_among_the_sampled_and_would_not_be_of_all(readers):
    reader = readers["cdk46"]
    (row,) = reader.records(
        "select count(distinct patient_id) as n, bool_and(is_systematic) as is_systematic, "
        "(select count(*) from patient) as n_patients from data_issue where check_id = 'DQ40'"
    )
    n_sampled = len(patients_with(reader, "ctdna_level where is_baseline"))
    assert patients_by_check(reader)["DQ40"] == n_sampled
    assert row["is_systematic"]
    assert row["n"] > n_sampled / 5
    assert row["n"] < row["n_patients"] / 5


def patients_with(reader, source):
    return {row["patient_id"] for row in reader.records(f"select patient_id from {source}")}


@pytest.mark.parametrize("study", STUDIES)
def test_every_overdue_item_of_the_list_is_one_data_issue_and_the_reverse(readers, study):
    """So the page Follow-up counts what the checks it chases find, and no other page counts it again."""
    overdue = [issue_of(row) for row in listed_rows(readers[study])]
    listed = [(one.check_id, one.table_name, one.row_key, one.column_name) for one in overdue if one]
    found = readers[study].records(
        "select check_id, table_name, row_key, column_name from data_issue "
        "where check_id in (select unnest($checks::varchar[]))",
        {"checks": sorted(chased_checks())},
    )
    assert sorted(listed) == sorted(tuple(row.values()) for row in found)


@pytest.mark.parametrize("study", STUDIES)
def test_home_follow_up_and_completeness_count_the_same_items_overdue(readers, study):
    reader, definition = readers[study], load_study(DATA / "studies" / study)
    rows = listed_rows(reader)
    at_home = chase_counts(rows, chase_request(definition)).n_overdue
    by_site = int(chase_by_site(reader, chase_request(definition)).rows["n_overdue"].sum())
    states = chase_by_state(reader, chase_request(definition)).rows
    by_state = int(states[states["state"] == "OVERDUE"]["n_items"].sum())
    issues = reader.rows("select check_id, issue_group from data_issue")
    chased = int(issues["check_id"].isin(list(chased_checks())).sum())
    assert at_home == by_site == by_state == chased
    # Completeness is by patient and item: each that is overdue on the list is missing there, and no other.
    owed = {(row["patient_id"], row["item"]) for row in rows if row["state"] == "OVERDUE"}
    records = completeness(reader, completeness_request(definition, cohort=Cohort())).records
    late = records[records["days_late"].notna() & records["state"].isin(["MISSING", "REASON"])]
    assert set(zip(late["patient_id"], late["item"], strict=True)) == owed


@pytest.mark.parametrize("study", STUDIES)
def test_what_is_to_check_and_what_is_chased_share_no_data_issue(readers, study):
    issues = data_load(readers[study]).issues
    counted = to_check(issues, chased=chased_checks())
    assert not set(counted["check_id"]) & chased_checks()
    by_data = by_check(issues)
    n_here = n_blocking(by_data, chased=chased_checks())
    draws = int((issues["check_id"] == "DQ36").sum())
    assert n_here + draws == n_blocking(by_data)


def test_no_error_stands_outside_the_checks_known_to_find_one(readers):
    errors = {
        study: {
            row["check_id"]
            for row in reader.records("select distinct check_id from data_issue where severity = 'error'")
        }
        for study, reader in readers.items()
    }
    assert errors == {
        "k4care": {"DQ01", "DQ31B", "DQ36", "DQ59"},
        "cdk46": {"DQ53", "DQ56"},
        "pulmonary-oligomets": {"DQ59", "DQ64"},
    }


@pytest.mark.parametrize("study", STUDIES)
def test_scans_are_done_within_their_windows_but_for_those_left_out(readers, study):
    (row,) = readers[study].records(
        "select count(*) filter (where state = 'DONE_IN_WINDOW') as n_inside, "
        "count(*) filter (where state = 'DONE_OUTSIDE_WINDOW') as n_outside "
        "from follow_up where kind = 'imaging'"
    )
    assert row["n_inside"] > 60
    # Two planted corrections a data cut (a scan moved, a scan deleted) come on top of the 4 %.
    assert row["n_outside"] <= 0.04 * row["n_inside"] + 4


def test_nothing_planted_loses_a_patient_a_row_or_a_value(readers):
    for study, reader in readers.items():
        assert reader.records("select * from data_issue where excludes <> 'none'") == [], study
        (row,) = reader.records(
            "select (select count(*) from patient) - (select count(*) from usable_patient) as n"
        )
        assert row["n"] == 0


def test_every_data_issue_leads_to_a_record(readers):
    for study, reader in readers.items():
        tables = reader.records("select distinct table_name from data_issue where check_id <> 'DQ01'")
        for table in (row["table_name"] for row in tables):
            lost = reader.records(
                f"select row_key from data_issue where table_name = '{table}' and check_id <> 'DQ01' "
                f'and row_key not in (select row_key from "{table}")'
            )
            assert lost == [], (study, table)
