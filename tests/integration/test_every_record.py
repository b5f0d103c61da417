"""Each record of the real and reference files, counted without our reader, stands in the ledger once."""

import csv
import gzip
from pathlib import Path

import pytest

from tests.integration.test_real_extracts import Extract

DATA = {
    "genie": "genieBPC_simulated_nsclc",
    "hnscc": "hnscc_ctdna_jankef",
    "pharmaverse": "pharmaversesdtm_onco",
}


def records_in(path: Path) -> int:
    """Records below the header, by Python's own reader; empty lines are none."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return sum(any(row) for row in csv.reader(file)) - 1


@pytest.mark.parametrize("name", sorted(DATA))
def test_every_record_is_loaded_rejected_or_set_aside(shared_data: Path, tmp_path: Path, name: str) -> None:
    folder = shared_data / "data" / DATA[name]
    extract = Extract(tmp_path, name, folder)
    balance = {
        file: (n_records, n_loaded + n_rejected + n_set_aside)
        for file, n_records, n_loaded, n_rejected, n_set_aside in extract.rows(
            "select source_file, n_records, n_loaded, n_rejected, n_set_aside from ledger "
            "where canonical_table = ''"
        )
    }
    expected = {file: records_in(folder / file) for file in balance}
    assert balance == {file: (n, n) for file, n in expected.items()}
    assert sum(expected.values()) > {"genie": 10_000, "hnscc": 150, "pharmaverse": 10_000}[name]
    # A file without a place in the ledger is named as not read.
    others = {path.name for path in folder.glob("*.csv*")} - set(balance)
    assert others <= {
        file for (file,) in extract.rows("select source_file from source_file where n_records is null")
    }


def test_the_three_answers_check_are_named_and_none_becomes_a_response(
    shared_data: Path, tmp_path: Path
) -> None:
    """Of one visit: the investigator's and the first reader's are rejected, the second reader's set aside."""
    other = {"rs_onco_recist": "rs_onco", "tu_onco_recist": "tu_onco", "tr_onco_recist.csv": "tr_onco.csv.gz"}
    extract = Extract(tmp_path, "pharmaverse", shared_data / "data" / DATA["pharmaverse"], replace=other)
    checks = """select source_row from raw."rs_onco.csv" where "RSORRES" = 'CHECK'"""
    assert extract.rows(checks + " order by 1") == [(4067,), (4069,), (4071,)]
    rejected = (
        "select source_row, column_name, value from rejected_row where source_file = 'rs_onco.csv' order by 1"
    )
    assert extract.rows(rejected) == [(4067, "overall", "check"), (4071, "overall", "check")]
    visit = "select * from response where patient_id = '01-711-1143' and assessed_on = date '2013-06-22'"
    assert extract.rows(visit) == []
    aside = f"select rule from set_aside_row where source_file = 'rs_onco.csv' and source_row in ({checks})"
    assert extract.rows(aside) == [("other_reader_or_other_criteria",)]
