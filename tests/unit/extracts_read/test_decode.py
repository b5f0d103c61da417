"""Encodings of real site files (clinical-decisions A19)."""

import duckdb
import pytest

from dashboard.extracts.decode import (
    CHOICES,
    detect_encoding,
    is_mojibake,
    normalised,
    normalised_sql,
    old_vietnamese_font,
)
from dashboard.extracts.problems import ExtractError

VIETNAMESE = "Mã BN,Ngày thu mẫu,Kết luận\nP1,05/03/2025,Không phát hiện\nP2,06/03/2025,Dương tính\n"
CHINESE = "受试者编号,评价日期,总体疗效\nP1,2024.3.5,部分缓解\nP2,2024年3月,疾病进展\n"
# "Họ tên, Ngày, Năm sinh, Bệnh viện" typed with a TCVN3 font, seen as Latin-1.
TCVN3 = "Hä tªn,Ngµy,N¨m sinh,BÖnh viÖn\n"
VNI = "Hoï vaø teân,Ngaøy,Naêm sinh,Beänh vieän\n"


def cp1258(text: str) -> bytes:
    """Vietnamese as Windows-1258 keeps it: some letters whole, the tone as a mark after its vowel."""
    import unicodedata

    whole = "ăâđêôơưĂÂĐÊÔƠƯ"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        kept = unicodedata.normalize(
            "NFC", "".join(p for p in parts if p not in "\u0300\u0301\u0303\u0309\u0323")
        )
        tones = "".join(p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323")
        assert kept.isascii() or kept in whole
        out.append(kept + tones)
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"patient_id,status\nP1,detected\n", "utf-8"),
        (VIETNAMESE.encode(), "utf-8"),
        (VIETNAMESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("gbk"), "gb18030"),
        (CHINESE.replace("P1", "李㛃").encode("gb18030"), "gb18030"),
        (cp1258(VIETNAMESE), "cp1258"),
        (cp1258(VIETNAMESE.upper()), "cp1258"),
        (VIETNAMESE.encode("utf-16"), "utf-16"),
        (VIETNAMESE.encode("utf-16-le"), "utf-16-le"),
        (VIETNAMESE.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_the_encoding_is_found(tmp_path, content, encoding):
    (tmp_path / "lab.csv").write_bytes(content)
    assert detect_encoding(tmp_path / "lab.csv") == encoding


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TCVN3.encode("latin-1"), "TCVN3"),
        (VNI.encode("latin-1"), "VNI"),
        ("Größe,Befund\n12,über\n".encode("latin-1"), CHOICES),
        (VIETNAMESE.encode()[:-4] + b"\xe1\n" + CHINESE.encode(), CHOICES),
    ],
)
def test_what_cannot_be_told_stops_with_the_choices(tmp_path, content, message):
    (tmp_path / "lab.csv").write_bytes(content)
    with pytest.raises(ExtractError, match=message.replace("(", r"\(").replace(")", r"\)")):
        detect_encoding(tmp_path / "lab.csv")


def test_a_letter_outside_ascii_is_found_behind_the_first_megabyte(tmp_path):
    (tmp_path / "lab.csv").write_bytes(b"a,b\n" + b"1,2\n" * 400_000 + "部分缓解,进展\n".encode("gbk"))
    assert detect_encoding(tmp_path / "lab.csv") == "gb18030"


@pytest.mark.parametrize(
    "header", ["²¿·Ö»º½â", "Ngày".encode().decode("latin-1"), "Â£ cost", "姓".encode().decode("cp1252")]
)
def test_a_header_read_in_the_wrong_encoding_is_mojibake(header):
    assert is_mojibake(header)


@pytest.mark.parametrize(
    "header",
    [
        "Mã LAB,Họ và tên,Đường dùng",
        "受试者编号,ER(%)",
        "cfDNA (µg/mL),size (cm²),37 °C ± 1",
        "Größe,naïve,café",
    ],
)
def test_a_header_in_its_right_encoding_is_not(header):
    assert not is_mojibake(header)
    assert old_vietnamese_font(header) is None


def test_old_fonts_are_recognised_by_name():
    assert old_vietnamese_font(TCVN3) == "TCVN3"
    assert old_vietnamese_font(VNI) == "VNI"


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("１２％", "12%"),
        ("SD（缩小）", "SD(缩小)"),
        ("\u00a00,35\u200b  %", "0,35 %"),
        ("e\u0302\u0323", "ệ"),
        (" KPH ", "KPH"),
    ],
)
def test_texts_are_compared_alike_in_python_and_sql(written, compared):
    assert normalised(written) == compared
    assert duckdb.execute(f"select {normalised_sql('?')}", [written]).fetchone() == (compared,)


def test_the_first_row_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "ts.csv").write_bytes(b"a,b\n1,2\nAlzheimer\x92s,3\n")
    with pytest.raises(ExtractError, match=r"ts\.csv, row 3: This file does not look right"):
        detect_encoding(tmp_path / "ts.csv")
