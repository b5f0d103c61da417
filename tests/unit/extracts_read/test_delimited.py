"""CSV files as raw tables: the fast way and the exact way give the same rows."""

import gzip
import shutil
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.extracts import decode, delimited
from dashboard.extracts.problems import ExtractError
from dashboard.extracts.read import FileOptions, read_source
from dashboard.extracts.records import lines_of, records_of


@pytest.fixture
def read(tmp_path):
    def read(content: bytes, *, name: str = "lab.csv", identifying: frozenset[str] = frozenset(), **options):
        (tmp_path / name).write_bytes(content)
        connection = duckdb.connect()
        [table] = read_source(
            tmp_path / name, options=FileOptions(**options), identifying=identifying, connection=connection
        )
        rows = connection.execute(f'select * from raw."{name}" order by source_row').fetchall()
        rejects = connection.execute(
            "select source_row, reason, text from structural_reject order by 1"
        ).fetchall()
        assert table.n_records == len(rows) + len(rejects)
        return table, rows, rejects

    return read


def test_every_cell_is_text_and_empty_cells_are_null(read):
    table, rows, _ = read(b'patient_id,maf\nP1,0.10\nP2,\nP3,""\n')
    assert table.columns == ("patient_id", "maf")
    assert rows == [("P1", "0.10", 2), ("P2", None, 3), ("P3", None, 4)]


