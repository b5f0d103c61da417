"""Counts and shares of patients as words: one limit and one way to write a per cent beside a count."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Share:
    """k of n with its interval as fractions; the limits are None where n is 0."""

    k: int
    n: int
    lower: float | None = None
    upper: float | None = None


def count_words(count: int, *, n: int, counts_only_below: int) -> str:
    """A count with its per cent of n, for instance 52 (28 %); the count alone in a small group and for zero.

    >>> [count_words(k, n=n, counts_only_below=25) for k, n in ((1, 400), (0, 40), (6, 22))]
    ['1 (< 1 %)', '0', '6']
    """
    if not count or n < counts_only_below:
        return str(count)
    percent = 100 * count / n
    return f"{count} (< 1 %)" if percent < 1 else f"{count} ({per_cent(count / n)} %)"


def per_cent(fraction: float) -> str:
    """A fraction in whole per cent, halves away from zero, the same on every page.

    >>> per_cent(0.125), per_cent(29 / 200), per_cent(0.004)
    ('13', '15', '0')
    """
    # 29 of 200 is 14.499999999999998 in binary: the last bits are no reason to round down.
    return str(int(round(100 * fraction, 9) + 0.5))
