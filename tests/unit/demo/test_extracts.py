"""A sample study as its extracts show it: allowed values, keys, what is known when."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.demo.studies import CUT_OFFS, STUDY_IDS, generate
from dashboard.demo.truth import CANONICAL, CANONICAL_ORDER, Record, extract_at, to_frames
from tests.unit.demo.measures import Study

TYPES = {
    "string": str,
    "integer": int,
    "bigint": int,
    "boolean": bool,
    "date": dt.date,
    "number": (int, Decimal),
}
STUDIES = ("k4care", "cdk46", "oligomets")


@pytest.fixture
def study(request: pytest.FixtureRequest) -> Study:
    return request.getfixturevalue(request.param)


every_study = pytest.mark.parametrize("study", STUDIES, indirect=True)


def all_frames(study: Study) -> list[tuple[str, dict[str, pd.DataFrame]]]:
    return [("end", study.frames), *((f"{day}", extract_at(study.truth, day)) for day in CUT_OFFS)]


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_the_same_seed_gives_the_same_study_and_another_seed_another_one(study_id):
    first, second, other = (to_frames(generate(study_id, seed=seed)) for seed in (5, 5, 6))
    for name in CANONICAL_ORDER:
        pd.testing.assert_frame_equal(first[name], second[name])
    assert not first["measurement"].equals(other["measurement"])


def test_an_unknown_study_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(KeyError, match="k4care, cdk46, pulmonary-oligomets"):
        generate("k4")


@every_study
def test_every_value_is_one_the_model_allows(study):
    for when, frames in all_frames(study):
        for name, frame in frames.items():
            for field in CANONICAL[name].fields:
                if field.name not in frame:
                    assert not (field.is_required and len(frame)), (when, name, field.name)
                    continue
                values = [value for value in frame[field.name] if value is not None and value == value]
                assert len(values) == len(frame) or not field.is_required, (when, name, field.name)
                assert all(isinstance(value, TYPES[field.type]) for value in values), (when, name, field.name)
                if field.allowed:
                    assert set(values) <= set(field.allowed), (when, name, field.name)


@every_study
def test_natural_keys_are_unique_except_for_versions_of_a_report(study):
    for when, frames in all_frames(study):
        for name, frame in frames.items():
            key = [column for column in CANONICAL[name].key if column in frame]
            key += ["report_version"] if name == "ctdna_sample" else []
            assert not frame.astype(str).duplicated(subset=key).any(), (when, name)


@every_study
def test_no_extract_shows_a_date_after_its_data_cut(study):
    for cut_off in CUT_OFFS:
        for name, frame in extract_at(study.truth, cut_off).items():
            for field in CANONICAL[name].fields:
                if field.type == "date" and field.name in frame:
                    assert all(day <= cut_off for day in frame[field.name].dropna()), (name, field.name)


@pytest.mark.parametrize(
    ("study", "enrolled"),
    [("k4care", (180, 190)), ("cdk46", (320, 320)), ("oligomets", (20, 20))],
    indirect=["study"],
)
def test_enrolment_at_the_last_data_cut(study, enrolled):
    patients = extract_at(study.truth, CUT_OFFS[-1])["patient"]
    assert enrolled[0] <= patients["enrolled_on"].notna().sum() <= enrolled[1]
    assert patients["enrolled_on"].isna().any()


def test_four_in_a_hundred_samples_are_pending_at_the_last_data_cut(k4care):
    samples = extract_at(k4care.truth, CUT_OFFS[-1])["ctdna_sample"]
    assert (samples["status"] == "pending").mean() == pytest.approx(0.04, abs=0.03)


@every_study
def test_screening_failures_have_a_reason_and_nothing_else(study):
    patients = study.frames["patient"]
    failed = set(patients[patients["enrolled_on"].isna()]["patient_id"])
    reasons = study.frames["disposition"].query("kind == 'screen_failure'")
    assert set(reasons["patient_id"]) == failed
    assert reasons["reason"].notna().all()
    assert not failed & set(study.frames["visit"]["patient_id"])


@every_study
def test_a_later_extract_loses_only_the_rows_that_were_deleted_or_moved_on_purpose(study):
    for before, after in ((CUT_OFFS[0], CUT_OFFS[1]), (CUT_OFFS[1], CUT_OFFS[2])):
        earlier, later = extract_at(study.truth, before), extract_at(study.truth, after)
        planned = {
            (e.table, e.row_key) for e in study.truth.edits if e.kind in ("deleted_scan", "shifted_date")
        }
        for name in CANONICAL_ORDER:
            key = [column for column in CANONICAL[name].key if column in earlier[name]]
            keys = [
                set(frame[key].astype(str).itertuples(index=False, name=None))
                for frame in (earlier[name], later[name])
            ]
            assert {(name, row) for row in keys[0] - keys[1]} <= planned, name


def test_a_record_shows_what_was_known_on_each_day():
    record = Record("ctdna_sample", 10, {"status": "pending"})
    record.revise(20, status="detected")
    record.deleted_on = 30
    shown = [record.as_of(day) for day in (9, 10, 19, 20, 29, 30)]
    assert shown == [
        None,
        {"status": "pending"},
        {"status": "pending"},
        {"status": "detected"},
        {"status": "detected"},
        None,
    ]
