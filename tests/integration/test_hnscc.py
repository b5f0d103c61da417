"""Real patients all the way: files of a published ctDNA study to a snapshot, and back to its numbers."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from dashboard.stats import estimate_median, log_rank, risk_table
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader

ROOT = Path(__file__).parents[2]
OUTCOMES = """
    select outcome.patient_id, outcome.time_value, outcome.event_observed, draw.value as group_value
    from reported_outcome as outcome
    inner join characteristic as draw on outcome.patient_id = draw.patient_id and draw.name = $draw
    where outcome.outcome = 'PFS'
"""


@pytest.fixture(scope="module")
def reader(shared_data, tmp_path_factory) -> Reader:
    folder = tmp_path_factory.mktemp("hnscc")
    study = shutil.copytree(ROOT / "tests/studies/hnscc", folder / "hnscc")
    for path in (shared_data / "data/hnscc_ctdna_jankef").glob("*.csv"):
        shutil.copy(path, study / "extracts/2021-12-31")
    options = BuildOptions(store=folder / "store", reference=ROOT / "data/reference")
    return Reader(build_snapshot(study, options=options).snapshot)


@pytest.fixture(scope="module")
def golden(shared_data):
    return json.loads((shared_data / "golden/hnscc_jankef.json").read_text())


def test_16_patients_and_94_samples_are_there_and_the_57_controls_are_set_aside_by_name(reader):
    assert reader.records("select count(*) as n from patient") == [{"n": 16}]
    assert reader.records("select count(*) as n, count(distinct patient_id) as p from ctdna_sample") == [
        {"n": 94, "p": 16}
    ]
    assert reader.records("select rule, count(*) as n from set_aside_row group by rule") == [
        {"rule": "control_sample", "n": 57}
    ]


def test_the_level_is_a_score_and_never_called_an_allele_fraction(reader):
    rows = reader.records("select distinct quantity_kind from ctdna_level where level_sum is not null")
    assert rows == [{"quantity_kind": "score"}]
    assert reader.records("select count(*) as n from variant") == [{"n": 0}]
    assert reader.records("select count(*) as n from ctdna_level where max_maf_ppm is not null") == [{"n": 0}]


def test_a_score_keeps_its_text_and_its_place_in_the_file(reader):
    first = reader.records(
        "select quantity_text, cast(quantity_value as varchar) as value, source_file, source_row "
        "from ctdna_sample where sample_id = 'P001_01-P1'"
    )
    assert (first[0]["quantity_text"], first[0]["value"]) == ("1.30297220691833", "1.302972206918")
    assert (first[0]["source_file"], first[0]["source_row"]) == ("CPA-scores.csv", 2)


def test_the_interval_of_p008_that_ends_before_it_starts_is_a_data_issue_and_opens_no_line(reader):
    issues = reader.records("select check_id, excludes, patient_id from data_issue where severity = 'error'")
    assert issues == [{"check_id": "DQ18", "excludes": "row", "patient_id": "P008"}]
    lines = reader.records("select count(*) as n from line_of_therapy where patient_id = 'P008'")
    assert lines == [{"n": 0}]


def test_the_study_knows_study_time_only(reader):
    assert reader.snapshot.manifest["calendar"] == "relative"
    # P001: followed for 8.754098 months of 30.5 days from day 0, 1 January 2000.
    rows = reader.records("select observed_until from patient where patient_id = 'P001'")
    assert rows == [{"observed_until": dt.date(2000, 1, 1) + dt.timedelta(days=267)}]


@pytest.mark.parametrize(
    ("draw", "set_name"), [("ctdna_fx_5", "fx5"), ("ctdna_fx_10", "fx10"), ("ctdna_end_rt", "endRT")]
)
def test_reported_pfs_by_ctdna_gives_the_medians_and_log_rank_of_r(reader, golden, draw, set_name):
    """R: survfit(Surv(PFS, PFS_event) ~ group, conf.type = "log-log"); survdiff(...)."""
    frame = reader.rows(OUTCOMES, {"draw": draw}).astype({"time_value": float})
    table = risk_table(frame, time="time_value", event="event_observed", group="group_value")
    expected = golden[set_name]
    for group, median in estimate_median(table).items():
        wanted = expected["km_conf_log-log"][group]
        assert median.n == wanted["n"]
        assert median.time == pytest.approx(wanted["median"], abs=1e-9)
    result = log_rank(table)
    assert result.chi_squared == pytest.approx(expected["logrank"]["chisq"], abs=1e-9)
    assert result.p_value == pytest.approx(expected["logrank"]["p"], abs=1e-9)
