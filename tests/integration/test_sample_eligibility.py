"""The planted patients of the sample studies are found by the eligibility rules, and nobody else is lost."""

from pathlib import Path

import pytest

from dashboard.store.reader import Reader

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def ask(sample_snapshot):
    """Rows of a query on a sample study."""

    def rows(study_id, sql):
        reader = Reader(sample_snapshot(study_id), None)
        return [tuple(row) for row in reader.rows(sql).itertuples(index=False)]

    return rows


def test_ned_of_5_9_months_and_cea_of_52_are_not_met(ask):
    sql = """
        select patient_id, criterion, found from eligibility_criterion
        where criterion in ('I03', 'E06') and result_in_force = 'FAIL' and is_in_force order by 1
    """
    assert ask("pulmonary-oligomets", sql) == [("OLI-018", "I03", "5"), ("OLI-020", "E06", "52")]


def test_who_waits_for_the_pi_and_why(ask):
    sql = """
        select distinct criterion, patient_id from eligibility_criterion
        where criterion in ('E01', 'E02c', 'E03') and result_in_force = 'NEEDS_RULING' order by 1, 2
    """
    assert ask("pulmonary-oligomets", sql) == [
        ("E01", "OLI-012"),
        ("E02c", "OLI-003"),
        ("E02c", "OLI-016"),
        ("E03", "OLI-004"),
        ("E03", "OLI-008"),
        ("E03", "OLI-015"),
        ("E03", "OLI-020"),
    ]


def test_a_patient_of_stage_four_whom_the_pi_let_in_is_ruled(ask):
    sql = "select distinct patient_id, is_met from eligibility_criterion where result = 'RULED'"
    assert ask("pulmonary-oligomets", sql) == [("OLI-005", True)]


def test_the_readings_of_a_measurable_lesion_let_in_15_and_6_of_20(ask):
    # Largest lung lesions as designed: fifteen over 10 mm, six of them over 15 mm.
    sql = """
        select reading, count(*) filter (is_met) as n_met, count(*) as n from eligibility_criterion
        inner join patient_summary using (patient_id)
        where criterion = 'I07' and enrolled_on is not null group by reading order by reading
    """
    assert ask("pulmonary-oligomets", sql) == [("a", 15, 20), ("b", 6, 20)]


def test_neutrophils_of_1_6_pass_and_an_answer_left_open_is_not_known(ask):
    sql = """
        select criterion, result, found from eligibility_criterion
        where patient_id = 'OLI-013' and criterion in ('I10a', 'I12') and is_in_force order by 1
    """
    assert ask("pulmonary-oligomets", sql) == [("I10a", "PASS", "1.6"), ("I12", "UNKNOWN", None)]


def test_her2_of_2_without_ish_waits_and_the_other_316_are_eligible(ask):
    sql = """
        select verdict, count(*) from eligibility inner join patient_summary using (patient_id)
        where question = '' and enrolled_on is not null group by 1 order by 1
    """
    assert ask("cdk46", sql) == [("ELIGIBLE", 316), ("NEEDS_RULING", 4)]
    waiting = "select distinct found from eligibility_criterion where result = 'NEEDS_RULING'"
    assert ask("cdk46", waiting) == [("2+ ISH missing",)]
