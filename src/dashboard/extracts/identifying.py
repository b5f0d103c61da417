"""Columns and numbers that identify a person: never stored.

Sources of the number patterns: GB 11643 (18-digit resident identity number), Circular 59/2021/TT-BCA
(12-digit citizen identity number), ITU-T E.164 national plans of China (+86) and Viet Nam (+84).
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "data" / "reference" / "identifying_columns.csv"
MASK = "[masked]"

BUILT_IN = frozenset(
    """
    name|patient name|full name|first name|last name|surname|given name|family name|initials|patient initials
    |phone|phone number|telephone|mobile|mobile phone|email|e-mail|address|home address|postcode|zip code
    |mrn|medical record number|hospital number|patient number in hospital|national id|id card|id number
    |passport|insurance number|social security number|next of kin|contact person|emergency contact
    |họ tên|họ và tên|họ và tên bệnh nhân|tên|tên bệnh nhân|tên viết tắt|họ|sđt|số điện thoại|điện thoại
    |điện thoại liên hệ|địa chỉ|cmnd|cccd|cmnd/cccd|số cmnd|số cccd|số căn cước|căn cước công dân|hộ chiếu
    |bhyt|số bhyt|mã bhyt|số thẻ bhyt|mã bệnh nhân bv|số hồ sơ|số bệnh án|mã y tế|số nhập viện|người thân
    |người liên hệ|ho ten|ho va ten|ten|ten benh nhan|sdt|so dien thoai|dien thoai|dia chi|so cmnd|so cccd
    |so ho so|so benh an|ma y te
    |姓名|患者姓名|病人姓名|姓名缩写|患者姓名缩写|姓名拼音|身份证|身份证号|身份证号码|证件号|证件号码|护照号
    |手机|手机号|手机号码|电话|电话号码|联系电话|家庭电话|联系方式|联系人|联系人姓名|联系人电话|家属姓名
    |家属电话|地址|住址|家庭住址|家庭地址|现住址|通讯地址|邮箱|电子邮箱|邮编|住院号|门诊号|病历号|病案号
    |病人id|就诊卡号|医保号|医保卡号|社保号|社保卡号|病理号
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)

# A dot, blank or hyphen may stand between groups of a telephone number.
_GAP = "[ .-]?"
_NUMBERS = "|".join(
    (
        r"[1-9]\d{16}[\dXx]",
        r"(?:\+?86)?" + _GAP + r"1[3-9]\d" + _GAP + r"\d{4}" + _GAP + r"\d{4}",
        r"(?:\+?84|0)" + _GAP + r"[35789]\d{1,2}" + _GAP + r"\d{3}" + _GAP + r"\d{3,4}",
        r"0\d{11}",
    )
)
# RE2 (DuckDB) has no look-around, so the neighbours are captured and put back.
_PATTERN = rf"(^|[^\d.])(?:{_NUMBERS})($|[^\d])"


def normalised_name(name: str) -> str:
    """A column name for comparison: NFKC, lower case, separators as one blank, no note in brackets.

    >>> normalised_name(" Họ_và  tên（BN） ")
    'họ và tên'
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"\([^)]*\)", " ", text)
    return " ".join(re.sub(r"[\s_:*.\u200b-\u200d\ufeff-]+", " ", text).split())


def built_in_names() -> frozenset[str]:
    """Names of identifying columns in English, Vietnamese and Chinese, normalised.

    The reference file (language, name) where there is one, and always the list above.
    """
    listed: set[str] = set(BUILT_IN)
    if REFERENCE.exists():
        with REFERENCE.open(encoding="utf-8", newline="") as file:
            listed.update(row["name"] for row in csv.DictReader(file))
    return frozenset(normalised_name(name) for name in listed) - {""}


def identifying_columns(columns: Iterable[str], *, also: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Those columns that identify people: the built-in names and the study's own (`also`)."""
    names = built_in_names() | {normalised_name(name) for name in also}
    return tuple(column for column in columns if _bare(normalised_name(column)) in names)


def _bare(name: str) -> str:
    """A name without the counter a second column of the same name was given."""
    return re.sub(r" \d+$", "", name)


def mask_identifiers(text: str) -> str:
    """Text with identity and telephone numbers masked.

    >>> mask_identifiers("call 0901 234 567, ID 110105199003078515")
    'call [masked], ID [masked]'
    """
    # Twice, because one separator may be the neighbour of two numbers.
    once = re.sub(_PATTERN, rf"\1{MASK}\2", text)
    return re.sub(_PATTERN, rf"\1{MASK}\2", once)


def mask_identifiers_sql(column: str) -> str:
    """The same as an SQL expression (DuckDB) over an expression of text."""
    pattern = _PATTERN.replace("'", "''")
    once = rf"regexp_replace({column}, '{pattern}', '\1{MASK}\2', 'g')"
    return rf"regexp_replace({once}, '{pattern}', '\1{MASK}\2', 'g')"
