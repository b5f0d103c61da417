"""A build killed in its last part, while it makes its files durable, renames them and publishes."""

import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

import dashboard.store.build as build
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.snapshot import CURRENT, current_snapshot, list_snapshots
from tests.small_study import PATIENTS, TREATMENTS, write_small_study
from tests.stored_texts import duckdb_texts

pytestmark = pytest.mark.slow
REFERENCE = Path(__file__).parents[2] / "data" / "reference"
# Builds as the command does. Whenever the files of the store have changed at a step of the last part, a copy
# of the store is kept: what a kill at that moment leaves. After the last step the process kills itself.
BUILD = """
import os, shutil, signal, sys
from pathlib import Path
import dashboard.store.build as build

study, store, kept, reference = map(Path, sys.argv[1:])
last = None

def keep():
    global last
    files = sorted(str(path) for path in store.rglob("*"))
    files += [path.read_text() for path in store.rglob("*CURRENT*")]
    if files != last:
        shutil.copytree(store, kept / f"{len(list(kept.iterdir())):02d}")
        last = files

def watched(step):
    def call(*given):
        keep()
        gave = step(*given)
        keep()
        return gave
    return call

os.fsync, os.replace = watched(os.fsync), watched(os.replace)
build.create_usable_views = watched(build.create_usable_views)
build.build_snapshot(study, options=build.BuildOptions(store=store, reference=reference))
os.kill(os.getpid(), signal.SIGKILL)
"""
PEOPLE = ("张三丰", "李四光", "王五常", "13800138000", "13800138001", "13800138002", "110105199003078515")


def cut_of_july(folder: Path) -> Path:
    """A second data cut that names people in columns of their own, in a short row and in a text too long."""
    first, *rows = PATIENTS.splitlines()
    patients = [f"{first},姓名,手机号"]
    patients += [f"{row},{PEOPLE[place]},{PEOPLE[place + 3]}" for place, row in enumerate(rows)]
    patients += ["S-004,02,neither,1970,2024-03-05,lung,Lung cancer,王五常,13800138002", "S-005,李四光"]
    treatments = f"{TREATMENTS}S-001,T2,tablets,1,2024-01-12,,call 13800138001,ID 110105199003078515\n"
    texts = {"patient": "\n".join([*patients, ""]), "treatment": treatments}
    return write_small_study(folder, cut_off="2024-07-31", **texts)


@dataclass(frozen=True)
class Left:
    """What the kills left: the study, the snapshot that served, and the store at each moment, in order."""

    study: Path
    first_id: str
    stores: tuple[Path, ...]


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> Left:
    folder = tmp_path_factory.mktemp("killed")
    study, store, kept = write_small_study(folder), folder / "store", folder / "kept"
    first = build_snapshot(study, options=BuildOptions(store=store, reference=REFERENCE)).snapshot
    cut_of_july(folder)
    kept.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", BUILD, *map(str, (study, store, kept, REFERENCE))],
        capture_output=True,
        text=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return Left(study, first.snapshot_id, tuple(sorted(kept.iterdir())))


def state(store: Path) -> str:
    """How far the build had come, by the names that lie in the store."""
    names = [path.name for path in (store / "small").iterdir()]
    if any(name.startswith(f".{CURRENT}") for name in names):
        return "CURRENT written beside the old one"
    if any(name.startswith(".building") for name in names):
        finished = any(store.glob("small/.building-*/manifest.json"))
        return "finished, not renamed" if finished else "records being read"
    served = current_snapshot(store, "small").snapshot_id
    return "published" if served.startswith("2024-07") else "renamed, not published"


STATES = (
    "records being read",
    "finished, not renamed",
    "renamed, not published",
    "CURRENT written beside the old one",
    "published",
)


def tables(snapshot) -> dict[str, list[tuple]]:
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {name: connection.execute(f'select * from "{name}"').fetchall() for name in names}


def test_each_step_of_the_last_part_is_seen_in_its_order(left):
    seen = [state(store) for store in left.stores]
    assert list(dict.fromkeys(seen)) == list(STATES)


def test_the_old_snapshot_serves_unchanged_until_the_new_one_is_whole(left):
    old, new = (tables(current_snapshot(store, "small")) for store in (left.stores[0], left.stores[-1]))
    assert (len(old["usable_patient"]), len(new["rejected_row"])) == (3, 3)
    for store in left.stores:
        serving = current_snapshot(store, "small")
        is_new = state(store) == "published"
        assert (serving.snapshot_id == left.first_id) is not is_new
        assert tables(serving) == (new if is_new else old), state(store)


def test_a_snapshot_that_is_listed_can_be_read_whatever_the_moment(left):
    for store in left.stores:
        for found in list_snapshots(store, "small"):
            assert len(tables(found)["patient"]) == 3, (state(store), found.snapshot_id)


@pytest.fixture
def fast_records(left, monkeypatch):
    """Id and records are those of the build that was killed last: what is asked is what comes after them."""
    done = current_snapshot(left.stores[-1], "small")

    def fill(connection, *given, **more) -> dict[str, int]:
        connection.execute(f"attach '{done.database}' as done (read_only)")
        for table in ("patient", "source_file", "rejected_row"):
            connection.execute(f"create table {table} as from done.{table}")
        connection.execute("delete from source_file")
        return {name: done.manifest[name] for name in done.manifest if name.startswith("n_")}

    monkeypatch.setattr(build, "_fill", fill)
    monkeypatch.setattr(build, "_snapshot_id", lambda *given: done.snapshot_id)


@pytest.mark.parametrize("moment", STATES)
def test_the_next_build_serves_and_leaves_nothing_of_the_killed_one(left, fast_records, tmp_path, moment):
    killed = next(store for store in left.stores if state(store) == moment)
    store = Path(shutil.copytree(killed, tmp_path / "store"))
    report = build_snapshot(left.study, options=BuildOptions(store=store, reference=REFERENCE))
    assert current_snapshot(store, "small") == report.snapshot
    assert len(tables(report.snapshot)["patient"]) == 3
    assert sorted(path.name for path in (store / "small").iterdir() if path.name != CURRENT) == [
        left.first_id,
        report.snapshot.snapshot_id,
    ]


def test_no_person_is_named_in_any_byte_whatever_the_moment(left):
    pattern = re.compile("|".join(PEOPLE).encode())
    for store in left.stores:
        files = [path for path in store.rglob("*") if path.is_file()]
        assert [path.name for path in files if pattern.search(path.read_bytes())] == [], state(store)


@pytest.mark.parametrize("moment", [STATES[0], STATES[-1]])
def test_no_person_is_named_in_any_cell(left, tmp_path, moment):
    """Cells of the tables a build works on, and of those it leaves."""
    kept = next(store for store in left.stores if state(store) == moment)
    store = Path(shutil.copytree(kept, tmp_path / "store"))
    shutil.rmtree(store / "small" / left.first_id)
    texts = duckdb_texts(store)
    assert {"Breast cancer", "patient.csv"} <= texts
    assert [text for text in texts if re.search("|".join(PEOPLE), text)] == []


def test_what_was_searched_held_rows_that_were_not_loaded(left):
    extract = left.study / "extracts" / "2024-07-31"
    given = "".join(path.read_text(encoding="utf-8") for path in extract.glob("*.csv"))
    assert [one for one in PEOPLE if one not in given] == []
    rejected = tables(current_snapshot(left.stores[-1], "small"))["rejected_row"]
    assert {(row[0], row[1]) for row in rejected} == {
        ("patient.csv", 5),
        ("patient.csv", 6),
        ("treatment.csv", 5),
    }
