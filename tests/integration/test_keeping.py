"""Snapshots that are there: written out as files, deleted when old. Studies granted and taken away."""

import csv
import datetime as dt
import json

import duckdb
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.model.tables import canonical_tables, mart_tables
from dashboard.store.build import N_STEPS, BuildOptions, build_snapshot
from dashboard.store.export import FileFormat, FolderNotEmpty, export_snapshot
from dashboard.store.snapshot import (
    NoSuchSnapshot,
    current_snapshot,
    list_snapshots,
    prune,
    publish,
    remove_abandoned,
)
from dashboard.studies.rows import REFERENCE
from dashboard.workflow.audit import read_events
from dashboard.workflow.database import open_workflow
from dashboard.workflow.history import Author
from dashboard.workflow.models import AuditKind, Role
from dashboard.workflow.reviews import PatientCut, mark_reviewed
from dashboard.workflow.users import NewUser, StudyGrant, add_users, list_users
from tests.small_study import write_small_study

run = CliRunner().invoke
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
CUTS = ("2024-06-30", "2024-07-31", "2024-08-31", "2024-09-30")


@pytest.fixture(scope="module")
def steps():
    """What a build said it was doing, in order; filled by `built`."""
    return []


@pytest.fixture(scope="module")
def built(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("built")
    options = BuildOptions(store=folder / "store", reference=REFERENCE)
    return build_snapshot(write_small_study(folder), options=options, on_step=steps.append).snapshot


@pytest.fixture
def store(tmp_path):
    """Four snapshots of nothing but a manifest; the newest serves."""
    for cut_off in CUTS:
        folder = tmp_path / "small" / f"{cut_off}-abc"
        folder.mkdir(parents=True)
        manifest = {
            "study_id": "small",
            "snapshot_id": folder.name,
            "cut_off": cut_off,
            "built_at": f"{cut_off}T12:00:00",
        }
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    publish(tmp_path, "small", f"{CUTS[-1]}-abc")
    return tmp_path


@pytest.fixture
def workflow(tmp_path, monkeypatch):
    """A workflow database that the commands use too, with one user who sees a site of another study."""
    url = f"sqlite:///{tmp_path}/workflow.sqlite"
    monkeypatch.setenv("DASHBOARD_WORKFLOW_URL", url)
    engine = open_workflow(url)
    ada = NewUser(
        username="ada",
        display_name="Ada",
        password_hash="x",
        role=Role.CLINICIAN,
        grants=[StudyGrant("other", ("01",))],
    )
    add_users(engine, [ada], now=NOON)
    return engine


def cuts(store):
    return [str(one.cut_off) for one in list_snapshots(store, "small")]


def test_a_build_says_as_many_steps_as_its_progress_bar_is_long(built, steps):
    assert len(steps) == N_STEPS
    assert (steps[0], steps[-1]) == ("reading the extract", "publishing")


class TestExport:
    def test_every_table_is_a_file_with_the_rows_of_the_snapshot(self, tmp_path, built):
        export_snapshot(built, tmp_path / "out", file_format=FileFormat.CSV)
        names = {path.stem for path in (tmp_path / "out").glob("*.csv")}
        assert {*canonical_tables(), *mart_tables(), "data_issue", "ledger"} <= names
        with (tmp_path / "out" / "variant.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["gene"], row["maf_ppm"]) for row in csv.DictReader(file)]
        with duckdb.connect(str(built.database), read_only=True) as connection:
            held = connection.execute("select gene, cast(maf_ppm as varchar) from variant").fetchall()
        assert rows == [(gene, ppm or "") for gene, ppm in held]
        assert ("TP53", "800.500") in rows

    def test_the_files_say_which_study_and_data_cut_they_are_of(self, tmp_path, built):
        export_snapshot(built, tmp_path / "out", file_format=FileFormat.PARQUET)
        said = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
        assert said == (built.path / "manifest.json").read_text(encoding="utf-8")
        patients = str(tmp_path / "out" / "patient.parquet")
        assert duckdb.execute("select count(*) from read_parquet(?)", [patients]).fetchone() == (3,)

    def test_files_of_two_snapshots_never_mix(self, tmp_path, built):
        (tmp_path / "patient.csv").write_text("", encoding="utf-8")
        with pytest.raises(FolderNotEmpty, match="holds files already"):
            export_snapshot(built, tmp_path, file_format=FileFormat.CSV)

    def test_the_command_writes_it_and_says_so_in_the_audit_trail(
        self, tmp_path, built, workflow, monkeypatch
    ):
        monkeypatch.setenv("DASHBOARD_STORE", str(built.path.parents[1]))
        result = run(app, ["export", built.snapshot_id, "csv", str(tmp_path / "out")])
        assert result.exit_code == 0, result.output
        assert (tmp_path / "out" / "time_to_event.csv").is_file()
        last = read_events(workflow)[0]
        expected = (AuditKind.EXPORT, "small", built.snapshot_id)
        assert (last.kind, last.study_id, last.snapshot_id) == expected

    def test_an_unknown_snapshot_is_refused(self, tmp_path, workflow, monkeypatch):
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
        result = run(app, ["export", "2024-01-01-000000000000", "csv", str(tmp_path / "out")])
        assert isinstance(result.exception, NoSuchSnapshot)
        assert not (tmp_path / "out").exists()


class TestPrune:
    @pytest.mark.parametrize(("n_kept", "left"), [(1, 1), (3, 3), (4, 4), (5, 4)])
    def test_the_newest_stay(self, store, n_kept, left):
        pruned = prune(store, "small", n_kept=n_kept, named=())
        assert cuts(store) == list(reversed(CUTS))[:left]
        assert [str(one.cut_off) for one in pruned] == list(reversed(CUTS))[left:]
        assert {path.name for path in (store / "small").iterdir()} == {
            "CURRENT",
            *(f"{cut_off}-abc" for cut_off in cuts(store)),
        }

    def test_the_one_that_serves_stays_however_old(self, store):
        publish(store, "small", f"{CUTS[0]}-abc")
        prune(store, "small", n_kept=1, named=())
        assert cuts(store) == [CUTS[3], CUTS[0]]
        assert str(current_snapshot(store, "small").cut_off) == CUTS[0]

    def test_the_command_keeps_what_a_review_names(self, store, workflow, monkeypatch):
        monkeypatch.setenv("DASHBOARD_STORE", str(store))
        seen = PatientCut(study_id="small", patient_id="S-001", snapshot_id=f"{CUTS[1]}-abc")
        mark_reviewed(workflow, seen, author=Author(user_id=list_users(workflow)[0].user_id, at=NOON))
        result = run(app, ["prune", "small", "--keep", "1"])
        assert result.output.splitlines() == [f"Deleted: {CUTS[2]}-abc", f"Deleted: {CUTS[0]}-abc"]
        assert cuts(store) == [CUTS[3], CUTS[1]]

    def test_to_keep_nothing_is_refused(self, store):
        with pytest.raises(ValueError, match="n_kept is 0"):
            prune(store, "small", n_kept=0, named=())
        assert run(app, ["prune", "small", "--keep", "0"]).exit_code != 0
        assert len(cuts(store)) == 4

    def test_what_a_pruning_that_died_left_behind_is_cleared_and_nothing_else(self, store):
        (store / "small" / ".pruned-2023-01-01-abc").mkdir()
        assert remove_abandoned(store, "small") == [".pruned-2023-01-01-abc"]
        assert len(cuts(store)) == 4


class TestGrants:
    def grants(self, workflow):
        return {grant.study_id: grant.sites for grant in list_users(workflow)[0].grants}

    def test_a_study_is_granted_beside_those_held_and_a_second_grant_takes_the_place_of_the_first(
        self, workflow
    ):
        assert run(app, ["users", "grant", "Ada", "small:01,02"]).exit_code == 0
        assert self.grants(workflow) == {"other": ("01",), "small": ("01", "02")}
        assert run(app, ["users", "grant", "ada", "small"]).exit_code == 0
        assert self.grants(workflow) == {"other": ("01",), "small": None}

    def test_a_study_is_taken_away_again(self, workflow):
        assert run(app, ["users", "revoke", "ada", "other"]).exit_code == 0
        assert self.grants(workflow) == {}
        assert "nothing changed" in run(app, ["users", "revoke", "ada", "other"]).output
        assert [event.detail["change"] for event in read_events(workflow)] == ["revoked other"]
