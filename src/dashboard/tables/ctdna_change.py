"""Change of the ctDNA level between two draws of one series: when a ratio may be stated, and how it reads."""

from typing import NamedTuple

from dashboard.tables.formats import format_figures, format_signed_percent, half_up

# From a level below so many times its LoD no ratio is stated (clinical-rules 8.4).
LEAST_TIMES_LOD = 2
# From here on a change has no decimal: +1250 %.
LARGE_PERCENT = 1000
ALL_PERCENT = 100
# A level of one part per million after one of 100 % is −99.9999 %.
MOST_DECIMALS = 4


class Level(NamedTuple):
    """A level as the marts keep it, `value_sum` over `n` values; no number where either is missing or 0."""

    value_sum: float | None
    n: int | None


def change_percent(before: Level, now: Level, *, lod_ppm: float | None) -> float | None:
    """Change from `before`, in per cent of it; None where one has no number or `before` is near its limit.

    `lod_ppm` is the limit of detection of `before` where its values are allele fractions (parts per million),
    and None for every other quantity. It is compared with the sum, so that no division rounds it.
    """
    if not (before.value_sum and before.n and now.value_sum and now.n):
        return None
    if lod_ppm is not None and before.value_sum < LEAST_TIMES_LOD * lod_ppm * before.n:
        return None
    return (float(now.value_sum) * before.n / (now.n * float(before.value_sum)) - 1) * 100


def times_words(percent: float) -> str:
    """A rise as a multiple of the level it starts from, for instance ×3.1."""
    return f"×{format_figures(1 + percent / 100, digits=2)}"


def percent_words(percent: float) -> str:
    """The change with its sign, for instance −98.3 % or +1250 %; never −100 %, as it is detected."""
    return f"{_signed(percent, decimals=1 if abs(percent) < LARGE_PERCENT else 0)} %"


def fall_words(percent: float) -> str:
    """A fall in whole per cent, for instance −61 %; with as many decimals as part it from −100 %."""
    return f"{_signed(percent, decimals=0)} %"


def _signed(percent: float, *, decimals: int) -> str:
    while decimals < MOST_DECIMALS and half_up(percent, places=decimals) == -ALL_PERCENT:
        decimals += 1
    return format_signed_percent(percent, decimals=decimals)
