"""Indicators of conduct by site as one table: counts, and marks where a site differs."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.tables.formats import MINUS, NOTHING

DAYS_PER_YEAR = 365.25
MARK, STRONG_MARK = 2.0, 3.0


def indicator_table(rows: pd.DataFrame, *, is_scored: bool) -> pd.DataFrame:
    """One row per site, one column per indicator: count, size, value, and the score where it is marked."""
    if rows.empty:
        return pd.DataFrame(columns=["Site"])
    said = rows.assign(said=[_said(row, is_scored=is_scored) for row in rows.to_dict("records")])
    wide = said.pivot_table(
        index="site", columns="indicator", values="said", aggfunc="first", fill_value=NOTHING
    )
    columns = list(dict.fromkeys(rows["indicator"]))
    return wide[columns].rename_axis(columns=None).rename_axis("Site").reset_index()


def _said(row: Mapping[Any, Any], *, is_scored: bool) -> str:
    if row["kind"] == "share":
        counted = f"{int(row['events'])} of {int(row['size'])}"
    else:
        years = row["size"] / DAYS_PER_YEAR
        counted = f"{int(row['events'])} in {years:.1f} years ({row['value']:.2f} a year)"
    return f"{counted}{score_words(row['score'])}" if is_scored else counted


def score_words(score: float | None) -> str:
    """The score where it lies beyond the limits: ▲ higher, ▼ lower, twice beyond 3; else nothing."""
    if score is None or math.isnan(score) or abs(score) <= MARK:
        return ""
    sign = "▲" if score > 0 else "▼"
    number = f"{MINUS if score < 0 else '+'}{abs(score):.1f}"
    return f" {sign * (2 if abs(score) > STRONG_MARK else 1)} {number}"


def score_caption(n_sites: int, *, fewest: int, is_all_sites: bool, is_scored: bool) -> str:
    """What the marks mean, or why there are none."""
    if is_scored:
        return "▲ ▼: score beyond 2, twice beyond 3. A score says that a site differs, not why."
    if not is_all_sites:
        return "No scores: they compare all sites with each other. Counts only."
    sites = "1 site" if n_sites == 1 else f"{n_sites} sites"
    return f"No scores: they need at least {fewest} sites, this study has {sites}. Counts only."
