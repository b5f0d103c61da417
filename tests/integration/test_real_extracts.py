"""Real and reference extracts, loaded by the mappings in tests/studies: counts, ledger, published results."""

import datetime as dt
import shutil
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from dashboard.extracts.load import compiled_sql, load_extract
from dashboard.studies.load import load_study
from dashboard.studies.schema import Study
from tests.builders import Row, run_mart

STUDIES = Path(__file__).resolve().parents[1] / "studies"
SETTING: Row = {
    "setting_id": "BOR",
    "mode": "recist",
    "source": "reported",
    "reference": "randomisation",
    "stable_days": 42,
    "ne_severity": "least",
    "response_if_none": "MISSING",
}


class Extract:
    """A study folder of tests/studies with the files of a reference data set beside its extract.toml."""

    def __init__(self, folder: Path, name: str, data: Path, *, replace: dict[str, str] | None = None) -> None:
        self.study_folder = folder / name
        shutil.copytree(STUDIES / name, self.study_folder)
        self.extract_folder = next((self.study_folder / "extracts").iterdir())
        for path in data.iterdir():
            (self.extract_folder / path.name).symlink_to(path)
        mapping = self.study_folder / "mapping.toml"
        text = mapping.read_text(encoding="utf-8")
        for old, new in (replace or {}).items():
            text = text.replace(old, new)
        mapping.write_text(text, encoding="utf-8")
        self.study: Study = load_study(self.study_folder)
        self.connection = duckdb.connect()
        self.report = load_extract(self.study_folder, self.extract_folder, self.study, self.connection)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def records(self, table: str) -> list[Row]:
        """Rows of a canonical table as the mart builder takes them."""
        result = self.connection.execute(f'select * from "{table}"')
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def assert_balanced(extract: Extract) -> None:
    assert extract.rows("from ledger where n_records <> n_loaded + n_rejected + n_set_aside") == []
    files = extract.rows(
        "select source_file, n_records from source_file where n_records is not null order by all"
    )
    assert (
        extract.rows("select source_file, n_records from ledger where canonical_table = '' order by all")
        == files
    )


