"""SAS transport and Parquet files as text."""

import duckdb
import pandas as pd
import pyreadstat
import pytest

from dashboard.extracts.problems import ExtractError
from dashboard.extracts.read import FileOptions, read_source


def read(path):
    connection = duckdb.connect()
    [table] = read_source(path, options=FileOptions(), identifying=frozenset(), connection=connection)
    return table, connection.execute(f'select * from raw."{path.name}" order by source_row').fetchall()


def test_a_sas_transport_file_keeps_numbers_short_and_labels(tmp_path):
    frame = pd.DataFrame({"USUBJID": ["P1", "P2"], "AVAL": [0.1, None], "AGE": [61.0, 70.0]})
    labels = ["Unique Subject Identifier", "Analysis Value", ""]
    pyreadstat.write_xport(frame, str(tmp_path / "adtte.xpt"), column_labels=labels)
    table, rows = read(tmp_path / "adtte.xpt")
    assert rows == [("P1", "0.1", "61", 1), ("P2", None, "70", 2)]
    assert dict(table.labels) == {"USUBJID": "Unique Subject Identifier", "AVAL": "Analysis Value"}


def test_a_parquet_file_is_a_view_of_text(tmp_path):
    path = tmp_path / "variant.parquet"
    duckdb.execute(
        f"copy (select 'P1' as patient_id, 'An' as \"Patient name\", 0.35::decimal(10,3) as maf, "
        f"date '2025-03-05' as d, true as t, '' as e) to '{path}'"
    )
    table, rows = read(path)
    assert rows == [("P1", "0.350", "2025-03-05", "true", None, 1)]
    assert (table.dropped_columns, table.n_records) == (("Patient name",), 1)


@pytest.mark.parametrize("name", ["x.parquet", "x.xpt"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"a,b\n1,2\n")
    with pytest.raises(ExtractError, match="not a readable"):
        read(tmp_path / name)


def test_an_unknown_kind_of_file_is_refused(tmp_path):
    (tmp_path / "x.docx2").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(ExtractError, match="Unknown kind of file"):
        read(tmp_path / "x.docx2")
