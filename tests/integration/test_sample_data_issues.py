"""What is planted in the sample studies is found by its check; errors stand where they are known to be."""

from pathlib import Path

import pytest

from dashboard.demo.studies import planted
from dashboard.store.reader import Reader

pytestmark = pytest.mark.slow
DATA = Path(__file__).resolve().parents[2] / "data"
STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")


@pytest.fixture(scope="module")
def readers(sample_snapshot) -> dict[str, Reader]:
    return {name: Reader(sample_snapshot(name)) for name in STUDIES}


def patients(reader, check_id):
    rows = reader.records(
        "select distinct patient_id from data_issue where check_id = $check_id", {"check_id": check_id}
    )
    return {row["patient_id"] for row in rows}


@pytest.mark.parametrize(
    ("study", "check_id", "name"),
    [
        ("cdk46", "DQ56", "her2_2_without_ish"),
        ("pulmonary-oligomets", "DQ64", "ineligible_ned_interval"),
    ],
)
def test_planted_patients_and_nobody_else_are_found(readers, study, check_id, name):
    assert patients(readers[study], check_id) == set(planted(study)[name])


@pytest.mark.parametrize(
    ("study", "check_id", "name"),
    [
        ("cdk46", "DQ23", "same_line_after_progression"),
        ("cdk46", "DQ28", "no_imaging"),
        ("k4care", "DQ28", "no_imaging"),
        ("cdk46", "DQ29", "response_differs"),
        ("cdk46", "DQ39", "failed_without_redraw"),
        ("cdk46", "DQ39", "only_failed_samples"),
        ("k4care", "DQ39", "failed_without_redraw"),
        ("k4care", "DQ39", "only_failed_samples"),
        ("pulmonary-oligomets", "DQ39", "failed_sample"),
        ("pulmonary-oligomets", "DQ59", "ineligible_cea"),
    ],
)
def test_planted_patients_are_among_those_found(readers, study, check_id, name):
    assert set(planted(study)[name]) <= patients(readers[study], check_id)


def test_the_file_of_fractions_is_found_with_every_number_in_it(readers):
    rows = readers["k4care"].records(
        "select distinct one.sample_id from data_issue join variant as one using (row_key) "
        "where check_id = 'DQ31B'"
    )
    numbers = readers["k4care"].records("select distinct sample_id from variant where maf_ppm is not null")
    batch = set(planted("k4care")["allele_fraction_as_fraction_batch"])
    assert {row["sample_id"] for row in rows} == batch & {row["sample_id"] for row in numbers}


def test_a_sum_that_grows_and_is_called_stable_differs(readers):
    # K4C-0103 is planted too, but grows by less than a fifth over the baseline of its line: stable both ways.
    differs = patients(readers["k4care"], "DQ29")
    assert set(planted("k4care")["response_differs"]) & differs == {"K4C-0100", "K4C-0104"}


def test_the_patient_with_two_different_rows_is_found(readers):
    assert patients(readers["k4care"], "DQ01") == {"K4C-0299"}


def test_no_error_stands_outside_the_checks_known_to_find_one(readers):
    errors = {
        study: {
            row["check_id"]
            for row in reader.records("select distinct check_id from data_issue where severity = 'error'")
        }
        for study, reader in readers.items()
    }
    assert errors == {
        "k4care": {"DQ01", "DQ31B", "DQ59"},
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
    assert row["n_outside"] <= 0.04 * row["n_inside"]


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
