"""What could be asked about: one row per data issue, of a systematic check one for all."""

import duckdb
import pytest

from dashboard.figures.data_load.query_candidates import query_candidates
from dashboard.quality.run import DATA_ISSUE_COLUMNS
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot

ISSUES = """
    ('DQ18', 'error', 'row', 'treatment', 'A1 | RX1', 'ended_on', 'A1', 'late', 'please_check', false),
    ('DQ18', 'error', 'row', 'treatment', 'A1 | RX1', 'ended_on', 'A1', 'early', 'please_check', false),
    ('DQ03', 'error', 'none', 'patient', 'B1', null, 'B1', null, 'blocks_primary', false),
    ('DQ40', 'warning', 'none', 'ctdna_sample', 'S1', 'collected_on', 'A1', 'x', 'please_check', true),
    ('DQ40', 'warning', 'none', 'ctdna_sample', 'S2', 'collected_on', 'A1', 'x', 'please_check', true),
    ('DQ40', 'warning', 'none', 'ctdna_sample', 'S3', 'collected_on', 'B1', 'x', 'please_check', true)
"""


@pytest.fixture
def snapshot(tmp_path):
    with duckdb.connect(str(tmp_path / "store.duckdb")) as connection:
        connection.execute("create table patient (patient_id varchar, site_id varchar)")
        connection.execute("insert into patient values ('A1', '01'), ('B1', '02')")
        connection.execute(f"create table data_issue ({DATA_ISSUE_COLUMNS})")
        connection.execute(f"insert into data_issue values {ISSUES}")
    return Snapshot(study_id="s", snapshot_id="c", cut_off=None, path=tmp_path)


def listed(reader):
    return [
        (row["check_id"], row["row_key"], row["patient_id"], row["site_id"], row["n_patients"])
        for row in query_candidates(reader)
    ]


def test_a_data_issue_stands_once_and_a_systematic_check_once_with_its_patients(snapshot):
    assert listed(Reader(snapshot)) == [
        ("DQ03", "B1", "B1", "02", 1),
        ("DQ18", "A1 | RX1", "A1", "01", 1),
        ("DQ40", "", None, None, 2),
    ]


def test_a_user_of_one_site_has_its_data_issues_and_no_whole_check(snapshot):
    assert listed(Reader(snapshot, ("01",))) == [("DQ18", "A1 | RX1", "A1", "01", 1)]


def test_one_patient_has_the_own_data_issues_alone(snapshot):
    rows = query_candidates(Reader(snapshot), patient_id="B1")
    assert [(row["check_id"], row["patient_id"]) for row in rows] == [("DQ03", "B1")]
