"""cdk46 comes as SDTM and as an EDC workbook: both give the truth, and both give the same marts."""

import os
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dashboard.access.demo_users import create_demo_users
from dashboard.demo.layouts.edc_cdk46 import FILE, write_edc
from dashboard.demo.layouts.edc_cells import hospital_number, initials, telephone
from dashboard.demo.layouts.partial_dates import is_day_unknown
from dashboard.demo.layouts.sdtm_cdk46 import write_sdtm
from dashboard.demo.layouts.write import write_extracts
from dashboard.demo.studies import CUT_OFFS, generate
from dashboard.demo.truth import extract_at, rows_of
from dashboard.marts.build import ORDER
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from dashboard.workflow.database import open_workflow
from dashboard.workflow.history import Author
from dashboard.workflow.queries import NewQuery, open_queries
from dashboard.workflow.query_events import Cut
from dashboard.workflow.users import list_users
from tests.integration.layouts import AS_WRITTEN, STUDIES, by_key, differences, loaded, loaded_rows
from tests.stored_texts import duckdb_texts, sqlite_texts

pytestmark = pytest.mark.slow
TABLES = (
    "patient", "characteristic", "pathology", "treatment", "sample_link", "ctdna_sample", "variant",
    "panel_gene", "imaging", "lesion", "response", "measurement", "adverse_event", "visit", "contact",
    "disposition",
)  # fmt: skip
PROVENANCE = ("source_file", "source_row")
LAST = CUT_OFFS[-1]
LAYOUTS = {"sdtm": None, "edc": "edc"}


@pytest.fixture(scope="module")
def truth():
    return generate("cdk46")


@pytest.fixture(scope="module")
def study(tmp_path_factory, truth):
    """The study folder with extracts just written."""
    folder = tmp_path_factory.mktemp("studies") / "cdk46"
    shutil.copytree(STUDIES / "cdk46", folder, ignore=shutil.ignore_patterns("extracts"))
    write_extracts("cdk46", folder, truth=truth)
    return folder


@pytest.fixture(scope="module")
def built(sample_snapshot):
    """The snapshot of the last data cut, by layout, from the extracts of the checkout (TestFiles)."""
    found = {name: sample_snapshot("cdk46", layout=layout) for name, layout in LAYOUTS.items()}
    assert [snapshot.cut_off for snapshot in found.values()] == [LAST] * len(LAYOUTS)
    return found


@pytest.fixture(scope="module")
def stores(built):
    """Both stores in one connection, as databases sdtm and edc."""
    with duckdb.connect() as connection:
        for name, snapshot in built.items():
            connection.execute(f"attach '{snapshot.database}' as {name} (read_only)")
        yield connection


@pytest.fixture(scope="module")
def frames(truth):
    """The canonical frames of the truth by data cut."""
    return {cut_off: extract_at(truth, cut_off) for cut_off in CUT_OFFS}


def expected(frame, table):
    """The rows of the truth; of an amended report the last version."""
    rows = rows_of(frame)
    if table == "ctdna_sample":
        rows.sort(key=lambda row: row["report_version"])
        rows = list({row["sample_id"]: row for row in rows}.values())
    return by_key(table, rows)


def carried(frame):
    return [name for name in frame.columns if name not in AS_WRITTEN and not name.endswith("_as_written")]


class TestCanonicalTables:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_every_row_of_the_truth_is_there_with_its_values(self, frames, stores, layout, table):
        stores.execute(f"use {layout}")
        frame = frames[LAST][table]
        assert len(frame) > 0
        found = loaded_rows(stores, table)
        assert differences(expected(frame, table), found, columns=carried(frame)) == []

    @pytest.mark.parametrize("cut_off", CUT_OFFS[:-1], ids=str)
    def test_earlier_data_cuts_show_the_truth_of_their_day(self, frames, study, cut_off):
        connection, report = loaded(study, study / "extracts" / cut_off.isoformat())
        assert report.cut_off == cut_off
        for table in TABLES:
            frame, found = frames[cut_off][table], loaded_rows(connection, table)
            assert differences(expected(frame, table), found, columns=carried(frame)) == [], table

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_old_dates_known_to_the_month_are_partial_in_both_layouts(self, stores, layout):
        found = dict(
            stores.execute(
                f"select patient_id, primary_diagnosed_on_precision from {layout}.patient "
                "where primary_diagnosed_on is not null"
            ).fetchall()
        )
        assert {one for one, precision in found.items() if precision == "month"} == {
            one for one in found if is_day_unknown(one, "diagnosis")
        }
        assert set(found.values()) == {"day", "month"}


