"""Workbooks as sites send them (clinical-decisions D): titles, joined headers, merged cells, notes."""

import datetime as dt

import duckdb
import openpyxl
import pytest

from dashboard.extracts.problems import ExtractError
from dashboard.extracts.read import FileOptions, read_source


@pytest.fixture
def read(tmp_path):
    def read(fill, **options):
        book = openpyxl.Workbook()
        fill(book.active, book) if fill.__code__.co_argcount == 2 else fill(book.active)
        book.save(tmp_path / "lab.xlsx")
        connection = duckdb.connect()
        tables = read_source(
            tmp_path / "lab.xlsx",
            options=FileOptions(**options),
            identifying=frozenset(),
            connection=connection,
        )
        return tables, {
            table.raw_table: connection.execute(
                f'select * from raw."{table.raw_table}" order by source_row'
            ).fetchall()
            for table in tables
        }

    return read


def rows_of(sheet, *rows):
    for row in rows:
        sheet.append(row)


def laboratory_batch(sheet):
    """The laboratory's workbook: two title rows, two header rows, one patient over two variants, a note."""
    rows_of(
        sheet,
        ["KẾT QUẢ ctDNA"],
        [],
        ["STT", "Mã LAB", "Họ và tên", "Gen", "VAF ctDNA lần", None],
        [None, None, None, None, 1, 2],
        [1, "L001", "Nguyễn Văn A", "TP53", "0,12", "<0,05"],
        [None, None, None, "KRAS", "KPH", "Mẫu không đạt"],
        ["Ghi chú: KPH = không phát hiện"],
    )
    for cells in ("A1:F1", "E3:F3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "A5:A6", "B5:B6", "C5:C6"):
        sheet.merge_cells(cells)


def test_a_laboratory_batch(read):
    [table], rows = read(laboratory_batch, header_rows=(3, 4), footer_pattern="^Ghi chú")
    assert table.source_file == "lab.xlsx#Sheet"
    assert table.columns == ("STT", "Mã LAB", "Gen", "VAF ctDNA lần 1", "VAF ctDNA lần 2")
    assert table.dropped_columns == ("Họ và tên",)
    assert rows["lab.xlsx#Sheet"] == [
        ("1", "L001", "TP53", "0,12", "<0,05", 5),
        ("1", "L001", "KRAS", "KPH", "Mẫu không đạt", 6),
    ]


def test_a_title_taken_for_the_header_is_a_problem(read):
    with pytest.raises(ExtractError, match="State header_rows"):
        read(laboratory_batch)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (12.0, "0.00", "12"),
        (1e-7, "General", "0.0000001"),
        (123456789012, "General", "123456789012"),
        (0.0035, "0.00%", "0.35%"),
        (45721, "General", "45721"),
        (dt.datetime(2025, 3, 5), "dd/mm/yyyy", "2025-03-05"),
        (dt.datetime(2025, 3, 5, 23, 59), "dd/mm/yyyy hh:mm", "2025-03-05 23:59:00"),
        (dt.time(8, 30), "hh:mm", "08:30:00"),
        (True, "General", "true"),
        ("１２％", "General", "１２％"),
        (" KPH", "@", " KPH"),
    ],
)
def test_a_typed_cell_becomes_the_shortest_text(read, value, number_format, text):
    def fill(sheet):
        rows_of(sheet, ["a", "b"], ["x", value])
        sheet["B2"].number_format = number_format

    assert read(fill)[1]["lab.xlsx#Sheet"] == [("x", text, 2)]


def test_typed_dates_of_a_1904_workbook_are_right_and_the_base_is_told(read):
    def fill(sheet, book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        rows_of(sheet, ["a", "b"], [dt.date(2025, 3, 5), 1])

    [table], rows = read(fill)
    assert rows["lab.xlsx#Sheet"] == [("2025-03-05", "1", 2)]
    assert table.notes == ("Day numbers of this workbook count from 1904-01-01.",)


def test_every_visible_sheet_is_a_table_and_hidden_ones_are_named(read):
    def fill(sheet, book):
        rows_of(sheet, ["a"], ["1"])
        rows_of(book.create_sheet("CGP"), ["b", None, "b", "c"], [], ["2", None, "3"])
        book.create_sheet("empty")
        hidden = book.create_sheet("old")
        rows_of(hidden, ["c"], ["4"])
        hidden.sheet_state = "hidden"

    tables, rows = read(fill)
    assert [table.columns for table in tables] == [("a",), ("b", "column_2", "b_2", "c")]
    assert rows == {"lab.xlsx#Sheet": [("1", 2)], "lab.xlsx#CGP": [("2", None, "3", None, 3)]}
    assert tables[0].notes == ("Hidden sheets not read: old.",)
    assert read(fill, sheet="old")[1] == {"lab.xlsx#old": [("4", 2)]}
    with pytest.raises(ExtractError, match="no such sheet"):
        read(fill, sheet="new")


def test_errors_and_unsaved_formulas_are_all_told_with_their_place(read):
    def fill(sheet):
        rows_of(sheet, ["a", "b", "姓名"], ["#N/A", "=1+1", "#N/A"], ["1", "2", None])

    with pytest.raises(ExtractError) as raised:
        read(fill)
    assert [(p.row, p.column, p.value) for p in raised.value.problems] == [(2, "a", "#N/A"), (2, "b", None)]


def test_fill_down_without_merged_cells(read):
    def fill(sheet):
        rows_of(sheet, ["id", "gene"], ["P1", "TP53"], [None, "KRAS"])

    assert read(fill, fill_down=("id",))[1]["lab.xlsx#Sheet"] == [("P1", "TP53", 2), ("P1", "KRAS", 3)]


def test_a_broken_workbook_and_a_header_in_an_old_font_are_refused(read, tmp_path):
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(ExtractError, match="not a readable XLSX"):
        read_source(
            tmp_path / "broken.xlsx",
            options=FileOptions(),
            identifying=frozenset(),
            connection=duckdb.connect(),
        )
    with pytest.raises(ExtractError, match="TCVN3"):
        read(lambda sheet: rows_of(sheet, ["Hä tªn", "Ngµy", "N¨m sinh"], [1, 2, 3]))
