"""Fewer rows than the data cut before, on tables of a few rows."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from dashboard.store.fewer_rows import fewer_rows
from dashboard.store.snapshot import Snapshot
from tests.unit.quality.tables import connection_with, day

IMAGES = [("P1", 0), ("P1", 56), ("P2", 0)]


class Cut:
    """A reader over the canonical tables of one data cut."""

    sites = None

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.snapshot = Snapshot("test", "cut", dt.date(2026, 2, 28), Path("nowhere"))

    def records(self, sql, parameters=None):
        cursor = self.connection.execute(sql, parameters or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def has_table(self, name):
        return bool(self.records("select 1 from duckdb_tables() where table_name = $name", {"name": name}))


def cut(images=(), **tables):
    rows = [{"patient_id": patient_id, "imaged_on": day(number)} for patient_id, number in images]
    known = [{"patient_id": "P1"}, {"patient_id": "P2"}]
    return Cut(connection_with({"patient": known, "imaging": rows, **tables}))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (IMAGES[:2], [{"title": "Imaging", "n_before": 3, "n": 2}]),
        (IMAGES, []),
        ([*IMAGES, ("P2", 56)], []),
        # One examination is gone and another is new: the same number, so nothing is said.
        ([*IMAGES[:2], ("P2", 56)], []),
    ],
)
def test_a_table_with_fewer_rows_than_before_is_said(now, expected):
    assert fewer_rows(cut(now), cut(IMAGES)) == expected


def test_rows_of_a_patient_who_is_gone_are_not_said_again():
    assert fewer_rows(cut(IMAGES[:2], patient=[{"patient_id": "P1"}]), cut(IMAGES)) == []


def test_rows_of_who_withdrew_consent_may_go():
    withdrawn = [{"patient_id": "P2", "kind": "withdrawal_of_consent", "happened_on": day(9)}]
    assert fewer_rows(cut(IMAGES[:2], disposition=withdrawn), cut(IMAGES)) == []


@pytest.mark.parametrize(("n_now", "is_said"), [(1, True), (2, False)])
def test_variants_are_counted_by_the_patient_of_their_sample(n_now, is_said):
    samples = [{"sample_id": "S1", "patient_id": "P1"}, {"sample_id": "S2", "patient_id": "P9"}]
    variants = [{"sample_id": "S1", "gene": gene} for gene in ("KRAS", "TP53")]
    gone = [{"sample_id": "S2", "gene": "KRAS"}]
    before = cut(ctdna_sample=samples, variant=[*variants, *gone])
    now = cut(ctdna_sample=samples, variant=variants[:n_now])
    assert [row["title"] for row in fewer_rows(now, before)] == ["Variants"] * is_said


def test_a_table_that_the_data_cut_before_does_not_have_is_new():
    before = cut(IMAGES)
    before.connection.execute("drop table imaging")
    assert fewer_rows(cut(), before) == []
