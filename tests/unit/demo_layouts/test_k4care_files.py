"""The K4Care writers on one patient that can be read by eye."""

import csv
from datetime import date
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from dashboard.demo.layouts.laboratory_k4care import Delivery, write_laboratory
from dashboard.demo.layouts.redcap_k4care import NotCarried, write_redcap
from dashboard.demo.layouts.reports import Report
from dashboard.model.tables import canonical_tables

PATIENT = {
    "patient_id": "K4C-0001", "site_id": "02", "sex": "female", "born_on": date(1961, 5, 2), "age_years": 63,
    "screened_on": date(2025, 3, 4), "enrolled_on": date(2025, 3, 5), "tumour_type": "lung",
    "diagnosis": "Lung adenocarcinoma",
}  # fmt: skip
SAMPLE = {
    "sample_id": "LAB-1", "patient_id": "K4C-0001", "laboratory_id": "LAB-1",
    "collected_on": date(2025, 3, 5),
    "received_on": date(2025, 3, 6), "reported_on": date(2025, 3, 14), "report_version": 1,
    "status": "detected",
    "cfdna_ng_per_ml": Decimal("16.4"),
}  # fmt: skip
FOUND = {"gene": "KRAS", "variant": "p.G12D", "hgvs_c": "c.35G>A", "hgvs_p": "p.G12D", "status": "detected"}
VARIANTS = (
    FOUND | {"maf_ppm": Decimal("25200.00")},
    {"gene": "TERT", "variant": "c.-124C>T", "hgvs_c": "c.-124C>T", "hgvs_p": None, "status": "not_detected"},
)


def frames(**rows):
    held = {"patient": [PATIENT], **rows}
    return {name: pd.DataFrame(held.get(name, []), dtype=object) for name in canonical_tables()}


def exported(tmp_path, **rows):
    write_redcap(frames(**rows), tmp_path / "export.csv")
    with (tmp_path / "export.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["record_id"] == "K4C-0001"]


def test_the_first_row_has_the_person_and_no_repeated_form(tmp_path):
    (row,) = exported(tmp_path)
    assert (row["nam_sinh"], row["loai_ut"], row["redcap_data_access_group"]) == ("1961", "1", "tp_hcm")
    assert row["ngay_tuyen_chon"] == "05/03/2025"
    assert row["redcap_repeat_instrument"] == ""
    assert all(row[name] for name in ("ho_ten", "sdt"))


def test_a_repeated_form_leaves_the_person_blank(tmp_path):
    contact = {"patient_id": "K4C-0001", "contact_on": date(2025, 9, 1), "vital_status": "lost"}
    _, row = exported(tmp_path, contact=[contact])
    assert (row["redcap_repeat_instrument"], row["redcap_repeat_instance"]) == ("lien_lac", "1")
    assert (row["ngay_lien_lac_cuoi"], row["tinh_trang"]) == ("01/09/2025", "3")
    assert (row["ho_ten"], row["nam_sinh"], row["loai_ut"]) == ("", "", "")


def test_values_of_one_visit_stand_in_one_row_with_decimal_commas(tmp_path):
    taken = {"patient_id": "K4C-0001", "measured_on": date(2025, 3, 5), "visit": "enrolment"}
    values = [{"name": "cea", "value": Decimal("0.35")}, {"name": "ecog", "value": Decimal(1)}]
    _, row = exported(tmp_path, measurement=[taken | value for value in values])
    assert (row["cea"], row["ecog"], row["ngay_xn"]) == ("0,35", "1", "05/03/2025")


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("measurement", {"name": "psa", "measured_on": date(2025, 3, 5), "visit": "x", "value": Decimal(1)}),
        ("characteristic", {"name": "eye_colour", "value": "brown", "recorded_on": date(2025, 3, 5)}),
        ("contact", {"contact_on": date(2025, 9, 1), "vital_status": "alive", "death_cause_as_written": "x"}),
    ],
)
def test_what_the_forms_have_no_field_for_is_refused_not_lost(tmp_path, table, row):
    with pytest.raises(NotCarried):
        write_redcap(frames(**{table: [{"patient_id": "K4C-0001"} | row]}), tmp_path / "export.csv")


def batch(tmp_path, reports, as_fraction=frozenset()):
    write_laboratory(Delivery({"K4C-0001": PATIENT}, reports, as_fraction), tmp_path)
    (path,) = tmp_path.glob("*.xlsx")
    sheet = openpyxl.load_workbook(path)["ctDNA"]
    return path.name, [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_batch_has_titles_a_header_of_two_rows_and_one_row_per_variant(tmp_path):
    name, rows = batch(tmp_path, [Report(SAMPLE, VARIANTS)])
    assert name == "KQ_K4CARE_2025-03.xlsx"
    assert rows[4][:2] == ["STT", "Họ và tên"]
    assert rows[4][10] == "Lần 1"
    assert rows[5][10] == "Mã LAB"
    assert [row[8] for row in rows[6:8]] in (["p.G12D", "-"], ["p.(Gly12Asp)", "-"])
    assert rows[6][18] == "2,52"
    assert rows[7][18] in ("<0,05", "KPH", "Không phát hiện")


def test_a_batch_delivered_as_fractions_is_a_file_of_its_own(tmp_path):
    name, rows = batch(tmp_path, [Report(SAMPLE, VARIANTS)], frozenset({"LAB-1"}))
    assert name == "KQ_K4CARE_2025-03_lan1.xlsx"
    assert rows[6][18] == "0,0252"


def test_an_amended_report_is_sent_in_a_file_of_its_own(tmp_path):
    name, rows = batch(tmp_path, [Report(SAMPLE | {"report_version": 2}, VARIANTS)])
    assert name == "KQ_K4CARE_2025-03_sua_doi_2.xlsx"
    assert rows[6][14] == 2


def test_draws_of_a_patient_stand_beside_each_other_and_failures_say_so(tmp_path):
    failed = SAMPLE | {"sample_id": "LAB-2", "laboratory_id": "LAB-2", "collected_on": date(2025, 7, 1)}
    failed |= {"status": "failed", "failure_reason": "haemolysis", "cfdna_ng_per_ml": None}
    _, rows = batch(tmp_path, [Report(SAMPLE, VARIANTS), Report(failed, ())])
    assert (rows[6][10], rows[6][19]) == ("LAB-1", "LAB-2")
    assert (rows[6][25], rows[6][26]) == ("Mẫu không đạt", "tán huyết")
    assert [row[27] for row in rows[6:8]] == ["Mẫu không đạt"] * 2
