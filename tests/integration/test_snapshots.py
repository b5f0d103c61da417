"""Builds, publishing, rolling back and reading, on a study small enough to read."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import DashboardError
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader
from dashboard.store.snapshot import (
    NoSuchSnapshot,
    current_snapshot,
    find_snapshot,
    list_snapshots,
    list_studies,
    publish,
    roll_back,
)
from tests.small_study import CONTACTS, PATIENTS, SAMPLES, VARIANTS, write_small_study

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def options(folder: Path, **more) -> BuildOptions:
    return BuildOptions(store=folder / "store", reference=REFERENCE, **more)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    report = build_snapshot(write_small_study(folder), options=options(folder))
    return folder, report


@pytest.fixture
def copy(built, tmp_path):
    """The study folder in a copy of `built`, whose store a test may change."""
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    return tmp_path / "small"


def tables(snapshot) -> dict[str, list[tuple]]:
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {name: connection.execute(f'select * from "{name}"').fetchall() for name in names}


class TestBuild:
    def test_every_record_is_counted(self, built):
        _, report = built
        assert (report.n_records, report.n_loaded, report.n_rejected, report.n_set_aside) == (17, 17, 0, 0)

    def test_the_snapshot_serves(self, built):
        folder, report = built
        assert list_studies(folder / "store") == ["small"]
        assert current_snapshot(folder / "store", "small") == report.snapshot

    def test_it_holds_one_table_per_canonical_table_and_mart_under_their_own_names(self, built):
        held = tables(built[1].snapshot)
        assert {"patient", "usable_patient", "ctdna_level", "time_to_event", "data_issue", "ledger"} <= set(
            held
        )

    def test_the_records_as_received_lie_beside_it(self, built):
        raw = str(built[1].snapshot.path / "raw" / "*.parquet")
        rows = duckdb.execute(
            "select source_row, maf_ppm from read_parquet(?, union_by_name = true) where gene = 'TP53'", [raw]
        ).fetchall()
        assert rows == [(4, "800.5")]

    def test_two_builds_of_the_same_inputs_have_one_id_and_identical_tables(self, built, tmp_path):
        again = build_snapshot(write_small_study(tmp_path), options=options(tmp_path)).snapshot
        first = built[1].snapshot
        assert again.snapshot_id == first.snapshot_id
        assert tables(again) == tables(first)

    @pytest.mark.parametrize("stem", ["patient", "variant"])
    def test_one_changed_byte_changes_the_id(self, built, tmp_path, stem):
        text = {"patient": PATIENTS.replace("1961", "1962"), "variant": VARIANTS.replace("800.5", "800.6")}[
            stem
        ]
        study = write_small_study(tmp_path, **{stem: text})
        assert (
            build_snapshot(study, options=options(tmp_path)).snapshot.snapshot_id
            != built[1].snapshot.snapshot_id
        )

    def test_a_partial_date_of_birth_keeps_its_precision(self, built):
        rows = Reader(built[1].snapshot).records(
            "select patient_id, year(born_on) as year, born_on_precision from patient order by 1"
        )
        assert [tuple(row.values()) for row in rows] == [
            ("S-001", 1961, "year"),
            ("S-002", 1955, "month"),
            ("S-003", 1970, "day"),
        ]

    def test_a_build_that_cannot_go_on_publishes_nothing(self, copy, tmp_path):
        before = current_snapshot(tmp_path / "store", "small")
        assert before is not None
        write_small_study(tmp_path, patient=PATIENTS.replace("patient_id,", "who,"))
        with pytest.raises(DashboardError, match="patient_id"):
            build_snapshot(copy, options=options(tmp_path))
        assert current_snapshot(tmp_path / "store", "small") == before

    def test_an_unpublished_build_does_not_serve(self, tmp_path):
        report = build_snapshot(write_small_study(tmp_path), options=options(tmp_path, is_published=False))
        assert current_snapshot(tmp_path / "store", "small") is None
        assert [found.snapshot_id for found in list_snapshots(tmp_path / "store", "small")] == [
            report.snapshot.snapshot_id
        ]


# What is only overdue, such as a reason nobody recorded, excludes nothing.
WRONG = "from data_issue where check_id <> 'DQ72'"


class TestWhatChecksExclude:
    def test_a_row_dated_after_the_data_cut_is_kept_and_named_and_not_used(self, tmp_path):
        late = SAMPLES.replace("A2,S-001,2024-05-02", "A2,S-001,2024-07-01")
        snapshot = build_snapshot(
            write_small_study(tmp_path, ctdna_sample=late), options=options(tmp_path)
        ).snapshot
        reader = Reader(snapshot)
        assert reader.records(f"select check_id, excludes, row_key, column_name {WRONG}") == [
            {"check_id": "DQ08", "excludes": "row", "row_key": "A2", "column_name": "collected_on"}
        ]
        assert reader.records("select count(*) as n from ctdna_sample") == [{"n": 4}]
        assert reader.records("select count(*) as n from usable_ctdna_sample") == [{"n": 3}]

    def test_the_last_day_of_the_data_cut_is_used(self, tmp_path):
        on_the_day = SAMPLES.replace("A2,S-001,2024-05-02", "A2,S-001,2024-06-30")
        snapshot = build_snapshot(
            write_small_study(tmp_path, ctdna_sample=on_the_day), options=options(tmp_path)
        ).snapshot
        assert Reader(snapshot).records(f"select count(*) as n {WRONG}") == [{"n": 0}]

    def test_an_allele_fraction_beside_not_detected_is_left_out_and_the_result_stays(self, tmp_path):
        odd = VARIANTS.replace("A2,KRAS,p.G12D,not_detected,true,", "A2,KRAS,p.G12D,not_detected,true,300")
        snapshot = build_snapshot(
            write_small_study(tmp_path, variant=odd), options=options(tmp_path)
        ).snapshot
        rows = Reader(snapshot).records("select status, maf_ppm from usable_variant where sample_id = 'A2'")
        assert rows == [{"status": "not_detected", "maf_ppm": None}]

    @pytest.mark.parametrize(("ppm", "kept"), [("1000000", 1), ("1000000.001", 0)])
    def test_an_allele_fraction_above_one_is_left_out(self, tmp_path, ppm, kept):
        odd = VARIANTS.replace("800.5", ppm)
        snapshot = build_snapshot(
            write_small_study(tmp_path, variant=odd), options=options(tmp_path)
        ).snapshot
        rows = Reader(snapshot).records(
            "select count(maf_ppm) as n from usable_variant where sample_id = 'B1'"
        )
        assert rows == [{"n": kept}]

    def test_a_visit_after_death_is_left_out_and_the_death_stays(self, tmp_path):
        samples = SAMPLES + "B2,S-002,2024-06-11,detected,K,K\n"
        snapshot = build_snapshot(
            write_small_study(tmp_path, ctdna_sample=samples), options=options(tmp_path)
        ).snapshot
        reader = Reader(snapshot)
        assert reader.records(f"select check_id, row_key {WRONG}") == [{"check_id": "DQ10", "row_key": "B2"}]
        assert reader.records(
            "select status, duration_days from time_to_event where patient_id = 'S-002'"
        ) == [{"status": "EVENT", "duration_days": 130}]


@pytest.fixture(scope="module")
def both_built(built, tmp_path_factory):
    """A store with the data cut of `built` and a later one; each test has a copy."""
    folder = tmp_path_factory.mktemp("two") / "cuts"
    shutil.copytree(built[0], folder)
    contacts = CONTACTS.replace("2024-06-20", "2024-07-20")
    study = write_small_study(folder, cut_off="2024-07-31", contact=contacts)
    return folder / "store", build_snapshot(study, options=options(folder)).snapshot.snapshot_id


class TestPublishing:
    @pytest.fixture
    def two_cuts(self, built, both_built, tmp_path):
        store = shutil.copytree(both_built[0], tmp_path / "store")
        ids = (built[1].snapshot.snapshot_id, both_built[1])
        return store, *(find_snapshot(store, "small", one) for one in ids)

    def test_the_latest_cut_serves_and_the_old_one_stays(self, two_cuts):
        store, first, second = two_cuts
        assert current_snapshot(store, "small") == second
        assert [found.snapshot_id for found in list_snapshots(store, "small")] == [
            second.snapshot_id,
            first.snapshot_id,
        ]

    def test_rolling_back_is_one_step_and_going_forward_again_too(self, two_cuts):
        store, first, second = two_cuts
        assert roll_back(store, "small") == first
        assert publish(store, "small", second.snapshot_id) == second
        assert current_snapshot(store, "small") == second

    def test_there_is_nothing_before_the_first(self, two_cuts):
        store, first, _ = two_cuts
        publish(store, "small", first.snapshot_id)
        with pytest.raises(NoSuchSnapshot, match="before"):
            roll_back(store, "small")

    def test_an_unknown_snapshot_is_refused_with_those_there_are(self, two_cuts):
        store, first, _ = two_cuts
        with pytest.raises(NoSuchSnapshot, match=first.snapshot_id):
            publish(store, "small", "2024-01-01-000000000000")


class TestReader:
    def test_a_user_of_one_site_sees_the_patients_of_that_site_only(self, built):
        snapshot = built[1].snapshot
        count = "select count(*) as n from {}"
        for table, everyone, north in [
            ("patient", 3, 2),
            ("ctdna_sample", 4, 3),
            ("variant", 4, 3),
            ("usable_variant", 4, 3),
            ("patient_summary", 3, 2),
            ("time_to_event", 3, 2),
            ("ctdna_level", 4, 3),
        ]:
            assert Reader(snapshot).records(count.format(table)) == [{"n": everyone}], table
            assert Reader(snapshot, ("01",)).records(count.format(table)) == [{"n": north}], table

    def test_every_table_with_patients_is_limited(self, built):
        snapshot = built[1].snapshot
        with duckdb.connect(str(snapshot.database), read_only=True) as connection:
            with_patients = (
                "select distinct table_name from duckdb_columns() where column_name = 'patient_id'"
            )
            names = connection.execute(with_patients).fetchall()
        reader = Reader(snapshot, ("02",))
        for (name,) in names:
            seen = reader.records(f'select distinct patient_id from "{name}" where patient_id is not null')
            assert {row["patient_id"] for row in seen} <= {"S-003"}, name

    def test_no_site_means_no_patient(self, built):
        assert Reader(built[1].snapshot, ()).records("select * from patient") == []

    def test_a_site_id_is_a_value_never_a_piece_of_the_query(self, built):
        reader = Reader(built[1].snapshot, ("01') or true --",))
        assert reader.records("select * from patient") == []

    @pytest.mark.parametrize(
        "statement",
        [
            "select * from read_csv('/etc/passwd')",
            "attach '/tmp/other.duckdb'",
            "copy patient to '/tmp/patients.csv'",
            "set enable_external_access = true",
            "delete from snapshot.patient",
            "select * from snapshot.patient",
        ],
    )
    def test_the_connection_is_locked(self, built, statement):
        with pytest.raises(duckdb.Error):
            Reader(built[1].snapshot).rows(statement)

    def test_each_of_many_threads_gets_its_own_rows(self, built):
        reader = Reader(built[1].snapshot)
        wrong = []

        def ask(patient):
            for _ in range(40):
                rows = reader.records("select patient_id from patient where patient_id = ?", [patient])
                if rows != [{"patient_id": patient}]:
                    wrong.append((patient, rows))

        threads = [threading.Thread(target=ask, args=(f"S-00{1 + number % 3}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


class TestCrash:
    def test_a_build_killed_at_any_moment_leaves_the_old_snapshot_serving(self, copy, tmp_path):
        """Ten kills spread over the length of a build, each followed by a look at what serves."""
        study, first = copy, current_snapshot(tmp_path / "store", "small")
        before = tables(first)
        chance = random.Random(20240630)
        command = [sys.executable, "-m", "dashboard.cli", "build", str(study)]
        environment = {
            **os.environ,
            "DASHBOARD_STORE": str(tmp_path / "store"),
            "DASHBOARD_WORKFLOW_URL": f"sqlite:///{tmp_path}/workflow.sqlite",
        }
        write_small_study(tmp_path, cut_off="2024-07-31")
        started = time.monotonic()
        subprocess.run([*command, "--no-publish"], env=environment, check=True, capture_output=True)
        length = time.monotonic() - started
        for kill in range(10):
            write_small_study(
                tmp_path, cut_off="2024-07-31", contact=f"{CONTACTS}S-001,2024-07-{kill + 1:02d},alive,\n"
            )
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0.3, 0.95) * length)
            process.send_signal(signal.SIGKILL)
            process.wait()
            serving = current_snapshot(tmp_path / "store", "small")
            assert serving is not None
            if serving == first:
                assert tables(serving) == before
            else:  # the kill came after the publishing step: what serves must be whole
                assert len(tables(serving)["patient"]) == 3
                publish(tmp_path / "store", "small", first.snapshot_id)
        report = build_snapshot(study, options=options(tmp_path))
        assert not list((tmp_path / "store" / "small").glob(".building-*"))
        assert report.snapshot == current_snapshot(tmp_path / "store", "small")