class TestLoad:
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_each_record_is_loaded_or_set_aside_and_none_rejected(self, stores, layout):
        off = f"select * from {layout}.ledger where n_records <> n_loaded + n_rejected + n_set_aside"
        assert stores.execute(off).fetchall() == []
        assert stores.execute(f"select * from {layout}.rejected_row").fetchall() == []
        assert stores.execute(f"select sum(n_records) > 30000 from {layout}.ledger").fetchall() == [(True,)]

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_amended_reports_lie_in_the_extract_in_both_versions(self, truth, stores, layout):
        amended = stores.execute(
            f"select distinct canonical_table from {layout}.set_aside_row where rule = 'amended' order by 1"
        ).fetchall()
        assert amended == [("ctdna_sample",), ("variant",)]
        latest = stores.execute(
            f"select sample_id from {layout}.ctdna_sample where report_version = 2 order by 1"
        ).fetchall()
        assert [one for (one,) in latest] == sorted(truth.planted["amended_report"])


@pytest.mark.parametrize("mart", ORDER)
def test_both_layouts_give_the_same_mart_row_for_row(stores, mart):
    # Words as the file has them differ between a Chinese workbook and SDTM; what they were read as must not.
    names = [
        row[0]
        for row in stores.execute(f'describe sdtm."{mart}"').fetchall()
        if row[0] not in {*PROVENANCE, *AS_WRITTEN} and not row[0].endswith("_as_written")
    ]
    listed = ", ".join(f'"{name}"' for name in names)
    of = {name: f'select {listed} from {name}."{mart}"' for name in LAYOUTS}
    assert stores.execute(f"{of['sdtm']} except all {of['edc']} limit 3").fetchall() == []
    assert stores.execute(f"{of['edc']} except all {of['sdtm']} limit 3").fetchall() == []


@pytest.fixture(scope="module")
def planted(truth):
    """Every abbreviated name, hospital number and telephone number of the workbook."""
    people = [record.values["patient_id"] for record in truth.of("patient")]
    return {write(person) for person in people for write in (initials, hospital_number, telephone)}


class TestPrivacy:
    def test_the_workbook_identifies_people(self, study, planted):
        book = openpyxl.load_workbook(
            study / "layouts/edc/extracts" / LAST.isoformat() / FILE, read_only=True
        )
        held = {str(cell) for row in book["人口学资料"].iter_rows(values_only=True) for cell in row}
        assert planted <= held

    def test_the_load_report_names_the_columns_that_were_not_loaded(self, stores):
        dropped = stores.execute(
            "select distinct dropped_columns from edc.source_file where dropped_columns <> ''"
        )
        assert {name for (text,) in dropped.fetchall() for name in text.split(", ")} == {
            "姓名缩写",
            "住院号",
            "手机号",
        }

    def test_no_byte_under_var_holds_an_identifier(self, var, planted):
        pattern = re.compile("|".join(re.escape(one) for one in sorted(planted)).encode())
        files = [path for path in var.rglob("*") if path.is_file()]
        assert any(".building-" in str(path) for path in files)
        assert var / "workflow.sqlite" in files
        assert [str(path) for path in files if pattern.search(path.read_bytes())] == []

    def test_no_cell_under_var_holds_an_identifier(self, var, planted):
        """Cells, because DuckDB packs text: an identifier inside a longer text counts."""
        pattern = re.compile("|".join(re.escape(one) for one in sorted(planted)))
        held = [*duckdb_texts(var), *sqlite_texts(var / "workflow.sqlite")]
        assert len(held) > 10_000
        assert [text for text in held if pattern.search(text)] == []


def ask_about_every_patient(var):
    """A query on each patient's row, with its values as a page hands them over."""
    engine = open_workflow(f"sqlite:///{var}/workflow.sqlite")
    now = datetime(2026, 6, 1, tzinfo=UTC)
    create_demo_users(engine, {"cdk46": "01"}, now=now)
    snapshot = current_snapshot(var / "store", "cdk46")
    asked = [
        NewQuery(
            table_name="patient",
            row_key=row["row_key"],
            title="Patient",
            found="",
            patient_id=row["patient_id"],
            row_values={name: str(value) for name, value in row.items()},
        )
        for row in Reader(snapshot).records("select * from patient")
    ]
    cut = Cut(study_id="cdk46", snapshot_id=snapshot.snapshot_id, cut_off=snapshot.cut_off)
    author = Author(user_id=list_users(engine)[0].user_id, at=now)
    assert open_queries(engine, asked, "Please check.", cut=cut, author=author)


