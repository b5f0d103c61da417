"""The sample studies' own files, read by the ordinary reader, give back the truth they were written from."""

import re
import shutil
from decimal import Decimal

import duckdb
import openpyxl
import pytest

from dashboard.demo.layouts.redcap_k4care import DOUBLE_RECORD
from dashboard.demo.layouts.reports import reports_at
from dashboard.demo.layouts.texts import invented_name, invented_phone
from dashboard.demo.layouts.write import FRACTION_BATCH, write_extracts
from dashboard.demo.studies import CUT_OFFS, generate
from dashboard.demo.truth import extract_at, rows_of
from dashboard.marts.build import ORDER
from dashboard.store.build import BuildOptions, build_snapshot
from tests.integration.layouts import AS_WRITTEN, STUDIES, by_key, differences, loaded, loaded_rows

CANONICAL_IN_K4CARE = (
    "patient", "characteristic", "pathology", "treatment", "sample_link", "imaging", "lesion", "response",
    "measurement", "adverse_event", "visit", "contact", "disposition",
)  # fmt: skip
CANONICAL_IN_OLIGOMETS = (*CANONICAL_IN_K4CARE, "ctdna_sample", "variant", "attestation")
PROVENANCE = ("source_file", "source_row")
REFERENCE = STUDIES.parent / "reference"


class Loaded:
    """One data cut of a study: the truth's frames and what the reader made of the files."""

    def __init__(self, truth, folder, cut_off, layout=None):
        self.truth = truth
        self.frames = extract_at(truth, cut_off)
        place = folder / "layouts" / layout if layout else folder
        extract = place / "extracts" / cut_off.isoformat()
        self.connection, self.report = loaded(STUDIES / truth.study_id, extract, layout)

    def rows(self, table):
        return loaded_rows(self.connection, table)

    def expected(self, table):
        rows = {row.get("sample_id", number): row for number, row in enumerate(rows_of(self.frames[table]))}
        # Of a report in several versions the last one counts.
        return by_key(table, list(rows.values()) if table == "ctdna_sample" else rows_of(self.frames[table]))

    def columns(self, table):
        return [
            name
            for name in self.frames[table].columns
            if name not in AS_WRITTEN and not name.endswith("_as_written")
        ]

    def ask(self, sql):
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def k4care_truth():
    return generate("k4care")


@pytest.fixture(scope="module")
def k4care_folder(tmp_path_factory, k4care_truth):
    folder = tmp_path_factory.mktemp("k4care")
    write_extracts("k4care", folder, truth=k4care_truth)
    return folder


@pytest.fixture(scope="module", params=CUT_OFFS, ids=str)
def k4care(request, k4care_truth, k4care_folder):
    return Loaded(k4care_truth, k4care_folder, request.param)


class TestK4Care:
    @pytest.mark.parametrize("table", CANONICAL_IN_K4CARE)
    def test_every_row_of_the_truth_is_loaded_with_its_values(self, k4care, table):
        assert differences(k4care.expected(table), k4care.rows(table), columns=k4care.columns(table)) == []

    def test_samples_are_those_that_are_linked_in_their_latest_version(self, k4care):
        linked = set(k4care.frames["sample_link"]["laboratory_id"])
        every = k4care.expected("ctdna_sample")
        expected = {key: row for key, row in every.items() if row["laboratory_id"] in linked}
        found = k4care.rows("ctdna_sample")
        assert differences(expected, found, columns=k4care.columns("ctdna_sample")) == []

    def test_variants_have_the_exact_fractions_except_in_the_batch_that_gave_fractions_for_per_cent(
        self, k4care
    ):
        linked = set(k4care.frames["sample_link"]["laboratory_id"])
        amended = {
            row["sample_id"] for row in rows_of(k4care.frames["ctdna_sample"]) if row["report_version"] > 1
        }
        as_fraction = set(k4care.truth.planted[FRACTION_BATCH]) - amended
        expected = []
        for row in rows_of(k4care.frames["variant"]):
            if row["sample_id"] in linked:
                is_wrong = row["sample_id"] in as_fraction and row["maf_ppm"] is not None
                expected.append(row | {"maf_ppm": row["maf_ppm"] / Decimal(100)} if is_wrong else row)
        found = k4care.rows("variant")
        assert as_fraction
        assert differences(by_key("variant", expected), found, columns=k4care.columns("variant")) == []

    def test_only_the_two_people_under_one_record_number_are_rejected(self, k4care):
        rejected = k4care.ask("select distinct canonical_table, value from rejected_row")
        assert rejected == [("patient", DOUBLE_RECORD)]

    def test_results_without_a_link_wait_for_one_and_none_else(self, k4care):
        linked = set(k4care.frames["sample_link"]["laboratory_id"])
        unlinked = {one for one in k4care.frames["ctdna_sample"]["laboratory_id"] if one not in linked}
        found = k4care.ask("select laboratory_id from unlinked_result")
        assert {one for (one,) in found} == unlinked

    def test_each_record_of_each_file_is_loaded_rejected_or_set_aside(self, k4care):
        off = k4care.ask("select * from ledger where n_records <> n_loaded + n_rejected + n_set_aside")
        assert off == []
        assert k4care.report.n_records == sum(
            n for (n,) in k4care.ask("select n_records from source_file where n_records is not null")
        )

    def test_names_and_telephone_numbers_are_not_read(self, k4care):
        dropped = set(k4care.report.dropped_columns)
        assert {("k4care_redcap.csv", "ho_ten"), ("k4care_redcap.csv", "sdt")} < dropped
        batches = {file for file, column in dropped if column == "Họ và tên"}
        assert batches == {file for file in k4care.report.files if file.endswith("#ctDNA")}

    def test_the_missing_words_of_the_file_are_there_to_be_read(self, k4care_folder, k4care):
        text = (k4care_folder / "extracts" / str(k4care.report.cut_off) / "k4care_redcap.csv").read_text(
            "utf-8-sig"
        )
        assert all(f",{word}," in text for word in ("-99", "NA", "KXĐ", "không rõ", "chưa có"))


