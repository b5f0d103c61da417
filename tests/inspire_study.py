"""INSPIRE: two publications of one study, loaded as one; built once for the tests that ask for it."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "tests" / "studies" / "inspire"
SOURCES = ("reportRmd_inspire", "inspire_genomics")


@cache
def inspire_snapshot(shared: Path) -> Snapshot:
    """The snapshot of the files of both publications under `shared`."""
    folder = Path(mkdtemp(prefix="inspire-tests-"))
    study = Path(shutil.copytree(STUDY, folder / "inspire"))
    extract = next((study / "extracts").iterdir())
    for source in SOURCES:
        for path in (shared / "data" / source).glob("*.csv"):
            shutil.copy(path, extract)
    options = BuildOptions(store=folder / "store", reference=ROOT / "data" / "reference")
    return build_snapshot(study, options=options).snapshot
