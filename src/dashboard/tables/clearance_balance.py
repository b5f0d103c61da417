"""Words and table of standardised differences."""

import pandas as pd

from dashboard.tables.formats import MINUS, NOTHING, format_count

MOST_DECIMALS = 6
KINDS = {"missing": " (share not recorded)"}


def characteristic_words(row: pd.Series) -> str:
    """A characteristic as it stands in tables and drawings."""
    return f"{row['characteristic']}{KINDS.get(str(row['kind']), '')}"


def difference_words(value: float, *, limit: float) -> str:
    """A difference with its sign and two decimals, −0.24; as many more as part it from the limit, 0.203."""
    size = abs(value)
    decimals = next(
        (places for places in range(2, MOST_DECIMALS) if round(size, places) != limit or size == limit),
        MOST_DECIMALS,
    )
    return f"{MINUS if value < 0 else ''}{size:.{decimals}f}"


def balance_table(found: pd.DataFrame, *, limit: float) -> pd.DataFrame:
    """One row per characteristic: known in both groups, the difference, and whether it is large."""
    return pd.DataFrame(
        {
            "Characteristic": [characteristic_words(row) for _, row in found.iterrows()],
            "Known, with": found["n_first"].astype(str),
            "Known, without": found["n_second"].astype(str),
            "Standardised difference": [
                NOTHING if pd.isna(one) else difference_words(float(one), limit=limit)
                for one in found["difference"]
            ],
            "Differs": ["yes" if one else "" for one in found["is_imbalanced"].fillna(value=False)],
        }
    )


def balance_sentence(
    found: pd.DataFrame, *, n: tuple[int, int], words: tuple[str, str], limits: tuple[int, int]
) -> str:
    """Who is compared and how many characteristics differ; `limits`: least patients, per cent."""
    least, percent = limits
    said = f"{format_count(n[0], 'patient')} {words[0]}, {n[1]} {words[1]}."
    if not n[1]:
        return f"{said} Nobody to compare with."
    if min(n) < least:
        return f"{said} Not compared: a group has fewer than {least}."
    large = int(found["is_imbalanced"].fillna(value=False).sum())
    if not large:
        return f"{said} No characteristic differs by more than {percent / 100:g}."
    differ = f"{large} of {len(found)} characteristics differ by more than {percent / 100:g}"
    return f"{said} {differ}: not a random part."
