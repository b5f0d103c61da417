"""Cells of the EDC workbook: subjects, dates in the ways people type them, words, numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dashboard.demo.layouts.edc_cdk46_words import Words, word
from dashboard.demo.layouts.texts import chosen, is_missing, number_of, plain

SUBJECT, INITIALS = "受试者编号", "姓名缩写"
FAMILY = ("欧阳", "司徒", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙")
GIVEN = ("琬", "珺", "翊", "嫣", "钰", "韫", "璟", "婧")
DATE_STYLES = (
    "{0:%Y-%m-%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}年{0.month}月{0.day}日",
)
MONTH_STYLES = ("{0.year}年{0.month}月", "{0:%Y-%m}", "{0.year}.{0.month}")

Cell = str | int | float | None
Cells = dict[str, Cell]
Row = Mapping[str, Any]


@dataclass
class Sheet:
    """One sheet: its title, its columns as one text, and the rows written so far."""

    title: str
    header: str
    rows: list[Cells] = field(default_factory=list)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in order."""
        return tuple(self.header.split())

    def add(self, subject: str, cells: Cells) -> None:
        """One row of one subject. Raises KeyError for a cell without a column."""
        unknown = set(cells) - set(self.columns)
        if unknown:
            raise KeyError(f"{self.title}: no column {', '.join(sorted(unknown))}")
        self.rows.append({SUBJECT: subject, **cells})


def initials(subject: str) -> str:
    """Abbreviated name of nobody: the family name and the first character of the given name.

    >>> initials("CDK-0001") == initials("CDK-0001")
    True
    """
    return f"{chosen(f'{subject} family', FAMILY)}{chosen(f'{subject} given', GIVEN)}*"


def hospital_number(subject: str) -> str:
    """An invented in-patient number."""
    return f"ZY{number_of(f'{subject} ward', 90_000_000) + 10_000_000}"


def telephone(subject: str) -> str:
    """An invented mobile number."""
    return f"13{number_of(f'{subject} phone', 900_000_000) + 100_000_000}"


def day_cell(day: Any, key: str, *, month_only: bool = False) -> str:
    """A date in one of the styles people type, by the key alone; to the month where no more is known."""
    if is_missing(day):
        return ""
    assert isinstance(day, date)
    return chosen(f"{key} date", MONTH_STYLES if month_only else DATE_STYLES).format(day)


def word_cell(words: Words, value: Any, key: str) -> str:
    """One of the words for a value; empty stays empty."""
    return "" if is_missing(value) else word(words, value, key)


def number_cell(value: Any) -> Cell:
    """A number as Excel keeps it."""
    if is_missing(value):
        return None
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)


def text_cell(value: Any) -> str:
    """The value itself."""
    return plain(value)