def test_an_amended_report_replaces_the_one_before_it(k4care_truth, k4care_folder):
    last = Loaded(k4care_truth, k4care_folder, CUT_OFFS[-1])
    found = last.ask("select sample_id, source_file from ctdna_sample where report_version = 2 order by 1")
    assert len(found) >= 2
    assert all("_sua_doi_2.xlsx" in file for _, file in found)
    versions = {
        (report.sample["sample_id"], report.version): [one.get("maf_ppm") for one in report.variants]
        for report in reports_at(k4care_truth, CUT_OFFS[-1])
    }
    assert all(versions[sample, 1] != versions[sample, 2] for sample, _ in found)


@pytest.fixture(scope="module")
def oligomets_truth():
    return generate("pulmonary-oligomets")


@pytest.fixture(scope="module")
def oligomets_folder(tmp_path_factory, oligomets_truth):
    folder = tmp_path_factory.mktemp("oligomets") / "pulmonary-oligomets"
    shutil.copytree(STUDIES / "pulmonary-oligomets", folder, ignore=shutil.ignore_patterns("extracts"))
    write_extracts("pulmonary-oligomets", folder, truth=oligomets_truth)
    return folder


@pytest.fixture(
    scope="module", params=[(cut, layout) for cut in CUT_OFFS for layout in (None, "wide")], ids=str
)
def oligomets(request, oligomets_truth, oligomets_folder):
    cut_off, layout = request.param
    return Loaded(oligomets_truth, oligomets_folder, cut_off, layout)


class TestOligomets:
    @pytest.mark.parametrize("table", CANONICAL_IN_OLIGOMETS)
    def test_every_row_of_the_truth_is_loaded_with_its_values(self, oligomets, table):
        assert (
            differences(oligomets.expected(table), oligomets.rows(table), columns=oligomets.columns(table))
            == []
        )

    def test_nothing_is_rejected(self, oligomets):
        assert oligomets.ask("select * from rejected_row") == []

    def test_each_record_of_each_file_is_loaded_or_set_aside(self, oligomets):
        assert oligomets.ask("select * from ledger where n_records <> n_loaded + n_set_aside") == []


