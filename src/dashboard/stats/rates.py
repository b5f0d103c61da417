"""Exact interval of a rate."""

from dataclasses import dataclass

from scipy import stats

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class RateResult:
    """Events per unit of time with the limits; None where there is no time."""

    events: int
    time: float
    estimate: float | None
    lower: float | None
    upper: float | None


def rate_interval(events: int, time: float, *, per: float = 1.0, confidence: float = 0.95) -> RateResult:
    """Events by `per` units of time with the exact Poisson (Garwood) interval.

    Garwood 1936, Biometrika 28:437. R: `poisson.test(events, time)$conf.int`. Raises ValueError for fewer
    than 0 events, negative time, or a confidence outside (0, 1).
    """
    if events < 0 or time < 0:
        raise ValueError(f"events is {events} and time is {time}; allowed is 0 or more")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; allowed is a fraction between 0 and 1, such as 0.95")
    if time == 0:
        return RateResult(events=events, time=time, estimate=None, lower=None, upper=None)
    tail = (1 - confidence) / 2
    lower = float(stats.chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    upper = float(stats.chi2.isf(tail, 2 * (events + 1))) / 2
    return RateResult(
        events=events,
        time=time,
        estimate=per * events / time,
        lower=per * lower / time,
        upper=per * upper / time,
    )
