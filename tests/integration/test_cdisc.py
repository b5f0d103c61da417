"""The CDISC test data from SDTM files to a snapshot: outcomes equal the published ones, one by one."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reader(shared_data, tmp_path_factory) -> Reader:
    folder = tmp_path_factory.mktemp("cdisc")
    study = shutil.copytree(ROOT / "tests/studies/pharmaverse", folder / "pharmaverse")
    extract = next((study / "extracts").iterdir())
    for path in (shared_data / "data/pharmaversesdtm_onco").iterdir():
        (extract / path.name).symlink_to(path)
    options = BuildOptions(store=folder / "store", reference=ROOT / "data/reference")
    return Reader(build_snapshot(study, options=options).snapshot)


@pytest.fixture(scope="module")
def published(shared_data):
    def read(name: str, code: str) -> pd.DataFrame:
        path = shared_data / f"data/pharmaverseadam_onco/{name}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        return frame.query("PARAMCD == @code")

    return read


@pytest.mark.parametrize("endpoint", ["PFS", "OS"])
def test_time_to_event_equals_the_published_one_for_all_254_subjects(reader, published, endpoint):
    rows = reader.records(
        "select patient_id, duration_days, status, ended_on from time_to_event "
        "where endpoint_id = ? and status <> 'NOT_AT_RISK'",
        [endpoint],
    )
    found = {
        row["patient_id"]: (str(row["duration_days"]), row["status"], row["ended_on"].isoformat())
        for row in rows
    }
    expected = {
        row.USUBJID: (row.AVAL, "EVENT" if row.CNSR == "0" else "CENSORED", row.ADT)
        for row in published("adtte_onco", endpoint).itertuples()
    }
    assert len(expected) == 254
    assert found == expected


@pytest.mark.parametrize("setting", ["BOR", "CBOR"])
def test_best_response_and_its_date_equal_the_published_ones(reader, published, setting):
    rows = reader.records(
        "select patient_id, response, responded_on from best_response where setting_id = ? and line = 1",
        [setting],
    )
    found = {
        row["patient_id"]: (row["response"], row["responded_on"].isoformat() if row["responded_on"] else "")
        for row in rows
    }
    expected = {row.USUBJID: (row.AVALC, row.ADT) for row in published("adrs_onco", setting).itertuples()}
    # A screening failure without treatment has no line to respond in; the published file says MISSING.
    assert {expected[subject][0] for subject in set(expected) - set(found)} == {"MISSING"}
    assert len(found) >= 254
    assert found == {subject: expected[subject] for subject in found}


@pytest.mark.parametrize(("setting", "code"), [("BOR", "RSP"), ("CBOR", "CRSP")])
def test_the_day_of_the_first_response_equals_the_published_one(reader, published, setting, code):
    rows = reader.records(
        "select patient_id, occurred_on from milestone where kind = 'objective_response' and detail = ?",
        [setting],
    )
    responders = published("adrs_onco", code).query("AVALC == 'Y'")
    assert {row["patient_id"]: row["occurred_on"].isoformat() for row in rows} == dict(
        zip(responders.USUBJID, responders.ADT, strict=True)
    )


def test_sums_and_nadir_equal_the_published_ones_at_all_25_visits(reader, published):
    rows = reader.records("select * from target_response")
    found = {(row["patient_id"], row["visit"]): row for row in rows}
    visits = published("adtr_onco", "SDIAM")
    assert len(visits) == 25
    for visit in visits.itertuples():
        row = found[visit.USUBJID, "SCREENING" if visit.AVISIT == "BASELINE" else visit.AVISIT]
        assert row["sum_tenth_mm"] == round(10 * float(visit.AVAL)), visit
        assert row["baseline_tenth_mm"] == round(10 * float(visit.BASE)), visit
        assert row["is_complete"] == (visit.ANL01FL == "Y"), visit
        if visit.NADIR:
            assert row["nadir_tenth_mm"] == round(10 * float(visit.NADIR)), visit


def test_the_ledger_balances_for_every_file_and_table(reader):
    assert reader.records("select * from ledger where n_records <> n_loaded + n_rejected + n_set_aside") == []
    assert reader.records("select count(*) as n from ledger where canonical_table = ''")[0]["n"] > 10


def test_what_could_not_be_loaded_is_named_with_file_row_column_and_what_is_allowed(reader):
    rows = reader.records(
        "select source_file, source_row, column_name, message from rejected_row order by source_row"
    )
    assert [(row["source_file"], row["source_row"], row["column_name"]) for row in rows] == [
        ("cm.csv", number, "started_on") for number in (2687, 2688, 2689, 2690)
    ]
    assert all("required" in row["message"] for row in rows)
