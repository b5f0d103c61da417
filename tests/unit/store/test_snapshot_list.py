"""The list of snapshots: a manifest is read once, and what changes in the folder shows at the next look."""

import json
import os
import pickle

import pytest

from dashboard.store import snapshot
from dashboard.store.snapshot import CURRENT, MANIFEST, list_snapshots, list_studies


def add(store, day, *, rules="r1"):
    """A snapshot of study s with this data cut-off."""
    folder = store / "s" / f"{day}-0123abcd"
    folder.mkdir(parents=True, exist_ok=True)
    written = {"study_id": "s", "snapshot_id": folder.name, "cut_off": day, "built_at": day, "rules": rules}
    (folder / MANIFEST).write_text(json.dumps(written), encoding="utf-8")
    return folder


def days(store):
    return [str(one.cut_off) for one in list_snapshots(store, "s")]


@pytest.fixture
def reads(monkeypatch):
    """The folders whose manifest was read, in order."""
    read, found = snapshot.read_snapshot, []

    def counted(path, *, current_id=None):
        found.append(path.name[:10])
        return read(path, current_id=current_id)

    monkeypatch.setattr(snapshot, "read_snapshot", counted)
    return found


def test_however_often_a_page_asks_each_manifest_is_read_once(tmp_path, reads):
    add(tmp_path, "2026-01-31")
    add(tmp_path, "2026-02-28")
    for _ in range(22):
        assert days(tmp_path) == ["2026-02-28", "2026-01-31"]
    assert sorted(reads) == ["2026-01-31", "2026-02-28"]


def test_a_new_snapshot_shows_at_the_next_look_and_a_removed_one_is_gone(tmp_path, reads):
    first = add(tmp_path, "2026-01-31")
    assert days(tmp_path) == ["2026-01-31"]
    add(tmp_path, "2026-02-28")
    assert days(tmp_path) == ["2026-02-28", "2026-01-31"]
    (first / MANIFEST).unlink()
    assert days(tmp_path) == ["2026-02-28"]
    assert reads == ["2026-01-31", "2026-02-28"]
    assert list_studies(tmp_path) == ["s"]


def test_which_one_serves_is_that_of_the_moment(tmp_path):
    folders = [add(tmp_path, "2026-01-31"), add(tmp_path, "2026-02-28")]
    for serving in (*folders, folders[0]):
        (tmp_path / "s" / CURRENT).write_text(f"{serving.name}\n", encoding="utf-8")
        found = {one.snapshot_id: one.is_current for one in list_snapshots(tmp_path, "s")}
        assert [name for name, is_current in found.items() if is_current] == [serving.name]


def test_a_manifest_that_is_written_anew_is_read_anew(tmp_path):
    folder = add(tmp_path, "2026-01-31", rules="r1")
    assert list_snapshots(tmp_path, "s")[0].manifest["rules"] == "r1"
    later = (folder / MANIFEST).stat().st_mtime_ns + 1_000_000_000
    add(tmp_path, "2026-01-31", rules="r2")
    os.utime(folder / MANIFEST, ns=(later, later))
    assert list_snapshots(tmp_path, "s")[0].manifest["rules"] == "r2"


def test_nobody_can_change_the_manifest_that_all_sessions_share(tmp_path):
    folder = add(tmp_path, "2026-01-31")
    written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    written |= {"checks": {"DQ01": "a"}, "tables": ["patient"]}
    (folder / MANIFEST).write_text(json.dumps(written), encoding="utf-8")
    manifest = list_snapshots(tmp_path, "s")[0].manifest
    for shared, name in ((manifest, "rules"), (manifest["checks"], "DQ01")):
        with pytest.raises(TypeError, match="item assignment"):
            shared[name] = "other"
        with pytest.raises(TypeError, match="item deletion"):
            del shared[name]
    assert manifest["tables"] == ("patient",)
    assert list_snapshots(tmp_path, "s")[0].manifest == manifest
    assert manifest == {**written, "tables": ("patient",)}


def test_a_kept_figure_takes_its_manifest_along(tmp_path):
    add(tmp_path, "2026-01-31")
    (found,) = list_snapshots(tmp_path, "s")
    assert pickle.loads(pickle.dumps(found)).manifest == found.manifest
