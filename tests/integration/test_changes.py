"""What changed between two data cuts, from files to entries: exactly one entry per edit."""

import dataclasses
import datetime as dt
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from dashboard.demo.changes import WHOLE_ROW
from dashboard.demo.studies import CUT_OFFS, STUDY_IDS, planted_edits
from dashboard.demo.truth import PlantedEdit
from dashboard.extracts.load import load_extract
from dashboard.figures.patient.changes import ChangesRequest, patient_changes_figure
from dashboard.model.tables import canonical_tables
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.diff import Change, Kind, patient_changes, study_changes
from dashboard.store.diff_rows import TEXT_OF
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.studies.load import load_study
from dashboard.tables.patient_changes import ValueWords
from dashboard.tables.patient_timeline import Clock
from tests.small_study import CONTACTS, PATIENTS, SAMPLES, STUDY_TOML, TREATMENTS, VARIANTS, write_small_study

ROOT = Path(__file__).parents[2]
# S-004 goes from 2 % to 1.2 %: little changed by the rule of one half, falling by a rule of seven tenths.
MORE_PATIENTS = PATIENTS + "S-004,02,male,1950,2024-01-10,lung,Lung adenocarcinoma\n"
MORE_SAMPLES = SAMPLES + "D1,S-004,2024-01-10,detected,K,K\nD2,S-004,2024-03-10,detected,K,K\n"
MORE_VARIANTS = VARIANTS + "D1,KRAS,p.G12V,detected,true,20000\nD2,KRAS,p.G12V,detected,true,12000\n"
IMAGING = """patient_id,imaged_on,modality
S-001,2024-01-05,ct
S-001,2024-03-12,ct
S-002,2024-01-28,ct
S-003,2024-03-01,ct
"""
RESPONSES = """patient_id,assessed_on,assessor,overall,visit
S-001,2024-03-12,treating_physician,pr,scan 1
"""
FALLING = "\n[ctdna]\nfalling_numerator = 7\nfalling_denominator = 10\n"
EDITS = {
    "new draw": ("ctdna_sample", MORE_SAMPLES, MORE_SAMPLES + "A3,S-001,2024-06-01,detected,K,K\n"),
    "variant of the new draw": (
        "variant",
        MORE_VARIANTS,
        MORE_VARIANTS + "A3,KRAS,p.G12D,detected,true,900\n",
    ),
    "changed allele fraction": ("variant", "800.5", "801.5"),
    "response": ("response", ",pr,", ",pd,"),
    "deleted scan": ("imaging", "S-003,2024-03-01,ct\n", ""),
    "death": ("contact", CONTACTS, CONTACTS + "S-003,2024-06-29,dead,2024-06-29\n"),
    "new line": (
        "treatment",
        TREATMENTS,
        TREATMENTS + "S-002,T2,systemic,2,2024-06-05,,FOLFIRI,fluorouracil + irinotecan\n",
    ),
    "date shift": ("imaging", "S-001,2024-01-05", "S-001,2024-01-06"),
}
BASE = {
    "patient": MORE_PATIENTS,
    "ctdna_sample": MORE_SAMPLES,
    "variant": MORE_VARIANTS,
    "treatment": TREATMENTS,
    "contact": CONTACTS,
    "imaging": IMAGING,
    "response": RESPONSES,
}


def built(folder: Path, files: dict[str, str], *, rules: str = "") -> Reader:
    folder.mkdir()
    study = write_small_study(folder)
    (study / "study.toml").write_text(STUDY_TOML + rules, encoding="utf-8")
    for stem, text in files.items():
        (study / "extracts" / "2024-06-30" / f"{stem}.csv").write_text(text, encoding="utf-8")
    options = BuildOptions(store=folder / "store", reference=ROOT / "data" / "reference")
    return Reader(build_snapshot(study, options=options).snapshot)


def edited(*left_out: str) -> dict[str, str]:
    files = dict(BASE)
    for name, (stem, old, new) in EDITS.items():
        if name not in left_out:
            assert old in files[stem], name
            files[stem] = files[stem].replace(old, new)
    return files


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Reader:
    return built(tmp_path_factory.mktemp("cuts") / "before", BASE)


