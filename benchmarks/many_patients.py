"""A sample study with many times its patients, built as any study is, and kept between runs.

The generator makes the study once per seed; patients and samples of each seed get names of their own.
"""

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd

from benchmarks.measure import ROOT
from dashboard.demo.layouts.write import EXTRACTED_AFTER_DAYS
from dashboard.demo.studies import CUT_OFFS, SEED, generate
from dashboard.demo.truth import extract_at
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.snapshot import Snapshot, current_snapshot

STUDIES = ROOT / "data" / "studies"
REFERENCE = ROOT / "data" / "reference"
NAMES = ("patient_id", "sample_id", "laboratory_id")


def many_patients(folder: Path, study_id: str, *, n_patients: int) -> Snapshot:
    """The snapshot of the study with at least `n_patients` enrolled, in the store `folder`; built once.

    After a change of the marts the folder must be deleted, or it would be measured as it was.
    """
    found = current_snapshot(folder, study_id)
    if found is not None:
        return found
    study = folder / "made" / study_id
    extract = study / "extracts" / CUT_OFFS[-1].isoformat()
    extract.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(STUDIES / study_id / "study.toml", study / "study.toml")
    _write_extract(extract, study_id, n_patients=n_patients)
    options = BuildOptions(store=folder, reference=REFERENCE)
    return build_snapshot(study, options=options).snapshot


def _write_extract(extract: Path, study_id: str, *, n_patients: int) -> None:
    """Native files of as many seeds as are needed."""
    parts: dict[str, list[pd.DataFrame]] = {}
    n_enrolled, seed = 0, SEED
    while n_enrolled < n_patients:
        frames = extract_at(generate(study_id, seed=seed), CUT_OFFS[-1])
        n_enrolled += int(frames["patient"]["enrolled_on"].notna().sum())
        for name, frame in frames.items():
            if name != "panel_gene" or seed == SEED:
                parts.setdefault(name, []).append(_renamed(frame, seed - SEED))
        seed += 1
    for name, found in parts.items():
        whole = pd.concat(found, ignore_index=True)
        if len(whole):
            whole.to_csv(extract / f"{name}.csv", index=False)
    extracted = CUT_OFFS[-1] + dt.timedelta(days=EXTRACTED_AFTER_DAYS)
    words = f'cut_off = {CUT_OFFS[-1]}\nextracted_at = {extracted}\ncalendar = "calendar"\n'
    (extract / "extract.toml").write_text(words, encoding="utf-8")


def _renamed(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    own = {name: f"{number:02d}-" + frame[name] for name in NAMES if name in frame}
    return frame.assign(**own)
