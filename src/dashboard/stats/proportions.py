"""Exact interval of a proportion."""

from dataclasses import dataclass

from scipy.special import betainccinv, betaincinv


@dataclass(frozen=True, kw_only=True)
class ProportionResult:
    """k of n as a fraction with its limits; None where n is 0."""

    k: int
    n: int
    estimate: float | None
    lower: float | None
    upper: float | None


def proportion_interval(k: int, n: int, *, confidence: float = 0.95) -> ProportionResult:
    """The share k of n with its exact (Clopper-Pearson) interval, all as fractions.

    Clopper and Pearson 1934, Biometrika 26:404. R: `binom.test(k, n)$conf.int`. Raises ValueError unless
    0 <= k <= n and confidence lies between 0 and 1.
    """
    if not 0 <= k <= n:
        raise ValueError(f"k is {k} and n is {n}; allowed is 0 <= k <= n")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; allowed is a fraction between 0 and 1, such as 0.95")
    if n == 0:
        return ProportionResult(k=k, n=n, estimate=None, lower=None, upper=None)
    tail = (1 - confidence) / 2
    return ProportionResult(
        k=k,
        n=n,
        estimate=k / n,
        lower=float(betaincinv(k, n - k + 1, tail)) if k > 0 else 0.0,
        upper=float(betainccinv(k + 1, n - k, tail)) if k < n else 1.0,
    )
