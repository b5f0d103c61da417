"""The catalogue of checks: groups, what is left out, tables not there, one row for a wrong mapping."""

from pathlib import Path
from string import Formatter

import pytest

from dashboard.model.tables import canonical_tables, definition_tables, mart_tables
from dashboard.quality.run import (
    FOLDER,
    catalogue,
    chased_checks,
    create_usable_views,
    run_check,
    run_checks,
)
from tests.unit.quality.tables import LOAD_TABLES, connection_with, day, lent_with

TESTS = Path(__file__).parent
# clinical-decisions A40; the letters are parts of the check of that number.
BLOCKING = {"03", "04", "08", "10", "11", "27", "31", "32", "36", "44", "56", "57", "62", "64"}
LEAVES_OUT_ROWS_OR_DATES = {"DQ08", "DQ09", "DQ10", "DQ17", "DQ18", "DQ27", "DQ31", "DQ32", "DQ55"}


def test_every_file_is_in_the_catalogue_and_the_reverse():
    assert {path.stem.upper() for path in FOLDER.glob("*.sql")} == {check.check_id for check in catalogue()}


def test_fourteen_checks_block_the_primary_result():
    blocking = {check.check_id[2:4] for check in catalogue() if check.group == "blocks_primary"}
    assert blocking == BLOCKING


def test_only_information_is_for_information():
    for check in catalogue():
        assert (check.severity == "information") == (check.group == "for_information"), check.check_id


def test_only_the_named_checks_leave_something_out():
    assert {check.check_id for check in catalogue() if check.excludes != "none"} == LEAVES_OUT_ROWS_OR_DATES


def test_every_check_has_words_and_cases_in_these_tests():
    """That a file has both a hit and a near miss of each check it names is seen when it ends (conftest)."""
    cases = "".join(path.read_text(encoding="utf-8") for path in TESTS.glob("test_*.py"))
    for check in catalogue():
        assert f'"{check.check_id}"' in cases, check.check_id
        assert check.title, check.check_id
        assert check.why_it_matters.endswith("."), check.check_id
        fields = [(name, spec) for _, name, spec, _ in Formatter().parse(check.message) if name]
        columns = {"row_key", "value_text", "values[0]", "values[1]", "column_name", "table_name"}
        assert {name for name, _ in fields} <= columns
        assert {spec for _, spec in fields} <= {"", "ppm"}


@pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.check_id)
def test_a_check_reads_tables_that_exist_and_begins_with_what_a_row_is(check):
    known = {*LOAD_TABLES, *canonical_tables(), *definition_tables()}
    if check.stage == "marts":
        known |= set(mart_tables())
    select = check.sql.format(table="imaging", column="imaged_on") if check.is_per_date_column else check.sql
    with lent_with({}) as connection:
        run_check(connection, check)  # creates the macro that the text uses
        assert connection.get_table_names(select) <= known
    assert check.sql.startswith("-- One row per ")


@pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.check_id)
def test_a_check_finds_nothing_in_empty_rows_and_does_not_fail(check):
    empty = {name: [{}] for name in canonical_tables()}
    with lent_with(empty) as connection:
        assert run_check(connection, check) == 0


def test_a_check_finds_nothing_where_its_table_is_not_there():
    connection = connection_with(
        {"patient": [{"enrolled_on": day(0)}, {"patient_id": "P2", "consented_on": day(0)}]}
    )
    (check,) = [one for one in catalogue() if one.check_id == "DQ03"]
    assert run_check(connection, check) == 1
    connection.execute("drop table criterion")
    assert run_check(connection, check) == 0


def patients(n, n_without):
    return [
        {
            "patient_id": f"P{number}",
            "enrolled_on": day(0),
            "consented_on": None if number < n_without else day(0),
        }
        for number in range(n)
    ]


@pytest.mark.parametrize(
    ("n", "n_without", "systematic"),
    [(25, 5, False), (24, 5, True), (4, 3, False), (10, 4, False), (100, 20, False), (100, 21, True)],
)
def test_more_than_a_fifth_of_the_patients_and_at_least_five_is_systematic(n, n_without, systematic):
    connection = connection_with({"patient": patients(n, n_without)})
    (check,) = [one for one in catalogue() if one.check_id == "DQ03"]
    assert run_check(connection, check) == n_without
    rows = connection.execute("select distinct is_systematic, issue_group from data_issue").fetchall()
    assert rows == [(systematic, "blocks_primary")]


