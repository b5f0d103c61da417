"""The pack of a meeting with fifteen sample patients: contents, one page each in the order of the agenda."""

import datetime as dt
from pathlib import Path

import pytest

from dashboard.figures.patient.report import ReportRequest, patient_report
from dashboard.report.mdt import MdtCase, MdtPack, mdt_pack, pack_name
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from tests.pdf_text import all_bytes, pdf_facts, pdf_text

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
N_CASES = 15


@pytest.fixture(scope="module")
def pack(sample_snapshot):
    """Fifteen patients of the study, last first, a question each, and what was told while drawing."""
    reader = Reader(sample_snapshot("k4care"))
    study = load_study(ROOT / "data" / "studies" / "k4care")
    rows = reader.records(
        "select patient_id from patient_summary where enrolled_on is not null order by 1 desc"
    )
    names = [row["patient_id"] for row in rows][:: len(rows) // N_CASES][:N_CASES]
    cases = tuple(
        MdtCase(
            report=patient_report(reader, ReportRequest(patient_id=name, study=study, checks={})),
            question=f"What next for {name}?",
        )
        for name in names
    )
    told: list[tuple[int, int]] = []
    made = MdtPack(title="Lung MDT", held_on=dt.date(2026, 3, 5), cases=cases)
    return made, names, told, mdt_pack(made, progress=lambda done, n: told.append((done, n)))


def test_fifteen_patients_make_sixteen_pages_and_each_is_told(pack, tmp_path):
    _made, names, told, pdf = pack
    assert len(names) == N_CASES
    assert told == [(done, N_CASES) for done in range(1, N_CASES + 1)]
    facts = pdf_facts(pdf, tmp_path)
    assert (facts["Pages"], facts["Tagged"]) == (str(N_CASES + 1), "yes")


def test_the_contents_and_the_pages_keep_the_order_of_the_agenda(pack, tmp_path):
    made, names, _told, pdf = pack
    text = pdf_text(pdf, tmp_path)
    contents, _first, pages = text.partition(f"page 1 of {N_CASES + 1}")
    places = [contents.index(name) for name in names]
    assert places == sorted(places)
    for place, name in enumerate(names, start=1):
        assert f"case {place} of {N_CASES}" in pages
        assert f"Study ID {name}" in pages
        assert f"What next for {name}?" in pages
    assert pack_name(made) == "mdt-pack-2026-03-05.pdf"


def test_the_pack_names_its_data_cut_and_no_file_name_or_title_names_a_patient(pack, tmp_path):
    made, names, _told, pdf = pack
    assert "data cut: 28 Feb 2026" in pdf_text(pdf, tmp_path)
    title = pdf_facts(pdf, tmp_path)["Title"]
    assert not [name for name in names if name in title or name in pack_name(made)]
    assert b"pdfuaid:part" in all_bytes(pdf)
