"""How hospital and laboratory files write things: dates, numbers, gaps, and invented people."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from zlib import crc32

Option = TypeVar("Option")

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLE = {"female": ("Thị", "Ngọc", "Thu", "Kim"), "male": ("Văn", "Đức", "Hữu", "Quang")}
GIVEN = {
    "female": ("Hạnh", "Lan", "Mai", "Nga", "Phượng", "Tuyết", "Yến", "Thảo"),
    "male": ("Bình", "Cường", "Dũng", "Hải", "Long", "Phúc", "Sơn", "Tuấn"),
}


def number_of(key: str, below: int) -> int:
    """A number from 0 that depends on the key alone: the same key gives the same choice in every extract.

    >>> number_of("K4C-0001", 10) == number_of("K4C-0001", 10)
    True
    """
    return crc32(key.encode()) % below


def chosen(key: str, options: Sequence[Option]) -> Option:
    """One of the options, by the key alone."""
    return options[number_of(key, len(options))]


def is_missing(value: Any) -> bool:
    """Whether a cell of a canonical frame is empty."""
    return value is None or value != value


def plain(value: Any) -> str:
    """A canonical value as native files write it: ISO dates, a point, true and false; empty is empty.

    >>> plain(Decimal("12.50")), plain(True), plain(date(2025, 3, 5)), plain(None)
    ('12.5', 'true', '2025-03-05', '')
    """
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def with_comma(value: Any) -> str:
    """A number with a decimal comma.

    >>> with_comma(Decimal("0.35"))
    '0,35'
    """
    return plain(value).replace(".", ",")


def day_first(day: date) -> str:
    """dd/mm/yyyy, as in Viet Nam.

    >>> day_first(date(2025, 3, 5))
    '05/03/2025'
    """
    return f"{day:%d/%m/%Y}"


def invented_name(person: str, sex: str) -> str:
    """A full name that belongs to nobody, fixed by the person's identifier."""
    kind = sex if sex in GIVEN else "female"
    parts = (FAMILY, MIDDLE[kind], GIVEN[kind])
    return " ".join(chosen(f"{person} {place}", options) for place, options in enumerate(parts))


def invented_phone(person: str) -> str:
    """A telephone number in the national form, fixed by the person's identifier."""
    number = number_of(f"{person} phone", 10_000_000)
    return f"09{number_of(person, 9)}{number // 10_000:03d} {number % 10_000:04d}".replace(" ", "")
