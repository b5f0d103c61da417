"""The template comes with a Data Package that Frictionless takes as it is and checks files against."""

import json
import shutil
from pathlib import Path

import frictionless
import pytest

from dashboard.model.dictionary import write_template
from dashboard.model.package import extract_package
from dashboard.model.tables import canonical_tables, definition_tables, mart_tables


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    write_template(folder)
    return folder


@pytest.fixture
def template(written, tmp_path):
    return Path(shutil.copytree(written, tmp_path / "template"))


def problems(folder):
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return [(row, column) for row, column in report.flatten(["rowNumber", "fieldName"])]


def test_the_package_names_every_canonical_table_with_its_columns_and_key(template):
    package = json.loads((template / "datapackage.json").read_text(encoding="utf-8"))
    assert package == extract_package()
    assert [one["name"] for one in package["resources"]] == list(canonical_tables())
    for one in package["resources"]:
        table = canonical_tables()[one["name"]]
        assert [field["name"] for field in one["schema"]["fields"]] == [field.name for field in table.fields]
        assert one["schema"]["primaryKey"] == list(table.key)


def test_frictionless_finds_nothing_wrong_with_an_empty_template(template):
    assert problems(template) == []


@pytest.mark.parametrize(
    ("born_on", "sex", "expected"),
    [
        ("1961", "female", []),
        ("1961-05", "female", []),
        ("1961-05-02", "female", []),
        ("1961-5-2", "female", [(2, "born_on")]),
        ("1961", "woman", [(2, "sex")]),
    ],
)
def test_frictionless_checks_a_filled_file_against_it(template, born_on, sex, expected):
    columns = [field.name for field in canonical_tables()["patient"].fields]
    values = {"patient_id": "S-001", "site_id": "01", "born_on": born_on, "sex": sex}
    row = ",".join(values.get(name, "") for name in columns)
    (template / "patient.csv").write_text(f"{','.join(columns)}\n{row}\n", encoding="utf-8")
    assert problems(template) == expected


def test_every_column_of_every_table_is_described_to_the_end_and_every_key_is_a_column():
    """An unquoted comma in the file would end a description early."""
    for tables in (canonical_tables(), definition_tables(), mart_tables()):
        for table in tables.values():
            assert table.key, table.name
            assert {field.name for field in table.fields} >= set(table.key), table.name
            assert len(table.description) > 10, table.name
            for field in table.fields:
                assert field.description.rstrip().endswith((".", ")")), f"{table.name}.{field.name}"
