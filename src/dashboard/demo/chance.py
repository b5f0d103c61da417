"""Seeded draws. Quotas and evenly spread quantiles keep a small sample study close to its targets."""

from collections.abc import Mapping, Sequence
from math import exp
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.random import Generator

T = TypeVar("T")
_NORMAL = NormalDist()


def stream(*seed: int) -> Generator:
    """A stream of its own for this combination of seed, study and patient."""
    return np.random.default_rng(list(seed))


def pick(rng: Generator, shares: Mapping[T, float]) -> T:
    """One of the keys, with its share as probability."""
    point = rng.random() * sum(shares.values())
    for option, share in shares.items():
        point -= share
        if point < 0:
            return option
    return option


def one_of(rng: Generator, options: Sequence[T]) -> T:
    """One of the options, all equally likely."""
    return options[int(rng.integers(len(options)))]


def happens(rng: Generator, probability: float) -> bool:
    """True with this probability."""
    return bool(rng.random() < probability)


def between(rng: Generator, low: float, high: float) -> float:
    """Evenly between two bounds."""
    return float(low + (high - low) * rng.random())


def days_between(rng: Generator, low: int, high: int) -> int:
    """A whole number of days, both bounds included."""
    return int(rng.integers(low, high + 1))


def quota(rng: Generator, n: int, shares: Mapping[T, float]) -> list[T]:
    """n values in random order that match the shares as closely as whole numbers can."""
    total = sum(shares.values())
    exact = {option: n * share / total for option, share in shares.items()}
    counts = {option: int(share) for option, share in exact.items()}
    by_rest = sorted(exact, key=lambda option: counts[option] - exact[option])
    for option in by_rest[: n - sum(counts.values())]:
        counts[option] += 1
    values = [option for option, count in counts.items() for _ in range(count)]
    return [values[int(index)] for index in rng.permutation(n)]


def even(rng: Generator, n: int) -> list[float]:
    """n evenly spread probabilities (0, 1) in random order."""
    return [(int(index) + 0.5) / n for index in rng.permutation(n)]


def normal(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    return _NORMAL.inv_cdf(probability)


def lognormal(median: float, sigma: float, probability: float) -> float:
    """Quantile of a lognormal distribution, sigma of the natural logarithm."""
    return median * exp(sigma * normal(probability))
