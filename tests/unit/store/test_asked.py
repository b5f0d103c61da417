"""What is heard of the questions to a reader, and how the tables of an opened file are limited to sites."""

from pathlib import Path

import duckdb
import pytest

from dashboard.store.asked import asked_once, hear, hearing
from dashboard.store.identity import files_hash
from dashboard.store.reader import Reader
from tests.unit.store.data_cuts import data_cut

PATIENTS = "select patient_id from patient order by patient_id"
SAMPLES = "select sample_id from ctdna_sample order by sample_id"
TWO_SAMPLES = [
    {"patient_id": "P1", "sample_id": "S1", "collected_on": "2024-01-10"},
    {"patient_id": "P2", "sample_id": "S2", "collected_on": "2024-01-11"},
]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """P1 of site 01 with sample S1, P2 of site 02 with sample S2."""
    return data_cut(tmp_path, "2024-06-30", {"ctdna_sample": TWO_SAMPLES})


def test_each_question_is_heard_once_in_the_order_first_asked(reader):
    with hearing(reader) as questions:
        reader.rows(SAMPLES)
        reader.records(PATIENTS)
        reader.rows(SAMPLES)
        reader.rows("select 1 where $n = 1", {"n": 1})
        reader.rows("select 1 where $n = 1", {"n": 2})
    assert questions == [
        (SAMPLES, None),
        (PATIENTS, None),
        ("select 1 where $n = 1", {"n": 1}),
        ("select 1 where $n = 1", {"n": 2}),
    ]


def test_what_is_asked_outside_or_of_another_reader_is_not_heard(reader):
    reader.rows(SAMPLES)
    with hearing(reader) as questions:
        Reader(reader.snapshot, ("01",)).rows(SAMPLES)
        reader.has_table("patient")
    reader.rows(SAMPLES)
    assert questions == []


def test_who_listens_around_hears_what_is_heard_inside_and_what_was_kept_from_before(reader):
    with hearing(reader) as outer:
        with hearing(reader) as inner:
            reader.rows(SAMPLES)
        hear(reader, [(PATIENTS, None)])
    assert inner == [(SAMPLES, None)]
    assert outer == [(SAMPLES, None), (PATIENTS, None)]


def test_an_answer_is_read_once_for_each_reader_and_value_and_heard_at_every_call(reader):
    read = []

    @asked_once
    def samples_of(asked, patient_id):
        read.append((asked.sites, patient_id))
        return asked.rows(f"{SAMPLES} -- {patient_id}")["sample_id"].tolist()

    of_site_01 = Reader(reader.snapshot, ("01",))
    calls = [(reader, "P1"), (reader, "P1"), (reader, "P2"), (of_site_01, "P1"), (reader, "P1")]
    heard = []
    for asked, patient_id in calls:
        with hearing(asked) as questions:
            found = samples_of(asked, patient_id)
        heard.append((found, questions))
    assert read == [(None, "P1"), (None, "P2"), (("01",), "P1")]
    assert heard == [
        (["S1"] if asked is of_site_01 else ["S1", "S2"], [(f"{SAMPLES} -- {patient_id}", None)])
        for asked, patient_id in calls
    ]


def test_a_reader_of_all_sites_limits_no_table(reader):
    assert reader.limits("select * from patient, ctdna_sample") == ()


@pytest.mark.parametrize(
    ("sites", "found"),
    [(("01",), ["S1"]), (("02",), ["S2"]), (("01", "02"), ["S1", "S2"]), ((), []), (("O'Neill",), [])],
)
def test_limits_give_in_the_opened_file_what_the_reader_gives(reader, sites, found):
    limited = Reader(reader.snapshot, sites)
    with duckdb.connect(str(reader.snapshot.database), read_only=True) as connection:
        for limit in limited.limits(SAMPLES):
            connection.execute(limit)
        assert connection.execute(SAMPLES).df()["sample_id"].tolist() == found
    assert limited.rows(SAMPLES)["sample_id"].tolist() == found


def test_only_tables_the_query_names_are_limited(reader):
    (limit,) = Reader(reader.snapshot, ("01",)).limits(SAMPLES)
    assert limit.startswith("create or replace temp view ctdna_sample as ")


def test_the_hash_of_the_files_changes_with_one_byte_a_name_or_a_file_and_with_nothing_else(tmp_path):
    (tmp_path / "a.csv").write_text("patient,value\nP1,1\n")
    first = files_hash(tmp_path)
    assert files_hash(tmp_path) == first
    (tmp_path / ".hidden").write_text("not a source file")
    assert files_hash(tmp_path) == first
    (tmp_path / "a.csv").write_text("patient,value\nP1,2\n")
    changed = files_hash(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    renamed = files_hash(tmp_path)
    (tmp_path / "c.csv").write_text("")
    assert len({first, changed, renamed, files_hash(tmp_path)}) == 4