def test_blank_and_rejected_lines_do_not_shift_the_row_numbers(read):
    _, rows, rejects = read(b"a,b\n1,2\n\n3\n4,5,6\n7,8")
    assert rows == [("1", "2", 2), ("7", "8", 6)]
    assert rejects == [(4, "1 cell, the header has 2", "3"), (5, "3 cells, the header has 2", "4,5,6")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_line_ends(read, delimiter, line_end):
    content = line_end.join(["a,b", "1,2", '"x",3', ""]).replace(",", delimiter).encode()
    assert read(content)[1] == [("1", "2", 2), ("x", "3", 3)]


def test_mixed_line_ends_are_one_line_end_each(read):
    assert read(b"a,b\r\n1,2\n3,4\r\n")[1] == [("1", "2", 2), ("3", "4", 3)]


def test_excel_s_separator_line_is_not_the_header(read):
    assert read(b"sep=;\na;b\n1,5;2\n")[1] == [("1,5", "2", 3)]


def test_title_rows_and_a_header_of_two_rows(read):
    table, rows, _ = read(
        b"Batch 3,,\nGene,VAF,\n,1,2\nTP53,0.1,0.2\nNote: x,,\n", header_rows=(2, 3), footer_pattern="^Note"
    )
    assert table.columns == ("Gene", "VAF 1", "VAF 2")
    assert rows == [("TP53", "0.1", "0.2", 4)]


def test_fill_down_takes_the_value_above(read):
    assert read(b"id,gene\nP1,TP53\n,KRAS\n", fill_down=("id",))[1] == [("P1", "TP53", 2), ("P1", "KRAS", 3)]


def test_a_gzipped_file(read):
    assert read(gzip.compress(b"a,b\n1,2\n3\n"), name="lb.csv.gz")[1] == [("1", "2", 2)]


@pytest.mark.parametrize(("name", "packed"), [("lb.csv", bytes), ("lb.csv.gz", gzip.compress)])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_line_that_is_no_record_is_found_wherever_it_stands(read, name, packed, mark):
    lines = [f"P{row},{row}" for row in range(2, 300_001)]
    lines[200_000 - 2] = "P200000"
    lines[250_000 - 2] = '"P250000,1'
    _, rows, rejects = read(packed(f"{mark}a,b\n{chr(10).join(lines)}\n".encode()), name=name)
    assert [(row, text) for row, _, text in rejects] == [(200_000, "P200000"), (250_000, '"P250000,1')]
    assert rows == [(f"P{row}", str(row), row) for row in range(2, 300_001) if row not in (200_000, 250_000)]


def test_decomposed_vietnamese_becomes_composed(read):
    table, rows, _ = read(
        "Ngày,b\nbệnh,1\n".encode()
        .replace("à".encode(), b"a\xcc\x80")
        .replace("ệ".encode(), "e\u0323\u0302".encode())
    )
    assert (table.columns, rows) == (("Ngày", "b"), [("bệnh", "1", 2)])


def test_identifying_columns_are_never_stored_nor_text_that_may_hold_them(read):
    table, rows, rejects = read(
        "姓名,编号,mine\n张三,P1,x\n李四,P2\n".encode("gbk"), identifying=frozenset({"Mine"})
    )
    assert table.dropped_columns == ("姓名", "mine")
    assert rows == [("P1", 2)]
    assert [(row, "李四" in text) for row, _, text in rejects] == [(3, False)]


def test_numbers_of_persons_are_masked_in_rejected_text(read):
    assert read(b"a,b\n1,2,call 0901234567\n")[2] == [(2, "3 cells, the header has 2", "1,2,call [masked]")]


def test_a_column_called_source_row_keeps_its_values(read):
    assert read(b"source_row,b\n9,1\n")[1] == [("9", "1", 2)]


def test_the_same_file_may_be_read_twice(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n3\n")
    connection = duckdb.connect()
    for _ in range(2):
        read_source(tmp_path / "a.csv", options=FileOptions(), identifying=frozenset(), connection=connection)
    assert connection.execute("select count(*) from structural_reject").fetchone() == (1,)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", {}, "empty"),
        (b"\n\n", {}, "empty"),
        (b"a,b\n", {"header_rows": (4,)}, "ends above its header"),
        (b'a,"b\n1,2\n', {}, "header cannot be read"),
        ("²¿·Ö,b\n1,2\n".encode(), {}, "Save it from Excel as 'CSV UTF-8'"),
        (b"a,b\n1,2\n", {"encoding": "klingon"}, "Unknown encoding"),
        (b"a,b\n1,2\nx,\xff\n", {"encoding": "utf-8"}, "row 3: These bytes are not utf-8"),
        (b"<html><table>", {}, "web page"),
        (b"\xd0\xcf\x11\xe0rest", {}, "old .xls"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(read, content, options, message):
    with pytest.raises(ExtractError, match=message):
        read(content, **options)


def test_a_header_alone_is_a_table_without_rows(read):
    assert read(b"a,b\n")[1] == []
    assert read(b"a,b")[1] == []


cells = st.text(alphabet='ab,"\n\r\0 é', max_size=4)
lines = st.lists(st.lists(cells, min_size=1, max_size=4).map(",".join), max_size=8)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=lines, block_bytes=st.sampled_from([8, 1 << 20]))
def test_every_way_of_reading_gives_the_same_rows(tmp_path_factory, lines, block_bytes):
    """Whatever the file holds: the rows of the table are those of the line-by-line reader."""
    folder = tmp_path_factory.mktemp("f")
    text = "\n".join(["x,y", *lines])
    (folder / "f.csv").write_bytes(text.encode())
    connection = duckdb.connect()
    with patch.object(decode, "BLOCK_BYTES", block_bytes):
        read_source(
            folder / "f.csv",
            options=FileOptions(encoding="utf-8"),
            identifying=frozenset(),
            connection=connection,
        )
    records = list(records_of(list(enumerate(lines_of([text]), start=1))[1:], ",", n_cells=2))
    kept = [(*(cell or None for cell in r.cells), r.source_row) for r in records if r.reason is None]
    rejected = [(r.source_row, r.reason) for r in records if r.reason is not None]
    assert connection.execute('select * from raw."f.csv" order by 3').fetchall() == kept
    assert (
        connection.execute("select source_row, reason from structural_reject order by 1").fetchall()
        == rejected
    )
    shutil.rmtree(folder)


def test_a_plain_file_is_not_copied(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    connection = duckdb.connect()
    read_source(tmp_path / "a.csv", options=FileOptions(), identifying=frozenset(), connection=connection)
    found = connection.execute(
        "select table_type from information_schema.tables where table_name = 'a.csv'"
    ).fetchone()
    assert found == ("VIEW",)
    assert delimited.DELIMITERS[0] == ","