@pytest.fixture(scope="module")
def hnscc(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Extract:
    return Extract(tmp_path_factory.mktemp("hnscc"), "hnscc", shared_data / "data" / "hnscc_ctdna_jankef")


@pytest.fixture(scope="module")
def cdisc(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Extract:
    return Extract(
        tmp_path_factory.mktemp("cdisc"), "pharmaverse", shared_data / "data" / "pharmaversesdtm_onco"
    )


@pytest.fixture(scope="module")
def genie(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Extract:
    return Extract(
        tmp_path_factory.mktemp("genie"), "genie", shared_data / "data" / "genieBPC_simulated_nsclc"
    )


def test_hnscc_loads_16_patients_and_94_samples_and_sets_57_controls_aside(hnscc: Extract) -> None:
    assert hnscc.rows("select count(*) from patient") == [(16,)]
    assert hnscc.rows("select count(*), count(distinct patient_id) from ctdna_sample") == [(94, 16)]
    assert hnscc.rows("select distinct quantity_kind from ctdna_sample") == [("score",)]
    assert hnscc.rows("select rule, count(*) from set_aside_row group by rule") == [("control_sample", 57)]
    assert hnscc.rows("select count(*) from rejected_row") == [(0,)]
    assert_balanced(hnscc)


def test_hnscc_days_and_months_are_counted_from_the_start_of_radiotherapy(hnscc: Extract) -> None:
    zero = dt.date(2000, 1, 1)
    sample = (
        "select collected_on, quantity_value, quantity_text from ctdna_sample where sample_id = 'P001_03-P1'"
    )
    assert hnscc.rows(sample) == [(zero + dt.timedelta(9), Decimal("1.168311986157"), "1.16831198615717")]
    course = """
        select started_on, ended_on, started_on_precision from treatment
        where patient_id = 'P001' and kind = 'systemic'
    """
    # 3.70491803278689 and 5.08196721311475 months of 30.5 days
    assert hnscc.rows(course) == [(zero + dt.timedelta(113), zero + dt.timedelta(155), "month")]


def test_hnscc_treatment_without_end_goes_on(hnscc: Extract) -> None:
    ongoing = "select patient_id from treatment where is_ongoing order by patient_id"
    assert hnscc.rows(ongoing) == [("P007",), ("P014",), ("P016",)]
    assert hnscc.rows("select count(*) from treatment where is_ongoing and ended_on is not null") == [(0,)]


def test_hnscc_treatment_that_ends_before_it_starts_stays_for_the_checks(hnscc: Extract) -> None:
    wrong = "select patient_id, regimen from treatment where ended_on < started_on"
    assert hnscc.rows(wrong) == [("P008", "chemotherapy")]


def test_hnscc_reported_outcomes_are_kept_as_reported(hnscc: Extract) -> None:
    counts = """
        select outcome, count(*), count(*) filter (event_observed) from reported_outcome group by 1 order by 1
    """
    assert hnscc.rows(counts) == [("OS", 16, 12), ("PFS", 16, 16), ("PFS2", 8, 8)]
    assert hnscc.rows("select time_value from reported_outcome where row_key = 'P001 | OS'") == [
        (Decimal("8.754098"),)
    ]


def test_the_compiled_sql_of_a_study_is_one_select_per_table_and_source(hnscc: Extract) -> None:
    compiled = compiled_sql(hnscc.study_folder, hnscc.extract_folder, hnscc.study)
    assert len(compiled) == 7
    assert all(sql.startswith("-- One row per ") for sql in compiled.values())


def test_cdisc_every_record_is_accounted_for(cdisc: Extract) -> None:
    assert_balanced(cdisc)
    assert cdisc.rows("select count(*), count(enrolled_on), count(randomised_on) from patient") == [
        (306, 254, 254)
    ]
    assert cdisc.rows("select count(*) from disposition where kind = 'screen_failure'") == [(52,)]


def test_cdisc_partial_dates_are_the_last_day_of_their_month(cdisc: Extract) -> None:
    partial = "select distinct assessed_on from response where assessed_on_precision = 'month'"
    assert cdisc.rows(partial) == [(dt.date(2014, 2, 28),)]


def expected_best_response(shared: Path, code: str) -> dict[str, str]:
    frame = pd.read_csv(
        shared / "data" / "pharmaverseadam_onco" / "adrs_onco.csv", dtype=str, keep_default_na=False
    )
    return frame[code == frame.PARAMCD].set_index("USUBJID").AVALC.to_dict()


def best_response(cdisc: Extract, subjects: Sequence[str]) -> dict[str, str]:
    reported = [row for row in cdisc.records("response") if row["assessor"] == "investigator"]
    patients = [row for row in cdisc.records("patient") if row["patient_id"] in subjects]
    found = run_mart(
        "best_response",
        {"patient": patients, "response": reported, "response_setting": [SETTING]},
        columns="patient_id, response",
    )
    return dict(found)


def test_cdisc_best_responses_equal_the_published_ones(cdisc: Extract, shared_data: Path) -> None:
    expected = expected_best_response(shared_data, "BOR")
    found = best_response(cdisc, list(expected))
    assert len(found) == 254  # the 52 screening failures have no treatment and no best response
    assert sorted(set(found.values())) == ["CR", "MISSING", "NE", "NON-CR/NON-PD", "PD", "PR", "SD"]
    assert found == {subject: expected[subject] for subject in found}


def test_cdisc_check_is_no_response(shared_data: Path, tmp_path: Path) -> None:
    other = {"rs_onco_recist": "rs_onco", "tu_onco_recist": "tu_onco", "tr_onco_recist.csv": "tr_onco.csv.gz"}
    extract = Extract(tmp_path, "pharmaverse", shared_data / "data" / "pharmaversesdtm_onco", replace=other)
    assert_balanced(extract)
    # The third CHECK is the second independent reader's, whose records are set aside.
    second = """
        select rule from set_aside_row where source_file = 'rs_onco.csv' and source_row in (
            select source_row from raw."rs_onco.csv"
            where "RSORRES" = 'CHECK' and "RSEVALID" = 'RADIOLOGIST 2'
        )
    """
    assert extract.rows(second) == [("other_reader_or_other_criteria",)]
    assert extract.rows("select count(*) from response where assessor = 'investigator'") == [(632,)]


def test_genie_every_record_is_accounted_for(genie: Extract) -> None:
    assert_balanced(genie)
    assert genie.rows("select count(*) from patient") == [(200,)]
    by_rule = dict(
        genie.rows("select rule, count(*) from set_aside_row where canonical_table = '' group by rule")
    )
    assert by_rule == {"not_the_cancer_of_the_study": 113, "tissue_sequencing": 222 + 1945 + 70}
    assert genie.rows(
        "select rule, count(*) from set_aside_row where source_file = 'ca_dx_index.csv' group by 1"
    ) == [("second_index_cancer", 7)]


def test_genie_words_of_the_radiologist_become_responses_that_keep_the_words(genie: Extract) -> None:
    words = "select distinct overall from response where as_written = 'Progressing/Worsening/Enlarging'"
    assert genie.rows(words) == [("pd",)]
    assert genie.rows("select distinct overall from response where as_written = 'Mixed'") == [(None,)]