def kinds(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(change.patient_id, change.kind.value, change.table) for change in changes]


def test_seven_planted_edits_give_exactly_seven_entries(before, tmp_path):
    after = built(tmp_path / "after", edited())
    assert kinds(study_changes(before, after)) == [
        ("S-001", "new", "ctdna_sample"),
        ("S-001", "corrected", "response"),
        ("S-001", "moved", "imaging"),
        ("S-002", "new", "treatment"),
        ("S-002", "corrected", "variant"),
        ("S-003", "new", "contact"),
        ("S-003", "vanished", "imaging"),
    ]


def test_seven_planted_edits_one_of_each_kind_give_exactly_seven_entries(before, tmp_path):
    after = built(tmp_path / "after", edited("new line"), rules=FALLING)
    assert kinds(study_changes(before, after)) == [
        ("S-001", "new", "ctdna_sample"),
        ("S-001", "corrected", "response"),
        ("S-001", "moved", "imaging"),
        ("S-002", "corrected", "variant"),
        ("S-003", "new", "contact"),
        ("S-003", "vanished", "imaging"),
        ("S-004", "rule_changed", "ctdna_state"),
    ]


def test_a_changed_rule_names_what_reads_differently_and_nobody_else_is_named(before, tmp_path):
    after = built(tmp_path / "after", BASE, rules=FALLING)
    (change,) = study_changes(before, after)
    assert (change.patient_id, change.kind) == ("S-004", Kind.RULE_CHANGED)
    values = {(value.column, value.old, value.new) for row in change.rows for value in row.values}
    assert ("direction", "STABLE", "FALLING") in values
    assert patient_changes(before, after, "S-004") == (change,)
    assert patient_changes(before, after, "S-001") == ()
    request = ChangesRequest(patient_id="S-004", clock=Clock(dt.date(2024, 1, 10)))
    (line,) = patient_changes_figure(before, after, request).lines
    assert line.title == "The same records read by other study rules"
    assert line.values == (ValueWords("ctDNA state on 10 Mar 2024", "little changed", "falling"),)


def test_rules_that_changed_beside_the_data_are_said_and_told_apart_from_nothing(before, tmp_path):
    after = built(tmp_path / "after", edited(), rules=FALLING)
    request = ChangesRequest(patient_id="S-002", clock=Clock(dt.date(2024, 1, 10)))
    found = patient_changes_figure(before, after, request)
    assert [line.kind for line in found.lines] == ["new", "corrected"]
    assert found.figure.caption.startswith("Study rules changed between these data cuts as well.")


def test_other_software_that_derives_the_same_is_no_change(before):
    snapshot = before.snapshot
    other = dataclasses.replace(
        snapshot, snapshot_id="2024-06-30-other", manifest={**snapshot.manifest, "rules": "other"}
    )
    assert study_changes(before, Reader(other)) == ()


def test_no_edit_gives_no_entry(before, tmp_path):
    assert study_changes(before, built(tmp_path / "again", BASE)) == ()


def test_more_noughts_an_identical_copy_and_rows_the_other_way_round_give_no_entry(before, tmp_path):
    head, *rows = CONTACTS.splitlines(keepends=True)
    scan = "S-003,2024-03-01,ct\n"
    files = {
        **BASE,
        "variant": MORE_VARIANTS.replace("12000", '"12000.000"'),
        "imaging": IMAGING.replace(scan, scan * 2),
        "contact": "".join([head, *reversed(rows)]),
    }
    assert all(files[stem] != BASE[stem] for stem in ("variant", "imaging", "contact"))
    assert study_changes(before, built(tmp_path / "after", files)) == ()


def test_an_amended_report_reads_as_one_correction(tmp_path):
    samples = "sample_id,patient_id,collected_on,reported_on,report_version,status,assay,panel\n"
    first = samples + "A1,S-001,2024-01-10,2024-01-20,1,detected,K,K\n"
    second = first + "A1,S-001,2024-01-10,2024-02-20,2,detected,K,K\n"
    variants = "sample_id,gene,variant,status,is_tracked,maf_ppm\nA1,KRAS,p.G12D,detected,true,{}\n"
    old = built(tmp_path / "old", {**BASE, "ctdna_sample": first, "variant": variants.format(4100)})
    new = built(tmp_path / "new", {**BASE, "ctdna_sample": second, "variant": variants.format(1400)})
    assert kinds(study_changes(old, new)) == [("S-001", "corrected", "ctdna_sample")]