@pytest.fixture(scope="module")
def main_sheet_cells(oligomets_folder):
    path = oligomets_folder / "layouts" / "wide" / "extracts" / "2026-02-28" / "wide.xlsx"
    sheet = openpyxl.load_workbook(path)["总表"]
    return {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


class TestTheWideWorkbookIsAsUntidyAsTheRealOnes:
    @pytest.mark.parametrize(
        "pattern",
        [
            r"(左|右)(上|中|下)[0-9.]+(×[0-9.]+)?cm，(左|右)(上|中|下)[0-9.]+(×[0-9.]+)?cm.*",
            r"\d+Gy/\d+F",
            r"\d+Gy/\d+次",
            r"\d+/\d+",
            r"阳性\(0\.\d+%\)",
            r"阴性",
            r"[0-9.]+ng/ml",
            r"考虑炎性改变",
            r"\d{4}\.\d{1,2}\.\d{1,2}",
            r"\d{4}年\d{1,2}月\d{1,2}日",
        ],
    )
    def test_it_has_cells_written_like(self, main_sheet_cells, pattern):
        assert any(re.fullmatch(pattern, cell) for cell in main_sheet_cells)


def marts(store, folder, layout):
    """Every mart as a set of rows, without the columns that say which file a row came from."""
    options = BuildOptions(store=store, reference=REFERENCE, layout=layout, is_published=False)
    snapshot = build_snapshot(folder, options=options).snapshot
    found = {}
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        for mart in ORDER:
            described = connection.execute(f"describe {mart}").fetchall()
            columns = [
                name
                for name, *_ in described
                if name not in {*PROVENANCE, *AS_WRITTEN} and not name.endswith("_as_written")
            ]
            found[mart] = connection.execute(
                f"select {', '.join(columns)} from {mart} order by all"
            ).fetchall()
    return found


@pytest.mark.slow
def test_both_layouts_of_oligomets_give_the_same_marts(tmp_path, oligomets_folder):
    native = marts(tmp_path / "native", oligomets_folder, None)
    wide = marts(tmp_path / "wide", oligomets_folder, "wide")
    assert {mart: len(rows) for mart, rows in wide.items()} == {
        mart: len(rows) for mart, rows in native.items()
    }
    assert [mart for mart in ORDER if wide[mart] != native[mart]] == []
    assert all(
        native[mart] for mart in ("time_to_event", "patient_summary", "overall_response", "local_course")
    )


@pytest.mark.slow
@pytest.mark.parametrize("study_id", ["k4care", "pulmonary-oligomets"])
def test_no_invented_name_or_telephone_number_is_anywhere_in_a_snapshot(tmp_path, request, study_id):
    short = study_id.removeprefix("pulmonary-")
    truth, written = (request.getfixturevalue(f"{short}_{part}") for part in ("truth", "folder"))
    folder = tmp_path / study_id
    shutil.copytree(STUDIES / study_id, folder, ignore=shutil.ignore_patterns("extracts"))
    shutil.copytree(written, folder, dirs_exist_ok=True)
    layout = {"k4care": None, "pulmonary-oligomets": "wide"}[study_id]
    options = BuildOptions(store=tmp_path / "store", reference=REFERENCE, layout=layout)
    snapshot = build_snapshot(folder, options=options).snapshot
    patients = rows_of(extract_at(truth, CUT_OFFS[-1])["patient"])
    people = {
        text
        for row in patients
        for text in (invented_name(row["patient_id"], row["sex"]), invented_phone(row["patient_id"]))
    }
    texts = set(texts_of(snapshot))
    assert len(people) > len(patients)
    assert {row["patient_id"] for row in patients} < texts
    assert [text for text in texts if any(person in text for person in people)] == []


def texts_of(snapshot):
    """Every text in the tables and raw records of a snapshot, and its manifest."""
    yield (snapshot.path / "manifest.json").read_text(encoding="utf-8")
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        tables = [
            f'"{name}"' for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        ]
        tables += [f"read_parquet('{path}')" for path in sorted((snapshot.path / "raw").glob("*.parquet"))]
        for table in tables:
            for name, kind, *_ in connection.execute(f"describe select * from {table}").fetchall():
                if kind == "VARCHAR":
                    found = connection.execute(
                        f'select distinct "{name}" from {table} where "{name}" is not null'
                    )
                    yield from (text for (text,) in found.fetchall())


@pytest.mark.parametrize("study_id", ["k4care", "pulmonary-oligomets"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, request, study_id):
    first = request.getfixturevalue(f"{study_id.removeprefix('pulmonary-')}_folder")
    write_extracts(study_id, tmp_path)
    files = extract_files(tmp_path)
    assert files
    assert files == extract_files(first)


@pytest.mark.parametrize("study_id", ["k4care", "pulmonary-oligomets"])
def test_the_extracts_in_the_checkout_are_those_the_generator_writes(request, study_id):
    written = request.getfixturevalue(f"{study_id.removeprefix('pulmonary-')}_folder")
    held = extract_files(STUDIES / study_id)
    stale = sorted(str(name) for name, data in extract_files(written).items() if held.get(name) != data)
    assert stale == [], "write them again: dashboard.demo.layouts.write.write_extracts"
    assert set(held) == set(extract_files(written))


def extract_files(folder):
    """Bytes of every file below an extracts folder, by its place in the study folder."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "extracts" in path.relative_to(folder).parts
    }
