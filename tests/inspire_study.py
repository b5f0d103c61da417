"""INSPIRE: two publications of one study, loaded as one; built once for the tests that ask for it."""

import shutil
from functools import cache, partial
from pathlib import Path

from dashboard.store.snapshot import Snapshot
from tests.built_once import built_once

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "tests" / "studies" / "inspire"
SOURCES = ("reportRmd_inspire", "inspire_genomics")


@cache
def inspire_snapshot(shared: Path) -> Snapshot:
    """The snapshot of the files of both publications under `shared`."""
    return built_once("inspire", partial(_write, shared=shared), study_id="inspire")


def _write(folder: Path, *, shared: Path) -> Path:
    study = Path(shutil.copytree(STUDY, folder / "inspire"))
    extract = next((study / "extracts").iterdir())
    for source in SOURCES:
        for path in (shared / "data" / source).glob("*.csv"):
            shutil.copy(path, extract)
    return study
