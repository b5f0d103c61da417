"""Which encoding a text file is in. Latin-1 is never guessed, and mojibake stops the build.

Order (clinical-decisions A19): byte order mark, UTF-8, GB18030, cp1258, UTF-16. GB18030 decodes almost
any bytes, so a reading counts only when its characters are likely ones.
"""

import codecs
import gzip
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from dashboard.extracts.misread import is_misread
from dashboard.extracts.problems import ExtractError, Problem

BLOCK_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 20
CHOICES = (
    "This file does not look right as UTF-8. Save it from Excel as 'CSV UTF-8' "
    "or choose: Chinese (GB18030) / Vietnamese (1258)"
)
OLD_FONT = (
    "This file is written in the old Vietnamese font encoding {font}. Convert it to Unicode and save it again"
)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VIETNAMESE = frozenset("ăâđêôơưàáãèéìíòóõùúýỳ" + "ĂÂĐÊÔƠƯÀÁÃÈÉÌÍÒÓÕÙÚÝ" + "\u0300\u0301\u0303\u0309\u0323")
_VOWELS = frozenset("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Written between Vietnamese or Chinese words and belonging to neither.
_NEUTRAL = frozenset("\u00a0–—‘’“”…×±°²³µ≤≥·")

# A run of Latin-1 characters with a symbol or control in it: what UTF-8 or GBK bytes look like as Latin-1.
_MOJIBAKE = re.compile(
    r"[\u0080-\u009f\ufffd]|[\u00a1-\u00bf][\u00a1-\u00ff]|[\u00c0-\u00ff][\u00a1-\u00bf]|[\u00c2\u00c3]\u00a0"
    r"|[\u00c3\u00c4\u00c6][\u2018-\u203a\u0192\u02c6\u02dc]|\u00e1[\u00ba\u00bb]"
    # GBK letters without a symbol between them: three or more accented capitals in a row.
    r"|[\u00c0-\u00df\u00f7]{4}"
)
_TCVN3 = re.compile(r"(?<=[A-Za-z])[¨©ª«¬\u00ad®µ¶·¸¹]|[¨©ª«¬\u00ad®¶·¸¹](?=[a-z])|µ(?=[abcdehiknoprtuvxy])")
_VNI = re.compile(r"(?<=[aeouyAEOUYôöÔÖ])[øùûõïâêåäáàëØÙÛÕÏÂÊÅÄ]")
_VNI_ONLY = re.compile(r"[øûïåäëöñØÛÏÅÄËÖÑ]")


def old_vietnamese_font(text: str) -> str | None:
    """'TCVN3' or 'VNI' when text, read as Latin-1 or as Unicode made from it, is in that font encoding."""
    if len(set(_TCVN3.findall(text))) >= 2:
        return "TCVN3"
    if len(_VNI.findall(text)) >= 3 and len(_VNI_ONLY.findall(text)) >= 2:
        return "VNI"
    return None


def is_mojibake(text: str) -> bool:
    """Whether a header holds the marks of bytes read in the wrong encoding (²¿·Ö, Ã¡, Â£)."""
    return _MOJIBAKE.search(text) is not None


def open_bytes(path: Path) -> IO[bytes]:
    """A file for reading, unpacked where its name ends in .gz."""
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def named_encoding(file: str, name: str) -> str:
    """Python's name of an encoding a mapping asks for; GBK and GB2312 are read as GB18030, which holds them.

    Raises `ExtractError` for a name nobody knows.
    """
    spelled = f"cp{name}" if name.isdigit() else name
    try:
        known = codecs.lookup(spelled).name
    except LookupError as error:
        allowed = "UTF-8, UTF-16, GB18030, cp1258 or another encoding Python knows"
        raise ExtractError([Problem(file, "Unknown encoding.", value=name, allowed=allowed)]) from error
    return "gb18030" if known in {"gbk", "gb2312"} else known


def detect_encoding(path: Path) -> str:
    """Python's name of the encoding of a text file.

    Raises `ExtractError` where no reading is likely, and for TCVN3 and VNI by name.
    """
    with open_bytes(path) as file:
        head = file.read(4096)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    wide = _utf16_without_mark(head)
    if wide:
        return wide
    return "utf-8" if _is_utf8(path) else _site_encoding(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    # A block may end inside a character, which the next one must then complete.
    is_open = False
    try:
        with open_bytes(path) as file:
            while block := file.read(BLOCK_BYTES):
                if is_open or not block.isascii():
                    decoder.decode(block)
                    is_open = True
    except UnicodeDecodeError:
        return False
    return True


def _site_encoding(path: Path) -> str:
    """GB18030 or cp1258, judged by the lines that are not ASCII."""
    sample = b""
    for block in byte_blocks(path):
        sample += b"\n".join(line for line in block.split(b"\n") if not line.isascii()) + b"\n"
        if len(sample) > SAMPLE_BYTES:
            break
    unlike = Problem(path.name, CHOICES, row=_first_row_unlike_utf8(path))
    if _is_damaged_utf8(sample):
        raise ExtractError([unlike])
    chinese, vietnamese = _chinese_share(sample), _vietnamese_share(sample)
    if chinese >= 0.8 and chinese >= vietnamese:
        return "gb18030"
    font = old_vietnamese_font(sample.decode("latin-1"))
    if font:
        raise ExtractError([Problem(path.name, OLD_FONT.format(font=font))])
    if vietnamese >= 0.9:
        return "cp1258"
    raise ExtractError([unlike])


def _first_row_unlike_utf8(path: Path) -> int | None:
    row = 1
    for block in byte_blocks(path):
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as error:
            return row + block[: error.start].count(b"\n")
        row += block.count(b"\n")
    return None


def byte_blocks(path: Path) -> Iterator[bytes]:
    """A file in blocks of about 1 MB, each ending at the end of a line (the last wherever the file ends)."""
    with open_bytes(path) as file:
        while chunk := file.read(BLOCK_BYTES):
            yield chunk if chunk.endswith(b"\n") else chunk + file.readline()


def decoded_blocks(path: Path, encoding: str) -> Iterator[str]:
    """A file in blocks of NFC text. Raises `ExtractError` naming the row that is not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    with open_bytes(path) as file:
        while chunk := file.read(BLOCK_BYTES):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                row += chunk[: error.start].count(b"\n")
                message = f"These bytes are not {encoding}."
                found = error.object[error.start : error.end].hex(" ")
                raise ExtractError([Problem(path.name, message, row=row, value=found)]) from error
            row += text.count("\n")
            yield text
    yield decoder.decode(b"", final=True)


def check_header(file: str, header: str) -> None:
    """Raise `ExtractError` where a header, once decoded, is mojibake or in an old Vietnamese font."""
    font = old_vietnamese_font(header)
    if font:
        raise ExtractError([Problem(file, OLD_FONT.format(font=font), value=header[:200])])
    if is_mojibake(header) or any(map(is_misread, re.split(r"[,;\t|\n\"]", header))):
        raise ExtractError([Problem(file, CHOICES, value=header[:200])])


def normalised(text: str) -> str:
    """Text as it is compared: NFC, full-width as ASCII, no zero-width characters, blanks collapsed.

    >>> normalised("１２％\\u00a0 (ctDNA)\\u200b")
    '12% (ctDNA)'
    """
    plain = re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", text)
    return " ".join(_full_width_to_ascii(unicodedata.normalize("NFC", plain)).split())


def normalised_sql(expression: str) -> str:
    """`normalised` as an SQL expression (DuckDB)."""
    plain = rf"regexp_replace({expression}, '[\x{{200b}}-\x{{200d}}\x{{2060}}\x{{feff}}\x{{ad}}]', '', 'g')"
    ascii_ = f"translate(nfc_normalize({plain}), '{_WIDE}', '{_NARROW_SQL}')"
    return rf"trim(regexp_replace({ascii_}, '[\s\x{{a0}}\x{{3000}}]+', ' ', 'g'))"


_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000。、"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + " .,"
_NARROW_SQL = _NARROW.replace("'", "''")
_TO_ASCII = str.maketrans(_WIDE, _NARROW)


def _full_width_to_ascii(text: str) -> str:
    return text.translate(_TO_ASCII)


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every second byte, and only there."""
    head = sample[:4096]
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0) / len(head), head[1::2].count(0) / len(head)
    if odd > 0.1 and even < 0.01:
        return "utf-16-le"
    if even > 0.1 and odd < 0.01:
        return "utf-16-be"
    return None


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether more than half of the bytes outside ASCII do make up UTF-8 characters."""
    foreign = sum(byte > 127 for byte in sample)
    return sum(byte > 127 for byte in sample.decode("utf-8", errors="ignore").encode()) > foreign / 2


def _chinese_share(sample: bytes) -> float:
    """Share of the non-ASCII characters, read as GB18030, that are common Chinese ones; 0 if unreadable."""
    try:
        text = sample.decode("gb18030")
    except UnicodeDecodeError:
        return 0.0
    foreign = [character for character in text if not character.isascii()]
    return sum(_is_common_chinese(c) for c in foreign) / len(foreign) if foreign else 0.0


def _is_common_chinese(character: str) -> bool:
    """GB 2312 rows 1 to 9 (symbols) and 16 to 55 (level 1, the 3,755 commonest characters)."""
    try:
        row = character.encode("gb2312")[0] - 0xA0
    except UnicodeEncodeError:
        return False
    return 1 <= row <= 9 or 16 <= row <= 55


def _vietnamese_share(sample: bytes) -> float:
    """Share of the non-ASCII characters, read as cp1258, that Vietnamese has; 0 if unreadable."""
    try:
        text = sample.decode("cp1258")
    except UnicodeDecodeError:
        return 0.0
    pairs = [
        (before, c)
        for before, c in zip(" " + text, text, strict=False)
        if not c.isascii() and c not in _NEUTRAL
    ]
    if not pairs:
        return 0.0
    return sum(c in _VIETNAMESE and (c not in _MARKS or before in _VOWELS) for before, c in pairs) / len(
        pairs
    )