def build_of_the_workbook(study, var):
    """The command that builds the workbook's layout and opens its queries, with all it writes under `var`."""
    environment = {
        **os.environ,
        "DASHBOARD_STORE": str(var / "store"),
        "DASHBOARD_WORKFLOW_URL": f"sqlite:///{var}/workflow.sqlite",
    }
    command = [sys.executable, "-m", "dashboard.cli", "build", str(study), "--layout", "edc"]
    return subprocess.Popen(
        [*command, "--cut-off", LAST.isoformat()],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def var(tmp_path_factory, study):
    """What is left of one build that ended and one that was killed when its records were being written."""
    folder = tmp_path_factory.mktemp("var")
    first = build_of_the_workbook(study, folder)
    _, said = first.communicate()
    assert first.returncode == 0, said
    ask_about_every_patient(folder)
    second = build_of_the_workbook(study, folder)
    while not any(path.stat().st_size for path in folder.glob("store/*/.building-*/work.duckdb*")):
        assert second.poll() is None
        time.sleep(0.02)
    second.kill()
    second.communicate()
    # A copy: this process has the database of the first open already.
    return Path(shutil.copytree(folder, folder.with_name("var_as_left")))


def test_a_second_build_has_the_same_id_and_the_same_rows_in_the_same_order(built, var):
    first = built["edc"]
    second = var / "store" / "cdk46" / first.snapshot_id
    assert second.is_dir()
    with duckdb.connect() as connection:
        for name, path in (("one", first.database), ("two", second / first.database.name)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        held = [
            connection.execute(
                "select table_name from duckdb_tables() where database_name = ? order by 1", [name]
            ).fetchall()
            for name in ("one", "two")
        ]
        assert held[0] == held[1]
        assert len(held[0]) > 100
        for (table,) in held[0]:
            rows = [
                connection.execute(f'select list(hash(t)) from (from {name}."{table}") as t').fetchone()
                for name in ("one", "two")
            ]
            assert rows[0] == rows[1], table


class TestFiles:
    @pytest.mark.parametrize("write", [write_sdtm, write_edc])
    def test_the_same_truth_gives_the_same_bytes(self, tmp_path, study, truth, write):
        write(truth, LAST, tmp_path)
        layout = study / "layouts/edc" if write is write_edc else study
        written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert written == {
            name: (layout / "extracts" / LAST.isoformat() / name).read_bytes() for name in written
        }

    def test_the_extracts_in_the_checkout_are_those_the_generator_writes(self, study):
        held, written = (extract_files(folder) for folder in (STUDIES / "cdk46", study))
        stale = sorted(str(name) for name, data in written.items() if held.get(name) != data)
        assert stale == [], "write them again: dashboard.demo.layouts.write.write_extracts"
        assert set(held) == set(written)

    def test_the_workbook_is_as_untidy_as_those_of_the_sites(self, study):
        path = study / "layouts/edc/extracts" / LAST.isoformat() / FILE
        book = openpyxl.load_workbook(path, read_only=True)
        cells = {
            sheet.title: {
                str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
            }
            for sheet in book.worksheets
        }
        assert {"爱博新", "哌柏西利", "palbociclib", "Palbo", "唯择", "艾瑞康"} <= cells["一线治疗"]
        assert {"进展", "疾病进展", "PD"} <= cells["一线治疗"]
        assert {"SD(缩小)", "SD（偏大）", "PD(新发骨)"} <= cells["疗效评价"]
        assert {"1+(阴性)", "强阳90%", "约90%(强)", "2+"} <= cells["病理及免疫组化"]
        assert {"ESR1 Y537N/Y537S", "PI3KCA", "未检出", "阴性", "<0.2%"} <= cells["ctDNA检测"]
        assert any(re.fullmatch(r"扩增\(CN=\d\.\d\)", one) for one in cells["ctDNA检测"])
        assert any("；" in one for one in cells["不良事件"])
        for form in (r"\d{4}\.\d{1,2}\.\d{1,2}", r"\d{4}/\d{1,2}/\d{1,2}", r"\d{4}年\d{1,2}月"):
            assert any(re.fullmatch(form, one) for one in cells["乳腺癌病史"])

    def test_a_part_of_the_her2_2_results_has_no_fish(self, truth, stores):
        missing = stores.execute(
            "select patient_id from edc.pathology where result = '2+ ISH missing' order by 1"
        )
        assert [one for (one,) in missing.fetchall()] == sorted(truth.planted["her2_2_without_ish"])


def extract_files(folder):
    """Bytes of every file below an extracts folder, by its place in the study folder."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "extracts" in path.relative_to(folder).parts
    }


def test_the_cut_is_stated_beside_each_extract(study):
    text = (study / "layouts/edc/extracts" / LAST.isoformat() / "extract.toml").read_text(encoding="utf-8")
    assert f"cut_off = {date(2026, 2, 28)}" in text
