"""What identifies a person is dropped or masked."""

import duckdb
import pytest

from dashboard.extracts.identifying import identifying_columns, mask_identifiers, mask_identifiers_sql
from dashboard.extracts.read import FileOptions, read_source


def test_names_in_three_languages_are_recognised_however_they_are_written():
    columns = [
        "Họ_và tên",
        "HỌ VÀ TÊN (BN)",
        "姓名",
        "姓名_2",
        "Patient Name",
        "patient_id",
        "基因",
        "Tên thuốc",
        "gene name",
    ]
    assert identifying_columns(columns) == ("Họ_và tên", "HỌ VÀ TÊN (BN)", "姓名", "姓名_2", "Patient Name")


def test_a_study_adds_its_own_names():
    assert identifying_columns(["Hosp ID", "age"], also=frozenset({"hosp_id"})) == ("Hosp ID",)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ID 110105199003078515.", "ID [masked]."),
        ("11010519900307851X", "[masked]"),
        ("CCCD 001099012345", "CCCD [masked]"),
        ("0901234567/0912 345 678", "[masked]/[masked]"),
        ("+84 901 234 567", "[masked]"),
        ("tel:13800138000,", "tel:[masked],"),
        ("138-0013-8000", "[masked]"),
        ("MAF 0.123456789012", "MAF 0.123456789012"),
        ("2025-03-01 to 2025-04-01", "2025-03-01 to 2025-04-01"),
        ("c.1633G>A p.E545K 3000/12", "c.1633G>A p.E545K 3000/12"),
        ("P-0001-0023", "P-0001-0023"),
    ],
)
def test_numbers_of_persons_are_masked_alike_in_python_and_sql(written, kept):
    assert mask_identifiers(written) == kept
    assert duckdb.execute(f"select {mask_identifiers_sql('?')}", [written]).fetchone() == (kept,)


def test_a_test_s_name_stays_in_the_file_of_measurements_and_nowhere_else(tmp_path):
    for file in ("measurement.csv", "patients.csv"):
        (tmp_path / file).write_text("patient_id,name\nP1,cea\n")
    columns = {
        (file, keep): read_source(
            tmp_path / file,
            options=FileOptions(keep=keep),
            identifying=frozenset(),
            connection=duckdb.connect(),
        )[0].columns
        for file, keep in [("measurement.csv", ()), ("patients.csv", ()), ("patients.csv", ("name",))]
    }
    assert list(columns.values()) == [("patient_id", "name"), ("patient_id",), ("patient_id", "name")]