@pytest.fixture(scope="module")
def cuts(tmp_path_factory):
    """Canonical tables of every data cut of a sample study, each study read once."""
    folder, done = tmp_path_factory.mktemp("sample-cuts"), {}

    def of(study_id: str) -> list[Reader]:
        if study_id not in done:
            done[study_id] = [_loaded(folder, study_id, str(cut_off)) for cut_off in CUT_OFFS]
        return done[study_id]

    return of


def _loaded(folder: Path, study_id: str, cut_off: str) -> Reader:
    study_folder, path = ROOT / "data" / "studies" / study_id, folder / study_id / cut_off
    path.mkdir(parents=True)
    with duckdb.connect() as connection:
        study = load_study(study_folder)
        load_extract(study_folder, study_folder / "extracts" / cut_off, study, connection, None)
        connection.execute(f"attach '{path / 'store.duckdb'}' as store")
        for name in canonical_tables():
            connection.execute(f'create table store."{name}" as select * from main."{name}"')
    day = CUT_OFFS[[str(one) for one in CUT_OFFS].index(cut_off)]
    return Reader(Snapshot(study_id, cut_off, day, path, manifest={"calendar": "calendar"}))


# What each kind of planted edit must be called.
LABELS = {
    "changed_allele_fraction": Kind.CORRECTED,
    "corrected_response": Kind.CORRECTED,
    "deleted_scan": Kind.VANISHED,
    "amended_report": Kind.CORRECTED,
    "corrected_value": Kind.CORRECTED,
    "death": Kind.NEW,
    "new_line": Kind.NEW,
}


def label(edit: PlantedEdit) -> Kind:
    """A shifted date is part of the key of a scan, and of a sample it is not."""
    if edit.kind == "shifted_date":
        return Kind.MOVED if edit.table == "imaging" else Kind.CORRECTED
    return LABELS[edit.kind]


def planted_between(study_id: str, cut_off: dt.date) -> list[PlantedEdit]:
    """Planted edits up to a data cut; the text of a changed value is no change of its own."""
    return [
        edit
        for edit in planted_edits(study_id)
        if edit.cut_off == cut_off and (edit.table, edit.column) not in TEXT_OF
    ]


def is_found(edit: PlantedEdit, change: Change) -> bool:
    """Whether a change has the planted edit among its rows."""
    table = canonical_tables()[edit.table]
    for row in change.rows:
        if row.table == edit.table:
            key = tuple(str((row.old or row.new)[name]) for name in table.key)
            columns = (WHOLE_ROW, *(value.column for value in row.values))
            if key == edit.row_key and (row.old is None or edit.column in columns):
                return True
    return False


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_every_planted_edit_of_a_sample_study_is_found_once_and_called_rightly(cuts, study_id):
    for (_, after_day), (before, after) in zip(pairwise(CUT_OFFS), pairwise(cuts(study_id)), strict=True):
        changes = study_changes(before, after)
        for edit in planted_between(study_id, after_day):
            found = [change for change in changes if is_found(edit, change)]
            assert [change.kind for change in found] == [label(edit)], edit


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_nothing_is_called_corrected_moved_or_vanished_that_was_not_planted(cuts, study_id):
    for (_, after_day), (before, after) in zip(pairwise(CUT_OFFS), pairwise(cuts(study_id)), strict=True):
        edits = planted_between(study_id, after_day)
        for change in study_changes(before, after):
            if change.kind is not Kind.NEW:
                assert any(is_found(edit, change) for edit in edits), change


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_the_changes_of_one_patient_are_the_same_alone_and_within_the_study(cuts, study_id):
    before, after = cuts(study_id)[1:]
    changes = study_changes(before, after)
    assert changes == study_changes(before, after)
    for patient_id in sorted({change.patient_id for change in changes} - {""})[::10]:
        alone = patient_changes(before, after, patient_id)
        assert list(alone) == [change for change in changes if change.patient_id == patient_id]
