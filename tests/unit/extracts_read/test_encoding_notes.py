"""An encoding found out is shown with headers by which a person can judge it (clinical-decisions A19)."""

import duckdb
import pytest

from dashboard.extracts.read import FileOptions, read_source

VIETNAMESE = "STT,Mã LAB,Ngày thu mẫu,Gen,Kết luận\n1,L1,2025-03-05,KRAS,x\n"
NOTE = "Encoding found out from the file; it is right if these headers read well: {}."


def notes(tmp_path, content, **options):
    path = tmp_path / "lab.csv"
    path.write_bytes(content)
    options = FileOptions(**options)
    (table,) = read_source(path, options=options, identifying=frozenset(), connection=duckdb.connect())
    return table.notes


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_the_first_three_headers_outside_ascii_are_named(tmp_path, encoding):
    expected = NOTE.format("“Mã LAB”, “Ngày thu mẫu”, “Kết luận”")
    assert notes(tmp_path, VIETNAMESE.encode(encoding)) == (expected,)


def test_a_chinese_file_shows_chinese_headers(tmp_path):
    content = "ID,受试者编号,评价日期,总体疗效,备注\n1,P1,2024.3.5,部分缓解,无\n".encode("gbk")
    assert notes(tmp_path, content) == (NOTE.format("“受试者编号”, “评价日期”, “总体疗效”"),)


def test_headers_in_ascii_are_shown_where_there_are_no_others(tmp_path):
    content = "id,response\nP1,部分缓解\nP2,疾病进展\n".encode("gbk")
    assert notes(tmp_path, content) == (NOTE.format("“id”, “response”"),)


def test_a_column_that_identifies_people_is_not_shown(tmp_path):
    content = "姓名,受试者编号\n张三丰,P1\n李四光,P2\n".encode("gbk")
    assert notes(tmp_path, content) == (NOTE.format("“受试者编号”"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_certain_and_needs_no_look(tmp_path, encoding):
    assert notes(tmp_path, VIETNAMESE.encode(encoding)) == ()


def test_an_encoding_that_is_declared_needs_no_look(tmp_path):
    content = "受试者编号,总体疗效\nP1,部分缓解\n".encode("gb18030")
    assert notes(tmp_path, content, encoding="gb18030") == ()
