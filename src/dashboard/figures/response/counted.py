"""Who of the patients who started a line is counted in its rates, and who is not, in words."""

import pandas as pd

from dashboard.tables.response import OBJECTIVE


def counted(rows: pd.DataFrame, *, left_out: str) -> pd.DataFrame:
    """The patients who started the line and are counted in its rates.

    Not counted: who enrolled for a later line, and where the study leaves them out (`left_out`) who began
    line 1 with chemotherapy before the drug class it follows (A14).
    """
    return rows[~rows["is_for_later_line"].astype(bool) & ~_after_induction(rows, left_out)]


def not_counted_words(rows: pd.DataFrame, *, left_out: str) -> str:
    """Who started the line and is not counted; "" where everybody is."""
    is_later = rows["is_for_later_line"].astype(bool)
    after = rows[_after_induction(rows, left_out) & ~is_later]
    said = []
    if is_later.any():
        n = int(is_later.sum())
        said.append(f"{n} enrolled for a later line: their responses to this one are not part of it.")
    if len(after):
        responded = int(after["response"].isin(OBJECTIVE).sum())
        said.append(f"Not counted: {len(after)} of {len(rows)}, {left_out}; {responded} of them responded.")
    return " ".join(said)


def left_out_note(rows: pd.DataFrame, *, left_out: str) -> str:
    """How many of those who started the line its rates leave out, for the head of a file; "" for none."""
    begun = rows[rows["started_on"].notna()]
    n = len(begun) - len(counted(begun, left_out=left_out))
    return f"{n} of {len(begun)} who started it not counted" if n else ""


def outside_rates_words(rows: pd.DataFrame, *, left_out: str, whom: str = "them") -> str:
    """How many of these patients, called `whom`, the rates do not count; "" where they count all of them."""
    n = len(rows) - len(counted(rows, left_out=left_out))
    return f"{n} of {whom} {'stands' if n == 1 else 'stand'} outside the response rates." if n else ""


def _after_induction(rows: pd.DataFrame, left_out: str) -> pd.Series:
    return rows["is_after_induction"].astype(bool) & bool(left_out)
