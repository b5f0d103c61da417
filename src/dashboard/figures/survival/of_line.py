"""The line a time or a response is counted on, in words: axis, card, title, footer, name of a file."""

import re

import pandas as pd

AT_ENROLMENT = "line at enrolment"
THE_LINE = re.compile(r"\bthe line\b(?! at enrolment)")


def line_words(line: int | None) -> str:
    """For instance "line 2"; without a number the line at enrolment."""
    return AT_ENROLMENT if line is None else f"line {line}"


def with_line(words: str, line: str) -> str:
    """The words with the line of `line_words` for "the line"; unchanged for none: "start of line 2"."""
    return THE_LINE.sub(_said(line), words) if line else words


def on_line(words: str, line: str) -> str:
    """As `with_line`; words that speak of no line have it behind them: "first response on line 2"."""
    if not line or THE_LINE.search(words):
        return with_line(words, line)
    return f"{words} on {_said(line)}"


def titled(title: str, line: str) -> str:
    """The title with the line, of a page or as part of the name of a file; alone for none."""
    return f"{title}, {line}" if line else title


def line_column(table: pd.DataFrame, line: str) -> pd.DataFrame:
    """The table with the line of every row behind its first column; unchanged for none."""
    if not line:
        return table
    first, *others = table.columns
    return table.assign(line=line)[[first, "line", *others]]


def _said(line: str) -> str:
    return f"the {line}" if line == AT_ENROLMENT else line
