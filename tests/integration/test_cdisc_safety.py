"""Adverse events of the CDISC test data: terms in capitals, no CTCAE version, several organ classes."""

import shutil
from pathlib import Path

import pytest

from dashboard.figures.safety.events import safety_serious, safety_terms, safety_versions
from dashboard.figures.safety.request import SafetyRequest
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort

ROOT = Path(__file__).parents[2]
REQUEST = SafetyRequest(cohort=Cohort())


@pytest.fixture(scope="module")
def reader(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cdisc")
    study = shutil.copytree(ROOT / "tests/studies/pharmaverse", folder / "pharmaverse")
    extract = next((study / "extracts").iterdir())
    for path in (shared_data / "data/pharmaversesdtm_onco").iterdir():
        (extract / path.name).symlink_to(path)
    options = BuildOptions(store=folder / "store", reference=ROOT / "data/reference")
    return Reader(build_snapshot(study, options=options).snapshot)


def test_every_report_is_in_one_merged_event(reader):
    counted = reader.records(
        "select (select count(*) from usable_adverse_event) as read, "
        "(select count(*) from adverse_event_report) as reported, "
        "sum(n_reports) as merged from adverse_event_term"
    )[0]
    assert counted["read"] > 0
    assert counted["read"] == counted["reported"] == counted["merged"]


def test_a_term_has_one_organ_class(reader):
    rows = reader.records(
        "select preferred_term from adverse_event_report "
        "group by preferred_term having count(distinct organ_class) > 1"
    )
    assert rows == []


def test_the_tables_of_the_page_can_be_made(reader):
    figure = safety_terms(reader, REQUEST)
    assert (figure.rows["n_any"] <= figure.rows["n_treated"]).all()
    assert safety_versions(reader, REQUEST) == ""
    assert list(safety_serious(reader, REQUEST).table)[:2] == ["Patient", "Site"]