def first_samples(n, n_on_treatment):
    return [
        {
            "patient_id": f"P{number}",
            "sample_id": f"S{number}",
            "source_table": "ctdna_sample",
            "source_key": f"S{number}",
            "collected_on": day(8),
            "is_baseline": True,
            "baseline_rule": "BASELINE_FIRST_VALID",
            "draw_timing": "ON_TREATMENT" if number < n_on_treatment else "PRE_TREATMENT",
            "day_of_line": 8,
            "line": 1,
        }
        for number in range(n)
    ]


@pytest.mark.parametrize(
    ("n_sampled", "n_on_treatment", "systematic"),
    [(25, 5, False), (24, 5, True), (26, 6, True), (30, 6, False), (10, 4, False)],
)
def test_the_share_is_of_the_patients_the_check_can_find_something_of(n_sampled, n_on_treatment, systematic):
    """A hundred patients, of whom some have a first valid sample: those without one are not in the share."""
    tables = {"patient": patients(100, 0), "ctdna_level": first_samples(n_sampled, n_on_treatment)}
    connection = connection_with(tables)
    (check,) = [one for one in catalogue() if one.check_id == "DQ40"]
    assert run_check(connection, check) == n_on_treatment
    assert connection.execute("select distinct is_systematic from data_issue").fetchall() == [(systematic,)]
    assert connection.execute("select check_id, n_patients from check_run").fetchall() == [
        ("DQ40", n_sampled)
    ]


def test_what_the_follow_up_list_chases_is_never_one_row():
    """Ten of ten contacts overdue: ten rows of the list, each asked for."""
    owed = {"item": "vital_status", "state": "OVERDUE", "is_owed": True, "source_table": "patient"}
    rows = [{**owed, "patient_id": f"P{number}", "source_key": f"P{number}"} for number in range(10)]
    connection = connection_with({"patient": patients(10, 0), "follow_up": rows})
    (check,) = [one for one in catalogue() if one.check_id == "DQ14"]
    assert run_check(connection, check) == 10
    assert connection.execute("select distinct is_systematic from data_issue").fetchall() == [(False,)]


def test_a_check_of_dates_counts_the_patients_who_have_that_date():
    """Of 40 patients 24 have a date of diagnosis, 5 of these after the data cut; all were enrolled."""
    rows = [
        {
            "patient_id": f"P{number}",
            "enrolled_on": day(0),
            "primary_diagnosed_on": None if number >= 24 else day(9_999 if number < 5 else -9),
        }
        for number in range(40)
    ]
    connection = connection_with({"patient": rows})
    (check,) = [one for one in catalogue() if one.check_id == "DQ08"]
    assert run_check(connection, check) == 5
    assert connection.execute("select distinct is_systematic from data_issue").fetchall() == [(True,)]
    ran = connection.execute(
        "select column_name, n_patients from check_run "
        "where table_name = 'patient' and column_name in ('enrolled_on', 'primary_diagnosed_on') order by 1"
    )
    assert ran.fetchall() == [("enrolled_on", 40), ("primary_diagnosed_on", 24)]


def test_what_the_follow_up_list_chases_is_named():
    assert chased_checks() == {"DQ14", "DQ25", "DQ36", "DQ58", "DQ72"}


def test_what_only_the_laboratory_can_answer_is_named():
    asked = {check.check_id for check in catalogue() if check.asked_of == "laboratory"}
    assert asked == {"DQ31B", "DQ41"}


@pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.check_id)
def test_whom_a_check_applies_to_can_be_counted(check):
    place = {"table": "imaging", "column": "imaged_on"}
    applies_to = check.applies_to.format(**place) if check.is_per_date_column else check.applies_to
    known = {*canonical_tables(), *definition_tables(), *(mart_tables() if check.stage == "marts" else ())}
    with lent_with({}) as connection:
        assert connection.get_table_names(f"select patient_id from {applies_to}") <= known
        counted = connection.execute(f"select count(distinct patient_id) from {applies_to}").fetchall()
        assert counted == [(0,)]


def test_no_check_leaves_out_a_patient():
    wrong = {
        "enrolled_on": day(-40_000),
        "enrolled_on_precision": "day",
        "born_on": day(0),
        "born_on_precision": "day",
        "screened_on": day(9_999),
        "screened_on_precision": "day",
        "metastatic_on": day(-40_001),
        "primary_diagnosed_on": day(-9),
        "primary_diagnosed_on_precision": "day",
    }
    connection = connection_with({"patient": [wrong]})
    assert run_checks(connection, stage="canonical") >= 3
    create_usable_views(connection)
    assert connection.execute("select patient_id from usable_patient").fetchall() == [("P1",)]
    assert (
        connection.execute("select distinct excludes from data_issue where excludes = 'row'").fetchall() == []
    )
